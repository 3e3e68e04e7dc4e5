//! Saved lists: each somebody's own, and shared with teams or everybody by who may.

use serde_json::{Map, Value, json};
use store::directory::DirectoryRow;
use store::{Sql, WriteSet};
use uuid::Uuid;

use crate::directory::{EntryKind, Item, put};
use crate::journal::Cause;
use crate::record::export;
use crate::record::filter::in_body;
use crate::record::list::{self, FILTERS, Filters, OWN, Wanted};
use crate::{Actor, DeskError, Env, FieldError};

/// Most views of one person.
pub const MOST: usize = 100;
/// Most that one person ever made: what was taken away stays in the journal and in memory.
const MOST_EVER: usize = 1_000;
/// Most columns of a view.
const MOST_COLUMNS: usize = 30;
/// Longest name in characters.
const LONGEST: usize = 80;
/// Largest filter in bytes.
const LARGEST: usize = 16_384;
/// The right to share a view with others.
pub const SHARE: &str = "view.share";

/// The values of a view that its owner gives.
pub const FIELDS: [&str; 9] = ["label", "type", "query", "filter", "columns", "sort", "layout", "group", "shared"];

fn is_owner(actor: &Actor, item: &Item) -> bool {
    item.id_of("owner") == Some(actor.user.id)
}

/// Whether somebody sees a view: it is theirs, or shared with everybody or with a team of theirs.
fn sees(actor: &Actor, item: &Item) -> bool {
    let shared = item.data.get("shared");
    let with = |name: &str| shared.and_then(|shared| shared.get(name));
    let team = |id: &Value| id.as_str().and_then(|id| id.parse().ok()).is_some_and(|id: Uuid| actor.teams.contains(&id));
    item.active
        && (is_owner(actor, item)
            || with("everybody") == Some(&Value::Bool(true))
            || with("teams").and_then(Value::as_array).is_some_and(|teams| teams.iter().any(team)))
}

/// The views that somebody sees, oldest first.
pub fn visible<'a>(env: &'a Env, actor: &Actor) -> Vec<&'a Item> {
    env.directory.of_kind(EntryKind::View).into_iter().filter(|item| sees(actor, item)).collect()
}

/// The view with this identity, if this person sees it.
pub fn find<'a>(env: &'a Env, actor: &Actor, id: Uuid) -> Result<&'a Item, DeskError> {
    require_work(actor)?;
    let item = env.directory.get(id).filter(|item| item.kind == EntryKind::View && sees(actor, item));
    item.ok_or_else(|| DeskError::NotFound("view".to_owned()))
}

/// Refuses those who do not work on records.
pub fn require_work(actor: &Actor) -> Result<(), DeskError> {
    if actor.may("workspace") { Ok(()) } else { Err(DeskError::Forbidden("saved lists are for those who work on records".to_owned())) }
}

/// Whether somebody may change a view: their own, and who administers everything what others share.
pub fn may_change(actor: &Actor, item: &Item) -> bool {
    is_owner(actor, item) || actor.is_admin() && item.data.get("shared").is_some_and(|shared| !shared.is_null())
}

fn require_change(actor: &Actor, item: &Item) -> Result<(), DeskError> {
    if may_change(actor, item) {
        return Ok(());
    }
    Err(DeskError::Forbidden("this list is somebody else's: save it under another name to change it".to_owned()))
}

/// Prepares saving a new view.
pub fn create(
    env: &Env,
    sql: &mut dyn Sql,
    cause: &Cause,
    actor: &Actor,
    given: &Map<String, Value>,
) -> Result<(WriteSet, DirectoryRow), DeskError> {
    require_work(actor)?;
    let own: Vec<&Item> = env.directory.of_kind(EntryKind::View).into_iter().filter(|item| is_owner(actor, item)).collect();
    if own.iter().filter(|item| item.active).count() >= MOST || own.len() >= MOST_EVER {
        return Err(DeskError::Conflict(format!("one person has at most {MOST} saved lists: take some away first")));
    }
    let mut values = checked(env, sql, actor, given, &Map::new())?;
    values.insert("owner".to_owned(), json!(actor.user.id));
    put(env, sql, cause, EntryKind::View, &env.world.id().simple().to_string(), &values, None)
}

