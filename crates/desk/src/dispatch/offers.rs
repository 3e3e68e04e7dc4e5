//! What this node has offered to whom in the last moments: what is decided and not yet seen in the database.

use std::sync::{Mutex, PoisonError};

use uuid::Uuid;

use super::Choice;

/// How long an offer may be under way; what is not in the database by then came to nothing.
const LIFE: i64 = 5_000;
/// Most offers that are kept: beyond that the oldest go.
const MOST: usize = 4_096;

/// An offer under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Offered {
    /// To whom.
    pub person: Uuid,
    /// The record.
    pub record: Uuid,
    /// The version that the offer makes of it: whoever reads this version, or a later one, sees what came of it.
    pub version: i64,
    at: i64,
}

/// Offers under way.
#[derive(Debug, Default)]
pub struct Offers(Mutex<Vec<Offered>>);

impl Offers {
    /// The offers under way, to ask the database how far they have come.
    pub(super) fn under_way(&self, now: i64) -> Vec<Offered> {
        let offers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        offers.iter().filter(|known| now - known.at < LIFE).copied().collect()
    }

    /// Chooses knowing all offers under way, and notes whom the record is offered to before anybody else chooses. Nothing may be
    /// waited for in `choose`: everybody else who chooses waits for it.
    pub(super) fn next(&self, (record, version): (Uuid, i64), now: i64, choose: impl FnOnce(&[Offered]) -> Choice) -> Choice {
        let mut offers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        offers.retain(|known| known.record != record && now - known.at < LIFE);
        let choice = choose(&offers);
        if let Some(person) = choice.person {
            if offers.len() >= MOST {
                offers.remove(0);
            }
            offers.push(Offered { person, record, version, at: now });
        }
        choice
    }

    /// What was offered for a record comes to nothing: its command is refused.
    pub(crate) fn withdraw(&self, record: Uuid) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).retain(|known| known.record != record);
    }
}
