//! Sessions of browsers, tokens of programs, and failed sign-ins. Only hashes of secrets are stored.

use uuid::Uuid;

use crate::sql::{Row, Sql, Statement};
use crate::user::{self, UserRow};
use crate::{StoreError, params};

/// A session.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "columns of the session table; instants are UTC milliseconds")]
pub struct SessionRow {
    pub hash: Vec<u8>,
    pub id: Uuid,
    pub user: Uuid,
    /// Hash of the CSRF token.
    pub csrf: Vec<u8>,
    pub created_at: i64,
    pub last_seen_at: i64,
    pub expires_at: i64,
    pub user_agent: String,
    pub address: String,
}

const COLUMNS: &str = "s.hash, s.id, s.user_id, s.csrf, s.created_at, s.last_seen_at, s.expires_at, s.user_agent, s.address";

fn read(row: &Row, from: usize) -> Result<SessionRow, StoreError> {
    Ok(SessionRow {
        hash: row.blob(from)?,
        id: row.id(from + 1)?,
        user: row.id(from + 2)?,
        csrf: row.blob(from + 3)?,
        created_at: row.int(from + 4)?,
        last_seen_at: row.int(from + 5)?,
        expires_at: row.int(from + 6)?,
        user_agent: row.text(from + 7)?,
        address: row.text(from + 8)?,
    })
}

/// Writes a new session.
pub fn insert(row: &SessionRow) -> Statement {
    Statement::one(
        "INSERT INTO session (hash, id, user_id, csrf, created_at, last_seen_at, expires_at, user_agent, address) \
         VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9)",
        params![
            row.hash.as_slice(),
            row.id,
            row.user,
            row.csrf.as_slice(),
            row.created_at,
            row.last_seen_at,
            row.expires_at,
            &row.user_agent,
            &row.address
        ],
    )
}

/// A session with its user and the epoch of the directory, in one query: it is asked on every request.
pub fn find(sql: &mut dyn Sql, hash: &[u8]) -> Result<Option<(SessionRow, UserRow, i64)>, StoreError> {
    let text = format!(
        "SELECT {}, {COLUMNS}, (SELECT value FROM meta WHERE key = 'epoch') FROM session s JOIN app_user u ON u.id = s.user_id WHERE s.hash = $1",
        user::COLUMNS
    );
    sql.first(&text, &params![hash])?
        .map(|row| Ok((read(&row, user::WIDTH)?, user::read(&row)?, epoch(&row, user::WIDTH + 9)?)))
        .transpose()
}

fn epoch(row: &Row, column: usize) -> Result<i64, StoreError> {
    row.text(column)?.parse().map_err(|error| StoreError::damaged("epoch", error))
}

/// Notes that a session is in use.
pub fn touch(hash: &[u8], now: i64) -> Statement {
    Statement::new("UPDATE session SET last_seen_at = $2 WHERE hash = $1", params![hash, now])
}

/// A user's sessions, the last used first, at most 200.
pub fn of_user(sql: &mut dyn Sql, user: Uuid) -> Result<Vec<SessionRow>, StoreError> {
    sql.query(&format!("SELECT {COLUMNS} FROM session s WHERE s.user_id = $1 ORDER BY s.last_seen_at DESC LIMIT 200"), &params![user])?
        .iter()
        .map(|row| read(row, 0))
        .collect()
}

/// Where a list of what everybody holds goes on, and of whom it tells.
#[derive(Clone, Copy, Debug, Default)]
pub struct Held {
    /// One person alone.
    pub user: Option<Uuid>,
    /// The last one of the page before, as (`created_at`, id).
    pub after: Option<(i64, Uuid)>,
    /// Most rows.
    pub limit: i64,
}

impl Held {
    /// The condition on a table of this name, and its values.
    fn condition(&self, table: &str) -> (String, Vec<crate::sql::Value>) {
        let (at, id) = self.after.map_or((i64::MAX, vec![0xff; 17]), |(at, id)| (at, id.as_bytes().to_vec()));
        let mut values = params![at, id, self.limit];
        let user = self.user.map_or_else(String::new, |user| {
            values.push(user.into());
            format!(" AND {table}.user_id = $4")
        });
        (format!("({table}.created_at, {table}.id) < ($1, $2){user}"), values)
    }
}

