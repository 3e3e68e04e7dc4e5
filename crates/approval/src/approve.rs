//! One stimulus in, facts and effects out.

use std::collections::BTreeMap;

use crate::run::Run;
use crate::{Approval, ApprovalError, Definition, Delegation, Event, Status, Verdict, Vote, act};

/// Version of what the engine makes of votes. Raised when the same events would be answered differently.
pub const SEMANTICS: u32 = 1;
/// Most steps of an approval.
pub const MOST_STEPS: usize = 20;
/// Most seats of a step.
pub const MOST_SEATS: usize = 200;
/// Most delegations at a time.
pub const MOST_DELEGATIONS: usize = 500;
/// Longest reason, in characters.
pub const MOST_REASON: usize = 4_000;
/// Most notes in the minutes.
pub const MOST_MINUTES: usize = 200;
/// Longest note in the minutes, in characters.
pub const MOST_MINUTES_TEXT: usize = 20_000;

/// Who decides a step, as the caller has found out at the moment of the request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Resolved {
    /// The step.
    pub step: String,
    /// Its condition does not hold: it is left out of this round.
    pub skipped: bool,
    /// Those its approvers, or the members of its body, stand for. Who is named twice gets one seat.
    pub people: Vec<String>,
    /// The chair of its body; gets a seat also when not among the members.
    pub chair: Option<String>,
}

/// What can happen to an approval from outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stimulus {
    /// Ask for a decision: the first time, or again when it is void.
    Request {
        /// For whom and by whom.
        requesters: Vec<String>,
        /// The steps, as in the definition.
        steps: Vec<Resolved>,
        /// Who may vote for whom, as far as known by now.
        delegations: Vec<Delegation>,
        /// [`digests`](crate::digests) of the fields that the definition names.
        digests: BTreeMap<String, String>,
    },
    /// Somebody votes. A vote stands.
    Vote {
        /// The seat.
        seat: u32,
        /// The holder of the seat or a delegate.
        by: String,
        /// What they say.
        vote: Vote,
        /// In their words; a no needs some.
        reason: Option<String>,
    },
    /// The chair closes the vote of a body, and it is counted as it stands.
    Close {
        /// The step.
        step: String,
        /// The chair or a delegate.
        by: String,
    },
    /// Somebody notes something in the minutes of a body. Who may is the caller's matter.
    Minute {
        /// The step.
        step: String,
        /// Who writes it.
        by: String,
        /// The words.
        text: String,
    },
    /// Somebody may vote for somebody else from now on. In place of what was said of the same two before.
    Delegate {
        /// Who, for whom, how long.
        delegation: Delegation,
    },
    /// Somebody may no longer vote for somebody else.
    Undelegate {
        /// Whose seat it is.
        person: String,
        /// Who may no longer.
        delegate: String,
    },
    /// Somebody is no longer there.
    Depart {
        /// Who.
        person: String,
    },
    /// A time-out has come.
    TimeOut {
        /// The step.
        step: String,
        /// Which of its time-outs, from 0.
        index: u32,
        /// Those it is escalated to, if that is what happens; who has a seat in the step already gets none, nor do more than
        /// [`MOST_SEATS`] altogether.
        people: Vec<String>,
    },
    /// What was requested looks like this now. Equal digests change nothing.
    Changed {
        /// [`digests`](crate::digests) of the fields that the definition names.
        digests: BTreeMap<String, String>,
    },
    /// Somebody declares it void, open or approved. Who may is the caller's matter.
    Void {
        /// Who.
        by: String,
        /// Why.
        reason: String,
    },
    /// The request is taken back. Who may is the caller's matter.
    Withdraw {
        /// Who takes it back.
        by: String,
        /// Why.
        reason: Option<String>,
    },
}

