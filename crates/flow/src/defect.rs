//! What is wrong with a drawing, said so that its author can mend it.

use serde::Serialize;

/// One fault of a definition: found while reading it or while checking it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Defect {
    /// Stable snake_case name of the kind of fault, e.g. `missing_default`.
    pub code: &'static str,
    /// Id of the element or edge at fault, where one can be named.
    pub element: Option<String>,
    /// Line of the XML, counted from 1.
    pub line: Option<u32>,
    /// What is wrong, in English, lower case, without full stop.
    pub message: String,
    /// What to do about it.
    pub mend: String,
}

impl Defect {
    /// A defect without a place; see [`Defect::at`].
    pub(crate) fn new(code: &'static str, message: impl Into<String>, mend: impl Into<String>) -> Self {
        Self { code, element: None, line: None, message: message.into(), mend: mend.into() }
    }

    /// The same defect, placed at an element and a line.
    pub(crate) fn at(mut self, element: Option<&str>, line: u32) -> Self {
        self.element = element.filter(|id| !id.is_empty()).map(str::to_owned);
        self.line = Some(line);
        self
    }
}

impl std::fmt::Display for Defect {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if let Some(line) = self.line {
            write!(f, "line {line}: ")?;
        }
        if let Some(element) = &self.element {
            write!(f, "{element}: ")?;
        }
        write!(f, "{} ({}); {}", self.message, self.code, self.mend)
    }
}
