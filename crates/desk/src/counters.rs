//! Counters of open records. One grouped query serves everybody: it is kept until the change feed tells that a record has changed,
//! and each reader adds up the groups that they may see.
//!
//! A reader whose scope asks more than the groups know (whose record it is, say) is answered by a query of their own, which looks
//! at a bounded number of records.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use decide::{Bound, Condition, FieldType, Op, Operand, Row, Scalar, Test};
use serde_json::Value;
use store::Sql;
use store::record_list::{Group, Narrowed, groups};
use tokio::sync::Mutex;
use uuid::Uuid;

use crate::record::list;
use crate::{Actor, Desk, DeskError, Env, LiveEvent, view};

/// What groups know of their records.
const KNOWN: [&str; 8] = ["type", "state", "phase", "priority", "team", "assignee", "customer", "is_open"];
/// Most records that a query for one reader looks at.
const MOST: i64 = 10_000;
/// How long groups serve although records change, in milliseconds.
const SERVES: i64 = 400;
/// Most saved lists that are counted for one reader.
const MOST_VIEWS: usize = 50;

/// The groups as they were read last.
#[derive(Default)]
pub struct Counters {
    kept: Mutex<Option<(i64, Arc<Vec<Group>>)>>,
    changed: AtomicBool,
}

impl Counters {
    /// Notes that groups may have changed.
    pub(crate) fn hear(&self, event: &LiveEvent) {
        if matches!(event.topic.as_str(), "record" | "reset") {
            self.changed.store(true, Ordering::Release);
        }
    }

    /// The groups as of now, or of less than half a second ago: however many ask, they are read once.
    pub async fn groups(&self, desk: &Desk) -> Result<Arc<Vec<Group>>, DeskError> {
        let mut kept = self.kept.lock().await;
        let now = desk.world().now();
        if let Some((at, groups)) = kept.as_ref()
            && (now < at + SERVES || !self.changed.load(Ordering::Acquire))
        {
            return Ok(Arc::clone(groups));
        }
        // Before the query: what changes while it runs is asked again.
        self.changed.store(false, Ordering::Release);
        let read = desk.query(|_, sql| Ok(Arc::new(groups(sql, None)?))).await;
        if read.is_err() {
            self.changed.store(true, Ordering::Release);
        }
        let read = read?;
        *kept = Some((now, Arc::clone(&read)));
        Ok(read)
    }
}

/// A group as conditions see it.
struct GroupRow<'a>(&'a Group);

impl Row for GroupRow<'_> {
    fn value(&self, field: &str) -> Scalar {
        let g = self.0;
        let id = |id: Option<Uuid>| id.map_or(Scalar::Null, |id| Scalar::Text(id.to_string()));
        match field {
            "type" => Scalar::Text(g.type_key.clone()),
            "state" => Scalar::Text(g.state.clone()),
            "phase" => Scalar::Text(g.phase.clone()),
            "priority" => g.priority.clone().map_or(Scalar::Null, Scalar::Text),
            "team" => id(g.team),
            "assignee" => id(g.assignee),
            "customer" => id(Some(g.customer)),
            "is_open" => Scalar::Int(1),
            _ => Scalar::Null,
        }
    }
}

/// Counters of one team.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OfTeam {
    /// Its open records.
    pub open: i64,
    /// Those that nobody has and that wait for somebody.
    pub unclaimed: i64,
}

/// What is counted for one reader.
#[derive(Debug, Default)]
pub struct Counted {
    /// Open records of their teams.
    pub all: OfTeam,
    /// Open records that they have.
    pub mine: i64,
    /// Open records of their teams by priority.
    pub by_priority: BTreeMap<String, i64>,
    /// By team.
    pub teams: BTreeMap<Uuid, OfTeam>,
    /// Open records of saved lists; none where counting would cost a query.
    pub views: Vec<(Uuid, Option<i64>)>,
    /// Whether there are more than were looked at.
    pub capped: bool,
}

fn knows(condition: &Condition) -> bool {
    condition.fields().iter().all(|field| KNOWN.contains(field))
}

