//! One stimulus in, facts and effects out.

use crate::element::{call_activity, event_sub_process, message, signal, timer, user_task};
use crate::run::{Flight, Run, WHOLE};
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
    /// A message arrived, also while the instance is on hold. It has one receiver: of the events that wait for its name,
    /// one with its key, else one without a key; the longest-waiting of them.
    Message {
        /// Name of the message.
        name: String,
        /// What it is about, for events with the property `correlation`.
        key: Option<String>,
    },
    /// A signal was given. Every event that waits for it hears it, also while the instance is on hold.
    Signal {
        /// Name of the signal.
        name: String,
    },
    /// What a call activity called has ended.
    CallEnded {
        /// The activity.
        activity: u32,
        /// How it ended, for the journal.
        outcome: Option<String>,
    },
    /// What a call activity called has failed.
    CallFailed {
        /// The activity.
        activity: u32,
        /// Code of the error, for boundary error events.
        error: String,
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
        /// The open activity or call that is given up.
        activity: u32,
        /// The element to go to.
        to: String,
    },
}

/// One turn of a repeated activity, as conditions inside it may read it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Turn {
    /// The repeated activity.
    pub element: String,
    /// Which turn, from 1.
    pub number: u32,
    /// The item of the list that the turn is for.
    pub item: Option<String>,
    /// How many turns there are.
    pub total: u32,
    /// How many turns are over.
    pub done: u32,
}

/// What the engine asks of its caller while it runs. An `Err` refuses the whole stimulus.
///
/// Callers that run no drawing with keys or repeated activities need not answer for them.
pub trait Context {
    /// Whether a condition holds; `element` is the gateway, or the repeated activity whose turns it may end.
    fn condition(&mut self, element: &str, source: &str) -> Result<bool, String>;
    /// Runs a decision; the caller keeps its outputs, so that later conditions see them.
    fn decide(&mut self, element: &str, decision: &str) -> Result<(), String>;
    /// Milliseconds of a timer whose text is no ISO 8601 literal; less than nothing counts as nothing.
    fn duration(&mut self, element: &str, source: &str) -> Result<i64, String>;
    /// The key that a message carries, or must carry to be meant for `element`.
    fn key(&mut self, _element: &str, source: &str) -> Result<String, String> {
        Err(format!("nobody evaluates '{source}'"))
    }
    /// How many turns a repeated activity takes, if that is no literal number.
    fn times(&mut self, _element: &str, source: &str) -> Result<u32, String> {
        Err(format!("nobody evaluates '{source}'"))
    }
    /// The list that a repeated activity goes through, as short texts.
    fn items(&mut self, _element: &str, source: &str) -> Result<Vec<String>, String> {
        Err(format!("nobody evaluates '{source}'"))
    }
    /// Says within which turns the next question is asked, the outermost first.
    fn within(&mut self, _turns: Vec<Turn>) {}
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
    /// A message is to be sent.
    Message {
        /// The event that sends it.
        element: String,
        /// Name of the message.
        name: String,
        /// What it is about: the value of the event's property `correlation`.
        key: Option<String>,
    },
    /// A signal was given; within the instance it has been heard already.
    Signal {
        /// The event that gave it.
        element: String,
        /// Name of the signal.
        name: String,
    },
    /// Another flow is to be run; [`Stimulus::CallEnded`] or [`Stimulus::CallFailed`] answers.
    Call {
        /// Number of the activity.
        activity: u32,
        /// The call activity.
        element: String,
        /// What is called.
        called: String,
        /// The turn, where the call is repeated.
        turn: Option<u32>,
        /// The item that the turn is for.
        item: Option<String>,
    },
    /// What was called is no longer waited for.
    Recall {
        /// Number of the activity.
        activity: u32,
        /// The call activity.
        element: String,
        /// What was called.
        called: String,
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
        Stimulus::Message { name, key } => message::receive(run, name, key.as_deref()),
        Stimulus::Signal { name } => signal::receive(run, name),
        Stimulus::CallEnded { activity, outcome } => call_activity::ended(run, *activity, outcome.as_deref()),
        Stimulus::CallFailed { activity, error } => call_activity::failed(run, *activity, error),
        Stimulus::Cancel { reason } => cancel(run, reason),
        Stimulus::Suspend => suspend(run),
        Stimulus::Resume => resume(run),
        Stimulus::Move { activity, to } => user_task::relocate(run, *activity, to),
    }
}

fn start(run: &mut Run<'_>) -> Result<(), FlowError> {
    run.emit(Event::Started { at: run.now, semantics: SEMANTICS });
    event_sub_process::arm(run, None, None)?;
    run.fly(Flight::to(run.def.net.start, None));
    Ok(())
}

fn cancel(run: &mut Run<'_>, reason: &str) -> Result<(), FlowError> {
    for token in run.tokens_in(None) {
        run.withdraw(token, How::Cancelled);
    }
    run.detach(WHOLE);
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
