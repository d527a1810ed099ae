CREATE TABLE finding (
  id TEXT PRIMARY KEY, -- plain: random id
  kind TEXT NOT NULL, -- plain: code of what was found; equal kinds are counted together
  source TEXT NOT NULL, -- plain: visit, survey or insight
  visit TEXT, -- plain: random id of the visit that showed it; none for a survey or an insight
  state TEXT NOT NULL, -- plain: new or closed
  at BIGINT NOT NULL, -- plain: Unix milliseconds
  version BIGINT NOT NULL -- plain: counts changes
);
CREATE INDEX finding_state ON finding (state, kind, at);
