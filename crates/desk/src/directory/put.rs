//! Creating and changing an entry of the directory.

use serde::Deserialize;
use serde_json::{Map, Value};
use store::directory::DirectoryRow;
use store::journal::Sight;
use store::{Sql, WriteSet};
use uuid::Uuid;

use super::{category, skill, team};
use crate::dispatch::{BY_LOAD, BY_QUEUE, CAPACITIES, CAPACITY, MODE};
use crate::journal::{self, Cause, Edit, Fact};
use crate::{Actor, DeskError, Env, FieldError, grant, kit, settings};

/// The kinds of entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum EntryKind {
    /// Support team.
    Team,
    /// Role.
    Role,
    /// Office area.
    Site,
    /// Service.
    Service,
    /// Department.
    Department,
    /// Customer.
    Customer,
    /// Setting.
    Setting,
    /// What people can do, with who can and who else.
    Skill,
    /// A list that somebody has saved.
    View,
    /// A text to reply with.
    Template,
    /// Several actions done as one.
    Macro,
    /// Steps to go through while a step of the flow is open.
    Checklist,
    /// What people are told about what is going on.
    Announcement,
    /// What records are about, in a tree.
    Category,
}

impl EntryKind {
    /// All kinds.
    pub const ALL: [Self; 14] = [
        Self::Team,
        Self::Role,
        Self::Site,
        Self::Service,
        Self::Department,
        Self::Customer,
        Self::Setting,
        Self::Skill,
        Self::View,
        Self::Template,
        Self::Macro,
        Self::Checklist,
        Self::Announcement,
        Self::Category,
    ];

    /// The word in the database and the journal.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Team => "team",
            Self::Role => "role",
            Self::Site => "site",
            Self::Service => "service",
            Self::Department => "department",
            Self::Customer => "customer",
            Self::Setting => "setting",
            Self::Skill => "skill",
            Self::View => "view",
            Self::Template => "template",
            Self::Macro => "macro",
            Self::Checklist => "checklist",
            Self::Announcement => "announcement",
            Self::Category => "category",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }

    /// The values that an entry of this kind may have.
    pub fn fields(self) -> &'static [&'static str] {
        match self {
            Self::Team => &["label", "description", "members", "duty", "tier", "site", "employer", "dispatch", "capacity", "active"],
            Self::Role => &["label", "description", "actions", "active"],
            Self::Site => &["label", "parent", "address", "timezone", "active"],
            Self::Service => &["label", "description", "owner", "team", "criticality", "customer", "active"],
            Self::Department => &["label", "parent", "active"],
            Self::Customer => &["label", "active"],
            Self::Setting => &["value", "active"],
            Self::View => &["name", "type", "query", "filter", "columns", "sort", "layout", "group", "owner", "shared", "active"],
            Self::Skill => &["label", "description", "holders", "backup", "categories", "services", "active"],
            Self::Template => &["label", "body", "group", "phrase", "type", "filter", "teams", "active"],
            Self::Macro => &["label", "description", "type", "filter", "teams", "roles", "steps", "active"],
            Self::Checklist => &["label", "description", "type", "filter", "activities", "outcomes", "steps", "active"],
            Self::Announcement => &["title", "body", "severity", "from", "until", "audience", "services", "record", "active"],
            Self::Category => &["label", "parent", "position", "types", "active"],
        }
    }

    /// Those of its values that name people.
    pub fn people(self) -> &'static [&'static str] {
        match self {
            Self::Team => &["members", "duty"],
            Self::Service => &["owner"],
            Self::Skill => &["holders", "backup"],
            _ => &[],
        }
    }
}

/// What an entry of the journal holds about the directory and users.
#[derive(Deserialize)]
struct Changed {
    edits: Vec<Edit>,
}

/// Words that filters understand by themselves.
const RESERVED: [&str; 3] = ["mine", "none", "me"];

/// The refusal that tells what others changed since the version that was seen.
pub(crate) fn stale(sql: &mut dyn Sql, id: Uuid, version: i64, since: i64) -> Result<DeskError, DeskError> {
    let meanwhile = journal::meanwhile(sql, id, since, Sight::All, |content: Changed| content.edits)?;
    Ok(DeskError::Stale { version, meanwhile })
}

