//! Leases: which node does what only one may do, by the database's clock.

use uuid::Uuid;

use crate::sql::Tx;
use crate::{StoreError, dialect, params};

/// Takes or prolongs a lease for `milliseconds`; false when another owner holds it.
pub fn take(tx: &mut dyn Tx, name: &str, owner: Uuid, milliseconds: i64) -> Result<bool, StoreError> {
    let now = dialect::now_ms(tx.dialect());
    let touched = tx.execute(
        &format!(
            "INSERT INTO lease (name, owner, until) VALUES ($1, $2, {now} + $3) ON CONFLICT (name) DO UPDATE \
             SET owner = excluded.owner, until = excluded.until WHERE lease.owner = excluded.owner OR lease.until < {now}"
        ),
        &params![name, owner, milliseconds],
    )?;
    Ok(touched == 1)
}

/// Ends all leases: for a database that one process alone works on, when that process begins.
pub fn end_all(tx: &mut dyn Tx) -> Result<(), StoreError> {
    tx.execute("DELETE FROM lease", &[])?;
    Ok(())
}

/// Gives a lease back, so that another node need not wait for its end.
pub fn give_back(tx: &mut dyn Tx, name: &str, owner: Uuid) -> Result<(), StoreError> {
    tx.execute("DELETE FROM lease WHERE name = $1 AND owner = $2", &params![name, owner])?;
    Ok(())
}
