//! A record as it was: as of an instant, and as far as it was known at an instant.

use store::Sql;
use store::journal::Sight;

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
    let mut replay = Replay::default();
    let (mut after, mut chain) = (0, Vec::new());
    loop {
        let entries = store::journal::of_aggregate(sql, now.row.id, after, Sight::All, PAGE)?;
        let Some(last) = entries.last() else { break };
        after = last.seq;
        let happened = |at: i64, until: Option<i64>| until.is_none_or(|until| at <= until);
        for entry in entries.iter().filter(|e| happened(e.occurred_at, moment.as_of) && happened(e.recorded_at, moment.known_at)) {
            let content = journal::content::<Content>(entry)?.ok_or(DeskError::Erased { seq: entry.seq })?;
            replay.add(entry, content);
            chain.clone_from(&entry.chain);
        }
    }
    let unknown = || DeskError::NotFound(format!("record '{}' at that time", now.row.number));
    let frame = replay.frame(now.row.id).ok_or_else(unknown)?;
    let pinned = env.packs.pinned(sql, frame.pack)?;
    let row = fold::to_row(&env.directory, &pinned.pack, &frame, &replay.record, replay.updated_at, replay.seq, chain)?;
    Ok(Past { now, then: Loaded { row, pinned } })
}
