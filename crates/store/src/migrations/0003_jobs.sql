-- Who works on a job, where it goes on after a crash, and when one that failed is tried again.
ALTER TABLE job ADD COLUMN owner $BLOB;
ALTER TABLE job ADD COLUMN place $TEXT;
ALTER TABLE job ADD COLUMN next_at $INT NOT NULL DEFAULT 0;

-- Own fields of a type whose rows in record_value are not whole yet, with the job that sees to it.
CREATE TABLE index_building (
  type $TEXT NOT NULL,
  field $TEXT NOT NULL,
  job $BLOB NOT NULL,
  PRIMARY KEY (type, field)
) $STRICT;
CREATE INDEX index_building_job ON index_building (job);

-- When content was last about to be attached, and whether it is being removed: what nothing refers to goes after a day.
ALTER TABLE blob ADD COLUMN used_at $INT NOT NULL DEFAULT 0;
ALTER TABLE blob ADD COLUMN collecting $INT NOT NULL DEFAULT 0;

-- Records that stay, whatever the rules of retention say. Part of the fold; the row goes when the hold is lifted.
CREATE TABLE legal_hold (
  record $BLOB PRIMARY KEY,
  reason $TEXT NOT NULL,
  by_user $BLOB,
  at $INT NOT NULL
) $STRICT;
