CREATE TABLE analysis (
  id TEXT PRIMARY KEY, -- plain: random id
  number BIGINT NOT NULL, -- plain: 1 for the first analysis of the practice, and so on
  state TEXT NOT NULL, -- plain: draft or signed
  words BYTEA NOT NULL, -- sealed: scope, data flows and documentation as JSON, kept six years and more
  review_due BIGINT, -- plain: when the next review is due, Unix milliseconds
  started_at BIGINT NOT NULL, -- plain: Unix milliseconds
  signed_at BIGINT, -- plain: Unix milliseconds
  signed_by TEXT, -- plain: random id of the official who signed
  report TEXT, -- plain: random id of the file that holds the frozen report
  report_sha256 TEXT, -- plain: SHA-256 of the frozen report, hexadecimal
  version BIGINT NOT NULL -- plain: counts changes
);
CREATE UNIQUE INDEX analysis_number ON analysis (number);

CREATE TABLE answer (
  id TEXT PRIMARY KEY, -- plain: random id
  analysis TEXT NOT NULL REFERENCES analysis (id), -- plain: random id
  question TEXT NOT NULL, -- plain: id of a question of the bank
  choice TEXT, -- plain: code of the choice; none while only asked or flagged
  state TEXT NOT NULL, -- plain: answered or reopened
  reopened_by TEXT, -- plain: code of the change that made it stale
  flagged BIGINT NOT NULL, -- plain: 1 when somebody wants to come back to it
  asked_of TEXT, -- plain: random id of the colleague it was passed on to
  due_at BIGINT, -- plain: Unix milliseconds
  words BYTEA NOT NULL, -- sealed: note, evidence and its date as JSON, kept six years and more
  answered_by TEXT, -- plain: random id of the person
  answered_at BIGINT, -- plain: Unix milliseconds
  version BIGINT NOT NULL -- plain: counts changes
);
CREATE UNIQUE INDEX answer_question ON answer (analysis, question);
CREATE INDEX answer_asked_of ON answer (asked_of);

CREATE TABLE risk (
  id TEXT PRIMARY KEY, -- plain: random id
  number BIGINT NOT NULL, -- plain: how people name it, counted from 1
  threat TEXT NOT NULL, -- plain: id of a threat of the bank
  vulnerability TEXT NOT NULL, -- plain: id of a weak spot of the bank
  came_from TEXT NOT NULL, -- plain: question and its id, finding and its kind, or own
  state TEXT NOT NULL, -- plain: open, treated, accepted or closed
  likelihood TEXT, -- plain: level
  impact TEXT, -- plain: level
  level_override TEXT, -- plain: level, when it is not the table's
  treatment TEXT, -- plain: reduce, accept, avoid or transfer
  owner TEXT, -- plain: random id of the person who does the work
  due_at BIGINT, -- plain: Unix milliseconds
  residual TEXT, -- plain: level left after the work
  words BYTEA NOT NULL, -- sealed: what could happen, reasons, plan, evidence, acceptance as JSON, six years
  accepted_by TEXT, -- plain: random id of the official who signed the acceptance
  accepted_at BIGINT, -- plain: Unix milliseconds
  closed_by TEXT, -- plain: random id of the person who verified and closed it
  closed_at BIGINT, -- plain: Unix milliseconds
  created_at BIGINT NOT NULL, -- plain: Unix milliseconds
  version BIGINT NOT NULL -- plain: counts changes
);
CREATE UNIQUE INDEX risk_number ON risk (number);
CREATE INDEX risk_state ON risk (state, number);
