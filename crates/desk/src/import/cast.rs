//! The people, teams and sites that an import mentions: found, or made.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::{Value, json};
use store::{Sql, WriteSet};
use uuid::Uuid;

use super::map::{Map, Person};
use super::rows::Group;
use crate::directory::{self, EntryKind, NewUser};
use crate::journal::Cause;
use crate::{Desk, DeskError};

/// Accounts written in one transaction.
const TOGETHER: usize = 200;

/// Everybody and everything that an import mentions.
#[derive(Default)]
pub struct Cast {
    people: HashMap<String, Uuid>,
}

impl Cast {
    /// The identity of a person by the name in the file.
    pub fn person(&self, name: &str) -> Option<Uuid> {
        self.people.get(name).copied()
    }

    /// Finds everybody that the rows mention and makes who and what is missing.
    pub async fn assemble(desk: &Desk, map: &Map, groups: &[Group]) -> Result<Self, DeskError> {
        let people = mentioned(map, groups);
        let cast = make_people(desk, map, people).await?;
        if let Some(place) = &map.site {
            for name in names(map, groups, &place.column) {
                make_place(desk, EntryKind::Site, &name, json!({ "label": {"zh": name, "en": name} })).await?;
            }
        }
        if let Some(place) = &map.team {
            let members = members(map, groups, &place.column, &cast);
            for name in names(map, groups, &place.column) {
                let members: Vec<Uuid> = members.get(&name).into_iter().flatten().copied().collect();
                make_team(desk, &name, members).await?;
            }
        }
        Ok(cast)
    }
}

/// Names with the roles that accounts made for them get.
fn mentioned(map: &Map, groups: &[Group]) -> BTreeMap<String, BTreeSet<String>> {
    let mut people: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let sources: Vec<&Person> = map.people.values().chain(&map.actor).collect();
    for row in groups.iter().flat_map(|group| &group.rows) {
        for source in &sources {
            if let Some(name) = row.get(map, &source.column) {
                people.entry(name.to_owned()).or_default().extend(source.roles.iter().cloned());
            } else if let Some(unknown) = &source.unknown {
                // Nobody: without roles, as without a password.
                people.entry(unknown.clone()).or_default();
            }
        }
    }
    people
}

fn names(map: &Map, groups: &[Group], column: &str) -> BTreeSet<String> {
    groups.iter().flat_map(|group| &group.rows).filter_map(|row| row.get(map, column).map(str::to_owned)).collect()
}

/// Who was ever assigned for a team.
fn members(map: &Map, groups: &[Group], column: &str, cast: &Cast) -> HashMap<String, BTreeSet<Uuid>> {
    let mut members: HashMap<String, BTreeSet<Uuid>> = HashMap::new();
    let Some(assignee) = map.people.get("assignee") else { return members };
    for row in groups.iter().flat_map(|group| &group.rows) {
        let person = row.get(map, &assignee.column).and_then(|name| cast.person(name));
        if let (Some(team), Some(person)) = (row.get(map, column), person) {
            members.entry(team.to_owned()).or_default().insert(person);
        }
    }
    members
}

/// The username of a person from another system.
fn username(map: &Map, name: &str) -> String {
    format!("{}.{}", Map::key_of(&map.source), Map::key_of(name).replace('/', "-"))
}

async fn make_people(desk: &Desk, map: &Map, people: BTreeMap<String, BTreeSet<String>>) -> Result<Cast, DeskError> {
    let mut cast = Cast::default();
    let people: Vec<(String, String, Value)> =
        people.into_iter().map(|(name, roles)| (username(map, &name), name, json!(roles.into_iter().collect::<Vec<_>>()))).collect();
    for part in people.chunks(TOGETHER) {
        let part = part.to_vec();
        let cause = Cause::system(desk.world(), "import");
        let found = desk
            .execute(move |env, sql| {
                let mut set = WriteSet::default();
                let mut found = Vec::with_capacity(part.len());
                for (username, name, roles) in &part {
                    if let Some(user) = store::user::find_username(sql, username)? {
                        found.push((name.clone(), user.id));
                        continue;
                    }
                    let values = json!({ "name": name, "sort_name": name.to_lowercase(), "roles": roles, "locale": "en" });
                    let values = values.as_object().cloned().unwrap_or_default();
                    let id = env.world.id();
                    let new = NewUser { username: username.clone(), values, ..NewUser::default() };
                    let (one, _) = directory::prepare_user(env, sql.dialect(), &cause, id, None, &new)?;
                    set.statements.extend(one.statements);
                    found.push((name.clone(), id));
                }
                Ok((set, found))
            })
            .await?;
        cast.people.extend(found);
    }
    Ok(cast)
}

async fn make_place(desk: &Desk, kind: EntryKind, name: &str, values: Value) -> Result<(), DeskError> {
    let key = Map::directory_key(name);
    if desk.env().directory.by_key(kind, &key).is_some() {
        return Ok(());
    }
    put(desk, kind, key, values).await
}

async fn put(desk: &Desk, kind: EntryKind, key: String, values: Value) -> Result<(), DeskError> {
    let cause = Cause::system(desk.world(), "import");
    let values = values.as_object().cloned().unwrap_or_default();
    desk.execute(move |env, sql: &mut dyn Sql| directory::put(env, sql, &cause, kind, &key, &values, None)).await?;
    Ok(())
}

/// Makes a team, or adds the members that it lacks.
async fn make_team(desk: &Desk, name: &str, members: Vec<Uuid>) -> Result<(), DeskError> {
    let key = Map::directory_key(name);
    let env = desk.env();
    let Some(team) = env.directory.by_key(EntryKind::Team, &key) else {
        let values = json!({ "label": {"zh": name, "en": name}, "members": members });
        return put(desk, EntryKind::Team, key, values).await;
    };
    let mut all = team.ids_of("members");
    let before = all.len();
    all.extend(members.into_iter().filter(|id| !team.ids_of("members").contains(id)));
    if all.len() == before {
        return Ok(());
    }
    put(desk, EntryKind::Team, key, json!({ "members": all })).await
}
