//! From the process's facts to the write set of a command.

use std::sync::Arc;

use store::record::{Indexed, RecordRow};
use store::reminder::ReminderRow;
use store::task::TaskRow;
use store::{Sql, WriteSet};
use uuid::Uuid;

use super::content::{Content, Decided};
use super::fold::{self, Extent, Frame};
use super::{Loaded, notify};
use crate::env::Pinned;
use crate::journal::{self, Cause, Fact};
use crate::notice::{self, Reach, Told};
use crate::{DeskError, Env, affected, dispatch};

/// What a command has decided, ready to be applied.
pub struct Written {
    /// Everything it writes.
    pub set: WriteSet,
    /// The record as it will be.
    pub row: RecordRow,
    /// The definitions it is pinned to.
    pub pinned: Arc<Pinned>,
    /// The new entry of its journal.
    pub seq: i64,
    /// When that happened.
    pub occurred_at: i64,
    /// Who will follow it, where the command changes that.
    pub watchers: Option<Vec<Uuid>>,
    /// What somebody will have to see to, where the command changes that.
    pub reminders: Option<Vec<ReminderRow>>,
    /// Who is sent a message because of it.
    pub recipients: Vec<uuid::Uuid>,
    /// How many who only said that it affects them are sent one too.
    pub affected: i64,
    /// Who finds it among their notices.
    pub told: Reach,
}

/// What happened, in the words of the journal.
pub struct Event {
    /// Event type.
    pub name: &'static str,
    /// `public` or `internal`.
    pub visibility: &'static str,
}

impl Event {
    /// An event that requesters may see.
    pub const fn public(name: &'static str) -> Self {
        Self { name, visibility: "public" }
    }

    /// An event for those who work on the record.
    pub const fn internal(name: &'static str) -> Self {
        Self { name, visibility: "internal" }
    }
}

/// Lets the process perform a command on a loaded record and builds the write set.
pub fn perform(
    env: &Env,
    sql: &mut dyn Sql,
    cause: &Cause,
    loaded: &Loaded,
    command: &pack::Command,
    event: &Event,
    mut content: Content,
) -> Result<Written, DeskError> {
    let before = loaded.process(env)?;
    let performed = pack::perform(&loaded.pinned.pack, Some(&before), command, now(env, cause)).map_err(refusal)?;
    let (performed, choices) =
        dispatch::offer(env, sql, cause, (&loaded.pinned, (loaded.row.id, loaded.row.version + 1)), Some(&before), performed)?;
    let mut after = before.clone();
    after.apply(&performed.facts);
    content.decisions = decided(&performed);
    content.choices = choices;
    content.facts = performed.facts;
    let frame = frame(&loaded.row);
    let part = Part { frame: &frame, pinned: &loaded.pinned, before: Some((&loaded.row, &before)), after: &after };
    let event = if is_behind(loaded, event, &content) { &Event::internal(event.name) } else { event };
    let mut written = build(env, sql.dialect(), cause, &part, event, &content)?;
    notify::add(env, sql, cause, &mut written, &performed.effects, content.body.as_deref())?;
    affected::tell(env, sql, cause, &mut written, &loaded.row)?;
    Ok(written)
}

/// Whether an edit changed only what requesters do not see: then that there was one is not theirs to know either.
fn is_behind(loaded: &Loaded, event: &Event, content: &Content) -> bool {
    let edits = &content.facts.edits;
    event.name == "edited" && !edits.is_empty() && edits.iter().all(|edit| !loaded.pinned.shows(&edit.field, false))
}

/// The instant of a command: when it happened outside, else now.
pub fn now(env: &Env, cause: &Cause) -> i64 {
    cause.occurred_at.unwrap_or_else(|| env.world.now())
}

/// What stays the same of a record.
pub fn frame(row: &RecordRow) -> Frame {
    Frame { id: row.id, type_key: row.type_key.clone(), number: row.number.clone(), pack: row.pack }
}

