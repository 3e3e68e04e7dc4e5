//! Who else looks at a record, so that two do not write the same answer. Nobody's data: outside the journal.

use store::presence::{self, Present};
use store::{Sql, WriteSet};

use super::read::{self, Target};
use crate::{Actor, DeskError, Env};

/// How long somebody is thought to look at a record without a sign, in milliseconds: pages give one every 15 seconds.
pub const KEEP: i64 = 45_000;
/// A sign that says nothing new is written only so often, in milliseconds.
const FRESH: i64 = 10_000;

/// Prepares noting that the actor looks at a record, and gives the others who do. Only those who work on records are shown and told.
pub fn look(env: &Env, sql: &mut dyn Sql, actor: &Actor, target: &Target, typing: bool) -> Result<(WriteSet, Vec<Present>), DeskError> {
    let loaded = read::find(env, sql, actor, target)?;
    loaded.require(env, actor, "read_internal")?;
    let (now, mut set) = (env.world.now(), WriteSet::default());
    let (mine, others): (Vec<Present>, Vec<Present>) =
        presence::of_record(sql, loaded.row.id, now - KEEP)?.into_iter().partition(|it| it.user == actor.user.id);
    if !mine.iter().any(|it| it.typing == typing && now - it.seen_at < FRESH) {
        set.push(presence::put(loaded.row.id, Present { user: actor.user.id, seen_at: now, typing }));
    }
    Ok((set, others))
}

/// Prepares noting that the actor looks away.
pub fn leave(env: &Env, sql: &mut dyn Sql, actor: &Actor, target: &Target) -> Result<WriteSet, DeskError> {
    let loaded = read::find(env, sql, actor, target)?;
    loaded.require(env, actor, "read_internal")?;
    let mut set = WriteSet::default();
    set.push(presence::remove(loaded.row.id, actor.user.id));
    Ok(set)
}
