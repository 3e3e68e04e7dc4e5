//! `GET /health`: how the system is, for those who run it without a shell.

use axum::extract::State;
use desk::health;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::App;
use super::answer::{Answered, ok};
use super::extract::Signed;
use super::problem::Problem;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get_health))
}

/// One thing that was looked at.
#[derive(Serialize, ToSchema)]
struct HealthItem {
    /// `mode`, `disk`, `database`, `schema`, `backup`, `nodes`, `workers`, `packs`, `seal`, `timers`, `outbox`, `jobs` or `messages`.
    key: &'static str,
    /// `fine`, `attention` (somebody should look) or `bad` (something does not work).
    level: &'static str,
    /// What was seen.
    #[schema(value_type = Object)]
    value: Value,
}

/// How the system is.
#[derive(Serialize, ToSchema)]
struct HealthBody {
    /// Version of the program.
    version: String,
    /// The node that answers.
    node: String,
    items: Vec<HealthItem>,
}

/// Says how the system is: mode, disks, backups, nodes and their workers, seals, what is late and what waits
#[utoipa::path(get, path = "/health", tag = "system", responses((status = 200, body = HealthBody), (status = 403, body = Problem)))]
async fn get_health(State(app): State<App>, Signed(actor): Signed) -> Answered {
    actor.require("health.read")?;
    let items = health::look(&app.desk).await?;
    let item = |it: health::Item| HealthItem { key: it.key, level: it.level.as_str(), value: it.value };
    Ok(ok(HealthBody {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        node: app.desk.node().to_string(),
        items: items.into_iter().map(item).collect(),
    }))
}
