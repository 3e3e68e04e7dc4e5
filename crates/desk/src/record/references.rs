//! Turning what callers write (ids or natural keys) into what the process works on, with an error per wrong field.

use serde_json::{Map, Value, json};
use store::Sql;
use uuid::Uuid;

use crate::directory::EntryKind;
use crate::env::Pinned;
use crate::{DeskError, Env, FieldError};

/// Common fields that a caller may give.
const WRITABLE: &[&str] =
    &["title", "description", "impact", "urgency", "priority", "category", "requester", "service", "site", "channel", "team", "assignee"];
/// Ways in which a record may be reported.
pub const CHANNELS: &[&str] = &["portal", "phone", "email", "walk_in", "chat", "api", "alert", "web", "import"];

/// Resolves a caller's values: common fields at the top, own fields under `fields`, into one flat map.
pub fn resolve(env: &Env, sql: &mut dyn Sql, pinned: &Pinned, input: &Map<String, Value>) -> Result<Map<String, Value>, DeskError> {
    let mut flat = Map::new();
    let mut errors = Vec::new();
    for (field, value) in input {
        match (field.as_str(), value) {
            ("fields", Value::Object(own)) => own_fields(pinned, own, &mut flat, &mut errors),
            ("fields", Value::Null) => {}
            ("fields", _) => errors.push(FieldError::new("/fields", "type", "write an object of the type's own fields")),
            (name, _) if !WRITABLE.contains(&name) => {
                let message =
                    format!("there is no such field; own fields of the type go under 'fields', common ones are {}", WRITABLE.join(", "));
                errors.push(FieldError::new(format!("/{name}"), "unknown_field", message));
            }
            (name, value) => match common(env, sql, pinned, name, value)? {
                Ok(value) => {
                    flat.insert(name.to_owned(), value);
                }
                Err(error) => errors.push(error),
            },
        }
    }
    if errors.is_empty() { Ok(flat) } else { Err(DeskError::Invalid(errors)) }
}

/// Resolves values that come with an action: common and own fields side by side.
pub fn resolve_flat(env: &Env, sql: &mut dyn Sql, pinned: &Pinned, input: &Map<String, Value>) -> Result<Map<String, Value>, DeskError> {
    let mut flat = Map::new();
    let mut errors = Vec::new();
    for (name, value) in input {
        if !WRITABLE.contains(&name.as_str()) {
            own_fields(pinned, &Map::from_iter([(name.clone(), value.clone())]), &mut flat, &mut errors);
            continue;
        }
        match common(env, sql, pinned, name, value)? {
            Ok(value) => {
                flat.insert(name.clone(), value);
            }
            Err(mut error) => {
                error.pointer = format!("/fields{}", error.pointer);
                errors.push(error);
            }
        }
    }
    if errors.is_empty() { Ok(flat) } else { Err(DeskError::Invalid(errors)) }
}

fn own_fields(pinned: &Pinned, own: &Map<String, Value>, flat: &mut Map<String, Value>, errors: &mut Vec<FieldError>) {
    let known = pinned.pack.form().get("properties").and_then(Value::as_object);
    for (name, value) in own {
        if known.is_some_and(|known| known.contains_key(name)) {
            flat.insert(name.clone(), value.clone());
        } else {
            let message = format!("records of type {} have no field '{name}'", pinned.pack.key());
            errors.push(FieldError::new(format!("/fields/{name}"), "unknown_field", message));
        }
    }
}

type Checked = Result<Value, FieldError>;

fn common(env: &Env, sql: &mut dyn Sql, pinned: &Pinned, name: &str, value: &Value) -> Result<Checked, DeskError> {
    let pointer = format!("/{name}");
    if value.is_null() {
        return Ok(Ok(Value::Null));
    }
    let Some(text) = value.as_str() else {
        return Ok(Err(FieldError::new(pointer, "type", "write a text")));
    };
    let unknown = |what: &str| FieldError::new(pointer.clone(), "unknown_reference", format!("there is no {what} '{text}'"));
    let checked = match name {
        "title" => bounded(text, 200, &pointer),
        "description" => bounded(text, 50_000, &pointer),
        "impact" | "urgency" => one_of(text, &["high", "medium", "low"], &pointer),
        "channel" => one_of(text, CHANNELS, &pointer),
        "priority" => one_of(text, &["p1", "p2", "p3", "p4"], &pointer),
        "category" if pinned.pack.has_category(text) => Ok(json!(text)),
        "category" => Err(unknown("category")),
        "service" => keyed(env, EntryKind::Service, text).ok_or_else(|| unknown("service")),
        "site" => keyed(env, EntryKind::Site, text).ok_or_else(|| unknown("site")),
        "team" => keyed(env, EntryKind::Team, text).ok_or_else(|| unknown("team")),
        _ => user(sql, text)?.map(|id| json!(id)).ok_or_else(|| unknown("user")),
    };
    Ok(checked)
}

fn bounded(text: &str, most: usize, pointer: &str) -> Checked {
    if text.chars().count() <= most {
        return Ok(json!(text));
    }
    Err(FieldError::new(pointer, "length", format!("at most {most} characters fit here")))
}

fn one_of(text: &str, allowed: &[&str], pointer: &str) -> Checked {
    if allowed.contains(&text) {
        return Ok(json!(text));
    }
    Err(FieldError::new(pointer, "enum", format!("write one of {}", allowed.join(", "))))
}

fn keyed(env: &Env, kind: EntryKind, reference: &str) -> Option<Value> {
    let item = env.directory.resolve(kind, reference).filter(|item| item.active)?;
    Some(json!(item.key))
}

/// The user that a reference means: an identity or a username.
pub fn user(sql: &mut dyn Sql, reference: &str) -> Result<Option<Uuid>, DeskError> {
    if let Ok(id) = Uuid::parse_str(reference)
        && let Some(user) = store::user::find(sql, id)?
    {
        return Ok(Some(user.id));
    }
    Ok(store::user::find_username(sql, reference)?.map(|user| user.id))
}
