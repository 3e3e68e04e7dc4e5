//! Announcements: what is going on, from when until when, and for whom. They end by the clock, without anybody's doing: at the end that
//! they were given, or a while after what they are about is over.

use std::collections::HashMap;

use serde_json::{Map, Value, json};
use store::directory::DirectoryRow;
use store::{Sql, WriteSet};
use uuid::Uuid;

use crate::directory::{EntryKind, Item, put};
use crate::journal::Cause;
use crate::record::read::{self, Loaded};
use crate::{Actor, DeskError, Env, FieldError};

/// The right to write them.
pub const WRITE: &str = "announcement.write";
/// How grave they are, the gravest first: the order in which they are shown.
pub const SEVERITIES: [&str; 3] = ["outage", "warning", "info"];
/// What an audience may name.
pub const AUDIENCES: [(&str, EntryKind); 4] =
    [("sites", EntryKind::Site), ("services", EntryKind::Service), ("departments", EntryKind::Department), ("teams", EntryKind::Team)];
/// The values that are written.
const FIELDS: [&str; 8] = ["title", "body", "severity", "from", "until", "audience", "services", "record"];
/// Longest title and body, in characters.
const LONGEST: [(&str, usize); 2] = [("title", 120), ("body", 5_000)];
/// Most entries of one kind that an audience names.
const MOST_NAMED: usize = 50;
/// Most that are in force or to come at once: everybody's page reads them all.
const MOST: usize = 200;
/// How many of a reader's newest records say which services concern them.
const RECENT: i64 = 200;
/// How long an announcement without an end is still shown once its record is solved, in milliseconds: whoever comes now learns that it
/// works again, and nobody has to take it away.
const LINGERS: i64 = 2 * 3_600_000;

/// Where an announcement stands in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// It begins later.
    Planned,
    /// It is in force.
    Current,
    /// It is over.
    Ended,
}

impl Stage {
    /// The stage at `now`.
    pub fn of(item: &Item, over: &Over, now: i64) -> Self {
        let until = over.end_of(item);
        if !item.active || until.is_some_and(|until| until <= now) {
            Self::Ended
        } else if instant_of(item, "from").is_some_and(|from| from > now) {
            Self::Planned
        } else {
            Self::Current
        }
    }

    /// The word in answers.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Current => "current",
            Self::Ended => "ended",
        }
    }
}

/// An instant among the values, in UTC milliseconds.
pub fn instant_of(item: &Item, field: &str) -> Option<i64> {
    item.data.get(field)?.as_i64()
}

/// Which of the things that announcements are about are over, and since when. It is read, not written: a record that is opened again
/// is over no more, whichever way that came about.
#[derive(Clone, Debug, Default)]
pub struct Over(HashMap<Uuid, i64>);

impl Over {
    /// Reads it for these announcements; without a record among them, nothing is asked of the database.
    pub fn read<'a>(sql: &mut dyn Sql, items: impl IntoIterator<Item = &'a Item>) -> Result<Self, DeskError> {
        let records: Vec<Uuid> = items.into_iter().filter_map(|item| item.id_of("record")).collect();
        if records.is_empty() {
            return Ok(Self::default());
        }
        // One that is called off has solved nothing.
        let solved = |row: &store::record::RecordRow| matches!(row.phase.as_str(), "resolved" | "closed");
        let rows = store::record::of_ids(sql, &records)?.into_iter().filter(solved);
        Ok(Self(rows.filter_map(|row| Some((row.id, row.resolved_at.or(row.closed_at)?))).collect()))
    }

    /// The same for all that have not ended anyway.
    pub fn of_all(env: &Env, sql: &mut dyn Sql) -> Result<Self, DeskError> {
        let (now, all) = (env.world.now(), env.directory.of_kind(EntryKind::Announcement));
        Self::read(sql, all.into_iter().filter(|item| Stage::of(item, &Self::default(), now) != Stage::Ended))
    }

    /// Since when that is over which an announcement is about. What was published afterwards speaks of something else.
    pub fn since(&self, item: &Item) -> Option<i64> {
        let since = *self.0.get(&item.id_of("record")?)?;
        instant_of(item, "from").is_none_or(|from| from <= since).then_some(since)
    }

    /// When an announcement ends: as it says, else a while after it is over.
    pub fn end_of(&self, item: &Item) -> Option<i64> {
        instant_of(item, "until").or_else(|| Some(self.since(item)? + LINGERS))
    }
}

