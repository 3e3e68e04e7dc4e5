//! `GET /records/{type}/{number}/timeline`

use axum::extract::State;
use desk::dispatch::Choice;
use desk::journal;
use desk::kit::checklist;
use desk::record::names::{SILENT, is_person, tells_reason};
use desk::record::{Content, Reminded, Reminder, find, told};
use serde::Serialize;
use serde_json::Value;
use store::journal::{Entry, Sight};
use utoipa::ToSchema;

use super::Address;
use super::decisions::{self, DecisionBody};
use super::names::Names;
use crate::http::App;
use crate::http::answer::{Answered, ok};
use crate::http::choices::{self, ChoiceBody};
use crate::http::document::{Page, RecordPath};
use crate::http::extract::{Lang, Path, Query, Signed};
use crate::http::problem::Problem;
use crate::http::refs::{People, Ref};
use crate::http::time;

/// A changed field.
#[derive(Serialize, ToSchema)]
pub struct ChangeBody {
    field: String,
    label: String,
    old: Value,
    new: Value,
    old_label: String,
    new_label: String,
}

/// An attached file.
#[derive(Serialize, ToSchema)]
pub struct AttachedBody {
    id: String,
    name: String,
    size: i64,
}

/// An entry of the journal.
#[derive(Serialize, ToSchema)]
pub struct TimelineItem {
    seq: i64,
    occurred_at: String,
    recorded_at: String,
    actor: Option<Ref>,
    on_behalf_of: Option<Ref>,
    channel: String,
    /// `opened`, `completed`, `edited`, `commented` …
    kind: String,
    /// `public` or `internal`.
    visibility: String,
    changes: Vec<ChangeBody>,
    body: Option<String>,
    reason: Option<String>,
    reason_label: Option<String>,
    attachments: Vec<AttachedBody>,
    /// Whom it speaks to, or who began or ceased to follow the record; for those who work on it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    to: Vec<Ref>,
    /// The reminder or the call that was promised.
    #[serde(skip_serializing_if = "Option::is_none")]
    reminder: Option<RemindedBody>,
    /// The other record of a link, for those who work on it.
    #[serde(skip_serializing_if = "Option::is_none")]
    linked: Option<String>,
    /// Why priority, team and the like are what they are: the decisions that the rules made here.
    decisions: Vec<DecisionBody>,
    /// Whom of a team the work was offered to, and why; for those who work on it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    choices: Vec<ChoiceBody>,
    /// The time limit that ran out.
    #[serde(skip_serializing_if = "Option::is_none")]
    timer: Option<TimerBody>,
    /// The step of a checklist that was ticked, or is open again.
    #[serde(skip_serializing_if = "Option::is_none")]
    check: Option<CheckedBody>,
}

/// What became of a step of a checklist.
#[derive(Serialize, ToSchema)]
pub struct CheckedBody {
    /// Key of the checklist.
    checklist: String,
    /// Key of the step.
    step: String,
    /// Its words as they were then.
    text: String,
    /// `done`, `not_applicable` or `open`.
    state: &'static str,
    note: Option<String>,
}

/// A reminder that was set, or a call that was promised.
#[derive(Serialize, ToSchema)]
pub struct RemindedBody {
    user: Ref,
    due_at: String,
    note: String,
    phone: Option<String>,
}

/// A step, a time limit or an end of the flow.
#[derive(Serialize, ToSchema)]
pub struct ElementBody {
    key: String,
    label: String,
}

/// A time limit that ran out.
#[derive(Serialize, ToSchema)]
pub struct TimerBody {
    key: String,
    label: String,
    /// What the flow did then.
    followed: Vec<ElementBody>,
    /// Whether that was nothing: what the limit is for had been done in time.
    idle: bool,
}

/// A page of the journal.
#[derive(Serialize, ToSchema)]
pub struct Timeline {
    items: Vec<TimelineItem>,
    next: Option<String>,
}

