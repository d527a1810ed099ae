-- Where somebody may treat: the licence of a state, alone or under a compact. Rows end, they are not deleted.
CREATE TABLE licence (
  id TEXT PRIMARY KEY, -- plain: random id
  person TEXT NOT NULL REFERENCES person (id), -- plain: random id of the account
  state TEXT NOT NULL, -- plain: postal code of the state that issued it
  compact TEXT, -- plain: code of the compact it counts under, none for its state alone
  ends_at BIGINT NOT NULL, -- plain: first moment it counts no more, Unix milliseconds
  entered_by TEXT, -- plain: random id of the account that entered it, none for the program
  entered_at BIGINT NOT NULL, -- plain: Unix milliseconds
  ended_at BIGINT -- plain: when it was taken out of the register
);
CREATE INDEX licence_by_person ON licence (person);
