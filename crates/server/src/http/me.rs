//! The signed-in person.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use desk::{Actor, DeskError, Proof, preference, settings};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::App;
use super::answer::{Answered, ok};
use super::extract::{Address, Body, Lang, Signed};
use super::preferences::Preferences;
use super::problem::Problem;
use super::refs::{self, Ref};
use super::time;

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
    /// Whether the guided first run is open and this person may go on with it.
    setup: bool,
    teams: Vec<Ref>,
    site: Option<Ref>,
    /// Who stands in for this person, from `deputy_from` until `deputy_until`.
    deputy: Option<Ref>,
    deputy_from: Option<String>,
    deputy_until: Option<String>,
    /// For whom this person stands in today.
    stands_in_for: Vec<StandsIn>,
    /// What terms are called here in the answer's language, where that is not what pages say by themselves; `team.many` for several.
    words: BTreeMap<String, String>,
    /// How this person likes to see things, as `/me/preferences` has it.
    preferences: Preferences,
}

/// Somebody for whom a person stands in.
#[derive(Serialize, ToSchema)]
struct StandsIn {
    person: Ref,
    until: String,
}

/// Describes the signed-in person.
pub async fn me(app: &App, actor: &Actor, lang: &str) -> Result<Me, DeskError> {
    let user = actor.user.id;
    let preferences = app.desk.query(move |_, sql| Ok(preference::of(sql, user)?)).await?;
    let env = app.desk.env();
    let csrf = match &actor.proof {
        Proof::Session { id, csrf } => Some(env.keyring.csrf_of(*id, csrf)),
        Proof::Token { .. } => None,
    };
    let own = env.directory.deputations().iter().find(|it| it.person == actor.user.id);
    let away = env.directory.stands_in_for(actor.user.id, env.world.now());
    Ok(Me {
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
        setup: actor.may("setting.write") && settings::setup_is_open(&env.directory),
        teams: actor.teams.iter().filter_map(|team| refs::entry(&env.directory, Some(*team), lang)).collect(),
        site: refs::entry(&env.directory, actor.user.site, lang),
        deputy: own.map(|it| reference(it.deputy, &it.deputy_username, &it.deputy_name)),
        deputy_from: time::opt(actor.user.deputy_from),
        deputy_until: time::opt(actor.user.deputy_until),
        stands_in_for: away
            .map(|it| StandsIn { person: reference(it.person, &it.username, &it.name), until: time::text(it.until) })
            .collect(),
        words: settings::words::spoken(&env.directory).remove(lang).unwrap_or_default(),
        preferences: Preferences::of(preferences),
    })
}

fn reference(id: Uuid, key: &str, label: &str) -> Ref {
    Ref { id: id.to_string(), key: key.to_owned(), label: label.to_owned() }
}

/// Who is signed in
#[utoipa::path(get, path = "/me", tag = "session", responses((status = 200, body = Me), (status = 401, body = Problem)))]
async fn get_me(State(app): State<App>, Signed(actor): Signed, lang: Lang) -> Answered {
    Ok(ok(me(&app, &actor, lang.of(&actor)).await?))
}

/// What people may change about themselves.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct MeChange {
    /// `zh` or `en`.
    #[serde(skip_serializing_if = "Option::is_none")]
    locale: Option<String>,
    /// Who stands in, by id or username; null for nobody.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    deputy: Option<Value>,
    /// From when (RFC 3339 with offset).
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    deputy_from: Option<Value>,
    /// Until when (RFC 3339 with offset).
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    deputy_until: Option<Value>,
}

/// A value that was given, be it null.
fn given<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(from).map(Some)
}

/// Changes one's own settings
#[utoipa::path(patch, path = "/me", tag = "session", request_body(content = MeChange, example = json!({ "locale": "en" })), responses((status = 200, body = Me), (status = 403, body = Problem), (status = 422, body = Problem)))]
async fn update_me(State(app): State<App>, Signed(actor): Signed, lang: Lang, body: Body<MeChange>) -> Answered {
    let cause = super::records::cause(&app, &actor);
    let change = serde_json::to_value(body.value).map_err(|error| DeskError::outside("read one's own settings", error))?;
    let mut change: Map<String, Value> = change.as_object().cloned().unwrap_or_default();
    super::users::instants(&mut change)?;
    // Whom one may name is who one may find: requesters know nobody's username.
    if change.keys().any(|field| field.starts_with("deputy")) {
        actor.require("workspace")?;
    }
    let id = actor.user.id;
    let row = app.desk.execute(move |env, sql| desk::directory::change_user(env, sql, &cause, id, &change, None, None)).await?;
    let actor = Actor::new(row, &app.desk.env().directory, actor.proof.clone(), app.desk.world().now());
    Ok(ok(me(&app, &actor, lang.of(&actor)).await?))
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
