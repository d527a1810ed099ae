-- By which right somebody interprets at a visit: as an entry of the register, or by one of the exceptions.
CREATE TABLE interpreting (
  id TEXT PRIMARY KEY, -- plain: random id
  visit TEXT NOT NULL REFERENCES visit (id), -- plain: random id
  patient TEXT NOT NULL, -- plain: random id of the patient whose visit it is
  participant TEXT REFERENCES participant (id), -- plain: random id, none for whoever sits beside the patient
  interpreter TEXT, -- plain: random id of the entry of the register, none for somebody else
  words BYTEA NOT NULL, -- sealed: JSON of language, agency's number, and all of an exception, kept as long as the chart
  by_person TEXT NOT NULL, -- plain: random id of the account that booked or decided
  at BIGINT NOT NULL, -- plain: Unix milliseconds
  ended_at BIGINT -- plain: when an exception ended
);
CREATE INDEX interpreting_by_visit ON interpreting (visit);
CREATE INDEX interpreting_by_interpreter ON interpreting (interpreter);
