CREATE TABLE patient (
  id TEXT PRIMARY KEY, -- plain: random id
  name BYTEA NOT NULL, -- sealed: full name, kept with the chart
  birth_date BYTEA NOT NULL, -- sealed: YYYY-MM-DD, kept with the chart
  email BYTEA, -- sealed: address for letters, kept with the chart
  email_index BYTEA, -- blind: lower-case address, for exact matches
  phone BYTEA, -- sealed: number to call, kept with the chart
  lang TEXT NOT NULL, -- plain: language of pages and letters, en or es
  aids BYTEA, -- sealed: what helps this patient to see, hear and take part, kept with the chart
  check_phrase BYTEA, -- sealed: the patient's own words that every message carries, kept with the chart
  version BIGINT NOT NULL, -- plain: counts changes
  created_at BIGINT NOT NULL -- plain: Unix milliseconds
);
CREATE INDEX patient_email ON patient (email_index);
