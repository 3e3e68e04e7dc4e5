//! Check, backup, restore and copy, on SQLite and on a PostgreSQL that the tests start. `SKIP=pg` leaves PostgreSQL out
//! and says so.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on should stop")]

mod archive;
mod backup;
mod check;
mod copy;
mod entries;
mod files;
mod import;
mod jobs;
mod lists;
mod macros;
mod nodes;
mod outbox;
mod past;
mod retention;
mod rotate;
mod sessions;
mod support;
