//! A record as it was: as of an instant, and as far as it was known at an instant.

use store::Sql;
use store::journal::{Entry, Sight};

use super::content::Content;
use super::fold;
use super::read::{self, Loaded, Target};
use super::replay::Replay;
use crate::journal;
use crate::{Actor, DeskError, Env};

/// Entries read at once.
const PAGE: i64 = 500;

/// Which past is meant, in UTC milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Moment {
    /// What had happened by then.
    pub as_of: Option<i64>,
    /// What was recorded by then: what was imported or entered later was not known.
    pub known_at: Option<i64>,
}

impl Moment {
    /// Whether now is meant.
    pub fn is_now(self) -> bool {
        self == Self::default()
    }
}

/// When the entries of one record happened and were recorded, whatever the clocks of the nodes that wrote them said.
///
/// Entries are folded in the order in which they were written, since each says what it changed of what stood before it. One that was
/// made here is therefore no earlier than those that were made here before it, even where its node's clock was behind. History that
/// was taken over has the times of its own log, which a later import may go on with from before the landing of the first.
#[derive(Default)]
struct Clock {
    made: i64,
    recorded: i64,
}

impl Clock {
    /// Whether the next entry belongs to the past that is meant.
    fn is_in(&mut self, moment: Moment, entry: &Entry) -> bool {
        self.recorded = self.recorded.max(entry.recorded_at);
        let occurred = if entry.occurred_at == entry.recorded_at {
            self.made = self.made.max(entry.occurred_at);
            self.made
        } else {
            entry.occurred_at
        };
        moment.as_of.is_none_or(|until| occurred <= until) && moment.known_at.is_none_or(|until| self.recorded <= until)
    }
}

/// The record now, by which rights are judged, and as it was.
pub struct Past {
    /// Now.
    pub now: Loaded,
    /// Then.
    pub then: Loaded,
}

/// Reads a record's past. Who may read it is decided by today's rights on today's record.
pub fn past(env: &Env, sql: &mut dyn Sql, actor: &Actor, target: &Target, moment: Moment) -> Result<Past, DeskError> {
    let now = read::find(env, sql, actor, target)?;
    let (mut replay, mut clock) = (Replay::default(), Clock::default());
    let mut after = 0;
    loop {
        let entries = store::journal::of_aggregate(sql, now.row.id, after, Sight::All, PAGE)?;
        let Some(last) = entries.last() else { break };
        after = last.seq;
        for entry in entries.iter().filter(|entry| clock.is_in(moment, entry)) {
            let content = journal::content::<Content>(entry)?.ok_or(DeskError::Erased { seq: entry.seq })?;
            replay.add(entry, content);
        }
    }
    let unknown = || DeskError::NotFound(format!("record '{}' at that time", now.row.number));
    let frame = replay.frame(now.row.id).ok_or_else(unknown)?;
    let pinned = env.packs.pinned(sql, frame.pack)?;
    let row = fold::to_row(&env.directory, &pinned.pack, &frame, &replay.record, replay.extent.clone())?;
    Ok(Past { now, then: Loaded { row, pinned } })
}