/// Prepares changing a view on the version that was seen.
pub fn change(
    env: &Env,
    sql: &mut dyn Sql,
    cause: &Cause,
    actor: &Actor,
    id: Uuid,
    given: &Map<String, Value>,
    seen: i64,
) -> Result<(WriteSet, DirectoryRow), DeskError> {
    let item = find(env, actor, id)?;
    require_change(actor, item)?;
    let values = checked(env, sql, actor, given, &item.data)?;
    put(env, sql, cause, EntryKind::View, &item.key, &values, Some(seen))
}

/// Prepares taking a view away.
pub fn deactivate(env: &Env, sql: &mut dyn Sql, cause: &Cause, actor: &Actor, id: Uuid) -> Result<WriteSet, DeskError> {
    let item = find(env, actor, id)?;
    require_change(actor, item)?;
    let values = Map::from_iter([("active".to_owned(), Value::Bool(false))]);
    Ok(put(env, sql, cause, EntryKind::View, &item.key, &values, None)?.0)
}

/// The values as they are kept, with all that is wrong with them.
fn checked(
    env: &Env,
    sql: &mut dyn Sql,
    actor: &Actor,
    given: &Map<String, Value>,
    before: &Map<String, Value>,
) -> Result<Map<String, Value>, DeskError> {
    let mut errors = Vec::new();
    let mut values = Map::new();
    for (field, value) in given {
        if !FIELDS.contains(&field.as_str()) {
            let message = format!("a saved list has {}", FIELDS.join(", "));
            errors.push(FieldError::new(format!("/{field}"), "unknown_field", message));
            continue;
        }
        values.insert(if field == "label" { "name" } else { field }.to_owned(), value.clone());
    }
    let whole = |name: &str| values.get(name).or_else(|| before.get(name)).filter(|value| !value.is_null());
    let name = whole("name").and_then(Value::as_str).map(str::trim).unwrap_or_default();
    if name.is_empty() || name.chars().count() > LONGEST {
        errors.push(FieldError::new("/label", "required", format!("give it a name of at most {LONGEST} characters")));
    }
    one_of(&mut errors, "layout", whole("layout"), &["list", "kanban"]);
    one_of(&mut errors, "group", whole("group"), &["state", "phase", "team", "assignee"]);
    if !errors.is_empty() {
        return Err(DeskError::Invalid(errors));
    }
    let Some(type_key) = whole("type").and_then(Value::as_str).filter(|key| env.packs.newest(key).is_ok()) else {
        return Err(DeskError::field("/type", "unknown_reference", "name a record type"));
    };
    let data: Map<String, Value> = before.iter().chain(&values).map(|(name, value)| (name.clone(), value.clone())).collect();
    check_list(env, sql, actor, type_key, &data)?;
    if let Some(shared) = given.get("shared") {
        values.insert("shared".to_owned(), sharing(env, actor, shared, before.get("shared"))?);
    }
    Ok(values)
}

fn one_of(errors: &mut Vec<FieldError>, field: &str, value: Option<&Value>, known: &[&str]) {
    if value.is_some_and(|value| value.as_str().is_none_or(|word| !known.contains(&word))) {
        errors.push(FieldError::new(format!("/{field}"), "enum", format!("write one of {}", known.join(", "))));
    }
}

