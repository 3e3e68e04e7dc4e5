//! Runs cases.

use std::collections::BTreeMap;

use serde_json::Value;

use super::expect::{compare, refused};
use super::{Act, Case, CaseResult, Doing, Expected, Failure};
use crate::{Command, Effect, Pack, Performed, Record, Refusal, perform};

/// When every case begins: 2026-01-05, a Monday, 09:00 in Shanghai.
const START: i64 = 1_767_574_800_000;

/// Most timers one `wait` may fire; a timer that sets itself again at once would not end.
const MOST_TIMERS: usize = 1_000;

/// Runs every case of a pack but for those that are left out.
pub fn run_cases(pack: &Pack) -> Vec<CaseResult> {
    pack.cases().iter().filter(|case| case.skip.is_none()).map(|case| run_case(pack, case)).collect()
}

/// Runs one case.
pub fn run_case(pack: &Pack, case: &Case) -> CaseResult {
    let result = CaseResult { name: case.name.clone(), file: case.file.clone(), ..CaseResult::default() };
    let mut run = Run { pack, case, record: None, now: START, seen: Seen::default(), result };
    for doing in &case.doing {
        // What comes after a surprise only tells the same again.
        if !run.step(doing) {
            break;
        }
    }
    if let (Some(expected), true) = (&case.expect, run.result.passed()) {
        run.look(expected);
    }
    run.result
}

/// What happened since the last look.
#[derive(Default)]
pub(super) struct Seen {
    pub messages: Vec<String>,
    pub topics: Vec<String>,
    pub edits: BTreeMap<String, Value>,
    pub path: Vec<String>,
}

struct Run<'a> {
    pack: &'a Pack,
    case: &'a Case,
    record: Option<Record>,
    now: i64,
    seen: Seen,
    result: CaseResult,
}

impl Run<'_> {
    fn fail(&mut self, line: Option<u32>, message: impl Into<String>) -> bool {
        self.result.failures.push(Failure { line, message: message.into() });
        false
    }

    /// Does one step; false when the case ends here.
    fn step(&mut self, doing: &Doing) -> bool {
        let wanted = doing.expect.as_ref().and_then(|expected| expected.looks.get("refused"));
        let done = match &doing.act {
            None => Ok(()),
            Some(Act::Wait(length)) => self.wait(*length),
            Some(act) => match self.command(act) {
                Ok(command) => self.perform(&command),
                Err(message) => return self.fail(doing.line, message),
            },
        };
        match (done, wanted) {
            (Ok(()), None) => {}
            (Ok(()), Some(_)) => return self.fail(doing.line, "this should have been refused"),
            (Err(refusal), None) => {
                let message = format!("refused ({}): {refusal}", refusal.code());
                return self.fail(doing.line, message);
            }
            (Err(refusal), Some(wanted)) => {
                if let Some(message) = refused(&refusal, wanted) {
                    return self.fail(doing.line, message);
                }
            }
        }
        doing.expect.as_ref().is_none_or(|expected| self.look(expected))
    }

    fn command(&self, act: &Act) -> Result<Command, String> {
        let activity = |element: &str| {
            let steps = self.record.iter().flat_map(|record| &record.steps);
            let found = steps.rev().find(|step| step.element == element).map(|step| step.activity);
            found.ok_or_else(|| {
                let open: Vec<&str> = self.record.iter().flat_map(|record| &record.steps).map(|step| step.element.as_str()).collect();
                format!("step '{element}' is not open, only {open:?}")
            })
        };
        Ok(match act {
            Act::Open(values) => {
                let mut all = self.case.given.clone();
                all.extend(values.clone());
                Command::Open { values: all }
            }
            Act::Complete { step, outcome, values } => {
                Command::Complete { activity: activity(step)?, outcome: outcome.clone(), values: values.clone() }
            }
            Act::Assign { step, team, assignee, reason } => Command::Assign {
                activity: step.as_deref().map(activity).transpose()?,
                team: team.clone(),
                assignee: assignee.clone(),
                reason: reason.clone(),
                note: None,
            },
            Act::Move { step, to } => Command::Move { activity: activity(step)?, to: to.clone() },
            Act::Plain(command) => command.clone(),
            Act::Wait(_) => return Err("waiting is no command".to_owned()),
        })
    }

    fn perform(&mut self, command: &Command) -> Result<(), Refusal> {
        let performed = perform(self.pack, self.record.as_ref(), command, self.now)?;
        self.note(&performed);
        self.record.get_or_insert_default().apply(&performed.facts);
        Ok(())
    }

    fn note(&mut self, performed: &Performed) {
        for event in &performed.facts.flow {
            match event {
                flow::Event::Taken { edge } => {
                    self.result.edges.insert(edge.clone());
                }
                flow::Event::Entered { element, .. } => self.seen.path.push(element.clone()),
                _ => {}
            }
        }
        for decided in &performed.decisions {
            let rows = decided.hits.iter().map(|row| (decided.decision.clone(), row.clone()));
            self.result.rows.extend(rows);
        }
        for effect in &performed.effects {
            match effect {
                Effect::Notify { message, to } => self.seen.messages.push(format!("{message}:{to}")),
                Effect::Topic { topic, .. } => self.seen.topics.push(topic.clone()),
            }
        }
        for edit in &performed.facts.edits {
            self.seen.edits.insert(edit.field.clone(), edit.new.clone());
        }
    }

    /// Lets time pass and fires the timers that fall due, each at its time.
    fn wait(&mut self, length: i64) -> Result<(), Refusal> {
        let until = self.now.saturating_add(length);
        for _ in 0..MOST_TIMERS {
            let timers = self.record.iter().flat_map(|record| &record.instance.timers);
            let running = timers.filter_map(|timer| Some((timer.fires_at()?, timer.id)));
            let Some((due, timer)) = running.min().filter(|(due, _)| *due <= until) else { break };
            self.now = self.now.max(due);
            self.perform(&Command::FireTimer { timer })?;
        }
        self.now = until;
        Ok(())
    }

    fn look(&mut self, expected: &Expected) -> bool {
        let empty = Record::default();
        let record = self.record.as_ref().unwrap_or(&empty);
        let messages = compare(self.pack, record, &self.seen, &expected.looks);
        self.seen = Seen::default();
        for message in messages {
            self.fail(expected.line, message);
        }
        self.result.passed()
    }
}
