//! A clock that a test moves.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use desk::World;

/// How far it is ahead of the real one.
#[derive(Clone, Default)]
pub struct Clock(Arc<AtomicI64>);

impl Clock {
    /// Real dice with this clock.
    pub fn world(&self) -> World {
        let ahead = Arc::clone(&self.0);
        World::with_clock(move || World::real().now() + ahead.load(Ordering::SeqCst))
    }

    /// Moves it so many milliseconds before the real one.
    pub fn ahead(&self, milliseconds: i64) {
        self.0.store(milliseconds, Ordering::SeqCst);
    }
}
