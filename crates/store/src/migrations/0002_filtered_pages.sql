-- A page deep in a list filters by state or priority: the index knows both, so that rows which do not fit are not fetched.
DROP INDEX record_newest;
CREATE INDEX record_newest ON record (type, opened_at, id, state, phase, priority);
