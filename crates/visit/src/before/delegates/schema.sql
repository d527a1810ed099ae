-- A colleague who may run a clinician's lobby and lead in their place. Rows are added; only the end is filled in.
CREATE TABLE delegate (
  id TEXT PRIMARY KEY, -- plain: random id
  clinician TEXT NOT NULL, -- plain: random id of the account whose visits they are
  person TEXT NOT NULL, -- plain: random id of the account that may lead
  from_at BIGINT NOT NULL, -- plain: Unix milliseconds
  until_at BIGINT NOT NULL, -- plain: the first moment it holds no more
  at BIGINT NOT NULL, -- plain: when the clinician said so, Unix milliseconds
  ended_at BIGINT -- plain: when it was taken back before its end
);
CREATE INDEX delegate_by_clinician ON delegate (clinician, until_at);
CREATE INDEX delegate_by_person ON delegate (person, until_at);
-- A deputy of one visit who is one only while the delegation holds.
CREATE TABLE delegate_seat (
  participant TEXT PRIMARY KEY REFERENCES participant (id) -- plain: random id
);
