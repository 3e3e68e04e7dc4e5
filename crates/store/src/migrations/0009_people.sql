-- What is asked of people beside their name: number in the organisation, area of outsourced work, who stands in while they are away.
ALTER TABLE app_user ADD COLUMN number $TEXT;
ALTER TABLE app_user ADD COLUMN area $TEXT;
ALTER TABLE app_user ADD COLUMN deputy $BLOB;
ALTER TABLE app_user ADD COLUMN deputy_from $INT;
ALTER TABLE app_user ADD COLUMN deputy_until $INT;
-- All that a person is found by, in lower case; derived from the row, empty where an older program wrote it.
ALTER TABLE app_user ADD COLUMN find_text $TEXT NOT NULL DEFAULT '';
CREATE INDEX app_user_deputy ON app_user (deputy);

-- What a queued job works on, in parts; it goes with the job's end.
CREATE TABLE job_input (
  job $BLOB NOT NULL,
  part $INT NOT NULL,
  body $TEXT NOT NULL,
  PRIMARY KEY (job, part)
) $STRICT;
