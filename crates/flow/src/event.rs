//! What happened: the facts that go into the journal.
//!
//! Names and fields are stored for ever. Add; never rename.

use serde::{Deserialize, Serialize};

use crate::{Status, Trigger};

/// How an activity was closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// Somebody completed it.
    Completed,
    /// A boundary event or a terminate end took it away.
    Interrupted,
    /// The instance was cancelled.
    Cancelled,
    /// An operator moved the token elsewhere.
    Moved,
    /// What it called failed.
    Failed,
}

/// One fact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "e", rename_all = "snake_case")]
pub enum Event {
    /// The instance began.
    Started {
        /// UTC milliseconds.
        at: i64,
        /// [`SEMANTICS`](crate::SEMANTICS) of the engine.
        semantics: u32,
    },
    /// A token arrived at an element; every visit has its own number.
    Entered {
        /// The element.
        element: String,
        /// Number of the visit.
        token: u32,
        /// The visit to the enclosing sub-process.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        scope: Option<u32>,
        /// The edge it came by, where a join will ask for it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        edge: Option<String>,
        /// The turn of a repeated activity that this is, from 1; `scope` is then the visit to the activity as a whole.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        turn: Option<u32>,
        /// The item of the list that the turn is for.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        item: Option<String>,
    },
    /// A visit is over.
    Left {
        /// The element.
        element: String,
        /// Number of the visit.
        token: u32,
    },
    /// A token went along an edge.
    Taken {
        /// The edge.
        edge: String,
    },
    /// A user task waits for somebody.
    Opened {
        /// Number of the activity, the same as its token's.
        activity: u32,
        /// The user task.
        element: String,
        /// UTC milliseconds.
        at: i64,
    },
    /// A user task waits no longer.
    Closed {
        /// Number of the activity.
        activity: u32,
        /// The user task.
        element: String,
        /// The outcome chosen, when it was completed with one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        outcome: Option<String>,
        /// How it was closed.
        how: How,
        /// UTC milliseconds.
        at: i64,
    },
    /// A timer began to wait.
    TimerSet {
        /// Number of the timer.
        timer: u32,
        /// The timer event.
        element: String,
        /// The token it belongs to.
        token: u32,
        /// UTC milliseconds.
        due: i64,
        /// Goes on while the instance is on hold.
        #[serde(default, skip_serializing_if = "is_false")]
        keeps_running_on_hold: bool,
    },
    /// A timer came due and did its work.
    TimerFired {
        /// Number of the timer.
        timer: u32,
        /// The timer event.
        element: String,
        /// UTC milliseconds.
        at: i64,
    },
    /// A timer is no longer needed.
    TimerCleared {
        /// Number of the timer.
        timer: u32,
        /// The timer event.
        element: String,
    },
    /// A timer stands still because the instance is on hold.
    TimerHeld {
        /// Number of the timer.
        timer: u32,
        /// Milliseconds left.
        remaining: i64,
    },
    /// A timer that stood still waits again.
    TimerResumed {
        /// Number of the timer.
        timer: u32,
        /// UTC milliseconds.
        due: i64,
    },
    /// A message is waited for.
    Awaits {
        /// Number of the wait.
        message: u32,
        /// The message event.
        element: String,
        /// The token it belongs to.
        token: u32,
        /// Name of the message.
        name: String,
        /// The key that the message must carry.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        key: Option<String>,
    },
    /// A message arrived; the wait is over.
    Received {
        /// Number of the wait.
        message: u32,
        /// The message event.
        element: String,
        /// Name of the message.
        name: String,
        /// UTC milliseconds.
        at: i64,
    },
    /// A message is no longer waited for.
    AwaitCleared {
        /// Number of the wait.
        message: u32,
        /// The message event.
        element: String,
    },
    /// A signal is waited for.
    AwaitsSignal {
        /// Number of the wait.
        signal: u32,
        /// The signal event.
        element: String,
        /// The token it belongs to.
        token: u32,
        /// Name of the signal.
        name: String,
    },
    /// A signal was heard; the wait is over.
    SignalReceived {
        /// Number of the wait.
        signal: u32,
        /// The signal event.
        element: String,
        /// Name of the signal.
        name: String,
        /// UTC milliseconds.
        at: i64,
    },
    /// A signal is no longer waited for.
    SignalCleared {
        /// Number of the wait.
        signal: u32,
        /// The signal event.
        element: String,
    },
    /// An element set something off.
    Thrown {
        /// The event.
        element: String,
        /// What it set off.
        what: Trigger,
        /// Name of the message or signal, code of the error or escalation.
        name: String,
        /// UTC milliseconds.
        at: i64,
    },
    /// A repeated activity began: its turns follow.
    Repeats {
        /// The visit to the activity as a whole.
        token: u32,
        /// The activity.
        element: String,
        /// How many turns.
        total: u32,
        /// What the turns are for, where they go through a list.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        items: Vec<String>,
    },
    /// A call activity waits for the flow it called.
    Called {
        /// Number of the activity, the same as its token's.
        activity: u32,
        /// The call activity.
        element: String,
        /// What is called.
        called: String,
        /// UTC milliseconds.
        at: i64,
    },
    /// A call activity waits no longer.
    Returned {
        /// Number of the activity.
        activity: u32,
        /// The call activity.
        element: String,
        /// How the called flow ended, or the code of its error.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        outcome: Option<String>,
        /// How the activity was closed.
        how: How,
        /// UTC milliseconds.
        at: i64,
    },
    /// The instance was put on hold.
    Suspended {
        /// UTC milliseconds.
        at: i64,
    },
    /// The hold is over.
    Resumed {
        /// UTC milliseconds.
        at: i64,
    },
    /// The instance ended.
    Ended {
        /// Completed or cancelled.
        status: Status,
        /// UTC milliseconds.
        at: i64,
        /// Why it was cancelled.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
}

fn is_false(value: &bool) -> bool {
    !*value
}
