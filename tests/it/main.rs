//! Black box: the real binary, over HTTP and the command line, on SQLite and on PostgreSQL. The tree mirrors the routes.
//!
//! `SKIP=pg` leaves PostgreSQL out and says so; `KILLS` is the number of deaths in the kill test; `KEEP=1` keeps all data and logs;
//! `YUHENG_BIN` names a binary instead of building one.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on should stop")]

#[macro_use]
mod harness;

mod access;
mod announcements;
mod archives;
mod categories;
mod conformance;
mod counters;
mod crash;
mod data;
mod deputies;
mod directory;
mod dispatch;
mod durability;
mod edge;
mod head;
mod import;
mod imports;
mod jobs;
mod live;
mod notices;
mod organisation;
mod outbox;
mod oversight;
mod packs;
mod people;
mod records;
mod retention;
mod secrets;
mod serve;
mod session;
mod settings;
mod tables;
mod tasks;
mod tls;
mod tokens;
mod two_agents;
mod users;
mod views;
mod words;
