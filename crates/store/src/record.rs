//! Records: the fold of a record's journal, one row each, with its aliases, indexed values and links.

use uuid::Uuid;

use crate::sql::{Row, Sql, Statement, Tx, Value, any_of};
use crate::{StoreError, dialect, params};

/// A record as its row holds it.
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "columns named as in DESIGN §4; instants are UTC milliseconds")]
pub struct RecordRow {
    pub id: Uuid,
    pub type_key: String,
    pub number: String,
    pub customer: Uuid,
    pub state: String,
    pub phase: String,
    pub title: String,
    pub description: String,
    pub impact: Option<String>,
    pub urgency: Option<String>,
    pub priority: Option<String>,
    pub category: Option<String>,
    pub requester: Uuid,
    pub reporter: Uuid,
    pub channel: String,
    pub team: Option<Uuid>,
    pub assignee: Option<Uuid>,
    pub service: Option<Uuid>,
    pub site: Option<Uuid>,
    pub parent: Option<Uuid>,
    pub opened_at: i64,
    pub responded_at: Option<i64>,
    pub resolved_at: Option<i64>,
    pub closed_at: Option<i64>,
    pub updated_at: i64,
    pub reassign_count: i64,
    pub reopen_count: i64,
    /// Pack version that the record is pinned to.
    pub pack: Uuid,
    /// The type's own fields, JSON text.
    pub fields: String,
    /// Flow instance and steps, JSON text.
    pub process: String,
    /// Sequence number of the last journal entry.
    pub version: i64,
    /// Head of the record's hash chain.
    pub chain: Vec<u8>,
    /// How many entries of the journal are public: the version for who sees no others.
    pub public_version: i64,
    /// When the newest of those happened.
    pub public_at: i64,
}

/// Whether a phase counts as open in lists: not closed and not cancelled.
pub fn is_open(phase: &str) -> bool {
    !matches!(phase, "closed" | "cancelled")
}

/// Whether somebody still has to find the answer in a phase.
pub fn is_working(phase: &str) -> bool {
    matches!(phase, "new" | "active" | "waiting")
}

pub(crate) const COLUMNS: &str = "r.id, r.type, r.number, r.customer, r.state, r.phase, r.title, r.description, r.impact, r.urgency, \
     r.priority, r.category, r.requester, r.reporter, r.channel, r.team, r.assignee, r.service, r.site, r.parent, r.opened_at, \
     r.responded_at, r.resolved_at, r.closed_at, r.updated_at, r.reassign_count, r.reopen_count, r.pack, r.fields, r.process, \
     r.version, r.chain, r.public_version, r.public_at";
pub(crate) const WIDTH: usize = 34;

impl RecordRow {
    pub(crate) fn read(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id(0)?,
            type_key: row.text(1)?,
            number: row.text(2)?,
            customer: row.id(3)?,
            state: row.text(4)?,
            phase: row.text(5)?,
            title: row.text(6)?,
            description: row.text(7)?,
            impact: row.opt_text(8)?,
            urgency: row.opt_text(9)?,
            priority: row.opt_text(10)?,
            category: row.opt_text(11)?,
            requester: row.id(12)?,
            reporter: row.id(13)?,
            channel: row.text(14)?,
            team: row.opt_id(15)?,
            assignee: row.opt_id(16)?,
            service: row.opt_id(17)?,
            site: row.opt_id(18)?,
            parent: row.opt_id(19)?,
            opened_at: row.int(20)?,
            responded_at: row.opt_int(21)?,
            resolved_at: row.opt_int(22)?,
            closed_at: row.opt_int(23)?,
            updated_at: row.int(24)?,
            reassign_count: row.int(25)?,
            reopen_count: row.int(26)?,
            pack: row.id(27)?,
            fields: row.text(28)?,
            process: row.text(29)?,
            version: row.int(30)?,
            chain: row.blob(31)?,
            public_version: row.int(32)?,
            public_at: row.int(33)?,
        })
    }

    fn values(&self) -> Vec<Value> {
        params![
            self.id,
            &self.type_key,
            &self.number,
            self.customer,
            &self.state,
            &self.phase,
            is_open(&self.phase),
            &self.title,
            &self.description,
            self.impact.as_ref(),
            self.urgency.as_ref(),
            self.priority.as_ref(),
            self.category.as_ref(),
            self.requester,
            self.reporter,
            &self.channel,
            self.team,
            self.assignee,
            self.service,
            self.site,
            self.parent,
            self.opened_at,
            self.responded_at,
            self.resolved_at,
            self.closed_at,
            self.updated_at,
            self.reassign_count,
            self.reopen_count,
            self.pack,
            &self.fields,
            &self.process,
            self.version,
            self.chain.as_slice(),
            self.public_version,
            self.public_at
        ]
    }
}

