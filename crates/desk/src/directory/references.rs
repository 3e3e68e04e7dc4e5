//! What entries of the directory say of each other: that it is there, and that nothing lies within itself.

use serde_json::{Map, Value};

use super::{Directory, EntryKind};
use crate::FieldError;

/// The kind of entry that a field of another refers to by key.
pub fn target(kind: EntryKind, field: &str) -> Option<EntryKind> {
    match field {
        "parent" => Some(kind),
        "team" => Some(EntryKind::Team),
        "site" => Some(EntryKind::Site),
        "customer" => Some(EntryKind::Customer),
        _ => None,
    }
}

/// Turns references into the keys of what they mean, and names those that mean nothing.
pub(super) fn resolve(
    directory: &Directory,
    kind: EntryKind,
    key: &str,
    values: &Map<String, Value>,
) -> Result<Map<String, Value>, Vec<FieldError>> {
    let (mut resolved, mut errors) = (values.clone(), Vec::new());
    for (field, value) in &mut resolved {
        let (Some(target), Some(reference)) = (target(kind, field), value.as_str()) else { continue };
        match directory.resolve(target, reference) {
            None => {
                let message = format!("there is no {} '{reference}'", target.as_str());
                errors.push(FieldError::new(format!("/{field}"), "unknown_reference", message));
            }
            Some(item) if field == "parent" && lies_within(directory, kind, &item.key, key) => {
                errors.push(FieldError::new("/parent", "circle", format!("'{key}' would lie within itself")));
            }
            Some(item) => *value = Value::from(item.key.clone()),
        }
    }
    if errors.is_empty() { Ok(resolved) } else { Err(errors) }
}

/// Whether an entry is the one above or lies within it.
fn lies_within(directory: &Directory, kind: EntryKind, key: &str, above: &str) -> bool {
    let mut here = Some(key.to_owned());
    // Deeper than any organisation: a circle that is there already ends here.
    for _ in 0..100 {
        let Some(key) = here else { return false };
        if key == above {
            return true;
        }
        let item = directory.by_key(kind, &key);
        here = item.and_then(|item| item.data.get("parent")).and_then(Value::as_str).map(str::to_owned);
    }
    true
}
