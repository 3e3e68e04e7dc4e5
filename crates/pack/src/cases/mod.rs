//! `cases/*.yaml`: scenarios that prove what a pack does.
//!
//! A case opens one record and works it through the same [`crate::perform`] as live operation. Time stands still
//! between commands and moves with `wait`, which fires the timers that fall due.

mod coverage;
mod expect;
mod read;
mod run;

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::{Map, Value};

pub use coverage::{Coverage, coverage};
pub(crate) use read::read;
pub use run::{run_case, run_cases};

/// One scenario.
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    /// What it shows.
    pub name: String,
    /// The file it stands in.
    pub file: String,
    /// Its line.
    pub line: Option<u32>,
    /// Why it is not run.
    pub skip: Option<String>,
    /// Values every opening starts with.
    pub given: Map<String, Value>,
    /// What is done, in order.
    pub doing: Vec<Doing>,
    /// What holds at the end.
    pub expect: Option<Expected>,
}

/// One thing done, or only looked at.
#[derive(Clone, Debug, PartialEq)]
pub struct Doing {
    /// Its line.
    pub line: Option<u32>,
    /// What is done; none only looks.
    pub act: Option<Act>,
    /// What must hold afterwards.
    pub expect: Option<Expected>,
}

/// What a case can do. Steps are named by element, since a case does not know the numbers of activities.
#[derive(Clone, Debug, PartialEq)]
pub enum Act {
    /// Open the record.
    Open(Map<String, Value>),
    /// Complete a step.
    Complete {
        /// Element of the open step.
        step: String,
        /// The outcome.
        outcome: String,
        /// Fields given with it.
        values: Map<String, Value>,
    },
    /// Give a step to a team or person.
    Assign {
        /// Element of the open step; none stands for the main one.
        step: Option<String>,
        /// The new team.
        team: Option<String>,
        /// The new person.
        assignee: Option<String>,
        /// The reason code.
        reason: Option<String>,
    },
    /// Put the flow elsewhere.
    Move {
        /// Element of the open step.
        step: String,
        /// Where to.
        to: String,
    },
    /// A command that names no step.
    Plain(crate::Command),
    /// Let time pass, in milliseconds.
    Wait(i64),
}

/// What must hold.
#[derive(Clone, Debug, PartialEq)]
pub struct Expected {
    /// Its line.
    pub line: Option<u32>,
    /// What is looked at and what it must be.
    pub looks: Map<String, Value>,
}

/// How a case went.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct CaseResult {
    /// The case.
    pub name: String,
    /// The file it stands in.
    pub file: String,
    /// What did not hold; empty means passed.
    pub failures: Vec<Failure>,
    /// Edges of the flow it took.
    pub edges: BTreeSet<String>,
    /// Rows of tables it hit, as table and row.
    pub rows: BTreeSet<(String, String)>,
}

impl CaseResult {
    /// Everything held.
    pub fn passed(&self) -> bool {
        self.failures.is_empty()
    }
}

/// One thing that did not hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Failure {
    /// Line of the case's file.
    pub line: Option<u32>,
    /// What was expected and what came.
    pub message: String,
}
