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
        let (name, column) = self.indexed.iter().find(|(name, _)| name == field)?;
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
}

/// Columns that lists can be sorted by: instants and numbers that are never empty, and the number.
pub const SORTS: &[&str] = &["opened_at", "updated_at", "number", "priority"];

/// A list to be read.
pub struct ListQuery<'a> {
    /// What the reader may see.
    pub scope: &'a Bound,
    /// What the reader wants to see.
    pub filter: &'a Bound,
    /// Order.
    pub sort: Sort,
    /// Sort value and identity of the last row of the page before.
    pub after: Option<(Value, Uuid)>,
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
    let column = match query.sort.column {
        "priority" => "COALESCE(r.priority, '~')".to_owned(),
        other => format!("r.{other}"),
    };
    if let Some((value, id)) = &query.after {
        params.push(value.clone());
        params.push((*id).into());
        let n = params.len();
        // Written out besides the row comparison so that the index's first column bounds the scan on both databases.
        out.sql.push_str(&format!(" AND ({column}, r.id) {compare} (${}, ${n})", n - 1));
    }
    params.push(query.limit.into());
    out.sql.push_str(&format!(" ORDER BY {column} {direction}, r.id {direction} LIMIT ${}", params.len()));
    sql.query(&out.sql, &params)?.into_iter().map(read).collect()
}

/// The sort value of a listed record, for the cursor of the next page.
pub fn sort_value(record: &ListedRecord, sort: Sort) -> Value {
    match sort.column {
        "updated_at" => record.updated_at.into(),
        "public_at" => record.public_at.into(),
        "number" => (&record.number).into(),
        "priority" => record.priority.clone().unwrap_or_else(|| "~".to_owned()).into(),
        _ => record.opened_at.into(),
    }
}

/// Listed records by identity, in no order; unknown ones are left out. At most 1,000 are asked at once.
pub fn by_ids(sql: &mut dyn Sql, ids: &[Uuid]) -> Result<Vec<ListedRecord>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let (marks, values) = any_of(ids);
    sql.query(&format!("SELECT {COLUMNS} FROM record r WHERE r.id IN ({marks})"), &values)?.into_iter().map(read).collect()
}

/// The record that this one has as its parent, as (number, title).
pub fn number_and_title(sql: &mut dyn Sql, id: Uuid) -> Result<Option<(String, String)>, StoreError> {
    sql.first("SELECT number, title FROM record WHERE id = $1", &params![id])?.map(|row| Ok((row.text(0)?, row.text(1)?))).transpose()
}
