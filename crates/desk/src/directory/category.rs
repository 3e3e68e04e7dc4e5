//! Categories: what records are about. The key of an entry is its path, `network/wifi`, as records and decision tables have it;
//! what lies above is named by the path, so it never changes.

use std::collections::BTreeMap;

use pack::Category;
use serde_json::{Map, Value, json};

use super::{Directory, EntryKind, Item};
use crate::{DeskError, Env, FieldError};

/// Longest path in bytes.
const LONGEST: usize = 200;
/// Deepest tree.
const DEEPEST: usize = 5;

/// The path above a path.
pub fn above(key: &str) -> Option<&str> {
    key.rsplit_once('/').map(|(above, _)| above)
}

/// Refuses what is no path.
pub(super) fn check_key(key: &str) -> Result<(), DeskError> {
    let part =
        |part: &str| !part.is_empty() && part.bytes().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'_' || c == b'-');
    if key.len() <= LONGEST && key.split('/').count() <= DEEPEST && key.split('/').all(part) {
        return Ok(());
    }
    let message = format!("write at most {DEEPEST} words of small letters, digits, '_' and '-', with '/' between: network/wifi");
    Err(DeskError::field("/key", "format", message))
}

/// Refuses a place in the tree that is not the one that the path names, and types that there are not.
pub(super) fn check(env: &Env, key: &str, values: &Map<String, Value>) -> Result<(), DeskError> {
    let (above, mut errors) = (above(key), Vec::new());
    if let Some(above) = above.filter(|above| env.directory.by_key(EntryKind::Category, above).is_none()) {
        errors.push(FieldError::new("/key", "unknown_reference", format!("there is no category '{above}' to lie below: make it first")));
    }
    if let Some(parent) = values.get("parent").filter(|parent| parent.as_str() != above && !(parent.is_null() && above.is_none())) {
        let place = above.unwrap_or("the root");
        let message =
            format!("'{key}' lies below {place}, not {parent}: records and rules know it by its path, so make a new one elsewhere");
        errors.push(FieldError::new("/parent", "fixed", message));
    }
    for (n, type_key) in values.get("types").and_then(Value::as_array).into_iter().flatten().enumerate() {
        let type_key = type_key.as_str().unwrap_or_default();
        if env.packs.newest(type_key).is_err() {
            errors.push(FieldError::new(format!("/types/{n}"), "unknown_reference", format!("there is no record type '{type_key}'")));
        }
    }
    if errors.is_empty() { Ok(()) } else { Err(DeskError::Invalid(errors)) }
}

/// The types that an entry says it is for; none means all.
fn types(item: &Item) -> Vec<&str> {
    item.data.get("types").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect()
}

/// Where an entry stands among those beside it; the rest follows by key.
fn position(item: &Item) -> i64 {
    item.data.get("position").and_then(Value::as_i64).unwrap_or(i64::MAX)
}

/// The trees of the types that entries speak of. A type that none speaks of keeps its pack's own.
pub fn trees(directory: &Directory) -> BTreeMap<String, Vec<Category>> {
    let mut items = directory.of_kind(EntryKind::Category);
    // What lies above comes before what lies below.
    items.sort_by_key(|item| (item.key.split('/').count(), position(item)));
    let mut named: Vec<&str> = items.iter().flat_map(|item| types(item)).collect();
    named.sort_unstable();
    named.dedup();
    let of = |type_key: &str| -> Vec<Category> {
        let items = items.iter().filter(|item| types(item).is_empty() || types(item).contains(&type_key));
        items.fold(Vec::new(), |mut tree, item| {
            hang(&mut tree, &item.key, item);
            tree
        })
    };
    named.into_iter().map(|type_key| (type_key.to_owned(), of(type_key))).collect()
}

/// Hangs an entry at its place; one whose place the type does not have is left out.
fn hang(tree: &mut Vec<Category>, path: &str, item: &Item) {
    match path.split_once('/') {
        None => tree.push(Category {
            key: path.to_owned(),
            zh: item.label("zh"),
            en: item.label("en"),
            active: item.active,
            children: Vec::new(),
        }),
        Some((first, rest)) => {
            if let Some(node) = tree.iter_mut().find(|node| node.key == first) {
                hang(&mut node.children, rest, item);
            }
        }
    }
}

/// The entries that a pack's own tree begins with, parents first: key and values.
pub fn seed(pack: &pack::Pack) -> Vec<(String, Map<String, Value>)> {
    let paths = pack.categories().iter().flat_map(Category::paths);
    let entry = |(n, (path, category)): (usize, (String, &Category))| {
        let mut values = Map::new();
        values.insert("label".to_owned(), json!({ "zh": category.zh, "en": category.en }));
        values.insert("types".to_owned(), json!([pack.key()]));
        values.insert("position".to_owned(), json!((n + 1) * 10));
        if let Some(above) = above(&path) {
            values.insert("parent".to_owned(), json!(above));
        }
        (path, values)
    };
    paths.enumerate().map(entry).collect()
}
