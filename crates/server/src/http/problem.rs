//! Errors as RFC 9457 problem documents, with a stable code and the request id.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use desk::{DeskError, FieldError, Meanwhile};
use serde::Serialize;
use utoipa::ToSchema;

tokio::task_local! {
    /// Id of the request that this task serves.
    pub static REQUEST_ID: String;
}

/// The id of the request that is served now, if any.
pub fn request_id() -> Option<String> {
    REQUEST_ID.try_with(Clone::clone).ok()
}

/// What is wrong with one field.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct FieldProblem {
    /// JSON pointer into the request's body, or into a parameter that is JSON; empty where a whole parameter is wrong.
    pub pointer: String,
    /// The query parameter.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parameter: Option<String>,
    /// Stable code.
    pub code: String,
    /// What is wrong and how to mend it.
    pub message: String,
    /// The file of an uploaded pack.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// The line of that file, counted from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mend: Option<String>,
}

/// A change that somebody else made meanwhile.
#[derive(Debug, Serialize, ToSchema)]
pub struct MeanwhileBody {
    /// The field.
    pub field: String,
    /// Its value before.
    pub old: serde_json::Value,
    /// Its value now.
    pub new: serde_json::Value,
    /// What the value before is called, where it has a name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub old_label: Option<String>,
    /// What the value of now is called, where it has a name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new_label: Option<String>,
    /// Who changed it, by name.
    pub actor: Option<String>,
    /// When (RFC 3339).
    pub at: String,
}

/// A problem document (RFC 9457).
#[derive(Debug, Serialize, ToSchema)]
pub struct Problem {
    /// Address of the kind of problem.
    #[serde(rename = "type")]
    pub kind: String,
    /// The kind of problem in words.
    pub title: String,
    /// HTTP status.
    pub status: u16,
    /// Stable code.
    pub code: String,
    /// What happened and how to mend it.
    pub detail: String,
    /// Id of the request, as in the log.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// What is wrong with which field.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldProblem>,
    /// What others changed meanwhile (412).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub meanwhile: Vec<MeanwhileBody>,
    /// The version now (412).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<i64>,
    /// Seconds to wait (429, 503).
    #[serde(skip)]
    pub retry_after: Option<i64>,
}

impl Problem {
    /// A problem with a status, a code and words.
    pub fn new(status: StatusCode, code: &str, detail: impl Into<String>) -> Self {
        Self {
            kind: format!("urn:yuheng:problem:{code}"),
            title: status.canonical_reason().unwrap_or("Problem").to_owned(),
            status: status.as_u16(),
            code: code.to_owned(),
            detail: detail.into(),
            request_id: request_id(),
            errors: Vec::new(),
            meanwhile: Vec::new(),
            version: None,
            retry_after: None,
        }
    }

    /// A request that cannot be understood.
    pub fn malformed(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "malformed", detail)
    }

    fn wait(mut self, seconds: i64) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    fn fields(errors: Vec<FieldError>) -> Self {
        let words: Vec<String> = errors.iter().take(3).map(|e| format!("{}: {}", e.pointer, e.message)).collect();
        let mut problem = Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", words.join("; "));
        problem.errors = errors
            .into_iter()
            .map(|e| FieldProblem { pointer: e.pointer, code: e.code, message: e.message, ..FieldProblem::default() })
            .collect();
        problem
    }

    fn defective(defects: Vec<pack::Defect>, words: String) -> Self {
        let mut problem = Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", words);
        let of = |defect: pack::Defect| FieldProblem {
            pointer: format!("/files/{}", defect.file.replace('~', "~0").replace('/', "~1")),
            code: defect.code.to_owned(),
            message: defect.message,
            file: Some(defect.file),
            line: defect.line,
            mend: Some(defect.mend),
            ..FieldProblem::default()
        };
        problem.errors = defects.into_iter().map(of).collect();
        problem
    }

    fn stale(version: i64, meanwhile: Vec<Meanwhile>, detail: String) -> Self {
        let mut problem = Self::new(StatusCode::PRECONDITION_FAILED, "stale", detail);
        problem.version = Some(version);
        let told = |it: Meanwhile| {
            let (old_label, new_label) = it.labels.unzip();
            MeanwhileBody { field: it.field, old: it.old, new: it.new, old_label, new_label, actor: it.actor, at: super::time::text(it.at) }
        };
        problem.meanwhile = meanwhile.into_iter().map(told).collect();
        problem
    }
}

