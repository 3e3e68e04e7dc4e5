//! The outbox: what leaves the process, and its ledger.

use uuid::Uuid;

use crate::sql::{Row, Sql, Statement, Tx};
use crate::{StoreError, dialect, params};

/// A message to somebody outside, as its row holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "columns named as in DESIGN §1.5; instants are UTC milliseconds")]
pub struct OutboxRow {
    pub id: Uuid,
    pub channel: String,
    pub recipient: String,
    pub recipient_user: Option<Uuid>,
    /// The aggregate that the message speaks of; budgets count per person and thread.
    pub thread: Uuid,
    pub template: String,
    /// `{"subject","text"}`, JSON text.
    pub body: String,
    /// `waiting`, `held`, `sending`, `sent`, `uncertain`, `failed` or `dropped`.
    pub state: String,
    pub reason: Option<String>,
    pub attempts: i64,
    pub next_at: i64,
    pub created_at: i64,
    pub sent_at: Option<i64>,
    pub error: Option<String>,
}

const COLUMNS: &str =
    "id, channel, recipient, recipient_user, thread, template, body, state, reason, attempts, next_at, created_at, sent_at, error";

fn read(row: &Row) -> Result<OutboxRow, StoreError> {
    Ok(OutboxRow {
        id: row.id(0)?,
        channel: row.text(1)?,
        recipient: row.text(2)?,
        recipient_user: row.opt_id(3)?,
        thread: row.id(4)?,
        template: row.text(5)?,
        body: row.text(6)?,
        state: row.text(7)?,
        reason: row.opt_text(8)?,
        attempts: row.int(9)?,
        next_at: row.int(10)?,
        created_at: row.int(11)?,
        sent_at: row.opt_int(12)?,
        error: row.opt_text(13)?,
    })
}

/// Queues a message in the transaction that causes it.
pub fn insert(row: &OutboxRow) -> Statement {
    Statement::one(
        "INSERT INTO outbox (id, channel, recipient, recipient_user, thread, template, body, state, reason, attempts, next_at, created_at) \
         VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12)",
        params![
            row.id,
            &row.channel,
            &row.recipient,
            row.recipient_user,
            row.thread,
            &row.template,
            &row.body,
            &row.state,
            row.reason.as_ref(),
            row.attempts,
            row.next_at,
            row.created_at
        ],
    )
}

/// Takes the message that has been due longest for one worker: its state becomes `sending` until the lease ends.
pub fn claim(tx: &mut dyn Tx, now: i64, lease_until: i64) -> Result<Option<OutboxRow>, StoreError> {
    let text = format!(
        "SELECT {COLUMNS} FROM outbox WHERE state = 'waiting' AND next_at <= $1 ORDER BY next_at LIMIT 1{}",
        dialect::skip_locked(tx.dialect())
    );
    let Some(row) = tx.first(&text, &params![now])?.as_ref().map(read).transpose()? else { return Ok(None) };
    tx.execute(
        "UPDATE outbox SET state = 'sending', leased_until = $2, attempts = attempts + 1 WHERE id = $1",
        &params![row.id, lease_until],
    )?;
    Ok(Some(row))
}

/// Messages whose worker died while sending: nobody knows whether they left. They become `uncertain`.
pub fn mark_uncertain(tx: &mut dyn Tx, now: i64) -> Result<u64, StoreError> {
    tx.execute("UPDATE outbox SET state = 'uncertain' WHERE state = 'sending' AND leased_until < $1", &params![now])
}

/// Notes that a message has left.
pub fn sent(id: Uuid, now: i64) -> Statement {
    Statement::new("UPDATE outbox SET state = 'sent', sent_at = $2, error = NULL WHERE id = $1", params![id, now])
}

/// Notes a failed try: tried again at `next_at`, or given up when that is `None`.
pub fn failed(id: Uuid, next_at: Option<i64>, error: &str) -> Statement {
    let state = if next_at.is_some() { "waiting" } else { "failed" };
    Statement::new(
        "UPDATE outbox SET state = $2, next_at = COALESCE($3, next_at), error = $4 WHERE id = $1",
        params![id, state, next_at, error],
    )
}

/// Moves a message from one state to another, as an operator releases or drops held ones.
pub fn change_state(id: Uuid, from: &str, to: &str) -> Statement {
    Statement::one("UPDATE outbox SET state = $3, next_at = 0 WHERE id = $1 AND state = $2", params![id, from, to])
}

/// How many messages about a thread left for a person since an instant: the loop guard's question.
pub fn count_since(sql: &mut dyn Sql, thread: Uuid, recipient: &str, since: i64) -> Result<i64, StoreError> {
    sql.first("SELECT COUNT(*) FROM outbox WHERE thread = $1 AND recipient = $2 AND sent_at >= $3", &params![thread, recipient, since])?
        .map_or(Ok(0), |row| row.int(0))
}

/// The age in milliseconds of the oldest message that waits, for the metrics.
pub fn oldest_waiting(sql: &mut dyn Sql) -> Result<Option<i64>, StoreError> {
    sql.first("SELECT MIN(created_at) FROM outbox WHERE state = 'waiting'", &[])?.map_or(Ok(None), |row| row.opt_int(0))
}

/// The message with this identity.
pub fn find(sql: &mut dyn Sql, id: Uuid) -> Result<Option<OutboxRow>, StoreError> {
    sql.first(&format!("SELECT {COLUMNS} FROM outbox WHERE id = $1"), &params![id])?.as_ref().map(read).transpose()
}

/// Messages in a state (or all), newest first, after (`created_at`, id).
pub fn list(sql: &mut dyn Sql, state: Option<&str>, after: Option<(i64, Uuid)>, limit: i64) -> Result<Vec<OutboxRow>, StoreError> {
    let (at, id) = after.map_or((i64::MAX, vec![0xff; 17]), |(at, id)| (at, id.as_bytes().to_vec()));
    sql.query(
        &format!(
            "SELECT {COLUMNS} FROM outbox WHERE (CAST($1 AS TEXT) IS NULL OR state = $1) AND (created_at, id) < ($2, $3) \
             ORDER BY created_at DESC, id DESC LIMIT $4"
        ),
        &params![state, at, id, limit],
    )?
    .iter()
    .map(read)
    .collect()
}
