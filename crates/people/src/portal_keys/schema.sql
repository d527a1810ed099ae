-- How a patient signs in to the portal, and the links that lead there.
CREATE TABLE portal_passkey (
  id TEXT PRIMARY KEY, -- plain: random id
  patient TEXT NOT NULL REFERENCES patient (id), -- plain: whose
  credential_index BYTEA NOT NULL, -- blind: the credential's own id
  record BYTEA NOT NULL, -- sealed: public key and counters, kept with the chart
  made_at BIGINT NOT NULL, -- plain: Unix milliseconds
  used_at BIGINT, -- plain: when it last signed in, Unix milliseconds
  removed_at BIGINT, -- plain: signs nobody in from then on, Unix milliseconds
  version BIGINT NOT NULL -- plain: counts changes
);
CREATE UNIQUE INDEX portal_passkey_credential ON portal_passkey (credential_index);
CREATE INDEX portal_passkey_patient ON portal_passkey (patient);
CREATE TABLE portal_link (
  id TEXT PRIMARY KEY, -- plain: random id
  patient TEXT REFERENCES patient (id), -- plain: whose; nobody's until the desk has said whose
  secret_index BYTEA NOT NULL, -- blind: the secret of a mailed link, or of the browser that asked for help
  code_index BYTEA, -- blind: what that browser shows, to be read out at the desk
  tries BIGINT NOT NULL, -- plain: wrong birth dates so far
  issued_at BIGINT NOT NULL, -- plain: Unix milliseconds
  expires_at BIGINT NOT NULL, -- plain: opens nothing from this moment on, Unix milliseconds
  over_at BIGINT -- plain: used, replaced or locked at, Unix milliseconds
);
CREATE UNIQUE INDEX portal_link_secret ON portal_link (secret_index);
CREATE INDEX portal_link_patient ON portal_link (patient);
