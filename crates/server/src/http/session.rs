//! Signing in and out; listing and ending sessions.

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use desk::{Actor, DeskError, Proof};
use serde::{Deserialize, Serialize};
use store::session::SessionRow;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::App;
use super::answer::{Answered, ok};
use super::extract::{Address, Body, COOKIE, Lang, Path, Signed, check_origin};
use super::me::{Me, me};
use super::parameters::Known;
use super::problem::Problem;
use super::time;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(create_session, delete_session)).routes(routes!(list_sessions)).routes(routes!(delete_one_session))
}

/// Name and password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Credentials {
    username: String,
    password: String,
}

/// A begun session.
#[derive(Serialize, ToSchema)]
struct Begun {
    user: Me,
    /// What writes with the cookie carry in `X-CSRF-Token`.
    csrf: String,
}

/// Signs in and sets the session cookie
#[utoipa::path(post, path = "/session", tag = "session", request_body(content = Credentials, example = json!({ "username": "zhang.wei", "password": "…" })),
    responses((status = 200, body = Begun), (status = 401, body = Problem), (status = 403, body = Problem), (status = 429, body = Problem), (status = 503, body = Problem)))]
async fn create_session(
    State(app): State<App>,
    _: Known,
    Address(address): Address,
    headers: HeaderMap,
    lang: Lang,
    body: Body<Credentials>,
) -> Answered {
    // No session proves anything yet: without this another site's page could sign its visitor in as somebody else.
    check_origin(&headers, &app)?;
    app.desk.gate().pass()?;
    let Credentials { username, password } = body.value;
    if username.len() > 200 || password.len() > 500 {
        return Err(DeskError::field("/username", "length", "name or password is too long").into());
    }
    let agent = headers.get(header::USER_AGENT).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let signed = desk::session::sign_in(&app.desk, &username, &password, &address, agent).await?;
    let proof = Proof::Session { id: signed.session, csrf: Vec::new() };
    let actor = Actor::new(signed.user, &app.desk.env().directory, proof, app.desk.world().now());
    let user = me(&app, &actor, lang.of(&actor)).await?;
    let mut response = ok(Begun { user, csrf: signed.csrf });
    let secure = if app.config.tls || app.config.public_url.starts_with("https://") { "; Secure" } else { "" };
    let life = desk::session::SESSION_LIFE / 1000;
    let cookie = format!("{COOKIE}={}; Path=/; HttpOnly; SameSite=Lax; Max-Age={life}{secure}", signed.cookie);
    set_cookie(&mut response, &cookie);
    Ok(response)
}

fn set_cookie(response: &mut Response, cookie: &str) {
    if let Ok(value) = HeaderValue::from_str(cookie) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
}

/// Signs out
#[utoipa::path(delete, path = "/session", tag = "session", responses((status = 204)))]
async fn delete_session(State(app): State<App>, Signed(actor): Signed) -> Answered {
    if let Proof::Session { id, .. } = actor.proof {
        end(&app, actor.user.id, id).await?;
    }
    let mut response = StatusCode::NO_CONTENT.into_response();
    set_cookie(&mut response, &format!("{COOKIE}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0"));
    Ok(response)
}

async fn end(app: &App, user: Uuid, session: Uuid) -> Result<(), DeskError> {
    let set = store::WriteSet { statements: vec![store::session::end(user, session)] };
    app.desk.apply(set).await?;
    app.desk.announce_ended(user);
    Ok(())
}

/// A session.
#[derive(Serialize, ToSchema)]
struct SessionBody {
    id: String,
    created_at: String,
    last_seen_at: String,
    expires_at: String,
    user_agent: String,
    address: String,
    /// Whether it is the one that asks.
    current: bool,
}

/// Sessions.
#[derive(Serialize, ToSchema)]
pub(super) struct SessionList {
    items: Vec<SessionBody>,
    next: Option<String>,
}

impl SessionList {
    /// The sessions of somebody; `current` is the one that asks.
    pub(super) fn of(rows: Vec<SessionRow>, current: Option<Uuid>) -> Self {
        let items = rows.into_iter().map(|row| SessionBody {
            id: row.id.to_string(),
            created_at: time::text(row.created_at),
            last_seen_at: time::text(row.last_seen_at),
            expires_at: time::text(row.expires_at),
            user_agent: row.user_agent,
            address: row.address,
            current: current == Some(row.id),
        });
        Self { items: items.collect(), next: None }
    }
}

/// Lists one's own sessions
#[utoipa::path(get, path = "/sessions", tag = "session", responses((status = 200, body = SessionList)))]
async fn list_sessions(State(app): State<App>, Signed(actor): Signed) -> Answered {
    let user = actor.user.id;
    let rows = app.desk.query(move |_, sql| Ok(store::session::of_user(sql, user)?)).await?;
    let current = match &actor.proof {
        Proof::Session { id, .. } => Some(*id),
        Proof::Token { .. } => None,
    };
    Ok(ok(SessionList::of(rows, current)))
}

/// Ends one of one's own sessions
#[utoipa::path(delete, path = "/sessions/{id}", tag = "session", params(("id" = String, Path, description = "Identity of the session")),
    responses((status = 204), (status = 404, body = Problem)))]
async fn delete_one_session(State(app): State<App>, Signed(actor): Signed, Path(id): Path<Uuid>) -> Answered {
    let user = actor.user.id;
    if !app.desk.query(move |_, sql| Ok(store::session::is_of(sql, user, id)?)).await? {
        return Err(DeskError::NotFound(format!("session '{id}'")).into());
    }
    end(&app, user, id).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
