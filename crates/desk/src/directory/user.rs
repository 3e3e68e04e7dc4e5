//! Creating and changing users. A user is deactivated, never deleted.

use argon2::password_hash::PasswordHasher;
use serde_json::{Map, Value, json};
use store::user::UserRow;
use store::{Sql, WriteSet};
use uuid::Uuid;

use crate::directory::{Directory, EntryKind, Item, find_text, put, sort_key};
use crate::dispatch::{CAPACITY, OWN_CAPACITIES};
use crate::journal::{self, Cause, Fact};
use crate::{DeskError, Env, FieldError, Keyring, session, settings};

/// The values of a new user.
#[derive(Clone, Debug, Default)]
pub struct NewUser {
    /// Natural key.
    pub username: String,
    /// All else, as [`UserChange`].
    pub values: Map<String, Value>,
    /// Argon2 hash of the password, of [`hash_password`]; without one nobody signs in as this user.
    pub password: Option<String>,
    /// The session that goes on when there is a new password: that of the person who changes their own.
    pub keep_session: Option<Uuid>,
}

/// Values of a user to be changed: the [`FIELDS`].
pub type UserChange = Map<String, Value>;

/// The values that a user may have.
pub const FIELDS: &[&str] = &[
    "name",
    "sort_name",
    "number",
    "kind",
    "email",
    "phone",
    "locale",
    "active",
    "expires_at",
    "employer",
    "area",
    "site",
    "department",
    "customer",
    "roles",
    "deputy",
    "deputy_from",
    "deputy_until",
    "capacity",
];

/// Words that stand for somebody or nobody in filters and conditions.
const RESERVED: [&str; 3] = ["me", "none", "mine"];

