-- A paper that came in signed: the day on it, and where the practice keeps it.
ALTER TABLE consent ADD COLUMN signed_at BIGINT; -- plain: midnight of the day on the paper, none where it is at
ALTER TABLE consent ADD COLUMN kept BYTEA; -- sealed: where the paper is kept, kept as long as the chart
ALTER TABLE consent ADD COLUMN named BYTEA; -- sealed: whom it names, what and why, kept as long as the chart
ALTER TABLE consent ADD COLUMN ends TEXT; -- plain: the first yes of the agreement it renews or takes back
