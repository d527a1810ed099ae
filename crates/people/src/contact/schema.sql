-- How a patient wants to be reached. Each change is a row of its own; the newest stands.
CREATE TABLE preference (
  id TEXT PRIMARY KEY, -- plain: random id
  patient TEXT NOT NULL REFERENCES patient (id), -- plain: random id
  words BYTEA NOT NULL, -- sealed: wishes and confidential addresses as JSON, kept with the chart
  confidential BIGINT NOT NULL, -- plain: 1 when it holds addresses that replace the ordinary ones, else 0
  said_at BIGINT NOT NULL, -- plain: Unix milliseconds
  said_by TEXT NOT NULL, -- plain: patient, or the random id of the account that wrote it down
  version BIGINT NOT NULL -- plain: 1, for a change is a new row
);
CREATE INDEX preference_patient ON preference (patient, said_at);
-- The short code in each message that leaves.
CREATE TABLE message_code (
  id TEXT PRIMARY KEY, -- plain: random id
  code_index BYTEA NOT NULL, -- blind: the code as it is typed
  made_at BIGINT NOT NULL -- plain: Unix milliseconds
);
CREATE UNIQUE INDEX message_code_index ON message_code (code_index);
-- What somebody of the staff has to call, hand over or send on paper, because no message may go out.
CREATE TABLE errand (
  id TEXT PRIMARY KEY, -- plain: random id
  patient TEXT NOT NULL REFERENCES patient (id), -- plain: random id
  about TEXT NOT NULL, -- plain: kind of message, such as moved
  way TEXT NOT NULL, -- plain: call, post or hand
  made_at BIGINT NOT NULL, -- plain: Unix milliseconds
  done_at BIGINT, -- plain: Unix milliseconds
  done_by TEXT -- plain: random id of the account
);
CREATE INDEX errand_open ON errand (done_at, made_at);
-- For which address a patient chose plain mail with health data in it, after a warning.
CREATE TABLE plain_choice (
  id TEXT PRIMARY KEY, -- plain: random id
  patient TEXT NOT NULL REFERENCES patient (id), -- plain: random id
  address_index BYTEA NOT NULL, -- blind: the address in lower case
  chosen_at BIGINT NOT NULL, -- plain: Unix milliseconds
  ended_at BIGINT -- plain: when it was taken back, Unix milliseconds
);
CREATE INDEX plain_choice_patient ON plain_choice (patient, ended_at);
