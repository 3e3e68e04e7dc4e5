//! Whether the organisation works at an instant, by the working hours of its settings.

use chrono::{DateTime, Datelike, Timelike};
use serde_json::Value;

use crate::settings::{DAYS, span};

/// Whether an instant lies in working hours. Where none are written down, it always does.
pub fn at_work(hours: &Value, now: i64) -> bool {
    let zone = hours.get("timezone").and_then(Value::as_str).and_then(|zone| zone.parse::<chrono_tz::Tz>().ok());
    let (Some(zone), Some(utc)) = (zone, DateTime::from_timestamp_millis(now)) else { return true };
    if DAYS.iter().all(|day| hours.get(day).and_then(Value::as_array).is_none_or(Vec::is_empty)) {
        return true;
    }
    let local = utc.with_timezone(&zone);
    let minute = local.hour() * 60 + local.minute();
    let day = DAYS.get(local.weekday().num_days_from_monday() as usize).and_then(|day| hours.get(day)).and_then(Value::as_array);
    day.into_iter().flatten().filter_map(span).any(|(from, to)| (from..to).contains(&minute))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn hours_are_those_of_the_zone_and_end_when_they_end() {
        let hours = json!({ "timezone": "Asia/Shanghai", "mon": [["09:00", "12:00"], ["13:00", "24:00"]], "tue": [] });
        let at = |text: &str| at_work(&hours, DateTime::parse_from_rfc3339(text).expect("an instant").timestamp_millis());
        // A Monday.
        assert!(!at("2026-01-05T08:59:59+08:00") && at("2026-01-05T09:00:00+08:00"));
        assert!(at("2026-01-05T11:59:59+08:00") && !at("2026-01-05T12:00:00+08:00"));
        assert!(at("2026-01-05T23:59:59+08:00") && !at("2026-01-06T10:00:00+08:00"));
        assert!(at("2026-01-05T01:00:00Z"));
    }

    #[test]
    fn without_hours_it_is_always_time_to_work() {
        assert!(at_work(&json!({ "timezone": "Asia/Shanghai" }), 0) && at_work(&Value::Null, 0));
    }
}
