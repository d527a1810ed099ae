CREATE TABLE provider_login (
  subject_index BYTEA PRIMARY KEY, -- blind: the provider's name and what it calls this person
  person TEXT NOT NULL UNIQUE REFERENCES person (id), -- plain: whom it lets in
  made_at BIGINT NOT NULL, -- plain: connected at, Unix milliseconds
  used_at BIGINT -- plain: when it last signed in, Unix milliseconds
);
