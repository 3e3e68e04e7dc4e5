//! What a command answers.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use thiserror::Error;

use super::Facts;

/// What a command led to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Performed {
    /// What changed; [`crate::Record::apply`] folds it.
    pub facts: Facts,
    /// Work for the caller, in order.
    pub effects: Vec<Effect>,
    /// The decisions that ran and why they said what they said.
    pub decisions: Vec<Explained>,
}

impl Performed {
    /// Two commands as one: what the second led to, on the record that the first had left behind.
    #[must_use]
    pub fn then(mut self, next: Self) -> Self {
        self.facts.join(next.facts);
        self.effects.extend(next.effects);
        self.decisions.extend(next.decisions);
        self
    }
}

/// Work for the caller that leaves the record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// Send one of the pack's messages.
    Notify {
        /// Key of the message.
        message: String,
        /// `requester`, `reporter`, `assignee` or `team`, as the record says after the command.
        to: String,
    },
    /// A service or send task of another topic was passed.
    Topic {
        /// The topic.
        topic: String,
        /// The task.
        element: String,
        /// Its properties.
        properties: BTreeMap<String, String>,
    },
}

/// One decision and its answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Explained {
    /// Key of the table.
    pub decision: String,
    /// Ids of the rows that hit.
    pub hits: Vec<String>,
    /// What they said; none if no row hit.
    pub output: Option<Map<String, Value>>,
    /// The values it read, without secret ones; a field without a value is absent.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub inputs: Map<String, Value>,
    /// Outputs that were left alone, because somebody set the field by hand.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left: Vec<String>,
}

/// One value that cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldError {
    /// `/title` for a standard field, `/fields/x` for an own one.
    pub pointer: String,
    /// Stable name of the fault: `unknown_field`, `read_only`, `not_offered`, `required`, `reason_required`,
    /// `unknown_reason`, `type`, `enum`, `minimum`, `maximum`, `min_length`, `max_length`, `pattern`, `format`, `invalid`.
    pub code: String,
    /// In English.
    pub message: String,
}

/// Why a command was refused. A refusal changes nothing.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum Refusal {
    /// It makes no sense in the record's present state.
    #[error("{message}")]
    NotAvailable {
        /// Why not.
        message: String,
    },
    /// Values are missing or wrong.
    #[error("{} values cannot be taken, first {}: {}", .0.len(), .0.first().map_or("", |e| &e.pointer), .0.first().map_or("", |e| &e.message))]
    Invalid(Vec<FieldError>),
    /// The step does not offer this outcome.
    #[error("{element} has no outcome '{outcome}', only {known:?}")]
    UnknownOutcome {
        /// The user task.
        element: String,
        /// What was given.
        outcome: String,
        /// What it offers.
        known: Vec<String>,
    },
    /// The flow refused.
    #[error(transparent)]
    Flow(flow::FlowError),
}

impl Refusal {
    /// A command that makes no sense now.
    pub(crate) fn not_available(message: impl Into<String>) -> Self {
        Self::NotAvailable { message: message.into() }
    }

    /// One wrong value.
    pub(crate) fn invalid(error: FieldError) -> Self {
        Self::Invalid(vec![error])
    }

    /// Stable name: `not_available`, `invalid`, `unknown_outcome` or `flow`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotAvailable { .. } => "not_available",
            Self::Invalid(_) => "invalid",
            Self::UnknownOutcome { .. } => "unknown_outcome",
            Self::Flow(_) => "flow",
        }
    }
}

impl From<flow::FlowError> for Refusal {
    fn from(error: flow::FlowError) -> Self {
        use flow::FlowError as F;
        match error {
            F::UnknownOutcome { element, outcome, known } => Self::UnknownOutcome { element, outcome, known },
            F::Ended | F::Suspended | F::NotSuspended | F::NotOpen { .. } | F::NotStarted | F::AlreadyStarted => {
                Self::not_available(error.to_string())
            }
            other => Self::Flow(other),
        }
    }
}
