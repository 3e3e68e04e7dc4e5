-- Who is affected by what a record is about, and may not read it: no entry is told to them, only that it is over. Part of the fold.
ALTER TABLE watcher ADD COLUMN affected $INT NOT NULL DEFAULT 0;