/// Events whose words are from one worker to the next; requesters see that it happened, not these words.
const NOTES: &[&str] = &["completed", "assigned", "held"];

/// Reads a record's journal, oldest first
#[utoipa::path(get, path = "/records/{type}/{number}/timeline", tag = "records",
    params(RecordPath, Page),
    responses((status = 200, body = Timeline), (status = 404, body = Problem)))]
pub async fn get_timeline(
    State(app): State<App>,
    Signed(actor): Signed,
    Path(address): Path<Address>,
    lang: Lang,
    query: Query,
) -> Answered {
    let limit = query.limit()?;
    let after = match query.get("cursor") {
        None => 0,
        Some(text) => {
            text.parse::<i64>().ok().filter(|seq| *seq >= 0).ok_or_else(|| Problem::malformed("this cursor is not of a timeline"))?
        }
    };
    let answer = app.desk.query(move |env, sql| {
        let loaded = find(env, sql, &actor, &address.target())?;
        let internal = loaded.allows(env, &actor, "read_internal");
        // Who sees public entries alone counts them alone.
        let entries = match internal {
            true => store::journal::of_aggregate(sql, loaded.row.id, after, Sight::All, limit + 1)?,
            false => store::journal::public_of(sql, loaded.row.id, after, limit + 1)?,
        };
        let more = entries.len() as i64 > limit;
        let shown = &entries[..entries.len().min(usize::try_from(limit).unwrap_or(0))];
        let contents = shown.iter().map(journal::content::<Content>).collect::<Result<Vec<_>, _>>()?;
        let offered = choices::people(env, contents.iter().flatten().flat_map(|content| &content.choices));
        let people = People::read(sql, people(shown, &contents).into_iter().chain(offered))?;
        let lang = lang.of(&actor);
        let names = Names { env, loaded: &loaded, people: &people, lang };
        let mut items: Vec<TimelineItem> =
            shown.iter().zip(contents).map(|(entry, content)| item(&names, entry, content.unwrap_or_default(), internal)).collect();
        if !internal {
            items.iter_mut().zip(after + 1..).for_each(|(item, seq)| item.seq = seq);
        }
        let next = items.last().filter(|_| more).map(|item| item.seq.to_string());
        Ok(Timeline { items, next })
    });
    Ok(ok(answer.await?))
}

fn people(entries: &[Entry], contents: &[Option<Content>]) -> Vec<Option<uuid::Uuid>> {
    let mut ids: Vec<Option<uuid::Uuid>> = entries.iter().flat_map(|entry| [entry.actor, entry.on_behalf_of]).collect();
    let edits = contents.iter().flatten().flat_map(|content| &content.facts.edits);
    let changed = edits.flat_map(|edit| [(&edit.field, &edit.old), (&edit.field, &edit.new)]);
    ids.extend(contents.iter().flatten().flat_map(|content| spoken_to(content).into_iter().map(Some)));
    ids.extend(contents.iter().flatten().map(|content| set(content).map(|reminder| reminder.user)));
    let decisions = contents.iter().flatten().flat_map(|content| &content.decisions);
    let decided = decisions.flat_map(|decided| decided.inputs.iter().chain(decided.output.as_object().into_iter().flatten()));
    let values = changed.chain(decided).filter(|(field, _)| is_person(field));
    ids.extend(values.map(|(_, value)| value.as_str().and_then(|text| text.parse().ok())));
    ids
}

/// Whom an entry speaks to, or whose following it is about.
fn spoken_to(content: &Content) -> Vec<uuid::Uuid> {
    if content.watch.is_empty() { content.mentions.clone() } else { content.watch.iter().map(|watched| watched.user).collect() }
}

fn set(content: &Content) -> Option<&Reminder> {
    match &content.reminder {
        Some(Reminded::Set(reminder)) => Some(reminder),
        _ => None,
    }
}

