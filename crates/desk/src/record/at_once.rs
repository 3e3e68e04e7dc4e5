//! Opening a record and doing the first thing to it as one: a call that was answered while it lasted. Both or nothing, an entry each.

use serde_json::{Map, Value};
use store::{Tx, WriteSet};

use super::act::{act, fields_of};
use super::notify;
use super::open::{self, Open};
use super::read::{self, Loaded, Target};
use crate::journal::Cause;
use crate::{Actor, DeskError, Env};

/// What is done to the new record.
#[derive(Clone, Debug)]
pub struct Then {
    /// A command, or an outcome of the flow.
    pub action: String,
    /// What comes with it.
    pub fields: Map<String, Value>,
}

/// Opens the record and does it, in the caller's transaction. Refusals of the action point into `then`.
pub fn open_and_act(env: &Env, tx: &mut dyn Tx, cause: &Cause, actor: &Actor, command: &Open, then: &Then) -> Result<Loaded, DeskError> {
    let mut opened = open::decide(env, tx, cause, actor, command, stays(&then.action))?;
    tx.apply(&opened.written.set)?;
    let target = Target::Id(opened.written.row.id);
    let next = Cause { command: env.world.id(), causation: Some(cause.command), ..cause.clone() };
    let acted = act(env, tx, &next, actor, &target, &then.action, &then.fields).map_err(|error| error.under("/then"))?;
    tx.apply(&acted.set)?;
    // Whoever is told what came of it is not told as well that somebody will soon look at it.
    opened.written.set = WriteSet::default();
    notify::add_but(env, tx, &opened.cause, &mut opened.written, &opened.effects, &acted.recipients)?;
    tx.apply(&opened.written.set)?;
    read::load(env, tx, &target)
}

/// Whether a new record stays where it is after an action: outcomes lead on, and these name a person or end it. Then nobody is given
/// what is not theirs a moment later.
fn stays(action: &str) -> bool {
    fields_of(action).is_some() && !matches!(action, "accept" | "assign" | "cancel")
}
