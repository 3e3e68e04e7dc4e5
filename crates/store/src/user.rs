//! Users and how they prove who they are.

use uuid::Uuid;

use crate::sql::{Row, Sql, Statement, Value, any_of};
use crate::{StoreError, params};

/// A user as the row holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "columns of the user table; instants are UTC milliseconds")]
pub struct UserRow {
    pub id: Uuid,
    pub username: String,
    pub name: String,
    /// By what lists sort the name: pinyin for Chinese names, editable because surnames read differently.
    pub sort_name: String,
    /// `person` or `service`.
    pub kind: String,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub locale: String,
    pub active: bool,
    pub expires_at: Option<i64>,
    pub employer: Option<String>,
    /// Number in the organisation.
    pub number: Option<String>,
    /// What an outsourced person is contracted for.
    pub area: Option<String>,
    pub site: Option<Uuid>,
    pub department: Option<Uuid>,
    pub customer: Uuid,
    /// Role keys, JSON array text.
    pub roles: String,
    /// Who stands in while the person is away.
    pub deputy: Option<Uuid>,
    pub deputy_from: Option<i64>,
    pub deputy_until: Option<i64>,
    /// Most open records that work within a team may give the person, in place of what the team says.
    pub capacity: Option<i64>,
    /// All that the person is found by, in lower case: derived, and empty where an older program wrote the row.
    pub find_text: String,
    pub version: i64,
    pub chain: Vec<u8>,
}

/// An open account without an end that has one of these roles, other than one person's.
pub fn lasting_with(sql: &mut dyn Sql, roles: &[String], but: Uuid) -> Result<Option<Uuid>, StoreError> {
    for role in roles {
        let quoted: String = role.chars().flat_map(|c| if "\\%_".contains(c) { vec!['\\', c] } else { vec![c] }).collect();
        let found = sql.first(
            "SELECT id FROM app_user WHERE active = 1 AND expires_at IS NULL AND id <> $1 AND roles LIKE $2 ESCAPE '\\' \
             ORDER BY id LIMIT 1",
            &params![but, format!("%\"{quoted}\"%")],
        )?;
        if let Some(row) = found {
            return Ok(Some(row.id(0)?));
        }
    }
    Ok(None)
}

impl UserRow {
    /// Whether the account may act at `now`.
    pub fn is_alive(&self, now: i64) -> bool {
        self.active && self.expires_at.is_none_or(|at| now < at)
    }
}

pub(crate) const COLUMNS: &str = "u.id, u.username, u.name, u.sort_name, u.kind, u.email, u.phone, u.locale, u.active, u.expires_at, \
     u.employer, u.site, u.department, u.customer, u.roles, u.number, u.area, u.deputy, u.deputy_from, u.deputy_until, u.find_text, \
     u.version, u.chain, u.capacity";
pub(crate) const WIDTH: usize = 24;

pub(crate) fn read(row: &Row) -> Result<UserRow, StoreError> {
    Ok(UserRow {
        id: row.id(0)?,
        username: row.text(1)?,
        name: row.text(2)?,
        sort_name: row.text(3)?,
        kind: row.text(4)?,
        email: row.opt_text(5)?,
        phone: row.opt_text(6)?,
        locale: row.text(7)?,
        active: row.flag(8)?,
        expires_at: row.opt_int(9)?,
        employer: row.opt_text(10)?,
        site: row.opt_id(11)?,
        department: row.opt_id(12)?,
        customer: row.id(13)?,
        roles: row.text(14)?,
        number: row.opt_text(15)?,
        area: row.opt_text(16)?,
        deputy: row.opt_id(17)?,
        deputy_from: row.opt_int(18)?,
        deputy_until: row.opt_int(19)?,
        find_text: row.text(20)?,
        version: row.int(21)?,
        chain: row.blob(22)?,
        capacity: row.opt_int(23)?,
    })
}

fn values(row: &UserRow) -> Vec<Value> {
    params![
        row.id,
        &row.username,
        &row.name,
        &row.sort_name,
        &row.kind,
        row.email.as_ref(),
        row.phone.as_ref(),
        &row.locale,
        row.active,
        row.expires_at,
        row.employer.as_ref(),
        row.site,
        row.department,
        row.customer,
        &row.roles,
        row.number.as_ref(),
        row.area.as_ref(),
        row.deputy,
        row.deputy_from,
        row.deputy_until,
        &row.find_text,
        row.version,
        row.chain.as_slice(),
        row.capacity
    ]
}

/// Writes a new user.
pub fn insert(row: &UserRow) -> Statement {
    Statement::one(
        "INSERT INTO app_user (id, username, name, sort_name, kind, email, phone, locale, active, expires_at, employer, site, \
         department, customer, roles, number, area, deputy, deputy_from, deputy_until, find_text, version, chain, \
         capacity) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18,$19,$20,$21,$22,$23,$24)",
        values(row),
    )
}

