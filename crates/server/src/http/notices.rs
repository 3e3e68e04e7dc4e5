//! Notices: what happened that concerns the caller, and that they have seen it.

use axum::extract::State;
use axum::http::{Method, StatusCode};
use desk::notice::{self, Notice};
use desk::record::find;
use desk::record::read::Target;
use desk::{DeskError, Env};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::App;
use super::answer::{Answered, answer, ok, respond};
use super::cursor::Cursor;
use super::document::{Once, Page};
use super::extract::{Body, IdempotencyKey, Lang, Query, Signed};
use super::problem::Problem;
use super::refs::{People, Ref};
use super::time;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_notices)).routes(routes!(see_notices))
}

/// The record that a notice is about.
#[derive(Serialize, ToSchema)]
struct NoticeRecord {
    number: String,
    #[serde(rename = "type")]
    type_key: String,
    title: String,
    phase: String,
    state_label: String,
}

/// Something that happened and concerns the caller.
#[derive(Serialize, ToSchema)]
struct NoticeBody {
    record: NoticeRecord,
    /// Why it concerns them: `mentioned`, `expert`, `urged`, `assigned`, `duty`, `work`, `own`, `watched`, `reminder` or `call_back`.
    about: String,
    /// Event of the entry, as the timeline calls it.
    kind: String,
    by: Option<Ref>,
    at: String,
    seen: bool,
}

/// A page of notices.
#[derive(Serialize, ToSchema)]
struct NoticeList {
    items: Vec<NoticeBody>,
    /// How many were not seen, up to 100.
    unseen: usize,
    next: Option<String>,
}

/// Most that is counted.
const COUNTED: i64 = 100;

/// Lists what happened that concerns the caller, newest first
#[utoipa::path(get, path = "/notices", tag = "session",
    params(("unseen" = Option<bool>, Query, description = "True for those that were not seen"), Page),
    responses((status = 200, body = NoticeList)))]
async fn list_notices(State(app): State<App>, Signed(actor): Signed, lang: Lang, query: Query) -> Answered {
    let limit = query.limit()?;
    let unseen = query.flag("unseen")?.unwrap_or(false);
    let cursor = Cursor::of("notices", &query);
    let after: Option<(i64, Uuid, i64)> = cursor.place(&query)?;
    let list = app.desk.query(move |env, sql| {
        let page = notice::list(env, sql, &actor, unseen, after, limit)?;
        let waiting = notice::list(env, sql, &actor, true, None, COUNTED)?;
        let people = People::read(sql, page.items.iter().map(|notice| notice.row.by))?;
        Ok(NoticeList {
            items: page.items.iter().map(|notice| body(env, &people, notice, lang.of(&actor))).collect(),
            unseen: waiting.items.len(),
            next: page.next.map(|place| cursor.after(&place)),
        })
    });
    Ok(ok(list.await?))
}

fn body(env: &Env, people: &People, notice: &Notice, lang: &str) -> NoticeBody {
    let Notice { row, record } = notice;
    let pinned = env.packs.newest(&record.type_key);
    NoticeBody {
        record: NoticeRecord {
            number: record.number.clone(),
            type_key: record.type_key.clone(),
            title: record.title.clone(),
            phase: record.phase.clone(),
            state_label: pinned.map_or_else(|_| record.state.clone(), |p| p.pack.label(lang, &format!("state.{}", record.state))),
        },
        about: row.about.clone(),
        kind: row.event.clone(),
        by: people.opt(row.by),
        at: time::text(row.at),
        seen: row.read_at.is_some(),
    }
}

/// What was seen.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Seen {
    /// All that concerned the caller of this record up to now; all of every record when left out.
    record: Option<SeenRecord>,
}

/// A record by type and number.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SeenRecord {
    #[serde(rename = "type")]
    type_key: String,
    number: String,
}

/// Notes that the caller has seen what concerned them
#[utoipa::path(post, path = "/notices/seen", tag = "session", params(Once),
    request_body(content = Seen, example = json!({ "record": { "type": "…", "number": "…-2026-000123" } })),
    responses((status = 204), (status = 404, body = Problem)))]
async fn see_notices(State(app): State<App>, Signed(actor): Signed, key: IdempotencyKey, body: Body<Seen>) -> Answered {
    let once = key.once(&actor, &Method::POST, "/api/v1/notices/seen", body.digest);
    let seen = body.value;
    let done = app.desk.execute_once(once, move |env, sql| {
        let now = env.world.now();
        let statement = match &seen.record {
            None => store::notice::all_seen(actor.user.id, now, now),
            Some(record) => {
                let target = Target::Number { type_key: record.type_key.clone(), number: record.number.clone() };
                let row = find(env, sql, &actor, &target)?.row;
                store::notice::seen(actor.user.id, row.id, row.version, now)
            }
        };
        let set = store::WriteSet { statements: vec![statement] };
        Ok::<_, DeskError>((set, answer(StatusCode::NO_CONTENT, &(), None, None)?))
    });
    Ok(respond(done.await?))
}
