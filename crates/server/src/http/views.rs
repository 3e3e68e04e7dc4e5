//! Saved lists.

use axum::extract::State;
use axum::http::{Method, StatusCode};
use desk::directory::Item;
use desk::{Actor, DeskError, Env, view};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use store::Sql;
use store::directory::DirectoryRow;
use utoipa::ToSchema;
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
use super::refs::{self, People, Ref};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_views, create_view)).routes(routes!(get_view, update_view, delete_view))
}

/// With whom a list is shared.
#[derive(Serialize, ToSchema)]
struct SharedWith {
    /// With everybody who works on records.
    everybody: bool,
    /// With the members of these teams.
    teams: Vec<Ref>,
}

/// A saved list.
#[derive(Serialize, ToSchema)]
struct ViewBody {
    id: String,
    label: String,
    /// The record type.
    #[serde(rename = "type")]
    type_key: String,
    /// Parameters of the list, as its address has them: `state`, `team`, `q` …
    #[schema(value_type = Object)]
    query: Value,
    /// The condition besides.
    #[schema(value_type = Object)]
    filter: Value,
    /// Columns in order; none stand for the usual ones.
    columns: Vec<String>,
    sort: Option<String>,
    /// `list` or `kanban`.
    layout: String,
    /// By what a kanban is divided: `state`, `phase`, `team` or `assignee`.
    group: Option<String>,
    owner: Option<Ref>,
    /// Null when only its owner sees it.
    shared: Option<SharedWith>,
    /// Whether the reader may change it.
    can_change: bool,
    version: i64,
}

/// Saved lists.
#[derive(Serialize, ToSchema)]
struct ViewList {
    items: Vec<ViewBody>,
    next: Option<String>,
}

/// What a saved list holds. What is left out stays as it is.
#[derive(Deserialize, ToSchema)]
#[expect(dead_code, reason = "describes what the desk reads")]
struct ViewInput {
    /// Its name, at most 80 characters.
    label: Option<String>,
    /// The record type.
    #[serde(rename = "type")]
    type_key: Option<String>,
    /// Parameters of the list, as its address has them.
    #[schema(value_type = Option<Object>)]
    query: Option<Value>,
    /// A condition as `filter` of the list has it.
    #[schema(value_type = Option<Object>)]
    filter: Option<Value>,
    /// Standard columns by name, own fields as `fields.<name>`.
    columns: Option<Vec<String>>,
    /// An order of the list.
    sort: Option<String>,
    /// `list` or `kanban`.
    layout: Option<String>,
    /// By what a kanban is divided.
    group: Option<String>,
    /// `null`, `{"everybody": true}` or `{"teams": ["network-l2"]}`; more than null needs the right `view.share`.
    #[schema(value_type = Option<Object>)]
    shared: Option<Value>,
}

fn body(env: &Env, people: &People, actor: &Actor, item: &Item, lang: &str) -> ViewBody {
    let text = |name: &str| item.data.get(name).and_then(Value::as_str).map(str::to_owned);
    let shared = item.data.get("shared").filter(|shared| !shared.is_null()).map(|shared| SharedWith {
        everybody: shared.get("everybody") == Some(&Value::Bool(true)),
        teams: ids(shared.get("teams")).into_iter().filter_map(|id| refs::entry(&env.directory, Some(id), lang)).collect(),
    });
    ViewBody {
        id: item.id.to_string(),
        label: text("name").unwrap_or_default(),
        type_key: text("type").unwrap_or_default(),
        query: item.data.get("query").filter(|query| !query.is_null()).cloned().unwrap_or_else(|| Value::Object(Map::new())),
        filter: item.data.get("filter").cloned().unwrap_or(Value::Null),
        columns: view::columns_of(&item.data),
        sort: text("sort"),
        layout: text("layout").unwrap_or_else(|| "list".to_owned()),
        group: text("group"),
        owner: people.opt(item.id_of("owner")),
        shared,
        can_change: view::may_change(actor, item),
        version: item.version,
    }
}

fn ids(value: Option<&Value>) -> Vec<Uuid> {
    value.and_then(Value::as_array).into_iter().flatten().filter_map(|id| id.as_str()?.parse().ok()).collect()
}

fn written(env: &Env, sql: &mut dyn Sql, actor: &Actor, row: DirectoryRow, lang: &str) -> Result<ViewBody, DeskError> {
    let item = Item::read(row)?;
    let people = People::read(sql, [item.id_of("owner")])?;
    Ok(body(env, &people, actor, &item, lang))
}

