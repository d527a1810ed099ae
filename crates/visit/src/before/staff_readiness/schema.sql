-- What somebody of the staff found of their own devices, room and place, before the visits of a day. Rows are
-- added, never changed; nothing here is about a patient.
CREATE TABLE own_readiness (
  id TEXT PRIMARY KEY, -- plain: random id
  person TEXT NOT NULL, -- plain: random id of the account
  at BIGINT NOT NULL, -- plain: Unix milliseconds
  room TEXT REFERENCES room_register (id), -- plain: random id of the practice's room, none elsewhere
  place TEXT NOT NULL, -- plain: JSON of words: who is near, door, headphones, listening machines
  readiness TEXT NOT NULL -- plain: JSON of verdict words, network numbers, five answers
);
CREATE INDEX own_readiness_by_person ON own_readiness (person, at);
