//! Conditions: a closed JSON tree over the fields of a record, answered in memory and in SQL alike.
//!
//! A condition is used for scopes, filters, saved views and dynamic groups, so the same tree must give the same
//! answer for a row in memory ([`Bound::holds`]) and for the row in either database ([`Bound::to_sql`]). To make
//! that possible the logic has two values only: a test on a missing value is simply false (or true for `ne`,
//! `not_in` and `is_empty`), never "unknown", and `not` therefore always turns an answer around.

mod explain;
mod memory;
mod parse;
mod span;
mod sql;
#[cfg(test)]
mod tests;

use serde::{Serialize, Serializer};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

pub use explain::Explanation;
pub use memory::Bound;
pub use span::Span;
pub use sql::{Column, Columns, Dialect, SqlParam, SqlText};

/// Deepest nesting of `all`, `any` and `not` that [`Condition::parse`] accepts.
pub const MAX_DEPTH: usize = 16;
/// Most nodes (groups and tests together) in one condition.
pub const MAX_NODES: usize = 500;
/// Most items in the list of one `in` or `not_in`.
pub const MAX_LIST: usize = 1_000;
/// Most list items in one whole condition: it keeps a statement below SQLite's 32,766 parameters.
pub const MAX_ITEMS: usize = 10_000;
/// Most uses of `my_teams` and `my_sites` in one condition, for the same reason as [`MAX_ITEMS`].
pub const MAX_MINE: usize = 16;
/// Longest text operand in bytes; SQLite refuses `LIKE` patterns above 50,000.
pub const MAX_TEXT: usize = 4_096;
/// Largest absolute number an operand may be: up to 2^53 integers and doubles compare exactly in every
/// combination of column and parameter type, on both databases.
pub const MAX_NUMBER: i64 = 1 << 53;

/// What kind of value a field holds; decides which operators and operands a test on it may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldType {
    /// Any text, compared byte by byte.
    Text,
    /// An integer or a decimal number.
    Number,
    /// True or false; in SQL 1 or 0.
    Bool,
    /// A point in time in UTC milliseconds.
    Instant,
    /// The opaque id of something else; only equality means anything.
    Ref,
    /// Several texts; only `contains`, `is_empty` and `not_empty` apply.
    TextList,
}

/// The fields a condition may name.
pub trait Schema {
    /// The type of `field`, or `None` when there is no such field.
    fn field_type(&self, field: &str) -> Option<FieldType>;
}

impl Schema for BTreeMap<String, FieldType> {
    fn field_type(&self, field: &str) -> Option<FieldType> {
        self.get(field).copied()
    }
}

/// A condition on one record. An empty `All` is true, an empty `Any` is false.
#[derive(Debug, Clone, PartialEq)]
pub enum Condition {
    /// Every part holds.
    All(Vec<Condition>),
    /// At least one part holds.
    Any(Vec<Condition>),
    /// The part does not hold.
    Not(Box<Condition>),
    /// One field compared with one operand.
    Test(Test),
}

/// One field compared with one operand.
#[derive(Debug, Clone, PartialEq)]
pub struct Test {
    /// The field's name in the schema.
    pub field: String,
    /// The field's type when the condition was parsed.
    pub kind: FieldType,
    /// The comparison.
    pub op: Op,
    /// What the field is compared with.
    pub operand: Operand,
}

/// The comparisons a test can make.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Op {
    /// Equal.
    Eq,
    /// Not equal; also true when the field is missing.
    Ne,
    /// Less than.
    Lt,
    /// Less than or equal.
    Le,
    /// Greater than.
    Gt,
    /// Greater than or equal.
    Ge,
    /// Equal to one of a list.
    In,
    /// Equal to none of a list; also true when the field is missing.
    NotIn,
    /// Missing, the empty text, or a list without a non-empty item.
    IsEmpty,
    /// The opposite of [`Op::IsEmpty`].
    NotEmpty,
    /// A text contains the operand, ASCII letters in either case; a list has an item equal to it.
    Contains,
    /// A text starts with the operand, ASCII letters in either case.
    StartsWith,
    /// A tree key equals the operand or lies below it (`a` covers `a` and `a/b`, not `ab`).
    Under,
}

