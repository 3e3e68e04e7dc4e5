//! Lists of records: the caller's filter within the policy's scope.

use std::collections::BTreeMap;

use base64::Engine;
use decide::{Condition, FieldType};
use pack::Target;
use serde_json::{Map, Value, json};
use store::Sql;
use store::record_list::{ListQuery, ListedRecord, QUEUE, SORTS, Sort};
use uuid::Uuid;

use super::read::{self, Target as Which};
use super::{filter, references};
use crate::env::Pinned;
use crate::job::reindex;
use crate::policy::{self, PolicyListed};
use crate::settings::words;
use crate::{Actor, DeskError, Env};

/// Filter parameters as they come in a query string.
pub type Filters = BTreeMap<String, String>;

/// What a caller wants of a list.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Filters.
    pub filters: Filters,
    /// A condition, as JSON, that records meet besides.
    pub condition: Option<Value>,
    /// Names of the own fields that each row shows.
    pub fields: Vec<String>,
    /// Sort, `-opened_at` when left out.
    pub sort: Option<String>,
    /// Cursor of the page before.
    pub cursor: Option<String>,
    /// Most rows.
    pub limit: i64,
}

/// A page of a list.
pub struct Page {
    /// Rows.
    pub items: Vec<ListedRecord>,
    /// The own fields of each row that were asked for and that the reader may see.
    pub own: Vec<Map<String, Value>>,
    /// Cursor of the next page; none at the end.
    pub next: Option<String>,
}

/// Names of the filters that a list takes.
pub const FILTERS: &[&str] = &[
    "state",
    "team",
    "assignee",
    "requester",
    "priority",
    "impact",
    "urgency",
    "category",
    "service",
    "site",
    "channel",
    "parent",
    "q",
    "opened_after",
    "opened_before",
];

/// What begins the name of a filter by an own field.
pub const OWN: &str = "fields.";
/// What tells of things that happen where only some may look: when a record changed last, and what it hangs below.
pub const BEHIND: [&str; 2] = ["updated_at", "parent"];

/// Most words of a search that are looked for.
const MOST_WORDS: usize = 12;
/// The field whose levels an organisation may put together.
const PRIORITY: &str = "priority";
/// The setting that says which records come first in queues.
pub const QUEUE_ORDER: &str = "queue_order";
/// Its value where those of other customers do (先外后内).
pub const EXTERNAL_FIRST: &str = "external_first";

/// What a list holds for one reader: what they may see, and what of that they want.
pub struct Compiled {
    /// The scope.
    pub scope: Condition,
    /// The filter.
    pub filter: Condition,
}

/// Reads filter and scope for a reader. What the filter names decides the scope: what may not be read of a record must not be
/// found out by filtering either.
pub fn compile(
    env: &Env,
    sql: &mut dyn Sql,
    actor: &Actor,
    type_key: &str,
    filters: &Filters,
    condition: Option<&Value>,
) -> Result<Compiled, DeskError> {
    let pinned = env.packs.newest(type_key)?;
    let mut tests = vec![json!({"field": "type", "op": "eq", "value": type_key})];
    let (mut schema, mut internal) = (policy::record_schema(), false);
    for (name, value) in filters {
        let Some(field) = name.strip_prefix(OWN) else {
            tests.push(test(env, sql, actor, pinned, name, value)?);
            continue;
        };
        let (kind, own) = own_test(pinned, actor, field, value)?;
        reindex::require_built(sql, type_key, field)?;
        schema.insert(field.to_owned(), kind);
        internal |= pinned.is_internal(field);
        tests.push(own);
    }
    let parsed = Condition::parse(&json!({ "all": tests }), &schema);
    let mut parts = vec![parsed.map_err(|error| DeskError::Malformed(format!("the filter cannot be used: {error}")))?];
    if let Some(condition) = condition {
        let written = filter::read(env, sql, actor, pinned, condition)?;
        internal |= written.internal;
        parts.push(written.condition);
    }
    let mut scope = vec![pinned.rights.scope(actor, "read")];
    if internal {
        scope.push(pinned.rights.scope(actor, "read_internal"));
    }
    Ok(Compiled { scope: Condition::All(scope), filter: Condition::All(parts) })
}

