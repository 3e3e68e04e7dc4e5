//! Merging: a record repeats another. It is cancelled as such; its words, files and requester come along to the one that stays.
//!
//! What another person has written is for those who work on the record that stays, and not for its requester: one person's report is
//! never shown to another.

use serde::{Deserialize, Serialize};
use store::Sql;
use store::attachment::AttachmentRow;
use uuid::Uuid;

use super::content::{Attached, Content, Linked, Watched};
use super::link;
use super::read::{self, Loaded, Target};
use super::text;
use super::write::{self, Event, Written};
use crate::announcement::{Over, Stage};
use crate::directory::{EntryKind, Item};
use crate::journal::{self, Cause};
use crate::{Actor, DeskError, Env};

/// Most files that come along.
const MOST_FILES: usize = 20;
/// Most entries of the journal whose words come along: the newest.
const MOST_ENTRIES: i64 = 500;
/// Longest text that they make together, in characters.
const LONGEST: usize = 50_000;
/// The door through which one record's commands come to another.
const CHANNEL: &str = "message";

/// What is merged into what.
#[derive(Clone, Debug)]
pub struct Merge {
    /// Number of the record that stays.
    pub into: String,
    /// Words to whoever reported the one that ends.
    pub note: Option<String>,
}

/// What a merge comes to.
pub struct Merged {
    /// What it writes.
    pub written: Written,
    /// The record that stays.
    pub survivor: Loaded,
    /// How many texts come along.
    pub words: usize,
    /// How many do not, the oldest: together they are too long.
    pub words_left: usize,
    /// How many files come along.
    pub files: usize,
    /// How many do not, the oldest.
    pub files_left: usize,
    /// Whether the requester of the one that ends will follow the one that stays: only who may read it.
    pub follows: bool,
}

/// A record that was merged into this one. The command of an internal message.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Arrived {
    /// The other record.
    merged: Uuid,
    /// Its number.
    number: String,
    /// Its words.
    words: String,
    /// Whether whoever reported this one may read them.
    public: bool,
    /// Who follows this one from now on.
    follower: Option<Uuid>,
    /// Who did it.
    by: Uuid,
}

/// A file of a record that was merged into this one. The command of an internal message.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Copied {
    /// The attachment of the other record.
    copied: Uuid,
    /// Whether whoever reported this one may read it.
    public: bool,
    /// Who did it.
    by: Uuid,
}

/// Prepares the merge on the record that ends, and messages to the one that stays.
pub fn merge(env: &Env, sql: &mut dyn Sql, cause: &Cause, actor: &Actor, target: &Target, command: &Merge) -> Result<Merged, DeskError> {
    let loaded = read::find(env, sql, actor, target)?;
    loaded.require(env, actor, "link")?;
    loaded.require(env, actor, "cancel")?;
    let reason = reason(env, &loaded)?;
    let survivor = survivor(env, sql, actor, &loaded, &command.into)?;
    // What is still on its way to it would come to a record that has ended.
    if store::message::waits(sql, loaded.row.id)? {
        let why = format!("another record is just being merged into or linked to {}: try again in a moment", loaded.row.number);
        return Err(DeskError::Conflict(why));
    }
    let public = is_one_report(env, sql, &loaded, &survivor)?;
    let said = Said::read(sql, &loaded, public)?;
    let (files, files_left) = files(sql, &loaded)?;
    let follows = follows(env, sql, &loaded, &survivor)?;

    let linked = Linked { kind: "duplicate".to_owned(), other: survivor.row.id, number: survivor.row.number.clone(), removed: false };
    let note = command.note.clone().filter(|note| !text::is_blank(note));
    let content = Content { body: note, reason: Some(reason.clone()), link: Some(linked), ..Content::default() };
    let process = pack::Command::Cancel { reason };
    let mut written = write::perform(env, sql, cause, &loaded, &process, &Event::public("cancelled"), content)?;
    written.set.push(store::record::put_link(loaded.row.id, "duplicate", survivor.row.id));
    // It must not end while this one is merged into it.
    written.set.statements.insert(0, store::record::unmoved(survivor.row.id, survivor.row.version));
    let follower = follows.then_some(loaded.row.requester);
    let (merged, number) = (loaded.row.id, loaded.row.number.clone());
    let arrived = Arrived { merged, number, words: said.words, public, follower, by: actor.user.id };
    written.set.push(link::tell(env, cause, survivor.row.id, &arrived)?);
    if let Some(words) = said.aside {
        let aside = Arrived { words, public: false, follower: None, ..arrived };
        written.set.push(link::tell(env, cause, survivor.row.id, &aside)?);
    }
    for file in &files {
        let public = public && file.visibility == "public";
        written.set.push(link::tell(env, cause, survivor.row.id, &Copied { copied: file.id, public, by: actor.user.id })?);
    }
    Ok(Merged { written, survivor, words: said.kept, words_left: said.left, files: files.len(), files_left, follows })
}

