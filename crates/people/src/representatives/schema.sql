-- Who acts for a patient, by which authority, for what and until when; and who was refused to.
CREATE TABLE representative (
  id TEXT PRIMARY KEY, -- plain: random id
  patient TEXT NOT NULL REFERENCES patient (id), -- plain: random id
  authority TEXT NOT NULL, -- plain: parent, guardian, agent, court_order, executor or supporter
  name BYTEA NOT NULL, -- sealed: full name, kept with the chart
  contact BYTEA, -- sealed: address or telephone, kept with the chart
  identity TEXT NOT NULL, -- plain: how they showed who they are: photo_id, known or called_back
  evidence TEXT NOT NULL, -- plain: which kind of paper or word showed their authority
  seen_by TEXT NOT NULL REFERENCES person (id), -- plain: who saw both
  seen_at BIGINT NOT NULL, -- plain: Unix milliseconds
  scope TEXT NOT NULL, -- plain: classes of data it covers, by their codes
  begins_at BIGINT NOT NULL, -- plain: Unix milliseconds
  ends_at BIGINT NOT NULL -- plain: Unix milliseconds; at this moment it is over
);
CREATE INDEX representative_patient ON representative (patient, ends_at);
CREATE TABLE representative_refusal (
  id TEXT PRIMARY KEY, -- plain: random id
  patient TEXT NOT NULL REFERENCES patient (id), -- plain: random id
  name BYTEA NOT NULL, -- sealed: full name, kept with the chart
  contact BYTEA, -- sealed: address or telephone, kept with the chart
  reason BYTEA NOT NULL, -- sealed: why they may not act for the patient, kept with the chart
  refused_by TEXT NOT NULL REFERENCES person (id), -- plain: who decided it
  refused_at BIGINT NOT NULL, -- plain: Unix milliseconds
  lifted_by TEXT REFERENCES person (id), -- plain: who took it back
  lifted_at BIGINT -- plain: Unix milliseconds
);
CREATE INDEX representative_refusal_patient ON representative_refusal (patient, refused_at);
