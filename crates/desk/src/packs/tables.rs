//! Decision tables of published packs, changed row by row: what comes of it is a new version of the pack, proved like any other.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};
use store::pack_version::PackVersionRow;
use store::{Sql, WriteSet};

use super::Files;
use crate::directory::EntryKind;
use crate::journal::Cause;
use crate::{Actor, DeskError, Env, FieldError, Pinned, dispatch};

/// Longest text of a cell or a description, in characters.
const LONGEST_CELL: usize = 2_000;
/// The output that names a team: whoever it names must be there.
const TEAM: &str = "team";

/// A table as it is written.
pub struct Written {
    /// Its key: the name of its file.
    pub key: String,
    /// Its content, of a JDM file the table in it.
    pub table: Map<String, Value>,
}

/// Rows for a table, in place of those that it has.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    /// Key of the pack.
    pub pack: String,
    /// Key of the table.
    pub table: String,
    /// Each with `_id`, `_description` and a text for each column by its id.
    pub rules: Vec<Value>,
    /// Names of cases of the pack that may turn out otherwise from now on: they are left out.
    pub accept: Vec<String>,
}

/// The newest version of a pack as it was published.
pub fn newest(sql: &mut dyn Sql, key: &str) -> Result<PackVersionRow, DeskError> {
    let found = store::pack_version::newest(sql)?.into_iter().find(|row| row.key == key);
    found.ok_or_else(|| DeskError::NotFound(format!("record type '{key}'")))
}

/// The tables of a version, by key.
pub fn written(row: &PackVersionRow) -> Result<Vec<Written>, DeskError> {
    let files = files(row)?;
    let tables = files.iter().filter_map(|(path, text)| Some((path.strip_prefix("decisions/")?.strip_suffix(".json")?, text)));
    let read = tables.map(|(key, text)| {
        let mut value: Value = serde_json::from_slice(text).map_err(|error| damaged(row, error))?;
        let table = content(&mut value).cloned().ok_or_else(|| damaged(row, format!("decisions/{key}.json holds no table")))?;
        Ok(Written { key: key.to_owned(), table })
    });
    read.collect()
}

fn files(row: &PackVersionRow) -> Result<Files, DeskError> {
    let texts: BTreeMap<String, String> = serde_json::from_str(&row.files).map_err(|error| damaged(row, error))?;
    Ok(texts.into_iter().map(|(path, text)| (path, text.into_bytes())).collect())
}

fn damaged(row: &PackVersionRow, why: impl std::fmt::Display) -> DeskError {
    DeskError::Pack { key: format!("{} {}", row.key, row.version), why: why.to_string() }
}

/// The table of a file: the whole of it, or the one that a JDM file holds.
fn content(value: &mut Value) -> Option<&mut Map<String, Value>> {
    if value.get("nodes").is_none() {
        return value.as_object_mut();
    }
    let nodes = value.get_mut("nodes")?.as_array_mut()?;
    let table = nodes.iter_mut().find(|node| node.get("type").and_then(Value::as_str) == Some("decisionTableNode"))?;
    table.get_mut("content")?.as_object_mut()
}

/// Prepares publishing the version that a draft makes of the newest one, if that is the one which its author has seen. Refused with
/// the place of what is wrong: `/rules/3/column`, or `/accept/name` for a case that turns out otherwise and that nobody spoke of.
pub fn change(env: &Env, sql: &mut dyn Sql, cause: &Cause, draft: &Draft, seen: i64) -> Result<(WriteSet, PackVersionRow), DeskError> {
    let row = newest(sql, &draft.pack)?;
    if row.version != seen {
        return Err(DeskError::Stale { version: row.version, meanwhile: Vec::new() });
    }
    let files = files_of(env, &row, draft)?;
    super::publish(env, sql, cause, &files, row.origin)
}

/// The files of that version: with the rows of the draft, a higher number, and without the cases that its author knows to turn out
/// otherwise.
fn files_of(env: &Env, row: &PackVersionRow, draft: &Draft) -> Result<Files, DeskError> {
    let mut files = with_rules(env, row, draft)?;
    let pack = pack::Pack::load(&files).map_err(DeskError::Defective)?;
    let accepted: BTreeSet<&str> = draft.accept.iter().map(String::as_str).collect();
    let failed: Vec<pack::CaseResult> = pack::run_cases(&pack).into_iter().filter(|result| !result.passed()).collect();
    let surprises: Vec<FieldError> = failed.iter().filter(|it| !accepted.contains(it.name.as_str())).map(surprise).collect();
    if !surprises.is_empty() {
        return Err(DeskError::Invalid(surprises));
    }
    if !failed.is_empty() {
        let reason = format!("{} was changed in version {}", draft.table, row.version + 1);
        leave_out(&mut files, &pack, &failed, &reason)?;
        super::load(&row.key, &files)?;
    }
    Ok(files)
}

