//! Secrets, sealed before they come here.

use crate::sql::{Sql, Statement};
use crate::{StoreError, params};

/// A sealed secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed {
    /// Which key sealed it.
    pub key_id: String,
    /// Nonce of the AEAD.
    pub nonce: Vec<u8>,
    /// Ciphertext with its tag.
    pub sealed: Vec<u8>,
}

/// Writes a secret.
pub fn put(name: &str, sealed: &Sealed, now: i64) -> Statement {
    Statement::one(
        "INSERT INTO secret (name, key_id, nonce, sealed, changed_at) VALUES ($1,$2,$3,$4,$5) ON CONFLICT (name) DO UPDATE SET \
         key_id = excluded.key_id, nonce = excluded.nonce, sealed = excluded.sealed, changed_at = excluded.changed_at",
        params![name, &sealed.key_id, sealed.nonce.as_slice(), sealed.sealed.as_slice(), now],
    )
}

/// Removes a secret.
pub fn forget(name: &str) -> Statement {
    Statement::new("DELETE FROM secret WHERE name = $1", params![name])
}

/// Writes a secret sealed anew over the one it was opened from; touches nothing when that was changed meanwhile.
pub fn reseal(name: &str, before: &Sealed, after: &Sealed) -> Statement {
    Statement::one(
        "UPDATE secret SET key_id = $1, nonce = $2, sealed = $3 WHERE name = $4 AND nonce = $5",
        params![&after.key_id, after.nonce.as_slice(), after.sealed.as_slice(), name, before.nonce.as_slice()],
    )
}

/// The secret with this name.
pub fn find(sql: &mut dyn Sql, name: &str) -> Result<Option<Sealed>, StoreError> {
    sql.first("SELECT key_id, nonce, sealed FROM secret WHERE name = $1", &params![name])?
        .map(|row| Ok(Sealed { key_id: row.text(0)?, nonce: row.blob(1)?, sealed: row.blob(2)? }))
        .transpose()
}

/// Names of all secrets, at most 10,000.
pub fn names(sql: &mut dyn Sql) -> Result<Vec<String>, StoreError> {
    sql.query("SELECT name FROM secret ORDER BY name LIMIT 10000", &[])?.iter().map(|row| row.text(0)).collect()
}

/// Writes and removes 256 KiB, to find out whether the disk takes writes again.
pub fn probe(tx: &mut dyn crate::sql::Tx) -> Result<(), crate::StoreError> {
    tx.execute(
        "INSERT INTO secret (name, key_id, nonce, sealed, changed_at) VALUES ('probe', '', $1, $2, 0) ON CONFLICT (name) DO NOTHING",
        &params![vec![0_u8], vec![0_u8; 256 * 1024]],
    )?;
    tx.execute("DELETE FROM secret WHERE name = 'probe'", &[])?;
    Ok(())
}
