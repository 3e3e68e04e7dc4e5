//! Removes the records whose time is over, rule by rule, as long as the rule stands; archives them before, where the rule says
//! so. What stays, under legal hold or because it cannot be archived, is told record by record.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use serde_json::json;
use store::job::{JobResult, JobRow};
use store::record::{Ended, RecordRow};
use store::{Sql, Statement, Tx, WriteSet, record};
use uuid::Uuid;

use super::{Kind, Step};
use crate::archive::{self, Ready};
use crate::journal::Cause;
use crate::retention::{self, Action, Rule};
use crate::{Desk, DeskError, Env};

/// Records of one step that only removes.
const TOGETHER: i64 = 50;
/// Records of one step that archives them: their files are written before the first of them goes.
const ARCHIVED_TOGETHER: i64 = 10;

#[derive(Serialize, Deserialize)]
struct Params {
    rules: Vec<Rule>,
}

/// Where a job stands: the rule, the last record of it, and what it came to so far.
#[derive(Default, Serialize, Deserialize)]
struct Place {
    rule: usize,
    after: Option<Uuid>,
    #[serde(default)]
    removed: i64,
    #[serde(default)]
    archived: i64,
    #[serde(default)]
    kept: i64,
}

impl Place {
    fn read(job: &JobRow) -> Result<Self, DeskError> {
        let place = job.place.as_deref().map_or_else(|| Ok(Self::default()), serde_json::from_str);
        place.map_err(|error| DeskError::outside("read where a job goes on", error))
    }

    fn write(&self) -> Result<String, DeskError> {
        serde_json::to_string(self).map_err(|error| DeskError::outside("write where a job goes on", error))
    }

    /// The same job at its next rule.
    fn next_rule(self) -> Self {
        Self { rule: self.rule + 1, after: None, ..self }
    }

    /// Goes on to a rule that stands as it did: what was changed or withdrawn since the job was queued is for the job of the
    /// next day.
    fn at_standing(mut self, rules: &[Rule], standing: &[Rule]) -> Self {
        while rules.get(self.rule).is_some_and(|rule| !standing.contains(rule)) {
            self = self.next_rule();
        }
        self
    }

    fn due<'a>(&self, rule: &'a Rule, now: i64) -> Ended<'a> {
        let limit = if rule.action == Action::Archive { ARCHIVED_TOGETHER } else { TOGETHER };
        Ended { type_key: &rule.type_key, phase: &rule.phase, before: rule.before(now), after: self.after, limit }
    }
}

/// Queues the job for the rules in force; none without rules.
pub fn queue(env: &Env, sql: &mut dyn Sql) -> Result<Option<Statement>, DeskError> {
    let rules = retention::rules(sql)?;
    if rules.is_empty() {
        return Ok(None);
    }
    let (_, statement) = super::queue(env, sql, Kind::Retention, &json!(Params { rules }), None, None, 0);
    Ok(Some(statement))
}

/// Archives that are stored for the next step.
pub(crate) struct Archives {
    /// The rule that they were made for.
    rule: usize,
    /// By record; or why there is none.
    made: HashMap<Uuid, Result<Ready, String>>,
}

/// Writes and stores the archives of the records that the next step will find; none when its rule makes none.
pub(super) async fn prepare(desk: &Desk, job: &JobRow) -> Result<Option<Archives>, DeskError> {
    let Params { rules } = super::params(job)?;
    let place = Place::read(job)?;
    let due = desk.query(move |env, sql| {
        let place = place.at_standing(&rules, &retention::rules(sql)?);
        let Some(rule) = rules.get(place.rule).filter(|rule| rule.action == Action::Archive) else { return Ok(None) };
        let mut records = Vec::new();
        for row in record::ended(sql, place.due(rule, env.world.now()))? {
            if retention::kept(sql, &row)?.is_none() {
                records.push(row.id);
            }
        }
        Ok(Some((place.rule, records)))
    });
    let Some((rule, records)) = due.await? else { return Ok(None) };
    let mut made = HashMap::new();
    for id in records {
        match archive::prepare(desk, id).await {
            Ok(Some(ready)) => made.insert(id, Ok(ready)),
            Ok(None) => None,
            // Not this record's fault: the step is tried again.
            Err(error @ (DeskError::Store(_) | DeskError::ReadOnly { .. })) => return Err(error),
            // One record that cannot be archived does not keep the others.
            Err(error) => made.insert(id, Err(format!("it cannot be archived: {error}"))),
        };
    }
    Ok(Some(Archives { rule, made }))
}

pub(super) fn step(env: &Env, tx: &mut dyn Tx, job: &JobRow, archives: Option<&Archives>) -> Result<Step, DeskError> {
    let Params { rules } = super::params(job)?;
    let mut place = Place::read(job)?.at_standing(&rules, &retention::standing(tx)?);
    let Some(rule) = rules.get(place.rule) else {
        let result = json!({ "removed": place.removed, "archived": place.archived, "kept": place.kept });
        return Ok(Step { done: job.done, result: Some(result), ..Step::default() });
    };
    let archives = archives.filter(|archives| archives.rule == place.rule);
    if rule.action == Action::Archive && archives.is_none() {
        // The rule before was withdrawn after this step was prepared: the next one is prepared for this rule.
        return Ok(Step { done: job.done, place: Some(place.write()?), ..Step::default() });
    }
    let now = env.world.now();
    let wanted = place.due(rule, now);
    let due = record::lock_ended(tx, wanted)?;
    let (mut set, mut results) = (WriteSet::default(), Vec::new());
    for row in &due {
        let no = job.done + 1 + results.len() as i64;
        let (outcome, message) = match what_becomes(tx, rule, row, archives)? {
            Becomes::Kept(why) => {
                place.kept += 1;
                ("kept", Some(why))
            }
            Becomes::Removed(archive) => {
                let cause = Cause::system(&env.world, "retention");
                set.statements.extend(retention::remove(env, tx, &cause, row, rule, archive)?.statements);
                *if archive.is_some() { &mut place.archived } else { &mut place.removed } += 1;
                (if archive.is_some() { "archived" } else { "removed" }, None)
            }
        };
        results.push(JobResult { no, subject: row.number.clone(), outcome: outcome.to_owned(), message });
    }
    if (due.len() as i64) < wanted.limit {
        place = place.next_rule();
    } else {
        place.after = due.last().map(|row| row.id);
    }
    Ok(Step { set, done: job.done + due.len() as i64, place: Some(place.write()?), results, result: None })
}

/// What becomes of a record whose time is over.
enum Becomes<'a> {
    /// It stays, and why.
    Kept(String),
    /// It goes, with the archive that was made of it.
    Removed(Option<&'a Ready>),
}

fn what_becomes<'a>(tx: &mut dyn Tx, rule: &Rule, row: &RecordRow, archives: Option<&'a Archives>) -> Result<Becomes<'a>, DeskError> {
    if let Some(why) = retention::kept(tx, row)? {
        return Ok(Becomes::Kept(why.to_owned()));
    }
    if rule.action == Action::Remove {
        return Ok(Becomes::Removed(None));
    }
    Ok(match archives.and_then(|archives| archives.made.get(&row.id)) {
        Some(Ok(ready)) if ready.version == row.version => Becomes::Removed(Some(ready)),
        Some(Err(why)) => Becomes::Kept(why.clone()),
        Some(Ok(_)) | None => Becomes::Kept("it changed while it was archived: the next day's job takes it".to_owned()),
    })
}
