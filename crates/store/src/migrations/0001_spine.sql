-- The journal: entries are facts and are never rewritten. `xid` is the writing transaction, for readers of the feed.
CREATE TABLE journal (
  pos $SERIAL,
  xid $INT NOT NULL DEFAULT $XID,
  kind $TEXT NOT NULL,
  aggregate $BLOB NOT NULL,
  seq $INT NOT NULL,
  event $TEXT NOT NULL,
  schema_version $INT NOT NULL,
  occurred_at $INT NOT NULL,
  recorded_at $INT NOT NULL,
  actor $BLOB,
  on_behalf_of $BLOB,
  channel $TEXT NOT NULL,
  command $BLOB NOT NULL,
  correlation $BLOB NOT NULL,
  causation $BLOB,
  definition $BLOB,
  request $TEXT,
  visibility $TEXT NOT NULL,
  digest $BLOB NOT NULL,
  chain $BLOB NOT NULL
) $STRICT;
CREATE UNIQUE INDEX journal_aggregate ON journal (aggregate, seq);
$POSTGRES CREATE INDEX journal_feed ON journal (xid, pos);

-- The content of an entry, apart so that lawful erasure can remove it with its salt and leave the chain whole.
CREATE TABLE journal_payload (
  pos $INT PRIMARY KEY,
  salt $BLOB NOT NULL,
  body $TEXT NOT NULL
) $STRICT;

-- The seal chain: each minute over the entries that came since the last one.
CREATE TABLE seal (
  no $INT PRIMARY KEY,
  sealed_at $INT NOT NULL,
  xid $INT NOT NULL,
  pos $INT NOT NULL,
  entries $INT NOT NULL,
  heads $BLOB NOT NULL,
  mac $BLOB NOT NULL
) $STRICT;

CREATE TABLE record (
  id $BLOB PRIMARY KEY,
  type $TEXT NOT NULL,
  number $TEXT NOT NULL,
  customer $BLOB NOT NULL,
  state $TEXT NOT NULL,
  phase $TEXT NOT NULL,
  is_open $INT NOT NULL,
  title $TEXT NOT NULL,
  description $TEXT NOT NULL,
  impact $TEXT,
  urgency $TEXT,
  priority $TEXT,
  category $TEXT,
  requester $BLOB NOT NULL,
  reporter $BLOB NOT NULL,
  channel $TEXT NOT NULL,
  team $BLOB,
  assignee $BLOB,
  service $BLOB,
  site $BLOB,
  parent $BLOB,
  opened_at $INT NOT NULL,
  responded_at $INT,
  resolved_at $INT,
  closed_at $INT,
  updated_at $INT NOT NULL,
  reassign_count $INT NOT NULL,
  reopen_count $INT NOT NULL,
  pack $BLOB NOT NULL,
  fields $TEXT NOT NULL,
  process $TEXT NOT NULL,
  version $INT NOT NULL,
  chain $BLOB NOT NULL
) $STRICT;
CREATE UNIQUE INDEX record_number ON record (number);
CREATE INDEX record_newest ON record (type, opened_at, id);
CREATE INDEX record_open ON record (type, is_open, opened_at, id);
CREATE INDEX record_team ON record (team, is_open, opened_at, id);
CREATE INDEX record_assignee ON record (assignee, is_open, opened_at, id);
CREATE INDEX record_requester ON record (requester, opened_at, id);
CREATE INDEX record_parent ON record (parent);

-- Names under which a record is found too: the number it had elsewhere, or before it changed its type.
CREATE TABLE record_alias (
  source $TEXT NOT NULL,
  external_id $TEXT NOT NULL,
  record $BLOB NOT NULL,
  PRIMARY KEY (source, external_id)
) $STRICT;
CREATE INDEX record_alias_record ON record_alias (record);
CREATE INDEX record_alias_number ON record_alias (external_id);

-- Own fields that a type marks as indexed, typed.
CREATE TABLE record_value (
  record $BLOB NOT NULL,
  field $TEXT NOT NULL,
  text $TEXT,
  number $REAL,
  instant $INT,
  PRIMARY KEY (record, field)
) $STRICT;
CREATE INDEX record_value_text ON record_value (field, text, record);
CREATE INDEX record_value_number ON record_value (field, number, record);
CREATE INDEX record_value_instant ON record_value (field, instant, record);

