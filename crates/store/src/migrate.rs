//! Schema migrations: forward only, one transaction each, under one lease where several nodes start together.

use crate::sql::Sql;
use crate::{Db, StoreError, dialect, params};

/// All migrations in order; the number is the schema version after it.
const MIGRATIONS: &[(i64, &str)] = &[(1, include_str!("migrations/0001_spine.sql"))];

/// The newest schema version this program knows.
pub const NEWEST: i64 = MIGRATIONS[MIGRATIONS.len() - 1].0;

/// Names of all tables that hold data, in an order in which they can be copied.
pub const TABLES: &[&str] = &[
    "meta", "journal", "journal_payload", "seal", "record", "record_alias", "record_value", "record_link", "task",
    "timer", "message", "outbox", "blob", "attachment", "app_user", "identity", "directory", "session", "token",
    "sign_in_failure", "pack_version", "number_block", "idempotency", "job", "job_row", "lease", "secret",
];

/// The schema version found, 0 for an empty database.
pub fn version(sql: &mut dyn Sql) -> Result<i64, StoreError> {
    let row = sql.first("SELECT value FROM meta WHERE key = 'schema'", &[])?;
    row.map_or(Ok(0), |row| row.text(0)?.parse().map_err(|error| StoreError::damaged("schema version", error)))
}

/// Brings the database to the newest schema; refuses one that is newer than this program.
pub(crate) async fn run(db: &Db) -> Result<(), StoreError> {
    db.write(|tx| {
        let dialect = tx.dialect();
        tx.script(&dialect::translate(
            "CREATE TABLE IF NOT EXISTS meta (key $TEXT PRIMARY KEY, value $TEXT NOT NULL) $STRICT",
            dialect,
        ))?;
        tx.execute("INSERT INTO meta (key, value) VALUES ('schema', '0') ON CONFLICT (key) DO NOTHING", &[])?;
        tx.execute("INSERT INTO meta (key, value) VALUES ('epoch', '0') ON CONFLICT (key) DO NOTHING", &[])?;
        if dialect == decide::Dialect::Postgres {
            // Nodes that start together take turns here.
            tx.query("SELECT 1 FROM meta WHERE key = 'schema' FOR UPDATE", &[])?;
        }
        let found = version(tx)?;
        if found > NEWEST {
            return Err(StoreError::NewerSchema { found, known: NEWEST });
        }
        for (number, text) in MIGRATIONS.iter().filter(|(number, _)| *number > found) {
            tx.script(&dialect::translate(text, dialect))?;
            tx.execute("UPDATE meta SET value = $1 WHERE key = 'schema'", &params![number.to_string()])?;
        }
        Ok(())
    })
    .await
}
