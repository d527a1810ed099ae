-- A qualified person has read a translation of a critical text. Rows are added; taking it back fills one column.
CREATE TABLE text_approval (
  id TEXT PRIMARY KEY, -- plain: random id
  text_code TEXT NOT NULL, -- plain: name of the text
  text_version TEXT NOT NULL, -- plain: version of the text
  lang TEXT NOT NULL, -- plain: language of the translation
  text_hash BYTEA NOT NULL, -- plain: SHA-256 of exactly the words that were read
  words BYTEA NOT NULL, -- sealed: JSON of who read it and by which qualification, kept six years
  by_person TEXT, -- plain: random id of the account that wrote it down, none for the program
  at BIGINT NOT NULL, -- plain: Unix milliseconds
  withdrawn_at BIGINT -- plain: when it was taken back
);
CREATE INDEX text_approval_by_text ON text_approval (text_code, lang);
