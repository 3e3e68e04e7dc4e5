//! ISO 8601 durations of fixed length.

/// Longest duration a timer may have: a hundred years. Keeps sums of instants far from overflow.
pub(crate) const LONGEST: i64 = 100 * 366 * 24 * 3_600_000;

/// Reads an ISO 8601 duration of fixed length (`PT4H`, `P3D`, `P1W`, `P1DT12H`, `PT0.5S`) as milliseconds.
///
/// `None` for any other text, also for years and months, which have no fixed length, and for more than a hundred years.
pub fn duration_ms(source: &str) -> Option<i64> {
    let rest = source.trim().strip_prefix('P')?;
    let (days, time) = match rest.split_once('T') {
        Some((_, "")) => return None,
        Some((days, time)) => (days, time),
        None => (rest, ""),
    };
    if days.is_empty() && time.is_empty() {
        return None;
    }
    let days = sum(days, &[('W', 604_800_000), ('D', 86_400_000)])?;
    let time = sum(time, &[('H', 3_600_000), ('M', 60_000), ('S', 1_000)])?;
    days.checked_add(time).filter(|total| *total <= LONGEST)
}

/// Whether the text looks like an ISO 8601 duration, whatever its units: `P`, then only digits, points and unit letters.
pub(crate) fn looks_like_duration(source: &str) -> bool {
    let Some(rest) = source.trim().strip_prefix('P') else { return false };
    rest.chars().any(|c| c.is_ascii_digit()) && rest.chars().all(|c| c.is_ascii_digit() || "YMWDTHS.,".contains(c))
}

/// Adds up `<number><unit>` parts whose units come in the given order, each at most once.
fn sum(mut text: &str, units: &[(char, i64)]) -> Option<i64> {
    let mut total: i64 = 0;
    for (letter, length) in units {
        let Some(end) = text.find(*letter) else { continue };
        let number = text.get(..end)?;
        total = total.checked_add(scaled(number, *length, *letter == 'S')?)?;
        text = text.get(end + letter.len_utf8()..)?;
    }
    text.is_empty().then_some(total)
}

/// `number × length`; a fraction is allowed for seconds only and cut to milliseconds.
fn scaled(number: &str, length: i64, fraction: bool) -> Option<i64> {
    let (whole, part) = match number.split_once(['.', ',']) {
        Some((whole, part)) if fraction => (whole, part),
        Some(_) => return None,
        None => (number, "0"),
    };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(part) {
        return None;
    }
    let thousandths: String = part.chars().chain("000".chars()).take(3).collect();
    let whole: i64 = whole.parse().ok()?;
    whole.checked_mul(length)?.checked_add(if fraction { thousandths.parse().ok()? } else { 0 })
}