/// Everybody's sessions that are not over, newest first.
pub fn of_all(sql: &mut dyn Sql, held: Held, now: i64, idle_before: i64) -> Result<Vec<SessionRow>, StoreError> {
    let (condition, mut values) = held.condition("s");
    values.extend(params![now, idle_before]);
    let (expires, seen) = (values.len() - 1, values.len());
    let text = format!(
        "SELECT {COLUMNS} FROM session s WHERE {condition} AND s.expires_at > ${expires} AND s.last_seen_at > ${seen} \
         ORDER BY s.created_at DESC, s.id DESC LIMIT $3"
    );
    sql.query(&text, &values)?.iter().map(|row| read(row, 0)).collect()
}

/// Everybody's tokens that were not revoked, newest first.
pub fn tokens_of_all(sql: &mut dyn Sql, held: Held) -> Result<Vec<TokenRow>, StoreError> {
    let (condition, values) = held.condition("k");
    let text =
        format!("SELECT {TOKEN} FROM token k WHERE {condition} AND k.revoked_at IS NULL ORDER BY k.created_at DESC, k.id DESC LIMIT $3");
    sql.query(&text, &values)?.iter().map(|row| read_token(row, 0)).collect()
}

/// Whether a session is this user's.
pub fn is_of(sql: &mut dyn Sql, user: Uuid, id: Uuid) -> Result<bool, StoreError> {
    Ok(sql.first("SELECT 1 FROM session WHERE user_id = $1 AND id = $2", &params![user, id])?.is_some())
}

/// When a session of a user was last used and when it ends: what tells whether it lives.
pub fn life(sql: &mut dyn Sql, user: Uuid, id: Uuid) -> Result<Option<(i64, i64)>, StoreError> {
    sql.first("SELECT last_seen_at, expires_at FROM session WHERE user_id = $1 AND id = $2", &params![user, id])?
        .map(|row| Ok((row.int(0)?, row.int(1)?)))
        .transpose()
}

/// Ends a session of a user.
pub fn end(user: Uuid, id: Uuid) -> Statement {
    Statement::new("DELETE FROM session WHERE user_id = $1 AND id = $2", params![user, id])
}

/// Ends all sessions of a user.
pub fn end_all(user: Uuid) -> Statement {
    Statement::new("DELETE FROM session WHERE user_id = $1", params![user])
}

/// Ends all sessions of a user but one.
pub fn end_others(user: Uuid, keep: Uuid) -> Statement {
    Statement::new("DELETE FROM session WHERE user_id = $1 AND id <> $2", params![user, keep])
}

/// Removes sessions that are over.
pub fn sweep(now: i64, idle_before: i64) -> Statement {
    Statement::new("DELETE FROM session WHERE expires_at < $1 OR last_seen_at < $2", params![now, idle_before])
}

/// A bearer token.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "columns of the token table; instants are UTC milliseconds")]
pub struct TokenRow {
    pub id: Uuid,
    pub hash: Vec<u8>,
    pub user: Uuid,
    pub name: String,
    /// Scope words separated by spaces: `read`, `write`, `admin`.
    pub scopes: String,
    pub created_at: i64,
    pub expires_at: Option<i64>,
    pub last_used_at: Option<i64>,
    pub revoked_at: Option<i64>,
}

pub(crate) const TOKEN: &str = "k.id, k.hash, k.user_id, k.name, k.scopes, k.created_at, k.expires_at, k.last_used_at, k.revoked_at";

pub(crate) fn read_token(row: &Row, from: usize) -> Result<TokenRow, StoreError> {
    Ok(TokenRow {
        id: row.id(from)?,
        hash: row.blob(from + 1)?,
        user: row.id(from + 2)?,
        name: row.text(from + 3)?,
        scopes: row.text(from + 4)?,
        created_at: row.int(from + 5)?,
        expires_at: row.opt_int(from + 6)?,
        last_used_at: row.opt_int(from + 7)?,
        revoked_at: row.opt_int(from + 8)?,
    })
}

