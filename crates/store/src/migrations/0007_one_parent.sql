-- Below which record a record hangs, from the moment at which either of the two was told so: the rule that there is one such record,
-- and no circle, spans several records and is held here.
CREATE TABLE record_below (
  child $BLOB PRIMARY KEY,
  parent $BLOB NOT NULL
) $STRICT;
CREATE INDEX record_below_parent ON record_below (parent);
INSERT INTO record_below (child, parent) SELECT id, parent FROM record WHERE parent IS NOT NULL;