impl Op {
    /// Every operator, in the order a menu would show them.
    pub const ALL: [Op; 13] = [
        Op::Eq,
        Op::Ne,
        Op::Lt,
        Op::Le,
        Op::Gt,
        Op::Ge,
        Op::In,
        Op::NotIn,
        Op::IsEmpty,
        Op::NotEmpty,
        Op::Contains,
        Op::StartsWith,
        Op::Under,
    ];

    /// The operator's name in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Op::Eq => "eq",
            Op::Ne => "ne",
            Op::Lt => "lt",
            Op::Le => "le",
            Op::Gt => "gt",
            Op::Ge => "ge",
            Op::In => "in",
            Op::NotIn => "not_in",
            Op::IsEmpty => "is_empty",
            Op::NotEmpty => "not_empty",
            Op::Contains => "contains",
            Op::StartsWith => "starts_with",
            Op::Under => "under",
        }
    }

    /// The operator with that JSON name.
    pub fn named(name: &str) -> Option<Op> {
        Op::ALL.into_iter().find(|op| op.name() == name)
    }

    /// Whether the operator means anything on a field of that type.
    pub fn fits(self, kind: FieldType) -> bool {
        match self {
            Op::IsEmpty | Op::NotEmpty => true,
            Op::Eq | Op::Ne | Op::In | Op::NotIn => kind != FieldType::TextList,
            Op::Lt | Op::Le | Op::Gt | Op::Ge => {
                matches!(kind, FieldType::Text | FieldType::Number | FieldType::Instant)
            }
            Op::Contains => matches!(kind, FieldType::Text | FieldType::TextList),
            Op::StartsWith | Op::Under => kind == FieldType::Text,
        }
    }

    /// Whether the operator stands alone, without an operand.
    pub fn takes_no_operand(self) -> bool {
        matches!(self, Op::IsEmpty | Op::NotEmpty)
    }

    /// Whether a list makes sense as operand on a field of that type; "any of the list" is meant.
    pub fn takes_list(self, kind: FieldType) -> bool {
        match self {
            Op::In | Op::NotIn | Op::Under => true,
            Op::Contains => kind == FieldType::TextList,
            _ => false,
        }
    }
}

/// What a field is compared with; what depends on the asker or on the time is filled in by [`Condition::bind`].
#[derive(Debug, Clone, PartialEq)]
pub enum Operand {
    /// Nothing: `is_empty` and `not_empty`.
    Nothing,
    /// A fixed value.
    Scalar(Scalar),
    /// Several values; `my_teams` inside a list adds its teams to it.
    List(Vec<Operand>),
    /// The person asking: `{"me": true}`.
    Me,
    /// The teams of the person asking: `{"my_teams": true}`.
    MyTeams,
    /// The sites of the person asking: `{"my_sites": true}`.
    MySites,
    /// The customer of the person asking: `{"my_customer": true}`.
    MyCustomer,
    /// That long before now: `{"ago": "P7D"}`.
    Ago(Span),
    /// That long after now: `{"ahead": "PT4H"}`.
    Ahead(Span),
}

/// Everything outside the record that a condition may depend on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Binding {
    /// The id of the person asking; `None` for nobody, whom no `me` equals.
    pub me: Option<String>,
    /// The teams of that person.
    pub my_teams: Vec<String>,
    /// The sites of that person.
    pub my_sites: Vec<String>,
    /// The customer of that person.
    pub my_customer: Option<String>,
    /// The present, in UTC milliseconds.
    pub now: i64,
}

/// A single value of a row or of an operand.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Scalar {
    /// No value.
    Null,
    /// True or false.
    Bool(bool),
    /// An integer or an instant.
    Int(i64),
    /// A decimal number.
    Real(f64),
    /// A text or an id.
    Text(String),
}

/// One record as a condition sees it.
///
/// Values are expected to have the type the schema gives their field; a value of another type is read as missing.
pub trait Row {
    /// The value of a field, [`Scalar::Null`] when the record has none.
    fn value(&self, field: &str) -> Scalar;
    /// The items of a [`FieldType::TextList`] field.
    fn list(&self, field: &str) -> Vec<String> {
        let _ = field;
        Vec::new()
    }
}

