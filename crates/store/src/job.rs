//! Jobs: long work with progress, a result per row, cancelling and attempts.

use uuid::Uuid;

use crate::sql::{Row, Sql, Statement};
use crate::{StoreError, params};

/// A job.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "columns of the table; instants are UTC milliseconds")]
pub struct JobRow {
    pub id: Uuid,
    pub kind: String,
    /// `waiting`, `running`, `done`, `failed`, `cancelled` or `dead` (gave up after its attempts).
    pub state: String,
    pub params: String,
    pub done: i64,
    pub total: Option<i64>,
    pub result: Option<String>,
    pub error: Option<String>,
    pub attempts: i64,
    pub cancel_wanted: bool,
    pub created_by: Option<Uuid>,
    pub created_at: i64,
    pub started_at: Option<i64>,
    pub ended_at: Option<i64>,
}

const COLUMNS: &str =
    "id, kind, state, params, done, total, result, error, attempts, cancel_wanted, created_by, created_at, started_at, ended_at";

fn read(row: &Row) -> Result<JobRow, StoreError> {
    Ok(JobRow {
        id: row.id(0)?,
        kind: row.text(1)?,
        state: row.text(2)?,
        params: row.text(3)?,
        done: row.int(4)?,
        total: row.opt_int(5)?,
        result: row.opt_text(6)?,
        error: row.opt_text(7)?,
        attempts: row.int(8)?,
        cancel_wanted: row.flag(9)?,
        created_by: row.opt_id(10)?,
        created_at: row.int(11)?,
        started_at: row.opt_int(12)?,
        ended_at: row.opt_int(13)?,
    })
}

/// Writes a new job; `state` `running` with a lease when its maker works on it at once, else `waiting`.
pub fn insert(row: &JobRow, leased_until: i64) -> Statement {
    Statement::one(
        "INSERT INTO job (id, kind, state, params, done, total, attempts, cancel_wanted, leased_until, created_by, created_at, started_at) \
         VALUES ($1,$2,$3,$4,$5,$6,$7,0,$8,$9,$10,$11)",
        params![
            row.id,
            &row.kind,
            &row.state,
            &row.params,
            row.done,
            row.total,
            row.attempts,
            leased_until,
            row.created_by,
            row.created_at,
            row.started_at
        ],
    )
}

/// Notes progress and prolongs the lease.
pub fn progress(id: Uuid, done: i64, total: Option<i64>, lease_until: i64) -> Statement {
    Statement::new(
        "UPDATE job SET done = $2, total = COALESCE($3, total), leased_until = $4 WHERE id = $1",
        params![id, done, total, lease_until],
    )
}

/// Ends a job.
pub fn end(id: Uuid, state: &str, result: Option<&str>, error: Option<&str>, now: i64) -> Statement {
    Statement::new(
        "UPDATE job SET state = $2, result = $3, error = $4, ended_at = $5 WHERE id = $1",
        params![id, state, result, error, now],
    )
}

/// Asks a job to stop; one that waits stops at once.
pub fn cancel(id: Uuid, now: i64) -> Statement {
    Statement::new(
        "UPDATE job SET cancel_wanted = 1, ended_at = CASE WHEN state = 'waiting' THEN $2 ELSE ended_at END, \
         state = CASE WHEN state = 'waiting' THEN 'cancelled' ELSE state END WHERE id = $1 AND state IN ('waiting', 'running')",
        params![id, now],
    )
}

/// The job with this identity.
pub fn find(sql: &mut dyn Sql, id: Uuid) -> Result<Option<JobRow>, StoreError> {
    sql.first(&format!("SELECT {COLUMNS} FROM job WHERE id = $1"), &params![id])?.map(|row| read(&row)).transpose()
}

/// Jobs, newest first, after (`created_at`, id).
pub fn list(sql: &mut dyn Sql, after: Option<(i64, Uuid)>, limit: i64) -> Result<Vec<JobRow>, StoreError> {
    let (at, id) = after.map_or((i64::MAX, vec![0xff; 17]), |(at, id)| (at, id.as_bytes().to_vec()));
    sql.query(
        &format!("SELECT {COLUMNS} FROM job WHERE (created_at, id) < ($1, $2) ORDER BY created_at DESC, id DESC LIMIT $3"),
        &params![at, id, limit],
    )?
    .iter()
    .map(read)
    .collect()
}

/// The result of one row of a job.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "columns of the table")]
pub struct JobResult {
    pub no: i64,
    pub subject: String,
    pub outcome: String,
    pub message: Option<String>,
}

/// Writes the result of one row of a job; a repeated row keeps the newer result.
pub fn put_result(job: Uuid, result: &JobResult) -> Statement {
    Statement::new(
        "INSERT INTO job_row (job, no, subject, outcome, message) VALUES ($1,$2,$3,$4,$5) \
         ON CONFLICT (job, no) DO UPDATE SET subject = excluded.subject, outcome = excluded.outcome, message = excluded.message",
        params![job, result.no, &result.subject, &result.outcome, result.message.as_ref()],
    )
}

/// Results of a job's rows after `no`.
pub fn results(sql: &mut dyn Sql, job: Uuid, after: i64, limit: i64) -> Result<Vec<JobResult>, StoreError> {
    sql.query(
        "SELECT no, subject, outcome, message FROM job_row WHERE job = $1 AND no > $2 ORDER BY no LIMIT $3",
        &params![job, after, limit],
    )?
    .iter()
    .map(|row| Ok(JobResult { no: row.int(0)?, subject: row.text(1)?, outcome: row.text(2)?, message: row.opt_text(3)? }))
    .collect()
}
