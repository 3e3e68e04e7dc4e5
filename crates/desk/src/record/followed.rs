//! What somebody follows, the newest first: what they have reported for colleagues among it.

use store::record_list::{self, ListedRecord};
use store::watcher::{self, Followed};
use store::{Sql, StoreError};
use uuid::Uuid;

use crate::policy::PolicyListed;
use crate::{Actor, DeskError, Env};

/// Which records of those that somebody follows.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Only what is open, or only what has ended.
    pub open: Option<bool>,
    /// Only what they have reported for others.
    pub for_others: bool,
    /// Part of the title, or the beginning of the number.
    pub q: Option<String>,
    /// The place of the last one of the page before.
    pub after: Option<(i64, Uuid)>,
    /// Most items.
    pub limit: i64,
}

/// A record that somebody follows.
pub struct Item {
    /// The record.
    pub row: ListedRecord,
    /// Whether they see what is internal of it.
    pub internal: bool,
}

/// A page of what somebody follows.
pub struct Page {
    /// Records that they may read; fewer than were looked at where some may not be read any more.
    pub items: Vec<Item>,
    /// Place of the last one looked at, when there may be more.
    pub next: Option<(i64, Uuid)>,
}

/// Reads a page of what somebody follows and may read.
pub fn list(env: &Env, sql: &mut dyn Sql, actor: &Actor, wanted: &Wanted) -> Result<Page, DeskError> {
    let places = places(sql, actor, wanted)?;
    let most = usize::try_from(wanted.limit).unwrap_or(0);
    let next = places.get(..most).filter(|_| places.len() > most).and_then(|shown| shown.last().copied());
    let ids: Vec<Uuid> = places.iter().take(most).map(|(_, id)| *id).collect();
    let now = env.world.now();
    let may = |row: &ListedRecord, action: &str| {
        env.packs.newest(&row.type_key).is_ok_and(|pinned| pinned.rights.allows(actor, action, &PolicyListed(row), now))
    };
    let mut rows = record_list::by_ids(sql, &ids)?;
    rows.retain(|row| may(row, "read"));
    rows.sort_by_key(|row| ids.iter().position(|id| *id == row.id));
    let items = rows.into_iter().map(|row| Item { internal: may(&row, "read_internal"), row }).collect();
    Ok(Page { items, next })
}

fn places(sql: &mut dyn Sql, actor: &Actor, wanted: &Wanted) -> Result<Vec<(i64, Uuid)>, StoreError> {
    let followed = Followed {
        user: actor.user.id,
        open: wanted.open,
        for_others: wanted.for_others,
        q: wanted.q.as_deref(),
        after: wanted.after,
        limit: wanted.limit + 1,
    };
    watcher::of_user(sql, &followed)
}