/// Work for the caller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Ask for votes on these seats.
    Ask {
        /// The step.
        step: String,
        /// Its seats.
        seats: Vec<u32>,
    },
    /// Remind those who have not voted.
    Remind {
        /// The step.
        step: String,
        /// Their seats.
        seats: Vec<u32>,
    },
    /// It should be escalated and there is nobody to escalate it to.
    NobodyToEscalateTo {
        /// The step.
        step: String,
    },
    /// These votes are not needed any more.
    Excuse {
        /// The step.
        step: String,
        /// The seats.
        seats: Vec<u32>,
    },
    /// The round came to its decision.
    Decided {
        /// Which.
        verdict: Verdict,
    },
    /// It is void.
    Voided {
        /// The fields that have changed.
        fields: Vec<String>,
    },
}

/// What a stimulus led to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Approve {
    /// Facts, in order. Applying them to the state gives the next state.
    pub events: Vec<Event>,
    /// Work for the caller, in order.
    pub effects: Vec<Effect>,
}

/// Lets one stimulus act on an approval. Pure: the state given is not changed and equal arguments give equal answers.
pub fn approve(def: &Definition, before: &Approval, stimulus: &Stimulus, now: i64) -> Result<Approve, ApprovalError> {
    if before.semantics > SEMANTICS {
        return Err(ApprovalError::Semantics { needed: before.semantics, has: SEMANTICS });
    }
    admitted(before.status, stimulus)?;
    let mut run = Run::new(def, before, now);
    match stimulus {
        Stimulus::Request { requesters, steps, delegations, digests } => act::request(&mut run, requesters, steps, delegations, digests),
        Stimulus::Vote { seat, by, vote, reason } => act::vote(&mut run, *seat, by, *vote, reason.as_deref()),
        Stimulus::Close { step, by } => act::close(&mut run, step, by),
        Stimulus::Minute { step, by, text } => act::minute(&mut run, step, by, text),
        Stimulus::Delegate { delegation } => act::delegate(&mut run, delegation),
        Stimulus::Undelegate { person, delegate } => act::undelegate(&mut run, person, delegate),
        Stimulus::Depart { person } => act::depart(&mut run, person),
        Stimulus::TimeOut { step, index, people } => act::time_out(&mut run, step, *index, people),
        Stimulus::Changed { digests } => act::changed(&mut run, digests),
        Stimulus::Void { by, reason } => act::void(&mut run, by, reason),
        Stimulus::Withdraw { by, reason } => act::withdraw(&mut run, by, reason.as_deref()),
    }?;
    run.settle()?;
    Ok(run.out)
}

/// Which stimulus fits which life. Everything that is not named here is refused.
fn admitted(status: Status, stimulus: &Stimulus) -> Result<(), ApprovalError> {
    match (status, stimulus) {
        (Status::New | Status::Void, Stimulus::Request { .. }) | (Status::Void, Stimulus::Withdraw { .. }) => Ok(()),
        (Status::New, _) => Err(ApprovalError::NotRequested),
        (Status::Open | Status::Approved | Status::Rejected | Status::Void | Status::Withdrawn, Stimulus::Minute { .. }) => Ok(()),
        (Status::Rejected | Status::Withdrawn, _) => Err(ApprovalError::Ended),
        (Status::Void, _) => Err(ApprovalError::Void),
        (Status::Approved, Stimulus::Changed { .. } | Stimulus::Void { .. }) => Ok(()),
        (Status::Approved, _) => Err(ApprovalError::Decided),
        (Status::Open, Stimulus::Request { .. }) => Err(ApprovalError::AlreadyRequested),
        (Status::Open, _) => Ok(()),
    }
}

impl Approval {
    /// Whether somebody may vote on a seat now, else why not. The same answer as to the vote itself, reason aside.
    pub fn may_vote(&self, def: &Definition, seat: u32, by: &str, now: i64) -> Result<(), ApprovalError> {
        if self.status != Status::Open {
            let stimulus = Stimulus::Vote { seat, by: by.to_owned(), vote: Vote::Yes, reason: None };
            return admitted(self.status, &stimulus);
        }
        act::may_vote(def, self, seat, by, now)
    }

    /// The seats on which somebody may vote now: their own and those of people for whom they stand in.
    pub fn seats_for(&self, def: &Definition, person: &str, now: i64) -> Vec<u32> {
        let open = self.steps.iter().flat_map(crate::StepState::open_seats);
        open.filter(|seat| self.may_vote(def, *seat, person, now).is_ok()).collect()
    }
}
