//! Every row out of one database and into another, the same from SQLite and from PostgreSQL: what backup, restore and copy
//! are made of.
//!
//! Rows leave in an order that loses nothing of what the order meant: entries of the journal in the order of the change
//! feed, with new positions 1, 2, 3 … and no transaction number, because both belong to the database that gave them.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::journal::{self, Cursor, Seal};
use crate::sql::{Row, Sql, Statement, Tx, Value, WriteSet};
use crate::{StoreError, dialect, migrate, params};

/// Tables that stay behind: they belong to the running system, not to its data.
pub const LEFT_BEHIND: &[&str] = &["session", "sign_in_failure", "lease", "idempotency", "presence", "backup", "node"];

/// Tables that [`history`] gives together, in the order of the feed.
pub const HISTORY: &[&str] = &["journal", "journal_payload", "seal"];

/// Rows read at once.
const PAGE: i64 = 200;
/// Rows written in one go.
const GROUP: usize = 500;

/// Gets each row with its table.
pub type Taker<'a, E> = &'a mut dyn FnMut(&Table, Vec<Value>) -> Result<(), E>;

/// A table with its columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// Name.
    pub name: String,
    /// All columns, in order.
    pub columns: Vec<String>,
    /// Columns of the primary key, in order.
    pub keys: Vec<String>,
}

impl Table {
    fn read(sql: &mut dyn Sql, name: &str) -> Result<Option<Self>, StoreError> {
        let dialect = sql.dialect();
        let mut names = |text: &str| sql.query(text, &params![name])?.iter().map(|row| row.text(0)).collect::<Result<Vec<_>, _>>();
        let columns = names(dialect::columns_sql(dialect))?;
        let keys = names(dialect::keys_sql(dialect))?;
        Ok((!columns.is_empty()).then(|| Self { name: name.to_owned(), columns, keys }))
    }

    fn index_of(&self, column: &str) -> Result<usize, StoreError> {
        let found = self.columns.iter().position(|known| known == column);
        found.ok_or_else(|| StoreError::damaged(format!("table {}", self.name), format!("it has no column {column}")))
    }
}

/// All tables that a backup holds and this database has, in an order in which they can be written.
pub fn tables(sql: &mut dyn Sql) -> Result<Vec<Table>, StoreError> {
    let mut found = Vec::new();
    for name in migrate::TABLES.iter().filter(|name| !LEFT_BEHIND.contains(name)) {
        found.extend(Table::read(sql, name)?);
    }
    Ok(found)
}

/// The first table that has rows of its own; none when the database is empty.
pub fn occupied(sql: &mut dyn Sql) -> Result<Option<&'static str>, StoreError> {
    for name in migrate::TABLES.iter().filter(|name| !matches!(**name, "meta" | "lease")) {
        if Table::read(sql, name)?.is_some() && sql.first(&format!("SELECT 1 FROM {name} LIMIT 1"), &[])?.is_some() {
            return Ok(Some(name));
        }
    }
    Ok(None)
}

/// Gives all rows of a table by its key, a page at a time. The schema's number stays behind: the target has its own.
pub fn rows<E: From<StoreError>>(sql: &mut dyn Sql, table: &Table, take: Taker<'_, E>) -> Result<(), E> {
    let from = Pager::new(&table.columns.join(", "), &table.name, &table.keys);
    let mut after: Option<Vec<Value>> = None;
    loop {
        let page = from.page(sql, after.as_deref())?;
        let full = page.len() as i64 == PAGE;
        for mut row in page {
            let key = row.0.split_off(table.columns.len());
            let own = table.name == "meta" && row.0.first() == Some(&Value::from("schema"));
            if !own {
                take(table, row.0)?;
            }
            after = Some(key);
        }
        if !full {
            return Ok(());
        }
    }
}

/// Reads a table by its key. The columns of the key follow those that were asked for.
struct Pager {
    first: String,
    next: String,
}

