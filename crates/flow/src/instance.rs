//! Where one running flow stands: the fold of its events.

use serde::{Deserialize, Serialize};

/// Life of an instance.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Not started.
    #[default]
    New,
    /// Tokens may move.
    Running,
    /// On hold: nothing is completed, most timers stand still.
    Suspended,
    /// No token is left.
    Completed,
    /// Ended from outside.
    Cancelled,
}

impl Status {
    /// Nothing can happen any more.
    pub fn is_ended(self) -> bool {
        matches!(self, Self::Completed | Self::Cancelled)
    }
}

/// One visit to an element that has not been left yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Token {
    /// Number of the visit, unique in the instance and never used again.
    pub id: u32,
    /// The element it stands on.
    pub element: String,
    /// The visit to the enclosing sub-process; none at the top.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<u32>,
    /// The edge it came by, where it waits at a join, which counts them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edge: Option<String>,
    /// The turn of a repeated activity that it is, from 1; `scope` is then the token on the activity as a whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub turn: Option<u32>,
    /// The item of the list that the turn is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item: Option<String>,
}

/// An open user task.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Activity {
    /// The same number as the token that stands on the task.
    pub id: u32,
    /// The user task.
    pub element: String,
    /// UTC milliseconds.
    pub opened_at: i64,
}

/// A timer that waits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timer {
    /// Unique in the instance, never used again.
    pub id: u32,
    /// The timer event.
    pub element: String,
    /// The token it belongs to: its own, that of the element it is attached to, or that of the scope whose event
    /// sub-process it begins; 0 stands for the whole flow.
    pub token: u32,
    /// UTC milliseconds; without meaning while `remaining` is set.
    pub due: i64,
    /// Property `hold=run`: goes on while the instance is on hold.
    #[serde(default)]
    pub keeps_running_on_hold: bool,
    /// Milliseconds left, while it stands still because the instance is on hold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remaining: Option<i64>,
}

impl Timer {
    /// When the timer must fire; none while it stands still.
    pub fn fires_at(&self) -> Option<i64> {
        self.remaining.is_none().then_some(self.due)
    }
}

/// A message or signal that is waited for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Awaited {
    /// Unique in the instance, never used again.
    pub id: u32,
    /// The message or signal event.
    pub element: String,
    /// The token it belongs to: its own, that of the element it is attached to, or that of the scope whose event
    /// sub-process it begins; 0 stands for the whole flow.
    pub token: u32,
    /// Name of the message or signal.
    pub name: String,
    /// The key that a message must carry to be meant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
}

/// A call activity that waits for the flow it called.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Call {
    /// The same number as the token that stands on the call activity.
    pub id: u32,
    /// The call activity.
    pub element: String,
    /// What is called.
    pub called: String,
    /// UTC milliseconds.
    pub opened_at: i64,
}

/// A repeated activity under way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Repetition {
    /// The token on the activity as a whole.
    pub token: u32,
    /// How many turns.
    pub total: u32,
    /// How many turns have begun.
    pub started: u32,
    /// What the turns are for, where they go through a list.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<String>,
}

/// One running flow. Changed only by [`Instance::apply`](crate::Instance::apply).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Instance {
    /// Life of the instance.
    pub status: Status,
    /// Visits not yet left, in order of arrival.
    pub tokens: Vec<Token>,
    /// Open user tasks, in order of opening.
    pub activities: Vec<Activity>,
    /// Timers that wait.
    pub timers: Vec<Timer>,
    /// Messages that are waited for.
    pub messages: Vec<Awaited>,
    /// Signals that are waited for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub signals: Vec<Awaited>,
    /// Call activities that wait.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub calls: Vec<Call>,
    /// Repeated activities under way.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub repetitions: Vec<Repetition>,
    /// The next number for a token, timer or message; 0 in a new instance stands for 1.
    pub next_id: u32,
    /// Since when it is on hold, UTC milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suspended_at: Option<i64>,
    /// [`SEMANTICS`](crate::SEMANTICS) of the engine that started it.
    pub semantics: u32,
}

impl Instance {
    /// The open activity with this number.
    pub fn activity(&self, id: u32) -> Option<&Activity> {
        self.activities.iter().find(|activity| activity.id == id)
    }

    /// The token with this number.
    pub fn token(&self, id: u32) -> Option<&Token> {
        self.tokens.iter().find(|token| token.id == id)
    }

    /// The call activity with this number.
    pub fn call(&self, id: u32) -> Option<&Call> {
        self.calls.iter().find(|call| call.id == id)
    }

    /// The repeated activity on which this token stands.
    pub fn repetition(&self, token: u32) -> Option<&Repetition> {
        self.repetitions.iter().find(|repetition| repetition.token == token)
    }

    /// When the first timer fires; none if no timer is running.
    pub fn next_due(&self) -> Option<i64> {
        self.timers.iter().filter_map(Timer::fires_at).min()
    }

    /// Whether `token` lies inside the visit `scope` of a sub-process, at any depth; `None` holds everything.
    pub(crate) fn is_inside(&self, token: Option<u32>, scope: Option<u32>) -> bool {
        let mut at = token;
        // A chain of scopes is never longer than the list of tokens; the bound keeps a damaged instance from looping.
        for _ in 0..=self.tokens.len() {
            if at == scope {
                return true;
            }
            match at.and_then(|id| self.token(id)) {
                Some(token) => at = token.scope,
                None => return scope.is_none(),
            }
        }
        false
    }
}
