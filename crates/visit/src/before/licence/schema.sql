-- The host goes on although no licence covers the state. Rows are added, never changed.
CREATE TABLE licence_override (
  id TEXT PRIMARY KEY, -- plain: random id
  patient TEXT NOT NULL, -- plain: random id of the patient
  visit TEXT NOT NULL REFERENCES visit (id), -- plain: random id
  state TEXT NOT NULL, -- plain: postal code of the state it was decided for, no smaller place
  clinician TEXT NOT NULL, -- plain: random id of the account that hosted then
  reason BYTEA NOT NULL, -- sealed: why, kept as long as the chart
  by_person TEXT NOT NULL, -- plain: random id of the account that decided
  at BIGINT NOT NULL -- plain: Unix milliseconds
);
CREATE INDEX licence_override_by_visit ON licence_override (visit);
