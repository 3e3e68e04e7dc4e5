//! A record as the engine sees it: the fold of its facts.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{Check, CheckState, Facts, StepFact};

/// One record. Changed only by [`Record::apply`].
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Record {
    /// Standard fields and the type's own fields in one flat map; a field without a value is absent.
    pub values: Map<String, Value>,
    /// One of the pack's states; empty before the record is opened.
    pub state: String,
    /// Where the flow stands.
    pub instance: flow::Instance,
    /// The open steps, in order of opening.
    pub steps: Vec<Step>,
    /// The steps of checklists that are done or do not apply, in the order in which that was said.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub checks: Vec<Check>,
}

/// An open user task and who is responsible for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Number of the activity in the flow.
    pub activity: u32,
    /// The user task.
    pub element: String,
    /// The responsible team, a natural key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team: Option<String>,
    /// The person it is meant for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assignee: Option<String>,
    /// When that person accepted it, UTC milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accepted_at: Option<i64>,
    /// UTC milliseconds.
    pub opened_at: i64,
}

impl Record {
    /// Folds facts into the record. Never runs an engine; facts about things that are not there change nothing.
    pub fn apply(&mut self, facts: &Facts) {
        for edit in &facts.edits {
            if edit.new.is_null() {
                // `shift_remove` would be linear; the order of values means nothing.
                self.values.swap_remove(&edit.field);
            } else {
                self.values.insert(edit.field.clone(), edit.new.clone());
            }
        }
        if let Some(moved) = &facts.state {
            self.state.clone_from(&moved.new);
        }
        for event in &facts.flow {
            self.instance.apply(event);
        }
        for fact in &facts.steps {
            self.apply_step(fact);
        }
        for check in &facts.checks {
            self.checks.retain(|known| (&known.checklist, &known.step) != (&check.checklist, &check.step));
            if check.state != CheckState::Open {
                self.checks.push(check.clone());
            }
        }
    }

    fn apply_step(&mut self, fact: &StepFact) {
        match fact {
            StepFact::Opened { activity, element, team, assignee, at } => self.steps.push(Step {
                activity: *activity,
                element: element.clone(),
                team: team.clone(),
                assignee: assignee.clone(),
                accepted_at: None,
                opened_at: *at,
            }),
            StepFact::Assigned { activity, team, assignee, accepted_at } => {
                if let Some(step) = self.steps.iter_mut().find(|step| step.activity == *activity) {
                    step.team.clone_from(team);
                    step.assignee.clone_from(assignee);
                    step.accepted_at = *accepted_at;
                }
            }
            StepFact::Closed { activity } => self.steps.retain(|step| step.activity != *activity),
        }
    }

    /// The open step with this number.
    pub fn step(&self, activity: u32) -> Option<&Step> {
        self.steps.iter().find(|step| step.activity == activity)
    }

    /// A value, null if there is none.
    pub fn value(&self, field: &str) -> &Value {
        self.values.get(field).unwrap_or(&Value::Null)
    }

    /// A value as text, if it is one.
    pub fn text(&self, field: &str) -> Option<&str> {
        self.value(field).as_str()
    }
}
