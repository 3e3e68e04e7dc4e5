//! Lists of records: a scope, a filter, a sort with keyset paging. Never counts, never reads descriptions.

use decide::{Bound, Column, Columns, Scalar, SqlParam, SqlText};
use uuid::Uuid;

use crate::sql::{Row, Sql, Value, any_of};
use crate::{StoreError, params};

/// What a list shows of a record.
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "columns named as in DESIGN §4; instants are UTC milliseconds")]
pub struct ListedRecord {
    pub id: Uuid,
    pub type_key: String,
    pub number: String,
    pub customer: Uuid,
    pub state: String,
    pub phase: String,
    pub title: String,
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
    pub pack: Uuid,
    pub version: i64,
    /// How many entries of its journal are public.
    pub public_version: i64,
    /// When the newest of those happened.
    pub public_at: i64,
}

const COLUMNS: &str = "r.id, r.type, r.number, r.customer, r.state, r.phase, r.title, r.impact, r.urgency, r.priority, r.category, \
     r.requester, r.reporter, r.channel, r.team, r.assignee, r.service, r.site, r.parent, r.opened_at, r.responded_at, \
     r.resolved_at, r.closed_at, r.updated_at, r.reassign_count, r.reopen_count, r.pack, r.version, r.public_version, r.public_at";

fn read(mut row: Row) -> Result<ListedRecord, StoreError> {
    Ok(ListedRecord {
        id: row.id(0)?,
        type_key: row.take_text(1)?,
        number: row.take_text(2)?,
        customer: row.id(3)?,
        state: row.take_text(4)?,
        phase: row.take_text(5)?,
        title: row.take_text(6)?,
        impact: row.take_opt_text(7)?,
        urgency: row.take_opt_text(8)?,
        priority: row.take_opt_text(9)?,
        category: row.take_opt_text(10)?,
        requester: row.id(11)?,
        reporter: row.id(12)?,
        channel: row.take_text(13)?,
        team: row.opt_id(14)?,
        assignee: row.opt_id(15)?,
        service: row.opt_id(16)?,
        site: row.opt_id(17)?,
        parent: row.opt_id(18)?,
        opened_at: row.int(19)?,
        responded_at: row.opt_int(20)?,
        resolved_at: row.opt_int(21)?,
        closed_at: row.opt_int(22)?,
        updated_at: row.int(23)?,
        reassign_count: row.int(24)?,
        reopen_count: row.int(25)?,
        pack: row.id(26)?,
        version: row.int(27)?,
        public_version: row.int(28)?,
        public_at: row.int(29)?,
    })
}

/// Columns that hold identities: conditions carry them as UUID text, the rows as 16 bytes.
pub const IDENTITIES: &[&str] = &["id", "customer", "requester", "reporter", "team", "assignee", "service", "site", "parent"];

/// Columns of the record table that conditions may name.
pub const NAMED_COLUMNS: &[&str] = &[
    "id",
    "type",
    "number",
    "customer",
    "state",
    "phase",
    "is_open",
    "title",
    "impact",
    "urgency",
    "priority",
    "category",
    "requester",
    "reporter",
    "channel",
    "team",
    "assignee",
    "service",
    "site",
    "parent",
    "opened_at",
    "responded_at",
    "resolved_at",
    "closed_at",
    "updated_at",
    "reassign_count",
    "reopen_count",
];

/// What may stand before the name of an own field, where standard fields have names too.
pub const OWN: &str = "fields.";

/// Where a condition's fields are found: standard fields in the row, indexed own fields in the side table.
pub struct RecordColumns<'a> {
    /// Own fields kept in `record_value`, with the column (`text`, `number` or `instant`) that holds them.
    pub indexed: &'a [(String, &'static str)],
}

impl Columns for RecordColumns<'_> {
    fn column(&self, field: &str) -> Option<Column> {
        if NAMED_COLUMNS.contains(&field) {
            return Some(Column::Plain(format!("r.{field}")));
        }
        let own = field.strip_prefix(OWN).unwrap_or(field);
        let (name, column) = self.indexed.iter().find(|(name, _)| name == own)?;
        Some(Column::Side {
            table: "record_value".to_owned(),
            record: "r.id".to_owned(),
            field: name.clone(),
            column: (*column).to_owned(),
        })
    }

    fn encode(&self, field: &str, value: &Scalar) -> SqlParam {
        match value {
            Scalar::Text(text) if IDENTITIES.contains(&field) => match Uuid::parse_str(text) {
                Ok(id) => SqlParam::Blob(id.as_bytes().to_vec()),
                // No row has such an identity, and an empty one equals none.
                Err(_) => SqlParam::Blob(Vec::new()),
            },
            Scalar::Null => SqlParam::Null,
            Scalar::Bool(v) => SqlParam::Int(i64::from(*v)),
            Scalar::Int(v) => SqlParam::Int(*v),
            Scalar::Real(v) => SqlParam::Real(*v),
            Scalar::Text(v) => SqlParam::Text(v.clone()),
        }
    }
}

