//! Internal messages: effects of one aggregate on another, applied as commands exactly once.

use uuid::Uuid;

use crate::sql::{Sql, Statement};
use crate::{StoreError, params};

/// A message that waits to be applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Identity, by which it is applied once.
    pub id: Uuid,
    /// The aggregate it is for.
    pub target: Uuid,
    /// The command, JSON text.
    pub command: String,
    /// The command that caused it.
    pub cause: Uuid,
    /// How often it was tried.
    pub attempts: i64,
}

/// Queues a message in the transaction that causes it.
pub fn insert(message: &Message, now: i64) -> Statement {
    Statement::one(
        "INSERT INTO message (id, target, command, cause, state, attempts, next_at, created_at) VALUES ($1,$2,$3,$4,'waiting',0,$5,$5)",
        params![message.id, message.target, &message.command, message.cause, now],
    )
}

/// Marks a message as applied, in the write set of its command; a second time undoes that write set.
pub fn applied(id: Uuid) -> Statement {
    Statement::one("UPDATE message SET state = 'applied' WHERE id = $1 AND state = 'waiting'", params![id])
}

/// Marks a message as refused for good, with the reason.
pub fn refused(id: Uuid, error: &str) -> Statement {
    Statement::new("UPDATE message SET state = 'refused', error = $2 WHERE id = $1 AND state = 'waiting'", params![id, error])
}

/// Puts a message off until `next_at`.
pub fn put_off(id: Uuid, next_at: i64, error: &str) -> Statement {
    Statement::new(
        "UPDATE message SET attempts = attempts + 1, next_at = $2, error = $3 WHERE id = $1 AND state = 'waiting'",
        params![id, next_at, error],
    )
}

/// Whether messages for an aggregate wait to be applied.
pub fn waits(sql: &mut dyn Sql, target: Uuid) -> Result<bool, StoreError> {
    Ok(sql.first("SELECT 1 FROM message WHERE target = $1 AND state = 'waiting' LIMIT 1", &params![target])?.is_some())
}

/// Messages that are due at `now`.
pub fn due(sql: &mut dyn Sql, now: i64, limit: i64) -> Result<Vec<Message>, StoreError> {
    sql.query(
        "SELECT id, target, command, cause, attempts FROM message WHERE state = 'waiting' AND next_at <= $1 ORDER BY next_at LIMIT $2",
        &params![now, limit],
    )?
    .iter()
    .map(|row| Ok(Message { id: row.id(0)?, target: row.id(1)?, command: row.text(2)?, cause: row.id(3)?, attempts: row.int(4)? }))
    .collect()
}
