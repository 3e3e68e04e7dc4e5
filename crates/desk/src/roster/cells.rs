//! From the cells of a row to the values of a person or an entry. An empty cell leaves what is there.

use chrono::{NaiveDate, NaiveDateTime, TimeZone};
use chrono_tz::Tz;
use serde_json::{Map, Value, json};
use store::Sql;

use super::{About, Line, Params, fields};
use crate::directory::{Directory, EntryKind, Item};
use crate::record::references;
use crate::{DeskError, Env, FieldError};

/// Where days in files begin and end.
const ZONE: Tz = Tz::Asia__Shanghai;

/// The values of a row, the key apart.
pub struct Row {
    /// What tells it apart.
    pub key: String,
    /// Its values as commands take them.
    pub values: Map<String, Value>,
}

/// Reads a row; every cell that does not fit is named.
pub fn read(env: &Env, sql: &mut dyn Sql, params: &Params, line: &Line) -> Result<Row, DeskError> {
    let cell =
        |field: &str| params.map.get(field).and_then(|at| line.cells.get(*at)).map(|text| text.trim()).filter(|text| !text.is_empty());
    let key = fields(params.about)[0].key;
    let mut row = Row { key: cell(key).unwrap_or_default().to_owned(), values: Map::new() };
    let mut errors = Vec::new();
    if row.key.is_empty() {
        errors.push(FieldError::new(format!("/{key}"), "required", "the row has no key"));
    }
    for field in fields(params.about).iter().skip(1) {
        let Some(text) = cell(field.key) else { continue };
        match value(env, sql, params.about, field.key, text)? {
            Ok(value) => {
                row.values.insert(field.key.to_owned(), value);
            }
            Err((code, message)) => errors.push(FieldError::new(format!("/{}", field.key), code, message)),
        }
    }
    names(&mut row.values);
    if errors.is_empty() { Ok(row) } else { Err(DeskError::Invalid(errors)) }
}

/// Names in two languages are one value.
fn names(values: &mut Map<String, Value>) {
    let mut label = Map::new();
    for (field, lang) in [("label_zh", "zh"), ("label_en", "en")] {
        if let Some(name) = values.remove(field) {
            label.insert(lang.to_owned(), name);
        }
    }
    if !label.is_empty() {
        values.insert("label".to_owned(), Value::Object(label));
    }
}

type Read = Result<Value, (&'static str, String)>;

fn value(env: &Env, sql: &mut dyn Sql, about: About, field: &str, text: &str) -> Result<Read, DeskError> {
    let directory = &env.directory;
    let named = |kind: EntryKind| match entry(directory, kind, text) {
        Some(item) => Ok(json!(item.key)),
        None => Err(("unknown_reference", text.to_owned())),
    };
    Ok(match field {
        "active" => yes(text),
        "department" => named(EntryKind::Department),
        "site" => named(EntryKind::Site),
        "team" => named(EntryKind::Team),
        "parent" => match about.entry() {
            Some(kind) => named(kind),
            None => Ok(json!(text)),
        },
        "roles" => list(text, |one| entry(directory, EntryKind::Role, one).map(|item| json!(item.key))),
        "owner" | "duty" => person(sql, text)?.map_or_else(|| Err(("unknown_reference", text.to_owned())), Ok),
        "members" | "holders" | "backup" => people(sql, text)?,
        "categories" => list(text, |one| entry(directory, EntryKind::Category, one).map(|item| json!(item.key))),
        "services" => list(text, |one| entry(directory, EntryKind::Service, one).map(|item| json!(item.key))),
        "types" => Ok(parts(text).map(|one| json!(one)).collect()),
        "tier" | "position" | "capacity" => text.parse::<i64>().map(|number| json!(number)).map_err(|_| ("unreadable", text.to_owned())),
        "expires_at" => instant(text).map(|at| json!(at)).ok_or_else(|| ("unreadable", text.to_owned())),
        "locale" => one_of(text, &[("zh", &["中文", "简体中文", "chinese"]), ("en", &["英文", "英语", "english"])]),
        "kind" => one_of(text, &[("person", &["人员", "个人"]), ("service", &["服务账号", "程序"])]),
        "dispatch" => one_of(text, &[("queue", &["排队", "值班", "队列"]), ("load", &["按负荷", "负荷"])]),
        "criticality" => one_of(text, &[("critical", &["关键", "核心"]), ("important", &["重要"]), ("normal", &["一般", "普通"])]),
        _ => Ok(json!(text)),
    })
}

/// The entry that a file means: by key, else by a name that only one has.
fn entry<'a>(directory: &'a Directory, kind: EntryKind, text: &str) -> Option<&'a Item> {
    directory.resolve(kind, text).or_else(|| {
        let called = |item: &&Item| ["zh", "en"].iter().any(|lang| item.label(lang) == text);
        let mut found = directory.of_kind(kind).into_iter().filter(called);
        found.next().filter(|_| found.next().is_none())
    })
}

fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split([';', ',', '，', '；', '、', '|', '\n']).map(str::trim).filter(|part| !part.is_empty())
}

fn list(text: &str, of: impl Fn(&str) -> Option<Value>) -> Read {
    let found: Result<Vec<Value>, _> = parts(text).map(|one| of(one).ok_or_else(|| ("unknown_reference", one.to_owned()))).collect();
    found.map(Value::Array)
}

fn person(sql: &mut dyn Sql, text: &str) -> Result<Option<Value>, DeskError> {
    Ok(references::user(sql, text)?.map(|id| json!(id)))
}

fn people(sql: &mut dyn Sql, text: &str) -> Result<Read, DeskError> {
    let mut found = Vec::new();
    for one in parts(text) {
        match person(sql, one)? {
            Some(id) => found.push(id),
            None => return Ok(Err(("unknown_reference", one.to_owned()))),
        }
    }
    Ok(Ok(Value::Array(found)))
}

fn yes(text: &str) -> Read {
    match text.to_lowercase().as_str() {
        "是" | "启用" | "在职" | "有效" | "正常" | "yes" | "y" | "true" | "1" | "active" | "enabled" => Ok(json!(true)),
        "否" | "停用" | "离职" | "无效" | "禁用" | "no" | "n" | "false" | "0" | "inactive" | "disabled" => Ok(json!(false)),
        _ => Err(("unreadable", text.to_owned())),
    }
}

fn one_of(text: &str, choices: &[(&'static str, &[&str])]) -> Read {
    let low = text.to_lowercase();
    let found = choices.iter().find(|(value, words)| *value == low || words.contains(&low.as_str()));
    found.map(|(value, _)| json!(value)).ok_or_else(|| ("unreadable", text.to_owned()))
}

/// An instant: RFC 3339, a local time, or a day, which then belongs to it until its end.
fn instant(text: &str) -> Option<i64> {
    if let Ok(at) = chrono::DateTime::parse_from_rfc3339(text) {
        return Some(at.timestamp_millis());
    }
    let plain = text.replace(['/', '.', '年', '月'], "-").replace('日', "");
    let local = |at: NaiveDateTime| ZONE.from_local_datetime(&at).earliest().map(|at| at.timestamp_millis());
    let times = ["%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M"];
    if let Some(at) = times.iter().find_map(|format| NaiveDateTime::parse_from_str(&plain, format).ok()) {
        return local(at);
    }
    let day = NaiveDate::parse_from_str(plain.trim(), "%Y-%m-%d").ok()?.succ_opt()?;
    local(day.and_hms_opt(0, 0, 0)?)
}
