//! How a person likes to see things: theme, density, where their tours have come to. A closed list, kept with the account so that
//! another browser knows it too.
//!
//! It is nobody else's business and decides nothing, so it is no aggregate: no journal, no version. Who writes last is right: each
//! key stands for itself, and a person at two screens means what they chose last. Accounts are never deleted, and so it stays with
//! the account. The language is the account's `locale`, which mail is written in too.

use serde_json::{Map, Value};
use store::{Sql, StoreError, WriteSet};
use uuid::Uuid;

use crate::settings::{Part, Shape, part};
use crate::{Desk, DeskError};

/// Where a tour has come to: its next step, or that it is done with.
const STEP: Shape = Shape::Choice(&["done", "0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]);

/// What can be kept.
const KNOWN: &[Part] = &[
    part("theme", Shape::Choice(&["system", "light", "dark"])),
    part("density", Shape::Choice(&["compact", "comfortable"])),
    part("rail", Shape::Choice(&["wide", "narrow"])),
    part("letter_keys", Shape::Flag),
    part("start", Shape::Text { most: 64 }),
    part("tours", Shape::Parts(&[part("requester", STEP), part("agent", STEP), part("administrator", STEP)])),
];

/// What somebody likes.
pub fn of(sql: &mut dyn Sql, user: Uuid) -> Result<Map<String, Value>, StoreError> {
    read(store::preference::find(sql, user, false)?)
}

fn read(body: Option<String>) -> Result<Map<String, Value>, StoreError> {
    body.map_or_else(|| Ok(Map::new()), |body| serde_json::from_str(&body).map_err(damaged))
}

fn damaged(error: impl std::fmt::Display) -> StoreError {
    StoreError::Damaged { what: "preferences".to_owned(), why: error.to_string() }
}

/// Changes what somebody likes (merge patch) and gives all of it.
pub async fn change(desk: &Desk, user: Uuid, patch: Map<String, Value>) -> Result<Map<String, Value>, DeskError> {
    let mut errors = Vec::new();
    Shape::Parts(KNOWN).check(&Value::Object(patch.clone()), "", &mut errors);
    if !errors.is_empty() {
        return Err(DeskError::Invalid(errors));
    }
    desk.write(move |tx| {
        let mut all = read(store::preference::find(tx, user, true)?)?;
        merge(&mut all, patch);
        let body = serde_json::to_string(&all).map_err(damaged)?;
        tx.apply(&WriteSet { statements: vec![store::preference::put(user, &body)] })?;
        Ok(all)
    })
    .await
}

/// Puts the values of a patch over those that are there; null takes one away.
fn merge(all: &mut Map<String, Value>, patch: Map<String, Value>) {
    for (key, value) in patch {
        match (value, all.get_mut(&key)) {
            (Value::Null, _) => {
                all.remove(&key);
            }
            (Value::Object(inner), Some(Value::Object(kept))) => merge(kept, inner),
            (Value::Object(inner), _) => {
                let mut kept = Map::new();
                merge(&mut kept, inner);
                all.insert(key, Value::Object(kept));
            }
            (value, _) => {
                all.insert(key, value);
            }
        }
    }
}
