-- Where to find what was archived of a record before it was removed. Of the record itself only what finds it again: no words, no
-- people. Part of the fold; the row goes when the archive is removed.
CREATE TABLE archive (
  record $BLOB PRIMARY KEY,
  type $TEXT NOT NULL,
  number $TEXT NOT NULL,
  phase $TEXT NOT NULL,
  ended_at $INT NOT NULL,
  archived_at $INT NOT NULL,
  blob $BLOB NOT NULL
) $STRICT;
CREATE INDEX archive_newest ON archive (archived_at, record);
CREATE INDEX archive_type ON archive (type, archived_at, record);
CREATE INDEX archive_number ON archive (number, archived_at, record);
CREATE INDEX archive_blob ON archive (blob);
