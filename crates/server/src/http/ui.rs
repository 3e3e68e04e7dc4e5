//! The embedded UI: one page for every address that is not a file, and problem documents under `/api`.

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use rust_embed::RustEmbed;

use super::problem::Problem;

#[derive(RustEmbed)]
#[folder = "../../web/dist"]
#[allow_missing = true]
struct Dist;

/// Serves a file of the UI, else its page.
pub async fn serve(request: Request) -> Response {
    let path = request.uri().path().trim_start_matches('/');
    if path.starts_with("api/") || path == "api" {
        return Problem::new(StatusCode::NOT_FOUND, "not_found", format!("there is no /{path}: see /api/docs")).into_response();
    }
    if request.method() != Method::GET && request.method() != Method::HEAD {
        return method_not_allowed().await;
    }
    if let Some(file) = Dist::get(path).filter(|_| !path.is_empty()) {
        // Files carry a hash of their content in the name; the page itself does not.
        let cache = if path.starts_with("assets/") { "public, max-age=31536000, immutable" } else { "no-cache" };
        return respond(file.data.into_owned(), file.metadata.mimetype(), cache);
    }
    if path.starts_with("assets/") {
        return Problem::new(StatusCode::NOT_FOUND, "not_found", "there is no such file").into_response();
    }
    match Dist::get("index.html") {
        Some(page) => respond(page.data.into_owned(), "text/html; charset=utf-8", "no-cache"),
        None => (StatusCode::NOT_FOUND, "this build has no UI: run 'make build'\n").into_response(),
    }
}

fn respond(content: Vec<u8>, kind: &str, cache: &'static str) -> Response {
    let mut response = Body::from(content).into_response();
    let headers = response.headers_mut();
    headers
        .insert(header::CONTENT_TYPE, HeaderValue::from_str(kind).unwrap_or_else(|_| HeaderValue::from_static("application/octet-stream")));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    response
}

/// The answer to a method that an address does not have.
pub async fn method_not_allowed() -> Response {
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", "this address does not take this method: see /api/docs")
        .into_response()
}
