//! All SQL of Yuheng: tables, migrations and queries, on SQLite and on PostgreSQL.
//!
//! Nothing here knows rules or HTTP. What differs between the databases is in `dialect`, `sqlite` and `postgres`.

pub mod crash;
mod db;
pub mod dialect;
mod error;
pub mod migrate;
mod postgres;
mod sql;
mod sqlite;
mod tls;

pub mod archive;
pub mod attachment;
pub mod audit;
pub mod backup;
pub mod deputy;
pub mod directory;
pub mod health;
pub mod idempotency;
pub mod index_building;
pub mod job;
pub mod job_input;
pub mod journal;
pub mod lease;
pub mod legal_hold;
pub mod load;
pub mod message;
pub mod node;
pub mod notice;
pub mod number;
pub mod outbox;
pub mod pack_version;
pub mod portable;
pub mod preference;
pub mod presence;
pub mod record;
pub mod record_list;
pub mod reminder;
pub mod secret;
pub mod session;
pub mod task;
pub mod timer;
pub mod user;
pub mod watcher;

pub use db::{Address, Db};
pub use error::StoreError;
pub use sql::{Expect, Row, Sql, Statement, Tx, Value, WriteSet};