/// The values of a user as the journal speaks of them.
pub fn user_map(row: &UserRow) -> Map<String, Value> {
    let roles: Value = serde_json::from_str(&row.roles).unwrap_or_else(|_| json!([]));
    let value = json!({
        "username": row.username, "name": row.name, "sort_name": row.sort_name, "kind": row.kind, "email": row.email,
        "phone": row.phone, "locale": row.locale, "active": row.active, "expires_at": row.expires_at,
        "employer": row.employer, "site": row.site, "department": row.department, "customer": row.customer, "roles": roles,
        "number": row.number, "area": row.area, "deputy": row.deputy, "deputy_from": row.deputy_from, "deputy_until": row.deputy_until,
        "capacity": row.capacity,
    });
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

/// The row of a user with these values; how check and every change fold a user's journal.
pub(crate) fn user_row(id: Uuid, map: &Map<String, Value>, version: i64, chain: Vec<u8>) -> Result<UserRow, DeskError> {
    let text = |field: &str| map.get(field).and_then(Value::as_str).map(str::to_owned);
    let id_of = |field: &str| map.get(field).and_then(Value::as_str).and_then(|v| v.parse().ok());
    let need = |field: &'static str| text(field).ok_or_else(|| DeskError::outside("fold a user", format!("{field} is missing")));
    let customer = id_of("customer").ok_or_else(|| DeskError::outside("fold a user", "customer is missing"))?;
    let int = |field: &str| map.get(field).and_then(Value::as_i64);
    let mut row = UserRow {
        id,
        username: need("username")?,
        name: need("name")?,
        sort_name: need("sort_name")?,
        kind: need("kind")?,
        email: text("email"),
        phone: text("phone"),
        locale: need("locale")?,
        active: map.get("active").and_then(Value::as_bool).unwrap_or(true),
        expires_at: map.get("expires_at").and_then(Value::as_i64),
        employer: text("employer"),
        site: id_of("site"),
        department: id_of("department"),
        customer,
        roles: map.get("roles").cloned().unwrap_or_else(|| json!([])).to_string(),
        number: text("number"),
        area: text("area"),
        deputy: id_of("deputy"),
        deputy_from: int("deputy_from"),
        deputy_until: int("deputy_until"),
        capacity: int("capacity"),
        find_text: String::new(),
        version,
        chain,
    };
    row.find_text = find_text(&row);
    Ok(row)
}

/// Creates a user.
pub fn create_user(env: &Env, sql: &mut dyn Sql, cause: &Cause, new: &NewUser) -> Result<(WriteSet, UserRow), DeskError> {
    let fine = !new.username.is_empty()
        && new.username.len() <= 100
        && new.username.chars().all(|c| c.is_alphanumeric() || "-_.@ ".contains(c))
        && new.username.trim() == new.username;
    if !fine {
        return Err(DeskError::field(
            "/username",
            "format",
            "a username has 1 to 100 letters, digits, '-', '_', '.' or '@', and blanks only inside",
        ));
    }
    if RESERVED.contains(&new.username.to_lowercase().as_str()) {
        let message = format!("'{}' means something of its own in addresses: choose another username", new.username);
        return Err(DeskError::field("/username", "reserved", message));
    }
    if store::user::find_username(sql, &new.username)?.is_some() {
        return Err(DeskError::field("/username", "taken", "this username is taken: choose another"));
    }
    let new = NewUser { values: with_deputy(sql, &new.values)?, ..new.clone() };
    prepare_user(env, sql.dialect(), cause, env.world.id(), None, &new)
}

/// Turns the deputy's username into an identity, and refuses one who cannot stand in.
fn with_deputy(sql: &mut dyn Sql, values: &UserChange) -> Result<UserChange, DeskError> {
    let mut values = values.clone();
    if let Some(Value::String(reference)) = values.get("deputy") {
        let found = match reference.parse::<Uuid>() {
            Ok(id) => store::user::find(sql, id)?,
            Err(_) => store::user::find_username(sql, reference)?,
        };
        let wrong = |code, message: String| DeskError::field("/deputy", code, message);
        let user = found.ok_or_else(|| wrong("unknown_reference", format!("there is no user '{reference}'")))?;
        if !user.active {
            return Err(wrong("inactive", format!("the account of '{reference}' has ended: name somebody else")));
        }
        values.insert("deputy".to_owned(), json!(user.id));
    }
    Ok(values)
}

/// Refuses a deputy for somebody who works on records who has no way to that work.
fn require_working_deputy(env: &Env, sql: &mut dyn Sql, values: &UserChange) -> Result<(), DeskError> {
    let Some(deputy) = values.get("deputy").and_then(Value::as_str).and_then(|id| id.parse().ok()) else { return Ok(()) };
    match store::user::find(sql, deputy)? {
        Some(user) if !works(env, &user) => {
            let message = format!("{} has no role that works on records: choose somebody who has", user.name);
            Err(DeskError::field("/deputy", "no_work", message))
        }
        _ => Ok(()),
    }
}

/// Changes values of a user, and the password when there is the hash of a new one.
pub fn change_user(
    env: &Env,
    sql: &mut dyn Sql,
    cause: &Cause,
    id: Uuid,
    change: &UserChange,
    password: Option<&str>,
    expected: Option<i64>,
) -> Result<(WriteSet, UserRow), DeskError> {
    let current = store::user::find(sql, id)?.ok_or_else(|| DeskError::NotFound("user".to_owned()))?;
    if let Some(expected) = expected
        && expected != current.version
    {
        return Err(put::stale(sql, id, current.version, expected)?);
    }
    let values = with_deputy(sql, change)?;
    if works(env, &current) {
        require_working_deputy(env, sql, &values)?;
    }
    let password = password.map(str::to_owned);
    let change = NewUser { username: current.username.clone(), values, password, keep_session: None };
    let (mut set, row) = prepare_user(env, sql.dialect(), cause, id, Some(&current), &change)?;
    require_administrator(env, sql, &current, &row)?;
    require_no_duty(env, &current, &row)?;
    if !row.is_alive(env.world.now()) {
        set.push(store::session::end_all(id));
        set.statements.extend(session::revoke_all(env, sql, cause, id)?.statements);
    }
    Ok((set, row))
}

/// Refuses to take the way to the work from somebody who answers for work: nobody would see what waits for them.
fn require_no_duty(env: &Env, before: &UserRow, after: &UserRow) -> Result<(), DeskError> {
    if !works(env, before) || works(env, after) || !after.is_alive(env.world.now()) {
        return Ok(());
    }
    let label = |item: &Item| item.key.clone();
    let teams: Vec<String> =
        env.directory.of_kind(EntryKind::Team).into_iter().filter(|it| it.on_duty() == Some(after.id)).map(label).collect();
    if !teams.is_empty() {
        let why = format!("{} is on duty for {}: name somebody else there first", after.name, teams.join(", "));
        return Err(DeskError::field("/roles", "on_duty", why));
    }
    if env.directory.deputations().iter().any(|it| it.deputy == after.id && it.until > env.world.now()) {
        let why = format!("{} stands in for somebody who is away: name another deputy first", after.name);
        return Err(DeskError::field("/roles", "on_duty", why));
    }
    Ok(())
}

/// Refuses a change after which no account is left that administers everything and does not end: nobody could mend that.
fn require_administrator(env: &Env, sql: &mut dyn Sql, before: &UserRow, after: &UserRow) -> Result<(), DeskError> {
    let all = administering(env);
    let lasts = |row: &UserRow| {
        let roles: Vec<String> = serde_json::from_str(&row.roles).unwrap_or_default();
        row.active && row.expires_at.is_none() && roles.iter().any(|role| all.contains(role))
    };
    if !lasts(before) || lasts(after) || store::user::lasting_with(sql, &all, before.id)?.is_some() {
        return Ok(());
    }
    let why = "this is the last account that administers everything: give another one that role first";
    Err(DeskError::NotAvailable(why.to_owned()))
}

/// Whether somebody has a role that works on records, rather than one that asks for work alone.
pub(crate) fn works(env: &Env, user: &UserRow) -> bool {
    does_work(&env.directory, &user.roles)
}

/// The same of the keys of roles, a JSON list.
pub(crate) fn does_work(directory: &Directory, roles: &str) -> bool {
    let roles: Vec<String> = serde_json::from_str(roles).unwrap_or_default();
    let does = |role: &String| directory.role(role).is_some_and(|role| role.actions.iter().any(|it| it == "*" || it == "workspace"));
    roles.iter().any(does)
}

/// Somebody other than `but` who administers everything and whose account does not end.
pub(crate) fn administrator(env: &Env, sql: &mut dyn Sql, but: Uuid) -> Result<Option<Uuid>, DeskError> {
    Ok(store::user::lasting_with(sql, &administering(env), but)?)
}

/// The roles that may do everything.
fn administering(env: &Env) -> Vec<String> {
    let keys = env.directory.of_kind(EntryKind::Role).into_iter().map(|role| role.key.clone());
    keys.filter(|key| env.directory.role(key).is_some_and(|role| role.actions.iter().any(|action| action == "*"))).collect()
}

/// Changes somebody's own password to the one with this hash; of their sessions only `keep` goes on.
pub fn change_password(
    env: &Env,
    sql: &mut dyn Sql,
    cause: &Cause,
    id: Uuid,
    hash: &str,
    keep: Option<Uuid>,
) -> Result<(WriteSet, UserRow), DeskError> {
    let current = store::user::find(sql, id)?.ok_or_else(|| DeskError::NotFound("user".to_owned()))?;
    let change = NewUser { username: current.username.clone(), values: Map::new(), password: Some(hash.to_owned()), keep_session: keep };
    prepare_user(env, sql.dialect(), cause, id, Some(&current), &change)
}

/// Builds what creating or changing a user writes, without looking whether the name is taken.
pub fn prepare_user(
    env: &Env,
    dialect: decide::Dialect,
    cause: &Cause,
    id: Uuid,
    current: Option<&UserRow>,
    new: &NewUser,
) -> Result<(WriteSet, UserRow), DeskError> {
    let mut change = resolve(env, &new.values)?;
    let mut map = current.map_or_else(|| defaults(env, &new.username, &change), user_map);
    follow(&mut change, &map);
    let mut edits: Vec<Value> = Vec::new();
    if current.is_none() {
        edits.extend(map.iter().filter(|(_, v)| !v.is_null()).map(|(field, new)| json!({"field": field, "old": null, "new": new})));
    }
    for (field, new) in &change {
        let old = map.get(field).cloned().unwrap_or(Value::Null);
        if &old != new {
            edits.push(json!({"field": field, "old": old, "new": new}));
            map.insert(field.clone(), new.clone());
        }
    }
    deputy_fits(id, &map)?;
    let mut set = WriteSet::default();
    if new.password.is_some() {
        // That it changed, not what it is.
        edits.push(json!({"field": "password", "old": null, "new": null}));
    }
    if let Some(row) = current
        && edits.is_empty()
    {
        return Ok((set, row.clone()));
    }
    let mut content = json!({ "edits": edits });
    if let Some(hash) = &new.password {
        content["password"] = json!(password_digest(&env.keyring, id, hash));
        set.push(store::user::put_identity("password", &new.username, id, Some(hash), env.world.now()));
        set.push(match new.keep_session {
            Some(session) => store::session::end_others(id, session),
            None => store::session::end_all(id),
        });
    } else if current.is_none() {
        content["password"] = Value::Null;
    }
    let (version, chain) = current.map_or((0, Vec::new()), |row| (row.version, row.chain.clone()));
    let event = if version == 0 { "created" } else { "changed" };
    let fact = Fact { kind: "user", aggregate: id, version, chain: &chain, event, definition: None, visibility: "internal" };
    let entry = journal::entry(&env.keyring, &env.world, cause, &fact, &content)?;
    let row = user_row(id, &map, entry.seq, entry.chain.clone())?;
    if version == 0 {
        set.push(store::user::take_name(&row.username));
    }
    set.push(if version == 0 { store::user::insert(&row) } else { store::user::update(&row, version) });
    set.statements.extend(journal::statements(&entry, dialect));
    if version > 0 || row.deputy.is_some() {
        set.push(store::directory::bump_epoch());
    }
    Ok((set, row))
}

/// What the journal keeps of a password: an HMAC of its stored hash, so that a hash that was put in its place is found, and
/// nobody who reads the journal learns one to guess at. Sessions that used the password before end with it.
fn password_digest(keyring: &Keyring, user: Uuid, hash: &str) -> String {
    hex::encode(keyring.mac(&[b"password", user.as_bytes(), hash.as_bytes()]))
}

/// Whether a stored hash is the one that the journal keeps the digest of.
pub(crate) fn is_password_of(keyring: &Keyring, user: Uuid, hash: &str, digest: &str) -> bool {
    hex::decode(digest).is_ok_and(|tag| keyring.verify(&tag, &[b"password", user.as_bytes(), hash.as_bytes()]))
}

fn defaults(env: &Env, username: &str, change: &UserChange) -> Map<String, Value> {
    let name = change.get("name").and_then(Value::as_str).unwrap_or(username);
    let customer = env.directory.home_customer();
    let language = env.directory.setting(settings::ORGANISATION).and_then(|it| it.get("language")).and_then(Value::as_str);
    let mut map = Map::new();
    for (field, value) in [
        ("username", json!(username)),
        ("name", json!(name)),
        ("sort_name", json!(sort_key(name))),
        ("kind", json!("person")),
        ("locale", json!(language.unwrap_or("zh"))),
        ("active", json!(true)),
        ("customer", json!(customer)),
        ("roles", json!(["requester"])),
    ] {
        map.insert(field.to_owned(), value);
    }
    map
}

/// What changes along: a sort key that nobody wrote by hand follows the name, and without a deputy there are no dates.
fn follow(change: &mut UserChange, before: &Map<String, Value>) {
    let text = |field: &str| before.get(field).and_then(Value::as_str).unwrap_or_default();
    let made = text("sort_name") == sort_key(text("name")) || text("sort_name") == text("name").to_lowercase();
    if let Some(name) = change.get("name").and_then(Value::as_str)
        && made
        && !change.contains_key("sort_name")
    {
        change.insert("sort_name".to_owned(), json!(sort_key(name)));
    }
    if change.get("deputy").is_some_and(Value::is_null) {
        change.insert("deputy_from".to_owned(), Value::Null);
        change.insert("deputy_until".to_owned(), Value::Null);
    }
}

/// Whether somebody else stands in, for a time that has a beginning and an end.
fn deputy_fits(id: Uuid, map: &Map<String, Value>) -> Result<(), DeskError> {
    let Some(deputy) = map.get("deputy").and_then(Value::as_str) else { return Ok(()) };
    if deputy == id.to_string() {
        return Err(DeskError::field("/deputy", "self", "nobody stands in for themselves: name somebody else"));
    }
    let at = |field: &str| map.get(field).and_then(Value::as_i64);
    match (at("deputy_from"), at("deputy_until")) {
        (None, _) => Err(DeskError::field("/deputy_from", "required", "say from when the deputy stands in")),
        (_, None) => Err(DeskError::field("/deputy_until", "required", "say until when the deputy stands in")),
        (Some(from), Some(until)) if until <= from => {
            Err(DeskError::field("/deputy_until", "order", "the end must lie after the beginning"))
        }
        _ => Ok(()),
    }
}

/// Checks the values and turns keys of sites, departments, customers into identities.
fn resolve(env: &Env, change: &UserChange) -> Result<UserChange, DeskError> {
    let mut errors = Vec::new();
    let mut resolved = Map::new();
    for (field, value) in change {
        let pointer = format!("/{field}");
        let value = match (field.as_str(), value) {
            (name, _) if !FIELDS.contains(&name) => {
                errors.push(FieldError::new(pointer, "unknown_field", format!("a user has no such field; it has {}", FIELDS.join(", "))));
                continue;
            }
            ("site" | "department" | "customer", Value::String(reference)) => match env.directory.resolve(kind_of(field), reference) {
                Some(item) => json!(item.id),
                None => {
                    errors.push(FieldError::new(pointer, "unknown_reference", format!("there is no {field} '{reference}'")));
                    continue;
                }
            },
            ("roles", Value::Array(roles)) => {
                for role in roles {
                    if role.as_str().and_then(|key| env.directory.by_key(EntryKind::Role, key)).is_none() {
                        errors.push(FieldError::new("/roles", "unknown_reference", format!("there is no role {role}")));
                    }
                }
                value.clone()
            }
            ("email", Value::String(address)) if !address.is_empty() && !is_address(address) => {
                errors.push(FieldError::new(pointer, "format", format!("'{address}' is no mail address: write name@host")));
                continue;
            }
            _ if fits(field, value) => value.clone(),
            (CAPACITY, _) => {
                errors.push(FieldError::new(
                    pointer,
                    "range",
                    "write a number from 0 (is given nothing) to 1000, or null for that of the team",
                ));
                continue;
            }
            _ => {
                errors.push(FieldError::new(pointer, "type", format!("{value} does not fit here")));
                continue;
            }
        };
        resolved.insert(field.clone(), value);
    }
    if errors.is_empty() { Ok(resolved) } else { Err(DeskError::Invalid(errors)) }
}

fn kind_of(field: &str) -> EntryKind {
    match field {
        "site" => EntryKind::Site,
        "department" => EntryKind::Department,
        _ => EntryKind::Customer,
    }
}

fn fits(field: &str, value: &Value) -> bool {
    match field {
        "active" => value.is_boolean(),
        "expires_at" | "deputy_from" | "deputy_until" => value.is_null() || value.is_i64(),
        "deputy" => value.is_null() || value.as_str().is_some_and(|s| s.parse::<Uuid>().is_ok()),
        CAPACITY => value.is_null() || value.as_i64().is_some_and(|n| OWN_CAPACITIES.contains(&n)),
        "name" | "sort_name" => value.as_str().is_some_and(|s| !s.trim().is_empty() && s.len() <= 200),
        "locale" => matches!(value.as_str(), Some("zh" | "en")),
        "kind" => matches!(value.as_str(), Some("person" | "service")),
        "roles" => false,
        _ => value.is_null() || value.as_str().is_some_and(|s| s.len() <= 300),
    }
}

/// Whether mail could go there as it is written.
fn is_address(text: &str) -> bool {
    text.len() <= 300 && text.parse::<lettre::Address>().is_ok()
}

/// Hashes a password with argon2id; takes tens of milliseconds, so call it on a blocking thread.
pub fn hash_password(password: &str) -> Result<String, DeskError> {
    hash_password_at("/password", password)
}

/// Hashes a password that stands at this pointer of the request.
pub fn hash_password_at(pointer: &str, password: &str) -> Result<String, DeskError> {
    if password.chars().count() < 8 || password.len() > 500 {
        return Err(DeskError::field(pointer, "length", "a password has 8 characters or more"));
    }
    let hash = argon2::Argon2::default().hash_password(password.as_bytes());
    hash.map(|hash| hash.to_string()).map_err(|error| DeskError::outside("hash a password", error))
}
