-- The months of the trail that somebody read and signed. A month without a row waits.
CREATE TABLE trail_review (
  id TEXT PRIMARY KEY, -- plain: random id
  period TEXT NOT NULL UNIQUE, -- plain: year and month
  reviewer TEXT NOT NULL, -- plain: random id of the official who read it
  words BYTEA NOT NULL, -- sealed: what was found and the counts of that day as JSON, kept six years and more
  closed_at BIGINT NOT NULL -- plain: Unix milliseconds
);
