//! Announcements.

use axum::extract::State;
use axum::http::{Method, StatusCode};
use desk::affected;
use desk::announcement::{self, Over, Stage};
use desk::directory::{EntryKind, Item};
use desk::{Actor, DeskError, Env};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use store::Sql;
use store::directory::DirectoryRow;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::App;
use super::answer::{Answered, answer, ok, respond, versioned};
use super::cursor::Cursor;
use super::document::{Once, Page, Seen};
use super::extract::{Body, IdempotencyKey, IfMatch, Lang, Path, Query, Signed};
use super::problem::Problem;
use super::records::cause;
use super::refs::{self, Ref};
use super::time;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_announcements, create_announcement))
        .routes(routes!(get_announcement, update_announcement))
        .routes(routes!(end_announcement))
        .routes(routes!(join_announcement, leave_announcement))
}

/// For whom an announcement is: whoever belongs to any of these.
#[derive(Serialize, ToSchema)]
struct AudienceBody {
    /// Who sits there, or in what lies within.
    sites: Vec<Ref>,
    /// Who has an open report about it, and who answers for it.
    services: Vec<Ref>,
    /// Who is of it, or of what belongs to it.
    departments: Vec<Ref>,
    /// Its members.
    teams: Vec<Ref>,
}

/// The record that an announcement belongs to.
#[derive(Serialize, ToSchema)]
struct AboutRecord {
    #[serde(rename = "type")]
    type_key: String,
    number: String,
    title: String,
}

/// Who is affected by what an announcement is about.
#[derive(Serialize, ToSchema)]
struct AffectedBody {
    /// Whether the reader has said that they are.
    mine: bool,
    /// Whether they can say so now, or take it back.
    open: bool,
    /// How many have said so, for those who work on it or write announcements.
    count: Option<i64>,
}

/// An announcement.
#[derive(Serialize, ToSchema)]
pub struct AnnouncementBody {
    id: String,
    /// In the answer's language, else in the one there is.
    title: String,
    /// Markdown, in the answer's language, else in the one there is.
    body: Option<String>,
    /// By language.
    #[schema(value_type = Object)]
    titles: Value,
    /// By language.
    #[schema(value_type = Object)]
    bodies: Value,
    /// `outage`, `warning` or `info`.
    severity: String,
    /// `planned`, `current` or `ended`.
    stage: &'static str,
    from: Option<String>,
    until: Option<String>,
    /// Since when the record that it belongs to is solved; null while it is worked on. Without an `until` it ends two hours later.
    recovered_at: Option<String>,
    /// The services that it is about.
    services: Vec<Ref>,
    /// For whom it is, for those who write announcements; null is everybody.
    audience: Option<AudienceBody>,
    /// The record that it belongs to, for those who may read that.
    record: Option<AboutRecord>,
    /// Who is affected; null where it belongs to no record.
    affected: Option<AffectedBody>,
    can_change: bool,
    version: i64,
}

/// Announcements.
#[derive(Serialize, ToSchema)]
struct AnnouncementList {
    items: Vec<AnnouncementBody>,
    /// The next instant at which one of the reader's begins or ends by itself.
    changes_at: Option<String>,
    next: Option<String>,
}

/// What an announcement says. What is left out stays as it is.
#[derive(Deserialize, ToSchema)]
#[expect(dead_code, reason = "describes what the desk reads")]
struct AnnouncementInput {
    /// By language, `zh` and `en`, at most 120 characters each; one of them is enough.
    #[schema(value_type = Option<Object>)]
    title: Option<Value>,
    /// Markdown by language, at most 5,000 characters each.
    #[schema(value_type = Option<Object>)]
    body: Option<Value>,
    /// `outage`, `warning` or `info`.
    severity: Option<String>,
    /// When it begins: an instant with offset; null or left out is now.
    from: Option<String>,
    /// When it ends; null is until somebody ends it.
    until: Option<String>,
    /// `null` is everybody; else lists of ids or keys under `sites`, `services`, `departments` and `teams`.
    #[schema(value_type = Option<Object>)]
    audience: Option<Value>,
    /// The services that it is about, by id or key.
    services: Option<Vec<String>>,
    /// Number of the record that it belongs to.
    record: Option<String>,
}

/// Which announcements.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes what `Query` reads")]
struct Shown {
    /// `current` is what is in force for the caller, the gravest first; `all` is everything but what was over 30 days ago, for those who
    /// write announcements.
    #[param(example = "current")]
    show: Option<String>,
}

