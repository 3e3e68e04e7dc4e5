//! Archives of records that the rules of retention removed.

use axum::extract::State;
use axum::http::{Method, StatusCode};
use desk::{DeskError, archive};
use serde::Serialize;
use store::archive::ArchiveRow;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::App;
use super::answer::{Answered, answer, ok, respond};
use super::cursor::Cursor;
use super::document::{Once, Page};
use super::download::download;
use super::extract::{IdempotencyKey, Path, Query, Signed};
use super::problem::Problem;
use super::records::cause;
use super::time;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_archives)).routes(routes!(get_archive, remove_archive)).routes(routes!(get_archive_content))
}

/// An archive: of its record only what finds it again.
#[derive(Serialize, ToSchema)]
struct ArchiveBody {
    /// Identity of the record.
    id: String,
    /// Its type.
    r#type: String,
    number: String,
    /// The phase it had ended in.
    phase: String,
    ended_at: String,
    archived_at: String,
    /// Bytes of the file.
    size: i64,
    /// SHA-256 of the file, as the record's tombstone names it.
    sha256: String,
}

/// A page of archives.
#[derive(Serialize, ToSchema)]
struct ArchiveList {
    items: Vec<ArchiveBody>,
    next: Option<String>,
}

fn body(row: &ArchiveRow) -> ArchiveBody {
    ArchiveBody {
        id: row.record.to_string(),
        r#type: row.type_key.clone(),
        number: row.number.clone(),
        phase: row.phase.clone(),
        ended_at: time::text(row.ended_at),
        archived_at: time::text(row.archived_at),
        size: row.size,
        sha256: hex::encode(&row.sha256),
    }
}

/// Lists archives of removed records, newest first
///
/// Needs the action `archive.read`.
#[utoipa::path(get, path = "/archives", tag = "archives",
    params(("type" = Option<String>, Query, description = "Archives of this record type only"),
        ("number" = Option<String>, Query, description = "The archive of the record that had this number"), Page),
    responses((status = 200, body = ArchiveList), (status = 403, body = Problem)))]
async fn list_archives(State(app): State<App>, Signed(actor): Signed, query: Query) -> Answered {
    actor.require(archive::READ)?;
    let limit = query.limit()?;
    let cursor = Cursor::of("archives", &query);
    let after: Option<(i64, Uuid)> = cursor.place(&query)?;
    let [type_key, number] = ["type", "number"].map(|name| query.get(name).map(str::to_owned));
    let list = app.desk.query(move |env, sql| {
        if let Some(type_key) = type_key.as_deref().filter(|type_key| env.packs.newest(type_key).is_err()) {
            return Err(DeskError::no_such("type", type_key, "record type"));
        }
        let mut rows = store::archive::list(sql, type_key.as_deref(), number.as_deref(), after, limit + 1)?;
        let more = rows.len() as i64 > limit;
        rows.truncate(usize::try_from(limit).unwrap_or(0));
        let next = rows.last().filter(|_| more).map(|row| cursor.after(&(row.archived_at, row.record)));
        Ok(ArchiveList { items: rows.iter().map(body).collect(), next })
    });
    Ok(ok(list.await?))
}

/// Reads what is known of an archive
#[utoipa::path(get, path = "/archives/{id}", tag = "archives", params(("id" = String, Path, description = "Identity of the removed record")),
    responses((status = 200, body = ArchiveBody), (status = 403, body = Problem), (status = 404, body = Problem)))]
async fn get_archive(State(app): State<App>, Signed(actor): Signed, Path(id): Path<Uuid>) -> Answered {
    let row = app.desk.query(move |_, sql| archive::find(sql, &actor, id)).await?;
    Ok(ok(body(&row)))
}

/// Downloads an archive
///
/// A `tar.gz` with `record.json`, `journal.jsonl`, timelines in Chinese and English, and the attached files.
#[utoipa::path(get, path = "/archives/{id}/content", tag = "archives",
    params(("id" = String, Path, description = "Identity of the removed record")),
    responses((status = 200, description = "the file, always as a download"), (status = 403, body = Problem), (status = 404, body = Problem)))]
async fn get_archive_content(State(app): State<App>, Signed(actor): Signed, Path(id): Path<Uuid>) -> Answered {
    let row = app.desk.query(move |_, sql| archive::find(sql, &actor, id)).await?;
    let content = app.desk.files().get(&row.sha256).await?;
    Ok(download(&format!("{}.tar.gz", row.number), archive::MEDIA_TYPE, content))
}

/// Removes an archive for good
///
/// The journal of its record, which ended with a tombstone, says who did so and when. Needs the action `archive.write`.
#[utoipa::path(delete, path = "/archives/{id}", tag = "archives",
    params(("id" = String, Path, description = "Identity of the removed record"), Once),
    responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem)))]
async fn remove_archive(State(app): State<App>, Signed(actor): Signed, key: IdempotencyKey, Path(id): Path<Uuid>) -> Answered {
    let once = key.once_without_body(&actor, &Method::DELETE, &format!("/api/v1/archives/{id}"));
    let cause = cause(&app, &actor);
    let done = app.desk.execute_once(once, move |env, sql| {
        Ok((archive::remove(env, sql, &cause, &actor, id)?, answer(StatusCode::NO_CONTENT, &(), None, None)?))
    });
    Ok(respond(done.await?))
}
