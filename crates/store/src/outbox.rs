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

/// Messages about a record, oldest first, at most 10,000.
pub fn of_thread(sql: &mut dyn Sql, thread: Uuid) -> Result<Vec<OutboxRow>, StoreError> {
    sql.query(&format!("SELECT {COLUMNS} FROM outbox WHERE thread = $1 ORDER BY created_at, id LIMIT 10000"), &params![thread])?
        .iter()
        .map(read)
        .collect()
}

/// A message that one worker has in its hands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claimed {
    /// The message; `attempts` counts this one. No other claim has the same number, so only its holder can end it.
    pub row: OutboxRow,
    /// How many messages about its thread have left for its recipient lately: the loop guard's question.
    pub sent_lately: i64,
}

/// Takes the message that has been due longest for one worker: its state becomes `sending` until the lease ends, by the
/// database's clock. Whatever else is asked before it is sent is answered here, so that nothing can fail between.
pub fn claim(tx: &mut dyn Tx, now: i64, lease: i64, lately: i64) -> Result<Option<Claimed>, StoreError> {
    let text = format!(
        "SELECT {COLUMNS} FROM outbox WHERE state = 'waiting' AND next_at <= $1 ORDER BY next_at LIMIT 1{}",
        dialect::skip_locked(tx.dialect())
    );
    let Some(mut row) = tx.first(&text, &params![now])?.as_ref().map(read).transpose()? else { return Ok(None) };
    row.attempts += 1;
    let clock = dialect::now_ms(tx.dialect());
    tx.execute(
        &format!("UPDATE outbox SET state = 'sending', leased_until = {clock} + $2, attempts = $3 WHERE id = $1"),
        &params![row.id, lease, row.attempts],
    )?;
    "sending".clone_into(&mut row.state);
    let sent_lately = count_since(tx, row.thread, &row.recipient, now - lately)?;
    Ok(Some(Claimed { row, sent_lately }))
}

/// Messages whose worker has not come back within its lease: nobody knows whether they left. They become `uncertain`.
pub fn mark_uncertain(tx: &mut dyn Tx) -> Result<u64, StoreError> {
    let clock = dialect::now_ms(tx.dialect());
    tx.execute(&format!("UPDATE outbox SET state = 'uncertain' WHERE state = 'sending' AND leased_until < {clock}"), &[])
}

/// The same for all that is being sent, whatever its lease: when who sent it is known to be gone.
pub fn mark_all_uncertain(tx: &mut dyn Tx) -> Result<u64, StoreError> {
    tx.execute("UPDATE outbox SET state = 'uncertain' WHERE state = 'sending'", &[])
}

/// Notes that a message has left, if its claim still holds.
pub fn sent(row: &OutboxRow, now: i64) -> Statement {
    Statement::one(
        "UPDATE outbox SET state = 'sent', sent_at = $3, error = NULL WHERE id = $1 AND state = 'sending' AND attempts = $2",
        params![row.id, row.attempts, now],
    )
}

/// Notes a failed try, if its claim still holds: tried again at `next_at`, or given up when that is `None`.
pub fn failed(row: &OutboxRow, next_at: Option<i64>, error: &str) -> Statement {
    let state = if next_at.is_some() { "waiting" } else { "failed" };
    Statement::one(
        "UPDATE outbox SET state = $3, next_at = COALESCE($4, next_at), error = $5 WHERE id = $1 AND state = 'sending' AND attempts = $2",
        params![row.id, row.attempts, state, next_at, error],
    )
}

/// Notes that nobody knows whether a message has left, if its claim still holds: a person decides.
pub fn uncertain(row: &OutboxRow, error: &str) -> Statement {
    Statement::one(
        "UPDATE outbox SET state = 'uncertain', error = $3 WHERE id = $1 AND state = 'sending' AND attempts = $2",
        params![row.id, row.attempts, error],
    )
}

/// Moves a message from one state to another, as an operator releases or drops held ones.
pub fn change_state(id: Uuid, from: &str, to: &str) -> Statement {
    Statement::one("UPDATE outbox SET state = $3, next_at = 0 WHERE id = $1 AND state = $2", params![id, from, to])
}

/// How many messages about a thread left for a person since an instant.
fn count_since(sql: &mut dyn Sql, thread: Uuid, recipient: &str, since: i64) -> Result<i64, StoreError> {
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
