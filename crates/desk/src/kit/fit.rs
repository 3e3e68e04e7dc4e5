//! Whether an entry fits a record: by its type, its condition, and for whom it is.

use decide::{Binding, Row, Scalar};
use serde_json::{Map, Value};
use store::Sql;
use store::record::Indexed;

use crate::directory::Item;
use crate::policy::PolicyRow;
use crate::record::list::OWN;
use crate::record::{Loaded, filter, write};
use crate::{Actor, DeskError, Env};

/// A record at hand, and who asks.
pub struct Fit<'a> {
    env: &'a Env,
    loaded: &'a Loaded,
    actor: &'a Actor,
    /// The same person as one who may know of everything: what an author was allowed to write means the same for everybody.
    seer: Actor,
    binding: Binding,
    fields: Map<String, Value>,
}

impl<'a> Fit<'a> {
    /// Puts together what conditions read.
    pub fn new(env: &'a Env, loaded: &'a Loaded, actor: &'a Actor) -> Self {
        let seer = Actor { actions: vec!["*".to_owned()], ..actor.clone() };
        let fields = serde_json::from_str(&loaded.row.fields).unwrap_or_default();
        Self { env, loaded, actor, seer, binding: actor.binding(env.world.now()), fields }
    }

    /// Whether an entry is in use, for this record, and for this person.
    pub fn fits(&self, sql: &mut dyn Sql, item: &Item) -> Result<bool, DeskError> {
        Ok(item.active && self.is_for(item) && self.meets(sql, item)?)
    }

    fn is_for(&self, item: &Item) -> bool {
        let among = |field: &str, held: &dyn Fn(&str) -> bool| {
            let wanted = item.data.get(field).and_then(Value::as_array).filter(|list| !list.is_empty());
            wanted.is_none_or(|list| list.iter().filter_map(Value::as_str).any(held))
        };
        let in_team = |key: &str| self.actor.teams.iter().any(|team| self.env.directory.key_of(Some(*team)) == Some(key));
        among("teams", &in_team) && among("roles", &|role| self.actor.roles.iter().any(|held| held == role))
    }

    /// Whether the record meets the condition. One that has lost its meaning, since what it names is gone, fits nothing.
    fn meets(&self, sql: &mut dyn Sql, item: &Item) -> Result<bool, DeskError> {
        let type_key = item.data.get("type").and_then(Value::as_str);
        if type_key.is_some_and(|key| key != self.loaded.row.type_key) {
            return Ok(false);
        }
        let Some(json) = item.data.get("filter").filter(|json| !json.is_null()) else { return Ok(true) };
        let pinned = self.env.packs.newest(&self.loaded.row.type_key)?;
        match filter::meaning(self.env, sql, &self.seer, pinned, json) {
            Ok(condition) => Ok(condition.bind(&self.binding).holds(&AtHand { fit: self, indexed: &pinned.indexed })),
            Err(DeskError::Store(error)) => Err(error.into()),
            Err(_) => Ok(false),
        }
    }
}

/// The record as conditions see it: own fields as the indexes would hold them.
struct AtHand<'a> {
    fit: &'a Fit<'a>,
    indexed: &'a [(String, &'static str)],
}

impl Row for AtHand<'_> {
    fn value(&self, field: &str) -> Scalar {
        let Some(own) = field.strip_prefix(OWN) else { return PolicyRow(&self.fit.loaded.row).value(field) };
        let column = self.indexed.iter().find(|(name, _)| name == own).map(|(_, column)| *column);
        match column.and_then(|column| write::indexed(self.fit.fields.get(own), column)) {
            None => Scalar::Null,
            Some(Indexed::Number(number)) => Scalar::Real(number),
            Some(Indexed::Instant(at)) => Scalar::Int(at),
            Some(Indexed::Text(text)) => Scalar::Text(text),
        }
    }
}
