-- Who signed a consent in the portal for the patient, beside the name they typed (R74). At a visit the seat says it.
CREATE TABLE consent_signer (
  consent TEXT PRIMARY KEY REFERENCES consent (id), -- plain: which answer
  representative TEXT NOT NULL -- plain: random id of the authority
);
