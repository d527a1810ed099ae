-- Decisions on the addressable specifications. Rows are added, never changed: the newest counts.
CREATE TABLE safeguard_decision (
  id TEXT PRIMARY KEY, -- plain: random id
  specification TEXT NOT NULL, -- plain: id of a specification
  number BIGINT NOT NULL, -- plain: counts the decisions on it
  decision TEXT NOT NULL, -- plain: done, equivalent or not-reasonable
  words BYTEA NOT NULL, -- sealed: how, and the reasons, as JSON, kept six years and more
  decided_by TEXT NOT NULL, -- plain: random id of the official
  decided_at BIGINT NOT NULL, -- plain: Unix milliseconds
  version BIGINT NOT NULL -- plain: always 1
);
CREATE UNIQUE INDEX safeguard_decision_number ON safeguard_decision (specification, number);
