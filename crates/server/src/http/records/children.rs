//! `GET /records/{type}/{number}/children` and `POST …/children`

use std::collections::{BTreeMap, HashSet};

use axum::extract::State;
use axum::http::Method;
use desk::job::children::queue;
use desk::record::children::{Family, LOOKED_AT, family, order, preview};
use desk::record::find;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use store::WriteSet;
use store::record_list::ListedRecord;
use utoipa::ToSchema;
use uuid::Uuid;

use super::Address;
use super::bulk::{BulkPreview, JobBegun, told};
use crate::http::App;
use crate::http::answer::{Answered, ok, respond};
use crate::http::cursor::Cursor;
use crate::http::document::{Once, Page, RecordPath};
use crate::http::extract::{Body, IdempotencyKey, Lang, Path, Query, Signed};
use crate::http::problem::Problem;
use crate::http::refs::{People, Ref};
use crate::http::time;

/// A record below another, or one that repeats it.
#[derive(Serialize, ToSchema)]
pub struct ChildBody {
    /// `child` or `duplicate`.
    kind: &'static str,
    #[serde(rename = "type")]
    type_key: String,
    number: String,
    title: String,
    phase: String,
    state_label: String,
    requester: Ref,
    assignee: Option<Ref>,
    opened_at: String,
}

/// The records below another, and those that repeat it.
#[derive(Serialize, ToSchema)]
pub struct ChildList {
    items: Vec<ChildBody>,
    /// How many hang below it.
    children: usize,
    /// How many of those are neither closed nor cancelled.
    open: usize,
    /// How many of those still wait to be resolved.
    unresolved: usize,
    /// How many an order takes, by its action: `comment`, and the outcomes that the pack offers for all of them.
    takes: BTreeMap<String, usize>,
    /// How many repeat it.
    duplicates: usize,
    /// How many people reported all of them.
    requesters: usize,
    /// Whether there are more than were counted.
    cut: bool,
    next: Option<String>,
}

/// Lists the records below a record, the open ones first, then those that repeat it, as far as the reader may see them
///
/// The numbers count those alone.
#[utoipa::path(get, path = "/records/{type}/{number}/children", tag = "records", params(RecordPath, Page),
    responses((status = 200, body = ChildList), (status = 404, body = Problem)))]
pub async fn list_children(
    State(app): State<App>,
    Signed(actor): Signed,
    Path(address): Path<Address>,
    lang: Lang,
    query: Query,
) -> Answered {
    let limit = usize::try_from(query.limit()?).unwrap_or(50);
    let cursor = Cursor::of("children", &query);
    let after: Option<(u8, i64, Uuid)> = cursor.place(&query)?;
    let list = app.desk.query(move |env, sql| {
        let lang = lang.of(&actor);
        let loaded = find(env, sql, &actor, &address.target())?;
        let Family { open, ended, duplicates, cut, takes } = family(env, sql, &actor, &loaded)?;
        let unresolved = open.iter().filter(|row| store::record::is_working(&row.phase)).count();
        let (open_count, children, repeats) = (open.len(), open.len() + ended.len(), duplicates.len());
        let ranked = |rank: u8, rows: Vec<ListedRecord>| rows.into_iter().map(move |row| (rank, row));
        let mut rows: Vec<(u8, ListedRecord)> = ranked(0, open).chain(ranked(1, ended)).chain(ranked(2, duplicates)).collect();
        let requesters: HashSet<Uuid> = rows.iter().map(|(_, row)| row.requester).collect();
        let place = |(rank, row): &(u8, ListedRecord)| (*rank, row.opened_at, row.id);
        rows.retain(|row| after.is_none_or(|after| place(row) > after));
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = rows.last().filter(|_| more).map(|row| cursor.after(&place(row)));
        let people = People::read(sql, rows.iter().flat_map(|(_, row)| [Some(row.requester), row.assignee]))?;
        let item = |(rank, row): (u8, ListedRecord)| ChildBody {
            kind: if rank == 2 { "duplicate" } else { "child" },
            state_label: env
                .packs
                .newest(&row.type_key)
                .map_or_else(|_| row.state.clone(), |it| it.pack.label(lang, &format!("state.{}", row.state))),
            type_key: row.type_key,
            number: row.number,
            title: row.title,
            phase: row.phase,
            requester: people.get(row.requester),
            assignee: people.opt(row.assignee),
            opened_at: time::text(row.opened_at),
        };
        let items = rows.into_iter().map(item).collect();
        Ok(ChildList { items, children, open: open_count, unresolved, takes, duplicates: repeats, requesters: requesters.len(), cut, next })
    });
    Ok(ok(list.await?))
}

/// An action on all open records below another.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChildrenInput {
    /// `comment`, or the key of an outcome.
    action: String,
    /// As the action's schema says.
    #[serde(default)]
    #[schema(value_type = Object)]
    fields: Map<String, Value>,
    /// Only says what would happen.
    #[serde(default)]
    preview: bool,
}

/// Does one action on the open records below a record
///
/// It takes records of the same type that are open: a comment all of them, an outcome those whose step has it. What somebody else works
/// on is left to them, and what a step must know besides is taken from the record above, unless it is personal or secret. With `preview`
/// nothing is written; without, it answers 202 with a job that has a result for each. Its messages are sent at once.
#[utoipa::path(post, path = "/records/{type}/{number}/children", tag = "records", params(RecordPath, Once),
    request_body(content = ChildrenInput, example = json!({
        "action": "comment", "fields": { "body": "The cause is found: back by ten.", "visibility": "public" }, "preview": true
    })), responses((status = 200, body = BulkPreview), (status = 202, body = JobBegun), (status = 422, body = Problem)))]
pub async fn order_children(
    State(app): State<App>,
    Signed(actor): Signed,
    Path(address): Path<Address>,
    lang: Lang,
    key: IdempotencyKey,
    input: Body<ChildrenInput>,
) -> Answered {
    let once = key.once(&actor, &Method::POST, &address.path("/children"), input.digest);
    let ChildrenInput { action, fields, preview: only_looks } = input.value;
    if only_looks {
        let looked = app.desk.query(move |env, sql| {
            let lang = lang.of(&actor);
            let parent = find(env, sql, &actor, &address.target())?;
            let order = order(env, sql, &actor, &parent, &action, &fields, lang)?;
            let foreseen = preview(env, sql, &actor, &order, LOOKED_AT)?;
            told(env, sql, &actor, env.packs.newest(&address.type_key)?, lang, order.children.len(), foreseen)
        });
        return Ok(ok(looked.await?));
    }
    let target = address.target();
    let done = app.desk.execute_once(once, move |env, sql| {
        let parent = find(env, sql, &actor, &target)?;
        let order = order(env, sql, &actor, &parent, &action, &fields, lang.of(&actor))?;
        if order.children.is_empty() {
            return Err(desk::DeskError::NotAvailable("no open record below it is open to this".to_owned()));
        }
        let (job, statement) = queue(env, sql, &order);
        Ok((WriteSet { statements: vec![statement] }, JobBegun::answer(job, i64::try_from(order.children.len()).ok())?))
    });
    Ok(respond(done.await?))
}
