//! What a command led to, as data.
//!
//! These facts go into the journal as they are and are read for ever: names and fields are added, never renamed. A
//! fixture of every kind is in `tests/facts.rs`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Everything one command changed on a record.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Facts {
    /// Changed values, one entry a field, sorted by field.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub edits: Vec<Edit>,
    /// The change of state, if any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<StateMove>,
    /// What the flow did.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub flow: Vec<flow::Event>,
    /// What happened to the open steps.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<StepFact>,
    /// What became of steps of checklists.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub checks: Vec<Check>,
}

impl Facts {
    /// Nothing changed.
    pub fn is_empty(&self) -> bool {
        self.edits.is_empty() && self.state.is_none() && self.flow.is_empty() && self.steps.is_empty() && self.checks.is_empty()
    }

    /// Adds what changed afterwards. A field stays one edit: from what it was at first to what it is at last, none if that is the same.
    pub(super) fn join(&mut self, next: Self) {
        for edit in next.edits {
            match self.edits.iter().position(|known| known.field == edit.field) {
                Some(n) if self.edits[n].old == edit.new => drop(self.edits.remove(n)),
                Some(n) => self.edits[n].new = edit.new,
                None => self.edits.push(edit),
            }
        }
        self.edits.sort_by(|a, b| a.field.cmp(&b.field));
        self.state = match (self.state.take(), next.state) {
            (Some(first), Some(last)) => Some(StateMove { old: first.old, new: last.new }),
            (first, last) => last.or(first),
        };
        self.flow.extend(next.flow);
        self.steps.extend(next.steps);
        self.checks.extend(next.checks);
    }

    /// The edit of a field, if there is one.
    pub fn edit(&self, field: &str) -> Option<&Edit> {
        self.edits.iter().find(|edit| edit.field == field)
    }
}

/// One value that changed. Null stands for "no value".
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Edit {
    /// The field.
    pub field: String,
    /// What it was.
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub old: Value,
    /// What it is now.
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub new: Value,
}

/// A change of state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StateMove {
    /// The state before; empty when the record is opened.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub old: String,
    /// The state after.
    pub new: String,
}

/// What happened to a step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "s", rename_all = "snake_case")]
pub enum StepFact {
    /// It waits for somebody.
    Opened {
        /// Number of the activity.
        activity: u32,
        /// The user task.
        element: String,
        /// The responsible team.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        team: Option<String>,
        /// The person it is meant for.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        assignee: Option<String>,
        /// UTC milliseconds.
        at: i64,
    },
    /// It has another team or person, or was accepted: how it stands now.
    Assigned {
        /// Number of the activity.
        activity: u32,
        /// The responsible team.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        team: Option<String>,
        /// The person it is meant for.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        assignee: Option<String>,
        /// When that person accepted it, UTC milliseconds.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        accepted_at: Option<i64>,
    },
    /// It waits no longer.
    Closed {
        /// Number of the activity.
        activity: u32,
    },
}

/// What became of a step of a checklist. Its words stand here as they were then: a checklist that is written anew leaves what was
/// done as it was done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// Key of the checklist.
    pub checklist: String,
    /// Key of the step in it.
    pub step: String,
    /// What became of it.
    pub state: CheckState,
    /// The step's words by language.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub text: BTreeMap<String, String>,
    /// What was noted with it; for a step that does not apply, why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Who said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// UTC milliseconds.
    pub at: i64,
}

/// What can become of a step of a checklist.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckState {
    /// It is done.
    Done,
    /// It does not apply here.
    NotApplicable,
    /// It is to be done, again.
    Open,
}
