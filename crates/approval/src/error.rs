//! Why a stimulus was refused. A refusal changes nothing.

use thiserror::Error;

/// Why [`crate::approve`] refused a stimulus.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ApprovalError {
    /// Nothing has been requested yet.
    #[error("nothing has been requested")]
    NotRequested,
    /// A round is open already.
    #[error("it has been requested already")]
    AlreadyRequested,
    /// It passed; only what was approved may still change.
    #[error("it is approved")]
    Decided,
    /// It is void, and may be requested anew or taken back.
    #[error("it is void")]
    Void,
    /// It was rejected or taken back.
    #[error("it has ended")]
    Ended,
    /// The definition has no such step: the approval belongs to another version.
    #[error("there is no step '{step}'")]
    UnknownStep {
        /// The step asked for.
        step: String,
    },
    /// The people given are not those of the steps of the definition.
    #[error("step '{step}' was not resolved as the definition has it")]
    Unresolved {
        /// The step.
        step: String,
    },
    /// No step is needed, so nobody would decide.
    #[error("no step is needed, so nobody would decide")]
    NobodyDecides,
    /// Nobody who is named for the step may decide.
    #[error("nobody can decide step '{step}'")]
    NoSeat {
        /// The step.
        step: String,
    },
    /// The step has a body whose chair was not found.
    #[error("the chair of step '{step}' was not found")]
    NoChair {
        /// The step.
        step: String,
    },
    /// The people named are not enough for the rule or the quorum, even if all say yes.
    #[error("step '{step}' cannot be approved by {seats} people")]
    Unreachable {
        /// The step.
        step: String,
        /// How many seats it has.
        seats: usize,
    },
    /// The digests given are not those of the fields that the definition names.
    #[error("the digests are not those of the fields that make it void")]
    Digests,
    /// There is no such seat in this round.
    #[error("there is no seat {seat}")]
    UnknownSeat {
        /// The seat asked for.
        seat: u32,
    },
    /// The step waits, or is over.
    #[error("step '{step}' is not open")]
    StepNotOpen {
        /// The step.
        step: String,
    },
    /// The seat has its vote.
    #[error("seat {seat} has voted")]
    AlreadyVoted {
        /// The seat.
        seat: u32,
    },
    /// The holder of the seat is no longer there.
    #[error("seat {seat} does not count any more")]
    SeatLeft {
        /// The seat.
        seat: u32,
    },
    /// The seat is somebody else's, who has not made this person a delegate for now.
    #[error("seat {seat} is somebody else's")]
    NotYourSeat {
        /// The seat.
        seat: u32,
    },
    /// It is their own request.
    #[error("nobody decides about their own request")]
    OwnRequest,
    /// They have a vote of their own in the step, or have voted in it for somebody else.
    #[error("one person has one vote in a step")]
    OneVote,
    /// They have a seat or a vote in another step, and count once.
    #[error("one person counts in one step only")]
    CountedElsewhere,
    /// A no needs a reason.
    #[error("a no needs a reason")]
    ReasonNeeded,
    /// A text is empty where it must not be, or too long.
    #[error("the text must have between 1 and {most} characters")]
    Text {
        /// The most characters.
        most: usize,
    },
    /// Only a body closes its vote and keeps minutes.
    #[error("step '{step}' is decided by no body")]
    NoBody {
        /// The step.
        step: String,
    },
    /// Only the chair or a delegate closes a vote.
    #[error("only the chair closes the vote of step '{step}'")]
    NotTheChair {
        /// The step.
        step: String,
    },
    /// Whoever delegates has no seat that waits for a vote.
    #[error("'{person}' has no seat without a vote")]
    NothingToDelegate {
        /// Whose seat it would be.
        person: String,
    },
    /// A delegation to oneself, or one that ends before it begins or has ended.
    #[error("this delegation would never hold")]
    EmptyDelegation,
    /// There is no such delegation.
    #[error("'{delegate}' does not vote for '{person}'")]
    NotDelegated {
        /// Whose seat it is.
        person: String,
        /// Who does not vote on it.
        delegate: String,
    },
    /// The time-out is not the one that is waited for.
    #[error("time-out {index} of step '{step}' is not waited for")]
    NoTimeOut {
        /// The step.
        step: String,
        /// Which of its time-outs.
        index: u32,
    },
    /// The time-out comes later.
    #[error("the time-out of step '{step}' comes at {due}, not yet")]
    NotDue {
        /// The step.
        step: String,
        /// When it comes, UTC milliseconds.
        due: i64,
    },
    /// More of something than an approval may hold.
    #[error("too many {what}: at most {most}")]
    TooMany {
        /// Of what.
        what: &'static str,
        /// The most there may be.
        most: usize,
    },
    /// The round was begun by a newer engine.
    #[error("the approval needs engine semantics {needed}, this engine has {has}")]
    Semantics {
        /// What the round was begun with.
        needed: u32,
        /// What this engine implements.
        has: u32,
    },
    /// The approval has used up its seat numbers.
    #[error("the approval has no seat numbers left")]
    NoSeatNumbers,
}
