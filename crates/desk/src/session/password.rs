//! Changing one's own password.

use super::sign_in::check;
use crate::journal::Cause;
use crate::{Actor, Desk, DeskError, Proof, directory};

/// Changes the actor's password when the old one is right, and ends all their sessions but the one that asks.
///
/// Whoever finds a session open must not guess the old password faster than at the door: failures count together.
pub async fn change_own_password(desk: &Desk, cause: &Cause, actor: &Actor, old: &str, new: &str, address: &str) -> Result<(), DeskError> {
    desk.gate().pass()?;
    if old.len() > 500 {
        return Err(wrong());
    }
    if new == old {
        return Err(DeskError::field("/new", "same", "the new password is the old one: choose another"));
    }
    let new = new.to_owned();
    // What is no password at all need not cost a guess.
    let hash = tokio::task::spawn_blocking(move || directory::hash_password_at("/new", &new))
        .await
        .map_err(|error| DeskError::outside("hash a password", error))??;
    check(desk, &actor.user.username, old, address).await?.ok_or_else(wrong)?;
    let keep = match actor.proof {
        Proof::Session { id, .. } => Some(id),
        Proof::Token { .. } => None,
    };
    let (user, cause) = (actor.user.id, cause.clone());
    desk.execute(move |env, sql| directory::change_password(env, sql, &cause, user, &hash, keep)).await?;
    desk.announce_ended(user);
    Ok(())
}

fn wrong() -> DeskError {
    DeskError::field("/old", "wrong_password", "this is not your password")
}
