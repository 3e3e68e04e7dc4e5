//! Settings whose value nobody reads again: sealed beside the directory, while the entry keeps an HMAC by which a change is seen.

use serde_json::{Map, Value, json};
use store::directory::DirectoryRow;
use store::{Sql, WriteSet};

use super::{Setting, Shape};
use crate::directory::{EntryKind, put_seen};
use crate::journal::Cause;
use crate::{DeskError, Env, Keyring};

/// Sets the secret to `values.value`, or forgets it when that is null; `expected` is the version that the caller saw.
///
/// # Errors
/// As [`put_seen`]; a value that is no text or too long is refused at `/value`.
pub fn put(
    env: &Env,
    sql: &mut dyn Sql,
    cause: &Cause,
    setting: &Setting,
    mut values: Map<String, Value>,
    expected: Option<i64>,
) -> Result<(WriteSet, DirectoryRow), DeskError> {
    let text = values.get("value").filter(|value| !value.is_null()).map(|value| read(setting, value)).transpose()?;
    if let Some(text) = &text {
        values.insert("value".to_owned(), json!({ "sealed": digest(&env.keyring, setting.key, text.as_bytes()) }));
    }
    let (mut set, row) = put_seen(env, sql, cause, EntryKind::Setting, setting.key, &values, expected)?;
    // The same text again changes no entry; it is sealed anew where what was sealed is lost or damaged.
    let is_whole = set.statements.is_empty() && is_sealed_as(&env.keyring, sql, setting.key, values.get("value"))?;
    if is_whole || !values.contains_key("value") {
        return Ok((set, row));
    }
    set.push(match &text {
        Some(text) => store::secret::put(setting.key, &env.keyring.seal(setting.key, text.as_bytes(), &env.world)?, env.world.now()),
        None => store::secret::forget(setting.key),
    });
    Ok((set, row))
}

fn read(setting: &Setting, value: &Value) -> Result<String, DeskError> {
    let most = match setting.shape {
        Shape::Secret { most } => most,
        _ => return Err(DeskError::outside("seal a setting", format!("{} is none that is sealed", setting.key))),
    };
    match value.as_str() {
        Some(text) if !text.is_empty() && text.chars().count() <= most => Ok(text.to_owned()),
        Some("") => Err(DeskError::field("/value", "required", "write the text, or null to forget it")),
        Some(_) => Err(DeskError::field("/value", "too_long", format!("write at most {most} characters"))),
        None => Err(DeskError::field("/value", "type", "write a text")),
    }
}

fn digest(keyring: &Keyring, key: &str, text: &[u8]) -> String {
    hex::encode(keyring.mac(&[b"setting", key.as_bytes(), text]))
}

/// Whether the secret that is kept is the one whose digest the entry holds; neither there fits too.
pub(crate) fn is_sealed_as(keyring: &Keyring, sql: &mut dyn Sql, key: &str, value: Option<&Value>) -> Result<bool, DeskError> {
    let told = value.and_then(|value| value.get("sealed")).and_then(Value::as_str);
    Ok(match (told, store::secret::find(sql, key)?) {
        (None, None) => true,
        (Some(told), Some(kept)) => {
            let text = keyring.open(key, &kept);
            text.is_ok_and(|text| hex::decode(told).is_ok_and(|tag| keyring.verify(&tag, &[b"setting", key.as_bytes(), &text])))
        }
        _ => false,
    })
}
