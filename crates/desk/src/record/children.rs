//! The records below another: several reports of one failure, which are told and resolved together.

use serde_json::{Map, Value};
use store::Sql;
use store::record_list::{self, ListedRecord};
use uuid::Uuid;

use super::act::act;
use super::bulk::Foreseen;
use super::read::{self, Loaded, Target};
use super::write::Written;
use crate::job::children::{CHANNEL, Order};
use crate::job::order::Who;
use crate::journal::Cause;
use crate::policy::PolicyListed;
use crate::{Actor, DeskError, Env};

/// Most records below another that are looked at.
pub const MOST: i64 = 1_000;
/// Most that a preview looks at.
const LOOKED_AT: usize = 200;
/// The phases in which work is left to do.
const AT_WORK: [&str; 3] = ["new", "active", "waiting"];

/// What hangs below a record and repeats it, as far as its reader may see.
pub struct Family {
    /// The records below it, the oldest first.
    pub children: Vec<ListedRecord>,
    /// Those that were closed because they repeat it.
    pub duplicates: Vec<ListedRecord>,
}

/// Reads them.
pub fn family(env: &Env, sql: &mut dyn Sql, actor: &Actor, loaded: &Loaded) -> Result<Family, DeskError> {
    let links = store::record::links(sql, loaded.row.id)?;
    let repeats: Vec<Uuid> = links.iter().filter(|link| link.kind == "duplicated_by").map(|link| link.other).collect();
    let (mut children, mut duplicates) = (record_list::below(sql, loaded.row.id, MOST)?, record_list::by_ids(sql, &repeats)?);
    let now = env.world.now();
    let seen =
        |row: &ListedRecord| env.packs.newest(&row.type_key).is_ok_and(|it| it.rights.allows(actor, "read", &PolicyListed(row), now));
    children.retain(seen);
    duplicates.retain(seen);
    duplicates.sort_by_key(|row| (row.opened_at, row.id));
    Ok(Family { children, duplicates })
}

/// Turns a wish into an order for the children of a record that are open. What an outcome says of them is said of the same type alone.
pub fn order(
    env: &Env,
    sql: &mut dyn Sql,
    actor: &Actor,
    parent: &Loaded,
    action: &str,
    fields: &Map<String, Value>,
    lang: &str,
) -> Result<Order, DeskError> {
    if !actor.may("workspace") {
        return Err(DeskError::Forbidden("several records at once are for those who work on them".to_owned()));
    }
    let outcomes = parent.pinned.pack.flow().elements().flat_map(flow::Element::outcomes);
    let mut known: Vec<&str> = outcomes.chain(["comment"]).collect();
    known.sort_unstable();
    known.dedup();
    if !known.contains(&action) {
        return Err(DeskError::field("/action", "enum", format!("write one of {}", known.join(", "))));
    }
    let open = |row: &ListedRecord| {
        row.type_key == parent.row.type_key
            && if action == "comment" { store::record::is_open(&row.phase) } else { AT_WORK.contains(&row.phase.as_str()) }
    };
    let children = family(env, sql, actor, parent)?.children.into_iter().filter(open).map(|row| (row.id, row.number)).collect();
    Ok(Order { parent: parent.row.id, action: action.to_owned(), fields: fields.clone(), children, who: Who::of(actor, lang) })
}

/// Prepares the order on one child, with the rights of now. What others have taken up, or what has ended meanwhile, is left alone.
pub fn prepare(env: &Env, sql: &mut dyn Sql, cause: &Cause, actor: &Actor, child: Uuid, order: &Order) -> Result<Written, DeskError> {
    let target = Target::Id(child);
    let loaded = read::find(env, sql, actor, &target)?;
    if loaded.row.parent != Some(order.parent) {
        return Err(DeskError::Conflict("it does not hang below that record any more".to_owned()));
    }
    if order.action == "comment" {
        return act(env, sql, cause, actor, &target, &order.action, &order.fields);
    }
    if !AT_WORK.contains(&loaded.row.phase.as_str()) {
        return Err(DeskError::NotAvailable(format!("it is {} already", loaded.row.phase)));
    }
    let parent = read::load(env, sql, &Target::Id(order.parent))?;
    require_untaken(sql, actor, &loaded, &parent)?;
    let fields = fitting(env, &loaded, &parent, order)?;
    act(env, sql, cause, actor, &target, &order.action, &fields)
}

/// Refuses a record that somebody else works on than who orders and who works on the record above.
fn require_untaken(sql: &mut dyn Sql, actor: &Actor, child: &Loaded, parent: &Loaded) -> Result<(), DeskError> {
    let Some(person) = child.row.assignee.filter(|it| *it != actor.user.id && Some(*it) != parent.row.assignee) else { return Ok(()) };
    let name = store::user::labels(sql, &[person])?.into_iter().next().map_or_else(String::new, |label| label.name);
    Err(DeskError::Conflict(format!("{name} works on it: it is left to them")))
}

/// The words of the order as far as the child's own step asks for them, and what it must know besides as the record above knows it:
/// reports of one failure are seldom classified one by one.
fn fitting(env: &Env, child: &Loaded, parent: &Loaded, order: &Order) -> Result<Map<String, Value>, DeskError> {
    let (process, above) = (child.process(env)?, parent.process(env)?);
    let found = pack::actions(&child.pinned.pack, &process, env.world.now());
    let Some(action) = found.iter().find(|it| it.kind == pack::ActionKind::Outcome && it.key == order.action) else {
        return Ok(order.fields.clone());
    };
    let mut fields = order.fields.clone();
    fields.retain(|name, _| action.fields.contains(name));
    let missing = |values: &Map<String, Value>, name: &str| values.get(name).is_none_or(Value::is_null);
    for name in &action.required {
        let known = above.values.get(name).filter(|value| !value.is_null());
        if let Some(value) = known.filter(|_| missing(&fields, name) && process.values.get(name).is_none_or(Value::is_null)) {
            fields.insert(name.clone(), value.clone());
        }
    }
    Ok(fields)
}

/// What the order would do to its first records; nothing is written.
pub fn preview(env: &Env, sql: &mut dyn Sql, actor: &Actor, order: &Order) -> Result<Vec<Foreseen>, DeskError> {
    let mut foreseen = Vec::new();
    for (id, number) in order.children.iter().take(LOOKED_AT) {
        let cause = Cause::of(&env.world, actor.user.id, CHANNEL);
        let before = read::find(env, sql, actor, &Target::Id(*id)).map(|loaded| loaded.row);
        let prepared = before.and_then(|before| Ok((before, prepare(env, sql, &cause, actor, *id, order)?)));
        let outcome = match prepared {
            Err(DeskError::Store(error)) => return Err(error.into()),
            other => other.map_err(|error| error.to_string()),
        };
        foreseen.push(Foreseen { number: number.clone(), outcome });
    }
    Ok(foreseen)
}