/// Whether what was said publicly on the record that ends may be public on the one that stays: both are one person's, and whoever
/// reported the one that stays for them reported the other too, or works on it.
fn is_one_report(env: &Env, sql: &mut dyn Sql, loaded: &Loaded, survivor: &Loaded) -> Result<bool, DeskError> {
    let (ends, stays) = (&loaded.row, &survivor.row);
    if ends.requester != stays.requester {
        return Ok(false);
    }
    if stays.reporter == ends.requester || stays.reporter == ends.reporter {
        return Ok(true);
    }
    let now = env.world.now();
    let reporter = store::user::find(sql, stays.reporter)?.map(|user| Actor::of_user(user, &env.directory, now));
    Ok(reporter.is_none_or(|reporter| survivor.allows(env, &reporter, "read_internal") || !survivor.allows(env, &reporter, "read")))
}

/// Why it is cancelled. Packs name the reason; a record that was opened before they did goes by what they name now.
fn reason(env: &Env, loaded: &Loaded) -> Result<String, DeskError> {
    let (own, newest) = (loaded.pinned.pack.manifest(), env.packs.newest(&loaded.row.type_key)?.pack.manifest());
    let named = own.merge_reason.as_ref().or(newest.merge_reason.as_ref()).filter(|reason| own.reasons("cancel").contains(reason));
    named.cloned().ok_or_else(|| {
        let why = "records of this type are not merged: merge_reason in their pack.yaml names none of their reasons to cancel";
        DeskError::NotAvailable(why.to_owned())
    })
}

/// The files that come along: public ones, and those that an earlier merge brought. The newest, and how many are left.
fn files(sql: &mut dyn Sql, loaded: &Loaded) -> Result<(Vec<AttachmentRow>, usize), DeskError> {
    let mut files = store::attachment::of_owner(sql, loaded.row.id)?;
    let mut brought = Vec::new();
    if files.iter().any(|file| file.visibility != "public") {
        for entry in store::journal::through(sql, loaded.row.id, CHANNEL, "attached", files.len() as i64)? {
            let content: Option<Content> = journal::content(&entry)?;
            brought.extend(content.and_then(|content| content.attachment).map(|file| file.id));
        }
    }
    files.retain(|file| file.visibility == "public" || brought.contains(&file.id));
    let left = files.len().saturating_sub(MOST_FILES);
    Ok((files.split_off(left), left))
}

