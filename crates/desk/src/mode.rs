//! The one gate before all commands: normal, read-only, draining.

use std::sync::{Arc, PoisonError, RwLock};

use crate::DeskError;

/// What the system takes now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Everything.
    Normal,
    /// Reads only, with the reason: restore, migration, a full disk.
    ReadOnly(String),
    /// This node is about to stop: nothing new begins here.
    Draining,
}

/// The gate.
#[derive(Clone)]
pub struct Gate {
    mode: Arc<RwLock<Mode>>,
}

impl Default for Gate {
    fn default() -> Self {
        Self { mode: Arc::new(RwLock::new(Mode::Normal)) }
    }
}

impl Gate {
    /// The mode now.
    pub fn mode(&self) -> Mode {
        self.mode.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Changes the mode.
    pub fn set(&self, mode: Mode) {
        tracing::info!(?mode, "mode changed");
        *self.mode.write().unwrap_or_else(PoisonError::into_inner) = mode;
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
