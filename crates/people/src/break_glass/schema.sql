-- Charts that were opened in an emergency. Rows are frozen: only `closed_at` is filled in later.
CREATE TABLE break_glass (
  id TEXT PRIMARY KEY, -- plain: random id
  patient TEXT NOT NULL REFERENCES patient (id), -- plain: random id
  person TEXT NOT NULL REFERENCES person (id), -- plain: who opened it
  reason BYTEA NOT NULL, -- sealed: the picked reason and words for it, kept with the chart
  opened_at BIGINT NOT NULL, -- plain: Unix milliseconds
  ends_at BIGINT NOT NULL, -- plain: closed from this moment on, Unix milliseconds
  closed_at BIGINT -- plain: when the person closed it before that, Unix milliseconds
);
CREATE INDEX break_glass_person ON break_glass (person, patient, ends_at);
-- What another person found when they looked at it.
CREATE TABLE break_glass_review (
  opening TEXT PRIMARY KEY REFERENCES break_glass (id), -- plain: random id
  reviewer TEXT NOT NULL REFERENCES person (id), -- plain: who looked at it
  outcome TEXT NOT NULL, -- plain: justified or not_justified
  words BYTEA NOT NULL, -- sealed: why, kept with the chart
  at BIGINT NOT NULL -- plain: Unix milliseconds
);
