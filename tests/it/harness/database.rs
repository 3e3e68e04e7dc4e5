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

/// Makes tests of functions: each runs on SQLite and on PostgreSQL, in the house that all share.
macro_rules! on_both {
    ($($name:ident),+ $(,)?) => { on_both!(together: $($name),+); };
    (alone: $($name:ident),+ $(,)?) => { on_both!(@ alone: $($name),+); };
    (together: $($name:ident),+ $(,)?) => { on_both!(@ together: $($name),+); };
    (@ $how:ident: $($name:ident),+) => {
        mod sqlite {
            $(#[test] fn $name() {
                crate::harness::$how(crate::harness::Database::Sqlite, concat!(module_path!(), "::", stringify!($name)), super::$name);
            })+
        }
        mod postgres {
            $(#[test] fn $name() {
                crate::harness::$how(crate::harness::Database::Postgres, concat!(module_path!(), "::", stringify!($name)), super::$name);
            })+
        }
    };
}