CREATE TABLE record_link (
  record $BLOB NOT NULL,
  kind $TEXT NOT NULL,
  other $BLOB NOT NULL,
  PRIMARY KEY (record, kind, other)
) $STRICT;

-- Open steps of running flows. Part of the fold; rows go when the step closes.
CREATE TABLE task (
  record $BLOB NOT NULL,
  activity $INT NOT NULL,
  element $TEXT NOT NULL,
  team $BLOB,
  assignee $BLOB,
  opened_at $INT NOT NULL,
  accepted_at $INT,
  due_at $INT,
  suspended $INT NOT NULL,
  PRIMARY KEY (record, activity)
) $STRICT;
CREATE INDEX task_assignee ON task (assignee, opened_at, record);
CREATE INDEX task_team ON task (team, opened_at, record);

CREATE TABLE timer (
  record $BLOB NOT NULL,
  timer $INT NOT NULL,
  due_at $INT NOT NULL,
  attempts $INT NOT NULL DEFAULT 0,
  PRIMARY KEY (record, timer)
) $STRICT;
CREATE INDEX timer_due ON timer (due_at);

-- Effects on other aggregates, applied as commands exactly once: the row and the command's rows change together.
CREATE TABLE message (
  id $BLOB PRIMARY KEY,
  target $BLOB NOT NULL,
  command $TEXT NOT NULL,
  cause $BLOB NOT NULL,
  state $TEXT NOT NULL,
  attempts $INT NOT NULL,
  next_at $INT NOT NULL,
  created_at $INT NOT NULL,
  error $TEXT
) $STRICT;
CREATE INDEX message_due ON message (state, next_at);
CREATE INDEX message_target ON message (target, cause);

-- What leaves the process.
CREATE TABLE outbox (
  id $BLOB PRIMARY KEY,
  channel $TEXT NOT NULL,
  recipient $TEXT NOT NULL,
  recipient_user $BLOB,
  thread $BLOB NOT NULL,
  template $TEXT NOT NULL,
  body $TEXT NOT NULL,
  state $TEXT NOT NULL,
  reason $TEXT,
  attempts $INT NOT NULL,
  next_at $INT NOT NULL,
  leased_until $INT NOT NULL DEFAULT 0,
  created_at $INT NOT NULL,
  sent_at $INT,
  error $TEXT
) $STRICT;
CREATE INDEX outbox_due ON outbox (state, next_at);
CREATE INDEX outbox_thread ON outbox (thread, created_at);

CREATE TABLE blob (
  sha256 $BLOB PRIMARY KEY,
  size $INT NOT NULL,
  media_type $TEXT NOT NULL,
  scan_state $TEXT NOT NULL,
  created_at $INT NOT NULL
) $STRICT;
CREATE TABLE attachment (
  id $BLOB PRIMARY KEY,
  owner $BLOB NOT NULL,
  blob $BLOB NOT NULL,
  name $TEXT NOT NULL,
  visibility $TEXT NOT NULL,
  by_user $BLOB NOT NULL,
  at $INT NOT NULL
) $STRICT;
CREATE INDEX attachment_owner ON attachment (owner, at);
CREATE INDEX attachment_blob ON attachment (blob);

CREATE TABLE app_user (
  id $BLOB PRIMARY KEY,
  username $TEXT NOT NULL,
  name $TEXT NOT NULL,
  sort_name $TEXT NOT NULL,
  kind $TEXT NOT NULL,
  email $TEXT,
  phone $TEXT,
  locale $TEXT NOT NULL,
  active $INT NOT NULL,
  expires_at $INT,
  employer $TEXT,
  site $BLOB,
  department $BLOB,
  customer $BLOB NOT NULL,
  roles $TEXT NOT NULL,
  version $INT NOT NULL,
  chain $BLOB NOT NULL
) $STRICT;
CREATE UNIQUE INDEX app_user_username ON app_user (username);
CREATE INDEX app_user_sort ON app_user (sort_name, id);
CREATE INDEX app_user_expires ON app_user (expires_at);

