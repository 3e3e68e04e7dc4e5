//! Conditions that people write: checked against what they may know of a type, with natural keys turned into identities.

use std::collections::BTreeMap;

use decide::{Condition, FieldType, Op};
use pack::Target;
use serde_json::{Map, Value, json};
use store::Sql;
use uuid::Uuid;

use super::list::{self, OWN, PHASES};
use crate::env::Pinned;
use crate::job::reindex;
use crate::{Actor, DeskError, Env, policy};

/// Most tests and groups of a written condition: a screen of them, and bounded work for the database.
const MOST: usize = 60;
/// Deepest nesting of a written condition.
const DEEPEST: usize = 6;
/// Most values that one test names.
const MOST_VALUES: usize = 200;
/// The parameter that carries a condition.
pub const FILTER: &str = "filter";

/// A condition as somebody has written it, ready to be bound.
pub struct Written {
    /// The condition.
    pub condition: Condition,
    /// Whether it names what only those who work on records may see.
    pub internal: bool,
}

/// The indexed own fields that somebody may ever see of records of this type.
pub fn own_fields<'a>(pinned: &'a Pinned, actor: &Actor) -> Vec<&'a str> {
    let internal = pinned.rights.ever(actor, "read_internal");
    pinned.indexed.iter().map(|(field, _)| field.as_str()).filter(|field| pinned.shows(field, internal)).collect()
}

/// What a written condition may name, with its type. Own fields stand there as `fields.<name>`.
pub fn schema(pinned: &Pinned, actor: &Actor) -> BTreeMap<String, FieldType> {
    let mut schema = policy::record_schema();
    schema.remove("type");
    if !pinned.rights.ever(actor, "read_internal") {
        // When something else happened, and what it hangs below, is for who reads all of it.
        schema.retain(|field, _| !list::BEHIND.contains(&field.as_str()));
    }
    for (field, column) in &pinned.indexed {
        if own_fields(pinned, actor).contains(&field.as_str()) {
            let kind = match *column {
                "number" => FieldType::Number,
                "instant" => FieldType::Instant,
                _ => FieldType::Text,
            };
            schema.insert(format!("{OWN}{field}"), kind);
        }
    }
    schema
}

/// Reads a condition for lists: the indexes of what it names must be there.
pub fn read(env: &Env, sql: &mut dyn Sql, actor: &Actor, pinned: &Pinned, json: &Value) -> Result<Written, DeskError> {
    let condition = meaning(env, sql, actor, pinned, json)?;
    let mut internal = false;
    for field in condition.fields() {
        internal |= list::BEHIND.contains(&field);
        if let Some(own) = field.strip_prefix(OWN) {
            reindex::require_built(sql, pinned.pack.key(), own)?;
            internal |= pinned.is_internal(own);
        }
    }
    Ok(Written { condition, internal })
}

/// What a condition means. What its writer may not know of is as unknown as what does not exist.
pub fn meaning(env: &Env, sql: &mut dyn Sql, actor: &Actor, pinned: &Pinned, json: &Value) -> Result<Condition, DeskError> {
    let schema = schema(pinned, actor);
    let mut reader = Reader { env, sql, actor, pinned, schema: &schema, parts: 0 };
    let resolved = reader.node(json, String::new(), 1)?;
    let condition = Condition::parse(&resolved, &schema);
    condition.map_err(|error| fault(&error.pointer, error.code, format!("{}: {}", error.message, error.mend)))
}

/// Reads the text of a condition as a query carries it.
pub fn parse(text: &str) -> Result<Value, DeskError> {
    serde_json::from_str(text).map_err(|error| {
        let message = format!("this is no JSON ({error}); write such as {{\"field\": \"priority\", \"op\": \"eq\", \"value\": \"p1\"}}");
        DeskError::parameter(FILTER, &text.chars().take(60).collect::<String>(), "format", message)
    })
}

/// A fault at a place of a condition. Bodies that carry one put their own pointer before it: [`in_body`].
fn fault(pointer: &str, code: &'static str, message: String) -> DeskError {
    let value = if pointer.is_empty() { "/" } else { pointer }.to_owned();
    DeskError::Parameter { name: FILTER.to_owned(), value, pointer: pointer.to_owned(), code, message }
}

/// The same refusal about a condition that came in a body, under `prefix`.
pub fn in_body(error: DeskError, prefix: &str) -> DeskError {
    match error {
        DeskError::Parameter { name, pointer, code, message, .. } if name == FILTER => {
            DeskError::field(format!("{prefix}{pointer}"), code, message)
        }
        DeskError::Parameter { name, code, message, .. } => DeskError::field(format!("{prefix}/{name}"), code, message),
        other => other,
    }
}

/// Walks a condition and turns what people write into what is compared.
struct Reader<'a> {
    env: &'a Env,
    sql: &'a mut dyn Sql,
    actor: &'a Actor,
    pinned: &'a Pinned,
    schema: &'a BTreeMap<String, FieldType>,
    parts: usize,
}