impl Pager {
    fn new(columns: &str, from: &str, keys: &[impl AsRef<str>]) -> Self {
        let order = keys.iter().map(AsRef::as_ref).collect::<Vec<_>>().join(", ");
        let marks = (1..=keys.len()).map(|n| format!("${n}")).collect::<Vec<_>>().join(", ");
        let select = format!("SELECT {columns}, {order} FROM {from}");
        Self {
            first: format!("{select} ORDER BY {order} LIMIT {PAGE}"),
            next: format!("{select} WHERE ({order}) > ({marks}) ORDER BY {order} LIMIT {PAGE}"),
        }
    }

    fn page(&self, sql: &mut dyn Sql, after: Option<&[Value]>) -> Result<Vec<Row>, StoreError> {
        match after {
            None => sql.query(&self.first, &[]),
            Some(after) => sql.query(&self.next, after),
        }
    }
}

/// Gives journal, contents and seals in the order of the change feed, with new positions. A seal follows the last entry
/// that it covers.
pub fn history<E: From<StoreError>>(sql: &mut dyn Sql, tables: &[Table], take: Taker<'_, E>) -> Result<(), E> {
    let table = |name: &str| tables.iter().find(|table| table.name == name);
    let (Some(journal), Some(payload), Some(seal)) = (table("journal"), table("journal_payload"), table("seal")) else { return Ok(()) };
    let (pos_at, xid_at) = (journal.index_of("pos")?, journal.index_of("xid")?);
    let columns = journal.columns.iter().map(|column| format!("j.{column}")).collect::<Vec<_>>().join(", ");
    let order: Vec<String> = dialect::feed_order(sql.dialect()).iter().map(|column| format!("j.{column}")).collect();
    let from = Pager::new(&format!("{columns}, p.salt, p.body"), journal::TABLES, &order);
    let mut seals = Seals::default();
    let mut after: Option<Vec<Value>> = None;
    let mut position = 0_i64;
    loop {
        let page = from.page(sql, after.as_deref())?;
        let full = page.len() as i64 == PAGE;
        for mut row in page {
            let key = row.0.split_off(journal.columns.len() + 2);
            let content = row.0.split_off(journal.columns.len());
            let place = Cursor { xid: row.int(xid_at)?, pos: row.int(pos_at)? };
            while let Some(due) = seals.before(sql, place)? {
                take(seal, seal_row(seal, due, position)?)?;
            }
            position += 1;
            row.0[pos_at] = position.into();
            row.0[xid_at] = 0_i64.into();
            take(journal, row.0)?;
            if let [Value::Blob(_), Value::Text(_)] = content.as_slice() {
                take(payload, payload_row(payload, position, content)?)?;
            }
            after = Some(key);
        }
        if !full {
            break;
        }
    }
    while let Some(due) = seals.next(sql)? {
        take(seal, seal_row(seal, due, position)?)?;
    }
    Ok(())
}

fn payload_row(table: &Table, position: i64, content: Vec<Value>) -> Result<Vec<Value>, StoreError> {
    let mut row = vec![Value::Null; table.columns.len()];
    row[table.index_of("pos")?] = position.into();
    for (column, value) in ["salt", "body"].into_iter().zip(content) {
        row[table.index_of(column)?] = value;
    }
    Ok(row)
}

fn seal_row(table: &Table, seal: Seal, position: i64) -> Result<Vec<Value>, StoreError> {
    let mut row = vec![Value::Null; table.columns.len()];
    for (column, value) in [
        ("no", seal.no.into()),
        ("sealed_at", seal.sealed_at.into()),
        ("xid", 0_i64.into()),
        ("pos", position.into()),
        ("entries", seal.entries.into()),
        ("heads", seal.heads.into()),
        ("mac", seal.mac.into()),
    ] {
        row[table.index_of(column)?] = value;
    }
    Ok(row)
}

/// The seals in their order, a page at a time.
#[derive(Default)]
struct Seals {
    waiting: std::collections::VecDeque<Seal>,
    last: i64,
    ended: bool,
}

