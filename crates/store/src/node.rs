//! Nodes that work on this database, as each says of itself every few seconds: what no node can see of another.

use decide::Dialect;
use uuid::Uuid;

use crate::sql::{Sql, Statement};
use crate::{StoreError, dialect, params};

/// Most nodes that are told of.
const MOST: i64 = 100;

/// A node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodeRow {
    /// Its identity.
    pub id: Uuid,
    /// Version of its program.
    pub program: String,
    /// When it started, by its own clock.
    pub started_at: i64,
    /// How long ago it last said so, by the database's clock, in milliseconds.
    pub silent: i64,
    /// What its workers do, as JSON; its times are ages in milliseconds at that moment.
    pub rounds: String,
}

/// Says that a node works.
pub fn put(dialect: Dialect, id: Uuid, program: &str, started_at: i64, rounds: &str) -> Statement {
    let now = dialect::now_ms(dialect);
    Statement::one(
        format!(
            "INSERT INTO node (id, program, started_at, seen_at, rounds) VALUES ($1, $2, $3, {now}, $4) \
             ON CONFLICT (id) DO UPDATE SET seen_at = excluded.seen_at, rounds = excluded.rounds"
        ),
        params![id, program, started_at, rounds],
    )
}

/// All nodes that have said so and did not take their leave, in the order in which they started.
pub fn all(sql: &mut dyn Sql) -> Result<Vec<NodeRow>, StoreError> {
    let now = dialect::now_ms(sql.dialect());
    let text = format!("SELECT id, program, started_at, {now} - seen_at, rounds FROM node ORDER BY started_at, id LIMIT $1");
    sql.query(&text, &params![MOST])?
        .iter()
        .map(|row| {
            Ok(NodeRow { id: row.id(0)?, program: row.text(1)?, started_at: row.int(2)?, silent: row.int(3)?, rounds: row.text(4)? })
        })
        .collect()
}

/// A node that stops takes its leave.
pub fn remove(id: Uuid) -> Statement {
    Statement::new("DELETE FROM node WHERE id = $1", params![id])
}

/// Forgets nodes that have said nothing for so many milliseconds.
pub fn sweep(dialect: Dialect, silent: i64) -> Statement {
    Statement::new(format!("DELETE FROM node WHERE seen_at < {} - $1", dialect::now_ms(dialect)), params![silent])
}