/// Reads one page. `read` scope and filter are bound to the actor; a cursor fits only the filter and sort it came from.
pub fn list(env: &Env, sql: &mut dyn Sql, actor: &Actor, type_key: &str, wanted: &Wanted) -> Result<Page, DeskError> {
    let pinned = env.packs.newest(type_key)?;
    let (sort, limit) = (parse_sort(env, wanted.sort.as_deref())?, wanted.limit);
    // Who sees public entries alone must not learn from the order when something else happened.
    let sort = match sort.column {
        "updated_at" if !pinned.rights.everywhere(actor, "read_internal") => Sort { column: "public_at", ..sort },
        _ => sort,
    };
    let compiled = compile(env, sql, actor, type_key, &wanted.filters, wanted.condition.as_ref())?;
    let fingerprint = fingerprint(type_key, wanted, sort);
    let after = wanted.cursor.as_deref().map(|text| decode(text, &fingerprint, sort)).transpose()?;
    let who = actor.binding(env.world.now());
    let (scope, filter) = (compiled.scope.bind(&who), compiled.filter.bind(&who));
    let query = ListQuery { scope: &scope, filter: &filter, sort, after, limit: limit + 1, indexed: &pinned.indexed };
    let mut items = store::record_list::list(sql, &query)?;
    let more = items.len() > usize::try_from(limit).unwrap_or(usize::MAX);
    items.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let next = items.last().filter(|_| more).map(|last| encode(last, &fingerprint, sort));
    let own = own_fields(env, sql, actor, pinned, &items, &wanted.fields)?;
    Ok(Page { items, own, next })
}

/// The own fields of rows that were asked for; one that a reader may not see of a record is left out there.
fn own_fields(
    env: &Env,
    sql: &mut dyn Sql,
    actor: &Actor,
    pinned: &Pinned,
    rows: &[ListedRecord],
    asked: &[String],
) -> Result<Vec<Map<String, Value>>, DeskError> {
    if asked.is_empty() {
        return Ok(Vec::new());
    }
    let known = filter::own_fields(pinned, actor);
    for name in asked {
        if !known.contains(&name.as_str()) {
            let message = format!("there is no such column; own fields that lists can show are {}", known.join(", "));
            return Err(DeskError::parameter("fields", name, "unknown_reference", message));
        }
        reindex::require_built(sql, pinned.pack.key(), name)?;
    }
    let internal = pinned.rights.bound(actor, "read_internal", env.world.now());
    let mut found: BTreeMap<Uuid, Map<String, Value>> = BTreeMap::new();
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    for part in ids.chunks(1000) {
        for (record, field, text, number, instant) in store::record_list::own_values(sql, part)? {
            if asked.contains(&field) {
                let value = shown(pinned, &field, text, number, instant);
                found.entry(record).or_default().insert(field, value);
            }
        }
    }
    let of_row = |row: &ListedRecord| {
        let mut own = found.remove(&row.id).unwrap_or_default();
        if asked.iter().any(|field| pinned.is_internal(field)) && !internal.holds(&PolicyListed(row)) {
            own.retain(|field, _| !pinned.is_internal(field));
        }
        own
    };
    Ok(rows.iter().map(of_row).collect())
}

/// An indexed value as the record itself holds it.
fn shown(pinned: &Pinned, field: &str, text: Option<String>, number: Option<f64>, instant: Option<i64>) -> Value {
    match (text, number, instant) {
        (Some(text), ..) if pinned.pack.field_type(field) == Some(FieldType::Text) => Value::from(text),
        (Some(text), ..) => serde_json::from_str(&text).unwrap_or(Value::from(text)),
        (_, Some(number), _) if number.fract() == 0.0 && number.abs() < 9e15 => Value::from(number as i64),
        (_, Some(number), _) => Value::from(number),
        (_, _, Some(instant)) => Value::from(instant),
        _ => Value::Null,
    }
}

fn parse_sort(env: &Env, sort: Option<&str>) -> Result<Sort, DeskError> {
    let text = sort.unwrap_or("-opened_at");
    let (name, descending) = text.strip_prefix('-').map_or((text, false), |name| (name, true));
    let column = SORTS.iter().find(|known| **known == name);
    let column = column.ok_or_else(|| {
        let message = format!("write one of {}, with '-' before it for descending", SORTS.join(", "));
        DeskError::parameter("sort", text, "enum", message)
    })?;
    let outside = *column == QUEUE && env.directory.setting(QUEUE_ORDER).and_then(Value::as_str) == Some(EXTERNAL_FIRST);
    Ok(Sort { column, descending, external_first: env.directory.home_customer().filter(|_| outside) })
}

