//! `GET /records/{type}/{number}`

use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use desk::record::Loaded;
use desk::record::find;
use desk::record::past::{Moment, past};

use super::Address;
use super::body::RecordBody;
use crate::http::App;
use crate::http::answer::{Answered, ok, versioned};
use crate::http::document::RecordPath;
use crate::http::extract::{Lang, Path, Query, Signed};
use crate::http::problem::Problem;
use crate::http::time;

/// Reads a record
///
/// A number that it had elsewhere is answered with 308 and the address of the record.
///
/// `as_of` and `known_at` (RFC 3339) read it as it was: `as_of` what had happened by then, `known_at` what had been recorded by
/// then (what is imported or entered later was not known). Who may read the past is decided by today's rights on today's
/// record; the answer carries no `ETag`. Before its opening it is not found; where content was lawfully erased, 409 `erased`.
#[utoipa::path(get, path = "/records/{type}/{number}", tag = "records", params(RecordPath,
    ("as_of" = Option<String>, Query, description = "as it was at this instant"),
    ("known_at" = Option<String>, Query, description = "as it was known at this instant")),
    responses((status = 200, body = RecordBody), (status = 308, description = "found under another number: see Location"),
        (status = 404, body = Problem), (status = 409, body = Problem)))]
pub async fn get_record(
    State(app): State<App>,
    Signed(actor): Signed,
    Path(address): Path<Address>,
    lang: Lang,
    query: Query,
    uri: Uri,
) -> Answered {
    let moment = Moment { as_of: instant(&query, "as_of")?, known_at: instant(&query, "known_at")? };
    let asked = address.number.clone();
    let found = app.desk.query(move |env, sql| {
        let read = |sql: &mut dyn store::Sql, loaded: &Loaded| RecordBody::whole(env, sql, loaded, &actor, lang.of(&actor));
        if moment.is_now() {
            let loaded = find(env, sql, &actor, &address.target())?;
            return read(sql, &loaded);
        }
        let past = past(env, sql, &actor, &address.target(), moment)?;
        let internal = past.now.allows(env, &actor, "read_internal");
        let mut body = RecordBody::shown(env, sql, &past.then, &actor, internal, lang.of(&actor))?;
        // What stands beside the record is of today.
        (body.legal_hold, body.watchers, body.affected, body.reminders) = (None, None, None, None);
        body.can_edit = None;
        (body.as_of, body.known_at) = (time::opt(moment.as_of), time::opt(moment.known_at));
        Ok(body)
    });
    let body = found.await?;
    if body.number != asked {
        return Ok(moved(&body, &uri));
    }
    let version = body.version;
    Ok(if moment.is_now() { versioned(body, version) } else { ok(body) })
}

fn instant(query: &Query, name: &str) -> Result<Option<i64>, Problem> {
    let Some(text) = query.get(name) else { return Ok(None) };
    let at = chrono::DateTime::parse_from_rfc3339(text);
    let at =
        at.map_err(|_| Problem::malformed(format!("{name}={text}: write an instant with offset, such as 2026-03-01T08:00:00+08:00")))?;
    Ok(Some(at.timestamp_millis()))
}

/// Where the record is that was asked for by an alias.
fn moved(body: &RecordBody, uri: &Uri) -> Response {
    let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    let location = format!("/api/v1/records/{}/{}{query}", body.type_key, body.number);
    let mut response = StatusCode::PERMANENT_REDIRECT.into_response();
    if let Ok(location) = HeaderValue::from_str(&location) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    response
}
