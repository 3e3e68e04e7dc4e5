//! Users.

mod access;
mod rights;

use axum::extract::State;
use axum::http::{Method, StatusCode};
use desk::directory::{self, EntryKind, NewUser};
use desk::{DeskError, Env, grant};
use serde::Serialize;
use serde_json::{Map, Value};
use store::user::UserRow;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use crate::http::App;
use crate::http::answer::{Answered, answer, ok, respond, versioned};
use crate::http::cursor::Cursor;
use crate::http::document::{Once, Page, Seen};
use crate::http::extract::{Body, IdempotencyKey, IfMatch, Lang, Path, Query, Signed};
use crate::http::problem::Problem;
use crate::http::records::cause;
use crate::http::refs::{self, People, Ref};
use crate::http::time;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_users, create_user))
        .routes(routes!(get_user, update_user))
        .routes(routes!(rights::get_user_rights))
        .merge(access::routes())
}

/// A user.
#[derive(Serialize, ToSchema)]
struct UserBody {
    id: String,
    /// Username.
    key: String,
    /// Name.
    label: String,
    username: String,
    name: String,
    /// By what lists sort the name: pinyin for Chinese names. It can be written by hand.
    sort_name: String,
    kind: String,
    /// Number in the organisation.
    number: Option<String>,
    email: Option<String>,
    phone: Option<String>,
    locale: String,
    active: bool,
    expires_at: Option<String>,
    employer: Option<String>,
    /// What an outsourced person is contracted for.
    area: Option<String>,
    site: Option<Ref>,
    department: Option<Ref>,
    roles: Vec<String>,
    /// Names of the roles, in the same order.
    role_labels: Vec<String>,
    teams: Vec<Ref>,
    /// Who stands in from `deputy_from` until `deputy_until`.
    deputy: Option<Ref>,
    deputy_from: Option<String>,
    deputy_until: Option<String>,
    /// Most open records that work within a team may give the person, in place of what the team says; 0 is nothing.
    capacity: Option<i64>,
    /// Open steps that the person has accepted, at most 1,000; absent in lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    open_steps: Option<usize>,
    version: i64,
}

/// A page of users.
#[derive(Serialize, ToSchema)]
struct UserList {
    items: Vec<UserBody>,
    next: Option<String>,
}

fn body(env: &Env, people: &People, row: UserRow, lang: &str) -> UserBody {
    let teams = env.directory.teams_of(row.id).iter().filter_map(|team| refs::entry(&env.directory, Some(*team), lang)).collect();
    let roles: Vec<String> = serde_json::from_str(&row.roles).unwrap_or_default();
    let role = |key: &String| env.directory.by_key(EntryKind::Role, key).map_or_else(|| key.clone(), |item| item.label(lang));
    UserBody {
        id: row.id.to_string(),
        key: row.username.clone(),
        label: row.name.clone(),
        username: row.username,
        name: row.name,
        sort_name: row.sort_name,
        kind: row.kind,
        number: row.number,
        email: row.email,
        phone: row.phone,
        locale: row.locale,
        active: row.active,
        expires_at: time::opt(row.expires_at),
        employer: row.employer,
        area: row.area,
        site: refs::entry(&env.directory, row.site, lang),
        department: refs::entry(&env.directory, row.department, lang),
        role_labels: roles.iter().map(role).collect(),
        roles,
        teams,
        deputy: people.opt(row.deputy),
        deputy_from: time::opt(row.deputy_from),
        deputy_until: time::opt(row.deputy_until),
        capacity: row.capacity,
        open_steps: None,
        version: row.version,
    }
}

/// A user as an answer of their own.
fn whole(env: &Env, sql: &mut dyn store::Sql, row: UserRow, lang: &str) -> Result<UserBody, DeskError> {
    let people = People::read(sql, [row.deputy])?;
    let open_steps = Some(store::task::held_by(sql, row.id, 1000)?.len());
    Ok(UserBody { open_steps, ..body(env, &people, row, lang) })
}

/// Which users.
#[derive(utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes what `Query` reads")]
struct UserFilter {
    /// Part of the name, of how it is read (`zhangwei`, `zw`), of the username, e-mail address, phone or number.
    q: Option<String>,
    /// Only accounts that are open, or only those that are not.
    active: Option<bool>,
}

/// Lists users by name
#[utoipa::path(get, path = "/users", tag = "organisation",
    params(UserFilter, Page),
    responses((status = 200, body = UserList), (status = 403, body = Problem)))]
async fn list_users(State(app): State<App>, Signed(actor): Signed, lang: Lang, query: Query) -> Answered {
    actor.require("user.read")?;
    let limit = query.limit()?;
    let q = query.get("q").map(str::to_owned);
    let active = query.flag("active")?;
    let cursor = Cursor::of("users", &query);
    let after: Option<(String, Uuid)> = cursor.place(&query)?;
    let list = app.desk.query(move |env, sql| {
        let mut rows = store::user::list(sql, q.as_deref(), active, after, limit + 1)?;
        let more = rows.len() as i64 > limit;
        rows.truncate(usize::try_from(limit).unwrap_or(0));
        let next = rows.last().filter(|_| more).map(|row| cursor.after(&(&row.sort_name, row.id)));
        let people = People::read(sql, rows.iter().map(|row| row.deputy))?;
        Ok(UserList { items: rows.into_iter().map(|row| body(env, &people, row, lang.of(&actor))).collect(), next })
    });
    Ok(ok(list.await?))
}

