-- Each text message of the outbox with the number it goes to, for the limits on how many one number gets.
CREATE TABLE text_message (
  id TEXT PRIMARY KEY, -- plain: random id of the letter
  number_index BYTEA NOT NULL, -- blind: the number with its country, +15550100777
  reply BIGINT NOT NULL, -- plain: 1 when it answers a STOP, START or HELP, else 0
  sent_at BIGINT -- plain: when it was handed to the carrier, Unix milliseconds
);
CREATE INDEX text_message_number ON text_message (number_index, sent_at);
-- Numbers that get no text message, until their owner asks for them again.
CREATE TABLE text_stop (
  id TEXT PRIMARY KEY, -- plain: random id
  number_index BYTEA NOT NULL, -- blind: the number with its country, +15550100777
  stopped_at BIGINT NOT NULL -- plain: Unix milliseconds
);
CREATE UNIQUE INDEX text_stop_number ON text_stop (number_index);
