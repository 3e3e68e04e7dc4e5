//! Watchers: who follows a record although it is not theirs.

use uuid::Uuid;

use crate::sql::{Sql, Statement};
use crate::{StoreError, params};

/// Most people who follow one record.
pub const MOST: i64 = 500;

/// Who follows a record.
pub fn of_record(sql: &mut dyn Sql, record: Uuid) -> Result<Vec<Uuid>, StoreError> {
    sql.query("SELECT user_id FROM watcher WHERE record = $1 ORDER BY user_id LIMIT $2", &params![record, MOST])?
        .iter()
        .map(|row| row.id(0))
        .collect()
}

/// Lets somebody follow a record; once is enough.
pub fn add(record: Uuid, user: Uuid) -> Statement {
    Statement::new("INSERT INTO watcher (record, user_id) VALUES ($1, $2) ON CONFLICT (record, user_id) DO NOTHING", params![record, user])
}

/// Lets somebody follow it no more.
pub fn remove(record: Uuid, user: Uuid) -> Statement {
    Statement::new("DELETE FROM watcher WHERE record = $1 AND user_id = $2", params![record, user])
}

/// Records that somebody follows, the newest opened first, at most `limit`, as (opened, record) after such a pair.
pub fn of_user(sql: &mut dyn Sql, user: Uuid, after: Option<(i64, Uuid)>, limit: i64) -> Result<Vec<(i64, Uuid)>, StoreError> {
    let (at, id) = after.unwrap_or((i64::MAX, Uuid::max()));
    sql.query(
        "SELECT r.opened_at, r.id FROM watcher w JOIN record r ON r.id = w.record \
         WHERE w.user_id = $1 AND (r.opened_at, r.id) < ($2, $3) ORDER BY r.opened_at DESC, r.id DESC LIMIT $4",
        &params![user, at, id, limit],
    )?
    .iter()
    .map(|row| Ok((row.int(0)?, row.id(1)?)))
    .collect()
}
