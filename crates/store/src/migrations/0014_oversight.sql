-- What administrators look through, newest first: changes of everything but records, sessions and tokens of all.
CREATE INDEX journal_oversight ON journal (pos) WHERE kind <> 'record';
CREATE INDEX session_created ON session (created_at, id);
CREATE INDEX token_created ON token (created_at, id);
