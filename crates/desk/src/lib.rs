//! The use cases of Yuheng: one file per command, the policy, the workers.
//!
//! Every door (web, API, import, timer, message) ends here in one command; a command is decided on a reader by pure
//! engines and applied whole. Nothing here speaks HTTP, and SQL is the store's.

pub mod actor;
pub mod affected;
pub mod alike;
pub mod announcement;
pub mod archive;
pub mod backup;
pub mod check;
pub mod counters;
pub mod demo;
mod desk;
pub mod directory;
pub mod dispatch;
mod env;
mod error;
pub mod files;
pub mod grant;
pub mod health;
pub mod hint;
pub mod import;
pub mod job;
pub mod journal;
pub mod keyring;
pub mod kit;
pub mod mode;
pub mod notice;
mod numbers;
pub mod packs;
pub mod policy;
pub mod preference;
pub mod record;
pub mod retention;
pub mod roster;
pub mod rotate;
pub mod session;
pub mod settings;
pub mod setup;
mod transaction;
mod upcast;
pub mod view;
pub mod worker;
mod world;

pub use actor::{Actor, Proof};
pub use desk::{Answer, Desk, Idempotency, LiveEvent};
pub use env::{Env, Pinned, Shelf, describe};
pub use error::{DeskError, FieldError, Meanwhile};
pub use keyring::Keyring;
pub use world::{World, instant};

/// Version of this program, as backups and nodes tell it.
pub const PROGRAM: &str = env!("CARGO_PKG_VERSION");
