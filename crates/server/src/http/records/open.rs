//! `POST /records/{type}`

use axum::extract::State;
use axum::http::{Method, StatusCode};
use desk::DeskError;
use desk::record::at_once::{Then, open_and_act};
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
/// A title is enough; everything else has a default and is completed later. With `then`, an action of the new record and its fields, both
/// are done in one transaction or neither; whoever is told of the second is not told of the first as well.
#[utoipa::path(post, path = "/records/{type}", tag = "records", params(("type" = String, Path, description = "The record type: the key of its pack"), Once),
    request_body(content = Object, description = "Standard fields flat, the type's own fields under `fields`", example = json!({
        "title": "The printer on the third floor is offline", "description": "Since nine o'clock; a restart did not help.",
        "impact": "low", "urgency": "medium", "category": "hardware/printer", "service": "print", "requester": "zhang.wei",
        "fields": { "contact": "8021" }, "then": { "action": "comment", "fields": { "body": "Told how to restart it", "visibility": "internal" } }
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
    let then = then(&mut input)?;
    let command = Open { type_key, number, input, channel };
    if let Some(then) = then {
        let done = app.desk.transact_once(once, move |env, tx| {
            let loaded = open_and_act(env, tx, &cause, &actor, &command, &then)?;
            let location = format!("{path}/{}", loaded.row.number);
            let body = RecordBody::whole(env, tx, &loaded, &actor, lang.of(&actor))?;
            answer(StatusCode::CREATED, &body, Some(body.version), Some(location))
        });
        return Ok(respond(done.await?));
    }
    let done = app.desk.execute_once(once, move |env, sql| {
        let written = open(env, sql, &cause, &actor, &command)?;
        let location = format!("{path}/{}", written.row.number);
        let (set, body) = RecordBody::written(env, sql, written, &actor, lang.of(&actor))?;
        Ok((set, answer(StatusCode::CREATED, &body, Some(body.version), Some(location))?))
    });
    Ok(respond(done.await?))
}

/// What is done to the new record at once, if anything.
fn then(input: &mut Map<String, Value>) -> Result<Option<Then>, DeskError> {
    let given = match input.remove("then") {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::Object(given)) => given,
        Some(_) => return Err(DeskError::field("/then", "type", r#"write {"action": "…", "fields": {…}}"#)),
    };
    if let Some(name) = given.keys().find(|name| !matches!(name.as_str(), "action" | "fields")) {
        return Err(DeskError::field(format!("/then/{name}"), "unknown_field", "it takes action and fields"));
    }
    let Some(action) = given.get("action").and_then(Value::as_str) else {
        return Err(DeskError::field("/then/action", "required", "name an action of the new record, as its actions list them"));
    };
    let fields = match given.get("fields") {
        None | Some(Value::Null) => Map::new(),
        Some(Value::Object(fields)) => fields.clone(),
        Some(_) => return Err(DeskError::field("/then/fields", "type", "write an object: name to value")),
    };
    Ok(Some(Then { action: action.to_owned(), fields }))
}