/// A command that changes nothing: no entry, and the record as it is.
pub fn nothing(loaded: &Loaded) -> Written {
    Written {
        set: WriteSet::default(),
        row: loaded.row.clone(),
        pinned: Arc::clone(&loaded.pinned),
        seq: loaded.row.version,
        occurred_at: loaded.row.updated_at,
        watchers: None,
        reminders: None,
        recipients: Vec::new(),
        affected: 0,
        told: Reach::default(),
    }
}

/// Writes an entry that changes nothing but the journal: a comment, an attachment, a link.
pub fn note(env: &Env, sql: &mut dyn Sql, cause: &Cause, loaded: &Loaded, event: &Event, content: &Content) -> Result<Written, DeskError> {
    let record = loaded.process(env)?;
    let frame = frame(&loaded.row);
    let part = Part { frame: &frame, pinned: &loaded.pinned, before: Some((&loaded.row, &record)), after: &record };
    build(env, sql.dialect(), cause, &part, event, content)
}

/// A record before and after, of which the difference is written.
pub struct Part<'a> {
    /// What stays the same.
    pub frame: &'a Frame,
    /// The definitions.
    pub pinned: &'a Arc<Pinned>,
    /// Row and process before; none for a new record.
    pub before: Option<(&'a RecordRow, &'a pack::Record)>,
    /// Process after.
    pub after: &'a pack::Record,
}

/// Builds entry, row, tasks, timers and indexed values.
pub fn build(
    env: &Env,
    dialect: decide::Dialect,
    cause: &Cause,
    part: &Part<'_>,
    event: &Event,
    content: &Content,
) -> Result<Written, DeskError> {
    let (version, chain) = part.before.map_or((0, Vec::new()), |(row, _)| (row.version, row.chain.clone()));
    let stood_in = part.before.and_then(|(row, _)| stood_in_for(env, cause, row));
    let cause = &Cause { on_behalf_of: cause.on_behalf_of.or(stood_in), ..cause.clone() };
    let fact = Fact {
        kind: "record",
        aggregate: part.frame.id,
        version,
        chain: &chain,
        event: event.name,
        definition: Some(part.frame.pack),
        visibility: event.visibility,
    };
    let entry = journal::entry(&env.keyring, &env.world, cause, &fact, content)?;
    let extent = part.before.map_or_else(Extent::default, |(row, _)| Extent::of(row)).and(&entry);
    let pack = &part.pinned.pack;
    let row = fold::to_row(&env.directory, pack, part.frame, part.after, extent)?;
    let mut set = WriteSet::default();
    set.push(if version == 0 { store::record::insert(&row) } else { store::record::update(&row, version) });
    set.statements.extend(journal::statements(&entry, dialect));
    push_tasks(env, &mut set, part);
    push_timers(&mut set, part);
    push_values(env, &mut set, part);
    let told = Told { before: part.before.map(|(row, _)| row), after: &row, event, content, at: entry.occurred_at };
    let told = notice::tell(env, &mut set, cause, &told);
    let (pinned, seq, occurred_at) = (Arc::clone(part.pinned), entry.seq, entry.occurred_at);
    Ok(Written { set, row, pinned, seq, occurred_at, watchers: None, reminders: None, recipients: Vec::new(), affected: 0, told })
}

/// Whose turn it was when somebody acted who stands in for them today. What people do on their own requests is their own.
fn stood_in_for(env: &Env, cause: &Cause, before: &RecordRow) -> Option<uuid::Uuid> {
    let actor = cause.actor.filter(|actor| *actor != before.requester)?;
    let turn = before.assignee.or_else(|| env.directory.duty_of(before.team?))?;
    env.directory.stands_in_for(actor, env.world.now()).map(|away| away.person).find(|person| *person == turn)
}