impl From<DeskError> for Problem {
    fn from(error: DeskError) -> Self {
        let words = error.to_string();
        match error {
            DeskError::Unauthenticated(_) => Self::new(StatusCode::UNAUTHORIZED, "unauthenticated", words),
            DeskError::Forbidden(_) => Self::new(StatusCode::FORBIDDEN, "forbidden", words),
            DeskError::NotFound(_) => Self::new(StatusCode::NOT_FOUND, "not_found", words),
            DeskError::Invalid(errors) => Self::fields(errors),
            DeskError::Defective(defects) => Self::defective(defects, words),
            DeskError::Malformed(_) => Self::malformed(words),
            DeskError::Parameter { name, code, message, pointer, .. } => {
                let mut problem = Self::malformed(words);
                let code = code.to_owned();
                problem.errors = vec![FieldProblem { parameter: Some(name), pointer, code, message, ..FieldProblem::default() }];
                problem
            }
            DeskError::ChecklistOpen(steps) => {
                let errors = Self::fields(steps).errors;
                Self { errors, ..Self::new(StatusCode::CONFLICT, "checklist_open", words) }
            }
            DeskError::NotAvailable(_) => Self::new(StatusCode::CONFLICT, "not_available", words),
            DeskError::Stale { version, meanwhile } => Self::stale(version, meanwhile, words),
            DeskError::Unseen => Self::new(StatusCode::PRECONDITION_REQUIRED, "if_match_required", words),
            DeskError::IndexBuilding { .. } => Self::new(StatusCode::SERVICE_UNAVAILABLE, "index_building", words).wait(5),
            DeskError::Erased { .. } => Self::new(StatusCode::CONFLICT, "erased", words),
            DeskError::Conflict(_) => Self::new(StatusCode::CONFLICT, "conflict", words),
            DeskError::KeyReused => Self::new(StatusCode::UNPROCESSABLE_ENTITY, "idempotency_key_reused", words),
            DeskError::Throttled { retry_after } => Self::new(StatusCode::TOO_MANY_REQUESTS, "throttled", words).wait(retry_after),
            DeskError::ReadOnly { .. } => Self::new(StatusCode::SERVICE_UNAVAILABLE, "read_only", words).wait(10),
            DeskError::TooLarge(_) => Self::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", words),
            DeskError::Unsupported(_) => Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported", words),
            DeskError::Store(error) if error.is_retryable() => {
                Self::new(StatusCode::SERVICE_UNAVAILABLE, "busy", "the database is busy: try again").wait(1)
            }
            // While nodes of two versions run together, a newer one can answer.
            DeskError::Store(store::StoreError::UnknownEntry { .. }) => {
                tracing::error!(%words, request_id = request_id(), "request failed");
                Self::new(StatusCode::SERVICE_UNAVAILABLE, "newer_data", words).wait(10)
            }
            DeskError::Store(store::StoreError::Lost(why)) => {
                tracing::warn!(%why, "database connection lost");
                Self::new(StatusCode::SERVICE_UNAVAILABLE, "busy", "the database does not answer now: try again").wait(2)
            }
            error => {
                // What went wrong inside is for the log; outside gets the request id to find it.
                tracing::error!(%error, request_id = request_id(), "request failed");
                Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "something went wrong inside; the log has it under the request id")
            }
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let retry = self.retry_after;
        let mut response = (status, Json(self)).into_response();
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if status == StatusCode::PAYLOAD_TOO_LARGE {
            // The rest of the body may not be read to its end: this connection cannot carry another request.
            response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
        if let Some(seconds) = retry {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}
