//! `POST /records/{type}/{number}/split`

use axum::extract::State;
use axum::http::{Method, StatusCode};
use desk::DeskError;
use desk::record::split::{Split, split};
use serde_json::{Map, Value};

use super::Address;
use super::body::RecordBody;
use crate::http::App;
use crate::http::answer::{Answered, answer, respond};
use crate::http::document::{Once, RecordPath};
use crate::http::extract::{Body, IdempotencyKey, Lang, Path, Signed};
use crate::http::problem::Problem;

/// Makes a record of its own of a second matter in this one
///
/// Takes what opening a record takes, and `kind`: what this record is to the new one, `related` or `parent`. Requester, service, site and
/// channel are those of this record where left out. Both are linked.
#[utoipa::path(post, path = "/records/{type}/{number}/split", tag = "records", params(RecordPath, Once),
    request_body(content = Object, example = json!({
        "kind": "related", "title": "And the scanner is slow", "description": "From the comment of Zhang Wei: the scanner next to it is slow, too."
    })),
    responses((status = 201, body = RecordBody), (status = 422, body = Problem)))]
pub async fn split_record(
    State(app): State<App>,
    Signed(actor): Signed,
    Path(address): Path<Address>,
    lang: Lang,
    key: IdempotencyKey,
    body: Body<Map<String, Value>>,
) -> Answered {
    let once = key.once(&actor, &Method::POST, &address.path("/split"), body.digest);
    let cause = super::cause(&app, &actor);
    let number = app.desk.next_number(&address.type_key).await?;
    let mut input = body.value;
    let kind = match input.remove("kind") {
        None => "related".to_owned(),
        Some(Value::String(kind)) => kind,
        Some(_) => return Err(DeskError::field("/kind", "type", "write related or parent").into()),
    };
    let path = format!("/api/v1/records/{}", address.type_key);
    let (target, command) = (address.target(), Split { number, input, kind });
    let done = app.desk.execute_once(once, move |env, sql| {
        let written = split(env, sql, &cause, &actor, &target, &command)?;
        let location = format!("{path}/{}", written.row.number);
        let (set, body) = RecordBody::written(env, sql, written, &actor, lang.of(&actor))?;
        Ok((set, answer(StatusCode::CREATED, &body, Some(body.version), Some(location))?))
    });
    Ok(respond(done.await?))
}
