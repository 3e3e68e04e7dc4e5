//! Lists as files: which columns there are, what a row says in them as people read it, and the two formats.

use std::collections::HashMap;

use chrono_tz::Tz;
use rust_xlsxwriter::{Format, Workbook, XlsxError};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use store::Sql;
use store::record_list::ListedRecord;
use uuid::Uuid;

use super::{filter, names};
use crate::env::Pinned;
use crate::{Actor, DeskError, Env};

/// Most characters that a cell of a spreadsheet holds.
const CELL: usize = 32_767;

/// Columns of every type with their names (zh, en); those that the pack names are named by it.
pub const COLUMNS: &[(&str, &str, &str)] = &[
    ("number", "编号", "Number"),
    ("title", "标题", "Title"),
    ("state", "状态", "State"),
    ("phase", "阶段", "Phase"),
    ("priority", "优先级", "Priority"),
    ("impact", "影响程度", "Impact"),
    ("urgency", "紧急程度", "Urgency"),
    ("category", "分类", "Category"),
    ("customer", "客户", "Customer"),
    ("requester", "申报人", "Requester"),
    ("reporter", "登记人", "Reporter"),
    ("channel", "来源", "Channel"),
    ("team", "支持组", "Team"),
    ("assignee", "处理人", "Assignee"),
    ("service", "服务", "Service"),
    ("site", "办公区域", "Site"),
    ("opened_at", "报告时间", "Opened"),
    ("responded_at", "响应时间", "Responded"),
    ("resolved_at", "解决时间", "Resolved"),
    ("closed_at", "关闭时间", "Closed"),
    ("updated_at", "更新时间", "Updated"),
    ("reassign_count", "转派次数", "Reassigned"),
    ("reopen_count", "重开次数", "Reopened"),
];

/// The columns of a file when none are named.
pub const USUAL: [&str; 10] = ["number", "title", "state", "priority", "category", "service", "requester", "team", "assignee", "opened_at"];

/// What stands in a cell.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Cell {
    /// An instant in UTC milliseconds.
    At {
        /// Milliseconds.
        at: i64,
    },
    /// A number.
    Number(f64),
    /// Words.
    Text(String),
    /// Nothing.
    Empty,
}

/// The kinds of files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Values separated with commas, UTF-8.
    Csv,
    /// A workbook.
    Xlsx,
}

impl Kind {
    /// The ending of its name.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
        }
    }

    /// Its media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }
}

/// Refuses columns that there are not, or that somebody may not know of.
pub fn check_columns(pinned: &Pinned, actor: &Actor, columns: &[String]) -> Result<(), DeskError> {
    let own = filter::own_fields(pinned, actor);
    for (n, column) in columns.iter().enumerate() {
        let known = COLUMNS.iter().any(|(name, ..)| name == column);
        if !known && !own.contains(&column.strip_prefix(store::record_list::OWN).unwrap_or_default()) {
            let standard: Vec<&str> = COLUMNS.iter().map(|(name, ..)| *name).collect();
            let own: Vec<String> = own.iter().map(|name| format!("{}{name}", store::record_list::OWN)).collect();
            let message = format!("there is no such column; there are {}, {}", standard.join(", "), own.join(", "));
            return Err(DeskError::field(format!("/columns/{n}"), "enum", message));
        }
    }
    Ok(())
}

/// The own fields among columns.
pub fn own_of(columns: &[String]) -> Vec<String> {
    columns.iter().filter_map(|column| column.strip_prefix(store::record_list::OWN)).map(str::to_owned).collect()
}

/// The name of a column.
pub fn heading(pinned: &Pinned, lang: &str, column: &str) -> String {
    let name = column.strip_prefix(store::record_list::OWN).unwrap_or(column);
    match (pinned.pack.text(lang, &format!("field.{name}")), COLUMNS.iter().find(|(known, ..)| *known == column)) {
        (Some(text), _) => text.to_owned(),
        (None, Some((_, zh, en))) => if lang == "en" { *en } else { *zh }.to_owned(),
        (None, None) => names::field(&pinned.pack, lang, name),
    }
}

