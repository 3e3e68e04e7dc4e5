//! Reading the file: rows with the same key are one record, in the order of the file.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::map::Map;
use crate::DeskError;

/// Most rows of one file; larger logs are split by date.
const MOST_ROWS: u64 = 5_000_000;

/// A row that was not taken, with its line in the file and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reject {
    /// Line in the file, the header is 1.
    pub line: u64,
    /// Why.
    pub reason: String,
    /// The row as it was.
    pub row: Vec<String>,
}

/// Positions of columns by name.
pub type Columns = Arc<HashMap<String, usize>>;

/// A row.
#[derive(Clone, Debug)]
pub struct Row {
    /// Line in the file.
    pub line: u64,
    /// When it happened, in UTC milliseconds.
    pub at: i64,
    columns: Columns,
    record: csv::StringRecord,
}

impl Row {
    /// The text of a column; unknown ones are `None`.
    pub fn get(&self, map: &Map, column: &str) -> Option<&str> {
        let text = self.record.get(*self.columns.get(column)?)?.trim();
        (!map.nulls.iter().any(|null| null == text)).then_some(text)
    }

    /// The text of a template; `None` when a column in it is unknown, unless `lenient`.
    pub fn fill(&self, map: &Map, template: &str, lenient: bool) -> Option<String> {
        let mut text = String::new();
        let mut rest = template;
        while let Some((before, after)) = rest.split_once('{') {
            let (column, after) = after.split_once('}')?;
            text.push_str(before);
            match self.get(map, column) {
                Some(value) => text.push_str(value),
                None if lenient => text.push('–'),
                None => return None,
            }
            rest = after;
        }
        text.push_str(rest);
        Some(text)
    }

    /// The row as a reject.
    pub fn reject(&self, reason: String) -> Reject {
        Reject { line: self.line, reason, row: self.record.iter().map(str::to_owned).collect() }
    }
}

/// The rows of one record.
#[derive(Clone, Debug)]
pub struct Group {
    /// The record's key in the other system.
    pub key: String,
    /// Its rows.
    pub rows: Vec<Row>,
}

/// What was read of a file.
pub struct Log {
    /// Names of the columns.
    pub header: Vec<String>,
    /// Records with their rows.
    pub groups: Vec<Group>,
    /// Rows that cannot be taken.
    pub rejects: Vec<Reject>,
    /// How many rows there are.
    pub read: u64,
}

/// Reads the file. Rows from `until` on are read but left out.
pub fn read(map: &Map, path: &Path, until: Option<i64>) -> Result<Log, DeskError> {
    let wrong = |why: String| DeskError::Outside { what: "read the file", why: format!("{}: {why}", path.display()) };
    let file = File::open(path).map_err(|error| wrong(error.to_string()))?;
    let input: Box<dyn Read> = if path.extension().is_some_and(|ending| ending == "gz") {
        Box::new(flate2::read::MultiGzDecoder::new(BufReader::new(file)))
    } else {
        Box::new(BufReader::new(file))
    };
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(input);
    let header = reader.headers().map_err(|error| wrong(no_csv(&error)))?.clone();
    let columns: Columns =
        Arc::new(header.iter().enumerate().map(|(n, name)| (name.trim().trim_start_matches('\u{feff}').to_owned(), n)).collect());
    check_columns(map, &columns).map_err(wrong)?;
    let (mut groups, mut rejects, mut read): (Vec<Group>, Vec<Reject>, u64) = (Vec::new(), Vec::new(), 0);
    let mut index: HashMap<String, usize> = HashMap::new();
    for record in reader.records() {
        read += 1;
        if read > MOST_ROWS {
            return Err(wrong(format!("more than {MOST_ROWS} rows: split it by date")));
        }
        let record = match record {
            Ok(record) => record,
            // The file ends before its end: what came so far may be any part of it.
            Err(error) if error.is_io_error() => return Err(wrong(format!("{error}: the file is damaged or was cut off"))),
            Err(error) => {
                let line = error.position().map_or(read + 1, csv::Position::line);
                rejects.push(Reject { line, reason: no_csv(&error), row: Vec::new() });
                continue;
            }
        };
        match row(map, &columns, record, header.len(), read) {
            Ok(None) => {}
            Ok(Some((key, row))) if until.is_none_or(|until| row.at < until) => {
                let at = *index.entry(key.clone()).or_insert_with(|| {
                    groups.push(Group { key, rows: Vec::new() });
                    groups.len() - 1
                });
                groups[at].rows.push(row);
            }
            Ok(Some(_)) => {}
            Err(reject) => rejects.push(reject),
        }
    }
    Ok(Log { header: header.iter().map(str::to_owned).collect(), groups, rejects, read })
}

