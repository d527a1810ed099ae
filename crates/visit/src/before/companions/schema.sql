-- By which authority somebody comes to a visit: it ends with the authority.
CREATE TABLE acting (
  participant TEXT PRIMARY KEY REFERENCES participant (id), -- plain: random id
  patient TEXT NOT NULL, -- plain: random id of the patient for whom they act
  representative TEXT NOT NULL -- plain: random id of the authority
);
