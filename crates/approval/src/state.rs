//! Where an approval stands: the fold of its events.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{Body, Cause, Chair, Tally, Verdict, Vote};

/// Life of an approval.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Nothing was requested yet.
    #[default]
    New,
    /// Votes are waited for.
    Open,
    /// Passed. It holds until what was approved changes.
    Approved,
    /// Not passed. The end.
    Rejected,
    /// What was requested has changed; it may be requested anew.
    Void,
    /// Taken back. The end.
    Withdrawn,
}

impl Status {
    /// Nothing but minutes can follow.
    pub fn is_ended(self) -> bool {
        matches!(self, Self::Rejected | Self::Withdrawn)
    }
}

/// Life of a step within its round.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepStatus {
    /// The ones before it are not through.
    #[default]
    Waiting,
    /// Votes are waited for.
    Open,
    /// Passed.
    Approved,
    /// Not passed.
    Rejected,
    /// Not needed in this round.
    Skipped,
    /// The round ended without it.
    Stopped,
}

impl StepStatus {
    /// Votes are waited for, or will be.
    pub fn is_ahead(self) -> bool {
        matches!(self, Self::Waiting | Self::Open)
    }
}

/// A vote that was cast.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Cast {
    /// What was said.
    pub vote: Vote,
    /// Who cast it: the holder of the seat or a delegate.
    pub by: String,
    /// In their words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// UTC milliseconds.
    pub at: i64,
}

/// The right to one vote.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Seat {
    /// Unique in the approval, never used again.
    pub id: u32,
    /// Who holds it.
    pub person: String,
    /// It is the chair's.
    #[serde(default)]
    pub chair: bool,
    /// It was given because the step took too long: its yes or no decides the step.
    #[serde(default)]
    pub escalated: bool,
    /// The holder left before anybody voted on it.
    #[serde(default)]
    pub left: bool,
    /// The vote.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cast: Option<Cast>,
}

impl Seat {
    /// Somebody may still vote on it.
    pub fn is_open(&self) -> bool {
        self.cast.is_none() && !self.left
    }
}

/// A time-out that is waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Due {
    /// Which time-out of the step, from 0.
    pub index: u32,
    /// UTC milliseconds.
    pub at: i64,
}

/// One step of the round.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct StepState {
    /// Its key.
    pub key: String,
    /// Its life.
    pub status: StepStatus,
    /// Who may vote, in order of being named.
    pub seats: Vec<Seat>,
    /// How many must vote.
    pub quorum: u32,
    /// The time-out that comes next.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due: Option<Due>,
    /// When it opened, UTC milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub opened_at: Option<i64>,
    /// Why it closed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cause: Option<Cause>,
}

impl StepState {
    /// The votes of the seats that the rule counts. `body` is the one that decides the step, if one does.
    pub fn tally(&self, body: Option<&Body>) -> Tally {
        let mut tally = Tally { quorum: self.quorum, ..Tally::default() };
        let casting = body.is_some_and(|body| body.casting_vote);
        for seat in self.seats.iter().filter(|seat| !seat.escalated && !seat.left) {
            let vote = seat.cast.as_ref().map(|cast| cast.vote);
            match vote {
                Some(Vote::Yes) => tally.yes += 1,
                Some(Vote::No) => tally.no += 1,
                Some(Vote::Abstain) => tally.abstained += 1,
                None => tally.open += 1,
            }
            if seat.chair && casting {
                tally.chair = vote.map_or(Chair::Open, Chair::Cast);
            }
        }
        tally
    }

    /// Numbers of the seats that wait for a vote.
    pub fn open_seats(&self) -> Vec<u32> {
        self.seats.iter().filter(|seat| seat.is_open()).map(|seat| seat.id).collect()
    }

    /// What somebody said whom it was escalated to.
    pub(crate) fn escalated_verdict(&self) -> Option<Verdict> {
        let casts = self.seats.iter().filter(|seat| seat.escalated).filter_map(|seat| seat.cast.as_ref());
        casts.into_iter().find_map(|cast| match cast.vote {
            Vote::Yes => Some(Verdict::Approved),
            Vote::No => Some(Verdict::Rejected),
            Vote::Abstain => None,
        })
    }
}

/// Somebody who may vote for somebody else, from one instant to before another.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Delegation {
    /// Whose seats.
    pub person: String,
    /// Who may vote on them.
    pub delegate: String,
    /// UTC milliseconds.
    pub from: i64,
    /// UTC milliseconds; no longer then.
    pub until: i64,
}

/// A note in the minutes of a body.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Minute {
    /// Number of the round.
    pub round: u32,
    /// The step.
    pub step: String,
    /// Who wrote it.
    pub by: String,
    /// The words.
    pub text: String,
    /// UTC milliseconds.
    pub at: i64,
}

/// One approval. Changed only by [`Approval::apply`](crate::Approval::apply).
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct Approval {
    /// Life of the approval.
    pub status: Status,
    /// Number of the round; 0 before the first.
    pub round: u32,
    /// [`SEMANTICS`](crate::SEMANTICS) of the engine that began the round.
    pub semantics: u32,
    /// For whom and by whom it is requested.
    pub requesters: Vec<String>,
    /// Digest of each field whose change makes it void, as at the request.
    pub digests: BTreeMap<String, String>,
    /// Who may vote for whom.
    pub delegations: Vec<Delegation>,
    /// The steps of the round.
    pub steps: Vec<StepState>,
    /// Minutes of all rounds.
    pub minutes: Vec<Minute>,
    /// The next number of a seat; 0 in a new approval stands for 1.
    pub next_seat: u32,
    /// When the round began, UTC milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub requested_at: Option<i64>,
    /// When the round was decided, voided or taken back, UTC milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<i64>,
}

impl Approval {
    /// It passed, and still holds. The only question whose answer lets work go on.
    pub fn is_approved(&self) -> bool {
        self.status == Status::Approved
    }

    /// The step with this key.
    pub fn step(&self, key: &str) -> Option<&StepState> {
        self.steps.iter().find(|step| step.key == key)
    }

    /// The seat with this number, and its step.
    pub fn seat(&self, id: u32) -> Option<(&StepState, &Seat)> {
        self.steps.iter().find_map(|step| Some((step, step.seats.iter().find(|seat| seat.id == id)?)))
    }

    /// When the first time-out comes, and of which step.
    pub fn next_due(&self) -> Option<(&str, Due)> {
        let due = self.steps.iter().filter_map(|step| Some((step.key.as_str(), step.due?)));
        due.min_by_key(|(_, due)| due.at)
    }

    /// Whether `delegate` may vote for `person` at an instant.
    pub(crate) fn stands_in(&self, delegate: &str, person: &str, now: i64) -> bool {
        let names = |found: &&Delegation| found.person == person && found.delegate == delegate;
        self.delegations.iter().filter(names).any(|found| found.from <= now && now < found.until)
    }
}