/// Writes a user's new fold over the version it was decided on.
pub fn update(row: &UserRow, expected_version: i64) -> Statement {
    let mut values = values(row);
    values.push(expected_version.into());
    Statement::one(
        "UPDATE app_user SET username=$2, name=$3, sort_name=$4, kind=$5, email=$6, phone=$7, locale=$8, active=$9, expires_at=$10, \
         employer=$11, site=$12, department=$13, customer=$14, roles=$15, number=$16, area=$17, deputy=$18, deputy_from=$19, \
         deputy_until=$20, find_text=$21, version=$22, chain=$23, capacity=$24 WHERE id=$1 AND version=$25",
        values,
    )
}

/// The user with this identity.
pub fn find(sql: &mut dyn Sql, id: Uuid) -> Result<Option<UserRow>, StoreError> {
    sql.first(&format!("SELECT {COLUMNS} FROM app_user u WHERE u.id = $1"), &params![id])?.map(|row| read(&row)).transpose()
}

/// The user with this name, else the one whom somebody means who writes it with other capitals; of several, from before that was
/// refused, none.
pub fn find_username(sql: &mut dyn Sql, username: &str) -> Result<Option<UserRow>, StoreError> {
    let exact = sql.first(&format!("SELECT {COLUMNS} FROM app_user u WHERE u.username = $1"), &params![username])?;
    if let Some(row) = exact {
        return Ok(Some(read(&row)?));
    }
    let rows = sql.query(&format!("SELECT {COLUMNS} FROM app_user u WHERE lower(u.username) = $1 LIMIT 2"), &params![fold(username)])?;
    match rows.as_slice() {
        [one] => Ok(Some(read(one)?)),
        _ => Ok(None),
    }
}

/// Takes the name of a new account, whatever its capitals; undoes the write set where another has it.
pub fn take_name(username: &str) -> Statement {
    Statement::one("INSERT INTO username (folded) VALUES ($1)", params![fold(username)])
}

/// A name in lower case as both databases have it: they fold ASCII letters only.
fn fold(username: &str) -> String {
    username.to_ascii_lowercase()
}

/// What answers show of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserLabel {
    /// Identity.
    pub id: Uuid,
    /// Natural key.
    pub username: String,
    /// Name as people read it.
    pub name: String,
}

/// Labels of these users; unknown ones are left out. At most 1,000 are asked at once.
pub fn labels(sql: &mut dyn Sql, ids: &[Uuid]) -> Result<Vec<UserLabel>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let (marks, values) = any_of(ids);
    sql.query(&format!("SELECT id, username, name FROM app_user WHERE id IN ({marks})"), &values)?
        .into_iter()
        .map(|mut row| Ok(UserLabel { id: row.id(0)?, username: row.take_text(1)?, name: row.take_text(2)? }))
        .collect()
}

/// Users by sort name, of whom something that people are found by contains `q`, after (`sort_name`, id).
pub fn list(
    sql: &mut dyn Sql,
    q: Option<&str>,
    active: Option<bool>,
    after: Option<(String, Uuid)>,
    limit: i64,
) -> Result<Vec<UserRow>, StoreError> {
    // 2 is neither: both.
    let mut values: Vec<Value> = params![active.map_or(2, i64::from)];
    let mut text = format!("SELECT {COLUMNS} FROM app_user u WHERE (u.active = $1 OR $1 = 2)");
    if let Some(q) = q {
        values.push(format!("%{}%", escape_like(&q.to_lowercase())).into());
        text.push_str(" AND u.find_text LIKE $2 ESCAPE '\\'");
    }
    if let Some((name, id)) = after {
        values.push(name.into());
        values.push(id.into());
        text.push_str(&format!(" AND (u.sort_name, u.id) > (${}, ${})", values.len() - 1, values.len()));
    }
    values.push(limit.into());
    text.push_str(&format!(" ORDER BY u.sort_name, u.id LIMIT ${}", values.len()));
    sql.query(&text, &values)?.iter().map(read).collect()
}

/// People of a department who may act at `now`, of whom something that people are found by contains `q`, by sort name.
pub fn of_department(sql: &mut dyn Sql, department: Uuid, q: Option<&str>, now: i64, limit: i64) -> Result<Vec<UserRow>, StoreError> {
    let like = format!("%{}%", escape_like(&q.unwrap_or_default().to_lowercase()));
    sql.query(
        &format!(
            "SELECT {COLUMNS} FROM app_user u WHERE u.department = $1 AND u.active = 1 AND u.kind = 'person' \
             AND (u.expires_at IS NULL OR u.expires_at > $3) AND u.find_text LIKE $2 ESCAPE '\\' \
             ORDER BY u.sort_name, u.id LIMIT $4"
        ),
        &params![department, like, now, limit],
    )?
    .iter()
    .map(read)
    .collect()
}

