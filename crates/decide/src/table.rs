//! Decision tables.

use crate::Names;
use serde::Serialize;
use serde_json::{Map, Value};

/// A compiled decision table.
#[derive(Debug, Clone)]
pub struct Table {
    inputs: Vec<String>,
    outputs: Vec<String>,
    rules: Vec<String>,
}

/// One defect of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("{message}")]
pub struct TableError {
    /// The `_id` of the rule, when the defect is in one.
    pub rule: Option<String>,
    /// The id of the input or output column, when the defect is in one.
    pub column: Option<String>,
    /// Stable code for translation.
    pub code: &'static str,
    /// What is wrong.
    pub message: String,
    /// What to write instead.
    pub mend: String,
}

/// What a table answered, and why.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Decision {
    /// The outputs by field; `None` when no rule matched.
    pub output: Option<Map<String, Value>>,
    /// The ids of the rules that matched.
    pub hits: Vec<String>,
    /// The rules looked at, in order.
    pub trace: Vec<RowTrace>,
}

/// What happened to one rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RowTrace {
    /// The rule's `_id`.
    pub rule: String,
    /// Whether every cell matched.
    pub hit: bool,
    /// The first cell that did not match.
    pub miss: Option<CellTrace>,
    /// Cells that could not be evaluated.
    pub warnings: Vec<CellTrace>,
}

/// One cell in a trace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CellTrace {
    /// The id of the cell's column.
    pub column: String,
    /// The column's field, or its name when it has none.
    pub field: String,
    /// The cell's text.
    pub cell: String,
    /// The value the cell was tested against.
    pub value: Value,
    /// What went wrong, for warnings.
    pub message: Option<String>,
}

impl Table {
    /// Reads a table and compiles every cell.
    ///
    /// # Errors
    /// Every defect found.
    pub fn parse(json: &Value, names: &dyn Names) -> Result<Table, Vec<TableError>> {
        let _ = (json, names);
        Err(Vec::new())
    }
    /// Decides for the given values.
    pub fn evaluate(&self, input: &Map<String, Value>) -> Decision {
        let _ = input;
        Decision { output: None, hits: Vec::new(), trace: Vec::new() }
    }
    /// The fields the outputs set, in column order.
    pub fn outputs(&self) -> Vec<&str> {
        self.outputs.iter().map(String::as_str).collect()
    }
    /// The fields the inputs read, in column order.
    pub fn inputs(&self) -> Vec<&str> {
        self.inputs.iter().map(String::as_str).collect()
    }
    /// The ids of the rules, in order.
    pub fn rule_ids(&self) -> Vec<&str> {
        self.rules.iter().map(String::as_str).collect()
    }
}
