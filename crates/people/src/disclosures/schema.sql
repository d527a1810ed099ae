-- Copies of a chart that left the practice, and why so much and no more (45 CFR 164.528(b)).
CREATE TABLE disclosure (
  id TEXT PRIMARY KEY, -- plain: random id
  patient TEXT NOT NULL REFERENCES patient (id), -- plain: random id
  person TEXT NOT NULL REFERENCES person (id), -- plain: who gave it out
  purpose TEXT NOT NULL, -- plain: treatment, patient, authorization, law, payment, operations or other
  parts TEXT NOT NULL, -- plain: what it held besides name and birth date: contact, aids
  words BYTEA NOT NULL, -- sealed: to whom, at which address, and why so much, kept six years and more
  at BIGINT NOT NULL -- plain: Unix milliseconds
);
CREATE INDEX disclosure_patient ON disclosure (patient, at);
CREATE INDEX disclosure_at ON disclosure (at);
