//! Following a record, and letting others follow it.

use store::Sql;
use store::watcher;
use uuid::Uuid;

use super::content::{Content, Watched};
use super::read::{self, Loaded, Target};
use super::references;
use super::write::{self, Event, Written};
use crate::journal::Cause;
use crate::{Actor, DeskError, Env};

/// Who is to follow a record, or no more.
#[derive(Clone, Debug)]
pub struct Watch {
    /// By identity or username; oneself when left out.
    pub user: Option<String>,
    /// Whether they follow it from now on.
    pub on: bool,
}

/// Prepares it. What is so already changes nothing.
pub fn watch(env: &Env, sql: &mut dyn Sql, cause: &Cause, actor: &Actor, target: &Target, command: &Watch) -> Result<Written, DeskError> {
    let loaded = read::find(env, sql, actor, target)?;
    // Who has reported for a colleague follows that, and may leave off.
    let leaves = !command.on && command.user.is_none() && watcher::stands(sql, loaded.row.id, actor.user.id)? == Some(false);
    if !actor.may("workspace") && !leaves {
        return Err(DeskError::Forbidden("records are followed by those who work on them; you are told of your own".to_owned()));
    }
    let user = match &command.user {
        None => actor.user.id,
        Some(reference) => {
            let id = reader(env, sql, &loaded, "/user", reference, false)?;
            if id != actor.user.id {
                loaded.require(env, actor, "read_internal")?;
            }
            id
        }
    };
    let mut watchers = watcher::of_record(sql, loaded.row.id)?;
    if watchers.contains(&user) == command.on {
        return Ok(write::nothing(&loaded));
    }
    if command.on && watchers.len() as i64 >= watcher::MOST {
        return Err(DeskError::NotAvailable(format!("{} people follow this record: no more can", watcher::MOST)));
    }
    let content = Content {
        watch: vec![Watched { user, on: command.on, affected: false }],
        mentions: command.on.then_some(user).into_iter().collect(),
        ..Content::default()
    };
    let event = Event::internal(if command.on { "watched" } else { "unwatched" });
    let mut written = write::note(env, sql, cause, &loaded, &event, &content)?;
    written.set.push(if command.on { watcher::add(loaded.row.id, user) } else { watcher::remove(loaded.row.id, user) });
    watchers.retain(|other| *other != user);
    watchers.extend(command.on.then_some(user));
    written.watchers = Some(watchers);
    Ok(written)
}

/// Somebody whose account lives and who may read the record, or what is internal of it too: whom it may be told.
pub fn reader(env: &Env, sql: &mut dyn Sql, loaded: &Loaded, pointer: &str, reference: &str, internal: bool) -> Result<Uuid, DeskError> {
    let unknown = || DeskError::field(pointer, "unknown_reference", format!("there is no user '{reference}'"));
    let id = references::user(sql, reference)?.ok_or_else(unknown)?;
    let user = store::user::find(sql, id)?.ok_or_else(unknown)?;
    if !user.is_alive(env.world.now()) {
        return Err(DeskError::field(pointer, "inactive", format!("the account of {} has ended: choose another person", user.name)));
    }
    let name = user.name.clone();
    let other = Actor::of_user(user, &env.directory, env.world.now());
    if !loaded.allows(env, &other, "read") || internal && !loaded.allows(env, &other, "read_internal") {
        return Err(DeskError::field(pointer, "may_not_read", format!("{name} may not read this: choose somebody who may")));
    }
    Ok(id)
}