impl Reader<'_> {
    fn node(&mut self, json: &Value, at: String, depth: usize) -> Result<Value, DeskError> {
        self.parts += 1;
        if self.parts > MOST || depth > DEEPEST {
            let message = format!("a filter has at most {MOST} parts, nested {DEEPEST} deep: test a common property instead");
            return Err(fault(&at, "too_large", message));
        }
        // What has another shape is refused by the parser, with advice.
        let Some(object) = json.as_object() else { return Ok(json.clone()) };
        for group in ["all", "any"] {
            if let Some(parts) = object.get(group).and_then(Value::as_array).filter(|_| object.len() == 1) {
                let read = |(n, part): (usize, &Value)| self.node(part, format!("{at}/{group}/{n}"), depth + 1);
                let parts: Result<Vec<Value>, DeskError> = parts.iter().enumerate().map(read).collect();
                return Ok(json!({ group: parts? }));
            }
        }
        if let Some(part) = object.get("not").filter(|_| object.len() == 1) {
            return Ok(json!({ "not": self.node(part, format!("{at}/not"), depth + 1)? }));
        }
        self.test(object, &at)
    }

    fn test(&mut self, object: &Map<String, Value>, at: &str) -> Result<Value, DeskError> {
        let Some(field) = object.get("field").and_then(Value::as_str) else { return Ok(Value::Object(object.clone())) };
        if !self.schema.contains_key(field) {
            let known: Vec<&str> = self.schema.keys().map(String::as_str).collect();
            let message = format!("there is no such field; fields to filter by are {}", known.join(", "));
            return Err(fault(&format!("{at}/field"), "unknown_field", message));
        }
        let mut test = object.clone();
        let exact = object
            .get("op")
            .and_then(Value::as_str)
            .and_then(Op::named)
            .is_some_and(|op| matches!(op, Op::Eq | Op::Ne | Op::Lt | Op::Le | Op::Gt | Op::Ge | Op::In | Op::NotIn | Op::Under));
        if let Some(value) = object.get("value").filter(|_| exact) {
            let here = format!("{at}/value");
            let value = match value {
                Value::Array(items) if items.len() > MOST_VALUES => {
                    return Err(fault(&here, "too_large", format!("a test names at most {MOST_VALUES} values")));
                }
                Value::Array(items) => {
                    let read = |(n, item): (usize, &Value)| self.value(field, item, &format!("{here}/{n}"));
                    Value::Array(items.iter().enumerate().map(read).collect::<Result<_, DeskError>>()?)
                }
                one => self.value(field, one, &here)?,
            };
            test.insert("value".to_owned(), value);
        }
        Ok(Value::Object(test))
    }

    /// One value as rows hold it. What is no text stays as it is: `{"me": true}`, spans, numbers.
    fn value(&mut self, field: &str, value: &Value, at: &str) -> Result<Value, DeskError> {
        if let Some(flag) = value.as_bool() {
            let text = field.starts_with(OWN) && self.schema.get(field) == Some(&FieldType::Text);
            return Ok(match (field, text) {
                ("is_open", _) => json!(i64::from(flag)),
                (_, true) => json!(flag.to_string()),
                _ => value.clone(),
            });
        }
        let Some(text) = value.as_str() else { return Ok(value.clone()) };
        self.word(field, text).map_err(|error| match error {
            DeskError::Parameter { code, message, .. } => fault(at, code, message),
            other => other,
        })
    }

    fn word(&mut self, field: &str, text: &str) -> Result<Value, DeskError> {
        if self.schema.get(field) == Some(&FieldType::Instant) {
            return list::instant(FILTER, text).map(Value::from);
        }
        let among = |allowed: &[&str]| list::among(FILTER, text, allowed).map(|_| json!(text));
        if let Some(own) = field.strip_prefix(OWN) {
            let choices = self.pinned.pack.choices(own);
            return if choices.is_empty() { Ok(json!(text)) } else { among(&choices) };
        }
        match field {
            "state" => return among(&self.pinned.pack.manifest().states.keys().map(String::as_str).collect::<Vec<_>>()),
            "phase" => return among(PHASES),
            "id" => return text.parse::<Uuid>().map(|id| json!(id)).map_err(|_| DeskError::no_such(FILTER, text, "record")),
            _ => {}
        }
        let choices = self.pinned.pack.choices(field);
        Ok(match pack::standard_field(field).and_then(|field| field.target) {
            None if choices.is_empty() => json!(text),
            None => return among(&choices),
            Some(Target::Category) => json!(list::category(self.pinned, FILTER, text)?),
            Some(Target::User) => json!(list::user(self.sql, self.actor, FILTER, text)?),
            Some(Target::Record) => json!(list::parent_id(self.env, self.sql, self.actor, self.pinned, text)?),
            Some(target) => json!(list::entry(self.env, self.actor, target, FILTER, text)?),
        })
    }
}
