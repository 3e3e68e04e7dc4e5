//! Every test runs on both databases.

use std::io::Write;

use super::house::House;

/// Which database a server works on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Database {
    /// The embedded one.
    Sqlite,
    /// PostgreSQL.
    Postgres,
}

impl Database {
    /// Whether tests on it are left out (`SKIP=pg`), which is said where nothing captures it.
    fn is_skipped(self, test: &str) -> bool {
        let skipped = self == Self::Postgres && std::env::var("SKIP").is_ok_and(|list| list.split(',').any(|word| word == "pg"));
        if skipped {
            let _ = writeln!(std::io::stderr(), "SKIP=pg: NOT RUN on PostgreSQL: {test}");
        }
        skipped
    }
}

/// Runs a test in the house that all tests of a database share.
pub fn together(database: Database, test: &str, body: fn(&House)) {
    if !database.is_skipped(test) {
        body(House::shared(database));
    }
}

/// Runs a test that makes its own servers.
pub fn alone(database: Database, test: &str, body: fn(Database)) {
    if !database.is_skipped(test) {
        body(database);
    }
}

/// Makes tests of functions, each on SQLite and on PostgreSQL: those before `alone:` in the house that all share, those
/// after it on servers that they start themselves, those after `data:` too, but only where the real data is.
macro_rules! on_both {
    ($($shared:ident),* $(,)? $(; alone: $($own:ident),* $(,)?)? $(; data: $($far:ident),+ $(,)?)?) => {
        on_both!(@ sqlite Sqlite [$($shared)*] [$($($own)*)?] [$($($far)+)?]);
        on_both!(@ postgres Postgres [$($shared)*] [$($($own)*)?] [$($($far)+)?]);
    };
    (@ $module:ident $database:ident [$($shared:ident)*] [$($own:ident)*] [$($far:ident)*]) => {
        mod $module {
            use crate::harness::{self, Database};
            $(#[test] fn $shared() {
                harness::together(Database::$database, concat!(module_path!(), "::", stringify!($shared)), super::$shared);
            })*
            $(#[test] fn $own() {
                harness::alone(Database::$database, concat!(module_path!(), "::", stringify!($own)), super::$own);
            })*
            $(#[test] #[ignore = "needs the real data: make conformance"] fn $far() {
                harness::alone(Database::$database, concat!(module_path!(), "::", stringify!($far)), super::$far);
            })*
        }
    };
}
