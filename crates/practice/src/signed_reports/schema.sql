CREATE TABLE report_key (
  id TEXT PRIMARY KEY, -- plain: always practice
  public_key TEXT NOT NULL, -- plain: Ed25519 key that reports verify under, hexadecimal
  words BYTEA NOT NULL, -- sealed: the private part as JSON, kept as long as reports are signed
  made_at BIGINT NOT NULL, -- plain: Unix milliseconds
  version BIGINT NOT NULL -- plain: counts changes
);

CREATE TABLE signed_report (
  id TEXT PRIMARY KEY REFERENCES analysis (id), -- plain: random id of the analysis
  public_key TEXT NOT NULL, -- plain: Ed25519 key that it verifies under, hexadecimal
  html_signature TEXT NOT NULL, -- plain: Ed25519 signature over the page's bytes, hexadecimal
  pdf TEXT, -- plain: random id of the file that holds the PDF; none where none is printed
  pdf_sha256 TEXT, -- plain: SHA-256 of the PDF, hexadecimal
  pdf_signature TEXT, -- plain: Ed25519 signature over the PDF's bytes, hexadecimal
  words BYTEA NOT NULL, -- sealed: the name the official signed with as JSON, kept six years and more
  version BIGINT NOT NULL -- plain: counts changes
);

-- The register as it stood when an analysis was signed: what the next one is compared with.
CREATE TABLE signed_risk (
  id TEXT PRIMARY KEY, -- plain: random ids of analysis and risk
  analysis TEXT NOT NULL REFERENCES analysis (id), -- plain: random id
  risk TEXT NOT NULL REFERENCES risk (id), -- plain: random id
  state TEXT NOT NULL, -- plain: open, treated, accepted or closed
  level TEXT, -- plain: level; none while not rated
  residual TEXT, -- plain: level left after the work; none while nobody has said
  treatment TEXT, -- plain: reduce, accept, avoid or transfer; none while not chosen
  overdue BIGINT NOT NULL -- plain: 1 when its day had passed and it was not closed
);
CREATE INDEX signed_risk_analysis ON signed_risk (analysis);
