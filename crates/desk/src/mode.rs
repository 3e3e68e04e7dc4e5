//! The one gate before all commands: normal, read-only, draining.
//!
//! Each cause that closes it is kept by itself, so that one that ends never opens the gate over another that has not.

use std::sync::{Arc, PoisonError, RwLock};

use crate::DeskError;

/// What the system takes now: of all causes, what the strongest leaves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Everything.
    Normal,
    /// Reads only, with the reason: a full disk.
    ReadOnly(String),
    /// This node is about to stop: nothing new begins here.
    Draining,
}

/// Why the gate is closed. A new cause is a field of its own, set and ended by those who know of it.
#[derive(Debug, Default)]
struct Closed {
    full_disk: Option<String>,
    draining: bool,
}

/// The gate.
#[derive(Clone, Default)]
pub struct Gate {
    closed: Arc<RwLock<Closed>>,
}

impl Gate {
    /// The mode now.
    pub fn mode(&self) -> Mode {
        let closed = self.closed.read().unwrap_or_else(PoisonError::into_inner);
        match &*closed {
            Closed { draining: true, .. } => Mode::Draining,
            Closed { full_disk: Some(why), .. } => Mode::ReadOnly(why.clone()),
            Closed { full_disk: None, draining: false } => Mode::Normal,
        }
    }

    /// The node stops. There is no way back: a process that has begun to stop ends.
    pub fn drain(&self) {
        self.change("this node stops", |closed| closed.draining = true);
    }

    /// The disk takes no writes.
    pub fn disk_is_full(&self, why: impl std::fmt::Display) {
        let why = format!("no space left to write ({why}): free some, then writing goes on by itself");
        self.change("the disk is full: read-only", |closed| closed.full_disk = Some(why));
    }

    /// The disk takes writes again. Whatever else has closed the gate stays.
    pub fn disk_has_space(&self) {
        self.change("the disk takes writes again", |closed| closed.full_disk = None);
    }

    /// Whether a full disk is among what has closed the gate.
    pub fn waits_for_space(&self) -> bool {
        self.closed.read().unwrap_or_else(PoisonError::into_inner).full_disk.is_some()
    }

    fn change(&self, what: &str, change: impl FnOnce(&mut Closed)) {
        change(&mut self.closed.write().unwrap_or_else(PoisonError::into_inner));
        tracing::info!(mode = ?self.mode(), "{what}");
    }

    /// Refuses writes when the mode does not take them.
    pub fn pass(&self) -> Result<(), DeskError> {
        match self.mode() {
            Mode::Normal => Ok(()),
            Mode::ReadOnly(reason) => Err(DeskError::ReadOnly { reason: format!("read-only: {reason}") }),
            Mode::Draining => Err(DeskError::ReadOnly { reason: "this node is stopping: try again in a few seconds".to_owned() }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_disk_that_is_well_again_does_not_end_draining() {
        let gate = Gate::default();
        gate.disk_is_full("ENOSPC");
        assert!(matches!(gate.mode(), Mode::ReadOnly(why) if why.contains("ENOSPC")));
        gate.drain();
        assert_eq!(gate.mode(), Mode::Draining);
        gate.disk_has_space();
        assert_eq!(gate.mode(), Mode::Draining);
        assert!(gate.pass().is_err() && !gate.waits_for_space());
    }

    #[test]
    fn a_full_disk_ends_only_itself_and_does_not_hide_draining() {
        let gate = Gate::default();
        gate.drain();
        gate.disk_is_full("ENOSPC");
        assert_eq!(gate.mode(), Mode::Draining, "the strongest cause is told");
        let gate = Gate::default();
        gate.disk_is_full("ENOSPC");
        gate.disk_has_space();
        assert_eq!(gate.mode(), Mode::Normal);
        assert!(gate.pass().is_ok());
    }
}
