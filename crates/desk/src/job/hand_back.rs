//! Gives the open steps that people hold in a team they have left back to that team.

use serde::{Deserialize, Serialize};
use serde_json::json;
use store::Tx;
use store::job::{JobResult, JobRow};
use uuid::Uuid;

use super::Step;
use super::bulk::settle;
use crate::journal::Cause;
use crate::record::read::{self, Target};
use crate::record::write::{self, Event};
use crate::record::{Content, Written};
use crate::{DeskError, Env};

/// Steps of one transaction.
const TOGETHER: i64 = 20;

#[derive(Deserialize)]
struct Params {
    team: Uuid,
    people: Vec<Uuid>,
}

/// How far a job has come: past whom, and past which of their steps. A step that cannot be given back stays where it is.
#[derive(Default, Serialize, Deserialize)]
struct Place {
    person: usize,
    after: Option<(Uuid, u32)>,
    given_back: i64,
    refused: i64,
}

pub(super) fn step(env: &Env, tx: &mut dyn Tx, job: &JobRow) -> Result<Step, DeskError> {
    let Params { team, people } = super::params(job)?;
    let mut place: Place = match &job.place {
        Some(text) => serde_json::from_str(text).map_err(|error| DeskError::outside("read where a job goes on", error))?,
        None => Place::default(),
    };
    let (mut step, mut written) = (Step::default(), Vec::new());
    while let Some(person) = people.get(place.person) {
        // Who has come back meanwhile keeps what they hold.
        let stays = env.directory.teams_of(*person).contains(&team);
        let held = if stays { Vec::new() } else { store::task::held_in_team(tx, *person, team, place.after, TOGETHER)? };
        if held.is_empty() {
            (place.person, place.after) = (place.person + 1, None);
            continue;
        }
        for (record, activity) in held {
            // The second step of one record is for the next transaction: it would be prepared on what the first has not written yet.
            if written.contains(&record) {
                break;
            }
            give_one(env, tx, job, (record, activity), &mut place, (&mut step, &mut written))?;
            place.after = Some((record, activity));
        }
        break;
    }
    if place.person >= people.len() {
        step.result = Some(json!({ "given_back": place.given_back, "refused": place.refused }));
    }
    step.done = place.given_back + place.refused;
    step.place = Some(serde_json::to_string(&place).map_err(|error| DeskError::outside("write where a job goes on", error))?);
    Ok(step)
}

fn give_one(
    env: &Env,
    tx: &mut dyn Tx,
    job: &JobRow,
    (record, activity): (Uuid, u32),
    place: &mut Place,
    (step, written): (&mut Step, &mut Vec<Uuid>),
) -> Result<(), DeskError> {
    let cause = Cause { correlation: job.id, causation: Some(job.id), ..Cause::system(&env.world, "left_team") };
    let prepared = give_back(env, tx, &cause, record, activity, "left_team");
    let (outcome, message) = settle(step, prepared, written)?;
    let count = if outcome == "refused" { &mut place.refused } else { &mut place.given_back };
    *count += 1;
    let subject = store::record::find(tx, record)?.map_or_else(|| record.to_string(), |row| row.number);
    step.results.push(JobResult { no: place.given_back + place.refused, subject, outcome: outcome.to_owned(), message });
    Ok(())
}

/// Prepares giving a held step back to its team, with a coded reason.
pub(crate) fn give_back(
    env: &Env,
    sql: &mut dyn store::Sql,
    cause: &Cause,
    record: Uuid,
    activity: u32,
    reason: &str,
) -> Result<Written, DeskError> {
    let loaded = read::load(env, sql, &Target::Id(record))?;
    let content = Content { reason: Some(reason.to_owned()), ..Content::default() };
    let command = pack::Command::HandBack { activity };
    write::perform(env, sql, cause, &loaded, &command, &Event::public("assigned"), content)
}
