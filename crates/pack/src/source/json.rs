//! JSON with the line of every value.
//!
//! The value comes from serde_json; the lines from a second walk that may trust the text, since it has been read before.

use std::collections::HashMap;

use serde_json::Value;

use super::join;
use crate::Defect;

/// Reads a JSON file.
pub(super) fn read(file: &str, text: &str, lines: &mut HashMap<String, u32>) -> Result<Value, Defect> {
    let value: Value = serde_json::from_str(text).map_err(|error| {
        let line = u32::try_from(error.line()).ok().filter(|line| *line > 0);
        let mend = "mend the JSON; a comma too many or a missing quote are the usual causes";
        Defect::new(file, "json", error.to_string(), mend).at(line)
    })?;
    let mut walk = Walk { bytes: text.as_bytes(), at: 0, line: 1, lines };
    walk.value("");
    Ok(value)
}

struct Walk<'a> {
    bytes: &'a [u8],
    at: usize,
    line: u32,
    lines: &'a mut HashMap<String, u32>,
}

impl Walk<'_> {
    fn peek(&mut self) -> u8 {
        while let Some(byte) = self.bytes.get(self.at) {
            match byte {
                b'\n' => self.line += 1,
                b' ' | b'\t' | b'\r' => {}
                other => return *other,
            }
            self.at += 1;
        }
        0
    }

    fn value(&mut self, pointer: &str) {
        let first = self.peek();
        self.lines.entry(pointer.to_owned()).or_insert(self.line);
        match first {
            b'{' => self.members(pointer),
            b'[' => self.items(pointer),
            b'"' => {
                self.text();
            }
            _ => self.word(),
        }
    }

    fn members(&mut self, pointer: &str) {
        self.at += 1;
        while self.peek() == b'"' {
            let line = self.line;
            let below = join(pointer, &self.text());
            self.lines.insert(below.clone(), line);
            self.skip(b':');
            self.value(&below);
            self.skip(b',');
        }
        self.skip(b'}');
    }

    fn items(&mut self, pointer: &str) {
        self.at += 1;
        let mut index = 0;
        while !matches!(self.peek(), b']' | 0) {
            self.value(&join(pointer, &index.to_string()));
            self.skip(b',');
            index += 1;
        }
        self.skip(b']');
    }

    fn skip(&mut self, byte: u8) {
        if self.peek() == byte {
            self.at += 1;
        }
    }

    /// A string, with its quotes; serde_json undoes the escapes.
    fn text(&mut self) -> String {
        let start = self.at;
        self.at += 1;
        while let Some(byte) = self.bytes.get(self.at) {
            self.at += if *byte == b'\\' { 2 } else { 1 };
            if *byte == b'"' {
                break;
            }
        }
        let raw = self.bytes.get(start..self.at).unwrap_or_default();
        serde_json::from_slice(raw).unwrap_or_default()
    }

    /// A number, `true`, `false` or `null`.
    fn word(&mut self) {
        while let Some(byte) = self.bytes.get(self.at) {
            if matches!(byte, b',' | b'}' | b']' | b' ' | b'\n' | b'\r' | b'\t') {
                break;
            }
            self.at += 1;
        }
    }
}
