-- One row: what the owner said about the practice as a whole.
CREATE TABLE set_up (
  id TEXT PRIMARY KEY, -- plain: always 'practice'
  covered_entity TEXT NOT NULL, -- plain: yes, no, unsure, or empty while nobody has answered
  part_2 TEXT NOT NULL, -- plain: the same: a programme under 42 CFR Part 2
  federal_funds TEXT NOT NULL, -- plain: the same: takes federal money (45 CFR Part 92)
  complaints_to TEXT NOT NULL, -- plain: name or title of the contact, printed for patients (45 CFR 164.520(b)(1)(vii))
  complaints_phone TEXT NOT NULL, -- plain: printed for patients
  complaints_email TEXT NOT NULL, -- plain: printed for patients, may be empty
  kit_tried_at BIGINT -- plain: when two shares of the newest recovery kit opened the practice, Unix milliseconds
);
-- Where the practice works.
CREATE TABLE site (
  id TEXT PRIMARY KEY, -- plain: random id
  name TEXT NOT NULL, -- plain: what the practice calls it
  address TEXT NOT NULL, -- plain: the practice's own address
  state TEXT NOT NULL, -- plain: code of the state, such as MA
  created_at BIGINT NOT NULL -- plain: Unix milliseconds
);
