-- Records of one priority are few among all: a page of them must not walk over the others.
CREATE INDEX record_priority ON record (type, priority, opened_at, id, state, phase);
