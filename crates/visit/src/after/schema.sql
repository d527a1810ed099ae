-- What the care team wrote for the patient after a visit.
CREATE TABLE summary (
  id TEXT PRIMARY KEY, -- plain: random id
  visit TEXT NOT NULL UNIQUE REFERENCES visit (id), -- plain: random id
  patient TEXT NOT NULL, -- plain: random id
  author TEXT, -- plain: random id of the account, none for the program
  body BYTEA NOT NULL, -- sealed: the words for the patient, kept as long as the chart
  lang TEXT NOT NULL, -- plain: language it is written in
  at BIGINT NOT NULL, -- plain: Unix milliseconds
  version BIGINT NOT NULL -- plain: counts changes
);
CREATE INDEX summary_by_patient ON summary (patient, at);
-- Two questions after a visit. Not part of the chart: nothing that shows or exports a chart reads this table.
CREATE TABLE survey (
  id TEXT PRIMARY KEY, -- plain: random id
  visit TEXT NOT NULL UNIQUE REFERENCES visit (id), -- plain: random id
  patient TEXT NOT NULL, -- plain: random id, for the key alone
  comfort BYTEA NOT NULL, -- sealed: 1 to 5, kept two years
  privacy BYTEA NOT NULL, -- sealed: 1 to 5, kept two years
  words BYTEA, -- sealed: the patient's own words, kept two years
  at BIGINT NOT NULL -- plain: Unix milliseconds
);
