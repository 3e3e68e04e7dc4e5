//! The one vocabulary in which queries speak to both databases: values, rows, statements.
//!
//! Only integers, reals, text and bytes exist here. Instants are integer milliseconds, identities 16 bytes, JSON
//! is text as it was written. So a row reads the same from SQLite and from PostgreSQL.

use std::borrow::Cow;

use uuid::Uuid;

use crate::StoreError;

/// A value of a column or of a parameter.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Value {
    /// SQL NULL.
    #[default]
    Null,
    /// A whole number, or an instant in UTC milliseconds.
    Int(i64),
    /// A binary floating-point number.
    Real(f64),
    /// UTF-8 text.
    Text(String),
    /// Bytes; 16 of them for an identity.
    Blob(Vec<u8>),
}

macro_rules! value_from {
    ($($from:ty => |$v:ident| $to:expr),* $(,)?) => {$(
        impl From<$from> for Value {
            fn from($v: $from) -> Self { $to }
        }
    )*};
}

value_from! {
    i64 => |v| Value::Int(v),
    i32 => |v| Value::Int(i64::from(v)),
    u32 => |v| Value::Int(i64::from(v)),
    bool => |v| Value::Int(i64::from(v)),
    f64 => |v| Value::Real(v),
    String => |v| Value::Text(v),
    &str => |v| Value::Text(v.to_owned()),
    &String => |v| Value::Text(v.clone()),
    Uuid => |v| Value::Blob(v.as_bytes().to_vec()),
    Vec<u8> => |v| Value::Blob(v),
    &[u8] => |v| Value::Blob(v.to_vec()),
    [u8; 32] => |v| Value::Blob(v.to_vec()),
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Value::Null, Into::into)
    }
}

impl From<decide::SqlParam> for Value {
    fn from(param: decide::SqlParam) -> Self {
        match param {
            decide::SqlParam::Null => Value::Null,
            decide::SqlParam::Int(v) => Value::Int(v),
            decide::SqlParam::Real(v) => Value::Real(v),
            decide::SqlParam::Text(v) => Value::Text(v),
            decide::SqlParam::Blob(v) => Value::Blob(v),
        }
    }
}

/// Builds a parameter list: `params![id, name, at]`.
#[macro_export]
macro_rules! params {
    ($($value:expr),* $(,)?) => { ::std::vec::Vec::<$crate::Value>::from([$($crate::Value::from($value)),*]) };
}

/// The list of an `IN (…)` over identities, as (placeholders from `$1` on, values). Its length is the next power of two, the last
/// one repeated, so that a handful of statements serves every number of them and stays prepared.
pub(crate) fn any_of(ids: &[Uuid]) -> (String, Vec<Value>) {
    let mut values: Vec<Value> = ids.iter().map(|id| Value::from(*id)).collect();
    values.resize(ids.len().next_power_of_two(), values.last().cloned().unwrap_or(Value::Null));
    let marks: Vec<String> = (1..=values.len()).map(|n| format!("${n}")).collect();
    (marks.join(","), values)
}

/// One row of an answer. Columns are read by position, in the order of the SELECT list.
#[derive(Clone, Debug, PartialEq)]
pub struct Row(pub Vec<Value>);

impl Row {
    fn wrong(&self, column: usize, wanted: &'static str) -> StoreError {
        StoreError::Shape { column, wanted, found: format!("{:?}", self.0.get(column)) }
    }

    /// The whole number in this column.
    pub fn int(&self, column: usize) -> Result<i64, StoreError> {
        self.opt_int(column)?.ok_or_else(|| self.wrong(column, "integer"))
    }

    /// The whole number in this column, or `None` for NULL.
    pub fn opt_int(&self, column: usize) -> Result<Option<i64>, StoreError> {
        match self.0.get(column) {
            Some(Value::Int(v)) => Ok(Some(*v)),
            Some(Value::Null) => Ok(None),
            _ => Err(self.wrong(column, "integer")),
        }
    }

    /// The number in this column, or `None` for NULL.
    pub fn opt_real(&self, column: usize) -> Result<Option<f64>, StoreError> {
        match self.0.get(column) {
            Some(Value::Real(v)) => Ok(Some(*v)),
            Some(Value::Null) => Ok(None),
            _ => Err(self.wrong(column, "number")),
        }
    }

    /// Whether the number in this column is not 0.
    pub fn flag(&self, column: usize) -> Result<bool, StoreError> {
        Ok(self.int(column)? != 0)
    }

    /// The text in this column.
    pub fn text(&self, column: usize) -> Result<String, StoreError> {
        self.opt_text(column)?.ok_or_else(|| self.wrong(column, "text"))
    }

