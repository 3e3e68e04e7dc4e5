//! `POST /records/{type}/claim`

use axum::extract::State;
use axum::http::{Method, StatusCode};
use desk::DeskError;
use desk::record::Loaded;
use desk::record::claim::claim;
use serde_json::Value;
use store::WriteSet;

use super::body::RecordBody;
use crate::http::App;
use crate::http::answer::{Answered, answer, respond};
use crate::http::document::Once;
use crate::http::extract::{IdempotencyKey, Lang, Path, Signed};
use crate::http::problem::Problem;

/// How often it is tried anew when many ask at once: each time somebody has got theirs.
const ROUNDS: usize = 8;

/// Accepts the next record of one's teams
///
/// The first that nobody has, in the order `queue`. Of two who ask at once each gets another one; 204 when nothing waits.
#[utoipa::path(post, path = "/records/{type}/claim", tag = "records", params(("type" = String, Path, description = "The record type: the key of its pack"), Once),
    responses((status = 200, body = RecordBody), (status = 204, description = "Nothing waits."), (status = 403, body = Problem)))]
pub async fn claim_record(
    State(app): State<App>,
    Signed(actor): Signed,
    Path(type_key): Path<String>,
    lang: Lang,
    key: IdempotencyKey,
) -> Answered {
    let once = key.once_without_body(&actor, &Method::POST, &format!("/api/v1/records/{type_key}/claim"));
    let cause = super::cause(&app, &actor);
    let mut rounds = 0;
    loop {
        let (once, cause, actor, type_key) = (once.clone(), cause.clone(), actor.clone(), type_key.clone());
        let done = app.desk.execute_once(once, move |env, sql| {
            let Some(written) = claim(env, sql, &cause, &actor, &type_key)? else {
                return Ok((WriteSet::default(), answer(StatusCode::NO_CONTENT, &Value::Null, None, None)?));
            };
            let version = written.row.version;
            let loaded = Loaded { row: written.row, pinned: written.pinned };
            let body = RecordBody::whole(env, sql, &loaded, &actor, lang.of(&actor))?;
            Ok((written.set, answer(StatusCode::OK, &body, Some(version), None)?))
        });
        rounds += 1;
        match done.await {
            Err(DeskError::Conflict(_)) if rounds < ROUNDS => {}
            other => return Ok(respond(other?)),
        }
    }
}
