//! What an author says about an approval.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// One approval: its steps, and what holds for all of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Definition {
    /// Whether steps come one after another or all at once.
    #[serde(default)]
    pub order: Order,
    /// Whether those for whom and by whom it is requested may vote.
    #[serde(default)]
    pub requester_may_approve: bool,
    /// Whether one person may vote in more than one step of a round.
    #[serde(default)]
    pub counts_in_several_steps: bool,
    /// Fields whose change makes the approval void.
    #[serde(default)]
    pub void_on: Vec<String>,
    /// The steps, all of which must approve.
    pub steps: Vec<Step>,
    /// The bodies that steps name.
    #[serde(default)]
    pub bodies: BTreeMap<String, Body>,
}

/// How steps follow each other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Order {
    /// The next one opens when the one before has approved.
    #[default]
    Sequential,
    /// All open at once.
    Parallel,
}

/// One step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Unique in the approval; keeps its meaning for ever.
    pub key: String,
    /// When the step is needed, an expression that the caller evaluates at the request; none stands for always.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<String>,
    /// Who gets a seat. Empty when a body decides.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub approvers: Vec<Approver>,
    /// Key of the body that decides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// When it is enough.
    pub rule: Rule,
    /// What happens when it takes too long, in order of time.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub time_outs: Vec<TimeOut>,
}

/// A source of people, resolved by the caller.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Approver {
    /// One person, by natural key.
    Person(String),
    /// The members of a team.
    Team(String),
    /// Everybody with a role.
    Role(String),
    /// An expression that gives a person or a list of people.
    Expression(String),
    /// Whom the requester reports to.
    RequesterManager,
}

/// When the votes of a step are enough. Abstentions are no votes for or against: they count for the quorum alone. Nothing
/// is ever approved without a single yes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// One yes is enough, whatever the others say; rejected when nobody is left who could say it.
    Any,
    /// The first yes or no decides.
    First,
    /// Nobody says no, and nobody is silent.
    All,
    /// More yes than no.
    Majority,
    /// So many say yes.
    AtLeast(u32),
    /// At least this share of yes and no together is yes; the number of people is rounded up.
    Percent(u32),
}

/// What happens after a time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TimeOut {
    /// Milliseconds since the step opened.
    pub after: i64,
    /// What happens.
    pub then: Then,
}

/// What a time-out does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Then {
    /// Those who have not voted are reminded.
    Remind,
    /// These get a seat each, and the first yes or no of one of them decides the step. The others may go on voting.
    Escalate(Vec<Approver>),
    /// Silence is consent: the step approves.
    Approve,
    /// The step rejects.
    Reject,
    /// The vote of a body is closed and counted.
    Count,
}

impl Then {
    /// The step is over afterwards.
    pub fn decides(&self) -> bool {
        matches!(self, Self::Approve | Self::Reject | Self::Count)
    }
}

/// A committee.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Body {
    /// Who has a seat.
    pub members: Vec<Approver>,
    /// Who presides: has a seat too, and may close the vote.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chair: Option<Approver>,
    /// How many must vote, abstentions included. A body without one is a defect.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quorum: Option<Quorum>,
    /// With as many yes as no, the chair's own vote decides.
    #[serde(default)]
    pub casting_vote: bool,
}

/// How many of a body must vote.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Quorum {
    /// So many.
    Members(u32),
    /// This share of the seats at the time of the request, rounded up.
    Percent(u32),
}

impl Quorum {
    /// The number for so many seats.
    pub fn of(self, seats: u32) -> u32 {
        match self {
            Self::Members(number) => number,
            Self::Percent(share) => part(share, seats),
        }
    }
}

/// `share` percent of `whole`, rounded up.
pub(crate) fn part(share: u32, whole: u32) -> u32 {
    let exact = u64::from(share) * u64::from(whole);
    u32::try_from(exact.div_ceil(100)).unwrap_or(u32::MAX)
}

impl Definition {
    /// The step with this key.
    pub fn step(&self, key: &str) -> Option<&Step> {
        self.steps.iter().find(|step| step.key == key)
    }

    /// The body that decides a step.
    pub fn body_of(&self, step: &Step) -> Option<&Body> {
        self.bodies.get(step.body.as_deref()?)
    }

    /// What stands against publishing; empty means that it can run.
    pub fn check(&self) -> Vec<crate::Defect> {
        crate::check::run(self)
    }
}