fn test(env: &Env, sql: &mut dyn Sql, actor: &Actor, pinned: &Pinned, name: &str, value: &str) -> Result<Value, DeskError> {
    let items = split(name, value)?;
    match name {
        "state" => return states(pinned, &items),
        "parent" => return Ok(json!({"field": "parent", "op": "eq", "value": parent_id(env, sql, actor, pinned, value)?})),
        "q" => {
            // Every word, in any order.
            let words: Vec<Value> =
                value.split_whitespace().take(MOST_WORDS).map(|word| json!({"field": "title", "op": "contains", "value": word})).collect();
            let title =
                if words.is_empty() { json!({"field": "title", "op": "contains", "value": value}) } else { json!({ "all": words }) };
            return Ok(json!({"any": [title, {"field": "number", "op": "starts_with", "value": value}]}));
        }
        "opened_after" => return Ok(json!({"field": "opened_at", "op": "ge", "value": instant(name, value)?})),
        "opened_before" => return Ok(json!({"field": "opened_at", "op": "lt", "value": instant(name, value)?})),
        _ => {}
    }
    let target = pack::standard_field(name).and_then(|field| field.target);
    if target.is_some_and(|target| target != Target::Category) && items == ["none"] {
        return Ok(json!({"field": name, "op": "is_empty"}));
    }
    if target == Some(Target::Team) && items == ["mine"] {
        return Ok(json!({"field": name, "op": "in", "value": {"my_teams": true}}));
    }
    let mut values = Vec::new();
    for item in items {
        values.push(match target {
            None => among(name, item, &pinned.pack.choices(name))?,
            Some(Target::Category) => category(pinned, name, item)?,
            Some(Target::User) => json!(user(sql, actor, name, item)?),
            Some(target) => json!(entry(env, actor, target, name, item)?),
        });
        if name == PRIORITY {
            let along = words::stands_for(&env.directory, item).into_iter().filter(|level| *level != item);
            values.extend(along.map(|level| json!(level)));
        }
    }
    // What a category stands for is in the categories below it too.
    Ok(if target == Some(Target::Category) { json!({"field": name, "op": "under", "value": values}) } else { one_or_many(name, values) })
}

pub(super) fn among(name: &str, item: &str, allowed: &[&str]) -> Result<Value, DeskError> {
    if allowed.contains(&item) { Ok(json!(item)) } else { Err(DeskError::not_among(name, item, allowed)) }
}

pub(super) fn category(pinned: &Pinned, name: &str, item: &str) -> Result<Value, DeskError> {
    // Old records are found by what nobody can choose any more.
    if pinned.pack.category(item).is_some() {
        return Ok(json!(item));
    }
    let roots: Vec<&str> = pinned.pack.categories().iter().map(|category| category.key.as_str()).collect();
    let message = format!("there is no such category; there are {} and the paths below them", roots.join(", "));
    Err(DeskError::parameter(name, item, "unknown_reference", message))
}

/// Who may not read users must not learn from a filter who has an account.
pub(super) fn user(sql: &mut dyn Sql, actor: &Actor, name: &str, item: &str) -> Result<Uuid, DeskError> {
    let id = match item {
        own if own == "me" || own == actor.user.username || own.parse() == Ok(actor.user.id) => Some(actor.user.id),
        _ if actor.may("user.read") || actor.may("workspace") => references::user(sql, item)?,
        _ => None,
    };
    id.ok_or_else(|| DeskError::no_such(name, item, "user"))
}

/// The entry that a filter names. To somebody who may not read entries of its kind, one that is not there is like one that
/// has nothing for them.
pub fn entry(env: &Env, actor: &Actor, target: Target, name: &str, item: &str) -> Result<Uuid, DeskError> {
    let word = references::target_word(target);
    let Some(kind) = references::entry_kind(target) else { return Err(DeskError::no_such(name, item, word)) };
    match env.directory.resolve(kind, item) {
        Some(entry) => Ok(entry.id),
        None if policy::may_read_entries(actor, kind) => Err(DeskError::no_such(name, item, word)),
        None => Ok(Uuid::nil()),
    }
}

/// What the caller may not see is as unknown to them as what does not exist.
pub(super) fn parent_id(env: &Env, sql: &mut dyn Sql, actor: &Actor, pinned: &Pinned, value: &str) -> Result<Uuid, DeskError> {
    let target = Which::Number { type_key: pinned.pack.key().to_owned(), number: value.to_owned() };
    match read::find(env, sql, actor, &target) {
        Ok(parent) => Ok(parent.row.id),
        Err(DeskError::NotFound(_)) => Err(DeskError::no_such("parent", value, "record")),
        Err(error) => Err(error),
    }
}