/// A view is kept only if its list can be read.
fn check_list(env: &Env, sql: &mut dyn Sql, actor: &Actor, type_key: &str, data: &Map<String, Value>) -> Result<(), DeskError> {
    if data.get("filter").is_some_and(|filter| filter.to_string().len() > LARGEST) {
        return Err(DeskError::field("/filter", "too_large", format!("a filter has at most {LARGEST} bytes")));
    }
    let query = query_of(data).map_err(|name| {
        let message = format!("write a text under {}, or {OWN}<field>", FILTERS.join(", "));
        DeskError::field(format!("/query/{name}"), "unknown_field", message)
    })?;
    let columns = columns_of(data);
    if columns.len() > MOST_COLUMNS {
        return Err(DeskError::field("/columns", "too_many", format!("at most {MOST_COLUMNS} columns")));
    }
    export::check_columns(env.packs.newest(type_key)?, actor, &columns)?;
    let condition = data.get("filter").filter(|filter| !filter.is_null()).cloned();
    let sort = data.get("sort").and_then(Value::as_str).map(str::to_owned);
    let wanted = Wanted { filters: query, condition, sort, limit: 1, ..Wanted::default() };
    list::list(env, sql, actor, type_key, &wanted).map(drop).map_err(|error| match error {
        DeskError::Parameter { ref name, code, ref message, .. } if name == "sort" => DeskError::field("/sort", code, message.clone()),
        DeskError::Parameter { ref name, code, ref message, .. } if name != "filter" => {
            DeskError::field(format!("/query/{name}"), code, message.clone())
        }
        other => in_body(other, "/filter"),
    })
}

/// The list's parameters of a view; the name of one that is none.
pub fn query_of(data: &Map<String, Value>) -> Result<Filters, String> {
    let Some(query) = data.get("query").filter(|query| !query.is_null()) else { return Ok(Filters::new()) };
    let Some(query) = query.as_object() else { return Err(String::new()) };
    let mut filters = Filters::new();
    for (name, value) in query {
        let known = FILTERS.contains(&name.as_str()) || name.starts_with(OWN);
        match value.as_str().filter(|text| known && text.len() <= 2_000 && !text.contains('\0')) {
            Some("") => {}
            Some(text) => drop(filters.insert(name.clone(), text.to_owned())),
            None => return Err(name.clone()),
        }
    }
    Ok(filters)
}

/// The columns of a view in order.
pub fn columns_of(data: &Map<String, Value>) -> Vec<String> {
    let columns = data.get("columns").and_then(Value::as_array);
    columns.map_or_else(Vec::new, |list| list.iter().filter_map(|name| name.as_str().map(str::to_owned)).collect())
}

/// With whom a view is shared, teams as identities. Who may not share can still keep a view to themselves again.
fn sharing(env: &Env, actor: &Actor, shared: &Value, before: Option<&Value>) -> Result<Value, DeskError> {
    if shared.is_null() {
        return Ok(Value::Null);
    }
    let wrong = || DeskError::field("/shared", "format", r#"write null, {"everybody": true} or {"teams": ["…"]}"#);
    let object = shared.as_object().filter(|object| object.len() == 1).ok_or_else(wrong)?;
    let value = match (object.get("everybody"), object.get("teams").and_then(Value::as_array)) {
        (Some(Value::Bool(true)), _) => json!({ "everybody": true }),
        (None, Some(teams)) if !teams.is_empty() && teams.len() <= 50 => {
            let mut ids = Vec::new();
            for (n, team) in teams.iter().enumerate() {
                let item = team.as_str().and_then(|team| env.directory.resolve(EntryKind::Team, team)).filter(|item| item.active);
                let unknown = || DeskError::field(format!("/shared/teams/{n}"), "unknown_reference", "there is no such team");
                ids.push(item.ok_or_else(unknown)?.id);
            }
            json!({ "teams": ids })
        }
        _ => return Err(wrong()),
    };
    if before != Some(&value) && !(actor.actions.iter().any(|action| action == "*" || action == SHARE)) {
        return Err(DeskError::Forbidden("sharing lists with others needs the right view.share".to_owned()));
    }
    Ok(value)
}
