//! "Me too": somebody is affected by what an announcement is about. Nothing of its record is told to them but that it is over; the desk
//! sees how many they are.

use serde_json::Value;
use store::record::RecordRow;
use store::{Sql, WriteSet, watcher};
use uuid::Uuid;

use crate::announcement::{self, Stage};
use crate::directory::{EntryKind, Item};
use crate::journal::Cause;
use crate::record::content::Watched;
use crate::record::read::{self, Loaded, Target};
use crate::record::write::{self, Event, Written};
use crate::record::{Content, notify};
use crate::{Actor, DeskError, Env};

/// How a reader stands to what an announcement is about.
pub struct Affected {
    /// Whether they have said that they are affected.
    pub mine: bool,
    /// Whether they can say so: its record is open, and they do not follow that anyway.
    pub open: bool,
    /// How many have said so, for those who may know.
    pub count: Option<i64>,
}

/// How a reader stands to an announcement; none where it belongs to no record.
pub fn of(env: &Env, sql: &mut dyn Sql, actor: &Actor, item: &Item) -> Result<Option<Affected>, DeskError> {
    let Some(loaded) = record(env, sql, item)? else { return Ok(None) };
    let (row, stands) = (&loaded.row, watcher::stands(sql, loaded.row.id, actor.user.id)?);
    let mine = stands == Some(true);
    let knows = announcement::may_write(actor) || loaded.allows(env, actor, "read_internal");
    let count = if knows { Some(watcher::count_affected(sql, row.id)?) } else { None };
    let running = is_running(row) && Stage::of(item, env.world.now()) == Stage::Current;
    Ok(Some(Affected { mine, open: mine || running && stands.is_none() && row.requester != actor.user.id, count }))
}

/// Prepares saying so, or taking it back. What is so already changes nothing.
pub fn say(env: &Env, sql: &mut dyn Sql, cause: &Cause, actor: &Actor, announcement: Uuid, on: bool) -> Result<WriteSet, DeskError> {
    if !actor.has_scope("write") {
        return Err(DeskError::Forbidden("this token only reads".to_owned()));
    }
    let item = announcement::find(env, sql, actor, announcement)?;
    let loaded = record(env, sql, item)?;
    let loaded =
        loaded.ok_or_else(|| DeskError::NotAvailable("nobody works on this by a record: there is nothing to follow".to_owned()))?;
    let (record, user) = (loaded.row.id, actor.user.id);
    let stands = watcher::stands(sql, record, user)?;
    // Who follows the record, or reported it, is told of it anyway.
    let nothing = if on { stands.is_some() || loaded.row.requester == user } else { stands != Some(true) };
    if nothing {
        return Ok(WriteSet::default());
    }
    if on && (!is_running(&loaded.row) || Stage::of(item, env.world.now()) != Stage::Current) {
        return Err(DeskError::NotAvailable("this is over: if it still does not work for you, report it".to_owned()));
    }
    if on && watcher::count_affected(sql, record)? >= watcher::MOST_AFFECTED {
        let words = format!("{} people have said so: it is known how many are affected", watcher::MOST_AFFECTED);
        return Err(DeskError::NotAvailable(words));
    }
    let content = Content { watch: vec![Watched { user, on, affected: true }], ..Content::default() };
    let event = Event::internal(if on { "affected" } else { "unaffected" });
    let mut written = write::note(env, sql, cause, &loaded, &event, &content)?;
    written.set.push(if on { watcher::add_affected(record, user) } else { watcher::remove(record, user) });
    Ok(written.set)
}

/// Adds a mail to everybody affected when a record has been solved or has ended: in the words of its announcement, which they know.
pub(crate) fn tell(env: &Env, sql: &mut dyn Sql, cause: &Cause, written: &mut Written, before: &RecordRow) -> Result<(), DeskError> {
    if !is_running(before) || is_running(&written.row) {
        return Ok(());
    }
    let id = written.row.id;
    let about = |item: &&Item| item.id_of("record") == Some(id);
    let found = env.directory.of_kind(EntryKind::Announcement).into_iter().filter(about).min_by_key(|item| announcement::begun(item));
    let Some(item) = found else { return Ok(()) };
    for person in watcher::affected(sql, id)? {
        if cause.actor == Some(person.id) || !person.is_alive(env.world.now()) {
            continue;
        }
        let by = item.data.get("title");
        let word = |lang: &str| by.and_then(|by| by.get(lang)).and_then(Value::as_str);
        let title = word(&person.locale).or_else(|| word("zh")).or_else(|| word("en")).unwrap_or_default();
        let link = &env.public_url;
        let (subject, text) = match person.locale.as_str() {
            "en" => (
                format!("Over: {title}"),
                format!(
                    "Hello {},\n\n\"{title}\", of which you said that it affects you, is over.\n\nIf it still does not work for you, report it here: {link}/report\n",
                    person.name
                ),
            ),
            _ => (
                format!("已恢复：{title}"),
                format!(
                    "您好 {}：\n\n您标记过“我也受影响”的“{title}”已经处理完毕。\n\n如果您这里仍然不正常，请在这里报告：{link}/report\n",
                    person.name
                ),
            ),
        };
        notify::queue(env, cause, written, &person, "affected", &subject, &text);
    }
    Ok(())
}

fn is_running(row: &RecordRow) -> bool {
    store::record::is_open(&row.phase) && row.phase != "resolved"
}

/// The record that an announcement belongs to, whoever asks.
fn record(env: &Env, sql: &mut dyn Sql, item: &Item) -> Result<Option<Loaded>, DeskError> {
    let Some(id) = item.id_of("record") else { return Ok(None) };
    match read::load(env, sql, &Target::Id(id)) {
        Ok(loaded) => Ok(Some(loaded)),
        Err(DeskError::NotFound(_)) => Ok(None),
        Err(error) => Err(error),
    }
}
