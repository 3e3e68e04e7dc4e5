//! Jobs: long work with progress, a result per row, cancelling and attempts. Leases are judged by the database's clock.

use decide::Dialect;
use uuid::Uuid;

use crate::sql::{Row, Sql, Statement, Tx, Value};
use crate::{StoreError, dialect, params};

/// A job.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "columns of the table; instants are UTC milliseconds")]
pub struct JobRow {
    pub id: Uuid,
    pub kind: String,
    /// `waiting`, `running`, `done`, `failed` (gave up after its attempts), `cancelled` or `interrupted` (its process died,
    /// and no other can go on).
    pub state: String,
    pub params: String,
    pub done: i64,
    pub total: Option<i64>,
    pub result: Option<String>,
    pub error: Option<String>,
    /// Attempts since it last came on.
    pub attempts: i64,
    pub cancel_wanted: bool,
    /// Who works on it.
    pub owner: Option<Uuid>,
    /// Where it goes on.
    pub place: Option<String>,
    pub created_by: Option<Uuid>,
    pub created_at: i64,
    pub started_at: Option<i64>,
    pub ended_at: Option<i64>,
}

const COLUMNS: &str = "id, kind, state, params, done, total, result, error, attempts, cancel_wanted, owner, place, created_by, created_at, \
     started_at, ended_at";

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
        owner: row.opt_id(10)?,
        place: row.opt_text(11)?,
        created_by: row.opt_id(12)?,
        created_at: row.int(13)?,
        started_at: row.opt_int(14)?,
        ended_at: row.opt_int(15)?,
    })
}

/// What a new job is.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "columns of the table")]
pub struct NewJob {
    pub id: Uuid,
    pub kind: &'static str,
    pub params: String,
    pub total: Option<i64>,
    pub created_by: Option<Uuid>,
    pub created_at: i64,
}

/// Who works on a job, and for how many milliseconds more it is thought alive.
#[derive(Clone, Copy, Debug)]
#[expect(missing_docs, reason = "said above")]
pub struct Lease {
    pub owner: Uuid,
    pub milliseconds: i64,
}

/// Queues a job for the workers, from `delay` milliseconds on.
pub fn queue(new: &NewJob, delay: i64, dialect: Dialect) -> Statement {
    let now = dialect::now_ms(dialect);
    Statement::one(
        format!(
            "INSERT INTO job (id, kind, state, params, done, total, attempts, cancel_wanted, leased_until, next_at, created_by, created_at) \
             VALUES ($1, $2, 'waiting', $3, 0, $4, 0, 0, 0, {now} + $5, $6, $7)"
        ),
        params![new.id, new.kind, &new.params, new.total, delay, new.created_by, new.created_at],
    )
}

/// Writes a job on which its maker works at once.
pub fn begin(new: &NewJob, lease: Lease, dialect: Dialect) -> Statement {
    let now = dialect::now_ms(dialect);
    Statement::one(
        format!(
            "INSERT INTO job (id, kind, state, params, done, total, attempts, cancel_wanted, owner, leased_until, created_by, created_at, \
             started_at) VALUES ($1, $2, 'running', $3, 0, $4, 1, 0, $5, {now} + $6, $7, $8, $8)"
        ),
        params![new.id, new.kind, &new.params, new.total, lease.owner, lease.milliseconds, new.created_by, new.created_at],
    )
}

