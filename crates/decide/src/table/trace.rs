//! What a table answered, and why.

use serde::Serialize;
use serde_json::{Map, Value};

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
    /// The first cell that did not match; the cells after it were not looked at.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub miss: Option<CellTrace>,
    /// Cells that could not be evaluated.
    #[serde(skip_serializing_if = "Vec::is_empty")]
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
    /// The value the cell was tested against; null for output cells and for cells that are whole conditions.
    pub value: Value,
    /// What went wrong, for warnings.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}
