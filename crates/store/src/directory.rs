//! The directory: teams, roles, sites, services, departments, customers and settings. Few, and read whole.

use uuid::Uuid;

use crate::sql::{Row, Sql, Statement, Tx};
use crate::{StoreError, dialect, params};

/// An entry of the directory: its fold as JSON text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DirectoryRow {
    /// Identity.
    pub id: Uuid,
    /// `team`, `role`, `site`, `service`, `department`, `customer` or `setting`.
    pub kind: String,
    /// Natural key, unique within the kind.
    pub key: String,
    /// Whether it can still be chosen. Nothing here is ever deleted.
    pub active: bool,
    /// The fold, JSON text.
    pub data: String,
    /// Sequence number of the last journal entry.
    pub version: i64,
    /// Head of the hash chain.
    pub chain: Vec<u8>,
}

pub(crate) const COLUMNS: &str = "id, kind, key, active, data, version, chain";

pub(crate) fn read(row: &Row) -> Result<DirectoryRow, StoreError> {
    Ok(DirectoryRow {
        id: row.id(0)?,
        kind: row.text(1)?,
        key: row.text(2)?,
        active: row.flag(3)?,
        data: row.text(4)?,
        version: row.int(5)?,
        chain: row.blob(6)?,
    })
}

/// Writes a new entry.
pub fn insert(row: &DirectoryRow) -> Statement {
    Statement::one(
        "INSERT INTO directory (id, kind, key, active, data, version, chain) VALUES ($1,$2,$3,$4,$5,$6,$7)",
        params![row.id, &row.kind, &row.key, row.active, &row.data, row.version, row.chain.as_slice()],
    )
}

/// Writes an entry's new fold over the version it was decided on.
pub fn update(row: &DirectoryRow, expected_version: i64) -> Statement {
    Statement::one(
        "UPDATE directory SET kind=$2, key=$3, active=$4, data=$5, version=$6, chain=$7 WHERE id=$1 AND version=$8",
        params![row.id, &row.kind, &row.key, row.active, &row.data, row.version, row.chain.as_slice(), expected_version],
    )
}

/// Tells every node that directory, users or packs have changed, in the transaction that changes them.
pub fn bump_epoch() -> Statement {
    Statement::new("UPDATE meta SET value = CAST(CAST(value AS INTEGER) + 1 AS TEXT) WHERE key = 'epoch'", Vec::new())
}

/// The counter that [`bump_epoch`] raises.
pub fn epoch(sql: &mut dyn Sql) -> Result<i64, StoreError> {
    sql.first("SELECT value FROM meta WHERE key = 'epoch'", &[])?
        .map_or(Ok(0), |row| row.text(0)?.parse().map_err(|error| StoreError::damaged("epoch", error)))
}

/// How long what is over is still read, in milliseconds.
const OVER: i64 = 30 * 24 * 3_600_000;
/// Most entries of a kind that come and go.
const PASSING: i64 = 1_000;

/// The directory as nodes keep it, by kind and key. An organisation has hundreds of entries; 100,000 is the bound. Announcements come and
/// go for ever: of those that are over, only the last are among them.
pub fn all(sql: &mut dyn Sql) -> Result<Vec<DirectoryRow>, StoreError> {
    let lasting = format!("SELECT {COLUMNS} FROM directory WHERE kind <> 'announcement' ORDER BY kind, key LIMIT 100000");
    let (dialect, after) = (sql.dialect(), format!("{} - {OVER}", dialect::now_ms(sql.dialect())));
    let (from, until) = (dialect::json_int(dialect, "data", "from"), dialect::json_int(dialect, "data", "until"));
    let passing = format!(
        "SELECT {COLUMNS} FROM directory WHERE kind = 'announcement' AND ({until} > {after} OR {until} IS NULL AND (active = 1 OR {from} > {after})) \
         ORDER BY CASE WHEN {until} IS NULL THEN 0 ELSE 1 END, {until} DESC, key LIMIT {PASSING}"
    );
    let mut rows = sql.query(&lasting, &[])?;
    rows.extend(sql.query(&passing, &[])?);
    rows.iter().map(read).collect()
}

/// The entry of a kind with this key, as it is in the database and not in the memory of a node.
pub fn find_key(sql: &mut dyn Sql, kind: &str, key: &str) -> Result<Option<DirectoryRow>, StoreError> {
    sql.first(&format!("SELECT {COLUMNS} FROM directory WHERE kind = $1 AND key = $2"), &params![kind, key])?
        .map(|row| read(&row))
        .transpose()
}

/// The same, kept as it is until the transaction ends.
pub fn lock_key(tx: &mut dyn Tx, kind: &str, key: &str) -> Result<Option<DirectoryRow>, StoreError> {
    let lock = dialect::for_update(tx.dialect());
    tx.first(&format!("SELECT {COLUMNS} FROM directory WHERE kind = $1 AND key = $2{lock}"), &params![kind, key])?
        .map(|row| read(&row))
        .transpose()
}

/// The first announcement of a record, however long it is over.
pub fn announcement_of(sql: &mut dyn Sql, record: Uuid) -> Result<Option<DirectoryRow>, StoreError> {
    let (about, from) = (dialect::json_text(sql.dialect(), "data", "record"), dialect::json_int(sql.dialect(), "data", "from"));
    let text = format!("SELECT {COLUMNS} FROM directory WHERE kind = 'announcement' AND {about} = $1 ORDER BY {from}, key LIMIT 1");
    sql.first(&text, &params![record.to_string()])?.map(|row| read(&row)).transpose()
}

/// The entry with this identity.
pub fn find(sql: &mut dyn Sql, id: Uuid) -> Result<Option<DirectoryRow>, StoreError> {
    sql.first(&format!("SELECT {COLUMNS} FROM directory WHERE id = $1"), &params![id])?.map(|row| read(&row)).transpose()
}
