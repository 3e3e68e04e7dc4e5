//! Flows drawn in BPMN 2.0: read them, prove them sound, advance their tokens.
//!
//! The crate is pure: no file, no database, no wall clock, no randomness. Time arrives as `now` (UTC milliseconds), data
//! through [`Context`], and everything that happens leaves as data:
//!
//! ```text
//! Definition::parse(xml) -> Definition            what can be run
//! Definition::check()    -> defects               what may be published
//! inventory(xml)         -> counts, elements      what any file holds, and what of it runs
//! advance(definition, instance, stimulus, now, context) -> events + effects
//! Instance::apply(event)                          the fold; it never runs the engine
//! ```
//!
//! Invariants, as absences: no automatic run is unbounded, no token rests on a gateway other than a join or an event-based one, no id
//! is used twice in an instance, no element that the engine cannot run gets past [`Definition::parse`].

mod advance;
mod apply;
mod defect;
mod duration;
mod element;
mod error;
mod event;
mod instance;
mod inventory;
mod model;
mod net;
mod parse;
mod run;
mod soundness;
mod wiring;
mod xml;

pub use advance::{Advance, Context, Effect, SEMANTICS, STEP_LIMIT, Stimulus, Turn, advance};
pub use defect::Defect;
pub use duration::duration_ms;
pub use error::FlowError;
pub use event::{Event, How};
pub use instance::{Activity, Awaited, Call, Instance, Repetition, Status, Timer, Token};
pub use inventory::{Inventory, Listed, inventory};
pub use model::{Definition, Edge, Element, Kind, Repeat, Times, Trigger};
