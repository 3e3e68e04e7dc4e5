//! How the system is: depths of queues and what is late, each counted along an index.

use crate::sql::Sql;
use crate::{StoreError, dialect, params};

fn by_state(sql: &mut dyn Sql, text: &str) -> Result<Vec<(String, i64)>, StoreError> {
    sql.query(text, &[])?.iter().map(|row| Ok((row.text(0)?, row.int(1)?))).collect()
}

/// How many bytes the database takes.
pub fn size(sql: &mut dyn Sql) -> Result<i64, StoreError> {
    let text = dialect::size_sql(sql.dialect());
    sql.first(text, &[])?.map_or(Ok(0), |row| row.int(0))
}

/// Messages that are not done with, by state.
pub fn outbox(sql: &mut dyn Sql) -> Result<Vec<(String, i64)>, StoreError> {
    let open = "'waiting', 'held', 'sending', 'uncertain', 'failed'";
    by_state(sql, &format!("SELECT state, COUNT(*) FROM outbox WHERE state IN ({open}) GROUP BY state ORDER BY state LIMIT 20"))
}

/// Jobs that are not done with, by state.
pub fn jobs(sql: &mut dyn Sql) -> Result<Vec<(String, i64)>, StoreError> {
    let open = "'waiting', 'running', 'failed', 'interrupted'";
    by_state(sql, &format!("SELECT state, COUNT(*) FROM job WHERE state IN ({open}) GROUP BY state ORDER BY state LIMIT 20"))
}

/// Effects on other records that are not applied yet, by state.
pub fn messages(sql: &mut dyn Sql) -> Result<Vec<(String, i64)>, StoreError> {
    by_state(sql, "SELECT state, COUNT(*) FROM message WHERE state IN ('waiting', 'refused') GROUP BY state ORDER BY state LIMIT 20")
}

/// Timers that were due before an instant: how many wait, since when the oldest does, and how many were given up.
pub fn timers(sql: &mut dyn Sql, before: i64) -> Result<(i64, Option<i64>, i64), StoreError> {
    let row = sql.first(
        "SELECT COUNT(CASE WHEN attempts < 20 THEN 1 END), MIN(CASE WHEN attempts < 20 THEN due_at END), \
         COUNT(CASE WHEN attempts >= 20 THEN 1 END) FROM timer WHERE due_at < $1",
        &params![before],
    )?;
    row.map_or(Ok((0, None, 0)), |row| Ok((row.int(0)?, row.opt_int(1)?, row.int(2)?)))
}
