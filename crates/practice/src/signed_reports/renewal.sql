-- Keys that signed reports once and sign no more: what they signed still verifies.
CREATE TABLE past_report_key (
  id TEXT PRIMARY KEY, -- plain: Ed25519 key, hexadecimal
  made_at BIGINT NOT NULL, -- plain: Unix milliseconds
  ended_at BIGINT NOT NULL -- plain: Unix milliseconds
);
