-- Who let whom have which roles, and who said since that they are still needed (45 CFR 164.308(a)(4)(ii)(C)).
CREATE TABLE role_grant (
  id TEXT PRIMARY KEY, -- plain: the person and the number, joined by a dot
  person TEXT NOT NULL REFERENCES person (id), -- plain: whose roles
  number BIGINT NOT NULL, -- plain: counts the grants of this person from 1
  kind TEXT NOT NULL, -- plain: opened, invited, added, suspended, reinstated or confirmed
  roles TEXT NOT NULL, -- plain: all roles from then on, codes separated by spaces
  approver TEXT REFERENCES person (id), -- plain: who said yes; nobody where the practice was made
  why BYTEA, -- sealed: the reason in words, absent where none is asked
  at BIGINT NOT NULL -- plain: Unix milliseconds
);
CREATE UNIQUE INDEX role_grant_person ON role_grant (person, number);
