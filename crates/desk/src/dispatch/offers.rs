//! What this node has offered to whom in the last moments: what is decided and not yet seen in the database.

use std::sync::{Mutex, PoisonError};

use uuid::Uuid;

/// How long an offer may be under way; what is not in the database by then came to nothing.
const LIFE: i64 = 5_000;
/// Most offers that are kept: beyond that the oldest go.
const MOST: usize = 4_096;

/// Offers under way.
#[derive(Debug, Default)]
pub struct Offers(Mutex<Vec<(Uuid, Uuid, i64)>>);

impl Offers {
    /// Notes that somebody is offered a record.
    pub(super) fn note(&self, person: Uuid, record: Uuid, now: i64) {
        let mut offers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        offers.retain(|(_, known, at)| *known != record && now - at < LIFE);
        if offers.len() >= MOST {
            offers.remove(0);
        }
        offers.push((person, record, now));
    }

    /// What is under way to some of these people, as (person, record).
    pub(super) fn to(&self, people: &[Uuid], now: i64) -> Vec<(Uuid, Uuid)> {
        let offers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        offers.iter().filter(|(who, _, at)| now - at < LIFE && people.contains(who)).map(|(who, what, _)| (*who, *what)).collect()
    }
}
