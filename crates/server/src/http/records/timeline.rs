//! `GET /records/{type}/{number}/timeline`

use axum::extract::State;
use desk::record::{Content, Loaded, find};
use desk::{Env, journal};
use serde::Serialize;
use serde_json::Value;
use store::journal::{Entry, Sight};
use utoipa::ToSchema;

use super::Address;
use crate::http::App;
use crate::http::answer::{Answered, ok};
use crate::http::extract::{Lang, Path, Query, Signed};
use crate::http::problem::Problem;
use crate::http::refs::{People, Ref};
use crate::http::time;

/// A changed field.
#[derive(Serialize, ToSchema)]
pub struct ChangeBody {
    field: String,
    label: String,
    #[schema(value_type = Object)]
    old: Value,
    #[schema(value_type = Object)]
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
    /// The other record of a link.
    #[serde(skip_serializing_if = "Option::is_none")]
    linked: Option<String>,
}

/// A page of the journal.
#[derive(Serialize, ToSchema)]
pub struct Timeline {
    items: Vec<TimelineItem>,
    next: Option<String>,
}

/// Values that are told apart by the process but say nothing to people.
const SILENT: &[&str] =
    &["opened_at", "responded_at", "resolved_at", "closed_at", "reporter", "customer", "reassign_count", "reopen_count"];

/// Events whose words are from one worker to the next; requesters see that it happened, not these words.
const NOTES: &[&str] = &["completed", "assigned", "held"];

/// Reads a record's journal, oldest first
#[utoipa::path(get, path = "/records/{type}/{number}/timeline", tag = "records",
    params(("type" = String, Path), ("number" = String, Path), ("limit" = Option<i64>, Query), ("cursor" = Option<String>, Query)),
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
        Some(text) => text.parse::<i64>().map_err(|_| Problem::malformed("this cursor is not of a timeline"))?,
    };
    let answer = app.desk.query(move |env, sql| {
        let loaded = find(env, sql, &actor, &address.target())?;
        let internal = loaded.allows(env, &actor, "read_internal");
        let sight = if internal { Sight::All } else { Sight::Public };
        let entries = store::journal::of_aggregate(sql, loaded.row.id, after, sight, limit + 1)?;
        let more = entries.len() as i64 > limit;
        let shown = &entries[..entries.len().min(usize::try_from(limit).unwrap_or(0))];
        let contents = shown.iter().map(journal::content::<Content>).collect::<Result<Vec<_>, _>>()?;
        let people = People::read(sql, people(shown, &contents))?;
        let lang = lang.of(&actor);
        let items = shown.iter().zip(contents);
        let items = items.map(|(entry, content)| item(env, &loaded, &people, entry, content.unwrap_or_default(), internal, lang)).collect();
        Ok(Timeline { items, next: shown.last().filter(|_| more).map(|entry| entry.seq.to_string()) })
    });
    Ok(ok(answer.await?))
}

fn people(entries: &[Entry], contents: &[Option<Content>]) -> Vec<Option<uuid::Uuid>> {
    let mut ids: Vec<Option<uuid::Uuid>> = entries.iter().flat_map(|entry| [entry.actor, entry.on_behalf_of]).collect();
    let edits = contents.iter().flatten().flat_map(|content| &content.facts.edits);
    for edit in edits.filter(|edit| is_person(&edit.field)) {
        ids.extend([&edit.old, &edit.new].map(|value| value.as_str().and_then(|text| text.parse().ok())));
    }
    ids
}

fn is_person(field: &str) -> bool {
    matches!(field, "requester" | "reporter" | "assignee")
}

fn item(env: &Env, loaded: &Loaded, people: &People, entry: &Entry, content: Content, internal: bool, lang: &str) -> TimelineItem {
    let pack = &loaded.pinned.pack;
    let hidden = |field: &str| SILENT.contains(&field) || !loaded.pinned.shows(field, internal);
    let mut changes: Vec<ChangeBody> = Vec::new();
    if let Some(moved) = &content.facts.state {
        let label = |state: &str| if state.is_empty() { String::new() } else { pack.label(lang, &format!("state.{state}")) };
        changes.push(ChangeBody {
            field: "state".to_owned(),
            label: if lang == "en" { "State" } else { "状态" }.to_owned(),
            old: moved.old.clone().into(),
            new: moved.new.clone().into(),
            old_label: label(&moved.old),
            new_label: label(&moved.new),
        });
    }
    let edits = content.facts.edits.iter().filter(|edit| !hidden(&edit.field));
    changes.extend(edits.map(|edit| ChangeBody {
        field: edit.field.clone(),
        label: pack.label(lang, &format!("field.{}", edit.field)),
        old: edit.old.clone(),
        new: edit.new.clone(),
        old_label: value_label(env, loaded, people, &edit.field, &edit.old, lang),
        new_label: value_label(env, loaded, people, &edit.field, &edit.new, lang),
    }));
    let reason_label = content.reason.as_ref().map(|reason| reason_label(pack, &entry.event, reason, lang));
    TimelineItem {
        seq: entry.seq,
        occurred_at: time::text(entry.occurred_at),
        recorded_at: time::text(entry.recorded_at),
        actor: people.opt(entry.actor),
        on_behalf_of: people.opt(entry.on_behalf_of),
        channel: entry.channel.clone(),
        kind: entry.event.clone(),
        visibility: entry.visibility.clone(),
        changes,
        body: content.body.filter(|_| internal || !NOTES.contains(&entry.event.as_str())),
        reason: content.reason,
        reason_label,
        attachments: content.attachment.into_iter().map(|a| AttachedBody { id: a.id.to_string(), name: a.name, size: a.size }).collect(),
        linked: content.link.map(|link| link.number),
    }
}

fn reason_label(pack: &pack::Pack, event: &str, reason: &str, lang: &str) -> String {
    let key = match event {
        "completed" => format!("outcome.{reason}"),
        "assigned" => format!("reason.reassign.{reason}"),
        "held" => format!("reason.hold.{reason}"),
        "cancelled" => format!("reason.cancel.{reason}"),
        _ => return reason.to_owned(),
    };
    pack.label(lang, &key)
}

fn value_label(env: &Env, loaded: &Loaded, people: &People, field: &str, value: &Value, lang: &str) -> String {
    use desk::directory::EntryKind;
    let Some(text) = value.as_str() else { return if value.is_null() { String::new() } else { value.to_string() } };
    let keyed = |kind| env.directory.by_key(kind, text).map_or_else(|| text.to_owned(), |item| item.label(lang));
    match field {
        "team" => keyed(EntryKind::Team),
        "service" => keyed(EntryKind::Service),
        "site" => keyed(EntryKind::Site),
        "category" => loaded.pinned.pack.category_label(lang, text),
        field if is_person(field) => text.parse().map_or_else(|_| text.to_owned(), |id| people.get(id).label),
        "hold_reason" => loaded.pinned.pack.label(lang, &format!("reason.hold.{text}")),
        "cancel_reason" => loaded.pinned.pack.label(lang, &format!("reason.cancel.{text}")),
        "impact" | "urgency" | "priority" => loaded.pinned.pack.label(lang, &format!("value.{field}.{text}")),
        own if loaded.pinned.pack.form().pointer(&format!("/properties/{own}/enum")).is_some() => {
            loaded.pinned.pack.label(lang, &format!("value.{own}.{text}"))
        }
        _ => text.to_owned(),
    }
}
