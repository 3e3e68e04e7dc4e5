//! One stimulus in, facts and effects out.

use crate::element::{message, timer, user_task};
use crate::run::{Flight, Run};
use crate::{Definition, Event, FlowError, How, Instance, Status};

/// Version of what the engine does with a drawing. Raised when the same events would be answered differently.
pub const SEMANTICS: u32 = 1;

/// How many elements one stimulus may run through before the run counts as endless.
pub const STEP_LIMIT: u32 = 10_000;

/// What can happen to an instance from outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stimulus {
    /// Begin.
    Start,
    /// A person finished an activity.
    Complete {
        /// The open activity.
        activity: u32,
        /// One of the outcomes its element declares; none if it declares none.
        outcome: Option<String>,
    },
    /// A timer is due.
    FireTimer {
        /// The timer.
        timer: u32,
    },
    /// A message arrived. It reaches the longest-waiting event of that name, also while the instance is on hold.
    Message {
        /// Name of the message.
        name: String,
    },
    /// End the instance.
    Cancel {
        /// Why, for the journal.
        reason: String,
    },
    /// Put the instance on hold.
    Suspend,
    /// Go on after a hold.
    Resume,
    /// An operator puts a token elsewhere in the same scope, audited by the caller.
    Move {
        /// The open activity that is given up.
        activity: u32,
        /// The element to go to.
        to: String,
    },
}

/// What the engine asks of its caller while it runs. An `Err` refuses the whole stimulus.
pub trait Context {
    /// Whether a condition holds; `element` is the gateway.
    fn condition(&mut self, element: &str, source: &str) -> Result<bool, String>;
    /// Runs a decision; the caller keeps its outputs, so that later conditions see them.
    fn decide(&mut self, element: &str, decision: &str) -> Result<(), String>;
    /// Milliseconds of a timer whose text is no ISO 8601 literal; less than nothing counts as nothing.
    fn duration(&mut self, element: &str, source: &str) -> Result<i64, String>;
}

/// Work for the caller that leaves the instance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// A service or send task was passed.
    Send {
        /// The task.
        element: String,
        /// Its topic.
        topic: String,
    },
}

/// What a stimulus led to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Advance {
    /// Facts, in order. Applying them to the instance gives the next instance.
    pub events: Vec<Event>,
    /// Work for the caller, in order.
    pub effects: Vec<Effect>,
}

/// Lets one stimulus act on an instance. Pure: the instance given is not changed and equal arguments give equal answers.
pub fn advance(
    def: &Definition,
    before: &Instance,
    stimulus: &Stimulus,
    now: i64,
    context: &mut dyn Context,
) -> Result<Advance, FlowError> {
    if before.semantics > SEMANTICS {
        return Err(FlowError::Semantics { needed: before.semantics, has: SEMANTICS });
    }
    match (before.status, stimulus) {
        (Status::New, Stimulus::Start) => {}
        (Status::New, _) => return Err(FlowError::NotStarted),
        (Status::Completed | Status::Cancelled, _) => return Err(FlowError::Ended),
        (_, Stimulus::Start) => return Err(FlowError::AlreadyStarted),
        (Status::Running | Status::Suspended, _) => {}
    }
    let mut run = Run::new(def, before, now, context);
    react(&mut run, stimulus)?;
    run.run_to_rest()?;
    Ok(run.out)
}

fn react(run: &mut Run<'_>, stimulus: &Stimulus) -> Result<(), FlowError> {
    match stimulus {
        Stimulus::Start => start(run),
        Stimulus::Complete { activity, outcome } => user_task::complete(run, *activity, outcome.as_deref()),
        Stimulus::FireTimer { timer } => timer::fire(run, *timer),
        Stimulus::Message { name } => message::receive(run, name),
        Stimulus::Cancel { reason } => cancel(run, reason),
        Stimulus::Suspend => suspend(run),
        Stimulus::Resume => resume(run),
        Stimulus::Move { activity, to } => user_task::relocate(run, *activity, to),
    }
}

fn start(run: &mut Run<'_>) -> Result<(), FlowError> {
    run.emit(Event::Started { at: run.now, semantics: SEMANTICS });
    run.fly(Flight { to: run.def.net.start, edge: None, scope: None });
    Ok(())
}

fn cancel(run: &mut Run<'_>, reason: &str) -> Result<(), FlowError> {
    for token in run.tokens_in(None) {
        run.withdraw(token, How::Cancelled);
    }
    let reason = Some(reason.to_owned());
    run.emit(Event::Ended { status: Status::Cancelled, at: run.now, reason });
    Ok(())
}

fn suspend(run: &mut Run<'_>) -> Result<(), FlowError> {
    if run.instance.status == Status::Suspended {
        return Err(FlowError::Suspended);
    }
    run.emit(Event::Suspended { at: run.now });
    timer::hold_all(run);
    Ok(())
}

fn resume(run: &mut Run<'_>) -> Result<(), FlowError> {
    if run.instance.status != Status::Suspended {
        return Err(FlowError::NotSuspended);
    }
    run.emit(Event::Resumed { at: run.now });
    timer::resume_all(run);
    Ok(())
}
