//! Bearer tokens for programs.

use serde_json::json;
use store::session::TokenRow;
use store::{Sql, WriteSet};
use uuid::Uuid;

use super::secret;
use crate::journal::{self, Cause, Fact};
use crate::{DeskError, Env, Keyring};

/// A token that was made; its text is shown once and never stored.
pub struct NewToken {
    /// The stored row.
    pub row: TokenRow,
    /// The text for its holder.
    pub text: String,
}

/// Scope words that a token may carry.
pub const SCOPES: [&str; 3] = ["read", "write", "admin"];

/// Makes a token for a user. `admin` is only worth something when the user's roles allow it.
pub fn create_token(env: &Env, user: Uuid, name: &str, scopes: &[String], expires_at: Option<i64>) -> Result<NewToken, DeskError> {
    if let Some(wrong) = scopes.iter().find(|scope| !SCOPES.contains(&scope.as_str())) {
        return Err(DeskError::field("/scopes", "unknown", format!("'{wrong}' is no scope; use {}", SCOPES.join(", "))));
    }
    if scopes.is_empty() {
        return Err(DeskError::field("/scopes", "required", format!("name at least one of {}: what the token may do", SCOPES.join(", "))));
    }
    let now = env.world.now();
    if expires_at.is_some_and(|at| at <= now) {
        return Err(DeskError::field("/expires_at", "past", "the expiry must lie in the future"));
    }
    if name.trim().is_empty() || name.len() > 200 {
        return Err(DeskError::field("/name", "length", "a token has a name of at most 200 bytes"));
    }
    let (text, hash) = secret(&env.world, "yht_");
    let row = TokenRow {
        id: env.world.id(),
        hash: hash.to_vec(),
        user,
        name: name.to_owned(),
        scopes: scopes.join(" "),
        created_at: now,
        expires_at,
        last_used_at: None,
        revoked_at: None,
    };
    Ok(NewToken { row, text })
}

/// What making a token writes: the row with the hash, and a journal entry without the secret.
pub fn token_statements(env: &Env, dialect: decide::Dialect, cause: &Cause, row: &TokenRow) -> Result<WriteSet, DeskError> {
    let fact =
        Fact { kind: "token", aggregate: row.id, version: 0, chain: &[], event: "created", definition: None, visibility: "internal" };
    let content = json!({ "edits": [
        {"field": "user", "old": null, "new": row.user}, {"field": "name", "old": null, "new": row.name},
        {"field": "scopes", "old": null, "new": row.scopes}, {"field": "expires_at", "old": null, "new": row.expires_at},
        // That it is not revoked is a fact as well: what the row says of it is compared from here on.
        {"field": "revoked_at", "old": null, "new": null},
    ], "secret": secret_digest(&env.keyring, row) });
    let entry = journal::entry(&env.keyring, &env.world, cause, &fact, &content)?;
    let mut set = WriteSet::default();
    set.push(store::session::insert_token(row));
    set.statements.extend(journal::statements(&entry, dialect));
    Ok(set)
}

/// Revokes a token of a user; one that is revoked already stays as it is.
pub fn revoke_token(env: &Env, sql: &mut dyn Sql, cause: &Cause, user: Uuid, id: Uuid) -> Result<WriteSet, DeskError> {
    let row = store::session::token_of(sql, user, id)?.ok_or_else(|| DeskError::NotFound(format!("token '{id}'")))?;
    if row.revoked_at.is_some() { Ok(WriteSet::default()) } else { revoke(env, sql, cause, &row) }
}

/// Revokes all tokens of a user, an entry each.
pub fn revoke_all(env: &Env, sql: &mut dyn Sql, cause: &Cause, user: Uuid) -> Result<WriteSet, DeskError> {
    let mut set = WriteSet::default();
    for row in store::session::unrevoked(sql, user)? {
        set.statements.extend(revoke(env, sql, cause, &row)?.statements);
    }
    Ok(set)
}

fn revoke(env: &Env, sql: &mut dyn Sql, cause: &Cause, row: &TokenRow) -> Result<WriteSet, DeskError> {
    let (version, chain) = store::journal::head(sql, row.id)?.unwrap_or_default();
    let fact =
        Fact { kind: "token", aggregate: row.id, version, chain: &chain, event: "revoked", definition: None, visibility: "internal" };
    let now = env.world.now();
    let content = json!({ "edits": [{"field": "revoked_at", "old": null, "new": now}] });
    let entry = journal::entry(&env.keyring, &env.world, cause, &fact, &content)?;
    let mut set = WriteSet::default();
    set.push(store::session::revoke_token(row.id, now));
    set.statements.extend(journal::statements(&entry, sql.dialect()));
    Ok(set)
}

/// What the journal keeps of a token's secret: an HMAC of its stored hash, so that another one put in its place is found.
fn secret_digest(keyring: &Keyring, row: &TokenRow) -> String {
    hex::encode(keyring.mac(&[b"token", row.id.as_bytes(), &row.hash]))
}

/// Whether a token's stored hash is the one that the journal keeps the digest of.
pub(crate) fn is_secret_of(keyring: &Keyring, row: &TokenRow, digest: &str) -> bool {
    hex::decode(digest).is_ok_and(|tag| keyring.verify(&tag, &[b"token", row.id.as_bytes(), &row.hash]))
}
