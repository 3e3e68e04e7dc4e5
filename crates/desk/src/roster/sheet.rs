//! Reading a table: CSV in UTF-8 or GB18030, or the first sheet of an xlsx file. All bounded.

use std::io::{Cursor, Read};

use calamine::{DataRef, Reader, Xlsx};

use crate::DeskError;

/// Largest file in bytes.
pub const MOST_BYTES: usize = 10 * 1024 * 1024;
/// Most rows beside the header.
pub const MOST_ROWS: usize = 20_000;
const MOST_COLUMNS: usize = 100;
/// Longest cell in characters; what is longer is cut, and fits no field.
const MOST_CHARACTERS: usize = 4_000;
/// What an xlsx file may unpack to.
const MOST_UNPACKED: u64 = 200 * 1024 * 1024;

/// A table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sheet {
    /// Words of the header.
    pub columns: Vec<String>,
    /// Rows that have something, with their line; the header is the first.
    pub rows: Vec<(i64, Vec<String>)>,
}

fn wrong(code: &'static str, message: impl Into<String>) -> DeskError {
    DeskError::field("/file", code, message.into())
}

impl Sheet {
    /// Reads a file by what it is, not by its name.
    pub fn read(content: &[u8]) -> Result<Self, DeskError> {
        if content.len() > MOST_BYTES {
            return Err(DeskError::TooLarge(format!("a file to be imported may have at most {} MiB", MOST_BYTES / 1024 / 1024)));
        }
        let lines = if content.starts_with(b"PK\x03\x04") { xlsx(content)? } else { csv(content)? };
        let mut lines = lines.into_iter().filter(|(_, cells)| cells.iter().any(|cell| !cell.is_empty()));
        let Some((_, columns)) = lines.next() else { return Err(wrong("empty", "the file has no header line")) };
        let rows: Vec<(i64, Vec<String>)> = lines.collect();
        if rows.is_empty() {
            return Err(wrong("empty", "the file has a header and no rows"));
        }
        Ok(Self { columns, rows })
    }
}

fn cell(text: &str) -> String {
    text.trim().chars().filter(|c| *c != '\0').take(MOST_CHARACTERS).collect()
}

fn too_many() -> DeskError {
    wrong("too_many", format!("at most {MOST_ROWS} rows and {MOST_COLUMNS} columns are imported at once: divide the file"))
}

/// The text of a CSV file: spreadsheets write UTF-8 with a mark, programs without, and older Chinese ones GB18030.
fn decode(content: &[u8]) -> Result<String, DeskError> {
    if let Some((encoding, _)) = encoding_rs::Encoding::for_bom(content) {
        return Ok(encoding.decode(content).0.into_owned());
    }
    if let Ok(text) = std::str::from_utf8(content) {
        return Ok(text.to_owned());
    }
    let (text, bad) = encoding_rs::GB18030.decode_without_bom_handling(content);
    if bad {
        return Err(wrong("encoding", "the file is neither UTF-8 nor GB18030 nor xlsx: save it as CSV UTF-8 or as xlsx"));
    }
    Ok(text.into_owned())
}

fn csv(content: &[u8]) -> Result<Vec<(i64, Vec<String>)>, DeskError> {
    let text = decode(content)?.replace("\r\n", "\n").replace('\r', "\n");
    let header = text.lines().next().unwrap_or_default();
    let count = |sign: char| header.matches(sign).count();
    let delimiter = [';', '\t'].into_iter().find(|sign| count(*sign) > count(',')).map_or(b',', |sign| sign as u8);
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(text.as_bytes());
    let (mut lines, mut line, mut seen) = (Vec::new(), 1, 0);
    for record in reader.records() {
        let record = record.map_err(|error| wrong("format", format!("the file cannot be read as CSV: {error}")))?;
        if lines.len() > MOST_ROWS || record.len() > MOST_COLUMNS {
            return Err(too_many());
        }
        // Where the reader stands may be an empty line before the record.
        let at = record.position().and_then(|at| usize::try_from(at.byte()).ok()).unwrap_or(seen);
        let begin = at + text[at..].bytes().take_while(|byte| *byte == b'\n').count();
        line += text[seen..begin].bytes().filter(|byte| *byte == b'\n').count() as i64;
        seen = begin;
        lines.push((line, record.iter().map(cell).collect()));
    }
    Ok(lines)
}

