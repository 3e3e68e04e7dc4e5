//! The journal: append, read back, follow, seal.

use uuid::Uuid;

use crate::sql::{Row, Sql, Statement, Value, any_of};
use crate::{StoreError, dialect, params};

/// A journal entry, all but its position, which the database gives.
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "columns named as in DESIGN §1.1; instants are UTC milliseconds")]
pub struct Entry {
    pub kind: String,
    pub aggregate: Uuid,
    pub seq: i64,
    pub event: String,
    pub schema_version: i64,
    pub occurred_at: i64,
    pub recorded_at: i64,
    pub actor: Option<Uuid>,
    pub on_behalf_of: Option<Uuid>,
    pub channel: String,
    pub command: Uuid,
    pub correlation: Uuid,
    pub causation: Option<Uuid>,
    pub definition: Option<Uuid>,
    pub request: Option<String>,
    pub visibility: String,
    pub digest: Vec<u8>,
    pub chain: Vec<u8>,
    /// Absent after lawful erasure.
    pub payload: Option<Payload>,
}

/// The content of an entry with the salt of its digest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payload {
    /// Random bytes that keep the digest from telling what was erased.
    pub salt: Vec<u8>,
    /// JSON text, byte for byte as it was digested.
    pub body: String,
}

pub(crate) const COLUMNS: &str = "j.kind, j.aggregate, j.seq, j.event, j.schema_version, j.occurred_at, j.recorded_at, j.actor, j.on_behalf_of, \
     j.channel, j.command, j.correlation, j.causation, j.definition, j.request, j.visibility, j.digest, j.chain, p.salt, p.body";

/// Where those columns are.
pub(crate) const TABLES: &str = "journal j LEFT JOIN journal_payload p ON p.pos = j.pos";

pub(crate) fn read(row: &Row) -> Result<Entry, StoreError> {
    let payload = match (row.opt_blob(18)?, row.opt_text(19)?) {
        (Some(salt), Some(body)) => Some(Payload { salt, body }),
        _ => None,
    };
    Ok(Entry {
        kind: row.text(0)?,
        aggregate: row.id(1)?,
        seq: row.int(2)?,
        event: row.text(3)?,
        schema_version: row.int(4)?,
        occurred_at: row.int(5)?,
        recorded_at: row.int(6)?,
        actor: row.opt_id(7)?,
        on_behalf_of: row.opt_id(8)?,
        channel: row.text(9)?,
        command: row.id(10)?,
        correlation: row.id(11)?,
        causation: row.opt_id(12)?,
        definition: row.opt_id(13)?,
        request: row.opt_text(14)?,
        visibility: row.text(15)?,
        digest: row.blob(16)?,
        chain: row.blob(17)?,
        payload,
    })
}

/// Appends an entry: two statements that must follow each other. A taken sequence number undoes the write set.
pub fn append(entry: &Entry, dialect: decide::Dialect) -> [Statement; 2] {
    let payload = entry.payload.as_ref();
    let (salt, body) = payload.map_or((Vec::new(), String::new()), |p| (p.salt.clone(), p.body.clone()));
    let payload_sql = match dialect {
        decide::Dialect::Sqlite => "INSERT INTO journal_payload (pos, salt, body) VALUES (last_insert_rowid(), $1, $2)",
        decide::Dialect::Postgres => "INSERT INTO journal_payload (pos, salt, body) VALUES (currval('journal_pos_seq'), $1, $2)",
    };
    [
        Statement::one(
            "INSERT INTO journal (kind, aggregate, seq, event, schema_version, occurred_at, recorded_at, actor, on_behalf_of, \
             channel, command, correlation, causation, definition, request, visibility, digest, chain) \
             VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18)",
            params![
                &entry.kind,
                entry.aggregate,
                entry.seq,
                &entry.event,
                entry.schema_version,
                entry.occurred_at,
                entry.recorded_at,
                entry.actor,
                entry.on_behalf_of,
                &entry.channel,
                entry.command,
                entry.correlation,
                entry.causation,
                entry.definition,
                entry.request.as_ref(),
                &entry.visibility,
                entry.digest.as_slice(),
                entry.chain.as_slice()
            ],
        ),
        Statement::one(payload_sql, params![salt, body]),
    ]
}

/// Erases the content of an aggregate's entries up to `until`; the entries and their chain stay.
pub fn erase(aggregate: Uuid, until: i64) -> Statement {
    Statement::new(
        "DELETE FROM journal_payload WHERE pos IN (SELECT pos FROM journal WHERE aggregate = $1 AND seq <= $2)",
        params![aggregate, until],
    )
}