/// Lists the saved lists that the caller sees: their own and those shared with them
#[utoipa::path(get, path = "/views", tag = "views", params(Page), responses((status = 200, body = ViewList), (status = 403, body = Problem)))]
async fn list_views(State(app): State<App>, Signed(actor): Signed, lang: Lang, query: Query) -> Answered {
    view::require_work(&actor)?;
    let limit = usize::try_from(query.limit()?).unwrap_or(50);
    let cursor = Cursor::of("views", &query);
    let after: Option<String> = cursor.place(&query)?;
    let list = app.desk.query(move |env, sql| {
        let lang = lang.of(&actor);
        let mut items = view::visible(env, &actor);
        items.retain(|item| after.as_ref().is_none_or(|after| item.key > *after));
        let more = items.len() > limit;
        items.truncate(limit);
        let next = items.last().filter(|_| more).map(|item| cursor.after(&item.key));
        let people = People::read(sql, items.iter().map(|item| item.id_of("owner")))?;
        Ok(ViewList { items: items.into_iter().map(|item| body(env, &people, &actor, item, lang)).collect(), next })
    });
    Ok(ok(list.await?))
}

/// Saves a list
#[utoipa::path(post, path = "/views", tag = "views", params(Once), request_body(content = ViewInput, example = json!({
        "label": "Old and urgent", "type": "ticket", "query": { "state": "open", "team": "mine" }, "columns": ["number", "title", "fields.tier"],
        "filter": { "field": "opened_at", "op": "lt", "value": { "ago": "P7D" } }, "sort": "queue"
    })), responses((status = 201, body = ViewBody), (status = 403, body = Problem), (status = 422, body = Problem)))]
async fn create_view(
    State(app): State<App>,
    Signed(actor): Signed,
    lang: Lang,
    key: IdempotencyKey,
    input: Body<Map<String, Value>>,
) -> Answered {
    let once = key.once(&actor, &Method::POST, "/api/v1/views", input.digest);
    let (cause, given) = (cause(&app, &actor), input.value);
    let done = app.desk.execute_once(once, move |env, sql| {
        let (set, row) = view::create(env, sql, &cause, &actor, &given)?;
        let (version, place) = (row.version, format!("/api/v1/views/{}", row.id));
        let body = written(env, sql, &actor, row, lang.of(&actor))?;
        Ok((set, answer(StatusCode::CREATED, &body, Some(version), Some(place))?))
    });
    Ok(respond(done.await?))
}

/// Reads a saved list
#[utoipa::path(get, path = "/views/{id}", tag = "views", params(("id" = String, Path, description = "Identity of the saved list")),
    responses((status = 200, body = ViewBody), (status = 404, body = Problem)))]
async fn get_view(State(app): State<App>, Signed(actor): Signed, Path(id): Path<Uuid>, lang: Lang) -> Answered {
    let found = app.desk.query(move |env, sql| {
        let item = view::find(env, &actor, id)?;
        let people = People::read(sql, [item.id_of("owner")])?;
        Ok((body(env, &people, &actor, item, lang.of(&actor)), item.version))
    });
    let (body, version) = found.await?;
    Ok(versioned(body, version))
}

/// Changes a saved list: its owner, and administrators what others share
#[utoipa::path(patch, path = "/views/{id}", tag = "views", params(("id" = String, Path, description = "Identity of the saved list"), Seen, Once),
    request_body(content = ViewInput, example = json!({ "shared": { "teams": ["network-l2"] } })),
    responses((status = 200, body = ViewBody), (status = 412, body = Problem), (status = 428, body = Problem)))]
async fn update_view(
    State(app): State<App>,
    Signed(actor): Signed,
    Path(id): Path<Uuid>,
    lang: Lang,
    key: IdempotencyKey,
    if_match: IfMatch,
    input: Body<Map<String, Value>>,
) -> Answered {
    let seen = if_match.required()?;
    let once = key.once(&actor, &Method::PATCH, &format!("/api/v1/views/{id}"), input.digest);
    let (cause, given) = (cause(&app, &actor), input.value);
    let done = app.desk.execute_once(once, move |env, sql| {
        let (set, row) = view::change(env, sql, &cause, &actor, id, &given, seen)?;
        let version = row.version;
        let body = written(env, sql, &actor, row, lang.of(&actor))?;
        Ok((set, answer(StatusCode::OK, &body, Some(version), None)?))
    });
    Ok(respond(done.await?))
}

/// Takes a saved list away, whatever its version
#[utoipa::path(delete, path = "/views/{id}", tag = "views", params(("id" = String, Path, description = "Identity of the saved list"), Once),
    responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem)))]
async fn delete_view(State(app): State<App>, Signed(actor): Signed, Path(id): Path<Uuid>, key: IdempotencyKey) -> Answered {
    let once = key.once_without_body(&actor, &Method::DELETE, &format!("/api/v1/views/{id}"));
    let cause = cause(&app, &actor);
    let done = app.desk.execute_once(once, move |env, sql| {
        let set = view::deactivate(env, sql, &cause, &actor, id)?;
        Ok((set, answer(StatusCode::NO_CONTENT, &Value::Null, None, None)?))
    });
    Ok(respond(done.await?))
}
