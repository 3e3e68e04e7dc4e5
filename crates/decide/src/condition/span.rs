//! Lengths of time in relative operands (`P7D`, `PT4H30M`).

const SECOND: i64 = 1_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
const WEEK: i64 = 7 * DAY;
/// About a hundred years; more is a slip of the pen.
const LONGEST: i64 = 36_525 * DAY;

/// A fixed length of time, kept as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    text: String,
    millis: i64,
}

impl Span {
    /// Reads an ISO 8601 duration of weeks, days, hours, minutes and seconds in whole numbers.
    ///
    /// Years and months have no fixed length and are refused, as is everything above about a hundred years.
    pub fn parse(text: &str) -> Option<Span> {
        let rest = text.strip_prefix('P')?;
        let (date, time) = match rest.split_once('T') {
            Some((_, "")) => return None,
            Some((date, time)) => (date, time),
            None => (rest, ""),
        };
        if date.is_empty() && time.is_empty() {
            return None;
        }
        let days = parts(date, &[('W', WEEK), ('D', DAY)])?;
        let hours = parts(time, &[('H', HOUR), ('M', MINUTE), ('S', SECOND)])?;
        let millis = days.checked_add(hours).filter(|sum| *sum <= LONGEST)?;
        Some(Span { text: text.to_owned(), millis })
    }

    /// The duration as it was written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The duration in milliseconds.
    pub fn millis(&self) -> i64 {
        self.millis
    }
}

/// Adds up `<digits><unit>` pairs; the units must come in the given order, each at most once.
fn parts(mut text: &str, units: &[(char, i64)]) -> Option<i64> {
    let mut sum = 0_i64;
    for (unit, size) in units {
        let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let (number, after) = text.split_at(digits);
        let Some(after) = after.strip_prefix(*unit) else { continue };
        let count: i64 = number.parse().ok()?;
        sum = sum.checked_add(count.checked_mul(*size)?)?;
        text = after;
    }
    text.is_empty().then_some(sum)
}