/// The rows of a page of a list, cell by cell, with all names read in one query.
pub fn rows(
    env: &Env,
    sql: &mut dyn Sql,
    pinned: &Pinned,
    lang: &str,
    columns: &[String],
    page: &super::list::Page,
) -> Result<Vec<Vec<Cell>>, DeskError> {
    let mut ids: Vec<Uuid> = page.items.iter().flat_map(|row| [Some(row.requester), Some(row.reporter), row.assignee]).flatten().collect();
    ids.sort_unstable();
    ids.dedup();
    let mut people = HashMap::new();
    for part in ids.chunks(1000) {
        people.extend(store::user::labels(sql, part)?.into_iter().map(|label| (label.id, label.name)));
    }
    let none = Map::new();
    let reader = Reader { env, pinned, lang, people };
    let all = page.items.iter().enumerate().map(|(n, row)| {
        let own = page.own.get(n).unwrap_or(&none);
        columns.iter().map(|column| reader.cell(row, own, column)).collect()
    });
    Ok(all.collect())
}

struct Reader<'a> {
    env: &'a Env,
    pinned: &'a Pinned,
    lang: &'a str,
    people: HashMap<Uuid, String>,
}

impl Reader<'_> {
    fn cell(&self, row: &ListedRecord, own: &Map<String, Value>, column: &str) -> Cell {
        if let Some(name) = column.strip_prefix(store::record_list::OWN) {
            return self.own(name, own.get(name).unwrap_or(&Value::Null));
        }
        let text = |text: &str| if text.is_empty() { Cell::Empty } else { Cell::Text(text.to_owned()) };
        let at = |at: Option<i64>| at.map_or(Cell::Empty, |at| Cell::At { at });
        let entry =
            |id: Option<Uuid>| id.and_then(|id| self.env.directory.get(id)).map_or(Cell::Empty, |item| text(&item.label(self.lang)));
        let person = |id: Option<Uuid>| id.and_then(|id| self.people.get(&id)).map_or(Cell::Empty, |name| text(name));
        let coded = |value: Option<&str>| value.map_or(Cell::Empty, |value| text(&self.named(column, &Value::from(value))));
        match column {
            "number" => text(&row.number),
            "title" => text(&row.title),
            "state" => coded(Some(&row.state)),
            "phase" => text(&row.phase),
            "priority" => coded(row.priority.as_deref()),
            "impact" => coded(row.impact.as_deref()),
            "urgency" => coded(row.urgency.as_deref()),
            "category" => coded(row.category.as_deref()),
            "channel" => coded(Some(&row.channel)),
            "customer" => entry(Some(row.customer)),
            "team" => entry(row.team),
            "service" => entry(row.service),
            "site" => entry(row.site),
            "requester" => person(Some(row.requester)),
            "reporter" => person(Some(row.reporter)),
            "assignee" => person(row.assignee),
            "opened_at" => at(Some(row.opened_at)),
            "responded_at" => at(row.responded_at),
            "resolved_at" => at(row.resolved_at),
            "closed_at" => at(row.closed_at),
            "updated_at" => at(Some(row.updated_at)),
            "reassign_count" => Cell::Number(row.reassign_count as f64),
            "reopen_count" => Cell::Number(row.reopen_count as f64),
            _ => Cell::Empty,
        }
    }

    fn named(&self, field: &str, value: &Value) -> String {
        let person = |id: Uuid| self.people.get(&id).cloned().unwrap_or_default();
        names::value(self.env, &self.pinned.pack, self.lang, field, value, person)
    }

    fn own(&self, name: &str, value: &Value) -> Cell {
        let instant = self.pinned.indexed.iter().any(|(field, column)| field == name && *column == "instant");
        match value {
            Value::Null => Cell::Empty,
            Value::Number(number) if instant => number.as_i64().map_or(Cell::Empty, |at| Cell::At { at }),
            Value::Number(number) => number.as_f64().map_or(Cell::Empty, Cell::Number),
            other => Cell::Text(self.named(name, other)),
        }
    }
}

fn local(at: i64, zone: Tz) -> String {
    let at = chrono::DateTime::from_timestamp_millis(at).map(|at| at.with_timezone(&zone));
    at.map_or_else(String::new, |at| at.format("%Y-%m-%d %H:%M:%S").to_string())
}

