//! `pack.yaml`: what a record type is called, which states it has, who may do what.

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The fixed phases. Code, default lists, clocks and reports speak of phases, packs of states.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Recorded, nobody works on it yet.
    New,
    /// Being worked on.
    Active,
    /// Waiting for somebody outside.
    Waiting,
    /// Solved, not yet closed.
    Resolved,
    /// Closed.
    Closed,
    /// Ended without a result.
    Cancelled,
}

impl Phase {
    /// All phases, in the order of a record's life.
    pub const ALL: [Self; 6] = [Self::New, Self::Active, Self::Waiting, Self::Resolved, Self::Closed, Self::Cancelled];

    /// The key, as in `pack.yaml` and in conditions.
    pub fn key(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Active => "active",
            Self::Waiting => "waiting",
            Self::Resolved => "resolved",
            Self::Closed => "closed",
            Self::Cancelled => "cancelled",
        }
    }

    /// Nothing more will happen.
    pub fn is_ended(self) -> bool {
        matches!(self, Self::Closed | Self::Cancelled)
    }

    /// Somebody still has to find the answer: the team in charge is the team of the open step.
    pub fn is_working(self) -> bool {
        matches!(self, Self::New | Self::Active | Self::Waiting)
    }
}

impl std::fmt::Display for Phase {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.key())
    }
}

/// `pack.yaml`, read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The record type.
    pub key: String,
    /// Raised with every published change.
    pub version: u32,
    /// How records are numbered.
    pub number: Numbering,
    /// Every state and its phase, in the order lists show them.
    pub states: IndexMap<String, Phase>,
    /// The state of a record whose flow has not said anything yet.
    pub initial_state: String,
    /// The state while on hold; without it the type cannot be put on hold.
    #[serde(default)]
    pub hold_state: Option<String>,
    /// The states after the end of the flow.
    pub ended: EndStates,
    /// What this type says about standard fields.
    #[serde(default)]
    pub fields: IndexMap<String, FieldRule>,
    /// Own fields kept in the typed side table, so that lists can filter on them.
    #[serde(default)]
    pub indexed: Vec<String>,
    /// Fields whose values never enter the journal.
    #[serde(default)]
    pub secret: Vec<String>,
    /// Fields that are found and erased with a person.
    #[serde(default)]
    pub personal: Vec<String>,
    /// Outcome, or `step.outcome`, and the fields that must have a value by then.
    #[serde(default)]
    pub required: IndexMap<String, Vec<String>>,
    /// Outcome, or `step.outcome`, and the fields its dialog offers beside the required ones.
    #[serde(default)]
    pub outcome_fields: IndexMap<String, Vec<String>>,
    /// Fields that, where an outcome requires them, must come with it: what was written for an earlier step does not do.
    #[serde(default)]
    pub fresh: Vec<String>,
    /// Reason codes of `reassign`, `hold` and `cancel`.
    #[serde(default)]
    pub reasons: IndexMap<String, Vec<String>>,
    /// Reasons for a hold that ask the requester for something: the note of such a hold is for them.
    #[serde(default)]
    pub asks_requester: Vec<String>,
    /// The reason that a record is cancelled for when it is merged into another; without it records are not merged.
    #[serde(default)]
    pub merge_reason: Option<String>,
    /// Outcomes that those below a record mostly wait for too: they are offered for all of them at once.
    #[serde(default)]
    pub with_children: Vec<String>,
    /// Derived field and the field that says why it was set by hand.
    #[serde(default)]
    pub overrides: IndexMap<String, String>,
    /// What may be chosen by hand instead of what a table says, where outcomes bound it.
    #[serde(default)]
    pub bounds: IndexMap<String, Bound>,
    /// Tables that run again, in this order, when an edit touches what they read.
    #[serde(default)]
    pub derive_on_edit: Vec<String>,
    /// Where a rating is kept; without it the type cannot be rated.
    #[serde(default)]
    pub rating: Option<RatingFields>,
    /// Messages of commands (`open`, `accept`, `assign`, `hold`, `resume`, `cancel`, `rate`), of outcomes
    /// (`outcome:<key>`) and of the end of the flow (`completed`); of assigning more closely `assign:team` when the team
    /// is another, `assign:assignee` when a person is named. Of comments `comment:requester` when the requester speaks,
    /// `comment:others` when somebody else does in public, `comment:internal` when only those who work on it hear it.
    #[serde(default)]
    pub notify: IndexMap<String, Vec<Notice>>,
    /// The roles, in the order the administration shows them.
    pub roles: Vec<String>,
    /// Role and what it may do.
    pub rights: IndexMap<String, Vec<RightRule>>,
}

