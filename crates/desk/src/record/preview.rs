//! What an action would do, before anything is written: how the record would stand, and who would hear of it.

use serde_json::{Map, Value};
use store::{Sql, watcher};
use uuid::Uuid;

use super::act::act;
use super::read::{self, Target};
use super::write::Written;
use crate::journal::Cause;
use crate::{Actor, DeskError, Env};

/// What would come of an action.
pub struct Preview {
    /// The command as it would be written.
    pub written: Written,
    /// Who would find it among their notices; mails are in `written`.
    pub told: Vec<Uuid>,
}

/// Prepares an action and writes nothing. Only who may read what is internal learns whom it reaches.
pub fn preview(
    env: &Env,
    sql: &mut dyn Sql,
    cause: &Cause,
    actor: &Actor,
    target: &Target,
    action: &str,
    fields: &Map<String, Value>,
) -> Result<Preview, DeskError> {
    let loaded = read::find(env, sql, actor, target)?;
    loaded.require(env, actor, "read_internal")?;
    let written = act(env, sql, cause, actor, target, action, fields)?;
    reaching(env, sql, cause, &loaded, written)
}

fn reaching(env: &Env, sql: &mut dyn Sql, cause: &Cause, loaded: &read::Loaded, written: Written) -> Result<Preview, DeskError> {
    let mut told = written.told.people.clone();
    if written.told.watchers {
        let action = if written.told.internal { "read_internal" } else { "read" };
        let now = env.world.now();
        let mut watchers = watcher::of_record(sql, loaded.row.id)?;
        watchers.retain(|watcher| !told.contains(watcher) && cause.actor != Some(*watcher));
        for user in store::user::by_ids(sql, &watchers)?.into_iter().filter(|user| user.is_alive(now)) {
            let other = Actor::of_user(user, &env.directory, now);
            if loaded.allows(env, &other, "read") && loaded.allows(env, &other, action) {
                told.push(other.user.id);
            }
        }
    }
    Ok(Preview { written, told })
}