-- How a user proves who they are. A password is one provider among others; its secret is an argon2 hash.
CREATE TABLE identity (
  provider $TEXT NOT NULL,
  subject $TEXT NOT NULL,
  user_id $BLOB NOT NULL,
  secret $TEXT,
  changed_at $INT NOT NULL,
  PRIMARY KEY (provider, subject)
) $STRICT;
CREATE INDEX identity_user ON identity (user_id);

-- Teams, roles, sites, services, departments, customers, settings: few, read whole into memory, fold kept as JSON.
CREATE TABLE directory (
  id $BLOB PRIMARY KEY,
  kind $TEXT NOT NULL,
  key $TEXT NOT NULL,
  active $INT NOT NULL,
  data $TEXT NOT NULL,
  version $INT NOT NULL,
  chain $BLOB NOT NULL
) $STRICT;
CREATE UNIQUE INDEX directory_key ON directory (kind, key);

CREATE TABLE session (
  hash $BLOB PRIMARY KEY,
  id $BLOB NOT NULL,
  user_id $BLOB NOT NULL,
  csrf $BLOB NOT NULL,
  created_at $INT NOT NULL,
  last_seen_at $INT NOT NULL,
  expires_at $INT NOT NULL,
  user_agent $TEXT NOT NULL,
  address $TEXT NOT NULL
) $STRICT;
CREATE UNIQUE INDEX session_id ON session (id);
CREATE INDEX session_of_user ON session (user_id);
CREATE INDEX session_expires ON session (expires_at);

CREATE TABLE token (
  id $BLOB PRIMARY KEY,
  hash $BLOB NOT NULL,
  user_id $BLOB NOT NULL,
  name $TEXT NOT NULL,
  scopes $TEXT NOT NULL,
  created_at $INT NOT NULL,
  expires_at $INT,
  last_used_at $INT,
  revoked_at $INT
) $STRICT;
CREATE UNIQUE INDEX token_hash ON token (hash);
CREATE INDEX token_user ON token (user_id);

CREATE TABLE sign_in_failure (
  subject $TEXT PRIMARY KEY,
  failures $INT NOT NULL,
  last_at $INT NOT NULL
) $STRICT;

CREATE TABLE pack_version (
  id $BLOB PRIMARY KEY,
  key $TEXT NOT NULL,
  version $INT NOT NULL,
  hash $TEXT NOT NULL,
  origin $TEXT,
  files $TEXT NOT NULL,
  published_at $INT NOT NULL,
  published_by $BLOB
) $STRICT;
CREATE UNIQUE INDEX pack_version_key ON pack_version (key, version);

CREATE TABLE number_block (
  key $TEXT PRIMARY KEY,
  next $INT NOT NULL
) $STRICT;

CREATE TABLE idempotency (
  user_id $BLOB NOT NULL,
  route $TEXT NOT NULL,
  key $TEXT NOT NULL,
  body_hash $BLOB NOT NULL,
  status $INT NOT NULL,
  answer $TEXT NOT NULL,
  created_at $INT NOT NULL,
  PRIMARY KEY (user_id, route, key)
) $STRICT;
CREATE INDEX idempotency_created ON idempotency (created_at);

CREATE TABLE job (
  id $BLOB PRIMARY KEY,
  kind $TEXT NOT NULL,
  state $TEXT NOT NULL,
  params $TEXT NOT NULL,
  done $INT NOT NULL,
  total $INT,
  result $TEXT,
  error $TEXT,
  attempts $INT NOT NULL,
  cancel_wanted $INT NOT NULL,
  leased_until $INT NOT NULL,
  created_by $BLOB,
  created_at $INT NOT NULL,
  started_at $INT,
  ended_at $INT
) $STRICT;
CREATE INDEX job_state ON job (state, created_at);
CREATE TABLE job_row (
  job $BLOB NOT NULL,
  no $INT NOT NULL,
  subject $TEXT NOT NULL,
  outcome $TEXT NOT NULL,
  message $TEXT,
  PRIMARY KEY (job, no)
) $STRICT;

CREATE TABLE lease (
  name $TEXT PRIMARY KEY,
  owner $BLOB NOT NULL,
  until $INT NOT NULL
) $STRICT;

CREATE TABLE secret (
  name $TEXT PRIMARY KEY,
  key_id $TEXT NOT NULL,
  nonce $BLOB NOT NULL,
  sealed $BLOB NOT NULL,
  changed_at $INT NOT NULL
) $STRICT;
