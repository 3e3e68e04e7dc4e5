//! What an entry of the journal tells its reader beyond the changes: why the tables said what they said, and which time
//! limit ran out.

use flow::{Event, Kind};
use serde_json::{Map, Value};

use super::content::{Content, Decided};
use crate::env::Pinned;

/// A decision, as far as its reader may know it.
#[derive(Debug, PartialEq)]
pub struct ToldDecision<'a> {
    /// The table.
    pub decision: &'a str,
    /// The rows that hit; none for a reader who may not know everything that the table reads.
    pub rules: Vec<ToldRule<'a>>,
    /// What the table read, in the order of its columns.
    pub inputs: Vec<(&'a str, &'a Value)>,
    /// What it said.
    pub outputs: Vec<ToldOutput<'a>>,
}

/// A row that hit.
#[derive(Debug, PartialEq)]
pub struct ToldRule<'a> {
    /// Its id.
    pub id: &'a str,
    /// Its place in the table, counted from 1.
    pub row: Option<usize>,
    /// What its author wrote about it.
    pub description: &'a str,
}

/// One value that a table gave.
#[derive(Debug, PartialEq)]
pub struct ToldOutput<'a> {
    /// The field.
    pub field: &'a str,
    /// The value.
    pub value: &'a Value,
    /// Whether the field kept what somebody set by hand.
    pub kept_by_hand: bool,
}

/// A time limit that ran out.
#[derive(Debug, PartialEq, Eq)]
pub struct ToldTimer<'a> {
    /// The timer event of the flow.
    pub element: &'a str,
    /// What the flow did then: its tasks, else where it came to.
    pub followed: Vec<&'a str>,
    /// Whether that was nothing: what the limit is for had been done in time.
    pub idle: bool,
}

/// The decisions of an entry that said something, as somebody reads them who sees internal fields or not.
pub fn decisions<'a>(pinned: &'a Pinned, content: &'a Content, internal: bool) -> Vec<ToldDecision<'a>> {
    content.decisions.iter().filter_map(|decided| decision(pinned, decided, internal)).collect()
}

fn decision<'a>(pinned: &'a Pinned, decided: &'a Decided, internal: bool) -> Option<ToldDecision<'a>> {
    let table = pinned.pack.table(&decided.decision);
    let shown = |field: &str| pinned.shows(field, internal);
    let outputs: Vec<ToldOutput<'a>> = decided
        .output
        .as_object()
        .into_iter()
        .flat_map(Map::iter)
        .filter(|(field, _)| shown(field))
        .map(|(field, value)| ToldOutput { field, value, kept_by_hand: decided.left.contains(field) })
        .collect();
    if outputs.is_empty() {
        return None;
    }
    let columns = table.map(decide::Table::inputs).unwrap_or_default();
    let inputs = columns.iter().filter(|field| shown(field)).filter_map(|field| decided.inputs.get_key_value(*field));
    // A row says what its cells read: who may not read all of that, a secret included, is not told which one it was. The
    // condition of a column without a field may read what is no field at all, which is for those who know the inside.
    let may_know = table.is_none_or(|table| table.reads().iter().all(|name| shown(name)))
        && (internal || columns.iter().all(|field| pinned.pack.field_type(field).is_some()));
    let rule = |id: &'a String| ToldRule {
        id,
        row: table.and_then(|table| table.row(id)),
        description: table.and_then(|table| table.rule_description(id)).unwrap_or_default(),
    };
    let rules = if may_know { decided.hits.iter().map(rule).collect() } else { Vec::new() };
    Some(ToldDecision {
        decision: &decided.decision,
        rules,
        inputs: inputs.map(|(field, value)| (field.as_str(), value)).collect(),
        outputs,
    })
}

/// The time limit that ran out, if the entry is about one.
pub fn timer<'a>(pinned: &Pinned, content: &'a Content) -> Option<ToldTimer<'a>> {
    let events = &content.facts.flow;
    let element = events.iter().find_map(|event| match event {
        Event::TimerFired { element, .. } => Some(element.as_str()),
        _ => None,
    })?;
    let kind = |id: &str| pinned.pack.flow().element(id).filter(|element| !element.name.is_empty()).map(|element| element.kind);
    let entered = |wanted: &dyn Fn(Kind) -> bool| -> Vec<&'a str> {
        let ids = events.iter().filter_map(|event| match event {
            Event::Entered { element, .. } => Some(element.as_str()),
            _ => None,
        });
        ids.filter(|id| kind(id).is_some_and(wanted)).collect()
    };
    let tasks = entered(&|kind| matches!(kind, Kind::UserTask | Kind::ServiceTask | Kind::SendTask | Kind::BusinessRuleTask));
    let idle = tasks.is_empty() && content.facts.state.is_none();
    let followed = if tasks.is_empty() { entered(&Kind::is_end) } else { tasks };
    Some(ToldTimer { element, followed, idle })
}

#[cfg(test)]
mod tests;