/// The place of an announcement among those in force: the gravest first, what is over last, then the newest.
pub fn place(item: &Item, over: &Over) -> (usize, i64, String) {
    let severity = item.data.get("severity").and_then(Value::as_str).unwrap_or_default();
    let rank = SEVERITIES.iter().position(|known| *known == severity).unwrap_or(SEVERITIES.len());
    let rank = if over.since(item).is_some() { SEVERITIES.len() + 1 } else { rank };
    (rank, -instant_of(item, "from").unwrap_or_default(), item.key.clone())
}

/// Whether somebody writes announcements.
pub fn may_write(actor: &Actor) -> bool {
    actor.may(WRITE)
}

/// What of a reader decides which announcements are for them, beside their own entry.
pub struct Reader<'a> {
    actor: &'a Actor,
    /// Services that they have reported about and wait for.
    services: Vec<Uuid>,
}

impl<'a> Reader<'a> {
    /// Reads it, where any announcement asks.
    pub fn read(env: &Env, sql: &mut dyn Sql, actor: &'a Actor, over: &Over) -> Result<Self, DeskError> {
        let asks = |item: &&Item| Stage::of(item, over, env.world.now()) != Stage::Ended && !named(item, "services").is_empty();
        let asked = env.directory.of_kind(EntryKind::Announcement).iter().any(asks);
        let services = if asked { store::record_list::open_services_of(sql, actor.user.id, RECENT)? } else { Vec::new() };
        Ok(Self { actor, services })
    }

    /// Whether an announcement is for them.
    pub fn is_meant(&self, env: &Env, item: &Item) -> bool {
        let Some(audience) = item.data.get("audience").filter(|audience| !audience.is_null()) else { return true };
        AUDIENCES.iter().any(|(field, kind)| {
            let keys = audience.get(*field).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
            keys.filter_map(|key| env.directory.by_key(*kind, key)).any(|entry| self.belongs(env, entry))
        })
    }

    fn belongs(&self, env: &Env, entry: &Item) -> bool {
        let user = &self.actor.user;
        match entry.kind {
            EntryKind::Site => lies_in(env, user.site, entry),
            EntryKind::Department => lies_in(env, user.department, entry),
            EntryKind::Team => self.actor.teams.contains(&entry.id),
            _ => self.services.contains(&entry.id) || self.serves(env, entry),
        }
    }

    /// Whether they answer for a service, or are of the team that does.
    fn serves(&self, env: &Env, service: &Item) -> bool {
        let team = service.data.get("team").and_then(Value::as_str).and_then(|key| env.directory.by_key(EntryKind::Team, key));
        service.id_of("owner") == Some(self.actor.user.id) || team.is_some_and(|team| self.actor.teams.contains(&team.id))
    }
}

/// Whether a place is another or lies in it.
fn lies_in(env: &Env, here: Option<Uuid>, whole: &Item) -> bool {
    let mut at = here.and_then(|id| env.directory.get(id));
    // Deeper than any organisation: a circle ends here.
    for _ in 0..100 {
        let Some(item) = at else { return false };
        if item.id == whole.id {
            return true;
        }
        let above = item.data.get("parent").and_then(Value::as_str);
        at = above.and_then(|key| env.directory.by_key(whole.kind, key));
    }
    false
}

/// The keys that the audience names of a kind.
fn named(item: &Item, field: &str) -> Vec<String> {
    let list = item.data.get("audience").and_then(|audience| audience.get(field)).and_then(Value::as_array);
    list.into_iter().flatten().filter_map(|key| key.as_str().map(str::to_owned)).collect()
}

/// The keys of the services that an announcement is about: those it names, and those whose people it is for.
pub fn services_of(item: &Item) -> Vec<String> {
    let about = item.data.get("services").and_then(Value::as_array).into_iter().flatten();
    about.filter_map(|key| key.as_str().map(str::to_owned)).chain(named(item, "services")).collect()
}

/// What somebody is shown: what is in force for them, in order, and when that changes by itself.
pub struct Shown<'a> {
    /// The announcements.
    pub items: Vec<&'a Item>,
    /// The next instant at which one of theirs begins or ends.
    pub changes_at: Option<i64>,
    /// What of them is over.
    pub over: Over,
}

