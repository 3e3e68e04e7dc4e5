//! `GET /audit`: who changed what of the directory, the settings, accounts, tokens and packs.

use std::collections::{HashMap, HashSet};

use axum::extract::State;
use desk::directory::{EntryKind, Item, references};
use desk::journal;
use desk::record::read;
use desk::{DeskError, Env, grant};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::journal::{Entry, Oversight};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::App;
use super::answer::{Answered, ok};
use super::cursor::Cursor;
use super::document::Page;
use super::extract::{Lang, Query, Signed};
use super::problem::Problem;
use super::refs::{People, Ref};
use super::time;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_audit))
}

/// A value that was changed.
#[derive(Serialize, ToSchema)]
struct AuditChange {
    field: String,
    /// Its value before, as text of at most 300 characters, or, where it has parts, as JSON of at most 4,000.
    old: String,
    /// Its value after.
    new: String,
}

/// An entry of the journal.
#[derive(Serialize, ToSchema)]
struct AuditItem {
    at: String,
    /// Who; none for the system itself.
    actor: Option<Ref>,
    channel: String,
    /// `user`, `team`, `role`, `setting`, `token`, `pack` …
    kind: String,
    /// `created`, `changed`, `revoked`, `signed_out` …
    event: String,
    /// What it is about.
    subject: Ref,
    changes: Vec<AuditChange>,
}

/// A page of the journal.
#[derive(Serialize, ToSchema)]
struct AuditList {
    items: Vec<AuditItem>,
    next: Option<String>,
}

/// Which entries.
#[derive(utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes what `Query` reads")]
struct AuditFilter {
    /// Of this kind alone: `user`, `token`, `pack`, or a kind of entry such as `team`, `role` or `setting`.
    kind: Option<String>,
    /// By this person alone: id or username.
    actor: Option<String>,
    /// Recorded from this instant on.
    from: Option<String>,
    /// Recorded before this instant.
    until: Option<String>,
}

#[derive(Deserialize)]
struct Changed {
    #[serde(default)]
    edits: Vec<journal::Edit>,
    #[serde(default)]
    key: Option<String>,
}

/// Longest value that is told.
const LONGEST: usize = 300;
/// Longest one with parts, which pages put into words.
const LONGEST_JSON: usize = 4_000;

/// Lists changes of everything but records, newest first
#[utoipa::path(get, path = "/audit", tag = "system", params(AuditFilter, Page),
    responses((status = 200, body = AuditList), (status = 403, body = Problem)))]
async fn list_audit(State(app): State<App>, Signed(actor): Signed, lang: Lang, query: Query) -> Answered {
    actor.require("audit.read")?;
    let limit = query.limit()?;
    let cursor = Cursor::of("audit", &query);
    let before: Option<i64> = cursor.place(&query)?;
    let kind = query.get("kind").map(str::to_owned);
    if let Some(kind) = &kind
        && EntryKind::parse(kind).is_none_or(|kind| kind == EntryKind::View)
    {
        let known: Vec<&str> =
            EntryKind::ALL.into_iter().filter(|kind| *kind != EntryKind::View).map(EntryKind::as_str).chain(OTHERS).collect();
        if !known.contains(&kind.as_str()) {
            return Err(DeskError::not_among("kind", kind, &known).into());
        }
    }
    let (from, until, by) = (instant(&query, "from")?, instant(&query, "until")?, query.get("actor").map(str::to_owned));
    let list = app.desk.query(move |env, sql| {
        let actor_id = match &by {
            None => None,
            Some(reference) => {
                let id = desk::record::references::user(sql, reference)?;
                Some(id.ok_or_else(|| DeskError::no_such("actor", reference, "user"))?)
            }
        };
        let wanted = Oversight { kind: kind.clone(), actor: actor_id, from, until, before, limit: limit + 1 };
        let mut rows = store::journal::oversight(sql, &wanted)?;
        let more = rows.len() as i64 > limit;
        rows.truncate(usize::try_from(limit).unwrap_or(0));
        let next = rows.last().filter(|_| more).map(|(pos, _)| cursor.after(pos));
        let about = |entry: &Entry| (entry.kind == "user").then_some(entry.aggregate);
        let contents = rows.iter().map(|(_, entry)| content(entry)).collect::<Result<Vec<_>, _>>()?;
        let named = contents.iter().flat_map(|content| &content.edits).flat_map(|edit| ids(&edit.old).chain(ids(&edit.new))).map(Some);
        let people = People::read(sql, rows.iter().flat_map(|(_, entry)| [entry.actor, about(entry)]).chain(named))?;
        let edits = contents.iter().flat_map(|content| &content.edits).filter(|edit| edit.field == RECORD);
        let mentioned: HashSet<Uuid> = edits.flat_map(|edit| ids(&edit.old).chain(ids(&edit.new))).collect();
        let mut names = Names { people, records: HashMap::new() };
        for id in mentioned {
            let number = read::visible(env, sql, &actor, id)?.map_or_else(|| "•••".to_owned(), |loaded| loaded.row.number);
            names.records.insert(id, number);
        }
        let told = rows.iter().zip(&contents).map(|((_, entry), content)| item(env, &names, lang.of(&actor), entry, content));
        let items = told.collect();
        Ok(AuditList { items, next })
    });
    Ok(ok(list.await?))
}

/// The field that names a record by its identity.
const RECORD: &str = "record";

/// What identities in values are called.
struct Names {
    people: People,
    /// Numbers of records, which only those are told who may read them.
    records: HashMap<Uuid, String>,
}

