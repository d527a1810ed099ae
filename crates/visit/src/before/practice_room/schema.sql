-- Large letters and one thing at a time, as a patient chose it last. It is sealed: it hints at how they see.
CREATE TABLE simple_mode (
  id TEXT PRIMARY KEY, -- plain: random id
  patient TEXT NOT NULL, -- plain: random id
  chosen BYTEA NOT NULL, -- sealed: whether they want it, kept as long as the chart
  version BIGINT NOT NULL -- plain: counts changes
);
CREATE INDEX simple_mode_by_patient ON simple_mode (patient);