/// The test of an indexed own field, with the field's type. A field that the caller sees of no record is as unknown as one that the
/// pack does not have.
fn own_test(pinned: &Pinned, actor: &Actor, field: &str, value: &str) -> Result<(FieldType, Value), DeskError> {
    let name = format!("{OWN}{field}");
    let internal = pinned.rights.ever(actor, "read_internal");
    let known: Vec<&(String, &str)> = pinned.indexed.iter().filter(|(field, _)| pinned.shows(field, internal)).collect();
    let Some((_, column)) = known.iter().find(|(known, _)| known == field) else {
        let known: Vec<String> = known.iter().map(|(field, _)| format!("{OWN}{field}")).collect();
        let message = format!("there is no such filter; own fields to filter by are {}", known.join(", "));
        return Err(DeskError::parameter(&name, value, "unknown_reference", message));
    };
    let items = split(&name, value)?.into_iter();
    let number = |item: &str| {
        let number: Option<f64> = item.parse().ok().filter(|number: &f64| number.is_finite());
        number.map(Value::from).ok_or_else(|| DeskError::parameter(&name, item, "format", "write a number"))
    };
    let allowed = match pinned.pack.field_type(field) {
        Some(FieldType::Bool) => vec!["false", "true"],
        _ => pinned.pack.choices(field),
    };
    let word = |item: &str| if allowed.is_empty() { Ok(json!(item)) } else { among(&name, item, &allowed) };
    let (kind, values): (_, Result<Vec<Value>, DeskError>) = match *column {
        "number" => (FieldType::Number, items.map(number).collect()),
        // As answers give it, or as everywhere in the API.
        "instant" => {
            let read = |item: &str| item.parse().map_or_else(|_| instant(&name, item), Ok);
            (FieldType::Instant, items.map(|item| read(item).map(Value::from)).collect())
        }
        _ => (FieldType::Text, items.map(word).collect()),
    };
    Ok((kind, one_or_many(field, values?)))
}

/// The values of a filter, at least one.
fn split<'a>(name: &str, value: &'a str) -> Result<Vec<&'a str>, DeskError> {
    let items: Vec<&str> = value.split(',').map(str::trim).filter(|item| !item.is_empty()).collect();
    if items.is_empty() {
        return Err(DeskError::parameter(name, value, "format", "write a value, or several with commas, or leave it out"));
    }
    Ok(items)
}

/// One value is tested for equality, so that the index is used; several with `in`.
fn one_or_many(field: &str, mut values: Vec<Value>) -> Value {
    match values.len() {
        1 => json!({"field": field, "op": "eq", "value": values.remove(0)}),
        _ => json!({"field": field, "op": "in", "value": values}),
    }
}

fn states(pinned: &Pinned, items: &[&str]) -> Result<Value, DeskError> {
    let mut any = Vec::new();
    for item in items {
        if *item == "open" {
            any.push(json!({"field": "is_open", "op": "eq", "value": 1}));
        } else if pinned.pack.phase_of(item).is_some() {
            any.push(json!({"field": "state", "op": "eq", "value": item}));
        } else if PHASES.contains(item) {
            any.push(json!({"field": "phase", "op": "eq", "value": item}));
        } else {
            let states: Vec<&str> = pinned.pack.manifest().states.keys().map(String::as_str).collect();
            let message = format!("write a state ({}), a phase ({}) or 'open'", states.join(", "), PHASES.join(", "));
            return Err(DeskError::parameter("state", item, "enum", message));
        }
    }
    Ok(if any.len() == 1 { any.remove(0) } else { json!({ "any": any }) })
}

/// All phases.
pub const PHASES: &[&str] = &["new", "active", "waiting", "resolved", "closed", "cancelled"];

pub(super) fn instant(name: &str, value: &str) -> Result<i64, DeskError> {
    chrono::DateTime::parse_from_rfc3339(value)
        .map(|at| at.timestamp_millis())
        .map_err(|_| DeskError::parameter(name, value, "format", "write an instant with offset, such as 2026-03-01T08:00:00+08:00"))
}

fn fingerprint(type_key: &str, wanted: &Wanted, sort: Sort) -> String {
    let condition = wanted.condition.as_ref().map(Value::to_string);
    let text = format!("{type_key}\n{:?}\n{condition:?}\n{sort:?}", wanted.filters);
    hex::encode(&crate::keyring::sha256(text.as_bytes())[..8])
}

fn encode(last: &ListedRecord, fingerprint: &str, sort: Sort) -> String {
    let value = |value: store::Value| match value {
        store::Value::Int(v) => json!(v),
        store::Value::Text(v) => json!(v),
        _ => Value::Null,
    };
    let values: Vec<Value> = store::record_list::sort_values(last, sort).into_iter().map(value).collect();
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(json!([fingerprint, values, last.id]).to_string())
}

fn decode(text: &str, fingerprint: &str, sort: Sort) -> Result<(Vec<store::Value>, Uuid), DeskError> {
    let wrong = || DeskError::Malformed("this cursor is of another list: begin again without it".to_owned());
    let bytes = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(text).map_err(|_| wrong())?;
    let (of, values, id): (String, Vec<Value>, Uuid) = serde_json::from_slice(&bytes).map_err(|_| wrong())?;
    let value = |value: Value| match value {
        Value::Number(number) => number.as_i64().map(store::Value::Int),
        Value::String(text) if !text.contains('\0') => Some(store::Value::Text(text)),
        _ => None,
    };
    let values: Option<Vec<store::Value>> = values.into_iter().map(value).collect();
    let values = values.filter(|values| of == fingerprint && sort.fits(values)).ok_or_else(wrong)?;
    Ok((values, id))
}
