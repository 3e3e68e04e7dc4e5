//! Why a stimulus was refused. A refusal changes nothing.

use thiserror::Error;

/// Why [`crate::advance`] refused a stimulus.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum FlowError {
    /// The instance has not been started.
    #[error("the flow has not started")]
    NotStarted,
    /// The instance was started before.
    #[error("the flow has already started")]
    AlreadyStarted,
    /// The instance is completed or cancelled.
    #[error("the flow has ended")]
    Ended,
    /// The instance is on hold and the stimulus has to wait.
    #[error("the flow is on hold")]
    Suspended,
    /// Resume was asked of an instance that is not on hold.
    #[error("the flow is not on hold")]
    NotSuspended,
    /// The activity is closed, or never was open.
    #[error("activity {activity} is not open")]
    NotOpen {
        /// The activity asked for.
        activity: u32,
    },
    /// The user task does not declare this outcome.
    #[error("{element} has no outcome '{outcome}', only {known:?}")]
    UnknownOutcome {
        /// The user task.
        element: String,
        /// What was given.
        outcome: String,
        /// What it declares.
        known: Vec<String>,
    },
    /// The user task declares outcomes and none was given.
    #[error("{element} needs one of the outcomes {known:?}")]
    OutcomeNeeded {
        /// The user task.
        element: String,
        /// What it declares.
        known: Vec<String>,
    },
    /// The timer fired, was cleared, or never existed.
    #[error("timer {timer} is not set")]
    NoTimer {
        /// The timer asked for.
        timer: u32,
    },
    /// The timer is set for later.
    #[error("timer {timer} is due at {due}, not yet")]
    NotDue {
        /// The timer asked for.
        timer: u32,
        /// When it is due, UTC milliseconds.
        due: i64,
    },
    /// Nothing in the instance waits for this message.
    #[error("nothing waits for the message '{name}'")]
    NotAwaited {
        /// Name of the message.
        name: String,
    },
    /// Nothing in the instance waits for this signal.
    #[error("nothing waits for the signal '{name}'")]
    NotHeard {
        /// Name of the signal.
        name: String,
    },
    /// The activity is no call that waits.
    #[error("activity {activity} waits for no called flow")]
    NotCalled {
        /// The activity asked for.
        activity: u32,
    },
    /// Nothing around the element catches the error.
    #[error("nothing catches the error '{code}' of {element}")]
    Uncaught {
        /// Where the error came from.
        element: String,
        /// Its code.
        code: String,
    },
    /// The caller could not say how often an activity is done, or said too often.
    #[error("repetition of {element} failed: {message}")]
    Repetition {
        /// The repeated activity.
        element: String,
        /// What the caller said.
        message: String,
    },
    /// The caller could not evaluate the key of a message.
    #[error("correlation of {element} failed: {message}")]
    Correlation {
        /// The message event.
        element: String,
        /// What the caller said.
        message: String,
    },
    /// An operator's move that cannot be carried out.
    #[error("cannot move to '{to}': {reason}")]
    CannotMove {
        /// The target.
        to: String,
        /// Why not.
        reason: String,
    },
    /// No condition of an exclusive or inclusive gateway held and it has no default.
    #[error("no way out of {element}")]
    NoWay {
        /// The gateway.
        element: String,
    },
    /// The caller could not evaluate a condition.
    #[error("condition of {edge} after {element} failed: {message}")]
    Condition {
        /// The gateway.
        element: String,
        /// The edge whose condition failed.
        edge: String,
        /// What the caller said.
        message: String,
    },
    /// The caller could not run a decision.
    #[error("decision {decision} of {element} failed: {message}")]
    Decision {
        /// The business rule task.
        element: String,
        /// The decision it names.
        decision: String,
        /// What the caller said.
        message: String,
    },
    /// The caller could not evaluate a timer.
    #[error("timer {element} failed: {message}")]
    Duration {
        /// The timer event.
        element: String,
        /// What the caller said.
        message: String,
    },
    /// The automatic part of the flow ran in a circle.
    #[error("the flow ran through {limit} elements without coming to rest, last {element}")]
    Endless {
        /// The element it was at.
        element: String,
        /// How many steps are allowed.
        limit: u32,
    },
    /// The instance stands on something the definition does not have: it belongs to another version.
    #[error("the definition has no element '{element}'")]
    UnknownElement {
        /// The missing element.
        element: String,
    },
    /// The instance was started by a newer engine.
    #[error("the instance needs engine semantics {needed}, this engine has {has}")]
    Semantics {
        /// What the instance was started with.
        needed: u32,
        /// What this engine implements.
        has: u32,
    },
    /// The instance has used up its ids.
    #[error("the instance has no ids left")]
    NoIds,
}
