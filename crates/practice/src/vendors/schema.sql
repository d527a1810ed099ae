-- Outside services, and whether an agreement covers what they get.
CREATE TABLE vendor (
  id TEXT PRIMARY KEY, -- plain: random id
  service TEXT NOT NULL, -- plain: code of what it does for the practice
  state TEXT NOT NULL, -- plain: wanted, active or ended
  agreement_at BIGINT, -- plain: day the agreement was signed, Unix milliseconds
  agreement_ends_at BIGINT, -- plain: day it runs out, none when it does not
  words BYTEA NOT NULL, -- sealed: name, plan, what it gets and why it needs no agreement as JSON, kept six years
  created_at BIGINT NOT NULL, -- plain: Unix milliseconds
  version BIGINT NOT NULL -- plain: counts changes
);