/// What is wrong with a line that cannot be read.
fn no_csv(error: &csv::Error) -> String {
    match error.kind() {
        csv::ErrorKind::Utf8 { .. } => {
            "it is not UTF-8: save the file as 'CSV UTF-8', or convert it (iconv -f GB18030 -t UTF-8)".to_owned()
        }
        _ => format!("no CSV: {error}"),
    }
}

fn row(map: &Map, columns: &Columns, record: csv::StringRecord, width: usize, read: u64) -> Result<Option<(String, Row)>, Reject> {
    let line = record.position().map_or(read + 1, csv::Position::line);
    let short = record.len() != width;
    let mut row = Row { line, at: 0, columns: Arc::clone(columns), record };
    if short {
        return Err(row.reject(format!("{} columns where the header has {width}", row.record.len())));
    }
    let Some(key) = row.get(map, &map.record).map(str::to_owned) else {
        return Err(row.reject(format!("{} is empty: every row needs the key of its record", map.record)));
    };
    let at =
        row.get(map, &map.at).ok_or_else(|| format!("{} is empty: every row needs its date", map.at)).and_then(|text| map.instant(text));
    row.at = at.map_err(|why| row.reject(format!("{}: {why}", map.at)))?;
    Ok(Some((key, row)))
}

/// Every column that the map names must be in the file.
fn check_columns(map: &Map, columns: &Columns) -> Result<(), String> {
    let mut named: Vec<&str> = vec![&map.record, &map.at, &map.opened, &map.states.column];
    named.extend(map.resolved.iter().chain(&map.closed).map(String::as_str));
    named.extend(map.actor.iter().chain(map.people.values()).map(|person| person.column.as_str()));
    named.extend(map.team.iter().chain(&map.site).map(|place| place.column.as_str()));
    named.extend(map.fields.values().filter_map(|field| field.column.as_deref()));
    let templates = map.fields.values().filter_map(|field| field.template.as_deref()).chain([map.title.as_str(), map.description.as_str()]);
    named.extend(templates.flat_map(|template| template.split('{').skip(1).filter_map(|part| part.split_once('}').map(|(name, _)| name))));
    let missing: Vec<&str> = named.into_iter().filter(|name| !columns.contains_key(*name)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let mut known: Vec<&str> = columns.keys().map(String::as_str).collect();
    known.sort_unstable();
    Err(format!("the map names columns that the file does not have: {}; it has {}", missing.join(", "), known.join(", ")))
}

/// Writes the rejected rows beside the file, or removes the rejects of an earlier run when there are none.
pub fn write_rejects(file: &Path, header: &[String], rejects: &mut [Reject]) -> Result<(), DeskError> {
    let path = rejects_path(file);
    let wrong = |why: String| DeskError::Outside { what: "write the rejects", why: format!("{}: {why}", path.display()) };
    if rejects.is_empty() {
        return match std::fs::remove_file(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(wrong(error.to_string())),
            _ => Ok(()),
        };
    }
    rejects.sort_by_key(|reject| reject.line);
    let mut writer = csv::WriterBuilder::new().flexible(true).from_path(&path).map_err(|error| wrong(error.to_string()))?;
    let named = ["line", "reason"].into_iter().chain(header.iter().map(String::as_str));
    writer.write_record(named).map_err(|error| wrong(error.to_string()))?;
    for reject in rejects.iter() {
        let line = reject.line.to_string();
        let record = [line.as_str(), reject.reason.as_str()].into_iter().chain(reject.row.iter().map(String::as_str));
        writer.write_record(record).map_err(|error| wrong(error.to_string()))?;
    }
    writer.flush().map_err(|error| wrong(error.to_string()))
}

/// Where rejected rows go.
pub fn rejects_path(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".rejects.csv");
    PathBuf::from(name)
}
