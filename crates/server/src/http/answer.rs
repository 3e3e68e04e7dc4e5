//! The desk's answers as responses.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use desk::Answer;
use serde::Serialize;

use super::problem::Problem;

/// The result of a handler.
pub type Answered = Result<Response, Problem>;

/// A response for an answer: status, body, `ETag`, `Location`, and whether it is a repeat.
pub fn respond(answer: Answer) -> Response {
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::OK);
    let mut response = if answer.body.is_null() { StatusCode::OK.into_response() } else { json(&answer.body) };
    *response.status_mut() = status;
    let headers = response.headers_mut();
    if let Some(version) = answer.version {
        headers.insert(header::ETAG, etag(version));
    }
    if let Some(location) = answer.location.as_deref().and_then(|l| HeaderValue::from_str(l).ok()) {
        headers.insert(header::LOCATION, location);
    }
    if answer.replayed {
        headers.insert("idempotency-replayed", HeaderValue::from_static("true"));
    }
    response
}

/// A 200 with a body.
pub fn ok(body: impl Serialize) -> Response {
    json(&body)
}

/// A 200 with a body of JSON. Lists are long, so they are written into one growing vector, which is given away as it is.
fn json(body: &impl Serialize) -> Response {
    let mut bytes = Vec::with_capacity(1024);
    match serde_json::to_writer(&mut bytes, body) {
        Ok(()) => ([(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))], bytes).into_response(),
        Err(error) => Problem::from(desk::DeskError::outside("write an answer", error)).into_response(),
    }
}

/// A 200 with a body and its version.
pub fn versioned(body: impl Serialize, version: i64) -> Response {
    let mut response = json(&body);
    response.headers_mut().insert(header::ETAG, etag(version));
    response
}

/// A version as `ETag`.
pub fn etag(version: i64) -> HeaderValue {
    HeaderValue::from_str(&format!("\"{version}\"")).unwrap_or_else(|_| HeaderValue::from_static("\"0\""))
}

/// An answer to be kept or given.
pub fn answer(
    status: StatusCode,
    body: &impl Serialize,
    version: Option<i64>,
    location: Option<String>,
) -> Result<Answer, desk::DeskError> {
    let body = serde_json::to_value(body).map_err(|error| desk::DeskError::outside("write an answer", error))?;
    Ok(Answer { status: status.as_u16(), body, version, location, replayed: false })
}
