-- Whom to call in an emergency at a place: the practice's own table. Rows end, they are not deleted.
CREATE TABLE emergency_place (
  id TEXT PRIMARY KEY, -- plain: random id
  state TEXT NOT NULL, -- plain: postal code of the state
  zip TEXT NOT NULL, -- plain: first digits of the ZIP codes it is for, empty for the whole state
  area TEXT NOT NULL, -- plain: county or town in words
  emergency TEXT NOT NULL, -- plain: number of the dispatchers of that place
  care TEXT NOT NULL, -- plain: name and number of the nearest care
  crisis TEXT NOT NULL, -- plain: crisis lines of that place
  checked_by TEXT NOT NULL, -- plain: random id of the account that checked the numbers
  checked_at BIGINT NOT NULL, -- plain: Unix milliseconds
  ended_at BIGINT -- plain: when it was taken out of the table
);
CREATE INDEX emergency_place_by_state ON emergency_place (state);
