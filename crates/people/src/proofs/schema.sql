CREATE TABLE login (
  person TEXT PRIMARY KEY REFERENCES person (id), -- plain: whose
  name_index BYTEA NOT NULL, -- blind: the mail address that is typed to sign in
  email BYTEA NOT NULL, -- sealed: the same address, for letters to this person
  password BYTEA, -- sealed: salted Argon2id hash, absent without a password
  code_key BYTEA, -- sealed: key of the code app, absent without one
  code_step BIGINT NOT NULL, -- plain: the newest 30 seconds whose code was used
  version BIGINT NOT NULL -- plain: counts changes
);
CREATE UNIQUE INDEX login_name ON login (name_index);
CREATE TABLE passkey (
  id TEXT PRIMARY KEY, -- plain: random id
  person TEXT NOT NULL REFERENCES person (id), -- plain: whose
  credential_index BYTEA NOT NULL, -- blind: the credential's own id
  record BYTEA NOT NULL, -- sealed: public key and counters
  made_at BIGINT NOT NULL, -- plain: Unix milliseconds
  used_at BIGINT, -- plain: when it last signed in, Unix milliseconds
  removed_at BIGINT, -- plain: signs nobody in from then on, Unix milliseconds
  version BIGINT NOT NULL -- plain: counts changes
);
CREATE UNIQUE INDEX passkey_credential ON passkey (credential_index);
CREATE INDEX passkey_person ON passkey (person);
CREATE TABLE saved_code (
  code_index BYTEA PRIMARY KEY, -- blind: person and code; the code is kept nowhere
  person TEXT NOT NULL REFERENCES person (id), -- plain: whose
  made_at BIGINT NOT NULL, -- plain: Unix milliseconds
  used_at BIGINT -- plain: spent at, Unix milliseconds
);
CREATE INDEX saved_code_person ON saved_code (person);
CREATE TABLE known_browser (
  browser_index BYTEA PRIMARY KEY, -- blind: the browser's cookie and the person who signed in there
  person TEXT NOT NULL REFERENCES person (id), -- plain: whose
  first_seen_at BIGINT NOT NULL -- plain: Unix milliseconds
);
CREATE INDEX known_browser_person ON known_browser (person);
