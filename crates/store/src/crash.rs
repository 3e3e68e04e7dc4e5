//! Named points at which a test makes the process die, to prove what survives.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

static WANTED: OnceLock<Option<(String, u64)>> = OnceLock::new();
static PASSED: AtomicU64 = AtomicU64::new(0);

/// Ends the process at once, as a power cut would, when `$YUHENG_CRASH_POINT` is `name:n` and this is the n-th time
/// that the point is passed. Without the variable, which only tests set, it does nothing.
pub fn point(name: &str) {
    let wanted = WANTED.get_or_init(|| {
        let text = std::env::var("YUHENG_CRASH_POINT").ok()?;
        let (point, nth) = text.split_once(':')?;
        Some((point.to_owned(), nth.parse().ok()?))
    });
    if let Some((point, nth)) = wanted
        && point == name
        && PASSED.fetch_add(1, Ordering::Relaxed) + 1 == *nth
    {
        std::process::abort();
    }
}