/// Which entries of an aggregate a reader may see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sight {
    /// Public entries only.
    Public,
    /// Internal ones too.
    All,
}

/// Entries of an aggregate after `after`, oldest first, at most `limit`.
pub fn of_aggregate(sql: &mut dyn Sql, aggregate: Uuid, after: i64, sight: Sight, limit: i64) -> Result<Vec<Entry>, StoreError> {
    let filter = match sight {
        Sight::Public => " AND j.visibility = 'public'",
        Sight::All => "",
    };
    sql.query(
        &format!("SELECT {COLUMNS} FROM {TABLES} WHERE j.aggregate = $1 AND j.seq > $2{filter} ORDER BY j.seq LIMIT $3"),
        &params![aggregate, after, limit],
    )?
    .iter()
    .map(read)
    .collect()
}

/// The public entries of an aggregate after the first `skipped` of them, oldest first, at most `limit`.
pub fn public_of(sql: &mut dyn Sql, aggregate: Uuid, skipped: i64, limit: i64) -> Result<Vec<Entry>, StoreError> {
    sql.query(
        &format!("SELECT {COLUMNS} FROM {TABLES} WHERE j.aggregate = $1 AND j.visibility = 'public' ORDER BY j.seq LIMIT $3 OFFSET $2"),
        &params![aggregate, skipped, limit],
    )?
    .iter()
    .map(read)
    .collect()
}

/// The first entries of these aggregates, up to the number `until` of each, in order; at most 1,000 are asked at once.
pub fn first_of(sql: &mut dyn Sql, aggregates: &[Uuid], until: i64) -> Result<Vec<Entry>, StoreError> {
    if aggregates.is_empty() {
        return Ok(Vec::new());
    }
    let (marks, mut values) = any_of(aggregates);
    values.push(until.into());
    let text = format!(
        "SELECT {COLUMNS} FROM {TABLES} WHERE j.aggregate IN ({marks}) AND j.seq <= ${} ORDER BY j.aggregate, j.seq LIMIT 20000",
        values.len()
    );
    sql.query(&text, &values)?.iter().map(read).collect()
}

/// Which entries of everything but records somebody looks for.
#[derive(Clone, Debug, Default)]
pub struct Oversight {
    /// Of this kind alone.
    pub kind: Option<String>,
    /// By this person alone.
    pub actor: Option<Uuid>,
    /// Recorded from here on.
    pub from: Option<i64>,
    /// And before this.
    pub until: Option<i64>,
    /// Before this position: where the page before ended.
    pub before: Option<i64>,
    /// Most entries.
    pub limit: i64,
}

/// Entries of everything but records and people's own lists, newest first, each with its position.
pub fn oversight(sql: &mut dyn Sql, wanted: &Oversight) -> Result<Vec<(i64, Entry)>, StoreError> {
    let mut values = params![wanted.before.unwrap_or(i64::MAX), wanted.limit];
    let mut condition = String::new();
    let mut test = |text: &str, value: Option<Value>| {
        if let Some(value) = value {
            values.push(value);
            condition.push_str(&format!(" AND {text} ${}", values.len()));
        }
    };
    test("j.kind =", wanted.kind.as_ref().map(Value::from));
    test("j.actor =", wanted.actor.map(Value::from));
    test("j.recorded_at >=", wanted.from.map(Value::from));
    test("j.recorded_at <", wanted.until.map(Value::from));
    // The first test is the one of the index, word for word.
    let text = format!(
        "SELECT {COLUMNS}, j.pos FROM {TABLES} WHERE j.kind <> 'record' AND j.kind <> 'view' AND j.pos < $1{condition} \
         ORDER BY j.pos DESC LIMIT $2"
    );
    sql.query(&text, &values)?.iter().map(|row| Ok((row.int(20)?, read(row)?))).collect()
}

/// The newest entries of an aggregate, newest first.
pub fn newest(sql: &mut dyn Sql, aggregate: Uuid, limit: i64) -> Result<Vec<Entry>, StoreError> {
    sql.query(&format!("SELECT {COLUMNS} FROM {TABLES} WHERE j.aggregate = $1 ORDER BY j.seq DESC LIMIT $2"), &params![aggregate, limit])?
        .iter()
        .map(read)
        .collect()
}

/// The newest entry of an aggregate with this event.
pub fn newest_of(sql: &mut dyn Sql, aggregate: Uuid, event: &str) -> Result<Option<Entry>, StoreError> {
    sql.first(
        &format!("SELECT {COLUMNS} FROM {TABLES} WHERE j.aggregate = $1 AND j.event = $2 ORDER BY j.seq DESC LIMIT 1"),
        &params![aggregate, event],
    )?
    .map(|row| read(&row))
    .transpose()
}