/// By what a list is sorted; ties go by identity in the same direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sort {
    /// One of [`SORTS`], or `public_at`: `updated_at` for who sees no internal entries.
    pub column: &'static str,
    /// Newest, latest or greatest first.
    pub descending: bool,
    /// For [`QUEUE`]: the provider's own customer, where records of all others come first.
    pub external_first: Option<Uuid>,
}

/// The order of queues: priority, then arrival. It holds open records alone, as a queue does.
pub const QUEUE: &str = "queue";

/// Columns that lists can be sorted by: instants and numbers that are never empty, the number, and the order of queues.
pub const SORTS: &[&str] = &["opened_at", "updated_at", "number", "priority", QUEUE];

/// One value that a list is sorted by.
struct Key {
    /// How SQL names it.
    sql: &'static str,
    /// Whether it is a whole number.
    int: bool,
}

const PRIORITY: Key = Key { sql: "COALESCE(r.priority, '~')", int: false };
const OPENED: Key = Key { sql: "r.opened_at", int: true };

impl Sort {
    fn keys(&self) -> Vec<Key> {
        match self.column {
            "updated_at" => vec![Key { sql: "r.updated_at", int: true }],
            "public_at" => vec![Key { sql: "r.public_at", int: true }],
            "number" => vec![Key { sql: "r.number", int: false }],
            "priority" => vec![PRIORITY],
            QUEUE if self.external_first.is_some() => vec![Key { sql: "r.home", int: true }, PRIORITY, OPENED],
            QUEUE => vec![PRIORITY, OPENED],
            _ => vec![OPENED],
        }
    }

    /// Whether these can be the values of a row in this order.
    pub fn fits(&self, values: &[Value]) -> bool {
        let keys = self.keys();
        keys.len() == values.len() && keys.iter().zip(values).all(|(key, value)| key.int == matches!(value, Value::Int(_)))
    }
}

/// A list to be read.
pub struct ListQuery<'a> {
    /// What the reader may see.
    pub scope: &'a Bound,
    /// What the reader wants to see.
    pub filter: &'a Bound,
    /// Order.
    pub sort: Sort,
    /// Sort values and identity of the last row of the page before.
    pub after: Option<(Vec<Value>, Uuid)>,
    /// Most rows.
    pub limit: i64,
    /// Indexed own fields of the type.
    pub indexed: &'a [(String, &'static str)],
}

/// Reads one page of a list.
pub fn list(sql: &mut dyn Sql, query: &ListQuery<'_>) -> Result<Vec<ListedRecord>, StoreError> {
    let columns = RecordColumns { indexed: query.indexed };
    let mut out = SqlText { dialect: sql.dialect(), sql: format!("SELECT {COLUMNS} FROM record r WHERE "), params: Vec::new() };
    query.filter.to_sql(&columns, &mut out);
    out.sql.push_str(" AND ");
    query.scope.to_sql(&columns, &mut out);
    let mut params: Vec<Value> = out.params.into_iter().map(Value::from).collect();
    let (direction, compare) = if query.sort.descending { ("DESC", "<") } else { ("ASC", ">") };
    if query.sort.column == QUEUE {
        // A constant and no parameter: the index holds open records alone, and the planner must see that it is enough.
        out.sql.push_str(" AND r.is_open = 1");
    }
    let mut order: Vec<&str> = query.sort.keys().iter().map(|key| key.sql).collect();
    order.push("r.id");
    if let Some((values, id)) = &query.after {
        let first = params.len() + 1;
        params.extend(values.iter().cloned());
        params.push((*id).into());
        let marks: Vec<String> = (first..=params.len()).map(|n| format!("${n}")).collect();
        out.sql.push_str(&format!(" AND ({}) {compare} ({})", order.join(", "), marks.join(", ")));
    }
    params.push(query.limit.into());
    let order: Vec<String> = order.iter().map(|key| format!("{key} {direction}")).collect();
    out.sql.push_str(&format!(" ORDER BY {} LIMIT ${}", order.join(", "), params.len()));
    sql.query(&out.sql, &params)?.into_iter().map(read).collect()
}

