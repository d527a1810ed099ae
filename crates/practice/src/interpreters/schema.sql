-- Who may interpret, and by which qualification (45 CFR 92.4, 92.201(c)). Entries end, they are not deleted.
CREATE TABLE interpreter (
  id TEXT PRIMARY KEY, -- plain: random id
  tongues TEXT NOT NULL, -- plain: codes of the languages spoken or signed, separated by spaces
  basis TEXT NOT NULL, -- plain: code of the qualification
  basis_ends_at BIGINT, -- plain: first moment it counts no more, none when it does not end
  terms_at BIGINT NOT NULL, -- plain: day the confidentiality terms were signed, Unix milliseconds
  vendor TEXT, -- plain: random id of the agency's vendor record, none for staff of the practice
  code_index BYTEA NOT NULL, -- blind: the code that opens their list of jobs, told once
  words BYTEA NOT NULL, -- sealed: name, address, proof of the qualification and agency as JSON, kept six years
  entered_by TEXT NOT NULL, -- plain: random id of the account
  entered_at BIGINT NOT NULL, -- plain: Unix milliseconds
  ended_at BIGINT, -- plain: when they were taken out of the register
  version BIGINT NOT NULL -- plain: counts changes
);
CREATE UNIQUE INDEX interpreter_code ON interpreter (code_index);
