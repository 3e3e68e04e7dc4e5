//! Offering: what lands in a team's queue is given to one of its people, where the team's entry says so.

use std::ops::RangeInclusive;

use serde_json::Value;
use store::Sql;
use uuid::Uuid;

use super::choose::{Candidate, Choice, Rule, Wish, choose};
use super::hours::at_work;
use super::offers::Offered;
use crate::directory::{Directory, EntryKind, Item};
use crate::env::Pinned;
use crate::journal::Cause;
use crate::record::write;
use crate::{DeskError, Env, settings};

/// The field of a team that says how its work finds somebody.
pub const MODE: &str = "dispatch";
/// Its value for a team whose people take from the queue, as a team without a value does.
pub const BY_QUEUE: &str = "queue";
/// Its value for a team whose work is given to who has the least.
pub const BY_LOAD: &str = "load";
/// The field of a team with the most open records of one person; of a person, that of their own in its place.
pub const CAPACITY: &str = "capacity";
/// What it may be for a team.
pub const CAPACITIES: RangeInclusive<i64> = 1..=1000;
/// And for a person: who has 0 is given nothing.
pub const OWN_CAPACITIES: RangeInclusive<i64> = 0..=1000;

/// Most members that are considered.
const MEMBERS: usize = 500;
/// What comes from elsewhere keeps who had it there.
const IMPORT: &str = "import";

/// How a team gives out its work.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Manner {
    pub by_load: bool,
    pub capacity: Option<i64>,
}

impl Manner {
    pub fn of(team: &Item) -> Self {
        let by_load = team.active && team.data.get(MODE).and_then(Value::as_str) == Some(BY_LOAD);
        Self { by_load, capacity: team.data.get(CAPACITY).and_then(Value::as_i64) }
    }
}

/// Gives what a command has put into the queues of teams to people, where these teams say so, and says why it was given to whom.
///
/// Two commands that are prepared together find the same numbers in the database. What this node offers is counted at once (`Offers`),
/// so within one node nobody gets more than their capacity; several nodes together may exceed it by what they offer in the same
/// moment, and not again after. No row is locked and no command fails for it: an opening matters more than an even number.
pub(crate) fn offer(
    env: &Env,
    sql: &mut dyn Sql,
    cause: &Cause,
    (pinned, record): (&Pinned, (Uuid, i64)),
    before: Option<&pack::Record>,
    mut performed: pack::Performed,
) -> Result<(pack::Performed, Vec<Choice>), DeskError> {
    // Teams that take from their queue cost nothing but this look.
    if cause.channel == IMPORT || !performed.facts.steps.iter().any(|fact| landing(&env.directory, fact)) {
        return Ok((performed, Vec::new()));
    }
    let mut after = before.cloned().unwrap_or_default();
    after.apply(&performed.facts);
    let mut choices = Vec::new();
    for step in after.steps.clone() {
        let known = before.and_then(|before| before.step(step.activity));
        let team = step.team.as_deref().and_then(|key| by_load(&env.directory, key));
        let (Some(team), None) = (team, &step.assignee) else { continue };
        // What a team gave back waits in its queue: it would only come back to the same person.
        if known.is_some_and(|known| known.team == step.team) {
            continue;
        }
        let choice = ask(env, sql, team, record, &after)?;
        if let Some(person) = choice.person {
            let assign = pack::Command::Assign {
                activity: Some(step.activity),
                team: None,
                assignee: Some(person.to_string()),
                reason: None,
                note: None,
            };
            let next = pack::perform(&pinned.pack, Some(&after), &assign, write::now(env, cause)).map_err(write::refusal)?;
            after.apply(&next.facts);
            performed = performed.then(next);
        }
        choices.push(choice);
    }
    Ok((performed, choices))
}

/// Whether a fact puts a step into the queue of a team that gives out its work.
fn landing(directory: &Directory, fact: &pack::StepFact) -> bool {
    let (pack::StepFact::Opened { team, assignee, .. } | pack::StepFact::Assigned { team, assignee, .. }) = fact else { return false };
    assignee.is_none() && team.as_deref().is_some_and(|key| by_load(directory, key).is_some())
}

