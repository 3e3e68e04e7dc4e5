//! A record's rows against the fold of its journal.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use serde_json::Value;
use store::archive::ArchiveRow;
use store::index_building::Building;
use store::legal_hold::LegalHold;
use store::record::{Indexed, RecordRow, is_open};
use store::reminder::ReminderRow;
use store::task::TaskRow;
use store::{Sql, StoreError};
use uuid::Uuid;

use super::fault::{Fault, difference, shown};
use super::history::History;
use super::rows::Rows;
use crate::env::Pinned;
use crate::record::fold::Extent;
use crate::record::replay::Replay;
use crate::record::{fold, write};
use crate::{DeskError, Env};

/// What comparing records needs.
pub struct Records<'a> {
    /// Directory and packs of the same moment.
    pub env: &'a Env,
    /// First free number of every block.
    pub blocks: &'a HashMap<String, i64>,
    /// Fields whose index is not whole yet.
    pub building: Vec<Building>,
    /// Definitions that could not be used, so that each is told once.
    unusable: BTreeMap<Uuid, String>,
}

impl<'a> Records<'a> {
    /// Ready to compare.
    pub fn new(env: &'a Env, blocks: &'a HashMap<String, i64>, building: Vec<Building>) -> Self {
        Self { env, blocks, building, unusable: BTreeMap::new() }
    }

    /// Pack versions that records are pinned to and that cannot be used, with the reason.
    pub fn unusable(&self) -> &BTreeMap<Uuid, String> {
        &self.unusable
    }

    /// A pack version with its content; none when it cannot be used, which is told at the end.
    pub fn pinned(&mut self, sql: &mut dyn Sql, id: Uuid) -> Result<Option<Arc<Pinned>>, StoreError> {
        if self.unusable.contains_key(&id) {
            return Ok(None);
        }
        match self.env.packs.pinned(sql, id) {
            Ok(pinned) => Ok(Some(pinned)),
            Err(DeskError::Store(error)) => Err(error),
            Err(error) => {
                self.unusable.insert(id, error.to_string());
                Ok(None)
            }
        }
    }

    /// Compares everything of one record.
    pub fn compare(&mut self, sql: &mut dyn Sql, history: &History, fold: &Replay, rows: &Rows) -> Result<Vec<Fault>, StoreError> {
        let mut faults = Vec::new();
        let Some(frame) = fold.frame(history.id) else {
            faults.push(Fault::Fold("no entry says what record it is".to_owned()));
            return Ok(faults);
        };
        let Some(pinned) = self.pinned(sql, frame.pack)? else { return Ok(faults) };
        // The chain of the row is compared with the journal's own apart.
        let extent = Extent { version: history.seq, chain: history.chain.clone(), ..fold.extent.clone() };
        let folded = match fold::to_row(&self.env.directory, &pinned.pack, &frame, &fold.record, extent) {
            Ok(row) => row,
            Err(error) => {
                faults.push(Fault::Fold(error.to_string()));
                return Ok(faults);
            }
        };
        for found in &rows.records {
            columns(&found.row, &folded, &mut faults);
            if found.is_open != is_open(&folded.phase) {
                faults.push(Fault::Column { column: "is_open", row: shown(&found.is_open), journal: shown(&is_open(&folded.phase)) });
            }
        }
        self.beside(&pinned, history.id, fold, rows, &mut faults);
        alive(&folded, &fold.record, &mut faults);
        self.number(&folded.number, &mut faults);
        Ok(faults)
    }

