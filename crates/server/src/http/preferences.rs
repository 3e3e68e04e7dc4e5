//! `/me/preferences`: how the signed-in person likes to see things.

use axum::extract::State;
use desk::preference;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::App;
use super::answer::{Answered, ok};
use super::extract::{Body, Signed};
use super::problem::Problem;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get_preferences, update_preferences))
}

/// How a person likes to see things; what was never chosen is left out.
#[derive(Default, Serialize, Deserialize, ToSchema)]
pub(super) struct Preferences {
    /// `system`, `light` or `dark`.
    #[serde(skip_serializing_if = "Option::is_none")]
    theme: Option<String>,
    /// `compact` or `comfortable`.
    #[serde(skip_serializing_if = "Option::is_none")]
    density: Option<String>,
    /// `wide` or `narrow`: the navigation beside the work.
    #[serde(skip_serializing_if = "Option::is_none")]
    rail: Option<String>,
    /// Whether single letters are shortcuts.
    #[serde(skip_serializing_if = "Option::is_none")]
    letter_keys: Option<bool>,
    /// The saved list that queues begin with, by its id.
    #[serde(skip_serializing_if = "Option::is_none")]
    start: Option<String>,
    /// How far each tour was taken (`requester`, `agent`, `administrator`): the next step (`"3"`), or `"done"`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    tours: Option<Map<String, Value>>,
}

impl Preferences {
    /// What is kept, as far as this program knows it.
    pub(super) fn of(kept: Map<String, Value>) -> Self {
        serde_json::from_value(Value::Object(kept)).unwrap_or_default()
    }
}

/// Reads how one likes to see things
///
/// The same stands in `GET /me`.
#[utoipa::path(get, path = "/me/preferences", tag = "session", responses((status = 200, body = Preferences)))]
async fn get_preferences(State(app): State<App>, Signed(actor): Signed) -> Answered {
    let user = actor.user.id;
    let kept = app.desk.query(move |_, sql| Ok(preference::of(sql, user)?)).await?;
    Ok(ok(Preferences::of(kept)))
}

/// Changes how one likes to see things (merge patch); null forgets a choice
///
/// Who writes last is right: each key stands for itself and only its own person writes it, so no version is asked for.
#[utoipa::path(patch, path = "/me/preferences", tag = "session",
    request_body(content = Preferences, example = json!({ "theme": "dark", "tours": { "agent": "done" } })),
    responses((status = 200, body = Preferences), (status = 422, body = Problem)))]
async fn update_preferences(State(app): State<App>, Signed(actor): Signed, body: Body<Map<String, Value>>) -> Answered {
    Ok(ok(Preferences::of(preference::change(&app.desk, actor.user.id, body.value).await?)))
}
