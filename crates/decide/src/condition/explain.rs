//! Why a condition holds for a row or does not.

use super::memory::{BoundTest, Node, conform};
use super::{Bound, FieldType, Operand, Row, Scalar};
use serde::Serialize;
use serde_json::{Value, json};

/// Most values of a list that a test's text spells out.
const SHOWN: usize = 10;

/// One part of a condition, what it saw and whether it holds.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Explanation {
    /// The part in words: `all`, `any`, `not`, or the test with its operand filled in (`team in ["net"] (my_teams)`).
    pub test: String,
    /// The value the row has for the tested field; absent for groups.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<Value>,
    /// Whether the part holds.
    pub holds: bool,
    /// The parts of a group, all of them, also those that no longer mattered.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub children: Vec<Explanation>,
}

impl Bound {
    /// Whether the row meets the condition, with the answer of every part.
    pub fn explain(&self, row: &dyn Row) -> Explanation {
        explain(&self.node, row)
    }
}

fn explain(node: &Node, row: &dyn Row) -> Explanation {
    let group = |test: &str, parts: &[Node], holds: fn(&[Explanation]) -> bool| {
        let children: Vec<_> = parts.iter().map(|part| explain(part, row)).collect();
        Explanation { test: test.to_owned(), value: None, holds: holds(&children), children }
    };
    match node {
        Node::All(parts) => group("all", parts, |children| children.iter().all(|child| child.holds)),
        Node::Any(parts) => group("any", parts, |children| children.iter().any(|child| child.holds)),
        Node::Not(part) => group("not", std::slice::from_ref(part), |children| children.iter().all(|child| !child.holds)),
        Node::Test(test) => Explanation { test: words(test), value: Some(seen(test, row)), holds: test.holds(row), children: Vec::new() },
    }
}

fn seen(bound: &BoundTest, row: &dyn Row) -> Value {
    let field = bound.test.field.as_str();
    match bound.test.kind {
        FieldType::TextList => json!(row.list(field)),
        kind => conform(row.value(field), kind).to_json(),
    }
}

fn words(bound: &BoundTest) -> String {
    let (field, op) = (&bound.test.field, bound.test.op);
    if op.takes_no_operand() {
        return format!("{field} {}", op.name());
    }
    let operand = &bound.test.operand;
    let plural = matches!(operand, Operand::List(_) | Operand::MyTeams | Operand::MySites);
    let value = match &bound.values[..] {
        [value] if !plural => value.to_json().to_string(),
        [] if !plural => "nobody's".to_owned(),
        values => spell(values),
    };
    format!("{field} {} {value}{}", op.name(), origin(operand))
}

fn spell(values: &[Scalar]) -> String {
    let mut shown: Vec<_> = values.iter().take(SHOWN).map(|value| value.to_json().to_string()).collect();
    if values.len() > SHOWN {
        shown.push(format!("… {} more", values.len() - SHOWN));
    }
    format!("[{}]", shown.join(", "))
}

/// Says where a filled-in value came from, which is what a reader of a scope wants to know.
fn origin(operand: &Operand) -> String {
    match operand {
        Operand::Me => " (me)".to_owned(),
        Operand::MyTeams => " (my_teams)".to_owned(),
        Operand::MySites => " (my_sites)".to_owned(),
        Operand::MyCustomer => " (my_customer)".to_owned(),
        Operand::Ago(span) => format!(" ({} ago)", span.text()),
        Operand::Ahead(span) => format!(" ({} ahead)", span.text()),
        Operand::Nothing | Operand::Scalar(_) | Operand::List(_) => String::new(),
    }
}
