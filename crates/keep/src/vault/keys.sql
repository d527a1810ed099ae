-- The keys live in a database file of their own with backups of their own: otherwise a shredded key would come
-- back with the next restore of the data.
CREATE TABLE vault_installation (
  id TEXT PRIMARY KEY, -- plain: always 'this'
  installation BYTEA NOT NULL, -- plain: random id that every sealed value is bound to
  made_at BIGINT NOT NULL -- plain: Unix milliseconds
);
CREATE TABLE vault_key (
  id TEXT NOT NULL, -- plain: random id that envelopes name
  purpose TEXT NOT NULL, -- plain: wrap, blind, sign, data or trail
  owner TEXT NOT NULL, -- plain: 'practice' or a patient's random id
  nth BIGINT NOT NULL, -- plain: counts the keys of this owner and purpose; the last one seals
  under TEXT NOT NULL, -- plain: which key wraps it: the root key the wrap key, the wrap key all others
  wrapped BYTEA NOT NULL, -- sealed: the key
  made_at BIGINT NOT NULL, -- plain: Unix milliseconds
  PRIMARY KEY (id, under)
);
-- Whose keys are gone for good. Without the mark a shredded value would look like a damaged one.
CREATE TABLE vault_shredded (
  owner TEXT PRIMARY KEY, -- plain: a patient's random id
  at BIGINT NOT NULL -- plain: Unix milliseconds
);