/// The files with the rows of the draft and the next version.
fn with_rules(env: &Env, row: &PackVersionRow, draft: &Draft) -> Result<Files, DeskError> {
    let mut files = files(row)?;
    let path = format!("decisions/{}.json", draft.table);
    let missing = || DeskError::NotFound(format!("decision table '{}'", draft.table));
    let mut value: Value = serde_json::from_slice(files.get(&path).ok_or_else(missing)?).map_err(|error| damaged(row, error))?;
    let table = content(&mut value).ok_or_else(|| damaged(row, format!("{path} holds no table")))?;
    table.insert("rules".to_owned(), Value::from(draft.rules.clone()));
    check(env, &draft.pack, &Value::Object(table.clone()), &draft.rules)?;
    let text = serde_json::to_string_pretty(&value).map_err(|error| DeskError::outside("write a table", error))?;
    files.insert(path, text.into_bytes());
    let manifest = files.get("pack.yaml").map(|bytes| String::from_utf8_lossy(bytes).into_owned()).unwrap_or_default();
    let version = u32::try_from(row.version + 1).map_err(|error| DeskError::outside("raise a version", error))?;
    let manifest = pack::edit::with_version(&manifest, version)
        .ok_or_else(|| DeskError::NotAvailable("pack.yaml has no line 'version: N' of its own: publish the pack as a whole".to_owned()))?;
    files.insert("pack.yaml".to_owned(), manifest.into_bytes());
    Ok(files)
}

/// Everything that is wrong with the rows, each at its place.
fn check(env: &Env, pack: &str, table: &Value, rules: &[Value]) -> Result<decide::Table, DeskError> {
    let mut errors = Vec::new();
    for (index, rule) in rules.iter().enumerate() {
        for (column, cell) in rule.as_object().into_iter().flatten() {
            if cell.as_str().is_some_and(|text| text.chars().count() > LONGEST_CELL) {
                let message = format!("write at most {LONGEST_CELL} characters");
                errors.push(FieldError::new(format!("/rules/{index}/{column}"), "max_length", message));
            }
        }
    }
    let pinned = env.packs.newest(pack)?;
    let parsed = match pinned.pack.try_table(table) {
        Ok(parsed) if errors.is_empty() => parsed,
        Ok(_) => return Err(DeskError::Invalid(errors)),
        Err(found) => {
            errors.extend(found.iter().map(|error| at(error, rules)));
            return Err(DeskError::Invalid(errors));
        }
    };
    for team in parsed.constants(TEAM) {
        let there = env.directory.by_key(EntryKind::Team, &team).is_some_and(|item| item.active);
        if !there {
            errors.extend(naming(table, rules, &team));
        }
    }
    if errors.is_empty() { Ok(parsed) } else { Err(DeskError::Invalid(errors)) }
}

/// Where a fault of a table stands in the request.
fn at(error: &decide::TableError, rules: &[Value]) -> FieldError {
    let id = |rule: &Value| rule.get("_id").and_then(Value::as_str).map(str::to_owned);
    let place = error.rule.as_ref().and_then(|wanted| rules.iter().position(|rule| id(rule).as_ref() == Some(wanted)));
    let mut pointer = "/rules".to_owned();
    for part in place.map(|index| index.to_string()).into_iter().chain(error.column.clone()) {
        pointer.push('/');
        pointer.push_str(&part);
    }
    FieldError::new(pointer, error.code, format!("{}: {}", error.message, error.mend))
}

/// The cells that give a team which is not there; the whole where none gives it by itself.
fn naming(table: &Value, rules: &[Value], team: &str) -> Vec<FieldError> {
    let outputs = table.get("outputs").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let columns = outputs.iter().filter(|output| output.get("field").and_then(Value::as_str) == Some(TEAM));
    let columns: Vec<&str> = columns.filter_map(|output| output.get("id")).filter_map(Value::as_str).collect();
    let says = |rule: &Value, column: &str| {
        rule.get(column).and_then(Value::as_str).is_some_and(|cell| cell.trim().trim_matches(['\'', '"']) == team)
    };
    let mut found = Vec::new();
    for (index, rule) in rules.iter().enumerate() {
        let here = columns.iter().filter(|column| says(rule, column));
        found.extend(here.map(|column| format!("/rules/{index}/{column}")));
    }
    if found.is_empty() {
        found.push("/rules".to_owned());
    }
    let message = format!("there is no team '{team}'");
    found.into_iter().map(|pointer| FieldError::new(pointer, "unknown_reference", message.clone())).collect()
}

