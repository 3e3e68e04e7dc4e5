//! From JDM JSON to a compiled [`Table`].

use super::{Cell, CellKind, HitPolicy, Input, InputKind, MAX_COLUMNS, MAX_RULES, Output, Rule, Table, TableError};
use crate::expression::{CellTest, Expression};
use crate::{ExpressionError, Names};
use serde_json::{Map, Value};
use std::collections::BTreeSet;

pub(super) fn table(json: &Value, names: &dyn Names) -> Result<Table, Vec<TableError>> {
    let content = content(json).map_err(|error| vec![error])?;
    let mut reader = Reader { names: &WithMoment(names), errors: Vec::new() };
    let table = reader.table(content);
    match table {
        Some(table) if reader.errors.is_empty() => Ok(table),
        _ => Err(reader.errors),
    }
}

/// The record's names plus those every decision is given.
struct WithMoment<'a>(&'a dyn Names);

impl Names for WithMoment<'_> {
    fn knows(&self, path: &str) -> bool {
        matches!(path, "now" | "outcome") || self.0.knows(path)
    }

    fn is_text(&self, path: &str) -> bool {
        path == "outcome" || self.0.is_text(path)
    }
}

/// Finds the table: the value itself, or the one table node of a JDM file.
fn content(json: &Value) -> Result<&Map<String, Value>, TableError> {
    let shape = |message: &str, mend: &str| Err(general("malformed", message, mend));
    let Some(object) = json.as_object() else {
        return shape("a decision table is an object", "write {\"inputs\": [..], \"outputs\": [..], \"rules\": [..]}");
    };
    let Some(nodes) = object.get("nodes") else { return Ok(object) };
    let kind = |node: &&Value, wanted: &str| node.get("type").and_then(Value::as_str) == Some(wanted);
    let nodes = nodes.as_array().map(Vec::as_slice).unwrap_or_default();
    let is_edge_of_graph = |node: &&Value| kind(node, "inputNode") || kind(node, "outputNode");
    if let Some(other) = nodes.iter().find(|node| !is_edge_of_graph(node) && !kind(node, "decisionTableNode")) {
        let kind = other.get("type").and_then(Value::as_str).unwrap_or("without a type");
        let message = format!("the file has a node `{kind}`, only decision tables are supported");
        return shape(&message, "keep one decision table, with input and output nodes if you like");
    }
    let mut tables = nodes.iter().filter(|node| kind(node, "decisionTableNode"));
    match (tables.next(), tables.next()) {
        (Some(table), None) => match table.get("content").and_then(Value::as_object) {
            Some(content) => Ok(content),
            None => shape("the decision table node has no content", "save the file in the editor again"),
        },
        (None, _) => shape("the file has no decision table", "add one node of the type decisionTableNode"),
        (Some(_), Some(_)) => shape("the file has more than one decision table", "put each into a file of its own"),
    }
}

fn general(code: &'static str, message: &str, mend: &str) -> TableError {
    TableError { rule: None, column: None, code, message: message.to_owned(), mend: mend.to_owned() }
}

struct Reader<'a> {
    names: &'a dyn Names,
    errors: Vec<TableError>,
}

/// A column as it is written, before its cells are read.
struct Column {
    id: String,
    name: String,
    field: String,
}

