//! What happened: the facts that go into the journal.
//!
//! Names and fields are stored for ever. Add; never rename.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{Delegation, Verdict, Vote};

/// A seat as it is given out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Placed {
    /// Number of the seat; never used again, in later rounds neither.
    pub seat: u32,
    /// Who holds it.
    pub person: String,
    /// It is the chair's.
    #[serde(default, skip_serializing_if = "is_false")]
    pub chair: bool,
}

/// Why somebody who was named got no seat.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// It is their own request.
    Requester,
    /// They sit in another step already, and count once.
    OtherStep,
}

/// Somebody who was named and got no seat.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dropped {
    /// Who.
    pub person: String,
    /// Why.
    pub why: Why,
}

/// Who sits in a step, as resolved at the request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sitting {
    /// The step.
    pub step: String,
    /// Its condition did not hold: it is left out of this round.
    #[serde(default, skip_serializing_if = "is_false")]
    pub skipped: bool,
    /// The seats.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub seats: Vec<Placed>,
    /// How many must vote.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub quorum: u32,
    /// Who was named and got no seat.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dropped: Vec<Dropped>,
}

/// What made a step close.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// The votes make it certain.
    Votes,
    /// So few are left that the quorum cannot be met.
    Quorum,
    /// Somebody whom it was escalated to said so.
    Escalation,
    /// The vote was closed and counted.
    Counted,
    /// A time-out decided.
    TimeOut,
}

/// One fact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "e", rename_all = "snake_case")]
pub enum Event {
    /// A round began.
    Requested {
        /// UTC milliseconds.
        at: i64,
        /// [`SEMANTICS`](crate::SEMANTICS) of the engine.
        semantics: u32,
        /// Number of the round, from 1.
        round: u32,
        /// For whom and by whom it is requested.
        requesters: Vec<String>,
        /// Digest of each field whose change makes it void.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        digests: BTreeMap<String, String>,
        /// Who may vote for whom, as far as known by now.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        delegations: Vec<Delegation>,
        /// Who sits where, in the order of the definition.
        steps: Vec<Sitting>,
    },
    /// A step waits for votes.
    StepOpened {
        /// The step.
        step: String,
        /// UTC milliseconds.
        at: i64,
        /// When its first time-out comes, UTC milliseconds.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        due: Option<i64>,
    },
    /// Somebody voted.
    Voted {
        /// The seat.
        seat: u32,
        /// Who cast the vote: the holder or a delegate.
        by: String,
        /// What they said.
        vote: Vote,
        /// In their words.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
        /// UTC milliseconds.
        at: i64,
    },
    /// A time-out came.
    TimedOut {
        /// The step.
        step: String,
        /// Which of its time-outs, from 0.
        index: u32,
        /// UTC milliseconds.
        at: i64,
        /// When the next one comes, UTC milliseconds.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        due: Option<i64>,
    },
    /// More people were given seats because it took too long.
    Escalated {
        /// The step.
        step: String,
        /// Their seats; empty when there was nobody.
        seats: Vec<Placed>,
        /// UTC milliseconds.
        at: i64,
    },
    /// A step came to its end.
    StepClosed {
        /// The step.
        step: String,
        /// How.
        verdict: Verdict,
        /// Why.
        cause: Cause,
        /// Who closed the vote, if somebody did.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<String>,
        /// UTC milliseconds.
        at: i64,
    },
    /// Something was noted in the minutes of a body.
    Minuted {
        /// The step.
        step: String,
        /// Who wrote it.
        by: String,
        /// The words.
        text: String,
        /// UTC milliseconds.
        at: i64,
    },
    /// Somebody may vote for somebody else.
    Delegated {
        /// Who, for whom, how long.
        delegation: Delegation,
        /// UTC milliseconds.
        at: i64,
    },
    /// Somebody may no longer vote for somebody else.
    Undelegated {
        /// Whose seat it is.
        person: String,
        /// Who may no longer.
        delegate: String,
        /// UTC milliseconds.
        at: i64,
    },
    /// Somebody is no longer there: seats without a vote count no more, votes that were cast stand.
    Departed {
        /// Who.
        person: String,
        /// UTC milliseconds.
        at: i64,
    },
    /// The round came to its decision.
    Decided {
        /// Which.
        verdict: Verdict,
        /// UTC milliseconds.
        at: i64,
    },
    /// What is, or would have been, approved is another thing now.
    Voided {
        /// The fields that have changed; empty when somebody voided it.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        fields: Vec<String>,
        /// Who voided it, if somebody did.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<String>,
        /// Why, in their words.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
        /// UTC milliseconds.
        at: i64,
    },
    /// The request was taken back.
    Withdrawn {
        /// Who took it back.
        by: String,
        /// Why.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
        /// UTC milliseconds.
        at: i64,
    },
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde wants a reference")]
fn is_false(value: &bool) -> bool {
    !*value
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde wants a reference")]
fn is_zero(value: &u32) -> bool {
    *value == 0
}
