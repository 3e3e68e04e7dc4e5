//! `POST /records/{type}`

use axum::extract::State;
use axum::http::{Method, StatusCode};
use desk::record::open::{Open, open};
use serde_json::{Map, Value};

use super::body::RecordBody;
use crate::http::App;
use crate::http::answer::{Answered, answer, respond};
use crate::http::document::Once;
use crate::http::extract::{Body, IdempotencyKey, Lang, Path, Signed};
use crate::http::problem::Problem;

/// Opens a record
///
/// A title is enough; everything else has a default and is completed later.
#[utoipa::path(post, path = "/records/{type}", tag = "records", params(("type" = String, Path, description = "The record type: the key of its pack"), Once),
    request_body(content = Object, description = "Standard fields flat, the type's own fields under `fields`", example = json!({
        "title": "The printer on the third floor is offline", "description": "Since nine o'clock; a restart did not help.",
        "impact": "low", "urgency": "medium", "category": "hardware/printer", "service": "print", "requester": "zhang.wei",
        "fields": { "contact": "8021" }
    })),
    responses((status = 201, body = RecordBody), (status = 422, body = Problem)))]
pub async fn open_record(
    State(app): State<App>,
    Signed(actor): Signed,
    Path(type_key): Path<String>,
    lang: Lang,
    key: IdempotencyKey,
    body: Body<Map<String, Value>>,
) -> Answered {
    let path = format!("/api/v1/records/{type_key}");
    let once = key.once(&actor, &Method::POST, &path, body.digest);
    let cause = super::cause(&app, &actor);
    let number = app.desk.next_number(&type_key).await?;
    let channel = if cause.channel == "api" { "api" } else { "portal" };
    let mut input = body.value;
    // CIs come with the CMDB; until then an empty list is the only one that fits.
    if input.get("cis").is_some_and(|cis| cis.as_array().is_some_and(Vec::is_empty) || cis.is_null()) {
        input.remove("cis");
    }
    let command = Open { type_key, number, input, channel };
    let done = app.desk.execute_once(once, move |env, sql| {
        let written = open(env, sql, &cause, &actor, &command)?;
        let location = format!("{path}/{}", written.row.number);
        let (set, body) = RecordBody::written(env, sql, written, &actor, lang.of(&actor))?;
        Ok((set, answer(StatusCode::CREATED, &body, Some(body.version), Some(location))?))
    });
    Ok(respond(done.await?))
}
