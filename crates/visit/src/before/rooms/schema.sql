-- The practice's own rooms for visits.
CREATE TABLE room_register (
  id TEXT PRIMARY KEY, -- plain: random id
  name TEXT NOT NULL, -- plain: what the practice calls the room
  state TEXT NOT NULL, -- plain: here or gone
  version BIGINT NOT NULL -- plain: counts changes
);
-- What was measured in one of them, and by whom. Rows are added, never changed.
CREATE TABLE room_check (
  id TEXT PRIMARY KEY, -- plain: random id
  room TEXT NOT NULL REFERENCES room_register (id), -- plain: random id
  person TEXT NOT NULL, -- plain: random id of the account
  at BIGINT NOT NULL, -- plain: Unix milliseconds
  luma BIGINT NOT NULL, -- plain: mean brightness of the picture, 0 to 255
  noise_db BIGINT NOT NULL, -- plain: loudness of the quiet room, dBFS
  light TEXT NOT NULL, -- plain: verdict word
  noise TEXT NOT NULL, -- plain: verdict word
  closes BIGINT NOT NULL, -- plain: 1 when the door closes
  unheard BIGINT NOT NULL, -- plain: 1 when nobody outside hears what is said
  no_machines BIGINT NOT NULL -- plain: 1 when no smart speaker listens there
);
CREATE INDEX room_check_by_room ON room_check (room, at);