/// Creates the entry, or changes the values given; values left out stay. Nothing changed gives an empty write set.
///
/// `expected` is the version the caller saw; without it the newest is changed.
pub fn put(
    env: &Env,
    sql: &mut dyn Sql,
    cause: &Cause,
    kind: EntryKind,
    key: &str,
    values: &Map<String, Value>,
    expected: Option<i64>,
) -> Result<(WriteSet, DirectoryRow), DeskError> {
    let values = &checked(env, kind, key, values)?;
    let current = env.directory.by_key(kind, key).map(|item| item.id);
    let current = match current {
        Some(id) => store::directory::find(sql, id)?,
        None => None,
    };
    let mut data: Map<String, Value> = match &current {
        Some(row) => serde_json::from_str(&row.data).map_err(|error| DeskError::outside("read a directory entry", error))?,
        None => Map::new(),
    };
    if let (Some(expected), Some(row)) = (expected, &current)
        && expected != row.version
    {
        return Err(stale(sql, row.id, row.version, expected)?);
    }
    let mut edits = Vec::new();
    for (field, new) in values {
        let before = data.get(field).cloned().unwrap_or(Value::Null);
        if &before != new {
            edits.push(Edit { field: field.clone(), old: before, new: new.clone() });
            data.insert(field.clone(), new.clone());
        }
    }
    let mut set = WriteSet::default();
    if let Some(row) = &current
        && edits.is_empty()
    {
        return Ok((set, row.clone()));
    }
    let (id, version, chain) = current.as_ref().map_or((env.world.id(), 0, Vec::new()), |row| (row.id, row.version, row.chain.clone()));
    let fact = Fact {
        kind: kind.as_str(),
        aggregate: id,
        version,
        chain: &chain,
        event: if version == 0 { "created" } else { "changed" },
        definition: None,
        visibility: "internal",
    };
    let content = serde_json::json!({ "key": key, "edits": edits });
    let entry = journal::entry(&env.keyring, &env.world, cause, &fact, &content)?;
    let row = row(id, kind, key, &data, entry.seq, entry.chain.clone())?;
    if kind == EntryKind::Team {
        team::check(env, sql, values, current.as_ref(), &row, &mut set)?;
    }
    set.push(if version == 0 { store::directory::insert(&row) } else { store::directory::update(&row, version) });
    set.statements.extend(journal::statements(&entry, sql.dialect()));
    set.push(store::directory::bump_epoch());
    Ok((set, row))
}

/// As [`put`] for a person: there is room for one more, and a condition that they write is one that they can read.
#[expect(clippy::too_many_arguments, reason = "those of `put` and who asks")]
pub fn put_by(
    env: &Env,
    sql: &mut dyn Sql,
    cause: &Cause,
    actor: &Actor,
    kind: EntryKind,
    key: &str,
    values: &Map<String, Value>,
    expected: Option<i64>,
) -> Result<(WriteSet, DirectoryRow), DeskError> {
    let present = env.directory.by_key(kind, key);
    if present.is_none() {
        kit::check_room(env, kind)?;
    }
    kit::check_condition(env, sql, actor, kind, present, values)?;
    put(env, sql, cause, kind, key, values, expected)
}

/// As [`put`] for a caller who names an entry that may be new: one that exists is only changed by who has seen its version.
pub fn put_seen(
    env: &Env,
    sql: &mut dyn Sql,
    cause: &Cause,
    kind: EntryKind,
    key: &str,
    values: &Map<String, Value>,
    seen: Option<i64>,
) -> Result<(WriteSet, DirectoryRow), DeskError> {
    match (env.directory.by_key(kind, key), seen) {
        (Some(_), None) => Err(DeskError::Unseen),
        (None, Some(_)) => Err(DeskError::Stale { version: 0, meanwhile: Vec::new() }),
        _ => put(env, sql, cause, kind, key, values, seen),
    }
}

/// The row of an entry with these values.
pub(crate) fn row(
    id: Uuid,
    kind: EntryKind,
    key: &str,
    data: &Map<String, Value>,
    version: i64,
    chain: Vec<u8>,
) -> Result<DirectoryRow, DeskError> {
    Ok(DirectoryRow {
        id,
        kind: kind.as_str().to_owned(),
        key: key.to_owned(),
        active: data.get("active").and_then(Value::as_bool).unwrap_or(true),
        data: serde_json::to_string(data).map_err(|error| DeskError::outside("write a directory entry", error))?,
        version,
        chain,
    })
}

/// The values as they are kept, once all of them fit.
fn checked(env: &Env, kind: EntryKind, key: &str, values: &Map<String, Value>) -> Result<Map<String, Value>, DeskError> {
    check_key(kind, key)?;
    check_values(kind, values)?;
    let mut values = super::references::resolve(&env.directory, kind, key, values).map_err(DeskError::Invalid)?;
    kit::check(env, kind, key, &values)?;
    match kind {
        EntryKind::Setting => settings::check(env, key, &mut values)?,
        EntryKind::Skill => skill::check(env, &values)?,
        EntryKind::Category => {
            category::check(env, key, &values)?;
            // The path says it already.
            values.extend(category::above(key).map(|above| ("parent".to_owned(), Value::from(above))));
        }
        _ => {}
    }
    Ok(values)
}