/// Writes a new record.
pub fn insert(row: &RecordRow) -> Statement {
    Statement::one(
        "INSERT INTO record (id, type, number, customer, state, phase, is_open, title, description, impact, urgency, priority, \
         category, requester, reporter, channel, team, assignee, service, site, parent, opened_at, responded_at, resolved_at, \
         closed_at, updated_at, reassign_count, reopen_count, pack, fields, process, version, chain, \
         public_version, public_at, home) VALUES ($1,$2,$3,$4,$5,$6,$7,\
         $8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18,$19,$20,$21,$22,$23,$24,$25,$26,$27,$28,$29,$30,$31,$32,$33,$34,$35,\
         CASE WHEN $4 = (SELECT id FROM directory WHERE kind = 'customer' AND key = 'home') THEN 1 ELSE 0 END)",
        row.values(),
    )
}

/// Writes a record's new fold over the version it was decided on; touches nothing when that is not the newest.
pub fn update(row: &RecordRow, expected_version: i64) -> Statement {
    let mut values = row.values();
    values.push(expected_version.into());
    Statement::one(
        "UPDATE record SET type=$2, number=$3, customer=$4, state=$5, phase=$6, is_open=$7, title=$8, description=$9, impact=$10, \
         urgency=$11, priority=$12, category=$13, requester=$14, reporter=$15, channel=$16, team=$17, assignee=$18, service=$19, \
         site=$20, parent=$21, opened_at=$22, responded_at=$23, resolved_at=$24, closed_at=$25, updated_at=$26, \
         reassign_count=$27, reopen_count=$28, pack=$29, fields=$30, process=$31, version=$32, chain=$33, \
         public_version=$34, public_at=$35, \
         home=CASE WHEN $4 = (SELECT id FROM directory WHERE kind = 'customer' AND key = 'home') THEN 1 ELSE 0 END \
         WHERE id=$1 AND version=$36",
        values,
    )
}

/// The record with this identity.
pub fn find(sql: &mut dyn Sql, id: Uuid) -> Result<Option<RecordRow>, StoreError> {
    sql.first(&format!("SELECT {COLUMNS} FROM record r WHERE r.id = $1"), &params![id])?.map(|row| RecordRow::read(&row)).transpose()
}

/// The records with these identities, in no order; at most 1,000 are asked at once.
pub fn of_ids(sql: &mut dyn Sql, ids: &[Uuid]) -> Result<Vec<RecordRow>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let (marks, values) = any_of(ids);
    sql.query(&format!("SELECT {COLUMNS} FROM record r WHERE r.id IN ({marks})"), &values)?.iter().map(RecordRow::read).collect()
}

/// The record with this number, whatever its type.
pub fn find_number(sql: &mut dyn Sql, number: &str) -> Result<Option<RecordRow>, StoreError> {
    sql.first(&format!("SELECT {COLUMNS} FROM record r WHERE r.number = $1"), &params![number])?
        .map(|row| RecordRow::read(&row))
        .transpose()
}

/// Records of a type after `after` in order of identity, kept as they are until the transaction ends.
pub fn lock_after(tx: &mut dyn Tx, type_key: &str, after: Option<Uuid>, limit: i64) -> Result<Vec<RecordRow>, StoreError> {
    let after: Vec<u8> = after.map_or_else(Vec::new, |id| id.as_bytes().to_vec());
    let text = format!(
        "SELECT {COLUMNS} FROM record r WHERE r.type = $1 AND r.id > $2 ORDER BY r.id LIMIT $3{}",
        dialect::for_update(tx.dialect())
    );
    tx.query(&text, &params![type_key, after, limit])?.iter().map(RecordRow::read).collect()
}

/// Which records of a type ended in a phase before an instant, after `after` in order of identity.
#[derive(Clone, Copy, Debug)]
#[expect(missing_docs, reason = "said above")]
pub struct Ended<'a> {
    pub type_key: &'a str,
    pub phase: &'a str,
    pub before: i64,
    pub after: Option<Uuid>,
    pub limit: i64,
}

