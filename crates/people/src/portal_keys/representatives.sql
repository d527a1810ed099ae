-- Those who act for a patient come into that patient's portal by passkeys and links of their own.
ALTER TABLE session ADD COLUMN representative TEXT; -- plain: who acts for the patient, in the portal
ALTER TABLE portal_passkey ADD COLUMN representative TEXT; -- plain: whose, when not the patient's own
ALTER TABLE portal_link ADD COLUMN representative TEXT; -- plain: whose, when not the patient's own
