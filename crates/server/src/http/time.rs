//! Instants in answers: RFC 3339 in UTC with milliseconds.

/// The text of an instant in UTC milliseconds.
pub fn text(at: i64) -> String {
    desk::instant(at)
}

/// The text of an instant that may be missing.
pub fn opt(at: Option<i64>) -> Option<String> {
    at.map(text)
}
