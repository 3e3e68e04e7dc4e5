-- How much of a record's journal its requester may read, and when the newest of it happened: whoever sees no internal entries must
-- not be able to count them.
ALTER TABLE record ADD COLUMN public_version $INT NOT NULL DEFAULT 0;
ALTER TABLE record ADD COLUMN public_at $INT NOT NULL DEFAULT 0;
UPDATE record SET
  public_version = (SELECT COUNT(*) FROM journal j WHERE j.aggregate = record.id AND j.visibility = 'public'),
  public_at = COALESCE((SELECT MAX(j.occurred_at) FROM journal j WHERE j.aggregate = record.id AND j.visibility = 'public'), opened_at);
