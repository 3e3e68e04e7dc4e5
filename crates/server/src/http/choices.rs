//! Whom of a team work was offered to, and why, in the words of a language.

use desk::Env;
use desk::directory::EntryKind;
use desk::dispatch::{Choice, Considered, Rule, Why};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::refs::{People, Ref};

/// Somebody who was considered.
#[derive(Serialize, ToSchema)]
pub struct ConsideredBody {
    person: Ref,
    /// Records that were theirs to work on.
    open: i64,
    /// Whether they sit where the work is.
    here: bool,
    /// Most open records that they may be given, where that is their own number and not the team's.
    capacity: Option<i64>,
    /// `chosen`, `elsewhere`, `more_open`, `more_recent`, `full`, `lacks`, `absent` or `ended`.
    why: &'static str,
    /// Skills that they have not, of those asked for.
    lacks: Vec<Ref>,
}

/// Whom of a team work is offered to, and why.
#[derive(Serialize, ToSchema)]
pub struct ChoiceBody {
    team: Ref,
    /// `load` (the least to do), `off_hours`, `nobody_free` or `queue` (the team takes from its queue).
    rule: &'static str,
    /// Who; without a person it waits in the team's queue, and the person on duty answers for it.
    person: Option<Ref>,
    /// The team's person on duty now, where nobody is offered it.
    duty: Option<Ref>,
    /// Most open records of one person who has no number of their own.
    capacity: Option<i64>,
    /// Skills that are asked for.
    skills: Vec<Ref>,
    /// The chosen one first, then those who could, then those who could not; at most 20.
    considered: Vec<ConsideredBody>,
    /// How many more were considered.
    more: usize,
}

/// The people that choices name.
pub fn people<'a>(env: &Env, choices: impl IntoIterator<Item = &'a Choice>) -> Vec<Option<Uuid>> {
    let named = |choice: &'a Choice| choice.considered.iter().map(|it| Some(it.person)).chain([duty(env, choice)]);
    choices.into_iter().flat_map(named).collect()
}

fn duty(env: &Env, choice: &Choice) -> Option<Uuid> {
    if choice.person.is_some() {
        return None;
    }
    env.directory.responsible_of(env.directory.by_key(EntryKind::Team, &choice.team)?.id, env.world.now())
}

/// A choice in the words of a language.
pub fn body(env: &Env, people: &People, lang: &str, choice: &Choice) -> ChoiceBody {
    let of = |kind, key: &String| {
        env.directory.by_key(kind, key).map_or_else(
            || Ref { id: String::new(), key: key.clone(), label: key.clone() },
            |item| Ref { id: item.id.to_string(), key: item.key.clone(), label: item.label(lang) },
        )
    };
    let skills = |keys: &[String]| keys.iter().map(|key| of(EntryKind::Skill, key)).collect();
    let considered = |it: &Considered| {
        let (why, lacks): (_, &[String]) = match &it.why {
            Why::Chosen => ("chosen", &[]),
            Why::Elsewhere => ("elsewhere", &[]),
            Why::MoreOpen => ("more_open", &[]),
            Why::MoreRecent => ("more_recent", &[]),
            Why::Full => ("full", &[]),
            Why::Lacks { skills } => ("lacks", skills),
            Why::Absent => ("absent", &[]),
            Why::Ended => ("ended", &[]),
        };
        ConsideredBody { person: people.get(it.person), open: it.open, here: it.here, capacity: it.capacity, why, lacks: skills(lacks) }
    };
    ChoiceBody {
        team: of(EntryKind::Team, &choice.team),
        rule: match choice.rule {
            Rule::Load => "load",
            Rule::OffHours => "off_hours",
            Rule::NobodyFree => "nobody_free",
            Rule::Queue => "queue",
        },
        person: people.opt(choice.person),
        duty: people.opt(duty(env, choice)),
        capacity: choice.capacity,
        skills: skills(&choice.skills),
        considered: choice.considered.iter().map(considered).collect(),
        more: choice.more,
    }
}
