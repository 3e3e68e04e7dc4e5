//! First answers of requests that carry an Idempotency-Key.

use uuid::Uuid;

use crate::sql::{Sql, Statement};
use crate::{StoreError, params};

/// A kept answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Digest of the request's body.
    pub body_hash: Vec<u8>,
    /// HTTP status of the first answer.
    pub status: i64,
    /// What is needed to give the first answer again, JSON text.
    pub answer: String,
}

/// The answer kept under a user's key for a route.
pub fn find(sql: &mut dyn Sql, user: Uuid, route: &str, key: &str) -> Result<Option<Kept>, StoreError> {
    sql.first(
        "SELECT body_hash, status, answer FROM idempotency WHERE user_id = $1 AND route = $2 AND key = $3",
        &params![user, route, key],
    )?
    .map(|row| Ok(Kept { body_hash: row.blob(0)?, status: row.int(1)?, answer: row.text(2)? }))
    .transpose()
}

/// Keeps an answer in the transaction of the command; a taken key undoes the whole write set.
pub fn insert(user: Uuid, route: &str, key: &str, kept: &Kept, now: i64) -> Statement {
    Statement::one(
        "INSERT INTO idempotency (user_id, route, key, body_hash, status, answer, created_at) VALUES ($1,$2,$3,$4,$5,$6,$7)",
        params![user, route, key, kept.body_hash.as_slice(), kept.status, &kept.answer, now],
    )
}

/// Forgets answers older than an instant.
pub fn sweep(before: i64) -> Statement {
    Statement::new("DELETE FROM idempotency WHERE created_at < $1", params![before])
}
