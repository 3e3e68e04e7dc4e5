-- Names of accounts that are taken, in lower case: what keeps two that are made at the same moment from differing by capitals alone.
CREATE TABLE username (
  folded $TEXT PRIMARY KEY
) $STRICT;
INSERT INTO username (folded) SELECT DISTINCT lower(username) FROM app_user;
