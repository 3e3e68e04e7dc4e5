//! The backup's format: JSON Lines, packed with gzip.
//!
//! The first line is the [`Header`], the last one the [`End`] with counts and the SHA-256 of all bytes before it. Between
//! them an object tells what comes ([`Note`]) and an array is a row: the table's name and its values, in the order of the
//! columns told before. A whole number, a text and null stand for themselves; bytes are `{"b": base64}` and binary
//! floating-point numbers `{"r": shortest decimal}`, so that every value comes back bit by bit. A file is a note of its
//! digest and size, followed by its content in chunks.
//!
//! Whoever changes what older programs would read wrongly raises [`FORMAT`].

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use store::Value;

use super::wrap::Wrapped;

/// The newest format, which is also the one that is written.
pub const FORMAT: u32 = 1;
/// Bytes of a file in one chunk.
pub const CHUNK: usize = 48 * 1024;
/// Longest line that is read.
pub const LONGEST_LINE: usize = 64 * 1024 * 1024;

/// The first line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// Version of the format.
    pub format: u32,
    /// Schema version of the rows.
    pub schema: i64,
    /// Version of the program that wrote it.
    pub program: String,
    /// When, in UTC milliseconds.
    pub made_at: i64,
    /// `sqlite` or `postgres`; only for information.
    pub database: String,
    /// Whether the content of files is inside.
    pub files: bool,
    /// Which key the chains and secrets were made with.
    pub key_id: String,
    /// That key, when a passphrase was given.
    pub key: Option<Wrapped>,
}

/// The last line.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct End {
    /// Lines before this one.
    pub lines: u64,
    /// Rows by table.
    pub rows: BTreeMap<String, u64>,
    /// Files with their content.
    pub files: u64,
    /// Files whose content was gone or damaged when the backup was made.
    pub missing: u64,
    /// SHA-256 of all bytes before this line, hex.
    pub sha256: String,
}

impl End {
    /// All rows.
    pub fn all_rows(&self) -> u64 {
        self.rows.values().sum()
    }
}

/// A line that is no row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Note {
    /// The first line.
    YuhengBackup(Header),
    /// The columns of a table, before its first row.
    Table {
        /// Name.
        name: String,
        /// Columns.
        columns: Vec<String>,
    },
    /// A file; its content follows.
    File {
        /// SHA-256 of the content, hex.
        sha256: String,
        /// Bytes.
        size: u64,
    },
    /// A piece of a file's content, base64.
    Chunk(String),
    /// SHA-256 of a file whose content was gone or damaged.
    Missing(String),
    /// The last line.
    End(End),
}

/// A row as a line, without the line's end.
pub fn encode(table: &str, values: &[Value], into: &mut Vec<u8>) -> Result<(), serde_json::Error> {
    into.push(b'[');
    serde_json::to_writer(&mut *into, table)?;
    for value in values {
        into.push(b',');
        match value {
            Value::Null => into.extend_from_slice(b"null"),
            Value::Int(v) => into.extend_from_slice(v.to_string().as_bytes()),
            Value::Real(v) => into.extend_from_slice(format!("{{\"r\":\"{v:?}\"}}").as_bytes()),
            Value::Text(v) => serde_json::to_writer(&mut *into, v)?,
            Value::Blob(v) => {
                into.extend_from_slice(b"{\"b\":\"");
                into.extend_from_slice(STANDARD.encode(v).as_bytes());
                into.extend_from_slice(b"\"}");
            }
        }
    }
    into.push(b']');
    Ok(())
}

/// A value of a row as it is read.
#[derive(Deserialize)]
#[serde(untagged)]
enum Cell {
    Null(()),
    Int(i64),
    Text(String),
    Real(Real),
    Bytes(Bytes),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Real {
    r: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Bytes {
    b: String,
}

/// A row from its line: table and values.
pub fn decode(line: &[u8]) -> Result<(String, Vec<Value>), String> {
    let cells: Vec<Cell> = serde_json::from_slice(line).map_err(|error| error.to_string())?;
    let mut cells = cells.into_iter();
    let Some(Cell::Text(table)) = cells.next() else { return Err("a row does not begin with its table".to_owned()) };
    let values = cells.map(|cell| {
        Ok(match cell {
            Cell::Null(()) => Value::Null,
            Cell::Int(v) => Value::Int(v),
            Cell::Text(v) => Value::Text(v),
            Cell::Real(v) => Value::Real(v.r.parse().map_err(|_| format!("'{}' is no number", v.r))?),
            Cell::Bytes(v) => Value::Blob(STANDARD.decode(v.b).map_err(|error| error.to_string())?),
        })
    });
    Ok((table, values.collect::<Result<_, String>>()?))
}

/// A piece of a file's content as text.
pub fn chunk(bytes: &[u8]) -> Note {
    Note::Chunk(STANDARD.encode(bytes))
}

/// A piece of a file's content from its text.
pub fn unchunk(text: &str) -> Result<Vec<u8>, String> {
    STANDARD.decode(text).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_comes_back_bit_by_bit() {
        let values = vec![
            Value::Null,
            Value::Int(i64::MIN),
            Value::Int(0),
            Value::Real(0.1 + 0.2),
            Value::Real(-0.0),
            Value::Real(3.0),
            Value::Real(f64::MAX),
            Value::Real(f64::INFINITY),
            Value::Text(String::new()),
            Value::Text("引号 \" 换行\n 零\0 尾".to_owned()),
            Value::Text("{\"b\":\"AAAA\"}".to_owned()),
            Value::Blob(Vec::new()),
            Value::Blob((0..=255).collect()),
        ];
        let mut line = Vec::new();
        encode("some_table", &values, &mut line).unwrap();
        assert!(!line.contains(&b'\n'));
        let (table, back) = decode(&line).unwrap();
        assert_eq!(table, "some_table");
        assert_eq!(format!("{back:?}"), format!("{values:?}"));
    }

    #[test]
    fn a_wrong_row_is_an_error() {
        for line in
            ["[]", "[1]", "[\"t\",{\"b\":\"*\"}]", "[\"t\",{\"r\":\"x\"}]", "[\"t\",1.5]", "[\"t\",{\"z\":1}]", "[\"t\"", "[\"t\",[1]]"]
        {
            assert!(decode(line.as_bytes()).is_err(), "{line}");
        }
    }
}