/// How records are numbered: `INC-2026-000123`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Numbering {
    /// Upper-case letters before the year.
    pub prefix: String,
    /// Digits after the year; more are used when they run out.
    pub digits: u8,
}

/// The states after the end of the flow.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EndStates {
    /// The flow ran to its end.
    pub completed: String,
    /// It was cancelled.
    pub cancelled: String,
}

/// What a type says about a standard field.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FieldRule {
    /// What a record is opened with when nothing is given.
    #[serde(default)]
    pub default: Option<Value>,
    /// The only values it may have.
    #[serde(default)]
    pub values: Vec<String>,
}

/// How far a choice by hand may go: only to what the table itself gives somewhere, at the same value of another field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bound {
    /// The outcomes that bound it.
    pub outcomes: Vec<String>,
    /// The field that the table reads and that has to be the same.
    pub same: String,
}

/// Where a rating is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RatingFields {
    /// Own field for 1 to 5.
    pub score: String,
    /// Own field for the words.
    pub comment: String,
}

/// One message to one party.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Notice {
    /// Key of the message.
    pub message: String,
    /// `requester`, `reporter`, `assignee` or `team`.
    pub to: String,
}

/// Who a message can go to.
pub const RECIPIENTS: [&str; 4] = ["requester", "reporter", "assignee", "team"];

/// One line of a role's rights, as written.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RightRule {
    /// A fixed action or `outcome:<key>`.
    pub action: String,
    /// The records it holds for, a condition; none stands for all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<Value>,
}

/// The actions a right can name, beside `outcome:<key>`.
pub const ACTIONS: [&str; 20] = [
    "open",
    "open_for_colleague",
    "read",
    "read_internal",
    "edit",
    "accept",
    "assign",
    "hold",
    "resume",
    "comment",
    "comment_internal",
    "attach",
    "link",
    "cancel",
    "rate",
    "urge",
    "outcome",
    "move",
    "message",
    "export",
];

/// One compiled line of a role's rights.
#[derive(Clone, Debug)]
pub struct Right {
    /// A fixed action or `outcome:<key>`.
    pub action: String,
    /// The records it holds for.
    pub scope: decide::Condition,
}

impl Manifest {
    /// The phase of a state.
    pub fn phase_of(&self, state: &str) -> Option<Phase> {
        self.states.get(state).copied()
    }

    /// Fields that must have a value when `element` is completed with `outcome`.
    pub fn required_for(&self, element: &str, outcome: &str) -> Vec<&str> {
        both(&self.required, element, outcome)
    }

    /// Fields that may be given when `element` is completed with `outcome`, the required ones first.
    pub fn offered_for(&self, element: &str, outcome: &str) -> Vec<&str> {
        let mut offered = self.required_for(element, outcome);
        for field in both(&self.outcome_fields, element, outcome) {
            if !offered.contains(&field) {
                offered.push(field);
            }
        }
        offered
    }

    /// The codes of a kind of reason (`reassign`, `hold`, `cancel`).
    pub fn reasons(&self, kind: &str) -> &[String] {
        self.reasons.get(kind).map_or(&[], Vec::as_slice)
    }
}

/// Entries of the outcome and of `element.outcome`, without repetition.
fn both<'a>(map: &'a IndexMap<String, Vec<String>>, element: &str, outcome: &str) -> Vec<&'a str> {
    let mut found: Vec<&str> = Vec::new();
    let narrow = format!("{element}.{outcome}");
    for key in [outcome, narrow.as_str()] {
        for field in map.get(key).into_iter().flatten() {
            if !found.contains(&field.as_str()) {
                found.push(field);
            }
        }
    }
    found
}
