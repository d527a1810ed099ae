-- What changed and asks for a fresh look at answers of the analysis.
CREATE TABLE review_request (
  id TEXT PRIMARY KEY, -- plain: random id
  trigger_code TEXT NOT NULL, -- plain: code of what changed
  state TEXT NOT NULL, -- plain: waiting until an analysis is open, then applied
  words BYTEA NOT NULL, -- sealed: the reason as JSON, kept six years and more
  asked_at BIGINT NOT NULL, -- plain: Unix milliseconds
  version BIGINT NOT NULL -- plain: counts changes
);
CREATE INDEX review_request_state ON review_request (state, asked_at);
-- One row: whose accounts were active when the program last compared.
CREATE TABLE roster (
  id TEXT PRIMARY KEY, -- plain: always 'practice'
  accounts TEXT NOT NULL, -- plain: random ids separated by spaces
  at BIGINT NOT NULL -- plain: Unix milliseconds
);
