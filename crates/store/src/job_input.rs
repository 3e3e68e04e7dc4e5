//! What a queued job works on, in parts: bounded pieces of a file that came with the request.

use uuid::Uuid;

use crate::sql::{Sql, Statement};
use crate::{StoreError, params};

/// Writes a part, in the transaction that queues the job.
pub fn put(job: Uuid, part: i64, body: &str) -> Statement {
    Statement::one("INSERT INTO job_input (job, part, body) VALUES ($1, $2, $3)", params![job, part, body])
}

/// Reads a part.
pub fn find(sql: &mut dyn Sql, job: Uuid, part: i64) -> Result<Option<String>, StoreError> {
    sql.first("SELECT body FROM job_input WHERE job = $1 AND part = $2", &params![job, part])?.map(|row| row.text(0)).transpose()
}

/// Removes what jobs that ended before an instant have left: it may name people.
pub fn sweep(ended_before: i64) -> Statement {
    Statement::new("DELETE FROM job_input WHERE job IN (SELECT id FROM job WHERE ended_at < $1)", params![ended_before])
}

/// Removes all parts, when the job has ended.
pub fn clear(job: Uuid) -> Statement {
    Statement::new("DELETE FROM job_input WHERE job = $1", params![job])
}
