//! The OpenAPI document and a page to read it, without any other host.

use axum::Router;
use axum::http::header;
use axum::response::{Html, IntoResponse};
use axum::routing::get;

use super::App;

/// Routes of the document and its page.
pub fn routes(document: utoipa::openapi::OpenApi) -> Router<App> {
    let json = document.to_json().unwrap_or_default();
    let document = move || {
        let json = json.clone();
        async move { ([(header::CONTENT_TYPE, "application/json")], json).into_response() }
    };
    Router::new()
        .route("/api/openapi.json", get(document))
        .route("/api/docs", get(|| async { Html(include_str!("docs/page.html")) }))
        .route(
            "/api/docs/page.js",
            get(|| async { ([(header::CONTENT_TYPE, "text/javascript; charset=utf-8")], include_str!("docs/page.js")) }),
        )
        .route("/api/docs/page.css", get(|| async { ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], include_str!("docs/page.css")) }))
}
