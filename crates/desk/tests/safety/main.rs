//! Check, backup, restore and copy, on SQLite and on a PostgreSQL that the tests start.

mod backup;
mod check;
mod copy;
mod support;