impl Seals {
    fn fill(&mut self, sql: &mut dyn Sql) -> Result<(), StoreError> {
        if self.waiting.is_empty() && !self.ended {
            self.waiting.extend(journal::seals(sql, self.last, PAGE)?);
            self.ended = (self.waiting.len() as i64) < PAGE;
            self.last = self.waiting.back().map_or(self.last, |seal| seal.no);
        }
        Ok(())
    }

    /// The next seal that ends before an entry.
    fn before(&mut self, sql: &mut dyn Sql, entry: Cursor) -> Result<Option<Seal>, StoreError> {
        self.fill(sql)?;
        let due = self.waiting.front().is_some_and(|seal| seal.cursor < entry);
        Ok(if due { self.waiting.pop_front() } else { None })
    }

    fn next(&mut self, sql: &mut dyn Sql) -> Result<Option<Seal>, StoreError> {
        self.fill(sql)?;
        Ok(self.waiting.pop_front())
    }
}

/// Writes rows into an empty database, in one transaction of the caller.
pub struct Loader {
    inserts: HashMap<String, (String, usize)>,
    waiting: WriteSet,
}

/// Notes in an empty database that a restore into it begins. Until [`Loader::end`] it cannot be opened for anything else.
pub fn mark(tx: &mut dyn Tx) -> Result<(), StoreError> {
    migrate::begin_restore(tx)
}

impl Loader {
    /// Takes the database for itself and brings it to the schema that the rows have.
    pub fn begin(tx: &mut dyn Tx, schema: i64) -> Result<Self, StoreError> {
        tx.script(dialect::begin_load(tx.dialect()))?;
        migrate::to(tx, schema)?;
        Ok(Self { inserts: HashMap::new(), waiting: WriteSet::default() })
    }

    /// Tells the columns that the rows of a table will have. Unknown tables and columns are refused.
    pub fn declare(&mut self, tx: &mut dyn Tx, name: &str, columns: &[String]) -> Result<(), StoreError> {
        let known = migrate::TABLES.contains(&name) && !LEFT_BEHIND.contains(&name);
        let table = if known { Table::read(tx, name)? } else { None };
        let table = table.ok_or_else(|| StoreError::damaged("backup", format!("there is no table '{name}'")))?;
        if let Some(strange) = columns.iter().find(|column| !table.columns.contains(column)) {
            return Err(StoreError::damaged("backup", format!("table {name} has no column '{strange}'")));
        }
        let marks = (1..=columns.len()).map(|n| format!("${n}")).collect::<Vec<_>>().join(", ");
        // What every database has from its first moment takes the value of the row.
        let also = if name == "meta" { " ON CONFLICT (key) DO UPDATE SET value = excluded.value" } else { "" };
        let text = format!("INSERT INTO {name} ({}) VALUES ({marks}){also}", columns.join(", "));
        self.inserts.insert(name.to_owned(), (text, columns.len()));
        Ok(())
    }

    /// Writes a row of a table that was declared.
    pub fn row(&mut self, tx: &mut dyn Tx, table: &str, values: Vec<Value>) -> Result<(), StoreError> {
        let Some((text, width)) = self.inserts.get(table) else {
            return Err(StoreError::damaged("backup", format!("a row of table '{table}' comes before its columns")));
        };
        if values.len() != *width {
            return Err(StoreError::damaged("backup", format!("a row of table {table} has {} values, not {width}", values.len())));
        }
        self.waiting.push(Statement::one(Cow::Owned(text.clone()), values));
        if self.waiting.statements.len() >= GROUP { self.flush(tx) } else { Ok(()) }
    }

    fn flush(&mut self, tx: &mut dyn Tx) -> Result<(), StoreError> {
        let set = std::mem::take(&mut self.waiting);
        tx.apply(&set)
    }

    /// Writes what still waits. The schema stays that of the rows.
    pub fn end(mut self, tx: &mut dyn Tx) -> Result<(), StoreError> {
        self.flush(tx)?;
        migrate::end_restore(tx)?;
        tx.script(dialect::end_load(tx.dialect()))
    }
}
