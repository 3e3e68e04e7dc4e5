-- Whether a record is of the provider's own customer: derived from that, for queues that put the others first.
ALTER TABLE record ADD COLUMN home $INT NOT NULL DEFAULT 1;
UPDATE record SET home = 0 WHERE customer <> COALESCE((SELECT id FROM directory WHERE kind = 'customer' AND key = 'home'), customer);

-- The order of queues, of open records alone: few among all, so that both orders cost little and counting them walks an index.
CREATE INDEX record_queue ON record (type, COALESCE(priority, '~'), opened_at, id, team, assignee, phase, state, customer)
  WHERE is_open = 1;
CREATE INDEX record_queue_external ON record (type, home, COALESCE(priority, '~'), opened_at, id, team, assignee, phase)
  WHERE is_open = 1;

-- What a job has made for whoever asked for it, in parts, each written with the step that made it. Gone after a day.
CREATE TABLE job_part (
  job $BLOB NOT NULL,
  no $INT NOT NULL,
  body $TEXT NOT NULL,
  PRIMARY KEY (job, no)
) $STRICT;
