CREATE TABLE session (
  id TEXT PRIMARY KEY, -- plain: random id
  token_index BYTEA NOT NULL, -- blind: the cookie's token, which is kept nowhere
  kind TEXT NOT NULL, -- plain: staff, guest, patient or representative
  person TEXT REFERENCES person (id), -- plain: whose, for staff
  door TEXT, -- plain: which invitation's cookie, for guests
  participant TEXT, -- plain: whose, for guests
  visit TEXT, -- plain: for which visit, for guests
  patient TEXT REFERENCES patient (id), -- plain: whose, for patients and guests
  known BIGINT NOT NULL, -- plain: 1 once the second fact was proven
  how TEXT NOT NULL, -- plain: by which proof it began, such as passkey or password
  proved_at BIGINT, -- plain: the newest proof of who it is, for staff, Unix milliseconds
  created_at BIGINT NOT NULL, -- plain: Unix milliseconds
  last_seen_at BIGINT NOT NULL, -- state: Unix milliseconds, to the minute
  ends_at BIGINT NOT NULL, -- plain: over at this moment in any case, Unix milliseconds
  ended_at BIGINT -- plain: when it was ended before its time, Unix milliseconds
);
CREATE UNIQUE INDEX session_token ON session (token_index);
CREATE INDEX session_person ON session (person, ended_at);
CREATE INDEX session_patient ON session (patient, ended_at);
