//! Decision tables in the shape of a JDM decision table node, so that the JDM editor can show them.
//!
//! A rule matches when all its input cells do. An empty cell or `-` matches anything; a cell in a column with a field is
//! a test of that field (`> 3 and < 10`, `'high','medium'`), a cell in a column without one is a whole condition.
//! Output cells are expressions; an empty one leaves its field unset.

mod parse;
#[cfg(test)]
mod tests;
mod trace;

use crate::expression::{CellTest, Engine, Expression};
use crate::{ExpressionError, Names};
use serde::Serialize;
use serde_json::{Map, Value};
use zen_expression::Variable;

pub use trace::{CellTrace, Decision, RowTrace};

/// Most rules in a table.
pub const MAX_RULES: usize = 1_000;
/// Most columns in a table, inputs and outputs together.
pub const MAX_COLUMNS: usize = 50;

/// Which of the matching rules decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum HitPolicy {
    /// The first that matches.
    First,
    /// All of them: every output becomes the list of what they give.
    Collect,
}

/// A compiled decision table; `Send` and `Sync`.
#[derive(Debug, Clone)]
pub struct Table {
    policy: HitPolicy,
    inputs: Vec<Input>,
    outputs: Vec<Output>,
    rules: Vec<Rule>,
    /// Top-level names that any cell reads, sorted, each once.
    roots: Vec<String>,
}

#[derive(Debug, Clone)]
struct Input {
    id: String,
    /// The field, or the column's name when its cells are whole conditions.
    label: String,
    kind: InputKind,
}

#[derive(Debug, Clone)]
enum InputKind {
    /// Cells are tests of this field.
    Field(Expression),
    /// Cells are whole conditions.
    Conditions,
    /// The field was refused; the table never gets as far as running.
    Defect,
}

#[derive(Debug, Clone)]
struct Output {
    id: String,
    field: String,
}

#[derive(Debug, Clone)]
struct Rule {
    id: String,
    description: String,
    /// One per input; `None` matches anything.
    cells: Vec<Option<Cell>>,
    /// One per output; `None` sets nothing.
    results: Vec<Option<Expression>>,
}

#[derive(Debug, Clone)]
struct Cell {
    source: String,
    test: CellKind,
}

#[derive(Debug, Clone)]
enum CellKind {
    /// Compared with the value of the column's field.
    Field(CellTest),
    /// A condition of its own.
    Whole(Expression),
}

/// One defect of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("{}{}{message}", rule.as_ref().map(|rule| format!("rule {rule}: ")).unwrap_or_default(),
    column.as_ref().map(|column| format!("column {column}: ")).unwrap_or_default())]
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

impl Table {
    /// Reads a table, or a JDM file with one table in it, and compiles every cell.
    ///
    /// Cells may use what `names` knows, and always `now` and `outcome`.
    ///
    /// # Errors
    /// Every defect found, each with its rule and column.
    pub fn parse(json: &Value, names: &dyn Names) -> Result<Table, Vec<TableError>> {
        parse::table(json, names)
    }

    /// Decides for the given values. A cell that cannot be evaluated counts as not matching, with a warning.
    pub fn evaluate(&self, input: &Map<String, Value>) -> Decision {
        self.run(input).decide()
    }

    /// The constant texts that the rules give an output field, in order of the rules: what a caller must know beforehand,
    /// such as keys of teams. Results that depend on the data are left out.
    pub fn constants(&self, field: &str) -> Vec<String> {
        self.constants_of(field, self.rules.iter())
    }

    /// The constant texts that rules give an output where the field `input` has this value, whatever the other columns say;
    /// each once, in order of the rules.
    pub fn constants_where(&self, field: &str, input: &str, value: &Value) -> Vec<String> {
        let values = Map::from_iter([(input.to_owned(), value.clone())]);
        let mut run = self.run(&values);
        let column = self.inputs.iter().position(|column| matches!(column.kind, InputKind::Field(_)) && column.label == input);
        let fitting = self.rules.iter().filter(|rule| column.is_none_or(|column| run.cell_holds(column, rule)));
        let mut found = self.constants_of(field, fitting);
        let mut seen = std::collections::HashSet::new();
        found.retain(|text| seen.insert(text.clone()));
        found
    }

    fn constants_of<'r>(&self, field: &str, rules: impl Iterator<Item = &'r Rule>) -> Vec<String> {
        let positions: Vec<usize> = self.outputs.iter().enumerate().filter(|(_, output)| output.field == field).map(|(n, _)| n).collect();
        let results = rules.flat_map(|rule| positions.iter().filter_map(|n| rule.results.get(*n)?.as_ref()));
        let constant = |result: &Expression| match result.identifiers().is_empty().then(|| result.evaluate(&Map::new())) {
            Some(Ok(Value::String(text))) => Some(text),
            _ => None,
        };
        results.filter_map(constant).collect()
    }

    fn run<'a>(&'a self, values: &'a Map<String, Value>) -> Run<'a> {
        let engine = Engine::over(self.roots.iter().map(String::as_str), values);
        Run { table: self, values, engine, seen: vec![None; self.inputs.len()] }
    }

    /// The fields the outputs set, in column order.
    pub fn outputs(&self) -> Vec<&str> {
        self.outputs.iter().map(|output| output.field.as_str()).collect()
    }

    /// What the inputs read, in column order: the field, or the name of a column whose cells are whole conditions.
    pub fn inputs(&self) -> Vec<&str> {
        self.inputs.iter().map(|input| input.label.as_str()).collect()
    }

    /// Everything that any cell reads, whole conditions and results included: top-level names, sorted, each once.
    pub fn reads(&self) -> &[String] {
        &self.roots
    }

    /// The place of a rule in the table, counted from 1 as people count rows.
    pub fn row(&self, id: &str) -> Option<usize> {
        self.rules.iter().position(|rule| rule.id == id).map(|index| index + 1)
    }

    /// The ids of the rules, in order.
    pub fn rule_ids(&self) -> Vec<&str> {
        self.rules.iter().map(|rule| rule.id.as_str()).collect()
    }

    /// What the author wrote about a rule; empty when nothing.
    pub fn rule_description(&self, id: &str) -> Option<&str> {
        self.rules.iter().find(|rule| rule.id == id).map(|rule| rule.description.as_str())
    }

    /// Which of the matching rules decide.
    pub fn hit_policy(&self) -> HitPolicy {
        self.policy
    }
}

