//! Decisions of the rules, as the journal shows them.

use desk::record::told::{self, ToldDecision};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::names::Names;

/// A value that a decision read.
#[derive(Serialize, ToSchema)]
pub struct DecisionInput {
    field: String,
    label: String,
    value: Value,
    value_label: String,
}

/// A value that a decision gave.
#[derive(Serialize, ToSchema)]
pub struct DecisionOutput {
    field: String,
    label: String,
    value: Value,
    value_label: String,
    /// The field kept what somebody had set by hand, with a reason.
    kept_by_hand: bool,
}

/// A row of a decision table that hit.
#[derive(Serialize, ToSchema)]
pub struct DecisionRule {
    /// Id of the row.
    id: String,
    /// Its place in the table, counted from 1; missing if the table has it no more.
    row: Option<usize>,
    /// What its author wrote about it, in the language asked for where the pack has it.
    description: String,
}

/// A decision: which table said what, by which rows, on which values. Without what the reader may not see.
#[derive(Serialize, ToSchema)]
pub struct DecisionBody {
    /// Key of the table.
    decision: String,
    label: String,
    outputs: Vec<DecisionOutput>,
    /// Empty for a reader who may not see everything that the table reads.
    rules: Vec<DecisionRule>,
    inputs: Vec<DecisionInput>,
}

/// A decision in the words of a language.
pub fn body(names: &Names<'_>, told: ToldDecision<'_>) -> DecisionBody {
    let output = |output: told::ToldOutput<'_>| DecisionOutput {
        field: output.field.to_owned(),
        label: names.field(output.field),
        value: output.value.clone(),
        value_label: names.value(output.field, output.value),
        kept_by_hand: output.kept_by_hand,
    };
    let rule = |rule: told::ToldRule<'_>| DecisionRule {
        id: rule.id.to_owned(),
        row: rule.row,
        description: names.said(&format!("rule.{}", rule.id)).unwrap_or(rule.description).to_owned(),
    };
    let input = |(field, value): (&str, &Value)| DecisionInput {
        field: field.to_owned(),
        label: names.field(field),
        value: value.clone(),
        value_label: names.value(field, value),
    };
    DecisionBody {
        decision: told.decision.to_owned(),
        label: names.text(&format!("decision.{}", told.decision)),
        outputs: told.outputs.into_iter().map(output).collect(),
        rules: told.rules.into_iter().map(rule).collect(),
        inputs: told.inputs.into_iter().map(input).collect(),
    }
}
