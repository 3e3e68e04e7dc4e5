//! The test bench: what the tables and teams of now would do with past records, beside what became of them. Nothing is written.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};

use serde_json::{Map, Value, json};
use store::Sql;
use store::record::RecordRow;
use uuid::Uuid;

use super::choose::{Candidate, Choice, Rule, choose};
use super::offer::{BY_LOAD, Manner, members, wish};
use crate::directory::{EntryKind, Item};
use crate::env::Pinned;
use crate::policy::PolicyRow;
use crate::record::list::{self, Filters};
use crate::record::{Content, filter, fold};
use crate::{Actor, DeskError, Env, journal};

/// Most records of one rehearsal.
pub const MOST: usize = 200;
/// The field that a table of dispatch writes.
const TEAM: &str = "team";
/// Where the first entries of a record's journal end that are looked through for its first team.
const FIRST_ENTRIES: i64 = 12;

/// Which records, and which teams would give out their work otherwise.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Type of the records.
    pub type_key: String,
    /// The records, by number.
    pub numbers: Option<Vec<String>>,
    /// Or the newest that a list with these parameters holds.
    pub query: Filters,
    /// And that meet this condition.
    pub condition: Option<Value>,
    /// How teams would give out their work, by key.
    pub teams: BTreeMap<String, Proposed>,
}

/// How a team would give out its work.
#[derive(Clone, Debug, Default)]
pub struct Proposed {
    /// `queue` or `load`; as it is now when left out.
    pub dispatch: Option<String>,
    /// Most open records of one person; as it is now when left out.
    pub capacity: Option<i64>,
}

/// What a table says now.
pub struct Decision {
    /// Key of the table.
    pub table: String,
    /// Ids of the rows that hit.
    pub hits: Vec<String>,
    /// What it read, in the order of its columns.
    pub inputs: Vec<(String, Value)>,
    /// Key of the team.
    pub team: String,
}

/// One record.
pub struct Case {
    /// The record as it is.
    pub row: RecordRow,
    /// What the table says of its values of now; none where no row hits.
    pub decision: Option<Decision>,
    /// The team that a table first gave it to, by key.
    pub first: Option<String>,
    /// Whom that team would offer it to now, as if it came alone, in working hours.
    pub choice: Option<Choice>,
}

/// The whole.
#[derive(Default)]
pub struct Rehearsal {
    /// The records, in the order in which they were named, else newest first.
    pub cases: Vec<Case>,
    /// Numbers that mean no record that the caller may see from inside.
    pub unknown: Vec<String>,
    /// Whether the filter holds more.
    pub more: bool,
}

/// Rehearses.
pub fn rehearse(env: &Env, sql: &mut dyn Sql, actor: &Actor, wanted: &Wanted) -> Result<Rehearsal, DeskError> {
    let pinned = env.packs.newest(&wanted.type_key)?;
    let manners = manners(env, wanted)?;
    let (rows, more) = rows(env, sql, actor, pinned, wanted)?;
    let firsts = firsts(sql, &rows)?;
    let mut known: HashMap<Uuid, Vec<Candidate>> = HashMap::new();
    let mut rehearsal = Rehearsal { more, ..Rehearsal::default() };
    for row in rows {
        let process = fold::to_process(&env.directory, &row)?;
        let decision = decide(env, pinned, &process);
        let team = decision.as_ref().and_then(|it| env.directory.by_key(EntryKind::Team, &it.team));
        let choice = match team {
            Some(team) => Some(choice(env, sql, team, manners.get(&team.key), &process, &mut known)?),
            None => None,
        };
        rehearsal.cases.push(Case { decision, first: firsts.get(&row.id).cloned(), choice, row });
    }
    if let Some(numbers) = &wanted.numbers {
        let place = |number: &str| numbers.iter().position(|known| known == number);
        rehearsal.cases.sort_by_key(|case| place(&case.row.number));
        rehearsal.unknown = numbers.iter().filter(|number| !rehearsal.cases.iter().any(|it| it.row.number == **number)).cloned().collect();
    }
    Ok(rehearsal)
}

/// How the teams that a proposal names would give out their work.
fn manners(env: &Env, wanted: &Wanted) -> Result<HashMap<String, Manner>, DeskError> {
    let mut manners = HashMap::new();
    for (key, proposed) in &wanted.teams {
        let unknown = || DeskError::field(format!("/teams/{key}"), "unknown_reference", format!("there is no team '{key}'"));
        let team = env.directory.by_key(EntryKind::Team, key).ok_or_else(unknown)?;
        let now = Manner::of(team);
        let by_load = proposed.dispatch.as_deref().map_or(now.by_load, |mode| mode == BY_LOAD);
        manners.insert(key.clone(), Manner { by_load, capacity: proposed.capacity.or(now.capacity) });
    }
    Ok(manners)
}

