//! Files of a pack, read into values that know their lines.

mod json;
mod yaml;

use std::collections::HashMap;

use serde_json::Value;

use crate::Defect;

/// A structured file: its value, and the line of everything in it by JSON pointer.
#[derive(Clone, Debug)]
pub(crate) struct Source {
    pub file: String,
    pub value: Value,
    lines: HashMap<String, u32>,
}

impl Source {
    /// Reads `*.yaml` or `*.json`.
    pub fn read(file: &str, text: &str) -> Result<Source, Defect> {
        let mut lines = HashMap::new();
        let value = if file.ends_with(".json") { json::read(file, text, &mut lines)? } else { yaml::read(file, text, 1, &mut lines)? };
        Ok(Source { file: file.to_owned(), value, lines })
    }

    /// Reads the YAML between two `---` lines at the head of a text file that starts at `first_line`.
    pub fn read_front(file: &str, text: &str, first_line: u32) -> Result<Source, Defect> {
        let mut lines = HashMap::new();
        let value = yaml::read(file, text, first_line, &mut lines)?;
        Ok(Source { file: file.to_owned(), value, lines })
    }

    /// The line of a pointer, else of the nearest thing around it.
    pub fn line(&self, pointer: &str) -> Option<u32> {
        let mut at = pointer;
        loop {
            if let Some(line) = self.lines.get(at) {
                return Some(*line);
            }
            at = at.rsplit_once('/')?.0;
        }
    }

    /// A defect at a pointer.
    pub fn defect(&self, pointer: &str, code: &'static str, message: impl Into<String>, mend: impl Into<String>) -> Defect {
        Defect::new(&self.file, code, message, mend).at(self.line(pointer))
    }
}

/// A pointer to `key` below `base`.
pub(crate) fn join(base: &str, key: &str) -> String {
    format!("{base}/{}", key.replace('~', "~0").replace('/', "~1"))
}

#[cfg(test)]
mod tests;
