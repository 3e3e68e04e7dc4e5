//! Assigning an open step to a team or a person, and reassigning it with a coded reason.

use store::Sql;
use uuid::Uuid;

use super::content::Content;
use super::read::{self, Loaded, Target};
use super::references;
use super::write::{self, Event, Written};
use crate::directory::{EntryKind, works};
use crate::journal::Cause;
use crate::{Actor, DeskError, Env};

/// Assigns a step.
#[derive(Clone, Debug, Default)]
pub struct Assign {
    /// Team, by identity or key; the present one when left out.
    pub team: Option<String>,
    /// Person, by identity or username; nobody when left out.
    pub assignee: Option<String>,
    /// Coded reason, needed when the team changes.
    pub reason: Option<String>,
    /// Words for the next one.
    pub note: Option<String>,
}

/// Prepares the assignment.
pub fn assign(env: &Env, sql: &mut dyn Sql, cause: &Cause, actor: &Actor, target: &Target, command: &Assign) -> Result<Written, DeskError> {
    let loaded = read::find(env, sql, actor, target)?;
    loaded.require(env, actor, "assign")?;
    if command.team.is_none() && command.assignee.is_none() {
        return Err(DeskError::field("/team", "required", "name a team or a person"));
    }
    let team = match &command.team {
        None => env.directory.key_of(loaded.row.team).map(str::to_owned),
        Some(reference) => {
            let item = env.directory.resolve(EntryKind::Team, reference).filter(|item| item.active);
            let item = item.ok_or_else(|| unknown("team", reference))?;
            if item.on_duty().is_none() {
                let message = format!("{} has no members and nobody on duty: name somebody there first, or choose another team", item.key);
                return Err(DeskError::field("/team", "nobody_responsible", message));
            }
            Some(item.key.clone())
        }
    };
    let assignee = match &command.assignee {
        None => None,
        Some(reference) => Some(person(env, sql, team.as_deref(), reference)?),
    };
    let same_team = env.directory.key_of(loaded.row.team) == team.as_deref();
    let same_person = match &assignee {
        Some(person) => loaded.row.assignee.is_some_and(|present| present.to_string() == *person),
        None => loaded.row.assignee.is_none(),
    };
    if same_team && same_person && command.note.is_none() {
        return Ok(write::nothing(&loaded));
    }
    // To the team that has it, from one of its people: it goes back into the queue.
    if same_team
        && assignee.is_none()
        && let Some(step) = held(env, &loaded)?
    {
        let content = Content { body: command.note.clone(), reason: command.reason.clone(), ..Content::default() };
        return write::perform(env, sql, cause, &loaded, &pack::Command::HandBack { activity: step }, &Event::public("assigned"), content);
    }
    let process = pack::Command::Assign { activity: None, team, assignee, reason: command.reason.clone(), note: command.note.clone() };
    let content = Content { body: command.note.clone(), reason: command.reason.clone(), ..Content::default() };
    write::perform(env, sql, cause, &loaded, &process, &Event::public("assigned"), content)
}

/// The step that the record's assignee has.
pub(super) fn held(env: &Env, loaded: &Loaded) -> Result<Option<u32>, DeskError> {
    let assignee = loaded.row.assignee.map(|id| id.to_string());
    let steps = loaded.process(env)?.steps;
    Ok(steps.into_iter().find(|step| step.assignee.is_some() && step.assignee == assignee).map(|step| step.activity))
}

fn unknown(what: &str, reference: &str) -> DeskError {
    DeskError::field(format!("/{what}"), "unknown_reference", format!("there is no {what} '{reference}'"))
}

fn person(env: &Env, sql: &mut dyn Sql, team: Option<&str>, reference: &str) -> Result<String, DeskError> {
    let id = references::user(sql, reference)?.ok_or_else(|| unknown("assignee", reference))?;
    let team = team.and_then(|key| env.directory.by_key(EntryKind::Team, key)).map(|item| item.id);
    require_member(env, sql, team, id)?;
    Ok(id.to_string())
}

/// Work is given only to somebody whose account lives and who is in the team that has it.
pub fn require_member(env: &Env, sql: &mut dyn Sql, team: Option<Uuid>, person: Uuid) -> Result<(), DeskError> {
    let pointer = "/assignee";
    let user = store::user::find(sql, person)?.ok_or_else(|| unknown("assignee", &person.to_string()))?;
    if !user.is_alive(env.world.now()) {
        return Err(DeskError::field(pointer, "inactive", "this account has ended: choose another person"));
    }
    if team.is_some_and(|team| !env.directory.teams_of(person).contains(&team)) {
        let message = format!("{} is not in this team: choose a member, or another team", user.name);
        return Err(DeskError::field(pointer, "not_a_member", message));
    }
    if !works(env, &user) {
        let message = format!("{} has no role that works on records: choose another person", user.name);
        return Err(DeskError::field(pointer, "no_work", message));
    }
    Ok(())
}