fn body(env: &Env, sql: &mut dyn Sql, actor: &Actor, item: &Item, over: &Over, lang: &str) -> Result<AnnouncementBody, DeskError> {
    let words = |name: &str| {
        let by = item.data.get(name).filter(|by| by.is_object())?;
        by.get(lang).or_else(|| by.get("zh")).or_else(|| by.get("en")).and_then(Value::as_str).map(str::to_owned)
    };
    let by_language = |name: &str| item.data.get(name).filter(|by| by.is_object()).cloned().unwrap_or_else(|| Value::Object(Map::new()));
    let entries = |kind: EntryKind, keys: Option<&Value>| -> Vec<Ref> {
        let keys = keys.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
        keys.filter_map(|key| refs::entry(&env.directory, Some(env.directory.by_key(kind, key)?.id), lang)).collect()
    };
    let writes = announcement::may_write(actor);
    let audience = item.data.get("audience").filter(|audience| writes && !audience.is_null()).map(|audience| AudienceBody {
        sites: entries(EntryKind::Site, audience.get("sites")),
        services: entries(EntryKind::Service, audience.get("services")),
        departments: entries(EntryKind::Department, audience.get("departments")),
        teams: entries(EntryKind::Team, audience.get("teams")),
    });
    let record = announcement::record_of(env, sql, actor, item)?.map(|loaded| AboutRecord {
        type_key: loaded.row.type_key,
        number: loaded.row.number,
        title: loaded.row.title,
    });
    let affected = affected::of(env, sql, actor, item)?.map(|it| AffectedBody { mine: it.mine, open: it.open, count: it.count });
    Ok(AnnouncementBody {
        id: item.id.to_string(),
        title: words("title").unwrap_or_default(),
        body: words("body"),
        titles: by_language("title"),
        bodies: by_language("body"),
        severity: item.data.get("severity").and_then(Value::as_str).unwrap_or("info").to_owned(),
        stage: Stage::of(item, over, env.world.now()).as_str(),
        from: time::opt(announcement::instant_of(item, "from")),
        until: time::opt(announcement::instant_of(item, "until")),
        recovered_at: time::opt(over.since(item)),
        services: entries(EntryKind::Service, item.data.get("services")),
        audience,
        record,
        affected,
        can_change: writes && item.active,
        version: item.version,
    })
}

/// Several announcements, each as this reader may see it.
pub fn bodies(env: &Env, sql: &mut dyn Sql, actor: &Actor, items: &[&Item], lang: &str) -> Result<Vec<AnnouncementBody>, DeskError> {
    let over = Over::read(sql, items.iter().copied())?;
    items.iter().map(|item| body(env, sql, actor, item, &over, lang)).collect()
}

fn written(
    env: &Env,
    sql: &mut dyn Sql,
    actor: &Actor,
    row: DirectoryRow,
    lang: &str,
    status: StatusCode,
) -> Result<desk::Answer, DeskError> {
    let item = Item::read(row)?;
    let over = Over::read(sql, [&item])?;
    let body = body(env, sql, actor, &item, &over, lang)?;
    let place = (status == StatusCode::CREATED).then(|| format!("/api/v1/announcements/{}", item.id));
    answer(status, &body, Some(item.version), place)
}

/// Lists the announcements in force for the caller, or all for those who write them
#[utoipa::path(get, path = "/announcements", tag = "announcements", params(Shown, Page),
    responses((status = 200, body = AnnouncementList), (status = 403, body = Problem)))]
async fn list_announcements(State(app): State<App>, Signed(actor): Signed, lang: Lang, query: Query) -> Answered {
    let limit = usize::try_from(query.limit()?).unwrap_or(50);
    let all = match query.get("show") {
        None | Some("current") => false,
        Some("all") => true,
        Some(other) => return Err(DeskError::not_among("show", other, &["current", "all"]).into()),
    };
    let cursor = Cursor::of("announcements", &query);
    let after: Option<(usize, i64, String)> = cursor.place(&query)?;
    let list = app.desk.query(move |env, sql| {
        let (mut items, changes_at, over) = if all {
            (announcement::all(env, &actor)?, None, Over::default())
        } else {
            let shown = announcement::shown(env, sql, &actor)?;
            (shown.items, shown.changes_at, shown.over)
        };
        let place = |item: &Item| if all { announcement::begun(item) } else { announcement::place(item, &over) };
        items.retain(|item| after.as_ref().is_none_or(|after| place(item) > *after));
        let more = items.len() > limit;
        items.truncate(limit);
        let next = items.last().filter(|_| more).map(|item| cursor.after(&place(item)));
        let items = bodies(env, sql, &actor, &items, lang.of(&actor))?;
        Ok(AnnouncementList { items, changes_at: time::opt(changes_at), next })
    });
    Ok(ok(list.await?))
}

/// Publishes an announcement
#[utoipa::path(post, path = "/announcements", tag = "announcements", params(Once), request_body(content = AnnouncementInput, example = json!({
        "title": { "zh": "今晚 22:00 教务系统升级", "en": "The campus system is upgraded tonight at ten" }, "severity": "warning",
        "body": { "zh": "预计 **30 分钟**，期间无法登录。" }, "until": "2026-03-02T23:00:00+08:00", "services": ["campus"], "audience": null
    })), responses((status = 201, body = AnnouncementBody), (status = 403, body = Problem), (status = 422, body = Problem)))]
