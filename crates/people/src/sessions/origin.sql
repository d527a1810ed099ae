CREATE TABLE session_origin (
  session TEXT PRIMARY KEY REFERENCES session (id), -- plain: which way in
  place BYTEA NOT NULL, -- sealed: the address and the browser it began from
  version BIGINT NOT NULL -- plain: counts changes
);
