//! The records below another: several reports of one failure, which are told and resolved together.

use std::collections::{BTreeMap, HashMap};

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

/// Most open records below another that an order takes.
pub const MOST_OPEN: usize = 2_000;
/// Most ended ones that are shown beside them.
const MOST_ENDED: usize = 1_000;
/// Most open steps of those that are looked at.
const MOST_STEPS: i64 = 20_000;
/// Most that a preview looks at.
pub const LOOKED_AT: usize = 200;
/// What can be done to any of them.
const COMMENT: &str = "comment";

/// What hangs below a record and repeats it, as far as its reader may see.
pub struct Family {
    /// The records below it that are open, the oldest first.
    pub open: Vec<ListedRecord>,
    /// Those that have ended.
    pub ended: Vec<ListedRecord>,
    /// Those that were closed because they repeat it.
    pub duplicates: Vec<ListedRecord>,
    /// Whether there are more than these.
    pub cut: bool,
    /// How many of the open ones an order takes, by its action.
    pub takes: BTreeMap<String, usize>,
}

/// Reads them.
pub fn family(env: &Env, sql: &mut dyn Sql, actor: &Actor, loaded: &Loaded) -> Result<Family, DeskError> {
    let links = store::record::links(sql, loaded.row.id)?;
    let repeats: Vec<Uuid> = links.iter().filter(|link| link.kind == "duplicated_by").map(|link| link.other).collect();
    let mut duplicates = seen(env, actor, record_list::by_ids(sql, &repeats)?);
    duplicates.sort_by_key(|row| (row.opened_at, row.id));
    let (open, open_cut) = below(env, sql, actor, loaded, true, MOST_OPEN)?;
    let (ended, ended_cut) = below(env, sql, actor, loaded, false, MOST_ENDED)?;
    let offered = &env.packs.newest(&loaded.row.type_key)?.pack.manifest().with_children;
    let ways = ways(env, sql, loaded, &open)?;
    let actions = offered.iter().map(String::as_str).chain([COMMENT]);
    let takes = actions.map(|action| (action.to_owned(), open.iter().filter(|row| ways.take(row, action)).count())).collect();
    Ok(Family { open, ended, duplicates, cut: open_cut || ended_cut, takes })
}

/// The records below another that the actor may see, open or ended, and whether there are more.
fn below(
    env: &Env,
    sql: &mut dyn Sql,
    actor: &Actor,
    parent: &Loaded,
    open: bool,
    most: usize,
) -> Result<(Vec<ListedRecord>, bool), DeskError> {
    let mut rows = record_list::below(sql, parent.row.id, open, most as i64 + 1)?;
    let cut = rows.len() > most;
    rows.truncate(most);
    Ok((seen(env, actor, rows), cut))
}

fn seen(env: &Env, actor: &Actor, mut rows: Vec<ListedRecord>) -> Vec<ListedRecord> {
    let now = env.world.now();
    rows.retain(|row| env.packs.newest(&row.type_key).is_ok_and(|it| it.rights.allows(actor, "read", &PolicyListed(row), now)));
    rows
}

/// What can be done with the open records below another.
struct Ways {
    /// The type of the record above: what an action means is said of one type.
    type_key: String,
    /// The outcomes of their open steps.
    outcomes: HashMap<Uuid, Vec<String>>,
}

impl Ways {
    /// Whether an order with this action takes the record.
    fn take(&self, row: &ListedRecord, action: &str) -> bool {
        let has = || self.outcomes.get(&row.id).is_some_and(|outcomes| outcomes.iter().any(|outcome| outcome == action));
        row.type_key == self.type_key && (action == COMMENT || has())
    }
}

fn ways(env: &Env, sql: &mut dyn Sql, parent: &Loaded, open: &[ListedRecord]) -> Result<Ways, DeskError> {
    let mut outcomes: HashMap<Uuid, Vec<String>> = HashMap::new();
    if !open.is_empty() {
        let packs: HashMap<Uuid, Uuid> = open.iter().map(|row| (row.id, row.pack)).collect();
        for (record, element) in store::task::below(sql, parent.row.id, MOST_STEPS)? {
            let Some(pack) = packs.get(&record) else { continue };
            let pinned = env.packs.pinned(sql, *pack)?;
            let drawn = pinned.pack.flow().element(&element).map(flow::Element::outcomes).unwrap_or_default();
            outcomes.entry(record).or_default().extend(drawn.into_iter().map(str::to_owned));
        }
    }
    Ok(Ways { type_key: parent.row.type_key.clone(), outcomes })
}

