//! Signing in with a name and a password.

use std::sync::OnceLock;

use argon2::password_hash::PasswordVerifier;
use argon2::password_hash::phc::PasswordHash;
use store::WriteSet;
use store::session::SessionRow;
use store::user::UserRow;
use tokio::sync::Semaphore;
use uuid::Uuid;

use super::{FAILURE_WINDOW, SESSION_LIFE, secret};
use crate::{Desk, DeskError, keyring};

/// Failures before a name or address has to wait.
const FREE_FAILURES: i64 = 5;
/// An address may serve a whole office behind one gateway: it gets more tries than a name.
const ADDRESS_FACTOR: i64 = 10;

/// A new session and the two secrets that its browser gets.
pub struct SignedIn {
    /// The user.
    pub user: UserRow,
    /// Value of the session cookie.
    pub cookie: String,
    /// What writes must carry in `X-CSRF-Token`.
    pub csrf: String,
    /// Identity of the session.
    pub session: Uuid,
}

/// Turns to check a password: hashing takes about 19 MiB and a core each.
static TURNS: OnceLock<Semaphore> = OnceLock::new();

fn cores() -> usize {
    std::thread::available_parallelism().map_or(2, std::num::NonZero::get)
}

/// Checks name and password and begins a session.
///
/// A session and a failure are rows: while the system takes no writes nobody signs in, and guesses that cannot be counted are
/// not answered.
pub async fn sign_in(desk: &Desk, username: &str, password: &str, address: &str, user_agent: &str) -> Result<SignedIn, DeskError> {
    desk.gate().pass()?;
    let Some(user) = check(desk, username, password, address).await? else {
        return Err(DeskError::Unauthenticated("username or password is wrong, or the account has ended"));
    };
    let env = desk.env();
    let now = env.world.now();
    let (cookie, hash) = secret(&env.world, "");
    let session = env.world.id();
    let csrf = env.keyring.csrf(session);
    let mut set = WriteSet::default();
    set.push(store::session::forget_failures(&subjects(username, address)[0]));
    set.push(store::session::insert(&SessionRow {
        hash: hash.to_vec(),
        id: session,
        user: user.id,
        csrf: keyring::sha256(csrf.as_bytes()).to_vec(),
        created_at: now,
        last_seen_at: now,
        expires_at: now + SESSION_LIFE,
        user_agent: user_agent.chars().take(300).collect(),
        address: address.to_owned(),
    }));
    desk.apply(set).await?;
    Ok(SignedIn { user, cookie, csrf, session })
}

/// Who is meant by a name and counts failures, and where they come from.
fn subjects(username: &str, address: &str) -> [String; 2] {
    [format!("name:{}", username.to_lowercase()), format!("address:{address}")]
}

/// The living account with this name and password; a wrong guess is counted.
///
/// Wrong names take as long as wrong passwords, and after five failures in 15 minutes each try waits twice as long.
pub(super) async fn check(desk: &Desk, username: &str, password: &str, address: &str) -> Result<Option<UserRow>, DeskError> {
    let (db, env) = (desk.db(), desk.env());
    // As many at once as there are cores, and failures are read after the turn has come: a burst of guesses can neither take
    // the memory nor pass the throttle side by side.
    let _turn = TURNS.get_or_init(|| Semaphore::new(cores())).acquire().await.map_err(|error| DeskError::outside("sign in", error))?;
    let now = env.world.now();
    let subjects = subjects(username, address);
    let (name, asked) = (username.to_owned(), subjects.clone());
    let (identity, failures) = db
        .read(move |sql| {
            let meant = store::user::find_username(sql, &name)?.map_or(name, |user| user.username);
            let identity = store::user::identity(sql, "password", &meant)?;
            let failures = [store::session::failures(sql, &asked[0])?, store::session::failures(sql, &asked[1])?];
            Ok((identity, failures))
        })
        .await?;
    let wait = wait(failures[0], FREE_FAILURES, now).max(wait(failures[1], FREE_FAILURES * ADDRESS_FACTOR, now));
    if wait > 0 {
        return Err(DeskError::Throttled { retry_after: (wait + 999) / 1000 });
    }
    let stored = identity.as_ref().and_then(|identity| identity.secret.clone());
    let password = password.to_owned();
    let right = tokio::task::spawn_blocking(move || verify(stored.as_deref(), &password))
        .await
        .map_err(|error| DeskError::outside("check a password", error))?;
    let user = match (right, identity) {
        (true, Some(identity)) => db.read(move |sql| store::user::find(sql, identity.user)).await?,
        _ => None,
    };
    let user = user.filter(|user| user.is_alive(now));
    if user.is_none() {
        let mut set = WriteSet::default();
        for subject in &subjects {
            set.push(store::session::count_failure(subject, now, now - FAILURE_WINDOW));
        }
        desk.apply(set).await?;
    }
    Ok(user)
}

/// How long a subject still has to wait, in milliseconds: 1, 2, 4 … up to 300 seconds after the last failure.
fn wait((failures, last_at): (i64, i64), free: i64, now: i64) -> i64 {
    if failures < free || last_at + FAILURE_WINDOW < now {
        return 0;
    }
    let seconds = 1_i64 << (failures - free).min(9);
    (last_at + seconds.min(300) * 1000 - now).max(0)
}

/// Compares a password with a stored hash, or with a dummy of the same cost when there is none.
fn verify(stored: Option<&str>, password: &str) -> bool {
    static DUMMY: OnceLock<String> = OnceLock::new();
    let dummy = DUMMY.get_or_init(|| crate::directory::hash_password("no such account").unwrap_or_default());
    let Ok(hash) = PasswordHash::new(stored.unwrap_or(dummy)) else { return false };
    let fits = argon2::Argon2::default().verify_password(password.as_bytes(), &hash).is_ok();
    fits && stored.is_some()
}