fn item(names: &Names<'_>, entry: &Entry, content: Content, internal: bool) -> TimelineItem {
    let pinned = &names.loaded.pinned;
    let decisions = told::decisions(pinned, &content, internal).into_iter().map(|told| decisions::body(names, told)).collect();
    let element = |id: &str| ElementBody { key: id.to_owned(), label: names.text(&format!("activity.{id}")) };
    let timer = told::timer(pinned, &content).map(|timer| TimerBody {
        key: timer.element.to_owned(),
        label: element(timer.element).label,
        idle: timer.idle,
        followed: timer.followed.into_iter().map(element).collect(),
    });
    // What the requester is asked for is no note among workers.
    let asks =
        entry.event == "held" && content.reason.as_ref().is_some_and(|reason| pinned.pack.manifest().asks_requester.contains(reason));
    let reason = content.reason.as_ref().filter(|reason| tells_reason(reason, internal));
    let to = if internal { spoken_to(&content) } else { Vec::new() };
    let offered: &[Choice] = if internal { &content.choices } else { &[] };
    // The note of a call is for those who make it; whom it was promised to knows their number.
    let reminder = set(&content).map(|reminder| RemindedBody {
        user: names.people.get(reminder.user),
        due_at: time::text(reminder.due_at),
        note: if internal { reminder.note.clone() } else { String::new() },
        phone: reminder.phone.clone(),
    });
    let check = content.facts.checks.first().map(|check| CheckedBody {
        checklist: check.checklist.clone(),
        step: check.step.clone(),
        text: checklist::words(&check.text, names.lang).to_owned(),
        state: super::checklists::word(check.state),
        note: check.note.clone(),
    });
    TimelineItem {
        seq: entry.seq,
        occurred_at: time::text(entry.occurred_at),
        recorded_at: time::text(entry.recorded_at),
        actor: names.people.opt(entry.actor),
        on_behalf_of: names.people.opt(entry.on_behalf_of),
        // What the system does of itself is done by its clock for who may not know why.
        channel: if tells_reason(&entry.channel, internal) { entry.channel.clone() } else { "timer".to_owned() },
        kind: entry.event.clone(),
        visibility: entry.visibility.clone(),
        changes: changes(names, &content, internal),
        reason_label: reason.map(|reason| names.reason(&entry.event, reason)),
        reason: reason.cloned(),
        body: content.body.filter(|_| internal || asks || !NOTES.contains(&entry.event.as_str())),
        attachments: content.attachment.into_iter().map(|a| AttachedBody { id: a.id.to_string(), name: a.name, size: a.size }).collect(),
        to: to.into_iter().map(|user| names.people.get(user)).collect(),
        reminder,
        linked: content.link.filter(|_| internal).map(|link| link.number),
        decisions,
        choices: offered.iter().map(|choice| choices::body(names.env, names.people, names.lang, choice)).collect(),
        timer,
        check,
    }
}

/// The kind of link, and the field, that say what a record hangs below.
const PARENT: &str = "parent";

fn changes(names: &Names<'_>, content: &Content, internal: bool) -> Vec<ChangeBody> {
    // What a record hangs below, or did, is told by its number.
    let above = content.link.as_ref().filter(|link| link.kind == PARENT).map(|link| link.number.as_str());
    let label = |field: &str, value: &Value| match above {
        Some(number) if field == PARENT && !value.is_null() => number.to_owned(),
        _ => names.value(field, value),
    };
    let change = |field: &str, old: &Value, new: &Value| ChangeBody {
        field: field.to_owned(),
        label: names.field(field),
        old: old.clone(),
        new: new.clone(),
        old_label: label(field, old),
        new_label: label(field, new),
    };
    let moved = content.facts.state.iter().map(|moved| change("state", &moved.old.clone().into(), &moved.new.clone().into()));
    let shown = |field: &str| !SILENT.contains(&field) && names.loaded.pinned.shows(field, internal);
    let edits = content.facts.edits.iter().filter(|edit| shown(&edit.field));
    moved.chain(edits.map(|edit| change(&edit.field, &edit.old, &edit.new))).collect()
}
