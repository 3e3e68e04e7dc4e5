//! What can be asked of a record.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// One command. Who may give it is the caller's business; whether it makes sense now is decided here.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Command {
    /// Open a record.
    Open {
        /// Common and own fields; what is missing takes its default.
        values: Map<String, Value>,
    },
    /// Complete an activity with an outcome.
    Complete {
        /// The open activity.
        activity: u32,
        /// One of the outcomes its element declares.
        outcome: String,
        /// Fields offered with this outcome.
        #[serde(default)]
        values: Map<String, Value>,
    },
    /// Change values; null takes a value away.
    Edit {
        /// Common and own fields.
        values: Map<String, Value>,
        /// Why a derived field is set by hand; kept in that field's reason field.
        #[serde(default)]
        reason: Option<String>,
    },
    /// Take an open step.
    Accept {
        /// Who takes it.
        by: String,
    },
    /// Give an open step to another team or person.
    Assign {
        /// The open activity; none stands for the step that sets the state.
        #[serde(default)]
        activity: Option<u32>,
        /// The new team.
        #[serde(default)]
        team: Option<String>,
        /// The new person.
        #[serde(default)]
        assignee: Option<String>,
        /// One of the pack's reasons `reassign`; needed when the team changes.
        #[serde(default)]
        reason: Option<String>,
        /// A word to the receiver; the caller journals it.
        #[serde(default)]
        note: Option<String>,
    },
    /// Take the person off an open step: its team has it again.
    HandBack {
        /// The open activity.
        activity: u32,
    },
    /// Put the record on hold.
    Hold {
        /// One of the pack's reasons `hold`.
        reason: String,
        /// More words; the caller journals them.
        #[serde(default)]
        note: Option<String>,
    },
    /// Go on after a hold.
    Resume,
    /// End the record without a result.
    Cancel {
        /// One of the pack's reasons `cancel`.
        reason: String,
    },
    /// A timer of the flow is due.
    FireTimer {
        /// The timer.
        timer: u32,
    },
    /// A message for the flow arrived.
    Message {
        /// Name of the message.
        name: String,
    },
    /// The requester judges the work.
    Rate {
        /// 1 (bad) to 5 (good).
        score: u8,
        /// In words.
        #[serde(default)]
        comment: Option<String>,
    },
    /// Somebody says something; the caller journals the words. Nothing of the record changes.
    Comment {
        /// Who says it.
        by: String,
        /// Whether only those who work on the record hear it.
        #[serde(default)]
        internal: bool,
    },
    /// Whoever waits asks for haste; the caller journals the words.
    Urge,
    /// An operator puts the flow elsewhere; the caller journals who and why.
    Move {
        /// The open activity that is given up.
        activity: u32,
        /// The element to go to.
        to: String,
    },
}

impl Command {
    /// The fixed key of the command, as rights and notices name it.
    pub fn key(&self) -> &'static str {
        match self {
            Self::Open { .. } => "open",
            Self::Complete { .. } => "complete",
            Self::Edit { .. } => "edit",
            Self::Accept { .. } => "accept",
            Self::Assign { .. } => "assign",
            Self::HandBack { .. } => "hand_back",
            Self::Hold { .. } => "hold",
            Self::Resume => "resume",
            Self::Cancel { .. } => "cancel",
            Self::FireTimer { .. } => "timer",
            Self::Message { .. } => "message",
            Self::Rate { .. } => "rate",
            Self::Comment { .. } => "comment",
            Self::Urge => "urge",
            Self::Move { .. } => "move",
        }
    }
}
