-- Whether a patient's session may be quiet for longer. It hints at their health: every session has a row, and
-- without the key none can be told from another.
CREATE TABLE session_pace (
  session TEXT PRIMARY KEY REFERENCES session (id), -- plain: whose way in
  pace BYTEA NOT NULL -- blind: the session and whether it may be quiet for longer
);
