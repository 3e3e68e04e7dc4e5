//! Watchers: who follows a record although it is not theirs, and who is affected by what it is about without reading it.

use uuid::Uuid;

use crate::sql::{Sql, Statement, Value};
use crate::user::{self, UserRow, escape_like};
use crate::{StoreError, params};

/// Most people who follow one record.
pub const MOST: i64 = 500;
/// Most people who are known to be affected by what a record is about.
pub const MOST_AFFECTED: i64 = 2_000;

/// Who follows a record.
pub fn of_record(sql: &mut dyn Sql, record: Uuid) -> Result<Vec<Uuid>, StoreError> {
    sql.query("SELECT user_id FROM watcher WHERE record = $1 AND affected = 0 ORDER BY user_id LIMIT $2", &params![record, MOST])?
        .iter()
        .map(|row| row.id(0))
        .collect()
}

/// Lets somebody follow a record; once is enough.
pub fn add(record: Uuid, user: Uuid) -> Statement {
    Statement::new(
        "INSERT INTO watcher (record, user_id) VALUES ($1, $2) ON CONFLICT (record, user_id) DO UPDATE SET affected = 0",
        params![record, user],
    )
}

/// Notes that somebody is affected by what a record is about; once is enough, and who follows it is told anyway.
pub fn add_affected(record: Uuid, user: Uuid) -> Statement {
    Statement::new(
        "INSERT INTO watcher (record, user_id, affected) VALUES ($1, $2, 1) ON CONFLICT (record, user_id) DO NOTHING",
        params![record, user],
    )
}

/// How somebody stands to a record: none, or whether they are only affected.
pub fn stands(sql: &mut dyn Sql, record: Uuid, user: Uuid) -> Result<Option<bool>, StoreError> {
    sql.first("SELECT affected FROM watcher WHERE record = $1 AND user_id = $2", &params![record, user])?.map(|row| row.flag(0)).transpose()
}

/// How many are affected by what a record is about.
pub fn count_affected(sql: &mut dyn Sql, record: Uuid) -> Result<i64, StoreError> {
    sql.first("SELECT COUNT(*) FROM watcher WHERE record = $1 AND affected = 1", &params![record])?.map_or(Ok(0), |row| row.int(0))
}

/// Those who are affected and can be told by mail, at most `limit` after a person.
pub fn affected(sql: &mut dyn Sql, record: Uuid, after: Uuid, limit: i64) -> Result<Vec<UserRow>, StoreError> {
    let columns = user::COLUMNS;
    sql.query(
        &format!(
            "SELECT {columns} FROM watcher w JOIN app_user u ON u.id = w.user_id \
             WHERE w.record = $1 AND w.affected = 1 AND u.active = 1 AND u.email IS NOT NULL AND u.id > $2 ORDER BY u.id LIMIT $3"
        ),
        &params![record, after, limit],
    )?
    .iter()
    .map(user::read)
    .collect()
}

/// Lets somebody follow it no more.
pub fn remove(record: Uuid, user: Uuid) -> Statement {
    Statement::new("DELETE FROM watcher WHERE record = $1 AND user_id = $2", params![record, user])
}

/// Which records of those that somebody follows.
pub struct Followed<'a> {
    /// Who follows them.
    pub user: Uuid,
    /// Only what is open, or only what has ended.
    pub open: Option<bool>,
    /// Only what they have reported for others.
    pub for_others: bool,
    /// Part of the title, or the beginning of the number.
    pub q: Option<&'a str>,
    /// The last pair of the page before.
    pub after: Option<(i64, Uuid)>,
    /// Most pairs.
    pub limit: i64,
}

/// Records that somebody follows, the newest opened first, as (opened, record).
pub fn of_user(sql: &mut dyn Sql, wanted: &Followed<'_>) -> Result<Vec<(i64, Uuid)>, StoreError> {
    let (at, id) = wanted.after.unwrap_or((i64::MAX, Uuid::max()));
    let mut values: Vec<Value> = params![wanted.user, at, id];
    let mut text = String::from(
        "SELECT r.opened_at, r.id FROM watcher w JOIN record r ON r.id = w.record \
         WHERE w.user_id = $1 AND w.affected = 0 AND (r.opened_at, r.id) < ($2, $3)",
    );
    if wanted.for_others {
        text.push_str(" AND r.reporter = $1 AND r.requester <> $1");
    }
    if let Some(open) = wanted.open {
        values.push(i64::from(open).into());
        text.push_str(&format!(" AND r.is_open = ${}", values.len()));
    }
    if let Some(q) = wanted.q {
        let q = escape_like(&q.to_ascii_lowercase());
        values.push(format!("%{q}%").into());
        values.push(format!("{q}%").into());
        let (title, number) = (values.len() - 1, values.len());
        text.push_str(&format!(" AND (lower(r.title) LIKE ${title} ESCAPE '\\' OR lower(r.number) LIKE ${number} ESCAPE '\\')"));
    }
    values.push(wanted.limit.into());
    text.push_str(&format!(" ORDER BY r.opened_at DESC, r.id DESC LIMIT ${}", values.len()));
    sql.query(&text, &values)?.iter().map(|row| Ok((row.int(0)?, row.id(1)?))).collect()
}