/// The sort values of a listed record, for the cursor of the next page.
pub fn sort_values(record: &ListedRecord, sort: Sort) -> Vec<Value> {
    let priority = || record.priority.clone().unwrap_or_else(|| "~".to_owned()).into();
    match (sort.column, sort.external_first) {
        ("updated_at", _) => vec![record.updated_at.into()],
        ("public_at", _) => vec![record.public_at.into()],
        ("number", _) => vec![(&record.number).into()],
        ("priority", _) => vec![priority()],
        (QUEUE, Some(home)) => vec![(record.customer == home).into(), priority(), record.opened_at.into()],
        (QUEUE, None) => vec![priority(), record.opened_at.into()],
        _ => vec![record.opened_at.into()],
    }
}

/// An indexed value of a record: record, field, text, number, instant.
pub type OwnValue = (Uuid, String, Option<String>, Option<f64>, Option<i64>);

/// The indexed values of these records, in no order. At most 1,000 are asked at once.
pub fn own_values(sql: &mut dyn Sql, ids: &[Uuid]) -> Result<Vec<OwnValue>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let (marks, values) = any_of(ids);
    let text = format!("SELECT record, field, text, number, instant FROM record_value WHERE record IN ({marks})");
    let read = |mut row: Row| Ok((row.id(0)?, row.take_text(1)?, row.take_opt_text(2)?, row.opt_real(3)?, row.opt_int(4)?));
    sql.query(&text, &values)?.into_iter().map(read).collect()
}

/// How many open records are alike in what counters ask.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "columns of the record table")]
pub struct Group {
    pub type_key: String,
    pub state: String,
    pub phase: String,
    pub priority: Option<String>,
    pub team: Option<Uuid>,
    pub assignee: Option<Uuid>,
    pub customer: Uuid,
    pub count: i64,
}

/// Which records are put into groups for one reader.
#[expect(missing_docs, reason = "as in [`ListQuery`]")]
pub struct Narrowed<'a> {
    pub filter: &'a Bound,
    pub scope: &'a Bound,
    pub indexed: &'a [(String, &'static str)],
    /// Most records that are looked at.
    pub most: i64,
}

/// Open records in groups: all of them in one query for everybody, or those of one reader.
pub fn groups(sql: &mut dyn Sql, narrowed: Option<&Narrowed<'_>>) -> Result<Vec<Group>, StoreError> {
    // The priority as the index has it, so that it is walked alone.
    let columns = "r.type, r.state, r.phase, COALESCE(r.priority, '~') AS rank, r.team, r.assignee, r.customer";
    let mut params = Vec::new();
    let from = match narrowed {
        None => format!("SELECT {columns} FROM record r WHERE r.is_open = 1"),
        Some(narrowed) => {
            let fields = RecordColumns { indexed: narrowed.indexed };
            let text = format!("SELECT {columns} FROM record r WHERE r.is_open = 1 AND ");
            let mut out = SqlText { dialect: sql.dialect(), sql: text, params: Vec::new() };
            narrowed.filter.to_sql(&fields, &mut out);
            out.sql.push_str(" AND ");
            narrowed.scope.to_sql(&fields, &mut out);
            params = out.params.into_iter().map(Value::from).collect();
            params.push(narrowed.most.into());
            format!("{} LIMIT ${}", out.sql, params.len())
        }
    };
    let names = "type, state, phase, rank, team, assignee, customer";
    let text = format!("SELECT {names}, COUNT(*) FROM ({from}) alike GROUP BY {names}");
    let read = |mut row: Row| {
        Ok(Group {
            type_key: row.take_text(0)?,
            state: row.take_text(1)?,
            phase: row.take_text(2)?,
            priority: Some(row.take_text(3)?).filter(|priority| priority != "~"),
            team: row.opt_id(4)?,
            assignee: row.opt_id(5)?,
            customer: row.id(6)?,
            count: row.int(7)?,
        })
    };
    sql.query(&text, &params)?.into_iter().map(read).collect()
}

