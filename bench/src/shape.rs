//! The rows that opening a record writes, read from a record that was really opened.

use decide::Dialect;
use store::{Db, Value};
use uuid::Uuid;

use crate::Outcome;

/// Tables with the column that says which record a row belongs to, in the order in which a command writes them.
const TABLES: &[(&str, &str)] = &[
    ("record", "id"),
    ("journal", "aggregate"),
    ("journal_payload", "pos"),
    ("task", "record"),
    ("timer", "record"),
    ("record_value", "record"),
    ("record_link", "record"),
    ("outbox", "thread"),
];

/// Columns that the database fills in.
const GIVEN: &[(&str, &str)] = &[("journal", "pos"), ("journal", "xid"), ("journal_payload", "pos")];
/// Columns that hold an identity of their own in each row.
const FRESH: &[&str] = &["command", "correlation"];

/// The rows of one opening as statements, to be repeated for other records.
pub struct Shape {
    record: Uuid,
    number: String,
    statements: Vec<(String, Vec<Value>, Vec<usize>)>,
}

/// The columns of a table in order.
pub async fn columns(db: &Db, table: &'static str) -> Outcome<Vec<String>> {
    let sql = match db.dialect() {
        Dialect::Sqlite => "SELECT name FROM pragma_table_info($1) ORDER BY cid",
        Dialect::Postgres => {
            "SELECT attname::text FROM pg_attribute WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped ORDER BY attnum"
        }
    };
    Ok(db.read(move |reader| reader.query(sql, &[Value::from(table)])?.iter().map(|row| row.text(0)).collect()).await?)
}

impl Shape {
    /// Reads the rows of a record.
    pub async fn read(db: &Db, record: Uuid, number: &str) -> Outcome<Self> {
        let dialect = db.dialect();
        let mut statements = Vec::new();
        for (table, key) in TABLES {
            let names = columns(db, table).await?;
            let filter = match *table {
                "journal_payload" => "pos IN (SELECT pos FROM journal WHERE aggregate = $1)".to_owned(),
                _ => format!("{key} = $1"),
            };
            let listed: Vec<String> = names.iter().filter(|name| !GIVEN.contains(&(*table, name.as_str()))).cloned().collect();
            let sql = format!("SELECT {} FROM {table} WHERE {filter}", listed.join(", "));
            let rows = db.read(move |reader| reader.query(&sql, &[Value::from(record)])).await?;
            let text = insert(dialect, table, &listed);
            let fresh: Vec<usize> =
                (0..listed.len()).filter(|n| FRESH.contains(&listed[*n].as_str()) || (*table == "outbox" && listed[*n] == "id")).collect();
            statements.extend(rows.into_iter().map(|row| (text.clone(), row.0, fresh.clone())));
        }
        Ok(Self { record, number: number.to_owned(), statements })
    }

    /// The tables and how many rows go into each.
    pub fn describe(&self) -> String {
        let count = |table: &str| self.statements.iter().filter(|(sql, _, _)| sql.contains(&format!("INTO {table} "))).count();
        let counted: Vec<String> = TABLES
            .iter()
            .map(|(table, _)| (table, count(table)))
            .filter(|(_, n)| *n > 0)
            .map(|(table, n)| format!("{n} {table}"))
            .collect();
        counted.join(", ")
    }

    /// The statements for another record.
    pub fn of(&self, number: &str) -> Vec<(&str, Vec<Value>)> {
        let record = Uuid::now_v7();
        let statements = self.statements.iter();
        statements.map(|(sql, values, fresh)| (sql.as_str(), self.values(values, fresh, record, number))).collect()
    }

    fn values(&self, values: &[Value], fresh: &[usize], record: Uuid, number: &str) -> Vec<Value> {
        let other = |(n, value): (usize, &Value)| match value {
            _ if fresh.contains(&n) => Value::from(Uuid::now_v7()),
            Value::Blob(bytes) if bytes == self.record.as_bytes() => Value::from(record),
            Value::Text(text) if *text == self.number => Value::from(number),
            same => same.clone(),
        };
        values.iter().enumerate().map(other).collect()
    }
}

/// The text that writes a row.
pub fn insert(dialect: Dialect, table: &str, columns: &[String]) -> String {
    let mark = if dialect == Dialect::Sqlite { '?' } else { '$' };
    let mut names = columns.join(", ");
    let mut marks: Vec<String> = (1..=columns.len()).map(|n| format!("{mark}{n}")).collect();
    if table == "journal_payload" {
        names.push_str(", pos");
        marks.push(if dialect == Dialect::Sqlite { "last_insert_rowid()" } else { "currval('journal_pos_seq')" }.to_owned());
    }
    format!("INSERT INTO {table} ({names}) VALUES ({})", marks.join(", "))
}