/// The record that stays, if this one can be merged into it.
fn survivor(env: &Env, sql: &mut dyn Sql, actor: &Actor, loaded: &Loaded, number: &str) -> Result<Loaded, DeskError> {
    let found = read::find_number(env, sql, actor, number)?;
    let unknown = || DeskError::field("/into", "unknown_reference", format!("there is no record '{number}'"));
    let survivor = found.ok_or_else(unknown)?;
    if survivor.row.id == loaded.row.id {
        return Err(DeskError::field("/into", "self", "a record cannot be merged into itself"));
    }
    if survivor.row.type_key != loaded.row.type_key {
        return Err(DeskError::field("/into", "other_type", "only records of one type are merged: link them instead"));
    }
    survivor.require(env, actor, "link")?;
    for record in [loaded, &survivor] {
        if !store::record::is_open(&record.row.phase) {
            return Err(DeskError::NotAvailable(format!("{} has ended: only open records are merged", record.row.number)));
        }
    }
    let over = Over::of_all(env, sql)?;
    let tells = |item: &&Item| item.id_of("record") == Some(loaded.row.id) && Stage::of(item, &over, env.world.now()) != Stage::Ended;
    if env.directory.of_kind(EntryKind::Announcement).iter().any(tells) {
        let why =
            "an announcement in force belongs to it, and its readers hear when it is solved: merge the other into it, or end that first";
        return Err(DeskError::NotAvailable(why.to_owned()));
    }
    if store::record::below(sql, survivor.row.id)? == Some(loaded.row.id) {
        return Err(DeskError::field("/into", "circle", "it hangs below this one: merge it into this one instead"));
    }
    if !store::record_list::below(sql, loaded.row.id, true, 1)?.is_empty() {
        return Err(DeskError::NotAvailable("open records hang below it: resolve them, or merge the other way round".to_owned()));
    }
    if store::attachment::of_owner(sql, survivor.row.id)?.len() + MOST_FILES > 500 {
        return Err(DeskError::NotAvailable("the record that stays holds too many files".to_owned()));
    }
    Ok(survivor)
}

/// Whether the requester of a record may follow another: nobody follows what they may not read.
fn follows(env: &Env, sql: &mut dyn Sql, loaded: &Loaded, survivor: &Loaded) -> Result<bool, DeskError> {
    let requester = loaded.row.requester;
    if requester == survivor.row.requester || store::watcher::of_record(sql, survivor.row.id)?.contains(&requester) {
        return Ok(false);
    }
    let now = env.world.now();
    let user = store::user::find(sql, requester)?.filter(|user| user.is_alive(now));
    Ok(user.is_some_and(|user| survivor.allows(env, &Actor::of_user(user, &env.directory, now), "read")))
}

/// What was said publicly on a record, as one text.
struct Said {
    words: String,
    /// What reports of other people said that were merged into it before: not for its own requester.
    aside: Option<String>,
    /// How many texts these are.
    kept: usize,
    /// How many older ones did not fit.
    left: usize,
}

impl Said {
    /// Reads it. Where all of it is internal to the record that stays, there is nothing to keep apart.
    fn read(sql: &mut dyn Sql, loaded: &Loaded, public: bool) -> Result<Self, DeskError> {
        let (mut entries, total) = store::journal::said(sql, loaded.row.id, MOST_ENTRIES)?;
        entries.reverse();
        let people: Vec<Uuid> = entries.iter().filter_map(|entry| entry.actor).chain([loaded.row.requester]).collect();
        let labels = store::user::labels(sql, &people)?;
        let name = |id: Option<Uuid>| labels.iter().find(|label| Some(label.id) == id).map_or("?", |label| label.name.as_str());
        let mut head = vec![format!("{}: {}", name(Some(loaded.row.requester)), text::one_line(&loaded.row.title))];
        if !text::is_blank(&loaded.row.description) {
            head.push(loaded.row.description.clone());
        }
        let asks = &loaded.pinned.pack.manifest().asks_requester;
        let (mut open, mut aside, mut read) = (Vec::new(), Vec::new(), 0);
        for entry in &entries {
            read += usize::from(entry.event != "held");
            let content: Option<Content> = journal::content(entry)?;
            let Some(Content { body: Some(body), reason, .. }) = content else { continue };
            match entry.event.as_str() {
                // The note of any other hold is among those who work on it.
                "held" if reason.is_none_or(|reason| !asks.contains(&reason)) => {}
                "merged" if public && entry.visibility != "public" => aside.push(body),
                "merged" => open.push(body),
                _ => open.push(format!("{}: {body}", name(entry.actor))),
            }
        }
        let (words, kept, left) = fitted(head, open, &loaded.row.number);
        let (beside, kept_beside, left_beside) = fitted(Vec::new(), aside, &loaded.row.number);
        let unread = usize::try_from(total).unwrap_or_default().saturating_sub(read);
        Ok(Self { words, aside: (kept_beside > 0).then_some(beside), kept: kept + kept_beside, left: left + left_beside + unread })
    }
}

