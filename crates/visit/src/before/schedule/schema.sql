-- At which site a visit counts: where its clinician sits, or where the patient would otherwise have come.
CREATE TABLE visit_site (
  visit TEXT PRIMARY KEY REFERENCES visit (id), -- plain: random id
  site TEXT NOT NULL -- plain: random id of the site
);
CREATE INDEX visit_by_site ON visit_site (site, visit);
-- What the practice offers of each type; a type without a row is offered as it comes.
CREATE TABLE visit_type (
  kind TEXT PRIMARY KEY, -- plain: first, follow_up, urgent or group
  offered BIGINT NOT NULL, -- plain: 1 while visits of this type can be booked
  length_min BIGINT NOT NULL -- plain: usual minutes
);
-- The reasons that stand ready when somebody books. The list is the practice's, and nobody's reason.
CREATE TABLE common_reason (
  number BIGINT PRIMARY KEY, -- plain: place in the list, from 1
  words TEXT NOT NULL -- plain: as the practice says it
);
-- When a clinician sees patients, week by week, on the clock of the practice's time zone.
CREATE TABLE open_hours (
  clinician TEXT NOT NULL, -- plain: random id of the account
  weekday BIGINT NOT NULL, -- plain: 1 Monday to 7 Sunday
  from_min BIGINT NOT NULL, -- plain: minutes after midnight
  until_min BIGINT NOT NULL, -- plain: minutes after midnight, later than the beginning
  site TEXT -- plain: random id of the site, none for anywhere
);
CREATE UNIQUE INDEX open_hours_by_clinician ON open_hours (clinician, weekday, from_min);
-- Days on which a clinician sees nobody. Why is nobody's business and stands nowhere.
CREATE TABLE day_off (
  clinician TEXT NOT NULL, -- plain: random id of the account
  first_day TEXT NOT NULL, -- plain: 2026-12-24
  last_day TEXT NOT NULL -- plain: 2026-12-26, the same or later
);
CREATE UNIQUE INDEX day_off_by_clinician ON day_off (clinician, first_day);