/// These records, as they are now.
pub fn ended(sql: &mut dyn Sql, which: Ended<'_>) -> Result<Vec<RecordRow>, StoreError> {
    sql.query(&ended_sql(""), &which.values())?.iter().map(RecordRow::read).collect()
}

/// The same, kept as they are until the transaction ends.
pub fn lock_ended(tx: &mut dyn Tx, which: Ended<'_>) -> Result<Vec<RecordRow>, StoreError> {
    let text = ended_sql(dialect::for_update(tx.dialect()));
    tx.query(&text, &which.values())?.iter().map(RecordRow::read).collect()
}

fn ended_sql(lock: &str) -> String {
    format!(
        "SELECT {COLUMNS} FROM record r WHERE r.type = $1 AND r.phase = $2 AND COALESCE(r.closed_at, r.updated_at) < $3 AND r.id > $4 \
         ORDER BY r.id LIMIT $5{lock}"
    )
}

impl Ended<'_> {
    fn values(&self) -> Vec<Value> {
        let after: Vec<u8> = self.after.map_or_else(Vec::new, |id| id.as_bytes().to_vec());
        params![self.type_key, self.phase, self.before, after, self.limit]
    }
}

/// Removes a record's row over the version that was decided on.
pub fn remove(id: Uuid, expected_version: i64) -> Statement {
    Statement::one("DELETE FROM record WHERE id = $1 AND version = $2", params![id, expected_version])
}

/// Removes everything that stands beside a record's row and speaks of it, but for its journal and what other records say. The
/// content of its files counts as used until now: a backup that reads the moment before must still find it.
pub fn remove_beside(id: Uuid, now: i64) -> Vec<Statement> {
    let used = Statement::new(
        "UPDATE blob SET used_at = $2 WHERE used_at < $2 AND sha256 IN (SELECT blob FROM attachment WHERE owner = $1)",
        params![id, now],
    );
    let gone = [
        "DELETE FROM record_alias WHERE record = $1",
        "DELETE FROM record_value WHERE record = $1",
        "DELETE FROM record_link WHERE record = $1",
        "DELETE FROM record_below WHERE child = $1",
        "DELETE FROM task WHERE record = $1",
        "DELETE FROM timer WHERE record = $1",
        "DELETE FROM attachment WHERE owner = $1",
        "DELETE FROM outbox WHERE thread = $1",
        "DELETE FROM watcher WHERE record = $1",
        "DELETE FROM reminder WHERE record = $1",
        "DELETE FROM notice WHERE record = $1",
    ];
    std::iter::once(used).chain(gone.into_iter().map(|text| Statement::new(text, params![id]))).collect()
}

/// How many records of a type there are.
pub fn count(sql: &mut dyn Sql, type_key: &str) -> Result<i64, StoreError> {
    sql.first("SELECT COUNT(*) FROM record WHERE type = $1", &params![type_key])?.map_or(Ok(0), |row| row.int(0))
}

/// The records of a type that have this number elsewhere, or had it before: one of each source, the first 20 sources.
pub fn find_aliased(sql: &mut dyn Sql, type_key: &str, alias: &str) -> Result<Vec<RecordRow>, StoreError> {
    sql.query(
        &format!(
            "SELECT {COLUMNS} FROM record_alias a JOIN record r ON r.id = a.record WHERE a.external_id = $1 AND r.type = $2 \
             ORDER BY a.source LIMIT 20"
        ),
        &params![alias, type_key],
    )?
    .iter()
    .map(RecordRow::read)
    .collect()
}

/// The identity of the record imported under this key, if any.
pub fn find_imported(sql: &mut dyn Sql, source: &str, external_id: &str) -> Result<Option<Uuid>, StoreError> {
    sql.first("SELECT record FROM record_alias WHERE source = $1 AND external_id = $2", &params![source, external_id])?
        .map(|row| row.id(0))
        .transpose()
}

/// All names under which a record is found, as (source, name).
pub fn aliases(sql: &mut dyn Sql, record: Uuid) -> Result<Vec<(String, String)>, StoreError> {
    sql.query("SELECT source, external_id FROM record_alias WHERE record = $1 ORDER BY source, external_id LIMIT 100", &params![record])?
        .iter()
        .map(|row| Ok((row.text(0)?, row.text(1)?)))
        .collect()
}

