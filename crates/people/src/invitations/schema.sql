CREATE TABLE invitation (
  id TEXT PRIMARY KEY, -- plain: random id
  secret_index BYTEA NOT NULL, -- blind: the secret of the link, which is kept nowhere
  purpose TEXT NOT NULL, -- plain: visit or portal
  door TEXT NOT NULL, -- plain: random number in the addresses and the cookie name of this invitation
  visit TEXT NOT NULL, -- plain: random id
  participant TEXT NOT NULL, -- plain: random id
  patient TEXT NOT NULL REFERENCES patient (id), -- plain: random id
  entry_code BYTEA, -- blind: the code told by phone, with this row's id; for guests without a birth date on file
  lang TEXT, -- plain: language of a guest who is not the patient
  state TEXT NOT NULL, -- plain: issued, opened, proven, locked or withdrawn
  tries BIGINT NOT NULL, -- plain: wrong second facts so far
  issued_at BIGINT NOT NULL, -- plain: Unix milliseconds
  expires_at BIGINT NOT NULL, -- plain: opens nothing from this moment on, Unix milliseconds
  opened_session TEXT, -- plain: the newest session of the one device this invitation is bound to
  version BIGINT NOT NULL -- plain: counts changes
);
CREATE UNIQUE INDEX invitation_secret ON invitation (secret_index);
CREATE UNIQUE INDEX invitation_door ON invitation (door);
CREATE INDEX invitation_participant ON invitation (participant);
