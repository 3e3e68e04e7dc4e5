//! Gives the open steps that people hold in a team they have left back to that team.

use serde::Deserialize;
use serde_json::json;
use store::job::JobRow;
use store::{Tx, WriteSet};
use uuid::Uuid;

use super::Step;
use crate::journal::Cause;
use crate::record::Content;
use crate::record::read::{self, Target};
use crate::record::write::{self, Event};
use crate::{DeskError, Env};

/// Steps of one transaction.
const TOGETHER: i64 = 20;

#[derive(Deserialize)]
struct Params {
    team: Uuid,
    people: Vec<Uuid>,
}

pub(super) fn step(env: &Env, tx: &mut dyn Tx, job: &JobRow) -> Result<Step, DeskError> {
    let Params { team, people } = super::params(job)?;
    // Who has come back meanwhile keeps what they hold.
    let people: Vec<Uuid> = people.into_iter().filter(|person| !env.directory.teams_of(*person).contains(&team)).collect();
    let held = store::task::held_in_team(tx, &people, team, TOGETHER)?;
    let (mut step, mut records) = (Step { done: job.done, ..Step::default() }, Vec::new());
    for (record, activity) in &held {
        // The second step of one record is for the next transaction: it would be prepared on what the first has not written yet.
        if records.contains(record) {
            continue;
        }
        records.push(*record);
        let cause = Cause { correlation: job.id, causation: Some(job.id), ..Cause::system(&env.world, "left_team") };
        step.set.statements.extend(give_back(env, tx, &cause, *record, *activity, "left_team")?.statements);
        step.done += 1;
    }
    if held.is_empty() {
        step.result = Some(json!({ "given_back": step.done }));
    }
    Ok(step)
}

/// Prepares giving a held step back to its team, with a coded reason.
pub(crate) fn give_back(
    env: &Env,
    sql: &mut dyn store::Sql,
    cause: &Cause,
    record: Uuid,
    activity: u32,
    reason: &str,
) -> Result<WriteSet, DeskError> {
    let loaded = read::load(env, sql, &Target::Id(record))?;
    let content = Content { reason: Some(reason.to_owned()), ..Content::default() };
    let command = pack::Command::HandBack { activity };
    Ok(write::perform(env, sql, cause, &loaded, &command, &Event::public("assigned"), content)?.set)
}
