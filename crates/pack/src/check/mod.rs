//! What must hold between the files of a pack. One rule a file.

use crate::load::Sources;
use crate::{Defect, Pack};

mod approval;
mod branches;
mod carried;
mod cases;
mod categories;
mod decisions;
mod fields;
mod flow;
mod form;
mod help;
mod layout;
mod messages;
mod notices;
mod outcomes;
mod reasons;
mod rights;
mod states;
mod steps;
mod texts;

pub(crate) use flow::of_flow;

/// What a rule looks at, and where it tells what it found.
pub(crate) struct Check<'a> {
    pub pack: &'a Pack,
    pub sources: &'a Sources,
    pub defects: &'a mut Vec<Defect>,
}

impl Check<'_> {
    /// A defect in `pack.yaml`.
    pub fn manifest(&mut self, pointer: &str, code: &'static str, message: impl Into<String>, mend: impl Into<String>) {
        self.defects.push(self.sources.manifest.defect(pointer, code, message, mend));
    }

    /// A defect in `approvals.yaml`.
    pub fn approvals(&mut self, pointer: &str, code: &'static str, message: impl Into<String>, mend: impl Into<String>) {
        let found = self.sources.approvals.as_ref().map(|source| source.defect(pointer, code, message, mend));
        self.defects.extend(found);
    }

    /// A defect in `flow.bpmn`.
    pub fn drawing(&mut self, line: u32, code: &'static str, message: impl Into<String>, mend: impl Into<String>) {
        self.defects.push(Defect::new("flow.bpmn", code, message, mend).at(Some(line)));
    }
}

/// The rules, each a function of its own file.
const RULES: [fn(&mut Check<'_>); 23] = [
    states::check,
    steps::check,
    branches::check,
    carried::check,
    outcomes::check,
    fields::check,
    form::check,
    layout::check,
    decisions::check,
    reasons::check,
    rights::check,
    notices::check,
    messages::check,
    texts::check,
    help::check,
    categories::check,
    cases::check,
    approval::definitions,
    approval::names,
    approval::watched,
    approval::bodies,
    approval::tasks,
    flow::check,
];

/// Runs every rule.
pub(crate) fn run(pack: &Pack, sources: &Sources, defects: &mut Vec<Defect>) {
    let mut check = Check { pack, sources, defects };
    for rule in RULES {
        rule(&mut check);
    }
}