/// Turns a wish into an order for the children of a record that are open, of its type, and open to the action.
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
    let mut known: Vec<&str> = outcomes.chain([COMMENT]).collect();
    known.sort_unstable();
    known.dedup();
    if !known.contains(&action) {
        return Err(DeskError::field("/action", "enum", format!("write one of {}", known.join(", "))));
    }
    let (open, cut) = below(env, sql, actor, parent, true, MOST_OPEN)?;
    if cut {
        let why = format!("more than {MOST_OPEN} open records hang below it: do it from their list, filtered by parent, in parts");
        return Err(DeskError::NotAvailable(why));
    }
    let ways = ways(env, sql, parent, &open)?;
    let children = open.into_iter().filter(|row| ways.take(row, action)).map(|row| (row.id, row.number)).collect();
    Ok(Order { parent: parent.row.id, action: action.to_owned(), fields: fields.clone(), children, who: Who::of(actor, lang) })
}

/// Prepares the order on one child, with the rights of now. What others have taken up, or what has moved on meanwhile, is left alone.
pub fn prepare(env: &Env, sql: &mut dyn Sql, cause: &Cause, actor: &Actor, child: Uuid, order: &Order) -> Result<Written, DeskError> {
    let target = Target::Id(child);
    let loaded = read::find(env, sql, actor, &target)?;
    if loaded.row.parent != Some(order.parent) {
        return Err(DeskError::Conflict("it does not hang below that record any more".to_owned()));
    }
    if order.action == COMMENT {
        return act(env, sql, cause, actor, &target, &order.action, &order.fields);
    }
    let process = loaded.process(env)?;
    let found = pack::actions(&loaded.pinned.pack, &process, env.world.now());
    let Some(action) = found.iter().find(|it| it.kind == pack::ActionKind::Outcome && it.key == order.action) else {
        return Err(DeskError::NotAvailable(format!("it is {} already", loaded.row.phase)));
    };
    let parent = read::load(env, sql, &Target::Id(order.parent))?;
    require_untaken(sql, actor, &loaded, &parent)?;
    let above = parent.process(env)?;
    let fields = fitting(loaded.pinned.pack.manifest(), &process, action, &above, &order.fields);
    act(env, sql, cause, actor, &target, &order.action, &fields)
}

/// Refuses a record that somebody else works on than who orders and who works on the record above.
fn require_untaken(sql: &mut dyn Sql, actor: &Actor, child: &Loaded, parent: &Loaded) -> Result<(), DeskError> {
    let Some(person) = child.row.assignee.filter(|it| *it != actor.user.id && Some(*it) != parent.row.assignee) else { return Ok(()) };
    let name = store::user::labels(sql, &[person])?.into_iter().next().map_or_else(String::new, |label| label.name);
    Err(DeskError::Conflict(format!("{name} works on it: it is left to them")))
}

/// The words of the order as far as the child's own step asks for them, and what it must know besides as the record above knows it:
/// reports of one failure are seldom classified one by one. What is personal or secret stays with the record it was told to.
fn fitting(
    manifest: &pack::Manifest,
    child: &pack::Record,
    action: &pack::Action,
    above: &pack::Record,
    given: &Map<String, Value>,
) -> Map<String, Value> {
    let stays = |name: &String| manifest.personal.contains(name) || manifest.secret.contains(name);
    let mut fields = given.clone();
    fields.retain(|name, _| action.fields.contains(name) && !stays(name));
    let missing = |values: &Map<String, Value>, name: &str| values.get(name).is_none_or(Value::is_null);
    for name in action.required.iter().filter(|name| !stays(name)) {
        let known = above.values.get(name).filter(|value| !value.is_null());
        if let Some(value) = known.filter(|_| missing(&fields, name) && child.values.get(name).is_none_or(Value::is_null)) {
            fields.insert(name.clone(), value.clone());
        }
    }
    fields
}

/// What the order would do to its first records, at most `most`; nothing is written.
pub fn preview(env: &Env, sql: &mut dyn Sql, actor: &Actor, order: &Order, most: usize) -> Result<Vec<Foreseen>, DeskError> {
    let mut foreseen = Vec::new();
    for (id, number) in order.children.iter().take(most) {
        let cause = Cause::of(&env.world, actor.user.id, CHANNEL);
        let before = read::find(env, sql, actor, &Target::Id(*id)).map(|loaded| loaded.row);
        let prepared = before.and_then(|before| Ok((before, prepare(env, sql, &cause, actor, *id, order)?)));
        let outcome = match prepared {
            Err(DeskError::Store(error)) => return Err(error.into()),
            other => other,
        };
        foreseen.push(Foreseen { number: number.clone(), outcome });
    }
    Ok(foreseen)
}
