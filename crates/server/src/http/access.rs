//! Who is signed in, and which programs have tokens: of everybody, for those who look after the system.

use axum::extract::State;
use desk::session::SESSION_IDLE;
use desk::{DeskError, Env};
use serde::Serialize;
use store::Sql;
use store::session::Held;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::App;
use super::answer::{Answered, ok};
use super::cursor::Cursor;
use super::document::Page;
use super::extract::{Query, Signed};
use super::problem::Problem;
use super::refs::{People, Ref};
use super::time;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_all_sessions)).routes(routes!(list_all_tokens))
}

/// Something that lets somebody in.
#[derive(Serialize, ToSchema)]
struct AccessBody {
    id: String,
    user: Ref,
    /// Name of a token.
    name: Option<String>,
    /// What a token may do.
    scopes: Vec<String>,
    created_at: String,
    last_used_at: Option<String>,
    expires_at: Option<String>,
    /// The browser of a session.
    user_agent: Option<String>,
    /// Where a session was begun.
    address: Option<String>,
}

/// A page of what lets people in.
#[derive(Serialize, ToSchema)]
struct AccessList {
    items: Vec<AccessBody>,
    next: Option<String>,
}

/// Of whom.
#[derive(utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes what `Query` reads")]
struct AccessFilter {
    /// Id or username of one person.
    user: Option<String>,
}

fn held(sql: &mut dyn Sql, user: Option<&str>, after: Option<(i64, Uuid)>, limit: i64) -> Result<Held, DeskError> {
    let user = match user {
        None => None,
        Some(reference) => {
            let id = desk::record::references::user(sql, reference)?;
            Some(id.ok_or_else(|| DeskError::no_such("user", reference, "user"))?)
        }
    };
    Ok(Held { user, after, limit: limit + 1 })
}

type Place = (i64, Uuid);
type Rows = Vec<(Place, Uuid, Box<dyn FnOnce(Ref) -> AccessBody + Send>)>;

fn page(sql: &mut dyn Sql, mut rows: Rows, limit: i64, cursor: &Cursor) -> Result<AccessList, DeskError> {
    let limit = usize::try_from(limit).unwrap_or(0);
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next = rows.last().filter(|_| more).map(|(place, ..)| cursor.after(place));
    let people = People::read(sql, rows.iter().map(|(_, user, _)| Some(*user)))?;
    Ok(AccessList { items: rows.into_iter().map(|(_, user, body)| body(people.get(user))).collect(), next })
}

/// Lists the sessions of everybody that are not over, newest first
#[utoipa::path(get, path = "/access/sessions", tag = "system", params(AccessFilter, Page),
    responses((status = 200, body = AccessList), (status = 403, body = Problem)))]
async fn list_all_sessions(State(app): State<App>, Signed(actor): Signed, query: Query) -> Answered {
    actor.require("access.read")?;
    let (limit, cursor) = (query.limit()?, Cursor::of("access/sessions", &query));
    let (after, user) = (cursor.place(&query)?, query.get("user").map(str::to_owned));
    let list = app.desk.query(move |env: &Env, sql| {
        let held = held(sql, user.as_deref(), after, limit)?;
        let now = env.world.now();
        let rows = store::session::of_all(sql, held, now, now - SESSION_IDLE)?;
        let body = |row: store::session::SessionRow| -> (Place, Uuid, Box<dyn FnOnce(Ref) -> AccessBody + Send>) {
            let place = (row.created_at, row.id);
            let of = row.user;
            let body = move |user| AccessBody {
                id: row.id.to_string(),
                user,
                name: None,
                scopes: Vec::new(),
                created_at: time::text(row.created_at),
                last_used_at: Some(time::text(row.last_seen_at)),
                expires_at: Some(time::text(row.expires_at)),
                user_agent: Some(row.user_agent),
                address: Some(row.address),
            };
            (place, of, Box::new(body))
        };
        page(sql, rows.into_iter().map(body).collect(), limit, &cursor)
    });
    Ok(ok(list.await?))
}

/// Lists the tokens of everybody that were not revoked, newest first
#[utoipa::path(get, path = "/access/tokens", tag = "system", params(AccessFilter, Page),
    responses((status = 200, body = AccessList), (status = 403, body = Problem)))]
async fn list_all_tokens(State(app): State<App>, Signed(actor): Signed, query: Query) -> Answered {
    actor.require("access.read")?;
    let (limit, cursor) = (query.limit()?, Cursor::of("access/tokens", &query));
    let (after, user) = (cursor.place(&query)?, query.get("user").map(str::to_owned));
    let list = app.desk.query(move |_, sql| {
        let held = held(sql, user.as_deref(), after, limit)?;
        let rows = store::session::tokens_of_all(sql, held)?;
        let body = |row: store::session::TokenRow| -> (Place, Uuid, Box<dyn FnOnce(Ref) -> AccessBody + Send>) {
            let place = (row.created_at, row.id);
            let of = row.user;
            let body = move |user| AccessBody {
                id: row.id.to_string(),
                user,
                name: Some(row.name),
                scopes: row.scopes.split_whitespace().map(str::to_owned).collect(),
                created_at: time::text(row.created_at),
                last_used_at: time::opt(row.last_used_at),
                expires_at: time::opt(row.expires_at),
                user_agent: None,
                address: None,
            };
            (place, of, Box::new(body))
        };
        page(sql, rows.into_iter().map(body).collect(), limit, &cursor)
    });
    Ok(ok(list.await?))
}
