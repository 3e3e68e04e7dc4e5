//! Health, readiness and metrics, for those who run the system.

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use super::App;

/// Routes outside the API.
pub fn routes() -> Router<App> {
    Router::new().route("/healthz", get(healthz)).route("/readyz", get(readyz)).route("/metrics", get(render))
}

/// The process lives.
async fn healthz() -> &'static str {
    "ok\n"
}

/// The database answers and this node takes requests.
async fn readyz(State(app): State<App>) -> Response {
    if app.desk.gate().mode() == desk::mode::Mode::Draining {
        return (StatusCode::SERVICE_UNAVAILABLE, "draining\n").into_response();
    }
    match app.desk.query(|_, sql| Ok(store::directory::epoch(sql)?)).await {
        Ok(_) => "ready\n".into_response(),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n").into_response(),
    }
}

/// Metrics in the Prometheus text format; numbers only, no names of people or records.
async fn render(State(app): State<App>) -> String {
    app.metrics.render()
}