/// Users whose row an older program wrote: what they are found by is not derived yet.
pub fn without_find_text(sql: &mut dyn Sql, limit: i64) -> Result<Vec<UserRow>, StoreError> {
    sql.query(&format!("SELECT {COLUMNS} FROM app_user u WHERE u.find_text = '' ORDER BY u.id LIMIT $1"), &params![limit])?
        .iter()
        .map(read)
        .collect()
}

/// Writes what somebody is found by, which the journal does not know: it follows from the row.
pub fn put_find_text(id: Uuid, version: i64, text: &str) -> Statement {
    Statement::new("UPDATE app_user SET find_text = $3 WHERE id = $1 AND version = $2", params![id, version, text])
}

/// Which of these users may act at `now`. At most 1,000 are asked at once.
pub fn alive(sql: &mut dyn Sql, ids: &[Uuid], now: i64) -> Result<Vec<Uuid>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let (marks, mut values) = any_of(ids);
    values.push(now.into());
    let text =
        format!("SELECT id FROM app_user WHERE id IN ({marks}) AND active = 1 AND (expires_at IS NULL OR expires_at > ${})", values.len());
    sql.query(&text, &values)?.iter().map(|row| row.id(0)).collect()
}

/// These users, in order of their identity; unknown ones are left out. At most 1,000 are asked at once.
pub fn by_ids(sql: &mut dyn Sql, ids: &[Uuid]) -> Result<Vec<UserRow>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let (marks, values) = any_of(ids);
    sql.query(&format!("SELECT {COLUMNS} FROM app_user u WHERE u.id IN ({marks}) ORDER BY u.id"), &values)?.iter().map(read).collect()
}

/// Users after an identity, in order of it.
pub fn after(sql: &mut dyn Sql, id: Uuid, limit: i64) -> Result<Vec<UserRow>, StoreError> {
    sql.query(&format!("SELECT {COLUMNS} FROM app_user u WHERE u.id > $1 ORDER BY u.id LIMIT $2"), &params![id, limit])?
        .iter()
        .map(read)
        .collect()
}

/// Escapes what LIKE would read as a pattern.
pub(crate) fn escape_like(text: &str) -> String {
    text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}

/// Accounts that ended (by their date or by hand) but still hold open steps or living sessions and tokens.
pub fn ended_with_leftovers(sql: &mut dyn Sql, now: i64, limit: i64) -> Result<Vec<UserRow>, StoreError> {
    sql.query(
        &format!(
            "SELECT {COLUMNS} FROM app_user u WHERE (u.active = 0 OR u.expires_at <= $1) AND (\
             EXISTS (SELECT 1 FROM task t WHERE t.assignee = u.id AND t.team IS NOT NULL) OR EXISTS (SELECT 1 FROM session s WHERE s.user_id = u.id) \
             OR EXISTS (SELECT 1 FROM token k WHERE k.user_id = u.id AND k.revoked_at IS NULL)) ORDER BY u.id LIMIT $2"
        ),
        &params![now, limit],
    )?
    .iter()
    .map(read)
    .collect()
}

/// A proof of identity: the user it belongs to and, for passwords, the argon2 hash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// Whose it is.
    pub user: Uuid,
    /// The stored secret, if this provider has one.
    pub secret: Option<String>,
}

/// Finds who a provider's subject is.
pub fn identity(sql: &mut dyn Sql, provider: &str, subject: &str) -> Result<Option<Identity>, StoreError> {
    sql.first("SELECT user_id, secret FROM identity WHERE provider = $1 AND subject = $2", &params![provider, subject])?
        .map(|row| Ok(Identity { user: row.id(0)?, secret: row.opt_text(1)? }))
        .transpose()
}

/// Writes a proof of identity, replacing its secret.
pub fn put_identity(provider: &str, subject: &str, user: Uuid, secret: Option<&str>, now: i64) -> Statement {
    Statement::one(
        "INSERT INTO identity (provider, subject, user_id, secret, changed_at) VALUES ($1,$2,$3,$4,$5) \
         ON CONFLICT (provider, subject) DO UPDATE SET secret = excluded.secret, changed_at = excluded.changed_at, user_id = excluded.user_id",
        params![provider, subject, user, secret, now],
    )
}

/// How many users there are; asked at start and by commands, never by pages.
pub fn count(sql: &mut dyn Sql) -> Result<i64, StoreError> {
    sql.first("SELECT COUNT(*) FROM app_user", &[])?.map_or(Ok(0), |row| row.int(0))
}
