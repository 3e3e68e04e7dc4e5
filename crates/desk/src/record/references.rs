//! Turning what callers write (ids or natural keys) into what the process works on, with an error per wrong field.

use decide::FieldType;
use pack::{STANDARD_FIELDS, StandardField, Target, standard_field};
use serde_json::{Map, Value, json};
use store::Sql;
use uuid::Uuid;

use crate::directory::EntryKind;
use crate::env::Pinned;
use crate::{DeskError, Env, FieldError};

/// Resolves a caller's values: standard fields at the top, own fields under `fields`, into one flat map.
pub fn resolve(env: &Env, sql: &mut dyn Sql, pinned: &Pinned, input: &Map<String, Value>) -> Result<Map<String, Value>, DeskError> {
    let mut flat = Map::new();
    let mut errors = Vec::new();
    for (field, value) in input {
        match (field.as_str(), value) {
            ("fields", Value::Object(own)) => own_fields(pinned, own, &mut flat, &mut errors),
            ("fields", Value::Null) => {}
            ("fields", _) => errors.push(FieldError::new("/fields", "type", "write an object of the type's own fields")),
            (name, value) => match given(name) {
                None => errors.push(no_such_field(name)),
                Some(field) => match standard(env, sql, pinned, field, value)? {
                    Ok(value) => {
                        flat.insert(name.to_owned(), value);
                    }
                    Err(error) => errors.push(error),
                },
            },
        }
    }
    if errors.is_empty() { Ok(flat) } else { Err(DeskError::Invalid(errors)) }
}

/// Resolves values that come with an action: standard and own fields side by side.
pub fn resolve_flat(env: &Env, sql: &mut dyn Sql, pinned: &Pinned, input: &Map<String, Value>) -> Result<Map<String, Value>, DeskError> {
    let mut flat = Map::new();
    let mut errors = Vec::new();
    for (name, value) in input {
        let Some(field) = given(name) else {
            own_fields(pinned, &Map::from_iter([(name.clone(), value.clone())]), &mut flat, &mut errors);
            continue;
        };
        match standard(env, sql, pinned, field, value)? {
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
            flat.insert(name.clone(), instant(pinned, name, value));
        } else {
            let message = format!("records of type {} have no field '{name}'", pinned.pack.key());
            errors.push(FieldError::new(format!("/fields/{name}"), "unknown_field", message));
        }
    }
}

/// An own instant may be written as everywhere in the API, with its offset; kept are UTC milliseconds.
fn instant(pinned: &Pinned, name: &str, value: &Value) -> Value {
    let is_instant = pinned.pack.field_type(name) == Some(FieldType::Instant);
    let written = value.as_str().filter(|_| is_instant).and_then(|text| chrono::DateTime::parse_from_rfc3339(text).ok());
    written.map_or_else(|| value.clone(), |at| json!(at.timestamp_millis()))
}

type Checked = Result<Value, FieldError>;

/// The standard field of this name, if a caller may give it a value.
fn given(name: &str) -> Option<&'static StandardField> {
    standard_field(name).filter(|field| field.is_given())
}

fn no_such_field(name: &str) -> FieldError {
    let known: Vec<&str> = STANDARD_FIELDS.iter().filter(|field| field.is_given()).map(|field| field.name).collect();
    let message = format!("there is no such field; own fields of the type go under 'fields', standard ones are {}", known.join(", "));
    FieldError::new(format!("/{name}"), "unknown_field", message)
}

fn standard(env: &Env, sql: &mut dyn Sql, pinned: &Pinned, field: &StandardField, value: &Value) -> Result<Checked, DeskError> {
    let pointer = format!("/{}", field.name);
    if value.is_null() {
        return Ok(Ok(Value::Null));
    }
    let Some(text) = value.as_str() else {
        return Ok(Err(FieldError::new(pointer, "type", "write a text")));
    };
    let choices = pinned.pack.choices(field.name);
    let found = match field.target {
        None if choices.is_empty() => return Ok(bounded(text, field.longest, &pointer)),
        None => return Ok(one_of(text, &choices, &pointer)),
        Some(Target::Category) => pinned.pack.has_category(text).then(|| json!(text)),
        Some(Target::User) => user(sql, text)?.map(|id| json!(id)),
        Some(target) => entry_kind(target).and_then(|kind| keyed(env, kind, text)),
    };
    let what = field.target.map_or("value", target_word);
    Ok(found.ok_or_else(|| FieldError::new(pointer, "unknown_reference", format!("there is no {what} '{text}'"))))
}

/// The kind of directory entry that a field refers to, if it refers to one.
pub fn entry_kind(target: Target) -> Option<EntryKind> {
    match target {
        Target::Team => Some(EntryKind::Team),
        Target::Service => Some(EntryKind::Service),
        Target::Site => Some(EntryKind::Site),
        Target::Customer => Some(EntryKind::Customer),
        Target::User | Target::Category | Target::Record => None,
    }
}

/// What a field refers to, in a word for messages.
pub fn target_word(target: Target) -> &'static str {
    match target {
        Target::User => "user",
        Target::Category => "category",
        Target::Record => "record",
        Target::Team => "team",
        Target::Service => "service",
        Target::Site => "site",
        Target::Customer => "customer",
    }
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
