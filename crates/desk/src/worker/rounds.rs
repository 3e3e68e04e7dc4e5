//! What the workers of a node do: when each last gave a sign of life, how long its rounds take, and what went wrong.
//!
//! Kept in memory, since a worker that cannot write must be seen too. Other nodes read it from the row of the node (`sweep`).

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::DeskError;

/// Longest words of a failure that are kept.
const LONGEST: usize = 500;

/// A worker as it is now; all times are ages in milliseconds, so that nobody compares two clocks.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Round {
    /// Its name.
    pub worker: String,
    /// Pause between two rounds.
    pub pause: i64,
    /// How long ago its last round began.
    pub began: i64,
    /// How long its last finished round took.
    pub took: Option<i64>,
    /// How long ago it last gave a sign of life: a round's beginning or end, or a step within.
    pub silent: i64,
    /// How many rounds have failed one after another.
    pub failures: u32,
    /// How long ago the first of these ended.
    pub failing: Option<i64>,
    /// What the last of them said.
    pub failure: Option<String>,
}

impl Round {
    /// The same, so much later.
    #[must_use]
    pub fn later(mut self, milliseconds: i64) -> Self {
        self.began += milliseconds;
        self.silent += milliseconds;
        self.failing = self.failing.map(|age| age + milliseconds);
        self
    }
}

/// A worker with instants instead of ages.
#[derive(Debug, Default)]
struct Kept {
    pause: i64,
    began_at: i64,
    took: Option<i64>,
    seen_at: i64,
    failures: u32,
    failing_since: Option<i64>,
    failure: Option<String>,
}

/// The workers of a node.
#[derive(Debug, Default)]
pub struct Rounds(Mutex<BTreeMap<&'static str, Kept>>);

impl Rounds {
    /// A round begins.
    pub fn begin(&self, worker: &'static str, pause: Duration, now: i64) {
        let pause = i64::try_from(pause.as_millis()).unwrap_or(i64::MAX);
        self.change(worker, |it| (it.pause, it.began_at, it.seen_at) = (pause, now, now));
    }

    /// A round that takes long goes on.
    pub fn alive(&self, worker: &'static str, now: i64) {
        self.change(worker, |it| it.seen_at = now);
    }

    /// A round has ended. That the system takes no writes is no failure of the worker.
    pub fn end(&self, worker: &'static str, done: &Result<(), DeskError>, now: i64) {
        self.change(worker, |it| {
            (it.took, it.seen_at) = (Some(now - it.began_at), now);
            match done {
                Ok(()) | Err(DeskError::ReadOnly { .. }) => (it.failures, it.failing_since, it.failure) = (0, None, None),
                Err(error) => {
                    it.failures += 1;
                    it.failing_since.get_or_insert(now);
                    it.failure = Some(error.to_string().chars().take(LONGEST).collect());
                }
            }
        });
    }

    fn change(&self, worker: &'static str, change: impl FnOnce(&mut Kept)) {
        change(self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(worker).or_default());
    }

    /// All of them at an instant, by name.
    pub fn all(&self, now: i64) -> Vec<Round> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let round = |(worker, it): (&&'static str, &Kept)| Round {
            worker: (*worker).to_owned(),
            pause: it.pause,
            began: now - it.began_at,
            took: it.took,
            silent: now - it.seen_at,
            failures: it.failures,
            failing: it.failing_since.map(|at| now - at),
            failure: it.failure.clone(),
        };
        kept.iter().map(round).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failed() -> Result<(), DeskError> {
        Err(DeskError::outside("do it", "no luck"))
    }

    #[test]
    fn a_failure_is_told_with_its_words_until_a_round_goes_well() {
        let rounds = Rounds::default();
        let pause = Duration::from_secs(5);
        for at in [1_000, 7_000] {
            rounds.begin("a", pause, at);
            rounds.end("a", &failed(), at + 200);
        }
        let told = Round {
            worker: "a".to_owned(),
            pause: 5_000,
            began: 3_000,
            took: Some(200),
            silent: 2_800,
            failures: 2,
            failing: Some(8_800),
            failure: Some("do it: no luck".to_owned()),
        };
        assert_eq!(rounds.all(10_000), std::slice::from_ref(&told));
        assert_eq!(told.later(500), Round { began: 3_500, silent: 3_300, failing: Some(9_300), ..rounds.all(10_000).remove(0) });
        rounds.begin("a", pause, 12_000);
        rounds.end("a", &Err(DeskError::ReadOnly { reason: "full".to_owned() }), 12_001);
        let well = rounds.all(12_001).remove(0);
        assert_eq!((well.failures, well.failing, well.failure), (0, None, None));
    }

    #[test]
    fn a_long_round_gives_signs_of_life() {
        let rounds = Rounds::default();
        rounds.begin("a", Duration::from_secs(1), 0);
        rounds.alive("a", 90_000);
        let told = rounds.all(100_000).remove(0);
        assert_eq!((told.began, told.silent, told.took), (100_000, 10_000, None));
    }
}
