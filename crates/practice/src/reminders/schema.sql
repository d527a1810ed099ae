-- Who was last reminded on which day: one letter a day at most for each person.
CREATE TABLE reminder (
  id TEXT PRIMARY KEY, -- plain: random id of the person
  day TEXT NOT NULL, -- plain: the day on the practice's clock, YYYY-MM-DD
  sent_at BIGINT NOT NULL -- plain: Unix milliseconds
);
