//! Jobs: long work with progress and a result per row.

mod file;

use axum::extract::State;
use axum::http::{Method, StatusCode};
use desk::{Answer, DeskError, Env, job};
use serde::Serialize;
use serde_json::Value;
use store::WriteSet;
use store::job::JobRow;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::App;
use super::answer::{Answered, answer, ok, respond};
use super::cursor::Cursor;
use super::document::{Once, Page};
use super::extract::{IdempotencyKey, Lang, Path, Query, Signed};
use super::problem::Problem;
use super::records::JobBegun;
use super::refs::{People, Ref};
use super::time;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_jobs))
        .routes(routes!(get_job))
        .routes(routes!(list_job_rows))
        .routes(routes!(cancel_job))
        .routes(routes!(run_job_again))
        .routes(routes!(undo_job))
        .routes(routes!(get_job_file))
}

/// A job.
#[derive(Serialize, ToSchema)]
struct JobBody {
    id: String,
    kind: String,
    /// `waiting`, `running`, `done`, `failed` (given up after its attempts), `cancelled` or `interrupted` (its process died).
    state: String,
    done: i64,
    total: Option<i64>,
    #[schema(value_type = Object)]
    result: Value,
    error: Option<String>,
    attempts: i64,
    /// Whether it has ended without being done and can be run again.
    can_run_again: bool,
    /// Whether what it did can be taken back.
    can_undo: bool,
    /// Whether it has made a file that whoever ordered it can fetch now.
    has_file: bool,
    created_by: Option<Ref>,
    created_at: String,
    started_at: Option<String>,
    ended_at: Option<String>,
}

/// A page of jobs.
#[derive(Serialize, ToSchema)]
struct JobList {
    items: Vec<JobBody>,
    next: Option<String>,
}

fn body(env: &Env, people: &People, row: JobRow) -> JobBody {
    JobBody {
        can_run_again: job::can_run_again(&row),
        can_undo: job::undo::can_undo(&row),
        has_file: job::export::has_file(&row, env.world.now()),
        id: row.id.to_string(),
        kind: row.kind,
        state: row.state,
        done: row.done,
        total: row.total,
        result: row.result.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or(Value::Null),
        error: row.error,
        attempts: row.attempts,
        created_by: people.opt(row.created_by),
        created_at: time::text(row.created_at),
        started_at: time::opt(row.started_at),
        ended_at: time::opt(row.ended_at),
    }
}

/// Lists jobs, newest first
#[utoipa::path(get, path = "/jobs", tag = "jobs", params(Page),
    responses((status = 200, body = JobList), (status = 403, body = Problem)))]
async fn list_jobs(State(app): State<App>, Signed(actor): Signed, query: Query) -> Answered {
    actor.require("job.read")?;
    let limit = query.limit()?;
    let cursor = Cursor::of("jobs", &query);
    let after: Option<(i64, Uuid)> = cursor.place(&query)?;
    let list = app.desk.query(move |env, sql| {
        let mut rows = store::job::list(sql, after, limit + 1)?;
        let more = rows.len() as i64 > limit;
        rows.truncate(usize::try_from(limit).unwrap_or(0));
        let next = rows.last().filter(|_| more).map(|row| cursor.after(&(row.created_at, row.id)));
        let people = People::read(sql, rows.iter().map(|row| row.created_by))?;
        Ok(JobList { items: rows.into_iter().map(|row| body(env, &people, row)).collect(), next })
    });
    Ok(ok(list.await?))
}

/// Reads a job
#[utoipa::path(get, path = "/jobs/{id}", tag = "jobs", params(("id" = String, Path, description = "Identity of the job")), responses((status = 200, body = JobBody), (status = 404, body = Problem)))]
async fn get_job(State(app): State<App>, Signed(actor): Signed, Path(id): Path<Uuid>) -> Answered {
    let job = app.desk.query(move |env, sql| {
        let row = job::find(sql, &actor, id)?;
        let people = People::read(sql, [row.created_by])?;
        Ok(body(env, &people, row))
    });
    Ok(ok(job.await?))
}

/// The result of one row.
#[derive(Serialize, ToSchema)]
struct JobRowBody {
    no: i64,
    subject: String,
    outcome: String,
    message: Option<String>,
}

/// A page of results.
#[derive(Serialize, ToSchema)]
struct JobRowList {
    items: Vec<JobRowBody>,
    next: Option<String>,
}

