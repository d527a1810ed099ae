-- The signed papers of a vendor, kept as they were handed in.
CREATE TABLE vendor_agreement (
  id TEXT PRIMARY KEY, -- plain: random id of the sealed file
  vendor TEXT NOT NULL REFERENCES vendor (id), -- plain: random id
  sha256 TEXT NOT NULL, -- plain: SHA-256 of the file before it was sealed, hexadecimal
  bytes BIGINT NOT NULL, -- plain: size before it was sealed
  filed_at BIGINT NOT NULL, -- plain: Unix milliseconds
  filed_by TEXT NOT NULL -- plain: random id of the account
);
CREATE INDEX vendor_agreement_vendor ON vendor_agreement (vendor, filed_at);
ALTER TABLE vendor ADD COLUMN effective_at BIGINT; -- plain: day the agreement begins to count, none for that of signing
