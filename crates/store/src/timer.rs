//! Due instants of flows. The fold keeps them; a worker asks which are due.

use uuid::Uuid;

use crate::sql::{Sql, Statement};
use crate::{StoreError, params};

/// Sets a timer, or moves it.
pub fn put(record: Uuid, timer: u32, due_at: i64) -> Statement {
    Statement::one(
        "INSERT INTO timer (record, timer, due_at) VALUES ($1, $2, $3) \
         ON CONFLICT (record, timer) DO UPDATE SET due_at = excluded.due_at, attempts = 0",
        params![record, timer, due_at],
    )
}

/// Removes a timer that fired or was cleared.
pub fn remove(record: Uuid, timer: u32) -> Statement {
    Statement::new("DELETE FROM timer WHERE record = $1 AND timer = $2", params![record, timer])
}

/// Timers that are due at `now`, the longest overdue first.
///
/// A timer whose effect failed again and again is left to the operator after 20 tries, so that one broken record does
/// not hold up the rest.
pub fn due(sql: &mut dyn Sql, now: i64, limit: i64) -> Result<Vec<(Uuid, u32, i64)>, StoreError> {
    sql.query(
        "SELECT record, timer, due_at FROM timer WHERE due_at <= $1 AND attempts < 20 ORDER BY due_at LIMIT $2",
        &params![now, limit],
    )?
    .iter()
    .map(|row| Ok((row.id(0)?, u32::try_from(row.int(1)?).map_err(|error| StoreError::damaged("timer", error))?, row.int(2)?)))
    .collect()
}

/// Notes that firing a timer failed.
pub fn failed(record: Uuid, timer: u32) -> Statement {
    Statement::new("UPDATE timer SET attempts = attempts + 1 WHERE record = $1 AND timer = $2", params![record, timer])
}

/// The timers of a record as (timer, due).
pub fn of_record(sql: &mut dyn Sql, record: Uuid) -> Result<Vec<(u32, i64)>, StoreError> {
    sql.query("SELECT timer, due_at FROM timer WHERE record = $1 ORDER BY timer LIMIT 1000", &params![record])?
        .iter()
        .map(|row| Ok((u32::try_from(row.int(0)?).map_err(|error| StoreError::damaged("timer", error))?, row.int(1)?)))
        .collect()
}
