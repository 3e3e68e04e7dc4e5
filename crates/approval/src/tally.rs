//! What votes amount to. The one place where rules are counted.

use serde::{Deserialize, Serialize};

use crate::Rule;
use crate::definition::part;

/// What somebody said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Vote {
    /// For it.
    Yes,
    /// Against it.
    No,
    /// Neither; counts for the quorum.
    Abstain,
}

/// What a step, or the whole, came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Yes.
    Approved,
    /// No.
    Rejected,
}

/// The seat of a chair who has a casting vote.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Chair {
    /// There is no casting vote.
    #[default]
    None,
    /// It has not been voted on yet.
    Open,
    /// It has.
    Cast(Vote),
}

/// The votes of a step. Seats of people who left count for nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Tally {
    /// For it.
    pub yes: u32,
    /// Against it.
    pub no: u32,
    /// Neither.
    pub abstained: u32,
    /// Seats without a vote so far.
    pub open: u32,
    /// How many must vote, abstentions included.
    pub quorum: u32,
    /// The casting vote.
    pub chair: Chair,
}

impl Tally {
    /// How many have voted.
    pub fn voted(&self) -> u32 {
        self.yes.saturating_add(self.no).saturating_add(self.abstained)
    }

    /// The quorum can no longer be met.
    pub fn lacks_quorum(&self) -> bool {
        self.voted().saturating_add(self.open) < self.quorum
    }
}

/// Whether so many yes and no are enough, when nobody else votes any more.
fn holds(rule: Rule, yes: u32, no: u32, chair_says_yes: bool) -> bool {
    yes > 0
        && match rule {
            Rule::Any => true,
            Rule::First | Rule::All => no == 0,
            Rule::Majority => yes > no || (yes == no && chair_says_yes),
            Rule::AtLeast(number) => yes >= number,
            Rule::Percent(share) => yes >= part(share, yes.saturating_add(no)),
        }
}

/// The verdict as soon as no vote, and nobody who leaves, can turn it any more.
///
/// Sound because a yes in place of an abstention, and an abstention in place of a no, never makes a result worse: it is
/// enough to look at all open seats saying yes, and at all saying no.
pub fn certain(rule: Rule, tally: &Tally) -> Option<Verdict> {
    let may_say_yes = matches!(tally.chair, Chair::Open | Chair::Cast(Vote::Yes));
    if tally.lacks_quorum() || !holds(rule, tally.yes.saturating_add(tally.open), tally.no, may_say_yes) {
        return Some(Verdict::Rejected);
    }
    // Where the first answer decides, there is none after it.
    let against = if rule == Rule::First { 0 } else { tally.open };
    let says_yes = tally.chair == Chair::Cast(Vote::Yes);
    let enough = tally.voted() >= tally.quorum && holds(rule, tally.yes, tally.no.saturating_add(against), says_yes);
    enough.then_some(Verdict::Approved)
}

/// The verdict when the vote is closed as it stands: open seats are absent. Where all must agree, who is absent does not.
pub fn counted(rule: Rule, tally: &Tally) -> Verdict {
    let says_yes = tally.chair == Chair::Cast(Vote::Yes);
    let complete = rule != Rule::All || tally.open == 0;
    let enough = complete && tally.voted() >= tally.quorum && holds(rule, tally.yes, tally.no, says_yes);
    if enough { Verdict::Approved } else { Verdict::Rejected }
}
