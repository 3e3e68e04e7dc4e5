//! How much people have to do: what is asked when work is given out.

use std::collections::HashMap;

use uuid::Uuid;

use crate::StoreError;
use crate::sql::{Sql, any_of};

/// Somebody with what is theirs to work on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Load {
    /// Who.
    pub person: Uuid,
    /// Username.
    pub username: String,
    /// Whether the account is open.
    pub active: bool,
    /// When it ends.
    pub expires_at: Option<i64>,
    /// Keys of their roles, a JSON list.
    pub roles: String,
    /// Where they sit.
    pub site: Option<Uuid>,
    /// Most open records they may be given, where that is their own number.
    pub capacity: Option<i64>,
    /// Open steps that are theirs, of records that are still worked on.
    pub open: i64,
    /// When the newest record of theirs was opened.
    pub last_at: Option<i64>,
}

/// The loads of these people, of whom at most 1,000 are asked at once. Each number follows an index: the steps of a person are few,
/// and of their records only the newest is looked up.
pub fn of_people(sql: &mut dyn Sql, people: &[Uuid]) -> Result<Vec<Load>, StoreError> {
    if people.is_empty() {
        return Ok(Vec::new());
    }
    let (marks, values) = any_of(people);
    let newest = |open: u8| format!("(SELECT MAX(r.opened_at) FROM record r WHERE r.assignee = u.id AND r.is_open = {open})");
    let text = format!(
        "SELECT u.id, u.username, u.active, u.expires_at, u.site, \
         (SELECT COUNT(*) FROM task t JOIN record r ON r.id = t.record WHERE t.assignee = u.id AND t.team IS NOT NULL \
          AND r.phase IN ('new', 'active', 'waiting')), {}, {}, u.capacity, u.roles FROM app_user u WHERE u.id IN ({marks})",
        newest(1),
        newest(0)
    );
    sql.query(&text, &values)?
        .iter()
        .map(|row| {
            Ok(Load {
                person: row.id(0)?,
                username: row.text(1)?,
                active: row.flag(2)?,
                expires_at: row.opt_int(3)?,
                site: row.opt_id(4)?,
                capacity: row.opt_int(8)?,
                roles: row.text(9)?,
                open: row.int(5)?,
                last_at: row.opt_int(6)?.max(row.opt_int(7)?),
            })
        })
        .collect()
}

/// The versions of these records, as far as they are there.
pub fn versions(sql: &mut dyn Sql, records: &[Uuid]) -> Result<HashMap<Uuid, i64>, StoreError> {
    if records.is_empty() {
        return Ok(HashMap::new());
    }
    let (marks, values) = any_of(records);
    sql.query(&format!("SELECT id, version FROM record WHERE id IN ({marks})"), &values)?
        .iter()
        .map(|row| Ok((row.id(0)?, row.int(1)?)))
        .collect()
}
