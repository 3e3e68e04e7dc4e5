//! The embedded UI: one page for every address that is not a file, and problem documents under `/api`.

use std::borrow::Cow;

use axum::body::{Body, Bytes};
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
    let accepted = request.headers().get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if let Some(file) = Dist::get(path).filter(|_| !path.is_empty()) {
        // Files carry a hash of their content in the name; the page itself does not.
        let cache = if path.starts_with("assets/") { "public, max-age=31536000, immutable" } else { "no-cache" };
        let kind = file.metadata.mimetype().to_owned();
        return respond(path, file.data, &kind, cache, accepted);
    }
    if path.starts_with("assets/") {
        return Problem::new(StatusCode::NOT_FOUND, "not_found", "there is no such file").into_response();
    }
    match Dist::get("index.html") {
        Some(page) => respond("index.html", page.data, "text/html; charset=utf-8", "no-cache", accepted),
        None => (StatusCode::NOT_FOUND, "this build has no UI: run 'make build'\n").into_response(),
    }
}

/// The codings in which the build leaves files, best first, with the ends of their names.
const CODINGS: [(&str, &str); 2] = [("br", "br"), ("gzip", "gz")];

/// Answers with a file, compressed as the build has left it where the caller takes that.
fn respond(path: &str, content: Cow<'static, [u8]>, kind: &str, cache: &'static str, accepted: &str) -> Response {
    let wanted = CODINGS.iter().filter(|(coding, _)| accepts(accepted, coding));
    let found = wanted.filter_map(|(coding, end)| Some((*coding, Dist::get(&format!("{path}.{end}"))?.data))).next();
    let (coding, content) = found.map_or((None, content), |(coding, content)| (Some(coding), content));
    // Embedded content lives as long as the program: nothing is copied.
    let bytes = match content {
        Cow::Borrowed(bytes) => Bytes::from_static(bytes),
        Cow::Owned(bytes) => Bytes::from(bytes),
    };
    let mut response = Body::from(bytes).into_response();
    let headers = response.headers_mut();
    headers
        .insert(header::CONTENT_TYPE, HeaderValue::from_str(kind).unwrap_or_else(|_| HeaderValue::from_static("application/octet-stream")));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Some(coding) = coding {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
    }
    response
}

/// Whether an `Accept-Encoding` names a coding without refusing it by `q=0` (RFC 9110, 12.5.3).
fn accepts(accepted: &str, coding: &str) -> bool {
    accepted.split(',').any(|item| {
        let mut parts = item.split(';').map(str::trim);
        let named = parts.next().is_some_and(|name| name.eq_ignore_ascii_case(coding));
        let weight = parts.find_map(|part| part.strip_prefix("q=")?.parse::<f32>().ok());
        named && weight.is_none_or(|weight| weight > 0.0)
    })
}

/// The answer to a method that an address does not have.
pub async fn method_not_allowed() -> Response {
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", "this address does not take this method: see /api/docs")
        .into_response()
}

#[cfg(test)]
mod tests {
    use super::accepts;

    #[test]
    fn a_coding_is_accepted_when_it_is_named_and_not_refused() {
        assert!(accepts("gzip, deflate, br", "br") && accepts("GZIP;q=0.5", "gzip") && accepts("br;q=1.0, gzip", "gzip"));
        assert!(!accepts("", "br") && !accepts("gzip", "br") && !accepts("br;q=0, gzip", "br") && !accepts("x-br", "br"));
    }
}
