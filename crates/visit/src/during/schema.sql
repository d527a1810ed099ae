-- The way back into lobby or room after a reload or a restart: one per participant, the newest page's.
CREATE TABLE resume (
  participant TEXT PRIMARY KEY REFERENCES participant (id), -- plain: random id
  token_index BYTEA NOT NULL, -- blind: the page's token, which is kept nowhere
  visit TEXT NOT NULL REFERENCES visit (id), -- plain: random id
  session TEXT NOT NULL, -- plain: random id of the session that opened the page
  lang TEXT NOT NULL, -- plain: language of the page
  created_at BIGINT NOT NULL -- plain: Unix milliseconds
);
CREATE UNIQUE INDEX resume_by_token ON resume (token_index);
