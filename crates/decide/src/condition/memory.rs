//! Answering a condition for a row in memory.

use super::{Binding, Condition, FieldType, MAX_NUMBER, Op, Operand, Row, Scalar, Test};
use std::cmp::Ordering;

/// A condition with everything filled in that depends on the asker and the time.
#[derive(Debug, Clone, PartialEq)]
pub struct Bound {
    pub(super) node: Node,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Node {
    All(Vec<Node>),
    Any(Vec<Node>),
    Not(Box<Node>),
    Test(BoundTest),
}

/// A test whose operand has become the list of values it stands for: none when the asker has no such thing.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct BoundTest {
    pub test: Test,
    pub values: Vec<Scalar>,
}

pub(super) fn bind(condition: &Condition, who: &Binding) -> Bound {
    Bound { node: node(condition, who) }
}

fn node(condition: &Condition, who: &Binding) -> Node {
    match condition {
        Condition::All(parts) => Node::All(parts.iter().map(|part| node(part, who)).collect()),
        Condition::Any(parts) => Node::Any(parts.iter().map(|part| node(part, who)).collect()),
        Condition::Not(part) => Node::Not(Box::new(node(part, who))),
        Condition::Test(test) => {
            let mut values = Vec::new();
            resolve(&test.operand, who, &mut values);
            Node::Test(BoundTest { test: test.clone(), values })
        }
    }
}

fn resolve(operand: &Operand, who: &Binding, values: &mut Vec<Scalar>) {
    let text = |text: &String| Scalar::Text(text.clone());
    match operand {
        Operand::Nothing | Operand::Scalar(Scalar::Null) => {}
        Operand::Scalar(scalar) => values.push(scalar.clone()),
        Operand::List(items) => items.iter().for_each(|item| resolve(item, who, values)),
        Operand::Me => values.extend(who.me.iter().map(text)),
        Operand::MyTeams => values.extend(who.my_teams.iter().map(text)),
        Operand::MySites => values.extend(who.my_sites.iter().map(text)),
        Operand::MyCustomer => values.extend(who.my_customer.iter().map(text)),
        Operand::Ago(span) => values.push(instant(who.now.saturating_sub(span.millis()))),
        Operand::Ahead(span) => values.push(instant(who.now.saturating_add(span.millis()))),
    }
}

fn instant(millis: i64) -> Scalar {
    Scalar::Int(millis.clamp(-MAX_NUMBER, MAX_NUMBER))
}

impl Bound {
    /// Whether the row meets the condition.
    pub fn holds(&self, row: &dyn Row) -> bool {
        self.node.holds(row)
    }
}

impl Node {
    fn holds(&self, row: &dyn Row) -> bool {
        match self {
            Node::All(parts) => parts.iter().all(|part| part.holds(row)),
            Node::Any(parts) => parts.iter().any(|part| part.holds(row)),
            Node::Not(part) => !part.holds(row),
            Node::Test(test) => test.holds(row),
        }
    }
}

impl BoundTest {
    pub(super) fn holds(&self, row: &dyn Row) -> bool {
        let field = self.test.field.as_str();
        if self.test.kind == FieldType::TextList {
            return self.holds_for_list(&row.list(field));
        }
        self.holds_for_value(&conform(row.value(field), self.test.kind))
    }

    fn holds_for_value(&self, seen: &Scalar) -> bool {
        let any = |meets: fn(&Scalar, &Scalar) -> bool| self.values.iter().any(|value| meets(seen, value));
        match self.test.op {
            Op::Eq | Op::In => any(|seen, value| order(seen, value) == Some(Ordering::Equal)),
            Op::Ne | Op::NotIn => !any(|seen, value| order(seen, value) == Some(Ordering::Equal)),
            Op::Lt => any(|seen, value| order(seen, value) == Some(Ordering::Less)),
            Op::Le => any(|seen, value| order(seen, value).is_some_and(Ordering::is_le)),
            Op::Gt => any(|seen, value| order(seen, value) == Some(Ordering::Greater)),
            Op::Ge => any(|seen, value| order(seen, value).is_some_and(Ordering::is_ge)),
            Op::IsEmpty => is_empty(seen),
            Op::NotEmpty => !is_empty(seen),
            Op::Contains => any(|seen, value| texts(seen, value, |seen, value| lower(seen).contains(&lower(value)))),
            Op::StartsWith => any(|seen, value| texts(seen, value, |seen, value| lower(seen).starts_with(&lower(value)))),
            Op::Under => any(|seen, value| texts(seen, value, is_under)),
        }
    }

    fn holds_for_list(&self, items: &[String]) -> bool {
        let empty = items.iter().all(String::is_empty);
        let has = |value: &Scalar| matches!(value, Scalar::Text(text) if items.contains(text));
        match self.test.op {
            Op::IsEmpty => empty,
            Op::NotEmpty => !empty,
            Op::Contains => self.values.iter().any(has),
            _ => false,
        }
    }
}

/// Reads a value of another type than the schema promises as missing; booleans may come as the 0 and 1 of SQL.
pub(super) fn conform(value: Scalar, kind: FieldType) -> Scalar {
    match (kind, value) {
        (FieldType::Text | FieldType::Ref, value @ Scalar::Text(_)) => value,
        (FieldType::Number | FieldType::Instant, value @ Scalar::Int(_)) => value,
        (FieldType::Number | FieldType::Instant, Scalar::Real(real)) if !real.is_nan() => Scalar::Real(real),
        (FieldType::Bool, value @ Scalar::Bool(_)) => value,
        (FieldType::Bool, Scalar::Int(int @ (0 | 1))) => Scalar::Bool(int == 1),
        _ => Scalar::Null,
    }
}

/// The order of two values of one type; nothing has an order with a missing value.
fn order(left: &Scalar, right: &Scalar) -> Option<Ordering> {
    match (left, right) {
        (Scalar::Text(left), Scalar::Text(right)) => Some(left.cmp(right)),
        (Scalar::Bool(left), Scalar::Bool(right)) => Some(left.cmp(right)),
        (Scalar::Int(left), Scalar::Int(right)) => Some(left.cmp(right)),
        // Exact because one side is an operand, and those end at 2^53 (see `MAX_NUMBER`).
        (Scalar::Int(left), Scalar::Real(right)) => (*left as f64).partial_cmp(right),
        (Scalar::Real(left), Scalar::Int(right)) => left.partial_cmp(&(*right as f64)),
        (Scalar::Real(left), Scalar::Real(right)) => left.partial_cmp(right),
        _ => None,
    }
}

fn is_empty(value: &Scalar) -> bool {
    match value {
        Scalar::Null => true,
        Scalar::Text(text) => text.is_empty(),
        _ => false,
    }
}

fn texts(seen: &Scalar, value: &Scalar, meets: fn(&str, &str) -> bool) -> bool {
    match (seen, value) {
        (Scalar::Text(seen), Scalar::Text(value)) => meets(seen, value),
        _ => false,
    }
}

/// ASCII letters only: the one case folding that both databases do alike.
fn lower(text: &str) -> String {
    text.to_ascii_lowercase()
}

fn is_under(seen: &str, root: &str) -> bool {
    seen.strip_prefix(root).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
