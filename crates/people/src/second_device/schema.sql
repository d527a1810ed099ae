-- An invitation goes on on another device: what the picture and the short code on the first one open.
CREATE TABLE second_device (
  id TEXT PRIMARY KEY, -- plain: random id
  invitation TEXT NOT NULL REFERENCES invitation (id), -- plain: random id
  from_session TEXT NOT NULL, -- plain: random id of the session on the first device
  secret_index BYTEA NOT NULL, -- blind: the secret of the picture, which is kept nowhere
  tries BIGINT NOT NULL, -- plain: wrong short codes so far
  issued_at BIGINT NOT NULL, -- plain: Unix milliseconds
  expires_at BIGINT NOT NULL, -- plain: opens nothing from this moment on, Unix milliseconds
  over_at BIGINT, -- plain: used, replaced or tried too often at, Unix milliseconds
  taken BIGINT NOT NULL -- plain: 1 once the other device went on
);
CREATE UNIQUE INDEX second_device_secret ON second_device (secret_index);
CREATE INDEX second_device_session ON second_device (from_session);