    /// What stands in tables of its own.
    fn beside(&self, pinned: &Arc<Pinned>, id: Uuid, fold: &Replay, rows: &Rows, faults: &mut Vec<Fault>) {
        let tasks = write::tasks(self.env, id, &fold.record);
        sets("task", keyed(&rows.tasks, task_key), keyed(&tasks, task_key), task, faults);
        let timers = write::timers(&fold.record);
        sets("timer", keyed(&rows.timers, timer_key), keyed(&timers, timer_key), timer, faults);
        // The newest version says which fields are indexed; those that a job is still at mean nothing.
        let type_key = pinned.pack.key();
        let newest = self.env.packs.newest(type_key).unwrap_or(pinned);
        let is_whole = |field: &str| !self.building.iter().any(|building| building.type_key == type_key && building.field == field);
        let values = newest.indexed.iter().filter(|(field, _)| is_whole(field));
        let values =
            values.filter_map(|(field, column)| Some((field.clone(), Some(write::indexed(fold.record.values.get(field), column)?))));
        let values: Vec<(String, Option<Indexed>)> = values.collect();
        let found = rows.values.iter().filter(|value| is_whole(&value.field)).map(|value| (value.field.clone(), value.value.clone()));
        let found: Vec<(String, Option<Indexed>)> = found.collect();
        sets("indexed value", keyed(&found, |v| v.0.clone()), keyed(&values, |v| v.0.clone()), value, faults);
        let links: Vec<String> = fold.links.iter().map(|(kind, other)| format!("{kind} {other}")).collect();
        let found: Vec<String> = rows.links.iter().map(|link| format!("{} {}", link.kind, link.other)).collect();
        sets("link", keyed(&found, String::clone), keyed(&links, String::clone), |_, _| None, faults);
        let aliases: Vec<String> = fold.opened.iter().filter_map(|opened| opened.alias.as_ref()).map(alias_key).collect();
        let found: Vec<String> = rows.aliases.iter().map(alias_key).collect();
        sets("alias", keyed(&found, String::clone), keyed(&aliases, String::clone), |_, _| None, faults);
        attachments(fold, rows, faults);
        let held = |hold: &LegalHold| format!("{} {} {:?}", hold.reason, hold.at, hold.by);
        let holds: Vec<String> = fold.legal_hold.iter().map(held).collect();
        let found: Vec<String> = rows.legal_holds.iter().map(held).collect();
        sets("legal hold", keyed(&found, String::clone), keyed(&holds, String::clone), |_, _| None, faults);
        let stands = |(user, affected): &(Uuid, bool)| if *affected { format!("{user} affected") } else { user.to_string() };
        sets("watcher", keyed(&rows.watchers, stands), keyed(&fold.watchers, stands), |_, _| None, faults);
        let reminder = |row: &ReminderRow| format!("{row:?}");
        sets("reminder", keyed(&rows.reminders, reminder), keyed(&fold.reminders, reminder), |_, _| None, faults);
    }

    fn number(&self, number: &str, faults: &mut Vec<Fault>) {
        let parts = number.rsplit_once('-').and_then(|(key, digits)| Some((key, digits.parse::<i64>().ok()?)));
        let next = parts.and_then(|(key, _)| self.blocks.get(key)).copied().unwrap_or(1);
        if parts.is_none_or(|(_, n)| n < 1 || n >= next) {
            faults.push(Fault::Number { number: number.to_owned(), next });
        }
    }
}

fn task_key(task: &TaskRow) -> String {
    format!("{} ({})", task.activity, task.element)
}

fn timer_key(timer: &(u32, i64)) -> String {
    timer.0.to_string()
}

fn alias_key(alias: &(String, String)) -> String {
    format!("{} of {}", alias.1, alias.0)
}

fn keyed<T>(rows: &[T], key: impl Fn(&T) -> String) -> BTreeMap<String, &T> {
    rows.iter().map(|row| (key(row), row)).collect()
}

