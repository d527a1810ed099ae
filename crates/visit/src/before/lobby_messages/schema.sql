-- How late a clinician runs today. One row each; another day's row says nothing.
CREATE TABLE lateness (
  clinician TEXT PRIMARY KEY, -- plain: random id of the account
  day TEXT NOT NULL, -- plain: 2026-11-21, in the practice's time zone
  minutes BIGINT NOT NULL, -- plain: how late
  said_by TEXT NOT NULL, -- plain: random id of the account
  said_at BIGINT NOT NULL -- plain: Unix milliseconds
);
-- What was said to and from the lobby of a visit. Rows are added, never changed.
CREATE TABLE lobby_message (
  id TEXT PRIMARY KEY, -- plain: random id
  visit TEXT NOT NULL REFERENCES visit (id), -- plain: random id
  patient TEXT NOT NULL, -- plain: random id of the patient whose visit it is
  participant TEXT, -- plain: random id of who waits and wrote it, none for words of the practice
  person TEXT, -- plain: random id of the account that wrote it, none for words from the lobby
  body BYTEA NOT NULL, -- sealed: the words, kept as long as the chart
  at BIGINT NOT NULL -- plain: Unix milliseconds
);
CREATE INDEX lobby_message_by_visit ON lobby_message (visit, at);