/// Counts for a reader, within what they may read.
pub fn count(env: &Env, sql: &mut dyn Sql, actor: &Actor, all: &Arc<Vec<Group>>) -> Result<Counted, DeskError> {
    let now = env.world.now();
    let mut counted = Counted::default();
    for pinned in env.packs.all() {
        let type_key = pinned.pack.key();
        let scope = pinned.rights.scope(actor, "read");
        let bound = scope.bind(&actor.binding(now));
        if knows(&scope) {
            let of_type = all.iter().filter(|group| group.type_key == type_key);
            of_type.filter(|group| bound.holds(&GroupRow(group))).for_each(|group| counted.add(actor, group));
            continue;
        }
        let filter = concerns(type_key, actor).bind(&actor.binding(now));
        let own = groups(sql, Some(&Narrowed { filter: &filter, scope: &bound, indexed: &pinned.indexed, most: MOST }))?;
        counted.capped |= own.iter().map(|group| group.count).sum::<i64>() >= MOST;
        own.iter().for_each(|group| counted.add(actor, group));
    }
    for item in view::visible(env, actor).into_iter().take(MOST_VIEWS) {
        let within = of_view(env, sql, actor, &item.data, now)?;
        let sum = within.map(|within| all.iter().filter(|group| within.holds(&GroupRow(group))).map(|group| group.count).sum());
        counted.views.push((item.id, sum));
    }
    Ok(counted)
}

/// Records of a reader's teams, and those that they have.
fn concerns(type_key: &str, actor: &Actor) -> Condition {
    let test =
        |field: &str, kind: FieldType, op: Op, operand: Operand| Condition::Test(Test { field: field.to_owned(), kind, op, operand });
    let mut any = vec![test("assignee", FieldType::Ref, Op::Eq, Operand::Me)];
    if !actor.teams.is_empty() {
        any.push(test("team", FieldType::Ref, Op::In, Operand::MyTeams));
    }
    let of_type = test("type", FieldType::Text, Op::Eq, Operand::Scalar(Scalar::Text(type_key.to_owned())));
    Condition::All(vec![of_type, Condition::Any(any)])
}

/// What of the groups a saved list holds for a reader; none when groups do not tell.
fn of_view(
    env: &Env,
    sql: &mut dyn Sql,
    actor: &Actor,
    data: &serde_json::Map<String, Value>,
    now: i64,
) -> Result<Option<Bound>, DeskError> {
    let Some(type_key) = data.get("type").and_then(Value::as_str) else { return Ok(None) };
    let Ok(query) = view::query_of(data) else { return Ok(None) };
    let condition = data.get("filter").filter(|filter| !filter.is_null());
    match list::compile(env, sql, actor, type_key, &query, condition) {
        Ok(compiled) if knows(&compiled.scope) && knows(&compiled.filter) => {
            Ok(Some(Condition::All(vec![compiled.scope, compiled.filter]).bind(&actor.binding(now))))
        }
        Err(DeskError::Store(error)) => Err(error.into()),
        // What names something that is gone, or that this reader does not know of, is told when it is opened.
        _ => Ok(None),
    }
}

impl Counted {
    fn add(&mut self, actor: &Actor, group: &Group) {
        if group.assignee == Some(actor.user.id) {
            self.mine += group.count;
        }
        let Some(team) = group.team.filter(|team| actor.teams.contains(team)) else { return };
        let waits = group.assignee.is_none() && matches!(group.phase.as_str(), "new" | "active");
        let unclaimed = if waits { group.count } else { 0 };
        for of in [&mut self.all, self.teams.entry(team).or_default()] {
            of.open += group.count;
            of.unclaimed += unclaimed;
        }
        if let Some(priority) = &group.priority {
            *self.by_priority.entry(priority.clone()).or_default() += group.count;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy;

    #[test]
    fn groups_know_only_what_records_have() {
        let schema = policy::record_schema();
        assert!(KNOWN.iter().all(|field| schema.contains_key(*field)));
    }
}
