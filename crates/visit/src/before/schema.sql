-- One appointment, from booking to follow-up.
CREATE TABLE visit (
  id TEXT PRIMARY KEY, -- plain: random id
  patient TEXT NOT NULL, -- plain: random id of the patient
  clinician TEXT NOT NULL, -- plain: random id of the account that hosts it
  starts_at BIGINT NOT NULL, -- plain: Unix milliseconds
  length_min BIGINT NOT NULL, -- plain: planned minutes
  kind TEXT NOT NULL, -- plain: first, follow_up or urgent
  state TEXT NOT NULL, -- plain: booked open waiting live ended closed cancelled no_show moved_to_phone broken_off
  reason BYTEA, -- sealed: why the patient comes, kept as long as the chart
  locked BIGINT NOT NULL, -- plain: 1 while the host lets nobody else in
  booked_by TEXT, -- plain: random id of the account that booked, none for the program
  version BIGINT NOT NULL, -- plain: counts changes
  created_at BIGINT NOT NULL, -- plain: Unix milliseconds
  started_at BIGINT, -- plain: when the host first entered the room
  ended_at BIGINT -- plain: when it ended, was cancelled or broke off
);
CREATE INDEX visit_by_day ON visit (starts_at);
CREATE INDEX visit_by_patient ON visit (patient, starts_at);
CREATE INDEX visit_by_clinician ON visit (clinician, starts_at);
-- One person's part in one visit.
CREATE TABLE participant (
  id TEXT PRIMARY KEY, -- plain: random id
  visit TEXT NOT NULL REFERENCES visit (id), -- plain: random id
  role TEXT NOT NULL, -- plain: patient clinician deputy representative supporter interpreter
  person TEXT, -- plain: random id of the account, for staff
  patient TEXT, -- plain: random id of the patient, for the patient
  state TEXT NOT NULL, -- plain: invited checking_in ready waiting admitted in_room away left removed refused
  arrived_at BIGINT, -- plain: when they entered the lobby, Unix milliseconds
  admitted_at BIGINT, -- plain: when the host let them in
  left_at BIGINT, -- plain: when they left or were removed
  spoken_code TEXT, -- plain: what was said of their six digits: matches mismatch skipped known_device, none before
  spoken_at BIGINT, -- plain: when that was said
  version BIGINT NOT NULL -- plain: counts changes
);
CREATE INDEX participant_by_visit ON participant (visit);
-- A supporter or an interpreter of one visit: somebody who is neither patient nor staff.
CREATE TABLE companion (
  participant TEXT PRIMARY KEY REFERENCES participant (id), -- plain: random id
  patient TEXT NOT NULL, -- plain: random id of the patient whose visit it is
  lang TEXT NOT NULL, -- plain: language of their letters
  name BYTEA NOT NULL, -- sealed: the shown name, kept as long as the chart
  email BYTEA -- sealed: where their letters go, kept as long as the chart
);
-- What a participant answered on the way to the lobby. A row exists from the first answer on.
CREATE TABLE check_in (
  participant TEXT PRIMARY KEY REFERENCES participant (id), -- plain: random id
  place BYTEA, -- sealed: JSON of who is near, door, headphones, kept as long as the chart
  readiness BYTEA, -- sealed: JSON of verdict words, kept as long as the chart
  location BYTEA, -- sealed: JSON of address, state and call-back number, kept as long as the chart
  promised_at BIGINT, -- plain: when a supporter or interpreter promised to keep the visit to themselves
  state TEXT, -- plain: postal code of the state in that location, no smaller place
  overridden_at BIGINT, -- plain: when the host went on without a consent in an emergency, Unix milliseconds
  overridden_by TEXT, -- plain: random id of the account
  emergency BYTEA, -- sealed: the reason, kept as long as the chart
  checks_ran BIGINT NOT NULL DEFAULT 0, -- plain: 1 when the checks ran at all; nothing of what they found
  waived_at BIGINT, -- plain: when somebody of the staff waived the checks, Unix milliseconds
  waived_by TEXT, -- plain: random id of the account
  waiver BYTEA, -- sealed: the reason, kept as long as the chart
  done_at BIGINT, -- plain: when the last step was done, Unix milliseconds
  version BIGINT NOT NULL -- plain: counts changes
);
-- Every consent given, refused or withdrawn. Rows are added; the state alone is filled in later, once.
CREATE TABLE consent (
  id TEXT PRIMARY KEY, -- plain: random id
  patient TEXT NOT NULL, -- plain: random id
  number BIGINT NOT NULL, -- plain: counts this patient's answers, so that the newest is never in doubt
  clinician TEXT, -- plain: random id of the account a telehealth consent was given to, none for the others
  visit TEXT REFERENCES visit (id), -- plain: random id, none for an answer in the portal
  participant TEXT REFERENCES participant (id), -- plain: random id of who answered, none in the portal
  scope TEXT NOT NULL, -- plain: telehealth e_sign recording images plain_messages third_party and so on
  template TEXT NOT NULL, -- plain: name of the text
  template_version TEXT NOT NULL, -- plain: version of the text
  lang TEXT NOT NULL, -- plain: language the text was shown in
  outcome TEXT NOT NULL, -- plain: given, refused, withdrawn or ended
  method TEXT NOT NULL, -- plain: electronic, voice or paper
  state TEXT, -- plain: postal code of the state the patient was in, no smaller place; none before it is known
  for_minor BIGINT NOT NULL, -- plain: 1 when the patient was not of age, so that it ends when they are
  taken_by TEXT, -- plain: random id of the account that read the words aloud, none on a screen
  witness TEXT, -- plain: random id of the account that heard the answer
  basis BYTEA, -- sealed: why a spoken answer counts where no rule says so, kept as long as the chart
  teach_back TEXT, -- plain: the short question was right the first time or later, none where it was not asked
  text_hash BYTEA NOT NULL, -- plain: SHA-256 of the text of this version, before any name stands in it
  artefact TEXT, -- plain: id of the file that holds the exact signed page
  signed_name BYTEA, -- sealed: the name typed as signature, kept as long as the chart
  at BIGINT NOT NULL -- plain: Unix milliseconds
);
CREATE UNIQUE INDEX consent_by_patient ON consent (patient, number);
CREATE INDEX consent_by_visit ON consent (visit, number);
-- The sample page was opened: whoever signs on a screen can read what is kept there (15 U.S.C. 7001(c)(1)(C)).
CREATE TABLE sample_opened (
  patient TEXT PRIMARY KEY, -- plain: random id
  at BIGINT NOT NULL -- plain: when it was opened first, Unix milliseconds
);
-- What came of handing out the notice of privacy practices. Rows are added, never changed.
CREATE TABLE privacy_notice (
  id TEXT PRIMARY KEY, -- plain: random id
  patient TEXT NOT NULL, -- plain: random id
  notice_version TEXT NOT NULL, -- plain: version of the notice
  lang TEXT NOT NULL, -- plain: language it was shown in
  text_hash BYTEA NOT NULL, -- plain: SHA-256 of that version
  outcome TEXT NOT NULL, -- plain: acknowledged, declined or not_possible
  reason BYTEA, -- sealed: why there is no acknowledgement, kept six years
  visit TEXT REFERENCES visit (id), -- plain: random id of the visit it was shown for
  by_person TEXT, -- plain: random id of the account that wrote it down, none when the patient answered
  at BIGINT NOT NULL -- plain: Unix milliseconds
);
CREATE INDEX privacy_notice_by_patient ON privacy_notice (patient, at);
