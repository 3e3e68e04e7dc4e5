-- Who looks at a record at the moment, and whether they are writing. Nobody's data: not in the journal, not in backups, gone after minutes.
CREATE TABLE presence (
  record $BLOB NOT NULL,
  user_id $BLOB NOT NULL,
  seen_at $INT NOT NULL,
  typing $INT NOT NULL,
  PRIMARY KEY (record, user_id)
) $STRICT;
CREATE INDEX presence_seen ON presence (seen_at);