/// Writes a new token.
pub fn insert_token(row: &TokenRow) -> Statement {
    Statement::one(
        "INSERT INTO token (id, hash, user_id, name, scopes, created_at, expires_at) VALUES ($1,$2,$3,$4,$5,$6,$7)",
        params![row.id, row.hash.as_slice(), row.user, &row.name, &row.scopes, row.created_at, row.expires_at],
    )
}

/// A token with its user and the epoch of the directory.
pub fn find_token(sql: &mut dyn Sql, hash: &[u8]) -> Result<Option<(TokenRow, UserRow, i64)>, StoreError> {
    let text = format!(
        "SELECT {}, {TOKEN}, (SELECT value FROM meta WHERE key = 'epoch') FROM token k JOIN app_user u ON u.id = k.user_id WHERE k.hash = $1",
        user::COLUMNS
    );
    sql.first(&text, &params![hash])?
        .map(|row| Ok((read_token(&row, user::WIDTH)?, user::read(&row)?, epoch(&row, user::WIDTH + 9)?)))
        .transpose()
}

/// Notes that a token is in use.
pub fn touch_token(id: Uuid, now: i64) -> Statement {
    Statement::new("UPDATE token SET last_used_at = $2 WHERE id = $1", params![id, now])
}

/// A user's tokens, newest first, at most 200.
pub fn tokens_of(sql: &mut dyn Sql, user: Uuid) -> Result<Vec<TokenRow>, StoreError> {
    sql.query(&format!("SELECT {TOKEN} FROM token k WHERE k.user_id = $1 ORDER BY k.created_at DESC LIMIT 200"), &params![user])?
        .iter()
        .map(|row| read_token(row, 0))
        .collect()
}

/// A token of a user.
pub fn token_of(sql: &mut dyn Sql, user: Uuid, id: Uuid) -> Result<Option<TokenRow>, StoreError> {
    sql.first(&format!("SELECT {TOKEN} FROM token k WHERE k.user_id = $1 AND k.id = $2"), &params![user, id])?
        .map(|row| read_token(&row, 0))
        .transpose()
}

/// A user's tokens that were not revoked, at most 10,000.
pub fn unrevoked(sql: &mut dyn Sql, user: Uuid) -> Result<Vec<TokenRow>, StoreError> {
    sql.query(
        &format!("SELECT {TOKEN} FROM token k WHERE k.user_id = $1 AND k.revoked_at IS NULL ORDER BY k.id LIMIT 10000"),
        &params![user],
    )?
    .iter()
    .map(|row| read_token(row, 0))
    .collect()
}

/// Revokes a token that was not.
pub fn revoke_token(id: Uuid, now: i64) -> Statement {
    Statement::one("UPDATE token SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL", params![id, now])
}

/// Failed sign-ins of a name or address: how many, and when the last was.
pub fn failures(sql: &mut dyn Sql, subject: &str) -> Result<(i64, i64), StoreError> {
    sql.first("SELECT failures, last_at FROM sign_in_failure WHERE subject = $1", &params![subject])?
        .map_or(Ok((0, 0)), |row| Ok((row.int(0)?, row.int(1)?)))
}

/// Counts a failed sign-in; counting begins anew when the last one was before `forget_before`.
pub fn count_failure(subject: &str, now: i64, forget_before: i64) -> Statement {
    Statement::new(
        "INSERT INTO sign_in_failure (subject, failures, last_at) VALUES ($1, 1, $2) ON CONFLICT (subject) DO UPDATE SET \
         failures = CASE WHEN sign_in_failure.last_at < $3 THEN 1 ELSE sign_in_failure.failures + 1 END, last_at = $2",
        params![subject, now, forget_before],
    )
}

/// Forgets failed sign-ins that no longer slow anybody down.
pub fn sweep_failures(before: i64) -> Statement {
    Statement::new("DELETE FROM sign_in_failure WHERE last_at < $1", params![before])
}

/// Forgets failed sign-ins after a good one.
pub fn forget_failures(subject: &str) -> Statement {
    Statement::new("DELETE FROM sign_in_failure WHERE subject = $1", params![subject])
}
