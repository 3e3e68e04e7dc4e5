//! Who a request comes from.

use store::Sql;
use store::user::UserRow;
use uuid::Uuid;

use super::{SESSION_IDLE, TOUCH_EVERY};
use crate::actor::Proof;
use crate::{DeskError, keyring};

/// What a cookie or token told: the user, the proof, the epoch of the directory, and whether its use should be noted.
pub struct Authenticated {
    /// The user.
    pub user: UserRow,
    /// How it was proved.
    pub proof: Proof,
    /// The directory's epoch at this moment.
    pub epoch: i64,
    /// A statement that notes the use, when the last note is old.
    pub touch: Option<store::Statement>,
}

/// Finds out who a session cookie belongs to. Ended sessions and accounts are nobody.
pub fn authenticate_session(sql: &mut dyn Sql, cookie: &str, now: i64) -> Result<Authenticated, DeskError> {
    let hash = keyring::sha256(cookie.as_bytes());
    let ended = DeskError::Unauthenticated("the session has ended");
    let Some((session, user, epoch)) = store::session::find(sql, &hash)? else { return Err(ended) };
    if session.expires_at <= now || session.last_seen_at + SESSION_IDLE <= now {
        return Err(ended);
    }
    if !user.is_alive(now) {
        return Err(DeskError::Unauthenticated("the account has ended"));
    }
    let touch = (session.last_seen_at + TOUCH_EVERY < now).then(|| store::session::touch(&hash, now));
    Ok(Authenticated { user, proof: Proof::Session { id: session.id, csrf: session.csrf }, epoch, touch })
}

/// Finds out who a bearer token belongs to. Expired and revoked tokens and ended accounts are nobody.
pub fn authenticate_token(sql: &mut dyn Sql, token: &str, now: i64) -> Result<Authenticated, DeskError> {
    let hash = keyring::sha256(token.as_bytes());
    let ended = DeskError::Unauthenticated("the token is not known, expired or revoked");
    let Some((row, user, epoch)) = store::session::find_token(sql, &hash)? else { return Err(ended) };
    if row.revoked_at.is_some() || row.expires_at.is_some_and(|at| at <= now) {
        return Err(ended);
    }
    if !user.is_alive(now) {
        return Err(DeskError::Unauthenticated("the account has ended"));
    }
    let touch = row.last_used_at.is_none_or(|at| at + TOUCH_EVERY < now).then(|| store::session::touch_token(row.id, now));
    let scopes = row.scopes.split_whitespace().map(str::to_owned).collect();
    Ok(Authenticated { user, proof: Proof::Token { id: row.id, scopes }, epoch, touch })
}

/// Finds out whether somebody who was authenticated before still is, as long connections must.
pub fn authenticate_again(sql: &mut dyn Sql, user: Uuid, proof: &Proof, now: i64) -> Result<Authenticated, DeskError> {
    let lives = match proof {
        Proof::Session { id, .. } => {
            let life = store::session::life(sql, user, *id)?;
            life.is_some_and(|(last_seen_at, expires_at)| expires_at > now && last_seen_at + SESSION_IDLE > now)
        }
        Proof::Token { id, .. } => {
            let token = store::session::token_of(sql, user, *id)?;
            token.is_some_and(|token| token.revoked_at.is_none() && token.expires_at.is_none_or(|at| at > now))
        }
    };
    let user = store::user::find(sql, user)?.filter(|user| lives && user.is_alive(now));
    let user = user.ok_or(DeskError::Unauthenticated("the session, the token or the account has ended"))?;
    Ok(Authenticated { user, proof: proof.clone(), epoch: store::directory::epoch(sql)?, touch: None })
}
