-- What staff say about the platform and the policies. No column names who said it.
CREATE TABLE insight (
  id TEXT PRIMARY KEY, -- plain: random id
  words BYTEA NOT NULL, -- sealed: two scores, a subject and own words as JSON, kept six years
  at BIGINT NOT NULL, -- plain: Unix milliseconds, the first moment of the month
  version BIGINT NOT NULL -- plain: counts changes
);
CREATE INDEX insight_at ON insight (at);
