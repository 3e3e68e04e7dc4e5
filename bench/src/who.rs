//! People with sessions whose secrets are known, written past the sign-in: a password's hash costs by intention.

use store::session::SessionRow;
use store::{Db, WriteSet};
use uuid::Uuid;

use crate::Outcome;

/// A signed-in person.
#[derive(Clone, Debug)]
pub struct Session {
    /// Who it is.
    pub user: Uuid,
    /// Value of the cookie.
    pub cookie: String,
    /// What writes carry.
    pub csrf: String,
}

/// Now in UTC milliseconds.
pub fn now() -> i64 {
    std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(0, |since| i64::try_from(since.as_millis()).unwrap_or(0))
}

/// SHA-256.
fn digest(text: &str) -> Vec<u8> {
    use sha2::Digest;
    sha2::Sha256::digest(text.as_bytes()).to_vec()
}

/// Signs people in; they were last seen `idle` milliseconds ago.
pub async fn sign_in(db: &Db, users: &[Uuid], idle: i64) -> Outcome<Vec<Session>> {
    let now = now();
    let mut sessions = Vec::with_capacity(users.len());
    for part in users.chunks(500) {
        let mut set = WriteSet::default();
        for user in part {
            let session =
                Session { user: *user, cookie: format!("bench-{}", Uuid::now_v7().simple()), csrf: Uuid::now_v7().simple().to_string() };
            set.push(store::session::insert(&SessionRow {
                hash: digest(&session.cookie),
                id: Uuid::now_v7(),
                user: *user,
                csrf: digest(&session.csrf),
                created_at: now,
                last_seen_at: now - idle,
                expires_at: now + 12 * 3_600_000,
                user_agent: "bench".to_owned(),
                address: "127.0.0.1".to_owned(),
            }));
            sessions.push(session);
        }
        db.apply(set).await?;
    }
    Ok(sessions)
}

/// People of the demonstration who only ask: those with the same roles as its first requester.
pub async fn requesters(db: &Db) -> Outcome<Vec<Uuid>> {
    ids(
        db,
        "SELECT id FROM app_user WHERE active = 1 AND roles = (SELECT roles FROM app_user WHERE username = 'lilaoshi') ORDER BY username",
    )
    .await
}

/// Identities that a query gives.
pub async fn ids(db: &Db, sql: &'static str) -> Outcome<Vec<Uuid>> {
    Ok(db.read(move |reader| reader.query(sql, &[])?.iter().map(|row| row.id(0)).collect()).await?)
}
