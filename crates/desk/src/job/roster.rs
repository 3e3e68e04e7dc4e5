//! Imports people or entries of the organisation from a file, part by part; then ends what the file does not have.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Map, json};
use store::job::{JobResult, JobRow};
use store::{Sql, Tx, WriteSet, job_input};
use uuid::Uuid;

use super::Step;
use crate::directory::Item;
use crate::journal::Cause;
use crate::roster::take::{Intake, Taken, asker};
use crate::roster::{Line, Params, TOGETHER};
use crate::{DeskError, Env};

/// Where a job stands, and what it came to so far.
#[derive(Default, Serialize, Deserialize)]
struct Place {
    /// The last part taken in.
    part: i64,
    /// The last of what is there that was compared with the file: an identity or a key.
    #[serde(default)]
    after: Option<String>,
    /// Results told so far; of what the file does not have they follow those of its lines.
    #[serde(default)]
    told: i64,
    #[serde(default)]
    last_line: i64,
    #[serde(default)]
    created: i64,
    #[serde(default)]
    updated: i64,
    #[serde(default)]
    unchanged: i64,
    #[serde(default)]
    deactivated: i64,
    #[serde(default)]
    rejected: i64,
}

impl Place {
    fn count(&mut self, outcome: &str) {
        let counter = match outcome {
            "created" => &mut self.created,
            "updated" => &mut self.updated,
            "unchanged" => &mut self.unchanged,
            "deactivated" => &mut self.deactivated,
            _ => &mut self.rejected,
        };
        *counter += 1;
    }
}

pub(super) fn step(env: &Env, tx: &mut dyn Tx, job: &JobRow) -> Result<Step, DeskError> {
    let params: Params = super::params(job)?;
    let place = job.place.as_deref().map_or_else(|| Ok(Place::default()), serde_json::from_str);
    let mut place: Place = place.map_err(|error| DeskError::outside("read where a job goes on", error))?;
    let actor = asker(env, tx, job.created_by)?;
    actor.require(&params.about.action())?;
    let cause = Cause { correlation: job.id, ..Cause::of(&env.world, actor.user.id, "import") };
    let intake = Intake { params: &params, actor: &actor, cause: &cause };
    let mut step = Step { done: job.done, ..Step::default() };
    let missing = params.deactivate_missing && params.whole;
    let ended = if place.part < params.parts {
        take_part(env, tx, job.id, &intake, &mut place, &mut step)?;
        place.part == params.parts && !missing
    } else {
        end_missing(env, tx, job.id, &intake, &mut place, &mut step)?
    };
    if params.dry_run {
        step.set = WriteSet::default();
    }
    if ended {
        step.set.push(job_input::clear(job.id));
        step.result = Some(json!({
            "created": place.created, "updated": place.updated, "unchanged": place.unchanged, "deactivated": place.deactivated,
            "rejected": place.rejected, "dry_run": params.dry_run, "kind": params.about, "file": params.file,
            // Rows without a key: who they are is not known, so nobody was ended for being left out.
            "deactivation_skipped": params.deactivate_missing && !params.whole,
        }));
    }
    step.place = Some(serde_json::to_string(&place).map_err(|error| DeskError::outside("write where a job goes on", error))?);
    Ok(step)
}

fn part<T: for<'a> Deserialize<'a>>(sql: &mut dyn Sql, job: Uuid, part: i64) -> Result<T, DeskError> {
    let gone = || DeskError::outside("read what a job works on", format!("part {part} is gone"));
    let body = job_input::find(sql, job, part)?.ok_or_else(gone)?;
    serde_json::from_str(&body).map_err(|error| DeskError::outside("read what a job works on", error))
}

fn tell(place: &mut Place, step: &mut Step, no: i64, taken: Taken) {
    place.count(taken.outcome);
    step.set.statements.extend(taken.set.statements);
    step.results.push(JobResult { no, subject: taken.subject, outcome: taken.outcome.to_owned(), message: taken.message });
}

fn take_part(env: &Env, tx: &mut dyn Tx, job: Uuid, intake: &Intake<'_>, place: &mut Place, step: &mut Step) -> Result<(), DeskError> {
    place.part += 1;
    let lines: Vec<Line> = part(tx, job, place.part)?;
    let mut env = env.clone();
    if intake.params.dry_run {
        stand_ins(&mut env, tx, job, intake, &lines)?;
    }
    for line in &lines {
        let taken = intake.row(&mut env, tx, line)?;
        place.last_line = place.last_line.max(line.no);
        tell(place, step, line.no, taken);
    }
    step.done += lines.len() as i64;
    Ok(())
}

/// What other parts would have made: without it a trial would refuse rows that refer to it.
fn stand_ins(env: &mut Env, tx: &mut dyn Tx, job: Uuid, intake: &Intake<'_>, lines: &[Line]) -> Result<(), DeskError> {
    let Some(kind) = intake.params.about.entry() else { return Ok(()) };
    let keys: BTreeSet<String> = part(tx, job, 0)?;
    let here: BTreeSet<String> = lines.iter().map(|line| intake.subject(line)).collect();
    let unknown: Vec<String> = keys.into_iter().filter(|key| !here.contains(key) && env.directory.by_key(kind, key).is_none()).collect();
    for key in unknown {
        let item = Item { id: env.world.id(), kind, key, active: true, data: Map::new(), version: 0, chain: Vec::new() };
        Arc::make_mut(&mut env.directory).insert(item);
    }
    Ok(())
}

/// Ends some of what is there and not in the file; says whether that was all.
fn end_missing(env: &Env, tx: &mut dyn Tx, job: Uuid, intake: &Intake<'_>, place: &mut Place, step: &mut Step) -> Result<bool, DeskError> {
    let keys: BTreeSet<String> = part(tx, job, 0)?;
    let mut taken = Vec::new();
    let seen = match intake.params.about.entry() {
        None => {
            let after = place.after.as_deref().and_then(|id| id.parse().ok()).unwrap_or_else(Uuid::nil);
            let rows = store::user::after(tx, after, TOGETHER as i64)?;
            for row in rows.iter().filter(|row| !keys.contains(&row.username)) {
                taken.extend(intake.end_user(env, tx, row)?);
            }
            place.after = rows.last().map(|row| row.id.to_string());
            rows.len()
        }
        Some(kind) => {
            let after = place.after.clone().unwrap_or_default();
            let items = env.directory.of_kind(kind).into_iter().filter(|item| item.key > after).take(TOGETHER);
            let found: Vec<(String, bool)> = items.map(|item| (item.key.clone(), item.active)).collect();
            for (key, _) in found.iter().filter(|(key, active)| *active && !keys.contains(key)) {
                taken.push(intake.end_entry(env, tx, kind, key)?);
            }
            place.after = found.last().map(|(key, _)| key.clone());
            found.len()
        }
    };
    for one in taken {
        place.told += 1;
        let no = place.last_line + place.told;
        tell(place, step, no, one);
    }
    Ok(seen < TOGETHER)
}
