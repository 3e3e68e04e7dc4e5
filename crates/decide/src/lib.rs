//! Conditions, expressions and decision tables, each able to explain its answer.
//!
//! Three small languages, none of which reads a clock, a file or a random number:
//!
//! * [`Condition`]: a closed JSON tree over fields, with the same answer in memory, on SQLite and on PostgreSQL;
//! * [`Expression`]: zen expression over one record's values, with its identifiers checked and its work bounded;
//! * [`Table`]: a decision table in the JDM shape, whose cells are expressions.

pub mod condition;
pub mod expression;
pub mod table;

pub use condition::{
    Binding, Bound, Column, Columns, Condition, ConditionError, Dialect, Explanation, FieldType, Op, Operand, Row, Scalar, Schema, Span,
    SqlParam, SqlText, Test,
};
pub use expression::{Expression, ExpressionError, Names};
pub use table::{CellTrace, Decision, HitPolicy, RowTrace, Table, TableError};
