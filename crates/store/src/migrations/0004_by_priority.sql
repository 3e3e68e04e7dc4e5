-- Records of one priority are few among all: a page of them must not walk over the others. The long index need not know it then.
DROP INDEX record_newest;
CREATE INDEX record_newest ON record (type, opened_at, id, state, phase);
CREATE INDEX record_priority ON record (type, priority, opened_at, id, state, phase);
