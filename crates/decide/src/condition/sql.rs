//! The same answer as [`super::memory`], asked of a database.
//!
//! Every test is written so that it is true or false, never NULL: then `NOT`, `AND` and `OR` mean in SQL what they
//! mean in memory. Values are always parameters; only names that come from the schema become part of the text.

use super::memory::{BoundTest, Node};
use super::{Bound, FieldType, Op, Scalar};

/// The database the text is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// SQLite 3, its built-in ASCII `LIKE` and BINARY collation.
    Sqlite,
    /// PostgreSQL 15 or newer.
    Postgres,
}

/// Where the value of a field lives.
///
/// Booleans are stored as 0 and 1, instants as integer milliseconds, numbers as integers or doubles on both databases.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Column {
    /// An SQL expression of the outer row, such as `r.title`. Not for [`FieldType::TextList`].
    Plain(String),
    /// At most one row in a side table with the columns `record`, `field` and the one that holds the value.
    Side {
        /// The side table's name.
        table: String,
        /// SQL expression of the outer row's id; never NULL.
        record: String,
        /// What the side table's column `field` says for this field.
        field: String,
        /// The side table's column holding the value: `text`, `number` or `instant`.
        column: String,
    },
    /// One row per item in a side table like that of [`Column::Side`].
    List {
        /// The side table's name.
        table: String,
        /// SQL expression of the outer row's id; never NULL.
        record: String,
        /// What the side table's column `field` says for this field.
        field: String,
        /// The side table's column holding an item, usually `text`.
        column: String,
    },
}

/// How fields map to columns.
pub trait Columns {
    /// The column of a field. A field without one is read as missing in every row; check [`super::Condition::fields`]
    /// first where that must not pass silently.
    fn column(&self, field: &str) -> Option<Column>;

    /// The parameter for a value compared with that field, such as a blob for an id. A value that cannot be in the
    /// column becomes [`SqlParam::Null`] and then equals nothing.
    fn encode(&self, field: &str, value: &Scalar) -> SqlParam {
        let _ = field;
        SqlParam::from(value)
    }
}

/// A parameter of a statement. On PostgreSQL these are `bigint`, `double precision`, `text` and `bytea`.
#[derive(Debug, Clone, PartialEq)]
pub enum SqlParam {
    /// NULL.
    Null,
    /// An integer, an instant, or a boolean as 0 or 1.
    Int(i64),
    /// A double.
    Real(f64),
    /// A text.
    Text(String),
    /// Bytes, such as a 16-byte id.
    Blob(Vec<u8>),
}

impl From<&Scalar> for SqlParam {
    fn from(value: &Scalar) -> SqlParam {
        match value {
            Scalar::Null => SqlParam::Null,
            Scalar::Bool(flag) => SqlParam::Int(i64::from(*flag)),
            Scalar::Int(int) => SqlParam::Int(*int),
            Scalar::Real(real) => SqlParam::Real(*real),
            Scalar::Text(text) => SqlParam::Text(text.clone()),
        }
    }
}

/// A piece of SQL being written, with its parameters.
///
/// Placeholders are `$1`, `$2`, … in order of first appearance, which is also the order SQLite gives them, as long as
/// everything that goes into the statement is pushed through here from left to right.
#[derive(Debug, Clone, PartialEq)]
pub struct SqlText {
    /// The database the text is for.
    pub dialect: Dialect,
    /// The text so far.
    pub sql: String,
    /// The parameters so far; `$1` is the first.
    pub params: Vec<SqlParam>,
}

impl SqlText {
    /// An empty text.
    pub fn new(dialect: Dialect) -> SqlText {
        SqlText { dialect, sql: String::new(), params: Vec::new() }
    }

    /// Appends SQL as it is.
    pub fn push(&mut self, sql: &str) {
        self.sql.push_str(sql);
    }

    /// Appends a placeholder and keeps its parameter.
    ///
    /// On PostgreSQL numbers are cast where they stand: otherwise the server would take the column's type for the
    /// parameter's, and a decimal number could not be compared with an integer column at all.
    pub fn bind(&mut self, param: SqlParam) {
        let cast = match (self.dialect, &param) {
            (Dialect::Postgres, SqlParam::Int(_)) => "::bigint",
            (Dialect::Postgres, SqlParam::Real(_)) => "::double precision",
            _ => "",
        };
        self.params.push(param);
        self.sql.push_str(&format!("${}{cast}", self.params.len()));
    }
}

impl Bound {
    /// Appends the condition as one SQL expression in parentheses, true for exactly the rows for which
    /// [`Bound::holds`] is.
    pub fn to_sql(&self, columns: &dyn Columns, out: &mut SqlText) {
        write_node(&self.node, columns, out);
    }
}

