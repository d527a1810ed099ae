-- What came of looking at who somebody is. Rows are added, never changed; the newest counts.
CREATE TABLE identity_check (
  id TEXT PRIMARY KEY, -- plain: random id
  patient TEXT NOT NULL, -- plain: random id of the patient whose visit it is
  visit TEXT NOT NULL REFERENCES visit (id), -- plain: random id
  participant TEXT NOT NULL REFERENCES participant (id), -- plain: random id of who was checked
  outcome TEXT NOT NULL, -- plain: passed, failed or waived
  level TEXT NOT NULL, -- plain: assurance reached: none basic ial1_like ial2_like
  flagged BIGINT NOT NULL, -- plain: 1 when whoever checked thinks of a fraud
  facts BYTEA NOT NULL, -- sealed: JSON of the document's type, issuer and last 4, or the known facts, kept as long as the chart
  by_person TEXT NOT NULL, -- plain: random id of the account that checked
  at BIGINT NOT NULL -- plain: Unix milliseconds
);
CREATE INDEX identity_check_by_participant ON identity_check (participant, at);
CREATE INDEX identity_check_by_visit ON identity_check (visit);
