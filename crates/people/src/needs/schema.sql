-- What a patient needs to understand and be understood. Rows are added, the newest counts.
CREATE TABLE need (
  id TEXT PRIMARY KEY, -- plain: random id
  patient TEXT NOT NULL, -- plain: random id
  words BYTEA NOT NULL, -- sealed: JSON of language, interpreter and aids, kept as long as the chart
  by_person TEXT, -- plain: random id of the account that wrote it down, none for the program
  at BIGINT NOT NULL -- plain: Unix milliseconds
);
CREATE INDEX need_by_patient ON need (patient, at);