const TRUE: &str = "(1 = 1)";
const FALSE: &str = "(1 = 0)";

fn write_node(node: &Node, columns: &dyn Columns, out: &mut SqlText) {
    match node {
        Node::All(parts) => write_group(parts, " AND ", TRUE, columns, out),
        Node::Any(parts) => write_group(parts, " OR ", FALSE, columns, out),
        Node::Not(part) => {
            out.push("(NOT ");
            write_node(part, columns, out);
            out.push(")");
        }
        Node::Test(test) => write_test(test, columns, out),
    }
}

fn write_group(parts: &[Node], joint: &str, when_empty: &str, columns: &dyn Columns, out: &mut SqlText) {
    if parts.is_empty() {
        return out.push(when_empty);
    }
    out.push("(");
    for (index, part) in parts.iter().enumerate() {
        if index > 0 {
            out.push(joint);
        }
        write_node(part, columns, out);
    }
    out.push(")");
}

/// The negative operators are the positive ones turned around, as in memory; so only positive ones are written out.
fn write_test(bound: &BoundTest, columns: &dyn Columns, out: &mut SqlText) {
    let positive = match bound.test.op {
        Op::Ne => Op::Eq,
        Op::NotIn => Op::In,
        Op::IsEmpty => Op::NotEmpty,
        op => op,
    };
    let negated = positive != bound.test.op;
    let comparison = Comparison::new(bound, positive, columns);
    let column = columns.column(&bound.test.field);
    let usable = column.filter(|column| comparison.fits(column));
    let Some((column, comparison)) = usable.zip(comparison.possible()) else {
        return out.push(if negated { TRUE } else { FALSE });
    };
    out.push(if negated { "(NOT " } else { "" });
    match column {
        Column::Plain(sql) => {
            // Without the first half a missing value would make the whole NULL, and NOT of it too.
            out.push(&format!("({sql} IS NOT NULL AND "));
            comparison.write(&sql, out);
            out.push(")");
        }
        Column::Side { table, record, field, column } | Column::List { table, record, field, column } => {
            write_side(&comparison, &table, &record, &field, &column, out);
        }
    }
    out.push(if negated { ")" } else { "" });
}

/// Equality asks an uncorrelated subquery, which lets both planners start from the side table's index (a rare value
/// among 200,000 records: 0.2 ms instead of 520 ms on SQLite). A range or a yes/no field may match half of the table,
/// so it is asked per row, and a page of a sorted list stops early (0.5 ms instead of 110 ms).
fn write_side(test: &Comparison, table: &str, record: &str, field: &str, column: &str, out: &mut SqlText) {
    let field = field.replace('\'', "''");
    if test.is_selective() {
        out.push(&format!("({record} IN (SELECT sv.record FROM {table} sv WHERE sv.field = '{field}' AND "));
    } else {
        out.push(&format!("(EXISTS (SELECT 1 FROM {table} sv WHERE sv.record = {record} AND sv.field = '{field}' AND "));
    }
    let value = format!("sv.{column}");
    out.push(&format!("{value} IS NOT NULL AND "));
    test.write(&value, out);
    out.push("))");
}

/// A positive test with its values encoded for the database.
struct Comparison {
    op: Op,
    kind: FieldType,
    values: Vec<SqlParam>,
}

impl Comparison {
    fn new(bound: &BoundTest, op: Op, columns: &dyn Columns) -> Comparison {
        let encode = |value: &Scalar| columns.encode(&bound.test.field, value);
        let values = bound.values.iter().map(encode).filter(|param| *param != SqlParam::Null).collect();
        Comparison { op, kind: bound.test.kind, values }
    }

    /// A list cannot live in a plain column.
    fn fits(&self, column: &Column) -> bool {
        self.kind != FieldType::TextList || !matches!(column, Column::Plain(_))
    }

    /// Whether few rows are likely to pass.
    fn is_selective(&self) -> bool {
        match self.op {
            Op::Eq | Op::In | Op::Under => self.kind != FieldType::Bool,
            Op::Contains => self.kind == FieldType::TextList,
            _ => false,
        }
    }

    /// Nothing equals none of no values.
    fn possible(self) -> Option<Comparison> {
        (self.op == Op::NotEmpty || !self.values.is_empty()).then_some(self)
    }

