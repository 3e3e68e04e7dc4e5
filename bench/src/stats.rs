//! Samples and what is quoted of them.

use std::time::Duration;

/// Latencies in microseconds.
#[derive(Clone, Default)]
pub struct Sample(Vec<u32>);

impl Sample {
    /// Adds a latency.
    pub fn push(&mut self, latency: Duration) {
        self.0.push(u32::try_from(latency.as_micros()).unwrap_or(u32::MAX));
    }

    /// Adds another sample.
    pub fn add(&mut self, other: &Self) {
        self.0.extend_from_slice(&other.0);
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// The value below which this share (0–1) lies, in milliseconds: the nearest rank.
    pub fn quantile(&self, share: f64) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort_unstable();
        let rank = (share * sorted.len() as f64).ceil() as usize;
        sorted.get(rank.max(1) - 1).map_or(f64::NAN, |micros| f64::from(*micros) / 1000.0)
    }

    /// `p50 / p95 / p99` in milliseconds.
    pub fn quantiles(&self) -> String {
        [0.5, 0.95, 0.99].map(|share| figure(self.quantile(share))).join(" / ")
    }
}

/// The middle of some figures.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let half = values.len() / 2;
    match (values.len(), values.len() % 2) {
        (0, _) => f64::NAN,
        (_, 1) => values[half],
        _ => f64::midpoint(values[half - 1], values[half]),
    }
}

/// A figure with three meaningful digits, thousands with commas.
pub fn figure(value: f64) -> String {
    if value.is_nan() {
        return "–".to_owned();
    }
    if value < 10.0 {
        return format!("{value:.2}");
    }
    if value < 100.0 {
        return format!("{value:.1}");
    }
    let digits = format!("{value:.0}");
    let mut text = String::new();
    for (n, digit) in digits.chars().enumerate() {
        if n > 0 && (digits.len() - n).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Whether a goal is met, and by how much not.
pub fn verdict(value: f64, goal: f64, at_most: bool) -> String {
    let met = if at_most { value <= goal } else { value >= goal };
    let (sign, off) = if at_most { ("≤", value / goal) } else { ("≥", goal / value) };
    let sentence = format!("{} (goal {sign} {})", figure(value), figure(goal));
    if met { format!("{sentence}: met") } else { format!("{sentence}: **missed by a factor of {off:.1}**") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_take_the_nearest_rank() {
        let mut sample = Sample::default();
        (1..=100).for_each(|n| sample.push(Duration::from_millis(n)));
        assert_eq!((sample.quantile(0.5), sample.quantile(0.95), sample.quantile(1.0)), (50.0, 95.0, 100.0));
        assert!(Sample::default().quantile(0.5).is_nan());
    }

    #[test]
    fn figures_are_short() {
        assert_eq!([0.1234, 12.34, 1234567.0].map(figure), ["0.12", "12.3", "1,234,567"]);
        assert_eq!((median(vec![3.0, 1.0, 2.0]), median(vec![1.0, 2.0])), (2.0, 1.5));
    }
}
