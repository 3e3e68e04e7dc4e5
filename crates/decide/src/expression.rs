//! Expressions over one record's values: zen expression, checked when it is saved.
//!
//! What zen would let pass and an ITSM rule must not do is refused by [`Expression::compile`]: names that do not exist
//! (zen reads them as null), reading the clock or the machine's time zone, randomness, counting text in bytes, and
//! work without a bound. An expression therefore gives the same answer for the same values on every node, at any time.

mod bounds;
mod check;
mod dates;
mod engine;
#[cfg(test)]
mod tests;

use crate::FieldType;
use crate::expression::check::{Checked, Flavor};
pub(crate) use crate::expression::engine::Engine;
use serde::Serialize;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use zen_expression::expression::{Standard, Unary};

/// Longest expression in bytes.
pub const MAX_SOURCE: usize = 4_096;
/// Longest range (`[1..n]`) that `map`, `filter` and the like may walk.
pub const MAX_RANGE: u64 = 10_000;
/// Deepest nesting of `map`, `filter` and the like.
pub const MAX_LOOPS: u8 = 2;

/// The names an expression may use.
pub trait Names {
    /// Whether a value with that dotted path exists.
    fn knows(&self, path: &str) -> bool;
    /// Whether the value at that path is text, on which byte-wise operations (`len`, `[0]`, `[1:2]`) are refused.
    fn is_text(&self, path: &str) -> bool {
        let _ = path;
        false
    }
}

/// The schema of conditions serves expressions too.
impl Names for BTreeMap<String, FieldType> {
    fn knows(&self, path: &str) -> bool {
        self.contains_key(path)
    }

    fn is_text(&self, path: &str) -> bool {
        matches!(self.get(path), Some(FieldType::Text | FieldType::Ref))
    }
}

/// A compiled expression. It is `Send` and `Sync`: the compiled form is plain data, and what the engine needs while
/// running lives on the stack of the caller.
#[derive(Debug, Clone)]
pub struct Expression {
    source: String,
    code: zen_expression::Expression<Standard>,
    checked: Checked,
}

/// Why an expression was refused or failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("{message}{}", position.map(|at| format!(" (at character {})", at + 1)).unwrap_or_default())]
pub struct ExpressionError {
    /// Offset of the offending part in characters, where known.
    pub position: Option<usize>,
    /// Stable code for translation.
    pub code: &'static str,
    /// What is wrong.
    pub message: String,
    /// What to write instead.
    pub mend: String,
}

impl ExpressionError {
    pub(crate) fn new(code: &'static str, message: impl Into<String>, mend: impl Into<String>) -> ExpressionError {
        ExpressionError { position: None, code, message: message.into(), mend: mend.into() }
    }
}

impl Expression {
    /// Reads, checks and compiles an expression.
    ///
    /// `d(x)` without a time zone means UTC, never the zone of the machine.
    ///
    /// # Errors
    /// When it does not parse, names something unknown, would read the clock, or could run without a bound.
    pub fn compile(source: &str, names: &dyn Names) -> Result<Expression, ExpressionError> {
        let checked = check::check(source, Flavor::Standard, names)?;
        let code = engine::guarded(|| zen_expression::compile_expression(&checked.source))?;
        Ok(Expression { source: source.to_owned(), code, checked })
    }

    /// Evaluates the expression over the given values; a name without a value is null.
    ///
    /// # Errors
    /// When the values do not fit the operations, such as `null > 3` or a text plus a number.
    pub fn evaluate(&self, values: &Map<String, Value>) -> Result<Value, ExpressionError> {
        let mut engine = Engine::over(self.roots(), values);
        self.run(&mut engine, values).map(|value| value.to_value())
    }

    /// Evaluates the expression as a condition.
    ///
    /// # Errors
    /// As [`Expression::evaluate`], and when the result is neither true nor false.
    pub fn is_true(&self, values: &Map<String, Value>) -> Result<bool, ExpressionError> {
        let mut engine = Engine::over(self.roots(), values);
        self.run_condition(&mut engine, values)
    }

    /// The names the expression reads as dotted paths, sorted, each once.
    pub fn identifiers(&self) -> &[String] {
        &self.checked.identifiers
    }

    /// The expression as it was written.
    pub fn source(&self) -> &str {
        &self.source
    }

    pub(crate) fn roots(&self) -> impl Iterator<Item = &str> {
        self.checked.roots()
    }

    pub(crate) fn run(&self, engine: &mut Engine, values: &Map<String, Value>) -> Result<zen_expression::Variable, ExpressionError> {
        dates::guard(&self.checked.dated, values, None)?;
        engine.value(&self.code)
    }

    pub(crate) fn run_condition(&self, engine: &mut Engine, values: &Map<String, Value>) -> Result<bool, ExpressionError> {
        let value = self.run(engine, values)?;
        value.as_bool().ok_or_else(|| {
            let message = format!("the result is {}, neither true nor false", value.type_name());
            ExpressionError::new("not_a_condition", message, "compare with something, such as `x == 'a'` or `x > 3`")
        })
    }
}

/// A table cell tested against the value of its column (`> 3 and < 10`, `'high','medium'`).
#[derive(Debug, Clone)]
pub(crate) struct CellTest {
    code: zen_expression::Expression<Unary>,
    checked: Checked,
}

impl CellTest {
    /// `column_is_text` says what `$`, the value of the column, is.
    pub(crate) fn compile(source: &str, column_is_text: bool, names: &dyn Names) -> Result<CellTest, ExpressionError> {
        let checked = check::check(source, Flavor::Cell { column_is_text }, names)?;
        let code = engine::guarded(|| zen_expression::compile_unary_expression(&checked.source))?;
        Ok(CellTest { code, checked })
    }

    pub(crate) fn roots(&self) -> impl Iterator<Item = &str> {
        self.checked.roots()
    }

    pub(crate) fn run(
        &self,
        engine: &mut Engine,
        values: &Map<String, Value>,
        column: &zen_expression::Variable,
    ) -> Result<bool, ExpressionError> {
        dates::guard(&self.checked.dated, values, Some(column))?;
        engine.test(&self.code, column)
    }
}
