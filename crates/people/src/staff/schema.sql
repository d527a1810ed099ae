CREATE TABLE person (
  id TEXT PRIMARY KEY, -- plain: random id
  name BYTEA NOT NULL, -- sealed: the name patients are shown, kept as long as the trail names this person
  roles TEXT NOT NULL, -- plain: role codes separated by spaces
  state TEXT NOT NULL, -- plain: invited, active, suspended or removed
  credentials TEXT NOT NULL, -- plain: what stands behind the name, such as MD
  licensed_in TEXT NOT NULL, -- plain: codes of the states of the licence, separated by spaces
  lang TEXT NOT NULL, -- plain: language of this person's pages
  version BIGINT NOT NULL, -- plain: counts changes
  created_at BIGINT NOT NULL -- plain: Unix milliseconds
);