/// Adds a name under which a record is found; a taken (source, name) undoes the write set.
pub fn insert_alias(source: &str, external_id: &str, record: Uuid) -> Statement {
    Statement::one("INSERT INTO record_alias (source, external_id, record) VALUES ($1, $2, $3)", params![source, external_id, record])
}

/// A typed value of an indexed field.
#[derive(Clone, Debug, PartialEq)]
pub enum Indexed {
    /// Text, compared by bytes.
    Text(String),
    /// A number.
    Number(f64),
    /// An instant in UTC milliseconds.
    Instant(i64),
}

/// Writes the value of an indexed field, or removes it.
pub fn put_value(record: Uuid, field: &str, value: Option<&Indexed>) -> Statement {
    let Some(value) = value else {
        return Statement::new("DELETE FROM record_value WHERE record = $1 AND field = $2", params![record, field]);
    };
    let (text, number, instant) = match value {
        Indexed::Text(v) => (Some(v.as_str()), None, None),
        Indexed::Number(v) => (None, Some(*v), None),
        Indexed::Instant(v) => (None, None, Some(*v)),
    };
    Statement::new(
        "INSERT INTO record_value (record, field, text, number, instant) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (record, field) DO UPDATE SET text = excluded.text, number = excluded.number, instant = excluded.instant",
        params![record, field, text, number, instant],
    )
}

/// Removes all values of a record.
pub fn clear_values(record: Uuid) -> Statement {
    Statement::new("DELETE FROM record_value WHERE record = $1", params![record])
}

/// A link from one record to another, seen from the first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// `parent`, `child`, `duplicate_of`, `duplicated_by` or `related`.
    pub kind: String,
    /// The other record.
    pub other: Uuid,
}

/// Adds a link; adding it twice changes nothing.
pub fn put_link(record: Uuid, kind: &str, other: Uuid) -> Statement {
    Statement::new(
        "INSERT INTO record_link (record, kind, other) VALUES ($1, $2, $3) ON CONFLICT (record, kind, other) DO NOTHING",
        params![record, kind, other],
    )
}

/// Claims that a record hangs below another; undoes the write set when it hangs below a third one.
pub fn put_below(child: Uuid, parent: Uuid) -> Statement {
    Statement::one(
        "INSERT INTO record_below (child, parent) VALUES ($1, $2) \
         ON CONFLICT (child) DO UPDATE SET parent = excluded.parent WHERE record_below.parent = excluded.parent",
        params![child, parent],
    )
}

/// The record below which another hangs or is about to.
pub fn below(sql: &mut dyn Sql, child: Uuid) -> Result<Option<Uuid>, StoreError> {
    sql.first("SELECT parent FROM record_below WHERE child = $1", &params![child])?.map(|row| row.id(0)).transpose()
}

/// Undoes the write set when the record has moved on: for a rule that speaks of records which the command does not change.
pub fn unmoved(id: Uuid, version: i64) -> Statement {
    Statement::one("UPDATE record SET version = version WHERE id = $1 AND version = $2", params![id, version])
}

/// Removes a link.
pub fn remove_link(record: Uuid, kind: &str, other: Uuid) -> Statement {
    Statement::new("DELETE FROM record_link WHERE record = $1 AND kind = $2 AND other = $3", params![record, kind, other])
}

/// Gives up the claim that a record hangs below another.
pub fn remove_below(child: Uuid, parent: Uuid) -> Statement {
    Statement::new("DELETE FROM record_below WHERE child = $1 AND parent = $2", params![child, parent])
}

/// Whether a record has this link.
pub fn has_link(sql: &mut dyn Sql, record: Uuid, kind: &str, other: Uuid) -> Result<bool, StoreError> {
    let found = sql.first("SELECT 1 FROM record_link WHERE record = $1 AND kind = $2 AND other = $3", &params![record, kind, other])?;
    Ok(found.is_some())
}

/// A record's links, at most 1,000.
pub fn links(sql: &mut dyn Sql, record: Uuid) -> Result<Vec<Link>, StoreError> {
    sql.query("SELECT kind, other FROM record_link WHERE record = $1 ORDER BY kind, other LIMIT 1000", &params![record])?
        .iter()
        .map(|row| Ok(Link { kind: row.text(0)?, other: row.id(1)? }))
        .collect()
}
