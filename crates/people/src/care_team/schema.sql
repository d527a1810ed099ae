CREATE TABLE care_team (
  id TEXT PRIMARY KEY, -- plain: patient and person, joined by a dot
  patient TEXT NOT NULL REFERENCES patient (id), -- plain: random id
  person TEXT NOT NULL REFERENCES person (id), -- plain: random id
  approver TEXT NOT NULL REFERENCES person (id), -- plain: who said yes
  since BIGINT NOT NULL, -- plain: Unix milliseconds
  confirmed_by TEXT NOT NULL REFERENCES person (id), -- plain: who last said that it is still needed
  confirmed_at BIGINT NOT NULL, -- plain: Unix milliseconds
  ends_at BIGINT NOT NULL, -- plain: not a member from this moment on, Unix milliseconds
  version BIGINT NOT NULL -- plain: counts changes
);
CREATE INDEX care_team_person ON care_team (person, ends_at);
CREATE INDEX care_team_patient ON care_team (patient, ends_at);
CREATE INDEX care_team_confirmed ON care_team (confirmed_at, ends_at);
