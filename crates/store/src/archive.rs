//! Archives: where to find what was archived of records before they were removed.

use uuid::Uuid;

use crate::sql::{Row, Sql, Statement, Value};
use crate::{StoreError, params};

/// An archive with the size of its content.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "columns of the table; size in bytes, instants UTC milliseconds")]
pub struct ArchiveRow {
    /// The record that it is of.
    pub record: Uuid,
    pub type_key: String,
    pub number: String,
    pub phase: String,
    pub ended_at: i64,
    pub archived_at: i64,
    pub sha256: Vec<u8>,
    pub size: i64,
}

pub(crate) const COLUMNS: &str = "a.record, a.type, a.number, a.phase, a.ended_at, a.archived_at, a.blob, COALESCE(b.size, -1)";
/// Where those columns are: a row without its content is one all the same, and `yuheng check` tells.
pub(crate) const TABLES: &str = "archive a LEFT JOIN blob b ON b.sha256 = a.blob";

pub(crate) fn read(row: &Row) -> Result<ArchiveRow, StoreError> {
    Ok(ArchiveRow {
        record: row.id(0)?,
        type_key: row.text(1)?,
        number: row.text(2)?,
        phase: row.text(3)?,
        ended_at: row.int(4)?,
        archived_at: row.int(5)?,
        sha256: row.blob(6)?,
        size: row.int(7)?,
    })
}

/// Notes where an archive is. Its content must be stored before, and counts as used now.
pub fn insert(row: &ArchiveRow) -> [Statement; 2] {
    [
        // Not one row when the content is being removed: the whole write set is undone then.
        Statement::one(
            "UPDATE blob SET used_at = $2 WHERE sha256 = $1 AND size = $3 AND collecting = 0",
            params![row.sha256.as_slice(), row.archived_at, row.size],
        ),
        Statement::one(
            "INSERT INTO archive (record, type, number, phase, ended_at, archived_at, blob) VALUES ($1, $2, $3, $4, $5, $6, $7)",
            params![row.record, &row.type_key, &row.number, &row.phase, row.ended_at, row.archived_at, row.sha256.as_slice()],
        ),
    ]
}

/// Forgets an archive. Its content counts as used until now, since a backup that reads the moment before must still find it.
pub fn remove(record: Uuid, now: i64) -> [Statement; 2] {
    [
        Statement::new(
            "UPDATE blob SET used_at = $2 WHERE used_at < $2 AND sha256 IN (SELECT blob FROM archive WHERE record = $1)",
            params![record, now],
        ),
        Statement::one("DELETE FROM archive WHERE record = $1", params![record]),
    ]
}

/// The archive of a record.
pub fn find(sql: &mut dyn Sql, record: Uuid) -> Result<Option<ArchiveRow>, StoreError> {
    sql.first(&format!("SELECT {COLUMNS} FROM {TABLES} WHERE a.record = $1"), &params![record])?.map(|row| read(&row)).transpose()
}

/// Archives, newest first, after (`archived_at`, record); of one type and number, if they are given.
pub fn list(
    sql: &mut dyn Sql,
    type_key: Option<&str>,
    number: Option<&str>,
    after: Option<(i64, Uuid)>,
    limit: i64,
) -> Result<Vec<ArchiveRow>, StoreError> {
    let (at, id) = after.map_or((i64::MAX, vec![0xff; 17]), |(at, id)| (at, id.as_bytes().to_vec()));
    let mut values = params![at, id, limit];
    let mut conditions = String::new();
    for (column, wanted) in [("type", type_key), ("number", number)] {
        if let Some(wanted) = wanted {
            values.push(Value::from(wanted));
            conditions.push_str(&format!(" AND a.{column} = ${}", values.len()));
        }
    }
    let text = format!(
        "SELECT {COLUMNS} FROM {TABLES} WHERE (a.archived_at, a.record) < ($1, $2){conditions} \
         ORDER BY a.archived_at DESC, a.record DESC LIMIT $3"
    );
    sql.query(&text, &values)?.iter().map(read).collect()
}
