//! Offering: what lands in a team's queue is given to one of its people, where the team's entry says so.

use std::ops::RangeInclusive;

use serde_json::Value;
use store::Sql;
use uuid::Uuid;

use super::choose::{Candidate, Choice, Rule, Wish, choose};
use super::hours::at_work;
use super::offers::Offered;
use crate::directory::{Directory, EntryKind, Item, does_work};
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
        let crew = Crew::read(env, sql, team)?;
        // What somebody gives back waits in the queue: it would only come back to them. Who cannot have it any more gave nothing back.
        if known.is_some_and(|known| known.team == step.team && is_among(&crew.members, known.assignee.as_deref())) {
            continue;
        }
        let choice = crew.choose(env, team, record, &after);
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
            performed = to_the_chosen(performed, next);
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

/// Whether work that stood with `former` in its queue, or with nobody, could be theirs again.
fn is_among(members: &[Candidate], former: Option<&str>) -> bool {
    former.is_none_or(|former| members.iter().any(|it| it.alive && it.person.to_string() == former))
}

/// The giving joined to what it follows on: one message to the one who is chosen, not one more to whoever answers for the queue.
fn to_the_chosen(mut performed: pack::Performed, mut given: pack::Performed) -> pack::Performed {
    let mut told = false;
    for effect in &mut performed.effects {
        if let pack::Effect::Notify { to, .. } = effect
            && to == "team"
        {
            "assignee".clone_into(to);
            told = true;
        }
    }
    if told {
        given.effects.retain(|effect| !matches!(effect, pack::Effect::Notify { to, .. } if to == "assignee"));
    }
    performed.then(given)
}

/// Whom a team could offer a record to.
struct Crew {
    members: Vec<Candidate>,
    /// What was under way when they were read.
    under_way: Vec<Offered>,
    /// What of that the database had by then.
    landed: Vec<(Uuid, i64)>,
}

impl Crew {
    fn read(env: &Env, sql: &mut dyn Sql, team: &Item) -> Result<Self, DeskError> {
        let under_way = env.offers.under_way(env.world.now());
        // Before what they have to do: what is written in between counts twice for this once, and never not at all.
        let landed = landed(sql, &under_way)?;
        Ok(Self { members: members(env, sql, team)?, under_way, landed })
    }

    /// Whom the record is offered to now; noted for the others where it is meant.
    fn choose(mut self, env: &Env, team: &Item, id: (Uuid, i64), record: &pack::Record) -> Choice {
        if is_off_hours(env) {
            return Choice::nobody(&team.key, Rule::OffHours);
        }
        let wish = wish(&env.directory, &Manner::of(team), |field| record.text(field).map(str::to_owned));
        let now = env.world.now();
        let mut choose = |offers: &[Offered]| {
            count(&mut self.members, offers, &self.landed, now);
            choose(&team.key, &self.members, &wish)
        };
        if env.binding { env.offers.next(id, now, choose) } else { choose(&self.under_way) }
    }
}

/// Which of the offers are in the database, as (record, version).
fn landed(sql: &mut dyn Sql, offers: &[Offered]) -> Result<Vec<(Uuid, i64)>, DeskError> {
    if offers.is_empty() {
        return Ok(Vec::new());
    }
    let records: Vec<Uuid> = offers.iter().map(|it| it.record).take(1000).collect();
    let versions = store::load::versions(sql, &records)?;
    let is_there = |it: &&Offered| versions.get(&it.record).is_some_and(|version| it.version <= *version);
    Ok(offers.iter().filter(is_there).map(|it| (it.record, it.version)).collect())
}

/// Counts what is offered and not in the database yet as theirs.
fn count(members: &mut [Candidate], offers: &[Offered], landed: &[(Uuid, i64)], now: i64) {
    for offer in offers.iter().filter(|it| !landed.contains(&(it.record, it.version))) {
        if let Some(member) = members.iter_mut().find(|member| member.person == offer.person) {
            member.open += 1;
            member.last_at = Some(now);
        }
    }
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

/// The members of a team with all that a choice goes by, as the database knows them.
pub(super) fn members(env: &Env, sql: &mut dyn Sql, team: &Item) -> Result<Vec<Candidate>, DeskError> {
    let now = env.world.now();
    let members: Vec<Uuid> = team.ids_of("members").into_iter().take(MEMBERS).collect();
    let loads = store::load::of_people(sql, &members)?;
    let skills = env.directory.of_kind(EntryKind::Skill);
    let candidate = |load: store::load::Load| Candidate {
        person: load.person,
        key: load.username,
        alive: load.active && load.expires_at.is_none_or(|at| now < at) && does_work(&env.directory, &load.roles),
        absent: env.directory.deputy_of(load.person, now).is_some(),
        site: load.site,
        skills: skills.iter().filter(|skill| has(skill, load.person)).map(|skill| skill.key.clone()).collect(),
        capacity: load.capacity,
        open: load.open,
        last_at: load.last_at,
    };
    Ok(loads.into_iter().map(candidate).collect())
}

/// Whoever is named as backup for a skill can do it too.
fn has(skill: &Item, person: Uuid) -> bool {
    ["holders", "backup"].iter().any(|field| skill.ids_of(field).contains(&person))
}
