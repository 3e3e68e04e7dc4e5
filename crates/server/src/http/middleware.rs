//! What happens around every request: its id, security headers, the mode, a panic caught, metrics.

use std::time::Instant;

use axum::Router;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use desk::mode::Mode;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;

use super::App;
use super::problem::{Problem, REQUEST_ID};

/// Wraps the application.
pub fn wrap(router: Router<App>, app: &App) -> Router<App> {
    let router = if app.config.tls { router.layer(from_fn(https_only)) } else { router };
    router
        .layer(CatchPanicLayer::custom(|_: Box<dyn std::any::Any + Send>| {
            Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "something went wrong inside; the log has it under the request id")
                .into_response()
        }))
        .layer(from_fn_with_state(app.clone(), super::unread::read_to_end))
        .layer(from_fn_with_state(app.clone(), mode))
        .layer(from_fn(measure))
        .layer(from_fn(security_headers))
        .layer(from_fn(request_id))
        .layer(CompressionLayer::new())
}

const REQUEST_ID_HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// Gives every request an id, or keeps the one of the caller's trace (W3C traceparent).
async fn request_id(request: Request, next: Next) -> Response {
    let trace = request.headers().get("traceparent").and_then(|v| v.to_str().ok()).and_then(|v| v.split('-').nth(1));
    let id = match trace {
        Some(trace) if trace.len() == 32 && trace.bytes().all(|b| b.is_ascii_hexdigit()) => trace.to_owned(),
        _ => uuid::Uuid::now_v7().simple().to_string(),
    };
    let mut response = REQUEST_ID.scope(id.clone(), next.run(request)).await;
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID_HEADER, value);
    }
    response
}

/// Strict headers: our own scripts only, no framing, no sniffing, no referrer to others.
async fn security_headers(request: Request, next: Next) -> Response {
    let api = request.uri().path().starts_with("/api/");
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in [
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; \
             connect-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'",
        ),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "same-origin"),
        (HeaderName::from_static("permissions-policy"), "camera=(self), microphone=(), geolocation=()"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    ] {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    if api {
        headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    }
    response
}

/// Whoever came by HTTPS once comes by it always.
async fn https_only(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    response.headers_mut().insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
    response
}

/// Tells pages whether the system takes writes, so that they can say so before anybody types, and no longer than it is so.
async fn mode(State(app): State<App>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let mode = match app.desk.gate().mode() {
        Mode::Normal => "normal",
        Mode::ReadOnly(_) => "read-only",
        Mode::Draining => "draining",
    };
    response.headers_mut().insert("x-yuheng-mode", HeaderValue::from_static(mode));
    response
}

async fn measure(request: Request, next: Next) -> Response {
    let started = Instant::now();
    let route = request.extensions().get::<MatchedPath>().map_or("other", MatchedPath::as_str).to_owned();
    // Any word may stand there as a method: unknown ones must not each make a series of their own.
    let known = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
    let method = known.into_iter().find(|known| *known == request.method().as_str()).unwrap_or("other").to_owned();
    let response = next.run(request).await;
    let labels = [("method", method), ("route", route), ("status", response.status().as_u16().to_string())];
    metrics::counter!("yuheng_http_requests_total", &labels).increment(1);
    metrics::histogram!("yuheng_http_seconds", &labels[..2]).record(started.elapsed().as_secs_f64());
    response
}
