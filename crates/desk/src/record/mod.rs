//! Records: one file per command, and the way they all take.
//!
//! A command is prepared on a reader: load with the pinned definitions, authorise, let the process decide, build the
//! write set. `Desk::execute` then applies it, and prepares anew when somebody was faster.

pub mod accept;
pub mod act;
pub mod actions;
pub mod assign;
pub mod at_once;
pub mod attach;
pub mod behalf;
pub mod bulk;
pub mod cancel;
pub mod check;
pub mod children;
pub mod claim;
pub mod comment;
pub mod complete;
pub mod content;
pub mod edit;
pub mod expert;
pub mod export;
pub mod filter;
pub mod fold;
pub mod followed;
pub mod hold;
pub mod legal_hold;
pub mod link;
pub mod list;
pub mod merge;
pub mod names;
pub mod notify;
pub mod open;
pub mod past;
pub mod presence;
pub mod preview;
pub mod rate;
pub mod read;
pub mod readers;
pub mod references;
pub mod remind;
pub mod replay;
pub mod split;
pub mod text;
pub mod told;
pub mod undo;
pub mod urge;
pub mod watch;
pub mod write;

pub use content::{Content, Reminded, Reminder};
pub use read::{Loaded, find};
pub use write::Written;
