//! Instants in answers: RFC 3339 in UTC with milliseconds.

/// The text of an instant in UTC milliseconds.
pub fn text(at: i64) -> String {
    chrono::DateTime::from_timestamp_millis(at).map_or_else(String::new, |at| at.to_rfc3339_opts(chrono::SecondsFormat::Millis, true))
}

/// The text of an instant that may be missing.
pub fn opt(at: Option<i64>) -> Option<String> {
    at.map(text)
}
