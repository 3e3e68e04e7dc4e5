//! What no case has tried.

use serde::Serialize;

use super::CaseResult;
use crate::Pack;

/// Edges and rows that no case visited.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Coverage {
    /// Ids of edges of the flow, in the order of the drawing.
    pub edges: Vec<String>,
    /// Rows of tables, as table and row.
    pub rows: Vec<(String, String)>,
}

impl Coverage {
    /// Everything was visited.
    pub fn is_complete(&self) -> bool {
        self.edges.is_empty() && self.rows.is_empty()
    }
}

/// What the cases behind these results did not visit.
pub fn coverage(pack: &Pack, results: &[CaseResult]) -> Coverage {
    let took = |edge: &str| results.iter().any(|result| result.edges.contains(edge));
    let edges = pack.flow().edges().map(|edge| edge.id.clone()).filter(|edge| !took(edge));
    let rows =
        pack.tables().iter().flat_map(|(table, parsed)| parsed.rule_ids().into_iter().map(move |row| (table.clone(), row.to_owned())));
    let rows = rows.filter(|row| !results.iter().any(|result| result.rows.contains(row)));
    Coverage { edges: edges.collect(), rows: rows.collect() }
}
