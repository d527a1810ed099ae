-- Lists of patients that were read from a file and wait to be looked at: one for each person, a day at most.
CREATE TABLE patient_import (
  person TEXT PRIMARY KEY REFERENCES person (id), -- plain: whose list it is
  content BYTEA NOT NULL, -- sealed: the file as text, gone when it is done with
  encoding TEXT NOT NULL, -- plain: how the file was written
  choices TEXT NOT NULL, -- plain: what each column is, in codes
  state TEXT NOT NULL, -- plain: waiting, adding or added
  picked TEXT NOT NULL, -- plain: numbers of rows to add although they look like somebody
  left_out TEXT NOT NULL, -- plain: numbers of rows that were not added
  done BIGINT NOT NULL, -- plain: how many rows are through
  added BIGINT NOT NULL, -- plain: how many patients it added
  read_at BIGINT NOT NULL -- plain: Unix milliseconds
);
CREATE INDEX patient_import_read ON patient_import (read_at);