/// What is in force for a reader.
pub fn shown<'a>(env: &'a Env, sql: &mut dyn Sql, actor: &Actor) -> Result<Shown<'a>, DeskError> {
    let (now, over) = (env.world.now(), Over::of_all(env, sql)?);
    let reader = Reader::read(env, sql, actor, &over)?;
    let mut shown = Shown { items: Vec::new(), changes_at: None, over };
    for item in env.directory.of_kind(EntryKind::Announcement) {
        let stage = Stage::of(item, &shown.over, now);
        if stage == Stage::Ended || !reader.is_meant(env, item) {
            continue;
        }
        let next = if stage == Stage::Planned { instant_of(item, "from") } else { shown.over.end_of(item) };
        shown.changes_at = [shown.changes_at, next].into_iter().flatten().min();
        if stage == Stage::Current {
            shown.items.push(item);
        }
    }
    shown.items.sort_by_cached_key(|item| place(item, &shown.over));
    Ok(shown)
}

/// All announcements but those that were over long ago, the last to begin first; for those who write them.
pub fn all<'a>(env: &'a Env, actor: &Actor) -> Result<Vec<&'a Item>, DeskError> {
    require_write(actor)?;
    let mut items = env.directory.of_kind(EntryKind::Announcement);
    items.sort_by_cached_key(|item| begun(item));
    Ok(items)
}

/// The place of an announcement among all.
pub fn begun(item: &Item) -> (usize, i64, String) {
    (0, -instant_of(item, "from").unwrap_or_default(), item.key.clone())
}

/// One announcement: any for those who write them, else one in force for the reader.
pub fn find<'a>(env: &'a Env, sql: &mut dyn Sql, actor: &Actor, id: Uuid) -> Result<&'a Item, DeskError> {
    let item = env.directory.get(id).filter(|item| item.kind == EntryKind::Announcement);
    let item = item.ok_or_else(|| DeskError::NotFound("announcement".to_owned()))?;
    if may_write(actor) {
        return Ok(item);
    }
    let over = Over::of_all(env, sql)?;
    if Stage::of(item, &over, env.world.now()) == Stage::Current && Reader::read(env, sql, actor, &over)?.is_meant(env, item) {
        return Ok(item);
    }
    Err(DeskError::NotFound("announcement".to_owned()))
}

/// Whether any announcement in memory belongs to a record.
pub fn has_one(env: &Env, record: Uuid) -> bool {
    env.directory.of_kind(EntryKind::Announcement).iter().any(|item| item.id_of("record") == Some(record))
}

/// The record that an announcement belongs to, if this reader may read it.
pub fn record_of(env: &Env, sql: &mut dyn Sql, actor: &Actor, item: &Item) -> Result<Option<Loaded>, DeskError> {
    let Some(id) = item.id_of("record") else { return Ok(None) };
    read::visible(env, sql, actor, id)
}

fn require_write(actor: &Actor) -> Result<(), DeskError> {
    if may_write(actor) { Ok(()) } else { Err(DeskError::Forbidden("announcements are written by those with the right to".to_owned())) }
}

/// Refuses one more that is in force or to come.
fn require_room(env: &Env, over: &Over) -> Result<(), DeskError> {
    let now = env.world.now();
    let standing = env.directory.of_kind(EntryKind::Announcement).into_iter().filter(|item| Stage::of(item, over, now) != Stage::Ended);
    if standing.count() < MOST {
        return Ok(());
    }
    Err(DeskError::Conflict(format!("{MOST} announcements are in force or to come: end some first")))
}

/// Prepares a new announcement.
pub fn create(
    env: &Env,
    sql: &mut dyn Sql,
    cause: &Cause,
    actor: &Actor,
    given: &Map<String, Value>,
) -> Result<(WriteSet, DirectoryRow), DeskError> {
    actor.require(WRITE)?;
    let now = env.world.now();
    require_room(env, &Over::of_all(env, sql)?)?;
    let mut values = checked(env, sql, actor, given, &Map::new())?;
    values.entry("severity").or_insert_with(|| json!("info"));
    if values.get("from").is_none_or(Value::is_null) {
        values.insert("from".to_owned(), json!(now));
    }
    put(env, sql, cause, EntryKind::Announcement, &env.world.id().simple().to_string(), &values, None)
}