/// A case that turns out otherwise, as an error at its name.
fn surprise(result: &pack::CaseResult) -> FieldError {
    let name = result.name.replace('~', "~0").replace('/', "~1");
    let why = result.failures.first().map_or("", |failure| failure.message.as_str());
    FieldError::new(format!("/accept/{name}"), "case_failed", format!("the case '{}' turns out otherwise: {why}", result.name))
}

/// Leaves cases out of their files. From the last line to the first, so that no line moves before its turn.
fn leave_out(files: &mut Files, pack: &pack::Pack, failed: &[pack::CaseResult], reason: &str) -> Result<(), DeskError> {
    let names: BTreeSet<(&str, &str)> = failed.iter().map(|it| (it.file.as_str(), it.name.as_str())).collect();
    let mut cases: Vec<&pack::Case> = pack.cases().iter().filter(|it| names.contains(&(it.file.as_str(), it.name.as_str()))).collect();
    cases.sort_by_key(|case| std::cmp::Reverse(case.line));
    for case in cases {
        let text = files.get(&case.file).map(|bytes| String::from_utf8_lossy(bytes).into_owned()).unwrap_or_default();
        let fixed = case.line.and_then(|line| pack::edit::with_skip(&text, line, reason)).ok_or_else(|| {
            let why = format!("{} is not written line by line: leave out the case '{}' in the pack itself", case.file, case.name);
            DeskError::NotAvailable(why)
        })?;
        files.insert(case.file.clone(), fixed.into_bytes());
    }
    Ok(())
}

/// What a table says of a record.
#[derive(Clone, Debug, PartialEq)]
pub struct Said {
    /// Ids of the rows that hit.
    pub rows: Vec<String>,
    /// What comes out, by field; none where no row hits.
    pub output: Option<Map<String, Value>>,
}

/// A record of which the draft says something else.
pub struct Differing {
    /// The record.
    pub number: String,
    /// Its title.
    pub title: String,
    /// What the table says now.
    pub before: Said,
    /// What the draft says.
    pub after: Said,
}

/// What a draft would say of past records.
#[derive(Default)]
pub struct Rehearsal {
    /// How many records were looked at: the newest that the caller may see from inside.
    pub looked_at: usize,
    /// Those of which it says something else.
    pub differing: Vec<Differing>,
}

/// Tries a draft on the newest records of its type, by their values of now. Nothing is written.
pub fn rehearse(env: &Env, sql: &mut dyn Sql, actor: &Actor, draft: &Draft) -> Result<Rehearsal, DeskError> {
    let row = newest(sql, &draft.pack)?;
    let mut table = written(&row)?
        .into_iter()
        .find(|it| it.key == draft.table)
        .ok_or_else(|| DeskError::NotFound(format!("decision table '{}'", draft.table)))?;
    table.table.insert("rules".to_owned(), Value::from(draft.rules.clone()));
    let proposed = check(env, &draft.pack, &json!(table.table), &draft.rules)?;
    let pinned = env.packs.newest(&draft.pack)?;
    let present = pinned.pack.table(&draft.table).ok_or_else(|| DeskError::NotFound(format!("decision table '{}'", draft.table)))?;
    let wanted = dispatch::Wanted { type_key: draft.pack.clone(), ..dispatch::Wanted::default() };
    let (records, _) = dispatch::rows(env, sql, actor, pinned, &wanted)?;
    let mut rehearsal = Rehearsal { looked_at: records.len(), differing: Vec::new() };
    for record in records {
        let process = crate::record::fold::to_process(&env.directory, &record)?;
        let values = dispatch::read_by_tables(env, pinned, &process);
        let (before, after) = (said(present, &values), said(&proposed, &values));
        if before.output != after.output {
            rehearsal.differing.push(Differing { number: record.number, title: record.title, before, after });
        }
    }
    Ok(rehearsal)
}

fn said(table: &decide::Table, values: &Map<String, Value>) -> Said {
    let decided = table.evaluate(values);
    Said { rows: decided.hits, output: decided.output }
}

/// Names of columns in a language: of a field as the pack calls it, else as the author wrote it.
pub fn label(pinned: &Pinned, lang: &str, column: &Value) -> String {
    let text = |key: &str| column.get(key).and_then(Value::as_str).unwrap_or_default();
    let named = pinned.pack.text(lang, &format!("field.{}", text("field"))).map(str::to_owned);
    named.unwrap_or_else(|| text("name").to_owned())
}
