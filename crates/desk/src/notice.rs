//! Whom an entry of a record's journal concerns: the person it was given to, whoever is spoken to, the requester, those who follow
//! the record. Written with the entry; what may be read of it is decided when it is read.

use store::notice::{self, NoticeRow, Wanted};
use store::record::RecordRow;
use store::record_list::{self, ListedRecord};
use store::{Sql, WriteSet};
use uuid::Uuid;

use crate::journal::Cause;
use crate::policy::PolicyListed;
use crate::record::Content;
use crate::record::write::Event;
use crate::{Actor, DeskError, Env};

/// Channels whose doings are nobody's news: what is taken over from elsewhere, and what never happened.
const SILENT: &[&str] = &["import", "simulation", "demo"];

/// Events that are news only for those they speak to: who follows a record, what somebody has noted down, and what the program does by
/// itself, whose consequences have events of their own.
const QUIET: &[&str] =
    &["watched", "unwatched", "reminder_set", "reminder_done", "timer_fired", "linked", "unlinked", "checked", "affected", "unaffected"];

/// Why an entry concerns somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum About {
    /// The words speak to them.
    Mentioned,
    /// Their knowledge is asked for.
    Expert,
    /// Somebody urges the work that they are responsible for.
    Urged,
    /// The record was given to them.
    Assigned,
    /// It was given to their team, and they are on duty.
    Duty,
    /// They work on it.
    Work,
    /// It is their request.
    Own,
    /// They follow it.
    Watched,
    /// They wanted to be reminded.
    Reminder,
    /// They have promised to call.
    CallBack,
}

impl About {
    /// The word in the database and in the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Mentioned => "mentioned",
            Self::Expert => "expert",
            Self::Urged => "urged",
            Self::Assigned => "assigned",
            Self::Duty => "duty",
            Self::Work => "work",
            Self::Own => "own",
            Self::Watched => "watched",
            Self::Reminder => "reminder",
            Self::CallBack => "call_back",
        }
    }
}

/// An entry as far as notices go.
pub(crate) struct Told<'a> {
    /// The record before; none when it is new.
    pub before: Option<&'a RecordRow>,
    /// The record after.
    pub after: &'a RecordRow,
    /// What happened.
    pub event: &'a Event,
    /// The content of the entry.
    pub content: &'a Content,
    /// When.
    pub at: i64,
}

/// Whom an entry reaches.
#[derive(Clone, Debug, Default)]
pub struct Reach {
    /// Those whom it concerns, without who caused it.
    pub people: Vec<Uuid>,
    /// Whether those who follow the record are told too.
    pub watchers: bool,
    /// Whether only those are shown it who may read what is internal.
    pub internal: bool,
}

/// Adds the notices of an entry to its write set, and says whom they reach.
pub(crate) fn tell(env: &Env, set: &mut WriteSet, cause: &Cause, told: &Told<'_>) -> Reach {
    if SILENT.contains(&cause.channel.as_str()) {
        return Reach::default();
    }
    let (row, internal) = (told.after, told.event.visibility == "internal");
    let notice = |user: Uuid, about: About| NoticeRow {
        user,
        record: row.id,
        seq: row.version,
        about: about.as_str().to_owned(),
        subject: String::new(),
        event: told.event.name.to_owned(),
        internal,
        by: cause.actor,
        at: told.at,
        read_at: None,
    };
    // A new record has nobody yet who follows it.
    let watchers = told.before.is_some() && !QUIET.contains(&told.event.name);
    let mut reach = Reach { people: Vec::new(), watchers, internal };
    for (user, about) in concerned(env, told, internal) {
        if cause.actor != Some(user) {
            set.push(notice::insert(&notice(user, about)));
            reach.people.push(user);
        }
    }
    if watchers {
        set.push(notice::insert_watchers(&notice(Uuid::nil(), About::Watched)));
    }
    reach
}

/// Everybody whom the entry concerns, each once, with the strongest reason.
fn concerned(env: &Env, told: &Told<'_>, internal: bool) -> Vec<(Uuid, About)> {
    let row = told.after;
    let spoken = match told.event.name {
        "expert_called" => About::Expert,
        "urged" => About::Urged,
        "watched" => About::Watched,
        _ => About::Mentioned,
    };
    let mut concerned: Vec<(Uuid, About)> = told.content.mentions.iter().map(|user| (*user, spoken)).collect();
    if QUIET.contains(&told.event.name) {
        return concerned;
    }
    let before = told.before;
    if let Some(person) = row.assignee {
        let given = before.is_some_and(|before| before.assignee == Some(person));
        concerned.push((person, if given { About::Work } else { About::Assigned }));
    } else if let Some(duty) = row.team.and_then(|team| env.directory.duty_of(team)) {
        let given = before.is_some_and(|before| before.team == row.team);
        concerned.push((duty, if given { About::Work } else { About::Duty }));
    }
    if !internal {
        concerned.push((row.requester, About::Own));
    }
    let mut seen = Vec::new();
    concerned.retain(|(user, _)| {
        let first = !seen.contains(user);
        seen.push(*user);
        first
    });
    concerned
}

/// A notice with the record it is about.
pub struct Notice {
    /// The notice.
    pub row: NoticeRow,
    /// The record.
    pub record: ListedRecord,
}

/// A page of notices.
pub struct Page {
    /// What the person may know of, the newest first.
    pub items: Vec<Notice>,
    /// Place of the last one looked at, when there may be more.
    pub next: Option<(i64, Uuid, i64)>,
}

/// Reads a person's notices: of records that they may read now, and of internal entries only where they may read those.
pub fn list(
    env: &Env,
    sql: &mut dyn Sql,
    actor: &Actor,
    unread: bool,
    after: Option<(i64, Uuid, i64)>,
    limit: i64,
) -> Result<Page, DeskError> {
    let mut rows = notice::list(sql, &Wanted { user: actor.user.id, unread, after, limit: limit + 1 })?;
    let more = rows.len() as i64 > limit;
    rows.truncate(usize::try_from(limit).unwrap_or(0));
    let next = rows.last().filter(|_| more).map(|row| (row.at, row.record, row.seq));
    let mut ids: Vec<Uuid> = rows.iter().map(|row| row.record).collect();
    ids.sort_unstable();
    ids.dedup();
    let records = record_list::by_ids(sql, &ids)?;
    let now = env.world.now();
    let visible = |row: NoticeRow| {
        let record = records.iter().find(|record| record.id == row.record)?;
        let rights = &env.packs.newest(&record.type_key).ok()?.rights;
        let action = if row.internal { "read_internal" } else { "read" };
        let seen = rights.allows(actor, "read", &PolicyListed(record), now) && rights.allows(actor, action, &PolicyListed(record), now);
        seen.then(|| Notice { row, record: record.clone() })
    };
    Ok(Page { items: rows.into_iter().filter_map(visible).collect(), next })
}
