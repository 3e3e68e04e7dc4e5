//! Schema migrations: forward only, under one lease where several nodes start together. SQLite is copied before.

use std::path::PathBuf;

use crate::sql::{Sql, Tx};
use crate::{Db, StoreError, dialect, params};

type Migration = (i64, &'static str);

/// All migrations in order; the number is the schema version after it.
const MIGRATIONS: &[Migration] = &[
    (1, include_str!("migrations/0001_spine.sql")),
    (2, include_str!("migrations/0002_filtered_pages.sql")),
    (3, include_str!("migrations/0003_jobs.sql")),
    (4, include_str!("migrations/0004_by_priority.sql")),
    (5, include_str!("migrations/0005_archives.sql")),
    (6, include_str!("migrations/0006_followers.sql")),
    (7, include_str!("migrations/0007_one_parent.sql")),
    (8, include_str!("migrations/0008_public_version.sql")),
    (9, include_str!("migrations/0009_people.sql")),
    (10, include_str!("migrations/0010_lists.sql")),
    (11, include_str!("migrations/0011_presence.sql")),
    (12, include_str!("migrations/0012_typed_names.sql")),
    (13, include_str!("migrations/0013_affected.sql")),
    (14, include_str!("migrations/0014_oversight.sql")),
    (15, include_str!("migrations/0015_health.sql")),
    (16, include_str!("migrations/0016_names_taken.sql")),
];

/// The newest schema version this program knows.
pub const NEWEST: i64 = MIGRATIONS[MIGRATIONS.len() - 1].0;

/// Names of all tables that hold data, in an order in which they can be copied.
pub const TABLES: &[&str] = &[
    "meta",
    "journal",
    "journal_payload",
    "seal",
    "record",
    "record_alias",
    "record_value",
    "record_link",
    "record_below",
    "legal_hold",
    "watcher",
    "reminder",
    "notice",
    "task",
    "timer",
    "message",
    "outbox",
    "blob",
    "attachment",
    "archive",
    "app_user",
    "username",
    "identity",
    "directory",
    "session",
    "token",
    "sign_in_failure",
    "pack_version",
    "number_block",
    "idempotency",
    "job",
    "job_row",
    "job_input",
    "job_part",
    "index_building",
    "presence",
    "preference",
    "backup",
    "node",
    "lease",
    "secret",
];

/// What is kept of the state before a migration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Before {
    /// A copy of the file beside it; PostgreSQL has its own backups and migrates by expand and contract.
    Copy,
    /// Nothing: the database is a copy itself.
    Nothing,
}

/// The schema version found, 0 for an empty database.
pub fn version(sql: &mut dyn Sql) -> Result<i64, StoreError> {
    if sql.query(dialect::columns_sql(sql.dialect()), &params!["meta"])?.is_empty() {
        return Ok(0);
    }
    let row = sql.first("SELECT value FROM meta WHERE key = 'schema'", &[])?;
    row.map_or(Ok(0), |row| row.text(0)?.parse().map_err(|error| StoreError::damaged("schema version", error)))
}

/// Where the copy of a database file is kept that was made before its schema left a version.
pub fn copy_path(file: &std::path::Path, version: i64) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(format!(".schema-{version}"));
    name.into()
}

/// Brings the database to the newest schema; refuses one that is newer than this program.
pub(crate) async fn run(db: &Db, before: Before) -> Result<(), StoreError> {
    run_all(db, before, MIGRATIONS).await
}

async fn run_all(db: &Db, before: Before, migrations: &'static [Migration]) -> Result<(), StoreError> {
    let newest = migrations.last().map_or(0, |(number, _)| *number);
    let found = db.read(version).await?;
    if let (Before::Copy, Some(file)) = (before, db.file())
        && (1..newest).contains(&found)
    {
        let copy = copy_path(file, found);
        db.copy_file(&copy).await?;
        tracing::info!(copy = %copy.display(), schema = found, "the database was copied before its migration");
    }
    db.write(move |tx| {
        refuse_unfinished(tx)?;
        bring_to(tx, migrations, newest)
    })
    .await
}

/// Brings the database to a schema version in the caller's transaction; refuses one that is newer.
pub fn to(tx: &mut dyn Tx, wanted: i64) -> Result<(), StoreError> {
    bring_to(tx, MIGRATIONS, wanted)
}