/// The open steps of a record as rows.
pub fn tasks(env: &Env, record: Uuid, process: &pack::Record) -> Vec<TaskRow> {
    let suspended = process.instance.suspended_at.is_some();
    let row = |step: &pack::Step| TaskRow {
        record,
        activity: step.activity,
        element: step.element.clone(),
        team: fold::team_id(env, step.team.as_deref()),
        assignee: step.assignee.as_deref().and_then(|id| id.parse().ok()),
        opened_at: step.opened_at,
        accepted_at: step.accepted_at,
        due_at: None,
        suspended,
    };
    process.steps.iter().map(row).collect()
}

fn push_tasks(env: &Env, set: &mut WriteSet, part: &Part<'_>) {
    let before = part.before.map_or_else(Vec::new, |(_, process)| tasks(env, part.frame.id, process));
    let after = tasks(env, part.frame.id, part.after);
    for gone in before.iter().filter(|old| !after.iter().any(|new| new.activity == old.activity)) {
        set.push(store::task::remove(part.frame.id, gone.activity));
    }
    for task in after.iter().filter(|task| !before.contains(task)) {
        set.push(store::task::put(task));
    }
}

/// The running timers of a record as (timer, due); a timer that a hold has stopped is not due at all.
pub fn timers(process: &pack::Record) -> Vec<(u32, i64)> {
    process.instance.timers.iter().filter(|timer| timer.remaining.is_none()).map(|timer| (timer.id, timer.due)).collect()
}

fn push_timers(set: &mut WriteSet, part: &Part<'_>) {
    let before = part.before.map_or_else(Vec::new, |(_, process)| timers(process));
    let after = timers(part.after);
    for (timer, _) in before.iter().filter(|(old, _)| !after.iter().any(|(new, _)| new == old)) {
        set.push(store::timer::remove(part.frame.id, *timer));
    }
    for (timer, due) in after.iter().filter(|timer| !before.contains(timer)) {
        set.push(store::timer::put(part.frame.id, *timer, *due));
    }
}

/// An indexed value of a field as the side table holds it.
pub fn indexed(value: Option<&serde_json::Value>, column: &str) -> Option<Indexed> {
    match (column, value?) {
        (_, serde_json::Value::Null) => None,
        ("number", value) => value.as_f64().map(Indexed::Number),
        ("instant", value) => value.as_i64().map(Indexed::Instant),
        (_, serde_json::Value::String(text)) => Some(Indexed::Text(text.clone())),
        (_, value) => Some(Indexed::Text(value.to_string())),
    }
}

/// Which fields are indexed says the newest version of the pack, for all records alike: lists ask by it.
fn push_values(env: &Env, set: &mut WriteSet, part: &Part<'_>) {
    let newest = env.packs.newest(&part.frame.type_key).unwrap_or(part.pinned);
    for (field, column) in &newest.indexed {
        let before = part.before.and_then(|(_, process)| indexed(process.values.get(field), column));
        let after = indexed(part.after.values.get(field), column);
        if before != after {
            set.push(store::record::put_value(part.frame.id, field, after.as_ref()));
        }
    }
}

/// The decisions of a performed command as the journal keeps them.
pub fn decided(performed: &pack::Performed) -> Vec<Decided> {
    let decisions = performed.decisions.iter();
    decisions
        .map(|d| Decided {
            decision: d.decision.clone(),
            hits: d.hits.clone(),
            output: serde_json::to_value(&d.output).unwrap_or_default(),
            inputs: d.inputs.clone(),
            left: d.left.clone(),
        })
        .collect()
}

/// A refusal of the process in the desk's terms.
pub fn refusal(refusal: pack::Refusal) -> DeskError {
    match refusal {
        pack::Refusal::Invalid(errors) => {
            DeskError::Invalid(errors.into_iter().map(|e| crate::FieldError::new(e.pointer, e.code, e.message)).collect())
        }
        other => DeskError::NotAvailable(other.to_string()),
    }
}
