//! Packs: a practice as content. Load one, check it, run its records, prove it with its cases.
//!
//! The crate is pure: files arrive as bytes, time as `now` (UTC milliseconds), and everything that happens leaves as data:
//!
//! ```text
//! Pack::load(files)                    -> Pack, or every defect with file, line and mend
//! perform(pack, record, command, now)  -> facts + effects + explained decisions, or a refusal
//! Record::apply(facts)                    the fold; it never runs an engine
//! actions(pack, record)                -> what can be done now
//! run_cases(pack), coverage(..)        -> whether the pack does what its author says, and what nobody tried
//! ```
//!
//! Invariants, as absences: no name of a practice in this crate, no value a table or a person can write that the form
//! refuses, no fact whose meaning depends on a definition.

mod actions;
mod approvals;
mod cases;
mod category;
mod check;
mod defect;
pub mod edit;
mod form;
mod leads;
mod load;
mod manifest;
mod message;
mod pack;
mod process;
mod schema;
mod source;
mod standard_field;
mod text;
mod wording;

pub use actions::{Action, ActionKind, actions};
pub use cases::{Act, Case, CaseResult, Coverage, Doing, Expected, Failure, coverage, run_case, run_cases};
pub use category::Category;
pub use defect::Defect;
pub use form::OwnField;
pub use leads::leads;
pub use load::{MOST_BYTES_FILE, MOST_BYTES_PACK};
pub use manifest::{ACTIONS, Bound, EndStates, FieldRule, Manifest, Notice, Numbering, Phase, RECIPIENTS, RatingFields, Right, RightRule};
pub use message::{RenderError, Rendered, TEMPLATE_NAMES};
pub use pack::Pack;
pub use process::{
    Check, CheckState, Command, Edit, Effect, Explained, Facts, FieldError, Performed, Record, Refusal, StateMove, Step, StepFact, perform,
};
pub use standard_field::{Place, STANDARD_FIELDS, StandardField, Target, Writer, standard_field};
pub use text::{DRAWN_IN, LANGUAGES};
pub use wording::{Names, Wording};