    /// The text in this column, or `None` for NULL.
    pub fn opt_text(&self, column: usize) -> Result<Option<String>, StoreError> {
        match self.0.get(column) {
            Some(Value::Text(v)) => Ok(Some(v.clone())),
            Some(Value::Null) => Ok(None),
            _ => Err(self.wrong(column, "text")),
        }
    }

    /// The text in this column, moved out: long answers are read once, so nothing need be copied.
    pub fn take_text(&mut self, column: usize) -> Result<String, StoreError> {
        self.take_opt_text(column)?.ok_or_else(|| self.wrong(column, "text"))
    }

    /// The text in this column, moved out, or `None` for NULL.
    pub fn take_opt_text(&mut self, column: usize) -> Result<Option<String>, StoreError> {
        match self.0.get_mut(column).map(std::mem::take) {
            Some(Value::Text(text)) => Ok(Some(text)),
            Some(Value::Null) => Ok(None),
            other => Err(StoreError::Shape { column, wanted: "text", found: format!("{other:?}") }),
        }
    }

    /// The bytes in this column.
    pub fn blob(&self, column: usize) -> Result<Vec<u8>, StoreError> {
        self.opt_blob(column)?.ok_or_else(|| self.wrong(column, "bytes"))
    }

    /// The bytes in this column, or `None` for NULL.
    pub fn opt_blob(&self, column: usize) -> Result<Option<Vec<u8>>, StoreError> {
        match self.0.get(column) {
            Some(Value::Blob(v)) => Ok(Some(v.clone())),
            Some(Value::Null) => Ok(None),
            _ => Err(self.wrong(column, "bytes")),
        }
    }

    /// The identity in this column.
    pub fn id(&self, column: usize) -> Result<Uuid, StoreError> {
        self.opt_id(column)?.ok_or_else(|| self.wrong(column, "identity"))
    }

    /// The identity in this column, or `None` for NULL.
    pub fn opt_id(&self, column: usize) -> Result<Option<Uuid>, StoreError> {
        match self.0.get(column) {
            Some(Value::Blob(v)) => Uuid::from_slice(v).map(Some).map_err(|_| self.wrong(column, "identity")),
            Some(Value::Null) => Ok(None),
            _ => Err(self.wrong(column, "identity")),
        }
    }
}

/// How many rows a statement of a write set must touch; anything else undoes the whole set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expect {
    /// Any number of rows.
    Any,
    /// Exactly one row, else the aggregate has moved on: [`StoreError::Stale`].
    One,
}

/// One statement of a write set.
#[derive(Clone, Debug, PartialEq)]
pub struct Statement {
    /// SQL with `$1`… placeholders, the same text for both databases but for the tokens of [`crate::dialect`].
    pub sql: Cow<'static, str>,
    /// Values for the placeholders.
    pub params: Vec<Value>,
    /// What the number of touched rows must be.
    pub expect: Expect,
}

impl Statement {
    /// A statement that may touch any number of rows.
    pub fn new(sql: impl Into<Cow<'static, str>>, params: Vec<Value>) -> Self {
        Self { sql: sql.into(), params, expect: Expect::Any }
    }

    /// A statement that must touch exactly one row.
    pub fn one(sql: impl Into<Cow<'static, str>>, params: Vec<Value>) -> Self {
        Self { sql: sql.into(), params, expect: Expect::One }
    }
}

/// Everything that one command writes: applied whole or not at all.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct WriteSet {
    /// The statements, in order.
    pub statements: Vec<Statement>,
}

impl WriteSet {
    /// Adds a statement at the end.
    pub fn push(&mut self, statement: Statement) {
        self.statements.push(statement);
    }
}

/// Something that answers queries: a reader, or a transaction.
pub trait Sql {
    /// All rows of the answer. Callers bound it with LIMIT.
    fn query(&mut self, sql: &str, params: &[Value]) -> Result<Vec<Row>, StoreError>;

    /// Which of the two databases answers.
    fn dialect(&self) -> decide::Dialect;

    /// The first row, if any.
    fn first(&mut self, sql: &str, params: &[Value]) -> Result<Option<Row>, StoreError> {
        Ok(self.query(sql, params)?.into_iter().next())
    }
}

/// A transaction: queries and writes that become durable together.
pub trait Tx: Sql {
    /// Runs one statement and gives the number of rows it touched.
    fn execute(&mut self, sql: &str, params: &[Value]) -> Result<u64, StoreError>;

    /// Runs all statements of a write set, in few round trips, and checks what each must touch.
    fn apply(&mut self, set: &WriteSet) -> Result<(), StoreError>;

    /// Runs several statements without parameters, as migrations do.
    fn script(&mut self, sql: &str) -> Result<(), StoreError>;
}

/// Compares the touched rows with what the statement expected.
pub(crate) fn expect(statement: &Statement, touched: u64) -> Result<(), StoreError> {
    match statement.expect {
        Expect::One if touched != 1 => Err(StoreError::Stale),
        _ => Ok(()),
    }
}
