//! The signed-in person.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use desk::{Actor, Proof};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::App;
use super::answer::{Answered, ok};
use super::extract::{Address, Body, Lang, Signed};
use super::problem::Problem;
use super::refs::{self, Ref};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get_me, update_me)).routes(routes!(change_password))
}

/// The signed-in person.
#[derive(Serialize, ToSchema)]
pub struct Me {
    id: String,
    /// Username.
    key: String,
    /// Name.
    label: String,
    email: Option<String>,
    locale: String,
    /// What writes with the cookie carry; the same for the whole session.
    #[serde(skip_serializing_if = "Option::is_none")]
    csrf: Option<String>,
    /// Whether the workspace is open to this person.
    workspace: bool,
    /// Whether this person administers everything.
    admin: bool,
    roles: Vec<String>,
    /// What this person may do apart from records.
    actions: Vec<String>,
    teams: Vec<Ref>,
    site: Option<Ref>,
}

/// Describes the signed-in person.
pub fn me(app: &App, actor: &Actor, lang: &str) -> Me {
    let env = app.desk.env();
    let csrf = match &actor.proof {
        Proof::Session { id, csrf } => Some(env.keyring.csrf_of(*id, csrf)),
        Proof::Token { .. } => None,
    };
    Me {
        id: actor.user.id.to_string(),
        key: actor.user.username.clone(),
        label: actor.user.name.clone(),
        email: actor.user.email.clone(),
        locale: actor.user.locale.clone(),
        csrf,
        workspace: actor.may("workspace"),
        admin: actor.is_admin(),
        roles: actor.roles.clone(),
        actions: actor.actions.clone(),
        teams: actor.teams.iter().filter_map(|team| refs::entry(&env.directory, Some(*team), lang)).collect(),
        site: refs::entry(&env.directory, actor.user.site, lang),
    }
}

/// Who is signed in
#[utoipa::path(get, path = "/me", tag = "session", responses((status = 200, body = Me), (status = 401, body = Problem)))]
async fn get_me(State(app): State<App>, Signed(actor): Signed, lang: Lang) -> Answered {
    Ok(ok(me(&app, &actor, lang.of(&actor))))
}

/// What people may change about themselves.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct MeChange {
    /// `zh` or `en`.
    locale: String,
}

/// Changes one's own settings
#[utoipa::path(patch, path = "/me", tag = "session", request_body(content = MeChange, example = json!({ "locale": "en" })), responses((status = 200, body = Me), (status = 422, body = Problem)))]
async fn update_me(State(app): State<App>, Signed(actor): Signed, lang: Lang, body: Body<MeChange>) -> Answered {
    let cause = super::records::cause(&app, &actor);
    let change: Map<String, Value> = Map::from_iter([("locale".to_owned(), Value::from(body.value.locale))]);
    let id = actor.user.id;
    let row = app.desk.execute(move |env, sql| desk::directory::change_user(env, sql, &cause, id, &change, None, None)).await?;
    let actor = Actor::new(row, &app.desk.env().directory, actor.proof.clone());
    Ok(ok(me(&app, &actor, lang.of(&actor))))
}

/// The old password and the new one.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PasswordChange {
    old: String,
    new: String,
}

/// Changes one's own password and ends one's other sessions
///
/// Wrong old passwords count as failures to sign in and are slowed down alike.
#[utoipa::path(post, path = "/me/password", tag = "session", request_body(content = PasswordChange, example = json!({ "old": "…", "new": "at least eight signs" })),
    responses((status = 204), (status = 422, body = Problem), (status = 429, body = Problem)))]
async fn change_password(State(app): State<App>, Signed(actor): Signed, Address(address): Address, body: Body<PasswordChange>) -> Answered {
    let cause = super::records::cause(&app, &actor);
    let PasswordChange { old, new } = body.value;
    desk::session::change_own_password(&app.desk, &cause, &actor, &old, &new, &address).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
