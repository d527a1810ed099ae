CREATE TABLE recovery (
  id TEXT PRIMARY KEY, -- plain: random id
  person TEXT NOT NULL REFERENCES person (id), -- plain: who is let in again
  asked_by TEXT NOT NULL REFERENCES person (id), -- plain: the first of the two
  asked_at BIGINT NOT NULL, -- plain: Unix milliseconds
  approved_by TEXT REFERENCES person (id), -- plain: the second
  approved_at BIGINT, -- plain: Unix milliseconds
  opens_at BIGINT, -- plain: the link opens nothing before, Unix milliseconds
  over_at BIGINT -- plain: used or stopped at, Unix milliseconds
);
CREATE INDEX recovery_person ON recovery (person, over_at);