async fn create_announcement(
    State(app): State<App>,
    Signed(actor): Signed,
    lang: Lang,
    key: IdempotencyKey,
    input: Body<Map<String, Value>>,
) -> Answered {
    let once = key.once(&actor, &Method::POST, "/api/v1/announcements", input.digest);
    let (cause, given) = (cause(&app, &actor), input.value);
    let done = app.desk.execute_once(once, move |env, sql| {
        let (set, row) = announcement::create(env, sql, &cause, &actor, &given)?;
        Ok((set, written(env, sql, &actor, row, lang.of(&actor), StatusCode::CREATED)?))
    });
    Ok(respond(done.await?))
}

/// Reads an announcement: one in force for the caller, or any for those who write them
#[utoipa::path(get, path = "/announcements/{id}", tag = "announcements",
    params(("id" = String, Path, description = "Identity of the announcement")),
    responses((status = 200, body = AnnouncementBody), (status = 404, body = Problem)))]
async fn get_announcement(State(app): State<App>, Signed(actor): Signed, Path(id): Path<Uuid>, lang: Lang) -> Answered {
    let found = app.desk.query(move |env, sql| {
        let item = announcement::find(env, sql, &actor, id)?;
        let over = Over::read(sql, [item])?;
        Ok((body(env, sql, &actor, item, &over, lang.of(&actor))?, item.version))
    });
    let (body, version) = found.await?;
    Ok(versioned(body, version))
}

/// Changes an announcement
#[utoipa::path(patch, path = "/announcements/{id}", tag = "announcements",
    params(("id" = String, Path, description = "Identity of the announcement"), Seen, Once),
    request_body(content = AnnouncementInput, example = json!({ "until": "2026-03-02T23:30:00+08:00" })),
    responses((status = 200, body = AnnouncementBody), (status = 412, body = Problem), (status = 428, body = Problem)))]
async fn update_announcement(
    State(app): State<App>,
    Signed(actor): Signed,
    Path(id): Path<Uuid>,
    lang: Lang,
    key: IdempotencyKey,
    if_match: IfMatch,
    input: Body<Map<String, Value>>,
) -> Answered {
    let seen = if_match.required()?;
    let once = key.once(&actor, &Method::PATCH, &format!("/api/v1/announcements/{id}"), input.digest);
    let (cause, given) = (cause(&app, &actor), input.value);
    let done = app.desk.execute_once(once, move |env, sql| {
        let (set, row) = announcement::change(env, sql, &cause, &actor, id, &given, seen)?;
        Ok((set, written(env, sql, &actor, row, lang.of(&actor), StatusCode::OK)?))
    });
    Ok(respond(done.await?))
}

/// Ends an announcement now; one that has not begun is taken away
#[utoipa::path(post, path = "/announcements/{id}/end", tag = "announcements",
    params(("id" = String, Path, description = "Identity of the announcement"), Seen, Once),
    responses((status = 200, body = AnnouncementBody), (status = 412, body = Problem), (status = 428, body = Problem)))]
async fn end_announcement(
    State(app): State<App>,
    Signed(actor): Signed,
    Path(id): Path<Uuid>,
    lang: Lang,
    key: IdempotencyKey,
    if_match: IfMatch,
) -> Answered {
    let seen = if_match.required()?;
    let once = key.once_without_body(&actor, &Method::POST, &format!("/api/v1/announcements/{id}/end"));
    let cause = cause(&app, &actor);
    let done = app.desk.execute_once(once, move |env, sql| {
        let (set, row) = announcement::end(env, sql, &cause, &actor, id, seen)?;
        Ok((set, written(env, sql, &actor, row, lang.of(&actor), StatusCode::OK)?))
    });
    Ok(respond(done.await?))
}

/// Says that the caller is affected too by what an announcement is about
///
/// They get a mail when it is over, and learn nothing else of the record that it belongs to. Said twice it is said once.
#[utoipa::path(put, path = "/announcements/{id}/affected", tag = "announcements",
    params(("id" = String, Path, description = "Identity of the announcement")),
    responses((status = 204), (status = 404, body = Problem), (status = 409, body = Problem)))]
async fn join_announcement(State(app): State<App>, Signed(actor): Signed, Path(id): Path<Uuid>) -> Answered {
    say(app, actor, id, true).await
}

/// Takes back that the caller is affected
#[utoipa::path(delete, path = "/announcements/{id}/affected", tag = "announcements",
    params(("id" = String, Path, description = "Identity of the announcement")),
    responses((status = 204), (status = 404, body = Problem), (status = 409, body = Problem)))]
async fn leave_announcement(State(app): State<App>, Signed(actor): Signed, Path(id): Path<Uuid>) -> Answered {
    say(app, actor, id, false).await
}

async fn say(app: App, actor: std::sync::Arc<Actor>, id: Uuid, on: bool) -> Answered {
    let cause = cause(&app, &actor);
    app.desk.execute(move |env, sql| Ok((affected::say(env, sql, &cause, &actor, id, on)?, ()))).await?;
    Ok(respond(answer(StatusCode::NO_CONTENT, &(), None, None)?))
}