impl Row for Map<String, Value> {
    fn value(&self, field: &str) -> Scalar {
        match self.get(field) {
            Some(Value::Bool(flag)) => Scalar::Bool(*flag),
            Some(Value::Number(number)) => match (number.as_i64(), number.as_f64()) {
                (Some(int), _) => Scalar::Int(int),
                (None, Some(real)) => Scalar::Real(real),
                (None, None) => Scalar::Null,
            },
            Some(Value::String(text)) => Scalar::Text(text.clone()),
            _ => Scalar::Null,
        }
    }

    fn list(&self, field: &str) -> Vec<String> {
        let items = self.get(field).and_then(Value::as_array);
        items.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
    }
}

/// Why a condition was refused, and how to mend it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("{message} (at {})", if pointer.is_empty() { "the top" } else { pointer })]
pub struct ConditionError {
    /// JSON pointer to the offending part.
    pub pointer: String,
    /// Stable code for translation.
    pub code: &'static str,
    /// What is wrong.
    pub message: String,
    /// What to write instead.
    pub mend: String,
}

impl Condition {
    /// Reads a condition and checks every field, operator and operand against the schema.
    ///
    /// # Errors
    /// The first defect found, with a JSON pointer to it and advice.
    pub fn parse(json: &Value, schema: &dyn Schema) -> Result<Condition, ConditionError> {
        parse::condition(json, schema)
    }

    /// The condition that every record meets.
    pub fn always() -> Condition {
        Condition::All(Vec::new())
    }

    /// The condition that no record meets.
    pub fn never() -> Condition {
        Condition::Any(Vec::new())
    }

    /// The condition as JSON; parsing it again gives the same condition.
    pub fn to_json(&self) -> Value {
        match self {
            Condition::All(parts) => json!({ "all": parts }),
            Condition::Any(parts) => json!({ "any": parts }),
            Condition::Not(part) => json!({ "not": part.to_json() }),
            Condition::Test(test) => test.to_json(),
        }
    }

    /// Fills in who asks and when, which makes the condition answerable.
    pub fn bind(&self, who: &Binding) -> Bound {
        memory::bind(self, who)
    }

    /// The fields the condition reads, sorted, each once; a store asks it whether an index is ready for them.
    pub fn fields(&self) -> Vec<&str> {
        let mut found = Vec::new();
        self.collect_fields(&mut found);
        found.sort_unstable();
        found.dedup();
        found
    }

    fn collect_fields<'a>(&'a self, found: &mut Vec<&'a str>) {
        match self {
            Condition::All(parts) | Condition::Any(parts) => {
                for part in parts {
                    part.collect_fields(found);
                }
            }
            Condition::Not(part) => part.collect_fields(found),
            Condition::Test(test) => found.push(&test.field),
        }
    }
}

impl Serialize for Condition {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_json().serialize(serializer)
    }
}

impl Test {
    fn to_json(&self) -> Value {
        let (field, op) = (&self.field, self.op.name());
        if self.operand == Operand::Nothing {
            return json!({ "field": field, "op": op });
        }
        json!({ "field": field, "op": op, "value": self.operand.to_json() })
    }
}

impl Operand {
    /// The operand as it is written in JSON.
    pub fn to_json(&self) -> Value {
        match self {
            Operand::Nothing => Value::Null,
            Operand::Scalar(scalar) => scalar.to_json(),
            Operand::List(items) => items.iter().map(Operand::to_json).collect(),
            Operand::Me => json!({ "me": true }),
            Operand::MyTeams => json!({ "my_teams": true }),
            Operand::MySites => json!({ "my_sites": true }),
            Operand::MyCustomer => json!({ "my_customer": true }),
            Operand::Ago(span) => json!({ "ago": span.text() }),
            Operand::Ahead(span) => json!({ "ahead": span.text() }),
        }
    }
}

impl Scalar {
    /// The value as JSON.
    pub fn to_json(&self) -> Value {
        match self {
            Scalar::Null => Value::Null,
            Scalar::Bool(flag) => json!(flag),
            Scalar::Int(int) => json!(int),
            Scalar::Real(real) => json!(real),
            Scalar::Text(text) => json!(text),
        }
    }
}