/// Makes what every database has before its first migration, and makes others that start meanwhile wait.
fn found(tx: &mut dyn Tx) -> Result<(), StoreError> {
    let dialect = tx.dialect();
    tx.script(dialect::take_turns(dialect))?;
    tx.script(&dialect::translate("CREATE TABLE IF NOT EXISTS meta (key $TEXT PRIMARY KEY, value $TEXT NOT NULL) $STRICT", dialect))?;
    tx.execute("INSERT INTO meta (key, value) VALUES ('schema', '0') ON CONFLICT (key) DO NOTHING", &[])?;
    tx.execute("INSERT INTO meta (key, value) VALUES ('epoch', '0') ON CONFLICT (key) DO NOTHING", &[])?;
    Ok(())
}

/// Notes that a restore begins: until it ends, the database is empty and nobody may take it for a new one.
pub(crate) fn begin_restore(tx: &mut dyn Tx) -> Result<(), StoreError> {
    found(tx)?;
    tx.execute("INSERT INTO meta (key, value) VALUES ('restoring', '1') ON CONFLICT (key) DO NOTHING", &[])?;
    Ok(())
}

/// Takes that note away, in the transaction that brings the data.
pub(crate) fn end_restore(tx: &mut dyn Tx) -> Result<(), StoreError> {
    tx.execute("DELETE FROM meta WHERE key = 'restoring'", &[])?;
    Ok(())
}

/// Refuses a database into which a restore has begun and not ended.
pub fn refuse_unfinished(sql: &mut dyn Sql) -> Result<(), StoreError> {
    let there = !sql.query(dialect::columns_sql(sql.dialect()), &params!["meta"])?.is_empty();
    if there && sql.first("SELECT 1 FROM meta WHERE key = 'restoring'", &[])?.is_some() {
        return Err(StoreError::Unfinished);
    }
    Ok(())
}

fn bring_to(tx: &mut dyn Tx, migrations: &[Migration], wanted: i64) -> Result<(), StoreError> {
    let dialect = tx.dialect();
    found(tx)?;
    let found = version(tx)?;
    if found > wanted {
        return Err(StoreError::NewerSchema { found, known: wanted });
    }
    for (number, text) in migrations.iter().filter(|(number, _)| (found + 1..=wanted).contains(number)) {
        tx.script(&dialect::translate(text, dialect))?;
        tx.execute("UPDATE meta SET value = $1 WHERE key = 'schema'", &params![number.to_string()])?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Address;

    /// The schema of this program and one migration more.
    const LATER: i64 = NEWEST + 1;

    fn with(script: &'static str) -> &'static [Migration] {
        let mut all = MIGRATIONS.to_vec();
        all.push((LATER, script));
        all.leak()
    }

    fn one_more() -> &'static [Migration] {
        with("CREATE TABLE later (x $INT) $STRICT;")
    }

    async fn schema(file: &std::path::Path) -> i64 {
        Db::connect(&Address::File(file.to_owned())).await.unwrap().read(version).await.unwrap()
    }

    #[tokio::test]
    async fn a_database_file_is_copied_before_its_schema_changes() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("yuheng.db");
        let db = Db::open(&Address::File(file.clone())).await.unwrap();
        let copy = copy_path(&file, NEWEST);
        assert!(!copy.exists(), "a new database needs no copy");
        run_all(&db, Before::Copy, one_more()).await.unwrap();
        assert_eq!((schema(&file).await, schema(&copy).await), (LATER, NEWEST));
        std::fs::remove_file(&copy).unwrap();
        run_all(&db, Before::Copy, one_more()).await.unwrap();
        assert!(!copy.exists(), "nothing was migrated, so nothing was copied");
    }

    #[tokio::test]
    async fn an_older_program_refuses_a_newer_schema_and_leaves_it_alone() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("yuheng.db");
        let db = Db::connect(&Address::File(file.clone())).await.unwrap();
        run_all(&db, Before::Copy, one_more()).await.unwrap();
        let refused = Db::open(&Address::File(file.clone())).await.err();
        assert!(matches!(refused, Some(StoreError::NewerSchema { found: LATER, known: NEWEST })), "{refused:?}");
        assert_eq!(schema(&file).await, LATER);
    }

    #[tokio::test]
    async fn a_migration_that_fails_leaves_the_schema_before_it() {
        let broken = with("CREATE TABLE later (x $INT) $STRICT; CREATE TABLE later (x $INT) $STRICT;");
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("yuheng.db");
        let db = Db::open(&Address::File(file.clone())).await.unwrap();
        assert!(run_all(&db, Before::Copy, broken).await.is_err());
        assert_eq!(schema(&file).await, NEWEST);
        assert!(db.read(|sql| sql.query(dialect::columns_sql(sql.dialect()), &params!["later"])).await.unwrap().is_empty());
    }
}
