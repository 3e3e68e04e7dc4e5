-- Who follows a record. Part of the fold.
CREATE TABLE watcher (
  record $BLOB NOT NULL,
  user_id $BLOB NOT NULL,
  PRIMARY KEY (record, user_id)
) $STRICT;
CREATE INDEX watcher_user ON watcher (user_id, record);

-- What somebody is to be reminded of, or has promised to call back about. Part of the fold but for `told_at`; the row goes when
-- it is done.
CREATE TABLE reminder (
  id $BLOB PRIMARY KEY,
  record $BLOB NOT NULL,
  kind $TEXT NOT NULL,
  user_id $BLOB NOT NULL,
  by_user $BLOB,
  due_at $INT NOT NULL,
  note $TEXT NOT NULL,
  phone $TEXT,
  told_at $INT
) $STRICT;
CREATE INDEX reminder_record ON reminder (record, due_at);
CREATE INDEX reminder_user ON reminder (user_id, due_at);
CREATE INDEX reminder_due ON reminder (told_at, due_at);

-- What people are told of inside the program: an entry of a record's journal, and why it concerns them. Written with the entry.
CREATE TABLE notice (
  user_id $BLOB NOT NULL,
  record $BLOB NOT NULL,
  seq $INT NOT NULL,
  about $TEXT NOT NULL,
  subject $TEXT NOT NULL,
  event $TEXT NOT NULL,
  internal $INT NOT NULL,
  by_user $BLOB,
  at $INT NOT NULL,
  read_at $INT,
  PRIMARY KEY (user_id, record, seq, about, subject)
) $STRICT;
CREATE INDEX notice_unread ON notice (user_id, read_at, at);
CREATE INDEX notice_newest ON notice (user_id, at);
CREATE INDEX notice_record ON notice (record, at);
CREATE INDEX notice_at ON notice (at);