/// Lists the results of a job's rows
#[utoipa::path(get, path = "/jobs/{id}/rows", tag = "jobs", params(("id" = String, Path, description = "Identity of the job"), Page),
    responses((status = 200, body = JobRowList), (status = 404, body = Problem)))]
async fn list_job_rows(State(app): State<App>, Signed(actor): Signed, Path(id): Path<Uuid>, query: Query) -> Answered {
    let limit = query.limit()?;
    let cursor = Cursor::of(&format!("jobs/{id}"), &query);
    let after = cursor.place(&query)?.unwrap_or(0);
    let list = app.desk.query(move |_, sql| {
        job::find(sql, &actor, id)?;
        let mut rows = store::job::results(sql, id, after, limit + 1)?;
        let more = rows.len() as i64 > limit;
        rows.truncate(usize::try_from(limit).unwrap_or(0));
        let next = rows.last().filter(|_| more).map(|row| cursor.after(&row.no));
        let items = rows.into_iter().map(|r| JobRowBody { no: r.no, subject: r.subject, outcome: r.outcome, message: r.message });
        Ok(JobRowList { items: items.collect(), next })
    });
    Ok(ok(list.await?))
}

/// Asks a job to stop
#[utoipa::path(post, path = "/jobs/{id}/cancel", tag = "jobs", params(("id" = String, Path, description = "Identity of the job"), Once),
    responses((status = 202), (status = 403, body = Problem)))]
async fn cancel_job(State(app): State<App>, Signed(actor): Signed, key: IdempotencyKey, Path(id): Path<Uuid>) -> Answered {
    let once = key.once_without_body(&actor, &Method::POST, &format!("/api/v1/jobs/{id}/cancel"));
    let done = app.desk.execute_once(once, move |env, sql| Ok((job::cancel(env, sql, &actor, id)?, accepted()?)));
    Ok(respond(done.await?))
}

/// Runs a job again that has failed or was cancelled
///
/// It goes on where it stopped. What only its own command can do, such as an import, is refused with 409, and so is
/// what another day's job does anew.
#[utoipa::path(post, path = "/jobs/{id}/again", tag = "jobs", params(("id" = String, Path, description = "Identity of the job"), Once),
    responses((status = 202), (status = 404, body = Problem), (status = 409, body = Problem)))]
async fn run_job_again(State(app): State<App>, Signed(actor): Signed, key: IdempotencyKey, Path(id): Path<Uuid>) -> Answered {
    let once = key.once_without_body(&actor, &Method::POST, &format!("/api/v1/jobs/{id}/again"));
    let done = app.desk.execute_once(once, move |_, sql| Ok((job::again(sql, &actor, id)?, accepted()?)));
    Ok(respond(done.await?))
}

/// Takes back what a job has done on many records
///
/// Of jobs that edit or assign and have ended. Each record is set back where nobody has changed it since; the answer is a job with a
/// result for each.
#[utoipa::path(post, path = "/jobs/{id}/undo", tag = "jobs", params(("id" = String, Path, description = "Identity of the job"), Once),
    responses((status = 202, body = JobBegun), (status = 404, body = Problem), (status = 409, body = Problem)))]
async fn undo_job(State(app): State<App>, Signed(actor): Signed, lang: Lang, key: IdempotencyKey, Path(id): Path<Uuid>) -> Answered {
    let once = key.once_without_body(&actor, &Method::POST, &format!("/api/v1/jobs/{id}/undo"));
    let done = app.desk.execute_once(once, move |env, sql| {
        let (job, statement) = job::undo::queue(env, sql, &actor, id, lang.of(&actor))?;
        Ok((WriteSet { statements: vec![statement] }, JobBegun::answer(job, None)?))
    });
    Ok(respond(done.await?))
}

/// Fetches the file that a job has made
///
/// Who ordered it, for a day after it was made.
#[utoipa::path(get, path = "/jobs/{id}/file", tag = "jobs", params(("id" = String, Path, description = "Identity of the job")),
    responses((status = 200, description = "The file, as a download"), (status = 404, body = Problem), (status = 409, body = Problem)))]
async fn get_job_file(State(app): State<App>, Signed(actor): Signed, Path(id): Path<Uuid>) -> Answered {
    file::fetch(&app, &actor, id).await
}

fn accepted() -> Result<Answer, DeskError> {
    answer(StatusCode::ACCEPTED, &Value::Null, None, None)
}
