//! Who looks at a record at the moment.

use uuid::Uuid;

use crate::sql::{Sql, Statement};
use crate::{StoreError, params};

/// Most people told of one record.
const MOST: i64 = 50;

/// Somebody who looks at a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Present {
    /// Who.
    pub user: Uuid,
    /// When they last said so, UTC milliseconds.
    pub seen_at: i64,
    /// Whether they are writing.
    pub typing: bool,
}

/// Those who said since `since` that they look at it, in order of identity.
pub fn of_record(sql: &mut dyn Sql, record: Uuid, since: i64) -> Result<Vec<Present>, StoreError> {
    sql.query(
        "SELECT user_id, seen_at, typing FROM presence WHERE record = $1 AND seen_at >= $2 ORDER BY user_id LIMIT $3",
        &params![record, since, MOST],
    )?
    .iter()
    .map(|row| Ok(Present { user: row.id(0)?, seen_at: row.int(1)?, typing: row.flag(2)? }))
    .collect()
}

/// Notes that somebody looks at it.
pub fn put(record: Uuid, it: Present) -> Statement {
    Statement::one(
        "INSERT INTO presence (record, user_id, seen_at, typing) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (record, user_id) DO UPDATE SET seen_at = excluded.seen_at, typing = excluded.typing",
        params![record, it.user, it.seen_at, it.typing],
    )
}

/// Notes that somebody no longer does.
pub fn remove(record: Uuid, user: Uuid) -> Statement {
    Statement::new("DELETE FROM presence WHERE record = $1 AND user_id = $2", params![record, user])
}

/// Forgets those who have not said so since `since`.
pub fn sweep(since: i64) -> Statement {
    Statement::new("DELETE FROM presence WHERE seen_at < $1", params![since])
}
