//! `PATCH /records/{type}/{number}`

use axum::extract::State;
use axum::http::{Method, StatusCode};
use desk::record::edit::{Edit, edit};
use serde_json::{Map, Value};

use super::Address;
use super::body::RecordBody;
use crate::http::App;
use crate::http::answer::{Answered, answer, respond};
use crate::http::document::{Once, RecordPath, Seen};
use crate::http::extract::{Body, IdempotencyKey, IfMatch, Lang, Path, Signed};
use crate::http::problem::Problem;

/// Edits a record's fields (merge patch)
///
/// Needs `If-Match`; a stale version is refused with what changed meanwhile. State, team and assignee change through actions.
#[utoipa::path(patch, path = "/records/{type}/{number}", tag = "records", params(RecordPath, Seen, Once),
    request_body(content = Object, description = "The fields to change; null clears", example = json!({
        "impact": "high", "site": null, "fields": { "impact_reason": "The board meets in an hour." }
    })), responses((status = 200, body = RecordBody), (status = 412, body = Problem), (status = 428, body = Problem)))]
pub async fn update_record(
    State(app): State<App>,
    Signed(actor): Signed,
    Path(address): Path<Address>,
    lang: Lang,
    key: IdempotencyKey,
    if_match: IfMatch,
    body: Body<Map<String, Value>>,
) -> Answered {
    let expected = if_match.required()?;
    let once = key.once(&actor, &Method::PATCH, &address.path(""), body.digest);
    let cause = super::cause(&app, &actor);
    let command = Edit { target: address.target(), expected, patch: body.value };
    let done = app.desk.execute_once(once, move |env, sql| {
        let written = edit(env, sql, &cause, &actor, &command)?;
        let (set, body) = RecordBody::written(env, sql, written, &actor, lang.of(&actor))?;
        Ok((set, answer(StatusCode::OK, &body, Some(body.version), None)?))
    });
    Ok(respond(done.await?))
}