/// Texts as one that is not too long: the newest stay, and where older ones are left out it says how many and where they stand.
fn fitted(head: Vec<String>, texts: Vec<String>, number: &str) -> (String, usize, usize) {
    let length = |text: &String| text.chars().count();
    let mut room = LONGEST.saturating_sub(head.iter().map(length).sum());
    let mut kept = Vec::new();
    let all = texts.len();
    for text in texts.into_iter().rev() {
        if let Some(rest) = room.checked_sub(length(&text)) {
            room = rest;
            kept.push(text);
        }
    }
    let left = all - kept.len();
    let gap = (left > 0).then(|| format!("[… {left} → {number}]"));
    let count = head.len() + kept.len();
    let said: Vec<String> = head.into_iter().chain(gap).chain(kept.into_iter().rev()).collect();
    (said.join("\n\n"), count, left)
}

/// Takes what comes along into the record that stays.
pub(crate) fn arrive(env: &Env, sql: &mut dyn Sql, cause: &Cause, loaded: &Loaded, arrived: &Arrived) -> Result<Written, DeskError> {
    let watchers = store::watcher::of_record(sql, loaded.row.id)?;
    let room = (watchers.len() as i64) < store::watcher::MOST;
    let follower = arrived.follower.filter(|user| room && !watchers.contains(user));
    let linked = Linked { kind: "duplicated_by".to_owned(), other: arrived.merged, number: arrived.number.clone(), removed: false };
    let watch = follower.into_iter().map(|user| Watched { user, on: true, affected: false }).collect();
    let content = Content { body: Some(arrived.words.clone()), link: Some(linked), watch, ..Content::default() };
    let event = if arrived.public { Event::public("merged") } else { Event::internal("merged") };
    let cause = &Cause { actor: Some(arrived.by), ..cause.clone() };
    let mut written = write::note(env, sql, cause, loaded, &event, &content)?;
    written.set.push(store::record::put_link(loaded.row.id, "duplicated_by", arrived.merged));
    written.set.statements.extend(follower.map(|user| store::watcher::add(loaded.row.id, user)));
    Ok(written)
}

/// Takes a file into the record that stays: another name for the same stored content.
pub(crate) fn copy(env: &Env, sql: &mut dyn Sql, cause: &Cause, loaded: &Loaded, copied: &Copied) -> Result<Written, DeskError> {
    let file = store::attachment::find(sql, copied.copied)?.ok_or_else(|| DeskError::NotFound("attachment".to_owned()))?;
    let visibility = if copied.public { "public" } else { "internal" };
    let row = AttachmentRow {
        id: env.world.id(),
        owner: loaded.row.id,
        visibility: visibility.to_owned(),
        by_user: copied.by,
        at: env.world.now(),
        ..file
    };
    let attached = Attached { id: row.id, name: row.name.clone(), size: row.size, sha256: hex::encode(&row.sha256) };
    let content = Content { attachment: Some(attached), ..Content::default() };
    let event = if copied.public { Event::public("attached") } else { Event::internal("attached") };
    let cause = &Cause { actor: Some(copied.by), ..cause.clone() };
    let mut written = write::note(env, sql, cause, loaded, &event, &content)?;
    written.set.statements.extend(store::attachment::insert(&row));
    Ok(written)
}
