-- A deputy of one visit who is one for a check of who somebody is, and no longer.
CREATE TABLE check_seat (
  participant TEXT PRIMARY KEY REFERENCES participant (id), -- plain: random id
  until_at BIGINT NOT NULL -- plain: the first moment it holds no more, Unix milliseconds
);
