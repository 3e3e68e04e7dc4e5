-- A node that works on this database, as it last said of itself; only where there can be several.
CREATE TABLE node (
  id $BLOB PRIMARY KEY,
  program $TEXT NOT NULL,
  started_at $INT NOT NULL,
  -- By the database's clock.
  seen_at $INT NOT NULL,
  -- What its workers do, as JSON; its times are ages in milliseconds at `seen_at`.
  rounds $TEXT NOT NULL
) $STRICT;

-- A backup of this database that was made, or tried.
CREATE TABLE backup (
  id $BLOB PRIMARY KEY,
  began_at $INT NOT NULL,
  ended_at $INT NOT NULL,
  file $TEXT NOT NULL,
  -- Size of the file; none where it was not made.
  bytes $INT,
  -- Contents of files that were gone or damaged.
  missing $INT NOT NULL,
  failure $TEXT
) $STRICT;
CREATE INDEX backup_ended ON backup (ended_at);

-- How a person likes to see things, as JSON. It is no aggregate and has no journal.
CREATE TABLE preference (
  user_id $BLOB PRIMARY KEY,
  body $TEXT NOT NULL
) $STRICT;

-- Most open records of one person, in place of what their teams say.
ALTER TABLE app_user ADD COLUMN capacity $INT;