/// The records that are meant, as far as the caller may see all that the tables read.
pub(crate) fn rows(
    env: &Env,
    sql: &mut dyn Sql,
    actor: &Actor,
    pinned: &Pinned,
    wanted: &Wanted,
) -> Result<(Vec<RecordRow>, bool), DeskError> {
    let by_filter = wanted.condition.is_some() || !wanted.query.is_empty();
    let condition = match &wanted.numbers {
        Some(_) if by_filter => return Err(DeskError::field("/numbers", "contradiction", "name the records or give a filter, not both")),
        Some(numbers) if numbers.is_empty() || numbers.len() > MOST => {
            return Err(DeskError::field("/numbers", "length", format!("name 1 to {MOST} records")));
        }
        Some(numbers) => Some(json!({ "field": "number", "op": "in", "value": numbers })),
        None => wanted.condition.clone(),
    };
    let page = list::Wanted {
        filters: wanted.query.clone(),
        condition,
        limit: i64::try_from(MOST).unwrap_or(i64::MAX),
        ..list::Wanted::default()
    };
    let page = list::list(env, sql, actor, &wanted.type_key, &page).map_err(|error| filter::in_body(error, "/filter"))?;
    let ids: Vec<Uuid> = page.items.iter().map(|item| item.id).collect();
    let mut rows = store::record::of_ids(sql, &ids)?;
    rows.sort_by_key(|row| ids.iter().position(|id| *id == row.id));
    let inside = pinned.rights.bound(actor, "read_internal", env.world.now());
    rows.retain(|row| inside.holds(&PolicyRow(row)));
    Ok((rows, page.next.is_some()))
}

/// The team that a table first gave each record to, by key.
fn firsts(sql: &mut dyn Sql, rows: &[RecordRow]) -> Result<HashMap<Uuid, String>, DeskError> {
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let mut firsts = HashMap::new();
    for entry in store::journal::first_of(sql, &ids, FIRST_ENTRIES)? {
        if firsts.contains_key(&entry.aggregate) {
            continue;
        }
        let Some(content) = journal::content::<Content>(&entry)? else { continue };
        if content.decisions.iter().any(|decided| decided.output.get(TEAM).is_some()) {
            let team = content.facts.edit(TEAM).and_then(|edit| edit.new.as_str());
            firsts.extend(team.map(|team| (entry.aggregate, team.to_owned())));
        }
    }
    Ok(firsts)
}

/// What tables read of a record as it is.
pub(crate) fn read_by_tables(env: &Env, pinned: &Pinned, record: &pack::Record) -> Map<String, Value> {
    let mut values: Map<String, Value> = record.values.clone();
    values.insert("now".to_owned(), env.world.now().into());
    values.insert("state".to_owned(), record.state.as_str().into());
    let phase = pinned.pack.phase_of(&record.state).map_or(Value::Null, |phase| phase.key().into());
    values.insert("phase".to_owned(), phase);
    values
}

/// What the tables that name a team say of a record as it is; the first that says something.
fn decide(env: &Env, pinned: &Pinned, record: &pack::Record) -> Option<Decision> {
    let values = read_by_tables(env, pinned, record);
    let tables = pinned.pack.tables().iter().filter(|(_, table)| table.outputs().contains(&TEAM));
    tables.into_iter().find_map(|(key, table)| {
        let decided = table.evaluate(&values);
        let team = decided.output?.get(TEAM)?.as_str()?.to_owned();
        let read = table.inputs().into_iter().filter(|field| pinned.shows(field, true));
        let inputs = read.filter_map(|field| Some((field.to_owned(), values.get(field)?.clone()))).collect();
        Some(Decision { table: key.clone(), hits: decided.hits, inputs, team })
    })
}

/// Whom a team would offer a record to. The people of a team are read once.
fn choice(
    env: &Env,
    sql: &mut dyn Sql,
    team: &Item,
    proposed: Option<&Manner>,
    record: &pack::Record,
    known: &mut HashMap<Uuid, Vec<Candidate>>,
) -> Result<Choice, DeskError> {
    let manner = proposed.cloned().unwrap_or_else(|| Manner::of(team));
    if !manner.by_load {
        return Ok(Choice::nobody(&team.key, Rule::Queue));
    }
    let people = match known.entry(team.id) {
        Entry::Occupied(read) => read.into_mut(),
        Entry::Vacant(unread) => unread.insert(members(env, sql, team)?),
    };
    Ok(choose(&team.key, people, &wish(&env.directory, &manner, |field| record.text(field).map(str::to_owned))))
}
