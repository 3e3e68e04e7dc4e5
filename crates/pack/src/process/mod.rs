//! The record process: one command in, facts and effects out.
//!
//! Every command works on a [`Work`]: a copy of the record that the command changes and that knows how to say what
//! changed. A command reads the record, asks the flow, lets the flow's events settle, and the difference is the answer.

mod accept;
mod assign;
mod cancel;
mod command;
mod comment;
mod complete;
mod derive;
mod edit;
mod facts;
mod hold;
mod move_to;
mod open;
mod performed;
mod rate;
mod record;
mod settle;
mod stimulus;
mod urge;
mod values;
mod work;

pub use command::Command;
pub use facts::{Check, CheckState, Edit, Facts, StateMove, StepFact};
pub use performed::{Effect, Explained, FieldError, Performed, Refusal};
pub use record::{Record, Step};
pub(crate) use settle::{NOTIFY, field_reference};
pub(crate) use urge::AGAIN as URGED_AGAIN;

use crate::Pack;
use work::Work;

/// Lets a command act on a record. Pure: the record given is not changed, and equal arguments give equal answers.
/// `before` is none for [`Command::Open`] alone.
pub fn perform(pack: &Pack, before: Option<&Record>, command: &Command, now: i64) -> Result<Performed, Refusal> {
    let empty = Record::default();
    let before = match (before, command) {
        (None, Command::Open { .. }) => &empty,
        (Some(record), command) if !matches!(command, Command::Open { .. }) => record,
        (None, _) => return Err(Refusal::not_available("there is no record yet")),
        (Some(_), _) => return Err(Refusal::not_available("the record is open already")),
    };
    let mut work = Work::new(pack, before, now);
    if let Command::Comment { by, internal } = command {
        return Ok(comment::comment(work, by, *internal));
    }
    run(&mut work, command)?;
    work.finish()
}

fn run(work: &mut Work<'_>, command: &Command) -> Result<(), Refusal> {
    work.notify(command.key());
    match command {
        Command::Open { values } => open::open(work, values),
        Command::Complete { activity, outcome, values } => complete::complete(work, *activity, outcome, values),
        Command::Edit { values, reason } => edit::edit(work, values, reason.as_deref()),
        Command::Accept { by } => accept::accept(work, by),
        Command::Assign { activity, team, assignee, reason, note: _ } => {
            let wish = assign::Wish { team: team.as_deref(), assignee: assignee.as_deref(), reason: reason.as_deref() };
            assign::assign(work, *activity, &wish)
        }
        Command::HandBack { activity } => assign::hand_back(work, *activity),
        Command::Hold { reason, note: _ } => hold::hold(work, reason),
        Command::Resume => hold::resume(work),
        Command::Cancel { reason } => cancel::cancel(work, reason),
        Command::FireTimer { timer } => stimulus::fire(work, *timer),
        Command::Message { name } => stimulus::receive(work, name),
        Command::Rate { score, comment } => rate::rate(work, *score, comment.as_deref()),
        Command::Urge => urge::urge(work),
        Command::Move { activity, to } => move_to::move_to(work, *activity, to),
        // Answered before: it has no facts to settle.
        Command::Comment { .. } => Ok(()),
    }
}