/// Listed records by identity, in no order; unknown ones are left out. At most 1,000 are asked at once.
pub fn by_ids(sql: &mut dyn Sql, ids: &[Uuid]) -> Result<Vec<ListedRecord>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let (marks, values) = any_of(ids);
    sql.query(&format!("SELECT {COLUMNS} FROM record r WHERE r.id IN ({marks})"), &values)?.into_iter().map(read).collect()
}

/// Which of a person's newest records, at most `newest`, are open: the newest first, at most `limit`. Walks their own index however many
/// records there are.
pub fn open_of(sql: &mut dyn Sql, requester: Uuid, newest: i64, limit: i64) -> Result<Vec<ListedRecord>, StoreError> {
    let text = format!(
        "SELECT {COLUMNS} FROM (SELECT * FROM record WHERE requester = $1 ORDER BY opened_at DESC, id DESC LIMIT $2) r \
         WHERE r.is_open = 1 ORDER BY r.opened_at DESC, r.id DESC LIMIT $3"
    );
    sql.query(&text, &params![requester, newest, limit])?.into_iter().map(read).collect()
}

/// What an open record is compared by.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "columns of the record table")]
pub struct Titled {
    pub id: Uuid,
    pub title: String,
    pub category: Option<String>,
    pub service: Option<Uuid>,
    pub site: Option<Uuid>,
}

/// Open records of a type that a reader may see, opened since then: the newest first, at most `limit`. Walks the index of open records.
pub fn open_titles(
    sql: &mut dyn Sql,
    type_key: &str,
    (scope, indexed): (&Bound, &[(String, &'static str)]),
    since: i64,
    limit: i64,
) -> Result<Vec<Titled>, StoreError> {
    let text = "SELECT r.id, r.title, r.category, r.service, r.site FROM record r WHERE ";
    let mut out = SqlText { dialect: sql.dialect(), sql: text.to_owned(), params: Vec::new() };
    scope.to_sql(&RecordColumns { indexed }, &mut out);
    let mut params: Vec<Value> = out.params.into_iter().map(Value::from).collect();
    let next = params.len();
    params.extend([type_key.into(), since.into(), limit.into()]);
    let text = format!(
        "{} AND r.type = ${} AND r.is_open = 1 AND r.opened_at >= ${} ORDER BY r.opened_at DESC, r.id DESC LIMIT ${}",
        out.sql,
        next + 1,
        next + 2,
        next + 3
    );
    let read = |mut row: Row| {
        Ok(Titled {
            id: row.id(0)?,
            title: row.take_text(1)?,
            category: row.take_opt_text(2)?,
            service: row.opt_id(3)?,
            site: row.opt_id(4)?,
        })
    };
    sql.query(&text, &params)?.into_iter().map(read).collect()
}

/// The services that those are about.
pub fn open_services_of(sql: &mut dyn Sql, requester: Uuid, newest: i64) -> Result<Vec<Uuid>, StoreError> {
    let text = "SELECT DISTINCT r.service FROM (SELECT service, is_open FROM record WHERE requester = $1 ORDER BY opened_at DESC, id DESC \
                LIMIT $2) r WHERE r.is_open = 1 AND r.service IS NOT NULL";
    sql.query(text, &params![requester, newest])?.iter().map(|row| row.id(0)).collect()
}

/// Those that hang below `$1`, also where the record has not learned of an acknowledged link yet.
pub(crate) const BELOW: &str = "SELECT child FROM record_below WHERE parent = $1 UNION SELECT id FROM record WHERE parent = $1";

/// The records below another that are open, or those that have ended, at most `limit`: the oldest first.
pub fn below(sql: &mut dyn Sql, parent: Uuid, open: bool, limit: i64) -> Result<Vec<ListedRecord>, StoreError> {
    let text = format!("SELECT {COLUMNS} FROM record r WHERE r.id IN ({BELOW}) AND r.is_open = $2 ORDER BY r.opened_at, r.id LIMIT $3");
    sql.query(&text, &params![parent, open, limit])?.into_iter().map(read).collect()
}

/// The record that this one has as its parent, as (number, title).
pub fn number_and_title(sql: &mut dyn Sql, id: Uuid) -> Result<Option<(String, String)>, StoreError> {
    sql.first("SELECT number, title FROM record WHERE id = $1", &params![id])?.map(|row| Ok((row.text(0)?, row.text(1)?))).transpose()
}
