//! Backups that were made of this database, or tried: what a running system can know of them.

use uuid::Uuid;

use crate::sql::{Row, Sql, Statement};
use crate::{StoreError, params};

/// A backup.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackupRow {
    /// Identity.
    pub id: Uuid,
    /// When it began, in UTC milliseconds.
    pub began_at: i64,
    /// When it ended.
    pub ended_at: i64,
    /// Where it was written.
    pub file: String,
    /// Size of the file; none where it was not made.
    pub bytes: Option<i64>,
    /// How many contents of files were gone or damaged.
    pub missing: i64,
    /// Why it was not made.
    pub failure: Option<String>,
}

const COLUMNS: &str = "id, began_at, ended_at, file, bytes, missing, failure";

fn read(row: &Row) -> Result<BackupRow, StoreError> {
    Ok(BackupRow {
        id: row.id(0)?,
        began_at: row.int(1)?,
        ended_at: row.int(2)?,
        file: row.text(3)?,
        bytes: row.opt_int(4)?,
        missing: row.int(5)?,
        failure: row.opt_text(6)?,
    })
}

/// Notes one.
pub fn insert(row: &BackupRow) -> Statement {
    Statement::one(
        format!("INSERT INTO backup ({COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7)"),
        params![row.id, row.began_at, row.ended_at, &row.file, row.bytes, row.missing, row.failure.as_ref()],
    )
}

/// The newest one; of those that were made alone when `made`.
pub fn newest(sql: &mut dyn Sql, made: bool) -> Result<Option<BackupRow>, StoreError> {
    let which = if made { " WHERE failure IS NULL" } else { "" };
    let text = format!("SELECT {COLUMNS} FROM backup{which} ORDER BY ended_at DESC, id DESC LIMIT 1");
    sql.first(&text, &[])?.map(|row| read(&row)).transpose()
}

/// Forgets those that ended before an instant.
pub fn sweep(before: i64) -> Statement {
    Statement::new("DELETE FROM backup WHERE ended_at < $1", params![before])
}
