//! The clock and the dice: the only way time and randomness come in, so that tests can hold them still.

use std::sync::Arc;

use uuid::Uuid;

type Now = dyn Fn() -> i64 + Send + Sync;
type Fill = dyn Fn(&mut [u8]) + Send + Sync;

/// An instant in UTC milliseconds as answers have it: RFC 3339 with milliseconds.
pub fn instant(at: i64) -> String {
    chrono::DateTime::from_timestamp_millis(at).map_or_else(String::new, |at| at.to_rfc3339_opts(chrono::SecondsFormat::Millis, true))
}

/// Where time and randomness come from.
#[derive(Clone)]
pub struct World {
    now: Arc<Now>,
    fill: Arc<Fill>,
}

impl World {
    /// The real clock and the operating system's randomness.
    pub fn real() -> Self {
        Self {
            now: Arc::new(|| chrono::Utc::now().timestamp_millis()),
            // Without randomness no secret can be made: ending is the only safe answer.
            fill: Arc::new(|bytes| getrandom::fill(bytes).unwrap_or_else(|_| std::process::abort())),
        }
    }

    /// The same dice with another clock.
    pub fn with_clock(now: impl Fn() -> i64 + Send + Sync + 'static) -> Self {
        Self { now: Arc::new(now), ..Self::real() }
    }

    /// The instant now, in UTC milliseconds.
    pub fn now(&self) -> i64 {
        (self.now)()
    }

    /// Random bytes.
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        (self.fill)(&mut bytes);
        bytes
    }

    /// A new identity (UUID v7) that sorts by the instant given.
    pub fn id_at(&self, at: i64) -> Uuid {
        let millis = u64::try_from(at).unwrap_or(0);
        uuid::Builder::from_unix_timestamp_millis(millis, &self.bytes::<10>()).into_uuid()
    }

    /// A new identity that sorts by now.
    pub fn id(&self) -> Uuid {
        self.id_at(self.now())
    }
}