fn by_load<'a>(directory: &'a Directory, key: &str) -> Option<&'a Item> {
    directory.by_key(EntryKind::Team, key).filter(|team| Manner::of(team).by_load)
}

/// Whom a team would offer a record to now.
fn ask(env: &Env, sql: &mut dyn Sql, team: &Item, id: (Uuid, i64), record: &pack::Record) -> Result<Choice, DeskError> {
    if is_off_hours(env) {
        return Ok(Choice::nobody(&team.key, Rule::OffHours));
    }
    let wish = wish(&env.directory, &Manner::of(team), |field| record.text(field).map(str::to_owned));
    env.offers.next(id, env.world.now(), |under_way| Ok(choose(&team.key, &candidates(env, sql, team, under_way)?, &wish)))
}

/// Whether nobody is offered anything now.
fn is_off_hours(env: &Env) -> bool {
    let hours = settings::find(settings::WORKING_HOURS).map(|setting| settings::value(&env.directory, setting));
    hours.is_ok_and(|hours| !at_work(&hours, env.world.now()))
}

/// What work asks for, by the keys of its category, service and site.
pub(super) fn wish(directory: &Directory, manner: &Manner, value: impl Fn(&str) -> Option<String>) -> Wish {
    let (category, service) = (value("category"), value("service"));
    let site = value("site").and_then(|key| directory.by_key(EntryKind::Site, &key)).map(|item| item.id);
    let asks = |skill: &&Item| {
        let names = |field: &str| skill.data.get(field).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
        let about = |known: &str, path: &str| path.strip_prefix(known).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        let category = category.as_deref().is_some_and(|path| names("categories").any(|known| about(known, path)));
        category || service.as_deref().is_some_and(|key| names("services").any(|known| known == key))
    };
    let skills = directory.of_kind(EntryKind::Skill).into_iter().filter(|skill| skill.active).filter(asks);
    Wish { skills: skills.map(|skill| skill.key.clone()).collect(), site, capacity: manner.capacity }
}

/// The members of a team with all that a choice goes by: one query, and one more while this node has offers under way.
pub(super) fn candidates(env: &Env, sql: &mut dyn Sql, team: &Item, offers: &[Offered]) -> Result<Vec<Candidate>, DeskError> {
    let now = env.world.now();
    let members: Vec<Uuid> = team.ids_of("members").into_iter().take(MEMBERS).collect();
    let mut under_way: Vec<&Offered> = offers.iter().filter(|it| members.contains(&it.person)).collect();
    if !under_way.is_empty() {
        let records: Vec<Uuid> = under_way.iter().map(|it| it.record).take(1000).collect();
        let versions = store::load::versions(sql, &records)?;
        under_way.retain(|it| versions.get(&it.record).is_none_or(|version| *version < it.version));
    }
    // Read after the versions: what is written in between counts twice for this once, and never not at all.
    let loads = store::load::of_people(sql, &members)?;
    let skills = env.directory.of_kind(EntryKind::Skill);
    let candidate = |load: store::load::Load| Candidate {
        person: load.person,
        key: load.username,
        alive: load.active && load.expires_at.is_none_or(|at| now < at),
        absent: env.directory.deputy_of(load.person, now).is_some(),
        site: load.site,
        skills: skills.iter().filter(|skill| has(skill, load.person)).map(|skill| skill.key.clone()).collect(),
        capacity: load.capacity,
        open: load.open + under_way.iter().filter(|it| it.person == load.person).count() as i64,
        last_at: under_way.iter().any(|it| it.person == load.person).then_some(now).or(load.last_at),
    };
    Ok(loads.into_iter().map(candidate).collect())
}

/// Whoever is named as backup for a skill can do it too.
fn has(skill: &Item, person: Uuid) -> bool {
    ["holders", "backup"].iter().any(|field| skill.ids_of(field).contains(&person))
}
