-- Large letters and one thing at a time, as a patient chose it last.
CREATE TABLE simple_mode (
  whose TEXT PRIMARY KEY, -- plain: random id of the patient
  chosen BIGINT NOT NULL, -- plain: 1 when they want it
  version BIGINT NOT NULL -- plain: counts changes
);