/// Refuses a small file that unpacks to a large one.
fn unpacked(content: &[u8]) -> Result<(), DeskError> {
    let broken = |error: &dyn std::fmt::Display| wrong("format", format!("the file cannot be read as xlsx: {error}"));
    let mut archive = zip::ZipArchive::new(Cursor::new(content)).map_err(|error| broken(&error))?;
    let mut left = MOST_UNPACKED;
    for n in 0..archive.len() {
        let mut part = archive.by_index(n).map_err(|error| broken(&error))?.take(left + 1);
        let read = std::io::copy(&mut part, &mut std::io::sink()).map_err(|error| broken(&error))?;
        left = left.checked_sub(read).ok_or_else(too_many)?;
    }
    Ok(())
}

fn xlsx(content: &[u8]) -> Result<Vec<(i64, Vec<String>)>, DeskError> {
    unpacked(content)?;
    let broken = |error: &dyn std::fmt::Display| wrong("format", format!("the file cannot be read as xlsx: {error}"));
    let mut book: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(content)).map_err(|error: calamine::XlsxError| broken(&error))?;
    let first = book.sheet_names().first().cloned().ok_or_else(|| wrong("empty", "the file has no sheet"))?;
    // Cell by cell: a sheet may claim a million columns of nothing.
    let mut cells = book.worksheet_cells_reader(&first).map_err(|error| broken(&error))?;
    let mut lines: Vec<(i64, Vec<String>)> = Vec::new();
    while let Some(found) = cells.next_cell().map_err(|error| broken(&error))? {
        let (row, column) = found.get_position();
        let text = shown(found.get_value());
        if text.is_empty() {
            continue;
        }
        let (line, column) = (i64::from(row) + 1, column as usize);
        if lines.last().is_none_or(|(last, _)| *last != line) {
            lines.push((line, Vec::new()));
        }
        if lines.len() > MOST_ROWS + 1 || column >= MOST_COLUMNS {
            return Err(too_many());
        }
        if let Some((_, cells)) = lines.last_mut() {
            cells.resize(cells.len().max(column + 1), String::new());
            cells[column] = text;
        }
    }
    Ok(lines)
}

/// A cell as people see it: whole numbers without a point, days as the calendar has them.
fn shown(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) if number.fract() == 0.0 && number.abs() < 1e15 => format!("{number:.0}"),
        DataRef::Float(number) => number.to_string(),
        DataRef::String(text) => cell(text),
        DataRef::SharedString(text) => cell(text),
        DataRef::Bool(value) => value.to_string(),
        DataRef::DateTime(at) => match at.to_ymd_hms_milli() {
            (year, month, day, 0, 0, 0, _) => format!("{year:04}-{month:02}-{day:02}"),
            (year, month, day, hour, minute, ..) => format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}"),
        },
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => cell(text),
        DataRef::Error(_) | DataRef::Empty => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_read_in_each_encoding() {
        let text = "用户名,姓名\r\nzw,张伟\r\n\r\nll,\"李, 雷\"\r\n";
        let wanted = vec![(2, vec!["zw".to_owned(), "张伟".to_owned()]), (4, vec!["ll".to_owned(), "李, 雷".to_owned()])];
        let (gb, _, _) = encoding_rs::GB18030.encode(text);
        let marked = format!("\u{feff}{text}");
        let tabs = text.replace("\"李, 雷\"", "李; 雷").replace(',', "\t").replace("李; 雷", "李, 雷");
        for content in [text.as_bytes(), &gb, marked.as_bytes(), tabs.as_bytes()] {
            let sheet = Sheet::read(content).unwrap();
            assert_eq!(sheet.columns, ["用户名", "姓名"]);
            assert_eq!(sheet.rows, wanted);
        }
    }

    #[test]
    fn what_is_no_table_is_refused() {
        for content in [&b""[..], b"\n\n", b"a,b\n", b"\xff\xfe\xfd\x81", b"PK\x03\x04 and no more"] {
            assert!(Sheet::read(content).is_err(), "{content:?}");
        }
        let long = format!("a\n{}", "x\n".repeat(MOST_ROWS + 1));
        assert!(Sheet::read(long.as_bytes()).is_err());
    }
}
