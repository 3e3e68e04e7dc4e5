//! Reminders on a record, and calls that were promised to whoever reported it.

use store::Sql;
use store::reminder;
use uuid::Uuid;

use super::content::{Content, Reminded, Reminder};
use super::read::{self, Target};
use super::watch;
use super::write::{self, Event, Written};
use crate::journal::Cause;
use crate::{Actor, DeskError, Env};

/// Longest note, in characters.
const LONGEST: usize = 1000;
/// Longest telephone number, in characters.
const LONGEST_PHONE: usize = 40;
/// Most that is set on one record at a time.
const MOST: usize = 100;
/// Farthest ahead: two years.
const FARTHEST: i64 = 2 * 366 * 24 * 3_600_000;

/// What is to be remembered.
#[derive(Clone, Debug)]
pub struct Remind {
    /// Whether a call was promised; else it is a reminder.
    pub call_back: bool,
    /// Who sees to it, by identity or username; oneself when left out.
    pub user: Option<String>,
    /// When, in UTC milliseconds.
    pub due_at: i64,
    /// What about.
    pub note: String,
    /// Whom to call; needed for a call.
    pub phone: Option<String>,
}

/// Prepares it. A promised call is public: who waits for it may read it.
pub fn remind(env: &Env, sql: &mut dyn Sql, cause: &Cause, actor: &Actor, target: &Target, command: &Remind) -> Result<Written, DeskError> {
    let loaded = read::find(env, sql, actor, target)?;
    loaded.require(env, actor, "comment_internal")?;
    let now = env.world.now();
    if command.due_at <= now || command.due_at > now + FARTHEST {
        return Err(DeskError::field("/due_at", "range", "write an instant to come, within two years"));
    }
    let note = command.note.trim();
    if note.chars().count() > LONGEST {
        return Err(DeskError::field("/note", "length", format!("at most {LONGEST} characters fit here")));
    }
    let phone = command.phone.as_deref().map(str::trim).filter(|phone| !phone.is_empty());
    if command.call_back && phone.is_none() {
        return Err(DeskError::field("/phone", "required", "write the number that is to be called"));
    }
    if phone.is_some_and(|phone| phone.chars().count() > LONGEST_PHONE) {
        return Err(DeskError::field("/phone", "length", format!("at most {LONGEST_PHONE} characters fit here")));
    }
    let user = match &command.user {
        None => actor.user.id,
        Some(reference) => watch::reader(env, sql, &loaded, "/user", reference, true)?,
    };
    let mut reminders = reminder::of_record(sql, loaded.row.id)?;
    if reminders.len() >= MOST {
        return Err(DeskError::NotAvailable(format!("{MOST} reminders are set on this record: finish some first")));
    }
    let set = Reminder {
        id: env.world.id(),
        kind: if command.call_back { "call_back" } else { "reminder" }.to_owned(),
        user,
        due_at: command.due_at,
        note: note.to_owned(),
        phone: phone.map(str::to_owned),
    };
    let row = set.row(loaded.row.id, cause.actor);
    let event = if command.call_back { Event::public("call_promised") } else { Event::internal("reminder_set") };
    let content = Content { reminder: Some(Reminded::Set(set)), ..Content::default() };
    let mut written = write::note(env, sql, cause, &loaded, &event, &content)?;
    written.set.push(reminder::insert(&row));
    reminders.push(row);
    reminders.sort_by_key(|row| (row.due_at, row.id));
    written.reminders = Some(reminders);
    Ok(written)
}

/// Prepares the end of one: it was seen to, or nobody wants it any more. `note` may say how a call went.
pub fn done(
    env: &Env,
    sql: &mut dyn Sql,
    cause: &Cause,
    actor: &Actor,
    target: &Target,
    id: Uuid,
    note: Option<&str>,
) -> Result<Written, DeskError> {
    let loaded = read::find(env, sql, actor, target)?;
    loaded.require(env, actor, "comment_internal")?;
    let found = reminder::find(sql, id)?.filter(|row| row.record == loaded.row.id);
    let row = found.ok_or_else(|| DeskError::NotFound(format!("reminder {id}")))?;
    let note = note.map(str::trim).filter(|note| !note.is_empty());
    if note.is_some_and(|note| note.chars().count() > LONGEST) {
        return Err(DeskError::field("/note", "length", format!("at most {LONGEST} characters fit here")));
    }
    let event = if row.kind == "call_back" { Event::public("called_back") } else { Event::internal("reminder_done") };
    let content = Content { reminder: Some(Reminded::Done { id }), body: note.map(str::to_owned), ..Content::default() };
    let mut written = write::note(env, sql, cause, &loaded, &event, &content)?;
    written.set.push(reminder::remove(id));
    Ok(written)
}