/// One evaluation of a table.
struct Run<'a> {
    table: &'a Table,
    values: &'a Map<String, Value>,
    engine: Engine,
    /// The values of the columns, each read when the first cell needs it.
    seen: Vec<Option<Variable>>,
}

impl Run<'_> {
    fn decide(&mut self) -> Decision {
        let table = self.table;
        let mut decision = Decision { output: None, hits: Vec::new(), trace: Vec::new() };
        for rule in &table.rules {
            let mut trace = RowTrace { rule: rule.id.clone(), hit: false, miss: None, warnings: Vec::new() };
            trace.miss = self.first_miss(rule, &mut trace.warnings);
            trace.hit = trace.miss.is_none();
            if trace.hit {
                decision.hits.push(rule.id.clone());
                let output = decision.output.get_or_insert_with(|| table.empty_output());
                self.write(rule, output, &mut trace.warnings);
            }
            let done = trace.hit && table.policy == HitPolicy::First;
            decision.trace.push(trace);
            if done {
                break;
            }
        }
        decision
    }

    fn first_miss(&mut self, rule: &Rule, warnings: &mut Vec<CellTrace>) -> Option<CellTrace> {
        for (index, cell) in rule.cells.iter().enumerate() {
            let Some(cell) = cell else { continue };
            match self.test(index, cell, warnings) {
                Ok(true) => {}
                Ok(false) => return Some(self.trace(index, cell, None)),
                Err(error) => {
                    warnings.push(self.trace(index, cell, Some(error.message)));
                    return Some(self.trace(index, cell, None));
                }
            }
        }
        None
    }

    fn test(&mut self, index: usize, cell: &Cell, warnings: &mut Vec<CellTrace>) -> Result<bool, ExpressionError> {
        match &cell.test {
            CellKind::Whole(condition) => condition.run_condition(&mut self.engine, self.values),
            CellKind::Field(test) => {
                let column = self.column(index, warnings);
                test.run(&mut self.engine, self.values, &column)
            }
        }
    }

    /// Whether one cell of a rule matches; an empty one matches anything.
    fn cell_holds(&mut self, index: usize, rule: &Rule) -> bool {
        let cell = rule.cells.get(index).and_then(Option::as_ref);
        cell.is_none_or(|cell| self.test(index, cell, &mut Vec::new()).unwrap_or(false))
    }

    /// The value of a column. One that cannot be computed is null, as a missing one is, and is warned of once.
    fn column(&mut self, index: usize, warnings: &mut Vec<CellTrace>) -> Variable {
        if let Some(Some(value)) = self.seen.get(index) {
            return value.clone();
        }
        let input = &self.table.inputs[index];
        let value = match &input.kind {
            InputKind::Conditions | InputKind::Defect => Variable::Null,
            InputKind::Field(field) => field.run(&mut self.engine, self.values).unwrap_or_else(|error| {
                warnings.push(CellTrace {
                    column: input.id.clone(),
                    field: input.label.clone(),
                    cell: field.source().to_owned(),
                    value: Value::Null,
                    message: Some(error.message),
                });
                Variable::Null
            }),
        };
        self.seen[index] = Some(value.clone());
        value
    }

    fn trace(&self, index: usize, cell: &Cell, message: Option<String>) -> CellTrace {
        let input = &self.table.inputs[index];
        let value = self.seen[index].as_ref().map_or(Value::Null, Variable::to_value);
        CellTrace { column: input.id.clone(), field: input.label.clone(), cell: cell.source.clone(), value, message }
    }

    fn write(&mut self, rule: &Rule, output: &mut Map<String, Value>, warnings: &mut Vec<CellTrace>) {
        for (column, result) in self.table.outputs.iter().zip(&rule.results) {
            let Some(expression) = result else { continue };
            match expression.run(&mut self.engine, self.values) {
                Ok(value) => match output.get_mut(&column.field) {
                    Some(Value::Array(list)) if self.table.policy == HitPolicy::Collect => list.push(value.to_value()),
                    _ => {
                        output.insert(column.field.clone(), value.to_value());
                    }
                },
                Err(error) => warnings.push(CellTrace {
                    column: column.id.clone(),
                    field: column.field.clone(),
                    cell: expression.source().to_owned(),
                    value: Value::Null,
                    message: Some(error.message),
                }),
            }
        }
    }
}

impl Table {
    fn empty_output(&self) -> Map<String, Value> {
        match self.policy {
            HitPolicy::First => Map::new(),
            HitPolicy::Collect => {
                let fields = self.outputs.iter().map(|output| output.field.clone());
                fields.map(|field| (field, Value::Array(Vec::new()))).collect()
            }
        }
    }
}
