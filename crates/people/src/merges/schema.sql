-- Two charts of one person that became one. Until it is undone, the chart that is gone leads to the other.
CREATE TABLE patient_merge (
  id TEXT PRIMARY KEY, -- plain: random id
  gone TEXT NOT NULL REFERENCES patient (id), -- plain: the chart that became part of the other
  patient TEXT NOT NULL REFERENCES patient (id), -- plain: the chart that stays
  words BYTEA NOT NULL, -- sealed: why, and which rows moved, kept with the chart
  merged_by TEXT NOT NULL REFERENCES person (id), -- plain: who did it
  merged_at BIGINT NOT NULL, -- plain: Unix milliseconds
  undone_by TEXT REFERENCES person (id), -- plain: who took it back
  undone_at BIGINT -- plain: Unix milliseconds
);
CREATE INDEX patient_merge_gone ON patient_merge (gone);
CREATE INDEX patient_merge_patient ON patient_merge (patient);
-- Two people who only look like one: nobody is asked again.
CREATE TABLE patient_apart (
  id TEXT PRIMARY KEY, -- plain: both random ids, the smaller one first
  said_by TEXT NOT NULL REFERENCES person (id), -- plain: who said so
  said_at BIGINT NOT NULL -- plain: Unix milliseconds
);
