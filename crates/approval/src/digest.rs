//! Whether what was approved is still the same: digests instead of copies.

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

/// Digest of each of these fields, hex. The order of keys inside a value does not matter; a missing value is null.
pub fn digests(fields: &[String], values: &Map<String, Value>) -> BTreeMap<String, String> {
    let of = |field: &String| {
        let mut hasher = Sha256::new();
        hasher.update(canonical(values.get(field).unwrap_or(&Value::Null)).to_string());
        (field.clone(), hex::encode(hasher.finalize()))
    };
    fields.iter().map(of).collect()
}

fn canonical(value: &Value) -> Value {
    match value {
        Value::Object(map) => {
            let sorted: BTreeMap<&String, Value> = map.iter().map(|(key, value)| (key, canonical(value))).collect();
            sorted.into_iter().map(|(key, value)| (key.clone(), value)).collect::<Map<_, _>>().into()
        }
        Value::Array(items) => items.iter().map(canonical).collect(),
        other => other.clone(),
    }
}
