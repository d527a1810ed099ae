-- Rows are added, never changed: a later evaluation corrects an earlier one.
CREATE TABLE evaluation (
  id TEXT PRIMARY KEY, -- plain: random id
  number BIGINT NOT NULL, -- plain: how people name it, counted from 1
  scope TEXT NOT NULL, -- plain: technical, nontechnical or both
  occasion TEXT NOT NULL, -- plain: periodic or change
  evaluated_at BIGINT NOT NULL, -- plain: the day it was done, Unix milliseconds
  next_due BIGINT NOT NULL, -- plain: the day of the next one, Unix milliseconds
  words BYTEA NOT NULL, -- sealed: what, by whom, findings and what follows as JSON, kept six years and more
  recorded_by TEXT NOT NULL, -- plain: random id of the official
  recorded_at BIGINT NOT NULL, -- plain: Unix milliseconds
  version BIGINT NOT NULL -- plain: always 1
);
CREATE UNIQUE INDEX evaluation_number ON evaluation (number);