/// `kind IN (…)` with placeholders from `first` on.
fn one_of(kinds: &[&'static str], first: usize) -> (String, Vec<Value>) {
    let marks: Vec<String> = (first..first + kinds.len()).map(|n| format!("${n}")).collect();
    (format!("kind IN ({})", marks.join(", ")), kinds.iter().map(|kind| Value::from(*kind)).collect())
}

/// Whether there is anything to claim or to settle: asked often, so that nothing is written for nothing. `bound` are the kinds
/// that only their own process can do; kinds that are not named at all belong to a newer program.
pub fn is_due(sql: &mut dyn Sql, kinds: &[&'static str], bound: &[&'static str]) -> Result<bool, StoreError> {
    let now = dialect::now_ms(sql.dialect());
    let (of_kinds, mut values) = one_of(kinds, 1);
    let (of_bound, more) = one_of(bound, values.len() + 1);
    values.extend(more);
    let text = format!(
        "SELECT 1 FROM job WHERE state = 'running' AND leased_until < {now} AND ({of_kinds} OR {of_bound}) \
         UNION ALL SELECT 1 FROM job WHERE state = 'waiting' AND next_at <= {now} AND {of_kinds} LIMIT 1"
    );
    Ok(sql.first(&text, &values)?.is_some())
}

/// Settles running jobs whose process is gone: of `kinds` those that have used up their attempts fail, and what only its own
/// process can go on with (`bound`) is interrupted. What can be claimed again stays as it is, here or by a newer program.
pub fn settle(tx: &mut dyn Tx, kinds: &[&'static str], bound: &[&'static str], tries: i64) -> Result<(), StoreError> {
    let now = dialect::now_ms(tx.dialect());
    let (of_kinds, values) = one_of(kinds, 2);
    let mut failed = params![tries];
    failed.extend(values);
    tx.execute(
        &format!(
            "UPDATE job SET state = 'failed', ended_at = {now}, owner = NULL, error = 'its process ended ' || attempts || ' times while it worked' \
             WHERE state = 'running' AND leased_until < {now} AND attempts >= $1 AND {of_kinds}"
        ),
        &failed,
    )?;
    let (of_bound, values) = one_of(bound, 1);
    tx.execute(
        &format!(
            "UPDATE job SET state = 'interrupted', ended_at = {now}, owner = NULL, error = 'its process ended while it worked: run it again' \
             WHERE state = 'running' AND leased_until < {now} AND {of_bound}"
        ),
        &values,
    )?;
    Ok(())
}

/// Takes the oldest job of these kinds that waits or whose worker is gone.
pub fn claim(tx: &mut dyn Tx, kinds: &[&'static str], lease: Lease) -> Result<Option<JobRow>, StoreError> {
    let now = dialect::now_ms(tx.dialect());
    let (of_kinds, values) = one_of(kinds, 1);
    let text = format!(
        "SELECT {COLUMNS} FROM job WHERE {of_kinds} AND (state = 'waiting' AND next_at <= {now} OR state = 'running' AND leased_until < {now}) \
         ORDER BY created_at, id LIMIT 1{}",
        dialect::skip_locked(tx.dialect())
    );
    let Some(mut job) = tx.first(&text, &values)?.as_ref().map(read).transpose()? else { return Ok(None) };
    tx.execute(
        &format!(
            "UPDATE job SET state = 'running', owner = $2, leased_until = {now} + $3, attempts = attempts + 1, \
             started_at = COALESCE(started_at, {now}) WHERE id = $1"
        ),
        &params![job.id, lease.owner, lease.milliseconds],
    )?;
    job.attempts += 1;
    job.owner = Some(lease.owner);
    "running".clone_into(&mut job.state);
    Ok(Some(job))
}

/// The job as it is now, while this owner has it; none when it was taken away.
pub fn held(sql: &mut dyn Sql, id: Uuid, owner: Uuid) -> Result<Option<JobRow>, StoreError> {
    sql.first(&format!("SELECT {COLUMNS} FROM job WHERE id = $1 AND owner = $2 AND state = 'running'"), &params![id, owner])?
        .map(|row| read(&row))
        .transpose()
}

/// Prolongs the lease; touches nothing when the job was taken away.
pub fn beat(id: Uuid, lease: Lease, dialect: Dialect) -> Statement {
    let now = dialect::now_ms(dialect);
    Statement::new(
        format!("UPDATE job SET leased_until = {now} + $3 WHERE id = $1 AND owner = $2 AND state = 'running'"),
        params![id, lease.owner, lease.milliseconds],
    )
}

/// Notes progress and prolongs the lease, in the transaction that makes the progress: who has lost the job cannot write.
/// Whoever has come on begins to count attempts anew: a long job may lose its node more often than a stuck one.
pub fn progress(id: Uuid, done: i64, place: Option<&str>, lease: Lease, dialect: Dialect) -> Statement {
    let now = dialect::now_ms(dialect);
    Statement::one(
        format!(
            "UPDATE job SET done = $4, place = COALESCE($5, place), attempts = 1, leased_until = {now} + $3 \
             WHERE id = $1 AND owner = $2 AND state = 'running'"
        ),
        params![id, lease.owner, lease.milliseconds, done, place],
    )
}

/// Ends a job that this owner has.
pub fn end(id: Uuid, owner: Uuid, state: &str, result: Option<&str>, error: Option<&str>, now: i64) -> Statement {
    Statement::one(
        "UPDATE job SET state = $3, result = $4, error = $5, ended_at = $6, owner = NULL WHERE id = $1 AND owner = $2 AND state = 'running'",
        params![id, owner, state, result, error, now],
    )
}

/// Puts a job off that failed, to be tried again after `delay` milliseconds; `attempts` of it count.
pub fn put_off(id: Uuid, owner: Uuid, delay: i64, attempts: i64, error: &str, dialect: Dialect) -> Statement {
    let now = dialect::now_ms(dialect);
    Statement::one(
        format!(
            "UPDATE job SET state = 'waiting', next_at = {now} + $3, error = $4, attempts = $5, owner = NULL \
             WHERE id = $1 AND owner = $2 AND state = 'running'"
        ),
        params![id, owner, delay, error, attempts],
    )
}

/// Gives a job back unfinished, as a node does that stops: it costs no attempt.
pub fn give_back(id: Uuid, owner: Uuid) -> Statement {
    Statement::new(
        "UPDATE job SET state = 'waiting', next_at = 0, attempts = attempts - 1, owner = NULL \
         WHERE id = $1 AND owner = $2 AND state = 'running'",
        params![id, owner],
    )
}

/// Ends all leases: for a database that one process alone works on, when that process begins.
pub fn end_leases(tx: &mut dyn Tx) -> Result<(), StoreError> {
    tx.execute("UPDATE job SET leased_until = 0 WHERE state = 'running'", &[])?;
    Ok(())
}

/// Asks a job to stop; one that waits stops at once.
pub fn cancel(id: Uuid, now: i64) -> Statement {
    Statement::new(
        "UPDATE job SET cancel_wanted = 1, ended_at = CASE WHEN state = 'waiting' THEN $2 ELSE ended_at END, \
         state = CASE WHEN state = 'waiting' THEN 'cancelled' ELSE state END WHERE id = $1 AND state IN ('waiting', 'running')",
        params![id, now],
    )
}

/// Lets a job that ended in one of these states begin again where it stopped, with all its attempts.
pub fn again(id: Uuid) -> Statement {
    Statement::one(
        "UPDATE job SET state = 'waiting', attempts = 0, cancel_wanted = 0, next_at = 0, error = NULL, ended_at = NULL \
         WHERE id = $1 AND state IN ('failed', 'cancelled')",
        params![id],
    )
}

/// The job with this identity.
pub fn find(sql: &mut dyn Sql, id: Uuid) -> Result<Option<JobRow>, StoreError> {
    sql.first(&format!("SELECT {COLUMNS} FROM job WHERE id = $1"), &params![id])?.map(|row| read(&row)).transpose()
}

/// Jobs of a kind whose process is alive, at most a hundred.
pub fn alive(sql: &mut dyn Sql, kind: &str) -> Result<Vec<JobRow>, StoreError> {
    let now = dialect::now_ms(sql.dialect());
    let text =
        format!("SELECT {COLUMNS} FROM job WHERE kind = $1 AND state = 'running' AND leased_until >= {now} ORDER BY created_at LIMIT 100");
    sql.query(&text, &params![kind])?.iter().map(read).collect()
}

/// The newest job of a kind.
pub fn newest_of(sql: &mut dyn Sql, kind: &str) -> Result<Option<JobRow>, StoreError> {
    sql.first(&format!("SELECT {COLUMNS} FROM job WHERE kind = $1 ORDER BY created_at DESC, id DESC LIMIT 1"), &params![kind])?
        .map(|row| read(&row))
        .transpose()
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

/// Keeps a part of what a job makes.
pub fn put_part(job: Uuid, no: i64, body: &str) -> Statement {
    Statement::one("INSERT INTO job_part (job, no, body) VALUES ($1, $2, $3)", params![job, no, body])
}

/// A part of what a job has made.
pub fn part(sql: &mut dyn Sql, job: Uuid, no: i64) -> Result<Option<String>, StoreError> {
    sql.first("SELECT body FROM job_part WHERE job = $1 AND no = $2", &params![job, no])?.map(|row| row.text(0)).transpose()
}

/// Removes what jobs have made that ended before an instant, or that did not come to an end since another.
pub fn sweep_parts(ended_before: i64, begun_before: i64) -> Statement {
    Statement::new(
        "DELETE FROM job_part WHERE job IN (SELECT id FROM job WHERE ended_at < $1 OR ended_at IS NULL AND created_at < $2)",
        params![ended_before, begun_before],
    )
}
