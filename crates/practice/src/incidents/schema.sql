-- What somebody who works here reported. The work on it and the clocks of a breach come with breach cases.
CREATE TABLE incident (
  id TEXT PRIMARY KEY, -- plain: random id
  number BIGINT NOT NULL, -- plain: how people name it, counted from 1
  kind TEXT NOT NULL, -- plain: code of what went wrong
  state TEXT NOT NULL, -- plain: new or closed
  words BYTEA NOT NULL, -- sealed: what happened and how it was closed as JSON, kept six years and more
  reported_by TEXT NOT NULL, -- plain: random id of the account
  reported_at BIGINT NOT NULL, -- plain: Unix milliseconds
  closed_by TEXT, -- plain: random id of the account
  closed_at BIGINT, -- plain: Unix milliseconds
  version BIGINT NOT NULL -- plain: counts changes
);
CREATE UNIQUE INDEX incident_number ON incident (number);