/// Prepares changing an announcement on the version that was seen.
pub fn change(
    env: &Env,
    sql: &mut dyn Sql,
    cause: &Cause,
    actor: &Actor,
    id: Uuid,
    given: &Map<String, Value>,
    seen: i64,
) -> Result<(WriteSet, DirectoryRow), DeskError> {
    actor.require(WRITE)?;
    let (item, now) = (find(env, sql, actor, id)?, env.world.now());
    if !item.active {
        let why = "it was taken away before it began, and nobody is shown it any more: publish it anew";
        return Err(DeskError::NotAvailable(why.to_owned()));
    }
    let mut values = checked(env, sql, actor, given, &item.data)?;
    if values.get("from").is_some_and(Value::is_null) {
        values.insert("from".to_owned(), json!(now));
    }
    let mut after = item.clone();
    after.data.extend(values.clone());
    if let Some(record) = item.id_of("record").filter(|record| after.id_of("record") != Some(*record)) {
        require_unmarked(sql, record)?;
    }
    // One that is over comes back when it ends later.
    let over = Over::of_all(env, sql)?;
    if Stage::of(item, &over, now) == Stage::Ended && Stage::of(&after, &over, now) != Stage::Ended {
        require_room(env, &over)?;
    }
    put(env, sql, cause, EntryKind::Announcement, &item.key, &values, Some(seen))
}

/// Refuses to leave a record of which people have said that it affects them: they wait to hear that this one is solved.
fn require_unmarked(sql: &mut dyn Sql, record: Uuid) -> Result<(), DeskError> {
    let count = store::watcher::count_affected(sql, record)?;
    if count == 0 {
        return Ok(());
    }
    let why = format!("{count} people have said that it affects them and wait for this record: end this announcement and publish another");
    Err(DeskError::field("/record", "awaited", why))
}

/// Prepares ending an announcement now; one that never began is taken away.
pub fn end(env: &Env, sql: &mut dyn Sql, cause: &Cause, actor: &Actor, id: Uuid, seen: i64) -> Result<(WriteSet, DirectoryRow), DeskError> {
    actor.require(WRITE)?;
    let item = find(env, sql, actor, id)?;
    let now = env.world.now();
    let values = match Stage::of(item, &Over::read(sql, [item])?, now) {
        Stage::Ended => Map::new(),
        Stage::Current => Map::from_iter([("until".to_owned(), json!(now))]),
        Stage::Planned => Map::from_iter([("active".to_owned(), json!(false))]),
    };
    put(env, sql, cause, EntryKind::Announcement, &item.key, &values, Some(seen))
}

/// The values as they are kept, with all that is wrong with them.
fn checked(
    env: &Env,
    sql: &mut dyn Sql,
    actor: &Actor,
    given: &Map<String, Value>,
    before: &Map<String, Value>,
) -> Result<Map<String, Value>, DeskError> {
    let (mut values, mut errors) = (Map::new(), Vec::new());
    for (field, value) in given {
        let kept = match field.as_str() {
            "title" | "body" => text(field, value, before),
            "severity" => severity(value),
            "from" | "until" => instant(field, value),
            "audience" => audience(env, value),
            "services" => entries(env, EntryKind::Service, "/services", value),
            "record" => record(env, sql, actor, value)?,
            _ => Err(FieldError::new(format!("/{field}"), "unknown_field", format!("an announcement has {}", FIELDS.join(", ")))),
        };
        match kept {
            Ok(value) => drop(values.insert(field.clone(), value)),
            Err(error) => errors.push(error),
        }
    }
    let whole = |name: &str| values.get(name).or_else(|| before.get(name)).filter(|value| !value.is_null());
    if whole("title").is_none() && errors.is_empty() {
        errors.push(FieldError::new("/title", "required", "say in a few words what is going on"));
    }
    let from = whole("from").and_then(Value::as_i64).unwrap_or_else(|| env.world.now());
    if whole("until").and_then(Value::as_i64).is_some_and(|until| until <= from) {
        errors.push(FieldError::new("/until", "order", "it ends after it begins: choose a later end"));
    }
    if errors.is_empty() { Ok(values) } else { Err(DeskError::Invalid(errors)) }
}

type Checked = Result<Value, FieldError>;

