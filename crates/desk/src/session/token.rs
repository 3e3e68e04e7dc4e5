//! Bearer tokens for programs.

use store::WriteSet;
use store::session::TokenRow;
use uuid::Uuid;

use super::secret;
use crate::journal::{self, Cause, Fact};
use crate::{DeskError, Env};

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
    let content = serde_json::json!({ "edits": [
        {"field": "user", "old": null, "new": row.user}, {"field": "name", "old": null, "new": row.name},
        {"field": "scopes", "old": null, "new": row.scopes}, {"field": "expires_at", "old": null, "new": row.expires_at},
    ]});
    let entry = journal::entry(&env.keyring, &env.world, cause, &fact, &content)?;
    let mut set = WriteSet::default();
    set.push(store::session::insert_token(row));
    set.statements.extend(journal::statements(&entry, dialect));
    Ok(set)
}
