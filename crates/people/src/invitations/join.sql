-- A short code to type in the place of a link, for paper and phone.
CREATE TABLE join_code (
  id TEXT PRIMARY KEY, -- plain: random id
  code_index BYTEA NOT NULL, -- blind: the code as it is typed
  invitation TEXT NOT NULL REFERENCES invitation (id), -- plain: random id; it opens what this opens, as long
  made_at BIGINT NOT NULL -- plain: Unix milliseconds
);
CREATE UNIQUE INDEX join_code_index ON join_code (code_index);
