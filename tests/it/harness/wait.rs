//! Waiting for a condition, with a limit. Nothing in these tests sleeps for a fixed time and hopes.

use std::time::{Duration, Instant};

/// Seconds.
pub const fn s(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// Tries until there is something, at most for `limit`.
#[track_caller]
pub fn until<T>(limit: Duration, what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let started = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(started.elapsed() < limit, "waited {limit:?} in vain: {what}");
        std::thread::sleep(Duration::from_millis(15));
    }
}

/// Watches for `span` that something never happens.
#[track_caller]
pub fn never(span: Duration, what: &str, mut look: impl FnMut() -> bool) {
    let started = Instant::now();
    while started.elapsed() < span {
        assert!(!look(), "{what}");
        std::thread::sleep(Duration::from_millis(15));
    }
}
