-- What holds or moves health data.
CREATE TABLE asset (
  id TEXT PRIMARY KEY, -- plain: random id
  kind TEXT NOT NULL, -- plain: code of what it is
  state TEXT NOT NULL, -- plain: here or gone
  words BYTEA NOT NULL, -- sealed: name, place, holder, data and protection as JSON, kept six years
  reviewed_at BIGINT NOT NULL, -- plain: when somebody last said that this is right, Unix milliseconds
  version BIGINT NOT NULL -- plain: counts changes
);
-- The ways health data takes between them.
CREATE TABLE flow (
  id TEXT PRIMARY KEY, -- plain: random id
  from_asset TEXT NOT NULL REFERENCES asset (id), -- plain: random id
  to_asset TEXT NOT NULL REFERENCES asset (id), -- plain: random id
  state TEXT NOT NULL, -- plain: here or gone
  words BYTEA NOT NULL, -- sealed: what moves and how it is protected as JSON, kept six years
  reviewed_at BIGINT NOT NULL, -- plain: Unix milliseconds
  version BIGINT NOT NULL -- plain: counts changes
);