    /// Writes the comparison for a value that is known not to be NULL.
    fn write(self: &Comparison, column: &str, out: &mut SqlText) {
        match self.op {
            Op::NotEmpty => self.write_not_empty(column, out),
            Op::Lt => self.write_order(column, "<", out),
            Op::Le => self.write_order(column, "<=", out),
            Op::Gt => self.write_order(column, ">", out),
            Op::Ge => self.write_order(column, ">=", out),
            Op::Contains if self.kind != FieldType::TextList => self.write_any(column, out, write_contains),
            Op::StartsWith => self.write_any(column, out, write_starts_with),
            Op::Under => self.write_any(column, out, write_under),
            _ => self.write_equals(column, out),
        }
    }

    fn write_not_empty(&self, column: &str, out: &mut SqlText) {
        // An id may be a blob; on either database a blob differs from the empty text or equals it as it should.
        let is_text = matches!(self.kind, FieldType::Text | FieldType::TextList | FieldType::Ref);
        out.push(&if is_text { format!("{column} <> ''") } else { TRUE.to_owned() });
    }

    /// Decimal numbers get a list of their own: PostgreSQL brings a list to one type, and an integer column compared as
    /// double would lose its last digits.
    fn write_equals(&self, column: &str, out: &mut SqlText) {
        let is_real = |param: &&SqlParam| matches!(param, SqlParam::Real(_));
        let (reals, others): (Vec<_>, Vec<_>) = self.values.iter().partition(is_real);
        match (&reals[..], &others[..]) {
            (values, []) | ([], values) => write_one_of(column, values, out),
            (reals, others) => {
                out.push("(");
                write_one_of(column, others, out);
                out.push(" OR ");
                write_one_of(column, reals, out);
                out.push(")");
            }
        }
    }

    fn write_order(&self, column: &str, sign: &str, out: &mut SqlText) {
        let column = if self.kind == FieldType::Text { bytewise(column, out.dialect) } else { column.to_owned() };
        out.push("(");
        for (index, value) in self.values.iter().enumerate() {
            out.push(if index > 0 { " OR " } else { "" });
            out.push(&format!("{column} {sign} "));
            out.bind(value.clone());
        }
        out.push(")");
    }

    fn write_any(&self, column: &str, out: &mut SqlText, write: fn(&str, &str, &mut SqlText)) {
        out.push("(");
        for (index, value) in self.values.iter().enumerate() {
            out.push(if index > 0 { " OR " } else { "" });
            match value {
                SqlParam::Text(text) => write(column, text, out),
                _ => out.push(FALSE),
            }
        }
        out.push(")");
    }
}

fn write_one_of(column: &str, values: &[&SqlParam], out: &mut SqlText) {
    let list = values.len() > 1;
    out.push(&format!("{column} {}", if list { "IN (" } else { "= " }));
    for (index, value) in values.iter().enumerate() {
        out.push(if index > 0 { ", " } else { "" });
        out.bind((*value).clone());
    }
    out.push(if list { ")" } else { "" });
}

fn write_contains(column: &str, text: &str, out: &mut SqlText) {
    write_like(column, format!("%{}%", escape_like(text)), out);
}

fn write_starts_with(column: &str, text: &str, out: &mut SqlText) {
    write_like(column, format!("{}%", escape_like(text)), out);
}

/// SQLite's `LIKE` folds ASCII letters and no others. PostgreSQL's folds nothing, and its `lower` folds ASCII letters
/// only when told to work in the C collation.
fn write_like(column: &str, pattern: String, out: &mut SqlText) {
    match out.dialect {
        Dialect::Sqlite => {
            out.push(&format!("{column} LIKE "));
            out.bind(SqlParam::Text(pattern));
        }
        Dialect::Postgres => {
            out.push(&format!("lower({}) LIKE ", bytewise(column, out.dialect)));
            out.bind(SqlParam::Text(pattern.to_ascii_lowercase()));
        }
    }
    out.push(" ESCAPE '\\'");
}

/// A range instead of `LIKE`: tree keys are compared exactly, and an index on the column serves it. `0` is the
/// character after `/`.
fn write_under(column: &str, root: &str, out: &mut SqlText) {
    let column = bytewise(column, out.dialect);
    out.push(&format!("({column} = "));
    out.bind(SqlParam::Text(root.to_owned()));
    out.push(&format!(" OR ({column} >= "));
    out.bind(SqlParam::Text(format!("{root}/")));
    out.push(&format!(" AND {column} < "));
    out.bind(SqlParam::Text(format!("{root}0")));
    out.push("))");
}

/// Text order by bytes. SQLite's default is that; on PostgreSQL it is said, because an expression over JSON would
/// otherwise be sorted by the rules of some language.
fn bytewise(column: &str, dialect: Dialect) -> String {
    match dialect {
        Dialect::Sqlite => column.to_owned(),
        Dialect::Postgres => format!("({column}) COLLATE \"C\""),
    }
}

fn escape_like(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '%' | '_' | '\\') {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}
