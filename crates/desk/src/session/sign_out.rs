//! Ending what others are signed in with: sessions are no aggregate, so the journal of their person says that they were ended.

use serde_json::json;
use store::user::UserRow;
use store::{Sql, WriteSet};
use uuid::Uuid;

use super::token::revoke_all;
use crate::journal::{self, Cause, Fact};
use crate::{DeskError, Env};

/// Ends one session of a person for somebody else.
pub fn end_session(env: &Env, sql: &mut dyn Sql, cause: &Cause, user: &UserRow, session: Uuid) -> Result<WriteSet, DeskError> {
    let mut set = noted(env, sql, cause, user, "session_ended")?;
    set.push(store::session::end(user.id, session));
    Ok(set)
}

/// Ends all sessions of a person and revokes all tokens, so that whoever has them is out.
pub fn sign_out(env: &Env, sql: &mut dyn Sql, cause: &Cause, user: &UserRow) -> Result<WriteSet, DeskError> {
    let mut set = noted(env, sql, cause, user, "signed_out")?;
    set.push(store::session::end_all(user.id));
    set.statements.extend(revoke_all(env, sql, cause, user.id)?.statements);
    Ok(set)
}

/// An entry that changes nothing of the person.
fn noted(env: &Env, sql: &mut dyn Sql, cause: &Cause, user: &UserRow, event: &'static str) -> Result<WriteSet, DeskError> {
    let (version, chain) = (user.version, user.chain.as_slice());
    let fact = Fact { kind: "user", aggregate: user.id, version, chain, event, definition: None, visibility: "internal" };
    let entry = journal::entry(&env.keyring, &env.world, cause, &fact, &json!({ "edits": [] }))?;
    let row = UserRow { version: entry.seq, chain: entry.chain.clone(), ..user.clone() };
    let mut set = WriteSet::default();
    set.push(store::user::update(&row, version));
    set.statements.extend(journal::statements(&entry, sql.dialect()));
    Ok(set)
}
