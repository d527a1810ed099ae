-- The keys live in a database file of their own with backups of their own: otherwise a shredded key would come
-- back with the next restore of the data.
CREATE TABLE vault_installation (
  id TEXT PRIMARY KEY, -- plain: always 'this'
  installation BYTEA NOT NULL, -- plain: random id that every sealed value is bound to
  made_at BIGINT NOT NULL -- plain: Unix milliseconds
);
CREATE TABLE vault_key (
  id TEXT PRIMARY KEY, -- plain: random id that envelopes name
  purpose TEXT NOT NULL, -- plain: wrap, blind, sign, data or trail
  owner TEXT NOT NULL, -- plain: 'practice' or a patient's random id
  wrapped BYTEA NOT NULL, -- sealed: the key; the wrap key under the root key, all others under the wrap key
  made_at BIGINT NOT NULL -- plain: Unix milliseconds
);
CREATE INDEX vault_key_owner ON vault_key (owner, purpose, made_at);
