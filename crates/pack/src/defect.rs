//! What is wrong with a pack, said so that its author can mend it.

use serde::Serialize;

/// One fault of a pack: where it is, what it is, what to do about it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Defect {
    /// Path inside the pack's folder, `/` separated.
    pub file: String,
    /// Line of the file, counted from 1, where one can be named.
    pub line: Option<u32>,
    /// Stable snake_case name of the kind of fault, e.g. `unknown_field`.
    pub code: &'static str,
    /// What is wrong, in English, lower case, without full stop.
    pub message: String,
    /// What to do about it.
    pub mend: String,
}

impl Defect {
    /// A defect of a whole file; see [`Defect::at`].
    pub(crate) fn new(file: &str, code: &'static str, message: impl Into<String>, mend: impl Into<String>) -> Self {
        Self { file: file.to_owned(), line: None, code, message: message.into(), mend: mend.into() }
    }

    /// The same defect, placed at a line.
    pub(crate) fn at(mut self, line: Option<u32>) -> Self {
        self.line = line;
        self
    }
}

impl std::fmt::Display for Defect {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.file)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        write!(f, ": {} ({}); {}", self.message, self.code, self.mend)
    }
}