/// Reads a user
#[utoipa::path(get, path = "/users/{id}", tag = "organisation", params(("id" = String, Path, description = "Id or username")), responses((status = 200, body = UserBody), (status = 404, body = Problem)))]
async fn get_user(State(app): State<App>, Signed(actor): Signed, Path(id): Path<String>, lang: Lang) -> Answered {
    actor.require("user.read")?;
    let body = app.desk.query(move |env, sql| {
        let row = find(sql, &id)?;
        whole(env, sql, row, lang.of(&actor))
    });
    let body = body.await?;
    let version = body.version;
    Ok(versioned(body, version))
}

fn find(sql: &mut dyn store::Sql, reference: &str) -> Result<UserRow, DeskError> {
    let by_id = match reference.parse::<Uuid>() {
        Ok(id) => store::user::find(sql, id)?,
        Err(_) => store::user::find_username(sql, reference)?,
    };
    by_id.ok_or_else(|| DeskError::NotFound(format!("user '{reference}'")))
}

/// Takes `expires_at` as RFC 3339 and `password` out of the values.
fn split(mut values: Map<String, Value>) -> Result<(Map<String, Value>, Option<String>), DeskError> {
    let password = match values.remove("password") {
        None => None,
        Some(Value::String(text)) => Some(text),
        Some(_) => return Err(DeskError::field("/password", "type", "write a text")),
    };
    instants(&mut values)?;
    Ok((values, password))
}

/// Reads the instants among a user's values.
pub(super) fn instants(values: &mut Map<String, Value>) -> Result<(), DeskError> {
    for field in ["expires_at", "deputy_from", "deputy_until"] {
        if let Some(Value::String(text)) = values.get(field) {
            let wrong =
                || DeskError::field(format!("/{field}"), "format", "write an instant with offset, such as 2026-12-31T18:00:00+08:00");
            let at = chrono::DateTime::parse_from_rfc3339(text).map_err(|_| wrong())?;
            values.insert(field.to_owned(), at.timestamp_millis().into());
        }
    }
    Ok(())
}

async fn hash(password: Option<String>) -> Result<Option<String>, DeskError> {
    let Some(password) = password else { return Ok(None) };
    let hash = tokio::task::spawn_blocking(move || directory::hash_password(&password)).await;
    hash.map_err(|error| DeskError::outside("hash a password", error))?.map(Some)
}

/// Creates a user
#[utoipa::path(post, path = "/users", tag = "organisation", params(Once),
    request_body(content = Object, example = json!({
        "username": "zhang.wei", "name": "张伟", "email": "zhang.wei@example.org", "roles": ["requester"], "password": "at least ten signs"
    })),
    responses((status = 201, body = UserBody), (status = 403, body = Problem), (status = 422, body = Problem)))]
async fn create_user(
    State(app): State<App>,
    Signed(actor): Signed,
    lang: Lang,
    key: IdempotencyKey,
    request: Body<Map<String, Value>>,
) -> Answered {
    actor.require("user.write")?;
    let once = key.once(&actor, &Method::POST, "/api/v1/users", request.digest);
    let (mut values, password) = split(request.value)?;
    let username = match values.remove("username") {
        Some(Value::String(text)) => text,
        _ => return Err(DeskError::field("/username", "required", "name the account").into()),
    };
    let hash = hash(password).await?;
    let cause = cause(&app, &actor);
    let new = NewUser { username, values, password: hash, ..NewUser::default() };
    let done = app.desk.execute_once(once, move |env, sql| {
        grant::require_account(&actor, &env.directory, None, &new.values)?;
        let (set, row) = directory::create_user(env, sql, &cause, &new)?;
        let (version, location) = (row.version, format!("/api/v1/users/{}", row.id));
        Ok((set, answer(StatusCode::CREATED, &whole(env, sql, row, lang.of(&actor))?, Some(version), Some(location))?))
    });
    Ok(respond(done.await?))
}

/// Changes a user (merge patch); `active: false` ends the account, its sessions and tokens, and hands its work over
#[utoipa::path(patch, path = "/users/{id}", tag = "organisation", params(("id" = String, Path, description = "Id or username"), Seen, Once),
    request_body(content = Object, example = json!({ "active": false })),
    responses((status = 200, body = UserBody), (status = 403, body = Problem), (status = 412, body = Problem), (status = 428, body = Problem)))]
async fn update_user(
    State(app): State<App>,
    Signed(actor): Signed,
    Path(id): Path<String>,
    lang: Lang,
    key: IdempotencyKey,
    if_match: IfMatch,
    request: Body<Map<String, Value>>,
) -> Answered {
    actor.require("user.write")?;
    let expected = if_match.required()?;
    let once = key.once(&actor, &Method::PATCH, &format!("/api/v1/users/{id}"), request.digest);
    let (values, password) = split(request.value)?;
    let hash = hash(password).await?;
    let cause = cause(&app, &actor);
    let done = app.desk.execute_once(once, move |env, sql| {
        let user = find(sql, &id)?;
        grant::require_account(&actor, &env.directory, Some(&user), &values)?;
        let (set, row) = directory::change_user(env, sql, &cause, user.id, &values, hash.as_deref(), Some(expected))?;
        let version = row.version;
        Ok((set, answer(StatusCode::OK, &whole(env, sql, row, lang.of(&actor))?, Some(version), None)?))
    });
    let done = done.await?;
    // The change may have ended sessions: live views of this user look again whether they may go on.
    if let Some(user) = done.body["id"].as_str().and_then(|id| id.parse().ok()) {
        app.desk.announce_ended(user);
    }
    Ok(respond(done))
}