fn check_key(kind: EntryKind, key: &str) -> Result<(), DeskError> {
    if kind == EntryKind::Category {
        return category::check_key(key);
    }
    let fine = !key.is_empty() && key.len() <= 64 && key.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c));
    if RESERVED.contains(&key.to_lowercase().as_str()) {
        return Err(DeskError::field("/key", "reserved", format!("'{key}' means something of its own in filters: choose another key")));
    }
    if fine {
        return Ok(());
    }
    Err(DeskError::field("/key", "format", "a key has 1 to 64 letters, digits, '-', '_' or '.'"))
}

fn check_values(kind: EntryKind, values: &Map<String, Value>) -> Result<(), DeskError> {
    let mut errors = Vec::new();
    for (field, value) in values {
        let pointer = format!("/{field}");
        if !kind.fields().contains(&field.as_str()) {
            let message = format!("a {} has no such field; it has {}", kind.as_str(), kind.fields().join(", "));
            errors.push(FieldError::new(pointer, "unknown_field", message));
        } else if kind != EntryKind::Announcement && !fits(field, value) {
            // Announcements have checks of their own.
            errors.push(FieldError::new(pointer, "type", expected(field)));
        } else if field == "actions" {
            errors.extend(unknown_actions(value));
        }
    }
    if errors.is_empty() { Ok(()) } else { Err(DeskError::Invalid(errors)) }
}

fn unknown_actions(value: &Value) -> Vec<FieldError> {
    let known = || grant::GRANTS.iter().map(|grant| grant.key).collect::<Vec<_>>().join(", ");
    let named = value.as_array().into_iter().flatten().filter_map(Value::as_str).enumerate();
    let unknown = named.filter(|(_, action)| !grant::exists(action));
    unknown
        .map(|(n, action)| FieldError::new(format!("/actions/{n}"), "enum", format!("there is no action '{action}': {}", known())))
        .collect()
}

fn fits(field: &str, value: &Value) -> bool {
    let short = |v: &Value| v.as_str().is_some_and(|s| s.len() <= 2000);
    match field {
        "label" => value.as_object().is_some_and(|o| !o.is_empty() && o.iter().all(|(lang, v)| lang.len() <= 8 && short(v))),
        "members" | "actions" | "holders" | "backup" | "types" => {
            value.as_array().is_some_and(|list| list.len() <= 10_000 && list.iter().all(short))
        }
        "active" | "phrase" => value.is_boolean(),
        MODE => value.is_null() || value.as_str().is_some_and(|mode| [BY_QUEUE, BY_LOAD].contains(&mode)),
        CAPACITY => value.is_null() || value.as_i64().is_some_and(|n| CAPACITIES.contains(&n)),
        "teams" | "roles" | "activities" | "outcomes" | "categories" | "services" => {
            value.as_array().is_some_and(|list| list.len() <= 100 && list.iter().all(short))
        }
        "body" => {
            value.as_object().is_some_and(|o| o.iter().all(|(lang, v)| lang.len() <= 8 && v.as_str().is_some_and(|s| s.len() <= 24_000)))
        }
        "steps" => value.is_array(),
        "position" => value.is_null() || value.as_i64().is_some_and(|n| (0..=100_000).contains(&n)),
        "tier" => value.is_null() || value.as_i64().is_some_and(|n| (1..=9).contains(&n)),
        "value" => true,
        "query" | "filter" | "shared" => value.is_null() || value.is_object(),
        "columns" => value.as_array().is_some_and(|list| list.len() <= 100 && list.iter().all(short)),
        _ => value.is_null() || short(value),
    }
}

fn expected(field: &str) -> String {
    match field {
        "label" => "write {\"zh\": \"…\", \"en\": \"…\"}",
        "members" | "actions" | "holders" | "backup" | "types" => "write a list of texts",
        "active" | "phrase" => "write true or false",
        MODE => "write queue (who has time takes it) or load (it is given to who has the least to do)",
        CAPACITY => "write a number from 1 to 1000, or null for no limit",
        "teams" | "roles" | "activities" | "outcomes" | "categories" | "services" => "write a list of keys, at most 100",
        "body" => "write {\"zh\": \"…\", \"en\": \"…\"}, at most 24,000 bytes each",
        "steps" => "write a list of steps",
        "position" => "write a number from 0 to 100000",
        "tier" => "write a number from 1 to 9",
        _ => "write a text of at most 2,000 bytes",
    }
    .to_owned()
}
