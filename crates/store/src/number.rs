//! Numbers: blocks leased in their own short transaction. Unique, never reused, gaps allowed.

use crate::sql::Tx;
use crate::{StoreError, params};

/// Leases `size` numbers under a key and gives the first of them.
pub fn lease(tx: &mut dyn Tx, key: &str, size: i64) -> Result<i64, StoreError> {
    tx.execute("INSERT INTO number_block (key, next) VALUES ($1, 1) ON CONFLICT (key) DO NOTHING", &params![key])?;
    let row = tx.first("UPDATE number_block SET next = next + $2 WHERE key = $1 RETURNING next", &params![key, size])?;
    row.map_or_else(|| Err(StoreError::damaged("number block", "row vanished")), |row| Ok(row.int(0)? - size))
}