/// Words by language, those left out as they were. Null where no language is left.
fn text(field: &str, value: &Value, before: &Map<String, Value>) -> Checked {
    let pointer = format!("/{field}");
    let wrong = || FieldError::new(pointer.clone(), "format", r#"write {"zh": "…", "en": "…"}"#);
    if value.is_null() {
        return Ok(Value::Null);
    }
    let most = LONGEST.iter().find(|(name, _)| *name == field).map_or(0, |(_, most)| *most);
    let mut words: Map<String, Value> = before.get(field).and_then(Value::as_object).cloned().unwrap_or_default();
    for (lang, said) in value.as_object().ok_or_else(wrong)? {
        let text = match said {
            Value::Null => "",
            Value::String(text) if matches!(lang.as_str(), "zh" | "en") => text.trim(),
            _ => return Err(wrong()),
        };
        if text.chars().count() > most {
            return Err(FieldError::new(format!("{pointer}/{lang}"), "length", format!("at most {most} characters fit here")));
        }
        if crate::record::text::is_blank(text) {
            words.remove(lang);
        } else {
            words.insert(lang.clone(), json!(text));
        }
    }
    Ok(if words.is_empty() { Value::Null } else { Value::Object(words) })
}

fn severity(value: &Value) -> Checked {
    let known = value.as_str().is_some_and(|word| SEVERITIES.contains(&word));
    if known { Ok(value.clone()) } else { Err(FieldError::new("/severity", "enum", format!("write one of {}", SEVERITIES.join(", ")))) }
}

fn instant(field: &str, value: &Value) -> Checked {
    if value.is_null() {
        return Ok(Value::Null);
    }
    let at = value.as_str().and_then(|text| chrono::DateTime::parse_from_rfc3339(text).ok());
    let wrong = "write an instant with offset, such as 2026-03-01T08:00:00+08:00, or null";
    at.map(|at| json!(at.timestamp_millis())).ok_or_else(|| FieldError::new(format!("/{field}"), "format", wrong))
}

/// For whom it is, as keys; null is everybody.
fn audience(env: &Env, value: &Value) -> Checked {
    if value.is_null() {
        return Ok(Value::Null);
    }
    let known = AUDIENCES.map(|(field, _)| field);
    let wrong = || FieldError::new("/audience", "format", format!("write null for everybody, or lists under {}", known.join(", ")));
    let mut kept = Map::new();
    for (field, list) in value.as_object().ok_or_else(wrong)? {
        let (_, kind) = AUDIENCES.iter().find(|(known, _)| known == field).ok_or_else(wrong)?;
        let keys = entries(env, *kind, &format!("/audience/{field}"), list)?;
        if keys.as_array().is_some_and(|keys| !keys.is_empty()) {
            kept.insert(field.clone(), keys);
        }
    }
    // An empty choice must not become everybody by mistake.
    if kept.is_empty() {
        return Err(FieldError::new("/audience", "required", "name at least one, or write null for everybody"));
    }
    Ok(Value::Object(kept))
}

fn entries(env: &Env, kind: EntryKind, pointer: &str, value: &Value) -> Checked {
    let list = match value {
        Value::Null => return Ok(json!([])),
        Value::Array(list) if list.len() <= MOST_NAMED => list,
        _ => return Err(FieldError::new(pointer, "format", format!("write a list of at most {MOST_NAMED} ids or keys"))),
    };
    let mut keys = Vec::new();
    for (n, reference) in list.iter().enumerate() {
        let found = reference.as_str().and_then(|reference| env.directory.resolve(kind, reference));
        let unknown = || FieldError::new(format!("{pointer}/{n}"), "unknown_reference", format!("there is no such {}", kind.as_str()));
        let key = found.ok_or_else(unknown)?.key.clone();
        if !keys.contains(&key) {
            keys.push(key);
        }
    }
    Ok(json!(keys))
}

/// The record that it belongs to, named by its number.
fn record(env: &Env, sql: &mut dyn Sql, actor: &Actor, value: &Value) -> Result<Checked, DeskError> {
    if value.is_null() {
        return Ok(Ok(Value::Null));
    }
    let number = value.as_str().unwrap_or_default();
    let visible = read::find_number(env, sql, actor, number)?;
    let unknown = || FieldError::new("/record", "unknown_reference", format!("there is no record '{number}'"));
    Ok(visible.map(|loaded| json!(loaded.row.id)).ok_or_else(unknown))
}
