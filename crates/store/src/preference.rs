//! How people like to see things.

use uuid::Uuid;

use crate::sql::{Sql, Statement};
use crate::{StoreError, dialect, params};

/// What somebody likes, as JSON text; `lock` keeps it as it is until the transaction ends.
pub fn find(sql: &mut dyn Sql, user: Uuid, lock: bool) -> Result<Option<String>, StoreError> {
    let lock = if lock { dialect::for_update(sql.dialect()) } else { "" };
    sql.first(&format!("SELECT body FROM preference WHERE user_id = $1{lock}"), &params![user])?.map(|row| row.text(0)).transpose()
}

/// Keeps it.
pub fn put(user: Uuid, body: &str) -> Statement {
    Statement::one(
        "INSERT INTO preference (user_id, body) VALUES ($1, $2) ON CONFLICT (user_id) DO UPDATE SET body = excluded.body",
        params![user, body],
    )
}
