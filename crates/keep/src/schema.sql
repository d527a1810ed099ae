-- The trail: one row per act. Leaves are appended, never changed: the engine refuses, and the signed root proves it.
CREATE TABLE trail_leaf ( -- append-only
  idx BIGINT PRIMARY KEY, -- plain: position in the Merkle tree, kept as long as the trail
  at BIGINT NOT NULL, -- plain: when, Unix milliseconds
  owner TEXT NOT NULL, -- plain: 'practice' or the random id of the patient whose trail key seals the body
  body BYTEA NOT NULL, -- sealed: who did what to what and how it ended, under the owner's trail key
  touched BYTEA NOT NULL, -- plain: hashes of the sealed values and rows this act wrote, with their places
  said BYTEA NOT NULL, -- plain: hash of the body in the clear, which holds 128 random bits
  hash BYTEA NOT NULL -- plain: RFC 6962 leaf hash over everything above
);
CREATE INDEX trail_leaf_owner ON trail_leaf (owner, idx);
-- One row: the newest signed checkpoint, renewed by every commit.
CREATE TABLE trail_head (
  id TEXT PRIMARY KEY, -- plain: always 'head'
  epoch BIGINT NOT NULL, -- plain: which log this is; a restore opens the next
  size BIGINT NOT NULL, -- plain: number of leaves
  at BIGINT NOT NULL, -- plain: when it was signed, Unix milliseconds
  frontier BYTEA NOT NULL, -- plain: roots of the full subtrees, from left to right
  root BYTEA NOT NULL, -- plain: RFC 6962 tree head
  signature BYTEA NOT NULL -- plain: Ed25519 over the checkpoint text
);
CREATE TABLE settings (
  id TEXT PRIMARY KEY, -- plain: always 'practice'
  house_rules TEXT NOT NULL, -- plain: JSON of the house rules
  face TEXT NOT NULL, -- plain: JSON of name, phone, zone and origin of the practice
  opening BIGINT NOT NULL, -- plain: 1 while the practice is being set up
  changed_at BIGINT NOT NULL -- plain: Unix milliseconds
);
-- Letters that wait, went out or failed for good.
CREATE TABLE outbox (
  id TEXT PRIMARY KEY, -- plain: random id
  owner TEXT NOT NULL, -- plain: whose key seals the letter: 'practice' or a patient's random id
  channel TEXT NOT NULL, -- plain: mail or sms
  letter BYTEA NOT NULL, -- sealed: address and words, emptied when the letter has gone out
  state TEXT NOT NULL, -- plain: waiting, sent or failed
  attempts BIGINT NOT NULL, -- plain: tries so far
  due_at BIGINT NOT NULL, -- plain: not before this, Unix milliseconds
  made_at BIGINT NOT NULL, -- plain: Unix milliseconds
  ended_at BIGINT, -- plain: when it was sent or given up
  problem TEXT -- plain: code of the last failure, never an address or a server's words
);
CREATE INDEX outbox_due ON outbox (state, due_at);
-- Files lie in the folder `files/`, encrypted; this row holds the key.
CREATE TABLE file (
  id TEXT PRIMARY KEY, -- plain: random id
  owner TEXT NOT NULL, -- plain: 'practice' or a patient's random id
  kind TEXT NOT NULL, -- plain: what the code calls this kind of file
  name TEXT NOT NULL, -- plain: random name in the folder
  bytes BIGINT NOT NULL, -- plain: size before encryption
  file_key BYTEA NOT NULL, -- sealed: the key of this file alone
  made_at BIGINT NOT NULL -- plain: Unix milliseconds
);
-- Orders to destroy a patient's keys. An order is carried out after a crash too; what it did is certified.
CREATE TABLE shredding (
  owner TEXT PRIMARY KEY, -- plain: whose: the random id of a patient
  ordered_at BIGINT NOT NULL, -- plain: Unix milliseconds
  done_at BIGINT, -- plain: Unix milliseconds
  statement BYTEA NOT NULL -- sealed: what was ordered, by whom and why, under the practice's key
);
