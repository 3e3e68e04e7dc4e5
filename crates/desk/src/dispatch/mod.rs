//! Work within a team: who of a team is offered what lands in its queue, and why.
//!
//! The tables of a pack choose the team. A team whose entry says `dispatch: load` then names the person: whoever is there, has the
//! skills that the work asks for, has room, and has the least to do. All other teams wait for somebody to take it, as ever.

mod choose;
mod hours;
mod offer;
mod offers;
mod rehearse;

pub use choose::{Candidate, Choice, Considered, Rule, Why, Wish, choose};
pub use hours::at_work;
pub(crate) use offer::offer;
pub use offer::{BY_LOAD, BY_QUEUE, CAPACITIES, CAPACITY, MODE, OWN_CAPACITIES};
pub use offers::Offers;
pub use rehearse::{Case, Decision, MOST, Proposed, Rehearsal, Wanted, rehearse};
pub(crate) use rehearse::{read_by_tables, rows};