/// Entries of an aggregate with this event that came through a channel, the newest first, at most `limit`.
pub fn through(sql: &mut dyn Sql, aggregate: Uuid, channel: &str, event: &str, limit: i64) -> Result<Vec<Entry>, StoreError> {
    let text =
        format!("SELECT {COLUMNS} FROM {TABLES} WHERE j.aggregate = $1 AND j.channel = $2 AND j.event = $3 ORDER BY j.seq DESC LIMIT $4");
    sql.query(&text, &params![aggregate, channel, event, limit])?.iter().map(read).collect()
}

/// What was said on a record for whoever reported it, and what was merged into it: the newest entries first, at most `limit`, and how
/// many comments and merged reports there are in all.
pub fn said(sql: &mut dyn Sql, aggregate: Uuid, limit: i64) -> Result<(Vec<Entry>, i64), StoreError> {
    let which = "j.aggregate = $1 AND (j.event = 'merged' OR j.visibility = 'public' AND j.event";
    let text = format!("SELECT {COLUMNS} FROM {TABLES} WHERE {which} IN ('commented', 'held')) ORDER BY j.seq DESC LIMIT $2");
    let entries = sql.query(&text, &params![aggregate, limit])?.iter().map(read).collect::<Result<_, _>>()?;
    let count = format!("SELECT COUNT(*) FROM journal j WHERE {which} = 'commented')");
    Ok((entries, sql.first(&count, &params![aggregate])?.map_or(Ok(0), |row| row.int(0))?))
}

/// The first entry of the oldest aggregate; none in an empty journal.
pub fn first(sql: &mut dyn Sql) -> Result<Option<Entry>, StoreError> {
    sql.first(&format!("SELECT {COLUMNS} FROM {TABLES} ORDER BY j.aggregate, j.seq LIMIT 1"), &[])?.map(|row| read(&row)).transpose()
}

/// When the first entry was written; none while there is none.
pub fn began(sql: &mut dyn Sql) -> Result<Option<i64>, StoreError> {
    sql.first("SELECT recorded_at FROM journal ORDER BY xid, pos LIMIT 1", &[])?.map(|row| row.int(0)).transpose()
}

/// The newest entry of an aggregate.
pub fn last_of(sql: &mut dyn Sql, aggregate: Uuid) -> Result<Option<Entry>, StoreError> {
    sql.first(&format!("SELECT {COLUMNS} FROM {TABLES} WHERE j.aggregate = $1 ORDER BY j.seq DESC LIMIT 1"), &params![aggregate])?
        .map(|row| read(&row))
        .transpose()
}

/// When the entries of an aggregate happened that came through a channel with an event.
pub fn instants_of(sql: &mut dyn Sql, aggregate: Uuid, channel: &str, event: &str) -> Result<Vec<i64>, StoreError> {
    sql.query(
        "SELECT occurred_at FROM journal WHERE aggregate = $1 AND channel = $2 AND event = $3 ORDER BY seq LIMIT 1000000",
        &params![aggregate, channel, event],
    )?
    .iter()
    .map(|row| row.int(0))
    .collect()
}

/// Aggregates of the journal in order of identity, as (kind, aggregate, last seq), after `after`.
pub fn aggregates(sql: &mut dyn Sql, after: Option<Uuid>, limit: i64) -> Result<Vec<(String, Uuid, i64)>, StoreError> {
    let after: Vec<u8> = after.map_or_else(Vec::new, |id| id.as_bytes().to_vec());
    sql.query(
        "SELECT MIN(kind), aggregate, MAX(seq) FROM journal WHERE aggregate > $1 GROUP BY aggregate ORDER BY aggregate LIMIT $2",
        &params![after, limit],
    )?
    .iter()
    .map(|row| Ok((row.text(0)?, row.id(1)?, row.int(2)?)))
    .collect()
}

/// A place in the change feed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cursor {
    /// Writing transaction, 0 on SQLite.
    pub xid: i64,
    /// Position in the journal.
    pub pos: i64,
}

/// What the change feed tells: which aggregate is now at which version.
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "columns of the journal")]
pub struct Change {
    pub cursor: Cursor,
    pub kind: String,
    pub aggregate: Uuid,
    pub seq: i64,
    pub event: String,
    pub chain: Vec<u8>,
    pub visibility: String,
}