impl Reader<'_> {
    fn table(&mut self, content: &Map<String, Value>) -> Option<Table> {
        let policy = self.policy(content);
        self.refuse_options(content);
        let (inputs, outputs) = (self.columns(content, "inputs"), self.columns(content, "outputs"));
        self.check_columns(&inputs, &outputs);
        let Some(rules) = content.get("rules").and_then(Value::as_array) else {
            self.errors.push(general("malformed", "`rules` is missing or no list", "write \"rules\": [..]"));
            return None;
        };
        if rules.len() > MAX_RULES {
            let message = format!("the table has more than {MAX_RULES} rules");
            self.errors.push(general("too_long", &message, "split it"));
            return None;
        }
        let inputs: Vec<_> = inputs.into_iter().map(|column| self.input(column)).collect();
        let mut seen = BTreeSet::new();
        let rules = rules.iter().enumerate().filter_map(|(index, rule)| self.rule(index, rule, &inputs, &outputs, &mut seen));
        let rules: Vec<_> = rules.collect();
        let outputs = outputs.into_iter().map(|column| Output { id: column.id, field: column.field }).collect();
        let roots = roots(&inputs, &rules);
        Some(Table { policy, inputs, outputs, rules, roots })
    }

    fn policy(&mut self, content: &Map<String, Value>) -> HitPolicy {
        match content.get("hitPolicy").map(Value::as_str) {
            None | Some(Some("first")) => HitPolicy::First,
            Some(Some("collect")) => HitPolicy::Collect,
            Some(_) => {
                self.errors.push(general("hit_policy", "this hit policy is not supported", "use \"first\" or \"collect\""));
                HitPolicy::First
            }
        }
    }

    /// Options of the JDM editor that would give another answer than ours are refused, not ignored.
    fn refuse_options(&mut self, content: &Map<String, Value>) {
        let set = |key: &str| content.get(key).and_then(Value::as_str).is_some_and(|text| !text.is_empty());
        for key in ["inputField", "outputPath"] {
            if set(key) {
                let message = format!("`{key}` is not supported");
                self.errors.push(general("unsupported_option", &message, "leave it empty"));
            }
        }
        if content.get("executionMode").and_then(Value::as_str) == Some("loop") {
            let message = "`executionMode: loop` is not supported";
            self.errors.push(general("unsupported_option", message, "use \"single\""));
        }
    }

    fn columns(&mut self, content: &Map<String, Value>, key: &str) -> Vec<Column> {
        let Some(list) = content.get(key).and_then(Value::as_array) else {
            let message = format!("`{key}` is missing or no list");
            self.errors.push(general("malformed", &message, &format!("write \"{key}\": [..]")));
            return Vec::new();
        };
        let text = |column: &Value, key: &str| column.get(key).and_then(Value::as_str).unwrap_or_default().trim().to_owned();
        let read = |column| Column { id: text(column, "id"), name: text(column, "name"), field: text(column, "field") };
        list.iter().map(read).collect()
    }

    fn check_columns(&mut self, inputs: &[Column], outputs: &[Column]) {
        if inputs.len() + outputs.len() > MAX_COLUMNS {
            let message = format!("the table has more than {MAX_COLUMNS} columns");
            self.errors.push(general("too_long", &message, "split it"));
        }
        let (mut ids, mut fields) = (BTreeSet::new(), BTreeSet::new());
        for column in inputs.iter().chain(outputs) {
            if column.id.is_empty() || column.id.starts_with('_') || !ids.insert(&column.id) {
                let message = "a column id is missing, begins with `_` or is used twice";
                self.column_error(column, "column_id", message, "give every column an id of its own");
            }
        }
        for column in outputs {
            if column.field.is_empty() || !fields.insert(&column.field) {
                let message = "an output needs a field that no other output sets";
                self.column_error(column, "output_field", message, "name the field the output sets");
            }
        }
    }

    fn column_error(&mut self, column: &Column, code: &'static str, message: &str, mend: &str) {
        self.errors.push(TableError { column: Some(column.id.clone()), ..general(code, message, mend) });
    }

    fn input(&mut self, column: Column) -> Input {
        if column.field.is_empty() {
            return Input { id: column.id, label: column.name, kind: InputKind::Conditions };
        }
        let field = self.compiled(None, &column.id, Expression::compile(&column.field, self.names));
        Input { id: column.id, label: column.field, kind: field.map_or(InputKind::Defect, InputKind::Field) }
    }

    fn rule(&mut self, index: usize, json: &Value, inputs: &[Input], outputs: &[Column], seen: &mut BTreeSet<String>) -> Option<Rule> {
        let Some(object) = json.as_object() else {
            let message = format!("rule {} is no object", index + 1);
            self.errors.push(general("malformed", &message, "write {\"_id\": .., \"<column id>\": \"cell\"}"));
            return None;
        };
        let id = object.get("_id").and_then(Value::as_str).unwrap_or_default();
        if id.is_empty() || !seen.insert(id.to_owned()) {
            let message = format!("rule {} has no `_id`, or one that is used twice", index + 1);
            self.errors.push(general("rule_id", &message, "give every rule an `_id` of its own"));
            return None;
        }
        self.refuse_strangers(id, object, inputs, outputs);
        let cells = inputs.iter().map(|input| self.cell(id, object, input)).collect();
        let results = outputs.iter().map(|output| {
            let source = self.source(id, object, &output.id)?;
            self.compiled(Some(id), &output.id, Expression::compile(&source, self.names))
        });
        let results = results.collect();
        let description = object.get("_description").and_then(Value::as_str).unwrap_or_default();
        Some(Rule { id: id.to_owned(), description: description.to_owned(), cells, results })
    }

    /// A cell under a column that does not exist would silently never be looked at.
    fn refuse_strangers(&mut self, rule: &str, object: &Map<String, Value>, inputs: &[Input], outputs: &[Column]) {
        let known = |key: &str| inputs.iter().any(|input| input.id == key) || outputs.iter().any(|output| output.id == key);
        for key in object.keys().filter(|key| !key.starts_with('_') && !known(key)) {
            self.errors.push(TableError {
                rule: Some(rule.to_owned()),
                column: Some(key.clone()),
                ..general("unknown_column", "there is no such column", "use the id of an input or output")
            });
        }
    }

    fn cell(&mut self, rule: &str, object: &Map<String, Value>, input: &Input) -> Option<Cell> {
        let source = self.source(rule, object, &input.id).filter(|source| source != "-")?;
        let test = match input.kind {
            InputKind::Field(_) | InputKind::Defect => {
                let is_text = self.names.is_text(&input.label);
                CellTest::compile(&source, is_text, self.names).map(CellKind::Field)
            }
            InputKind::Conditions => Expression::compile(&source, self.names).map(CellKind::Whole),
        };
        let test = self.compiled(Some(rule), &input.id, test)?;
        Some(Cell { source, test })
    }

    /// The trimmed text of a cell; `None` when there is none.
    fn source(&mut self, rule: &str, object: &Map<String, Value>, column: &str) -> Option<String> {
        match object.get(column) {
            None | Some(Value::Null) => None,
            Some(Value::String(text)) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
            Some(_) => {
                let error = general("malformed", "a cell is a text", "put the cell in quotes: \"> 3\", \"'p1'\", \"true\"");
                self.errors.push(TableError { rule: Some(rule.to_owned()), column: Some(column.to_owned()), ..error });
                None
            }
        }
    }

    fn compiled<T>(&mut self, rule: Option<&str>, column: &str, result: Result<T, ExpressionError>) -> Option<T> {
        result
            .map_err(|error| {
                self.errors.push(TableError {
                    rule: rule.map(str::to_owned),
                    column: Some(column.to_owned()),
                    code: error.code,
                    message: error.to_string(),
                    mend: error.mend,
                });
            })
            .ok()
    }
}

fn roots(inputs: &[Input], rules: &[Rule]) -> Vec<String> {
    let mut found: BTreeSet<&str> = BTreeSet::new();
    for input in inputs {
        if let InputKind::Field(field) = &input.kind {
            found.extend(field.roots());
        }
    }
    for rule in rules {
        for cell in rule.cells.iter().flatten() {
            match &cell.test {
                CellKind::Field(test) => found.extend(test.roots()),
                CellKind::Whole(condition) => found.extend(condition.roots()),
            }
        }
        found.extend(rule.results.iter().flatten().flat_map(Expression::roots));
    }
    found.into_iter().map(str::to_owned).collect()
}
