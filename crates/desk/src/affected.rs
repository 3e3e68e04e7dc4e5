//! "Me too": somebody is affected by what an announcement is about. Nothing of its record is told to them but that it is over; the desk
//! sees how many they are.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use store::record::RecordRow;
use store::user::UserRow;
use store::{Sql, WriteSet, watcher};
use uuid::Uuid;

use crate::announcement::{self, Over, Stage};
use crate::directory::Item;
use crate::job::{self, Kind};
use crate::journal::Cause;
use crate::record::Content;
use crate::record::content::Watched;
use crate::record::read::{self, Loaded, Target};
use crate::record::text::one_line;
use crate::record::write::{self, Event, Written};
use crate::{Actor, DeskError, Env};

/// How a reader stands to what an announcement is about.
pub struct Affected {
    /// Whether they have said that they are affected.
    pub mine: bool,
    /// Whether they can say so or take it back: its record is worked on, and they do not follow that anyway.
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
    // While its record is worked on, nothing but its own end ends it.
    let running = is_running(row) && Stage::of(item, &Over::default(), env.world.now()) == Stage::Current;
    Ok(Some(Affected { mine, open: running && (mine || stands.is_none() && row.requester != actor.user.id), count }))
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
    if on && (!is_running(&loaded.row) || Stage::of(item, &Over::default(), env.world.now()) != Stage::Current) {
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

/// What a job tells everybody who is affected.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Order {
    /// The record that has been solved.
    pub record: Uuid,
    /// What its announcement was called, by language.
    pub title: Value,
    /// The door through which it was solved: mails of some are held.
    pub channel: String,
    /// Who solved it, and knows.
    pub by: Option<Uuid>,
}

/// Queues telling everybody affected once a record is solved or closed. One that is cancelled has solved nothing.
pub(crate) fn tell(env: &Env, sql: &mut dyn Sql, cause: &Cause, written: &mut Written, before: &RecordRow) -> Result<(), DeskError> {
    if !is_running(before) || !matches!(written.row.phase.as_str(), "resolved" | "closed") {
        return Ok(());
    }
    let record = written.row.id;
    let count = watcher::count_affected(sql, record)?;
    let Some(announcement) = (if count == 0 { None } else { store::directory::announcement_of(sql, record)? }) else { return Ok(()) };
    let title = Item::read(announcement)?.data.get("title").cloned().unwrap_or_default();
    let order = Order { record, title, channel: cause.channel.clone(), by: cause.actor };
    written.affected = count;
    written.set.push(job::queue(env, sql, Kind::Affected, &json!(order), Some(count), None, 0).1);
    Ok(())
}

/// The mail to somebody affected, as subject and text: in the words of the announcement, which they know.
pub(crate) fn mail(env: &Env, order: &Order, person: &UserRow) -> (String, String) {
    let word = |lang: &str| order.title.get(lang).and_then(Value::as_str);
    let title = word(&person.locale).or_else(|| word("zh")).or_else(|| word("en")).unwrap_or_default();
    let title = one_line(title);
    let (name, link) = (&person.name, &env.public_url);
    match person.locale.as_str() {
        "en" => (
            format!("Over: {title}"),
            format!(
                "Hello {name},\n\n\"{title}\", of which you said that it affects you, is over.\n\nIf it still does not work for you, \
                 report it here: {link}/report\n"
            ),
        ),
        _ => (
            format!("已恢复：{title}"),
            format!(
                "您好 {name}：\n\n您标记过“我也受影响”的“{title}”已经处理完毕。\n\n如果您这里仍然不正常，请在这里报告：{link}/report\n"
            ),
        ),
    }
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
