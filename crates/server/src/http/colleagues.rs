//! Colleagues for whom the caller may report.

use axum::extract::State;
use desk::record::behalf;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::App;
use super::answer::{Answered, ok};
use super::extract::{Query, Signed};
use super::refs::Ref;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_colleagues))
}

/// Colleagues by name.
#[derive(Serialize, ToSchema)]
struct ColleagueList {
    /// At most 20: whoever is not among them is found by name.
    items: Vec<Ref>,
    next: Option<String>,
}

/// Lists the colleagues for whom the caller may report, by name
///
/// People of the caller's own department, where a record type gives the right to; nobody else is shown or counted.
#[utoipa::path(get, path = "/colleagues", tag = "records",
    params(("q" = Option<String>, Query, description = "Part of the name, of how it is read (`zhangwei`, `zw`), of the phone or number")),
    responses((status = 200, body = ColleagueList)))]
async fn list_colleagues(State(app): State<App>, Signed(actor): Signed, query: Query) -> Answered {
    let q = query.get("q").map(str::to_owned);
    let found = app.desk.query(move |env, sql| behalf::colleagues(env, sql, &actor, q.as_deref()));
    let item = |row: store::user::UserRow| Ref { id: row.id.to_string(), key: row.username, label: row.name };
    Ok(ok(ColleagueList { items: found.await?.into_iter().map(item).collect(), next: None }))
}
