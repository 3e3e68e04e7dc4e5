//! Reminders and promised calls: what is to happen on a record at a time, and who sees to it.

use uuid::Uuid;

use crate::sql::{Row, Sql, Statement};
use crate::{StoreError, params};

/// A reminder or a promised call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReminderRow {
    /// Identity.
    pub id: Uuid,
    /// The record.
    pub record: Uuid,
    /// `reminder` or `call_back`.
    pub kind: String,
    /// Who is to see to it.
    pub user: Uuid,
    /// Who set it.
    pub by: Option<Uuid>,
    /// When it is due, in UTC milliseconds.
    pub due_at: i64,
    /// What it is about.
    pub note: String,
    /// Whom to call.
    pub phone: Option<String>,
}

pub(crate) const COLUMNS: &str = "m.id, m.record, m.kind, m.user_id, m.by_user, m.due_at, m.note, m.phone";

pub(crate) fn read(row: &Row) -> Result<ReminderRow, StoreError> {
    Ok(ReminderRow {
        id: row.id(0)?,
        record: row.id(1)?,
        kind: row.text(2)?,
        user: row.id(3)?,
        by: row.opt_id(4)?,
        due_at: row.int(5)?,
        note: row.text(6)?,
        phone: row.opt_text(7)?,
    })
}

/// What is set on a record, the earliest first, at most 200.
pub fn of_record(sql: &mut dyn Sql, record: Uuid) -> Result<Vec<ReminderRow>, StoreError> {
    sql.query(&format!("SELECT {COLUMNS} FROM reminder m WHERE m.record = $1 ORDER BY m.due_at, m.id LIMIT 200"), &params![record])?
        .iter()
        .map(read)
        .collect()
}

/// A reminder.
pub fn find(sql: &mut dyn Sql, id: Uuid) -> Result<Option<ReminderRow>, StoreError> {
    sql.first(&format!("SELECT {COLUMNS} FROM reminder m WHERE m.id = $1"), &params![id])?.map(|row| read(&row)).transpose()
}

/// What somebody is to see to, the earliest first.
pub fn of_user(sql: &mut dyn Sql, user: Uuid, after: Option<(i64, Uuid)>, limit: i64) -> Result<Vec<ReminderRow>, StoreError> {
    let (at, id) = after.unwrap_or((i64::MIN, Uuid::nil()));
    sql.query(
        &format!("SELECT {COLUMNS} FROM reminder m WHERE m.user_id = $1 AND (m.due_at, m.id) > ($2, $3) ORDER BY m.due_at, m.id LIMIT $4"),
        &params![user, at, id, limit],
    )?
    .iter()
    .map(read)
    .collect()
}

/// Promised calls that are overdue at `now`, the longest overdue first.
pub fn overdue(sql: &mut dyn Sql, now: i64, after: Option<(i64, Uuid)>, limit: i64) -> Result<Vec<ReminderRow>, StoreError> {
    let (at, id) = after.unwrap_or((i64::MIN, Uuid::nil()));
    sql.query(
        &format!(
            "SELECT {COLUMNS} FROM reminder m WHERE m.kind = 'call_back' AND m.due_at <= $1 AND (m.due_at, m.id) > ($2, $3) \
             ORDER BY m.due_at, m.id LIMIT $4"
        ),
        &params![now, at, id, limit],
    )?
    .iter()
    .map(read)
    .collect()
}

/// What is due at `now` and was not told yet.
pub fn due(sql: &mut dyn Sql, now: i64, limit: i64) -> Result<Vec<ReminderRow>, StoreError> {
    sql.query(
        &format!("SELECT {COLUMNS} FROM reminder m WHERE m.told_at IS NULL AND m.due_at <= $1 ORDER BY m.due_at, m.id LIMIT $2"),
        &params![now, limit],
    )?
    .iter()
    .map(read)
    .collect()
}

/// Sets one.
pub fn insert(row: &ReminderRow) -> Statement {
    Statement::one(
        "INSERT INTO reminder (id, record, kind, user_id, by_user, due_at, note, phone) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        params![row.id, row.record, &row.kind, row.user, row.by, row.due_at, &row.note, row.phone.as_ref()],
    )
}

/// Takes it away: it is done, or nobody wants it any more.
pub fn remove(id: Uuid) -> Statement {
    Statement::one("DELETE FROM reminder WHERE id = $1", params![id])
}

/// Notes that it was told; one alone tells it.
pub fn told(id: Uuid, now: i64) -> Statement {
    Statement::one("UPDATE reminder SET told_at = $2 WHERE id = $1 AND told_at IS NULL", params![id, now])
}