/// The next changes after a cursor that can no longer be overtaken by a slower transaction.
pub fn feed(sql: &mut dyn Sql, after: Cursor, limit: i64) -> Result<Vec<Change>, StoreError> {
    let text = dialect::feed_sql(sql.dialect());
    changes(sql, text, after, limit)
}

/// The next changes after a cursor, also those that a slower transaction may still overtake: for who looks once, not for who
/// follows.
pub fn behind(sql: &mut dyn Sql, after: Cursor, limit: i64) -> Result<Vec<Change>, StoreError> {
    let text = dialect::behind_sql(sql.dialect());
    changes(sql, text, after, limit)
}

fn changes(sql: &mut dyn Sql, text: &str, after: Cursor, limit: i64) -> Result<Vec<Change>, StoreError> {
    sql.query(text, &params![after.xid, after.pos, limit])?
        .iter()
        .map(|row| {
            Ok(Change {
                cursor: Cursor { xid: row.int(0)?, pos: row.int(1)? },
                kind: row.text(2)?,
                aggregate: row.id(3)?,
                seq: row.int(4)?,
                event: row.text(5)?,
                chain: row.blob(6)?,
                visibility: row.text(7)?,
            })
        })
        .collect()
}

/// The newest place in the feed that can no longer be overtaken; where a new follower begins.
pub fn feed_end(sql: &mut dyn Sql) -> Result<Cursor, StoreError> {
    let text = dialect::feed_end_sql(sql.dialect());
    match sql.first(text, &[])? {
        Some(row) => Ok(Cursor { xid: row.int(0)?, pos: row.int(1)? }),
        None => Ok(Cursor::default()),
    }
}

/// A link of the seal chain.
#[derive(Clone, Debug, PartialEq)]
pub struct Seal {
    /// 1, 2, 3, …
    pub no: i64,
    /// When it was made.
    pub sealed_at: i64,
    /// Up to where in the feed it reaches.
    pub cursor: Cursor,
    /// Entries since the seal before.
    pub entries: i64,
    /// Digest over (aggregate, seq, chain) of those entries, in order.
    pub heads: Vec<u8>,
    /// HMAC over the seal before and this one.
    pub mac: Vec<u8>,
}

fn read_seal(row: &Row) -> Result<Seal, StoreError> {
    Ok(Seal {
        no: row.int(0)?,
        sealed_at: row.int(1)?,
        cursor: Cursor { xid: row.int(2)?, pos: row.int(3)? },
        entries: row.int(4)?,
        heads: row.blob(5)?,
        mac: row.blob(6)?,
    })
}

/// The newest seal.
pub fn last_seal(sql: &mut dyn Sql) -> Result<Option<Seal>, StoreError> {
    sql.first("SELECT no, sealed_at, xid, pos, entries, heads, mac FROM seal ORDER BY no DESC LIMIT 1", &[])?
        .map(|row| read_seal(&row))
        .transpose()
}

/// Seals after `no`, oldest first.
pub fn seals(sql: &mut dyn Sql, after: i64, limit: i64) -> Result<Vec<Seal>, StoreError> {
    sql.query("SELECT no, sealed_at, xid, pos, entries, heads, mac FROM seal WHERE no > $1 ORDER BY no LIMIT $2", &params![after, limit])?
        .iter()
        .map(read_seal)
        .collect()
}

/// Adds a seal; a taken number means another node sealed first.
pub fn insert_seal(seal: &Seal) -> Statement {
    Statement::one(
        "INSERT INTO seal (no, sealed_at, xid, pos, entries, heads, mac) VALUES ($1,$2,$3,$4,$5,$6,$7)",
        params![seal.no, seal.sealed_at, seal.cursor.xid, seal.cursor.pos, seal.entries, seal.heads.as_slice(), seal.mac.as_slice()],
    )
}

/// Head of an aggregate's chain as the journal has it: (seq, chain).
pub fn head(sql: &mut dyn Sql, aggregate: Uuid) -> Result<Option<(i64, Vec<u8>)>, StoreError> {
    sql.first("SELECT seq, chain FROM journal WHERE aggregate = $1 ORDER BY seq DESC LIMIT 1", &params![aggregate])?
        .map(|row| Ok((row.int(0)?, row.blob(1)?)))
        .transpose()
}

/// Removes the content of all entries of an aggregate, as lawful erasure asks; the chain stays whole.
pub fn erase_payloads(aggregate: Uuid) -> Statement {
    Statement::new("DELETE FROM journal_payload WHERE pos IN (SELECT pos FROM journal WHERE aggregate = $1)", vec![Value::from(aggregate)])
}
