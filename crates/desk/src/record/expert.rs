//! Asking those who know better, before anybody pretends to: the question stands in the journal, and they are told.

use std::collections::BTreeSet;

use store::{Sql, watcher};
use uuid::Uuid;

use super::content::{Content, Watched};
use super::read::{self, Target};
use super::watch;
use super::write::{self, Event, Written};
use crate::directory::EntryKind;
use crate::journal::Cause;
use crate::{Actor, DeskError, Env};

/// Longest question, in characters.
const LONGEST: usize = 5000;
/// Most people who are asked at once.
const MOST: usize = 50;

/// Whom to ask what.
#[derive(Clone, Debug)]
pub struct Ask {
    /// A person, by identity or username.
    pub person: Option<String>,
    /// A team, by identity or key: its members are asked.
    pub team: Option<String>,
    /// The question.
    pub question: String,
}

/// Prepares the question. Who is asked follows the record from then on, so that nobody need ask them again.
pub fn ask(env: &Env, sql: &mut dyn Sql, cause: &Cause, actor: &Actor, target: &Target, command: &Ask) -> Result<Written, DeskError> {
    let loaded = read::find(env, sql, actor, target)?;
    loaded.require(env, actor, "comment_internal")?;
    let question = command.question.trim();
    if question.is_empty() || question.chars().count() > LONGEST {
        return Err(DeskError::field("/question", "length", format!("ask in 1 to {LONGEST} characters")));
    }
    let mut asked = BTreeSet::new();
    if let Some(person) = &command.person {
        asked.insert(watch::reader(env, sql, &loaded, "/person", person, true)?);
    }
    if let Some(reference) = &command.team {
        let team = env.directory.resolve(EntryKind::Team, reference).filter(|item| item.active);
        let team = team.ok_or_else(|| DeskError::field("/team", "unknown_reference", format!("there is no team '{reference}'")))?;
        for member in team.ids_of("members").into_iter().take(MOST) {
            // Of a team, those are asked who may read it.
            match watch::reader(env, sql, &loaded, "/team", &member.to_string(), true) {
                Ok(member) => asked.insert(member),
                Err(DeskError::Invalid(_)) => continue,
                Err(error) => return Err(error),
            };
        }
    }
    asked.remove(&actor.user.id);
    if asked.is_empty() {
        return Err(DeskError::field(
            "/person",
            "required",
            "name a person or a team, of whom somebody else than you may read this record",
        ));
    }
    let mut following = watcher::of_record(sql, loaded.row.id)?;
    let new: Vec<Uuid> = asked.iter().copied().filter(|user| !following.contains(user)).collect();
    let content = Content {
        body: Some(question.to_owned()),
        watch: new.iter().map(|user| Watched { user: *user, on: true, affected: false }).collect(),
        mentions: asked.into_iter().collect(),
        ..Content::default()
    };
    let mut written = write::note(env, sql, cause, &loaded, &Event::internal("expert_called"), &content)?;
    written.set.statements.extend(new.iter().map(|user| watcher::add(loaded.row.id, *user)));
    following.extend(new);
    written.watchers = Some(following);
    Ok(written)
}
