CREATE TABLE enrolment (
  id TEXT PRIMARY KEY, -- plain: random id
  person TEXT NOT NULL REFERENCES person (id), -- plain: who sets up how they sign in
  secret_index BYTEA NOT NULL, -- blind: the secret of the link, which is kept nowhere
  purpose TEXT NOT NULL, -- plain: join, recover or saved_code
  issued_at BIGINT NOT NULL, -- plain: Unix milliseconds
  opens_at BIGINT NOT NULL, -- plain: opens nothing before, Unix milliseconds
  expires_at BIGINT NOT NULL, -- plain: opens nothing from this moment on, Unix milliseconds
  over_at BIGINT -- plain: used, replaced or taken back at, Unix milliseconds
);
CREATE UNIQUE INDEX enrolment_secret ON enrolment (secret_index);
CREATE INDEX enrolment_person ON enrolment (person);