/// Rows as CSV. A text that a spreadsheet would take for a formula gets an apostrophe before it.
pub fn csv(rows: &[Vec<Cell>], zone: Tz) -> Result<Vec<u8>, DeskError> {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).flexible(true).from_writer(Vec::new());
    let failed = |error: csv::Error| DeskError::outside("write a file", error);
    for row in rows {
        let cells = row.iter().map(|cell| match cell {
            Cell::Text(text) if text.starts_with(['=', '+', '-', '@', '\t', '\r']) => format!("'{text}"),
            Cell::Text(text) => text.clone(),
            Cell::Number(number) => number.to_string(),
            Cell::At { at } => local(*at, zone),
            Cell::Empty => String::new(),
        });
        writer.write_record(cells).map_err(failed)?;
    }
    writer.into_inner().map_err(|error| DeskError::outside("write a file", error.error()))
}

/// A workbook that is written row by row and keeps none of them in memory.
pub struct Sheet {
    book: Workbook,
    row: u32,
    zone: Tz,
    date: Format,
}

impl Sheet {
    /// An empty one with these headings.
    pub fn new(headings: &[String], zone: Tz) -> Result<Self, DeskError> {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet_with_constant_memory().map_err(failed)?;
        let bold = Format::new().set_bold();
        for (n, text) in headings.iter().enumerate() {
            sheet.write_string_with_format(0, column(n), text, &bold).map_err(failed)?;
        }
        Ok(Self { book, row: 1, zone, date: Format::new().set_num_format("yyyy-mm-dd hh:mm:ss") })
    }

    /// Adds rows.
    pub fn add(&mut self, rows: &[Vec<Cell>]) -> Result<(), DeskError> {
        let sheet = self.book.worksheet_from_index(0).map_err(failed)?;
        for row in rows {
            for (n, cell) in row.iter().enumerate() {
                let done = match cell {
                    // A text is only a text, whatever it begins with.
                    Cell::Text(text) => sheet.write_string(self.row, column(n), text.chars().take(CELL).collect::<String>()),
                    Cell::Number(number) => sheet.write_number(self.row, column(n), *number),
                    Cell::At { at } => sheet.write_number_with_format(self.row, column(n), serial(*at, self.zone), &self.date),
                    Cell::Empty => continue,
                };
                done.map_err(failed)?;
            }
            self.row += 1;
        }
        Ok(())
    }

    /// The file.
    pub fn finish(mut self) -> Result<Vec<u8>, DeskError> {
        self.book.save_to_buffer().map_err(failed)
    }
}

fn column(n: usize) -> u16 {
    u16::try_from(n).unwrap_or(u16::MAX)
}

fn failed(error: XlsxError) -> DeskError {
    DeskError::outside("write a workbook", error)
}

/// An instant as spreadsheets count it: days of local time since the end of 1899.
fn serial(at: i64, zone: Tz) -> f64 {
    use chrono::Offset;
    let offset =
        chrono::DateTime::from_timestamp_millis(at).map_or(0, |utc| i64::from(utc.with_timezone(&zone).offset().fix().local_minus_utc()));
    (at + offset * 1000) as f64 / 86_400_000.0 + 25_569.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_spreadsheet_would_run_is_text() {
        let row = ["=1+1", "+1", "-1", "@x", "plain", "a,\"b"].map(|text| Cell::Text(text.to_owned())).to_vec();
        let text = String::from_utf8(csv(&[row], Tz::UTC).unwrap()).unwrap();
        assert_eq!(text, "'=1+1,'+1,'-1,'@x,plain,\"a,\"\"b\"\r\n");
    }

    #[test]
    fn instants_are_told_in_the_zone_of_their_reader() {
        assert_eq!(local(0, Tz::Asia__Shanghai), "1970-01-01 08:00:00");
        assert!((serial(0, Tz::Asia__Shanghai) - (25_569.0 + 8.0 / 24.0)).abs() < 1e-9);
    }

    #[test]
    fn a_cell_comes_back_as_it_was_kept() {
        let cells = vec![Cell::At { at: 7 }, Cell::Number(1.5), Cell::Text("x".to_owned()), Cell::Empty];
        let text = serde_json::to_string(&cells).unwrap();
        assert_eq!(serde_json::from_str::<Vec<Cell>>(&text).unwrap(), cells);
    }
}
