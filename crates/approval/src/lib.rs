//! Approvals as a small state machine: who sits where, how they voted, whether that is enough.
//!
//! The crate is pure: no file, no database, no wall clock, no randomness. Time arrives as `now` (UTC milliseconds), people
//! as the caller has resolved them, and everything that happens leaves as data:
//!
//! ```text
//! Definition::check()                            -> defects: what may be published
//! approve(definition, state, stimulus, now)      -> events + effects, or a refusal
//! Approval::apply(event)                            the fold; it never decides anything
//! certain(rule, tally), counted(rule, tally)     -> what votes amount to
//! ```
//!
//! Words: a *seat* is the right to one vote in one step; whoever holds it, or a *delegate* of the holder within dates, casts
//! it. A *round* begins with a request and ends with its decision; after a void approval there may be another.
//!
//! Invariants, as absences: no step without a seat, no seat with two votes, no person with two votes in a step, no approval
//! of a requester by the requester unless the definition allows it, nothing approved by silence unless a time-out of the
//! definition says so, no change after the end but minutes, no seat number that is used again.

mod act;
mod apply;
mod approve;
mod check;
mod defect;
mod definition;
mod digest;
mod error;
mod event;
mod run;
mod state;
mod tally;

pub use approve::{
    Approve, Effect, MOST_DELEGATIONS, MOST_MINUTES, MOST_MINUTES_TEXT, MOST_REASON, MOST_SEATS, MOST_STEPS, Resolved, SEMANTICS, Stimulus,
    approve,
};
pub use defect::Defect;
pub use definition::{Approver, Body, Definition, Order, Quorum, Rule, Step, Then, TimeOut};
pub use digest::digests;
pub use error::ApprovalError;
pub use event::{Cause, Dropped, Event, Placed, Sitting, Why};
pub use state::{Approval, Cast, Delegation, Due, Minute, Seat, Status, StepState, StepStatus};
pub use tally::{Chair, Tally, Verdict, Vote, certain, counted};