/// Kinds of aggregates beside the directory's.
const OTHERS: [&str; 3] = ["user", "token", "pack"];

fn instant(query: &Query, name: &str) -> Result<Option<i64>, Problem> {
    let Some(text) = query.get(name) else { return Ok(None) };
    let wrong = |_| Problem::malformed(format!("{name}={text}: write an instant with offset, such as 2026-03-01T08:00:00+08:00"));
    Ok(Some(chrono::DateTime::parse_from_rfc3339(text).map_err(wrong)?.timestamp_millis()))
}

fn content(entry: &Entry) -> Result<Changed, DeskError> {
    let content: Option<Changed> = journal::content(entry)?;
    Ok(content.unwrap_or(Changed { edits: Vec::new(), key: None }))
}

/// The identities in a value: itself, or the items of a list.
fn ids(value: &Value) -> impl Iterator<Item = Uuid> {
    let items = value.as_array().map_or_else(|| std::slice::from_ref(value), Vec::as_slice);
    items.iter().filter_map(|item| item.as_str()?.parse().ok())
}

fn item(env: &Env, names: &Names, lang: &str, entry: &Entry, content: &Changed) -> AuditItem {
    let people = &names.people;
    let text = |field: &str, value: &Value| short(env, names, lang, (&entry.kind, field), value);
    let change = |edit: &journal::Edit| AuditChange {
        field: edit.field.clone(),
        old: text(&edit.field, &edit.old),
        new: text(&edit.field, &edit.new),
    };
    AuditItem {
        at: time::text(entry.recorded_at),
        actor: people.opt(entry.actor),
        channel: entry.channel.clone(),
        kind: entry.kind.clone(),
        event: entry.event.clone(),
        subject: subject(env, people, lang, entry, content),
        // That something is not there yet is a fact of the journal, and no change.
        changes: content.edits.iter().filter(|edit| edit.old != edit.new).map(change).collect(),
    }
}

fn subject(env: &Env, people: &People, lang: &str, entry: &Entry, content: &Changed) -> Ref {
    let id: Uuid = entry.aggregate;
    if entry.kind == "user" {
        return people.get(id);
    }
    if let Some(item) = env.directory.get(id) {
        return Ref { id: id.to_string(), key: item.key.clone(), label: title(item, lang) };
    }
    let named = content.edits.iter().find(|edit| matches!(edit.field.as_str(), "name" | "key")).and_then(|edit| edit.new.as_str());
    let key = content.key.clone().or_else(|| named.map(str::to_owned)).unwrap_or_default();
    Ref { id: id.to_string(), label: key.clone(), key }
}

/// What an entry is called: by its title where it has no name.
fn title(item: &Item, lang: &str) -> String {
    let title = item.data.get("title").filter(|_| !item.data.contains_key("label"));
    let said = title.and_then(|title| title.get(lang).or_else(|| title.get("zh")).or_else(|| title.get("en"))).and_then(Value::as_str);
    said.map_or_else(|| item.label(lang), str::to_owned)
}

/// Fields that hold an instant.
const INSTANTS: [&str; 4] = ["from", "until", "deputy_from", "deputy_until"];

/// The kind of entry that a field names by key.
fn named_by_key(kind: &str, field: &str) -> Option<EntryKind> {
    match field {
        "roles" => Some(EntryKind::Role),
        "teams" => Some(EntryKind::Team),
        "services" => Some(EntryKind::Service),
        "categories" => Some(EntryKind::Category),
        _ => references::target(EntryKind::parse(kind)?, field),
    }
}

/// A value as text, with names for people, entries and rights; nothing for none. What an option is called, the interface knows.
fn short(env: &Env, names: &Names, lang: &str, (kind, field): (&str, &str), value: &Value) -> String {
    let entry = |key: &str| env.directory.by_key(named_by_key(kind, field)?, key).map(|item| item.label(lang));
    let right = |key: &str| grant::GRANTS.iter().find(|it| field == "actions" && it.key == key).map(|it| it.label(lang).to_owned());
    let name = |text: &str| match text.parse::<Uuid>() {
        Ok(id) => {
            let entry = env.directory.get(id).map(|item| title(item, lang));
            entry.or_else(|| names.people.find(id).map(|person| person.label)).or_else(|| names.records.get(&id).cloned())
        }
        Err(_) => entry(text).or_else(|| right(text)),
    };
    let named = |text: &str| name(text).unwrap_or_else(|| text.to_owned());
    let listed = |texts: Vec<&str>, between: &str| texts.into_iter().map(named).collect::<Vec<_>>().join(between);
    let text = match value {
        Value::Null => String::new(),
        Value::String(text) => named(text),
        Value::Number(at) if field.ends_with("_at") || INSTANTS.contains(&field) => at.as_i64().map(time::text).unwrap_or_default(),
        Value::Array(items) if items.iter().all(Value::is_string) => listed(items.iter().filter_map(Value::as_str).collect(), ", "),
        // What is kept of a secret tells whether two are the same: that is nobody's to know.
        Value::Object(kept) if kept.contains_key("sealed") => "••••••".to_owned(),
        // A text in several languages.
        Value::Object(texts) if texts.keys().all(|lang| lang.len() == 2) && texts.values().all(Value::is_string) => {
            listed(texts.values().filter_map(Value::as_str).collect(), " / ")
        }
        other => other.to_string(),
    };
    let longest = if matches!(value, Value::Object(_) | Value::Array(_)) { LONGEST_JSON } else { LONGEST };
    if text.chars().count() <= longest { text } else { text.chars().take(longest - 1).chain(['…']).collect() }
}
