//! Notices: which entries of records' journals concern whom, and whether they have seen them.

use uuid::Uuid;

use crate::sql::{Row, Sql, Statement, any_of};
use crate::{StoreError, params};

/// A notice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoticeRow {
    /// Whom it concerns.
    pub user: Uuid,
    /// The record.
    pub record: Uuid,
    /// The entry of its journal; for a reminder, the last one.
    pub seq: i64,
    /// Why it concerns them: one of the words of `desk::notice::About`.
    pub about: String,
    /// The reminder, where it is about one; else empty.
    pub subject: String,
    /// Event of the entry.
    pub event: String,
    /// Whether only those who see internal entries may know of it.
    pub internal: bool,
    /// Who did it.
    pub by: Option<Uuid>,
    /// When, in UTC milliseconds.
    pub at: i64,
    /// When it was seen.
    pub read_at: Option<i64>,
}

const COLUMNS: &str = "user_id, record, seq, about, subject, event, internal, by_user, at, read_at";

fn read(row: &Row) -> Result<NoticeRow, StoreError> {
    Ok(NoticeRow {
        user: row.id(0)?,
        record: row.id(1)?,
        seq: row.int(2)?,
        about: row.text(3)?,
        subject: row.text(4)?,
        event: row.text(5)?,
        internal: row.flag(6)?,
        by: row.opt_id(7)?,
        at: row.int(8)?,
        read_at: row.opt_int(9)?,
    })
}

/// Tells somebody.
pub fn insert(row: &NoticeRow) -> Statement {
    Statement::new(
        format!("INSERT INTO notice ({COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, NULL) ON CONFLICT DO NOTHING"),
        params![row.user, row.record, row.seq, &row.about, &row.subject, &row.event, row.internal, row.by, row.at],
    )
}

/// Tells all who follow the record, but for who did it and who was told of this entry already. PostgreSQL takes the type of a value
/// that is merely selected from what stands beside it.
pub fn insert_watchers(row: &NoticeRow) -> Statement {
    Statement::new(
        format!(
            "INSERT INTO notice ({COLUMNS}) \
             SELECT w.user_id, w.record, $2, $3, '', $4, CAST($5 AS BIGINT), CASE WHEN w.record = $1 THEN $6 ELSE w.record END, \
             CAST($7 AS BIGINT), NULL FROM watcher w WHERE w.record = $1 AND w.affected = 0 AND w.user_id <> $8 \
             AND NOT EXISTS (SELECT 1 FROM notice n WHERE n.user_id = w.user_id AND n.record = $1 AND n.seq = $2)"
        ),
        params![row.record, row.seq, &row.about, &row.event, row.internal, row.by, row.at, row.by.unwrap_or_else(Uuid::nil)],
    )
}

/// Which notices are asked for.
#[derive(Clone, Copy, Debug)]
pub struct Wanted {
    /// Whose.
    pub user: Uuid,
    /// Only those that were not seen.
    pub unread: bool,
    /// Instant, record and entry of the last one of the page before.
    pub after: Option<(i64, Uuid, i64)>,
    /// At most so many.
    pub limit: i64,
}

/// Notices of a person, the newest first.
pub fn list(sql: &mut dyn Sql, wanted: &Wanted) -> Result<Vec<NoticeRow>, StoreError> {
    let (at, record, seq) = wanted.after.unwrap_or((i64::MAX, Uuid::max(), i64::MAX));
    let unread = if wanted.unread { " AND read_at IS NULL" } else { "" };
    sql.query(
        &format!(
            "SELECT {COLUMNS} FROM notice WHERE user_id = $1{unread} AND (at, record, seq) < ($2, $3, $4) \
             ORDER BY at DESC, record DESC, seq DESC, about, subject LIMIT $5"
        ),
        &params![wanted.user, at, record, seq, wanted.limit],
    )?
    .iter()
    .map(read)
    .collect()
}

/// Notes that somebody has seen what concerned them of a record, up to an entry.
pub fn seen(user: Uuid, record: Uuid, seq: i64, now: i64) -> Statement {
    Statement::new(
        "UPDATE notice SET read_at = $4 WHERE user_id = $1 AND record = $2 AND seq <= $3 AND read_at IS NULL",
        params![user, record, seq, now],
    )
}

/// Notes that somebody has seen everything up to an instant.
pub fn all_seen(user: Uuid, until: i64, now: i64) -> Statement {
    Statement::new("UPDATE notice SET read_at = $3 WHERE user_id = $1 AND at <= $2 AND read_at IS NULL", params![user, until, now])
}

/// Who was told of something new on one of these records since an instant.
pub fn told_since(sql: &mut dyn Sql, records: &[Uuid], since: i64) -> Result<Vec<Uuid>, StoreError> {
    if records.is_empty() {
        return Ok(Vec::new());
    }
    let (marks, mut values) = any_of(records);
    values.push(since.into());
    let n = values.len();
    let text = format!("SELECT DISTINCT user_id FROM notice WHERE record IN ({marks}) AND at >= ${n} AND read_at IS NULL LIMIT 10000");
    sql.query(&text, &values)?.iter().map(|row| row.id(0)).collect()
}

/// Forgets what is older than an instant.
pub fn sweep(before: i64) -> Statement {
    Statement::new("DELETE FROM notice WHERE at < $1", params![before])
}
