//! What asks for a skill: categories, with all below them, and services.

use serde_json::{Map, Value};

use super::EntryKind;
use crate::{DeskError, Env, FieldError};

/// Refuses categories and services that there are not.
pub(super) fn check(env: &Env, values: &Map<String, Value>) -> Result<(), DeskError> {
    let category = |key: &str| {
        env.directory.by_key(EntryKind::Category, key).is_some() || env.packs.all().iter().any(|pinned| pinned.pack.category(key).is_some())
    };
    let service = |key: &str| env.directory.by_key(EntryKind::Service, key).is_some();
    let mut errors = Vec::new();
    for (field, what, known) in [("categories", "category", &category as &dyn Fn(&str) -> bool), ("services", "service", &service)] {
        let named = values.get(field).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).enumerate();
        let unknown = named.filter(|(_, key)| !known(key));
        errors.extend(unknown.map(|(n, key)| {
            FieldError::new(format!("/{field}/{n}"), "unknown_reference", format!("there is no {what} '{key}': name one by its key"))
        }));
    }
    if errors.is_empty() { Ok(()) } else { Err(DeskError::Invalid(errors)) }
}