type Compare<T> = fn(&T, &T) -> Option<(&'static str, String, String)>;

/// Tells what is there and should not be, what is missing, and what differs.
fn sets<T>(what: &'static str, found: BTreeMap<String, &T>, folded: BTreeMap<String, &T>, compare: Compare<T>, faults: &mut Vec<Fault>) {
    for (which, row) in &found {
        match folded.get(which) {
            None => faults.push(Fault::Stray { what, which: which.clone() }),
            Some(of_journal) => {
                if let Some((column, row, journal)) = compare(row, of_journal) {
                    faults.push(Fault::Differs { what, which: which.clone(), column, row, journal });
                }
            }
        }
    }
    for which in folded.keys().filter(|which| !found.contains_key(*which)) {
        faults.push(Fault::Missing { what, which: which.clone() });
    }
}

fn task(found: &TaskRow, folded: &TaskRow) -> Option<(&'static str, String, String)> {
    let differs = |column, a: String, b: String| (a != b).then_some((column, a, b));
    differs("team", shown(&found.team), shown(&folded.team))
        .or_else(|| differs("assignee", shown(&found.assignee), shown(&folded.assignee)))
        .or_else(|| differs("opened_at", shown(&found.opened_at), shown(&folded.opened_at)))
        .or_else(|| differs("accepted_at", shown(&found.accepted_at), shown(&folded.accepted_at)))
        .or_else(|| differs("due_at", shown(&found.due_at), shown(&folded.due_at)))
        .or_else(|| differs("suspended", shown(&found.suspended), shown(&folded.suspended)))
}

fn timer(found: &(u32, i64), folded: &(u32, i64)) -> Option<(&'static str, String, String)> {
    (found.1 != folded.1).then(|| ("due_at", shown(&found.1), shown(&folded.1)))
}

fn value(found: &(String, Option<Indexed>), folded: &(String, Option<Indexed>)) -> Option<(&'static str, String, String)> {
    (found.1 != folded.1).then(|| ("value", shown(&found.1), shown(&folded.1)))
}

/// The archive of a record that was removed; one that is still there has none.
pub fn archive(history: &History, rows: &Rows, faults: &mut Vec<Fault>) {
    let key = |row: &ArchiveRow| row.number.clone();
    sets("archive", keyed(&rows.archives, key), keyed(history.archive.as_slice(), key), differs, faults);
}

fn differs(found: &ArchiveRow, folded: &ArchiveRow) -> Option<(&'static str, String, String)> {
    let differs = |column, a: String, b: String| (a != b).then_some((column, a, b));
    differs("type", shown(&found.type_key), shown(&folded.type_key))
        .or_else(|| differs("phase", shown(&found.phase), shown(&folded.phase)))
        .or_else(|| differs("ended_at", shown(&found.ended_at), shown(&folded.ended_at)))
        .or_else(|| differs("archived_at", shown(&found.archived_at), shown(&folded.archived_at)))
        .or_else(|| differs("content", hex::encode(&found.sha256), hex::encode(&folded.sha256)))
        .or_else(|| differs("size", shown(&found.size), shown(&folded.size)))
}

fn attachments(fold: &Replay, rows: &Rows, faults: &mut Vec<Fault>) {
    let what = "attachment";
    for row in &rows.attachments {
        let which = row.id.to_string();
        let Some((attached, visibility, by)) = fold.attachments.iter().find(|(attached, _, _)| attached.id == row.id) else {
            faults.push(Fault::Stray { what, which });
            continue;
        };
        let pairs = [
            ("name", shown(&row.name), shown(&attached.name)),
            ("content", hex::encode(&row.sha256), attached.sha256.clone()),
            ("size", shown(&row.size), shown(&Some(attached.size))),
            ("visibility", shown(&row.visibility), shown(visibility)),
            ("by_user", shown(&Some(row.by_user)), shown(by)),
        ];
        for (column, row, journal) in pairs.into_iter().filter(|(_, row, journal)| row != journal) {
            faults.push(Fault::Differs { what, which: which.clone(), column, row, journal });
        }
    }
    for (attached, _, _) in fold.attachments.iter().filter(|(attached, _, _)| !rows.attachments.iter().any(|row| row.id == attached.id)) {
        faults.push(Fault::Missing { what, which: attached.id.to_string() });
    }
}

/// Whether something can still happen to an open record, and its steps are those of its flow.
fn alive(row: &RecordRow, record: &pack::Record, faults: &mut Vec<Fault>) {
    let instance = &record.instance;
    let waits = !record.steps.is_empty() || !instance.timers.is_empty() || !instance.messages.is_empty();
    if is_open(&row.phase) && (instance.status.is_ended() || !waits) {
        faults.push(Fault::Stuck);
    }
    let mut steps: Vec<u32> = record.steps.iter().map(|step| step.activity).collect();
    let mut activities: Vec<u32> = instance.activities.iter().map(|activity| activity.id).collect();
    steps.sort_unstable();
    activities.sort_unstable();
    if steps != activities {
        faults.push(Fault::Steps { steps: shown(&steps), activities: shown(&activities) });
    }
}

/// Columns of the row that are not as folded.
fn columns(row: &RecordRow, folded: &RecordRow, faults: &mut Vec<Fault>) {
    macro_rules! differ {
        ($($column:ident),*) => {$(
            if row.$column != folded.$column {
                let fault = Fault::Column { column: stringify!($column), row: shown(&row.$column), journal: shown(&folded.$column) };
                faults.push(fault);
            }
        )*};
    }
    differ!(
        type_key,
        number,
        customer,
        state,
        phase,
        title,
        description,
        impact,
        urgency,
        priority,
        category,
        requester,
        reporter,
        channel,
        team,
        assignee,
        service,
        site,
        parent,
        opened_at,
        responded_at,
        resolved_at,
        closed_at,
        updated_at,
        reassign_count,
        reopen_count,
        pack,
        public_version,
        public_at
    );
    for (column, row, folded) in [("fields", &row.fields, &folded.fields), ("process", &row.process, &folded.process)] {
        // The order of values means nothing.
        let same = match (serde_json::from_str::<Value>(row), serde_json::from_str::<Value>(folded)) {
            (Ok(row), Ok(folded)) => row == folded,
            _ => false,
        };
        if !same {
            faults.push(Fault::Column { column, row: difference(row, folded), journal: difference(folded, row) });
        }
    }
}
