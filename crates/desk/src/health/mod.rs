//! How the system is, item by item: what it sees, and whether somebody should do something. What to do stands in the interface's texts.

mod backups;
mod disk;
mod nodes;

use serde_json::{Value, json};
use store::Sql;

use crate::mode::Mode;
use crate::{Desk, DeskError, Env};

/// Later than this a timer is late, in milliseconds.
const LATE: i64 = 60_000;
/// A journal that was not sealed for so long wants looking after, in milliseconds.
const UNSEALED: i64 = 5 * 60_000;
/// And for so long something is wrong.
const LONG_UNSEALED: i64 = 30 * 60_000;

/// Whether somebody should do something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Nobody.
    Fine,
    /// Somebody should look.
    Attention,
    /// Something does not work.
    Bad,
}

impl Level {
    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Fine => "fine",
            Self::Attention => "attention",
            Self::Bad => "bad",
        }
    }

    fn bad_if(bad: bool) -> Self {
        if bad { Self::Bad } else { Self::Fine }
    }

    fn attention_if(wanted: bool) -> Self {
        if wanted { Self::Attention } else { Self::Fine }
    }
}

/// One thing that was looked at.
pub struct Item {
    /// Its key.
    pub key: &'static str,
    /// Whether somebody should do something.
    pub level: Level,
    /// What was seen.
    pub value: Value,
}

/// Looks at everything.
pub async fn look(desk: &Desk) -> Result<Vec<Item>, DeskError> {
    let (mode, disks, here) = (desk.gate().mode(), disk::look(desk).await, nodes::Here::of(desk));
    desk.query(move |env, sql| {
        let [nodes, workers] = nodes::read(sql, here)?;
        let disk = Item { key: "disk", level: disk::level(&disks), value: disk::value(&disks) };
        let mut items = vec![of_mode(&mode), disk];
        items.extend(of_database(sql)?);
        items.extend([backups::read(sql, env.world.now())?, nodes, workers, of_packs(env)]);
        items.extend([of_seal(env, sql)?, of_timers(env, sql)?]);
        items.extend(of_queues(env, sql)?);
        Ok(items)
    })
    .await
}

fn item(key: &'static str, level: Level, value: Value) -> Item {
    Item { key, level, value }
}

fn of_mode(mode: &Mode) -> Item {
    match mode {
        Mode::Normal => item("mode", Level::Fine, json!({ "mode": "normal" })),
        Mode::ReadOnly(why) => item("mode", Level::Bad, json!({ "mode": "read_only", "reason": why })),
        Mode::Draining => item("mode", Level::Attention, json!({ "mode": "draining" })),
    }
}

fn of_database(sql: &mut dyn Sql) -> Result<[Item; 2], DeskError> {
    let (schema, newest) = (store::migrate::version(sql)?, store::migrate::NEWEST);
    let kind = store::dialect::name(sql.dialect());
    let size = store::health::size(sql)?;
    Ok([
        item("database", Level::Fine, json!({ "kind": kind, "bytes": size })),
        item("schema", Level::attention_if(schema != newest), json!({ "version": schema, "newest": newest })),
    ])
}

fn of_packs(env: &Env) -> Item {
    let packs: Vec<Value> = env.packs.all().iter().map(|it| json!({ "key": it.pack.key(), "version": it.pack.version() })).collect();
    item("packs", Level::bad_if(packs.is_empty()), json!({ "packs": packs }))
}

fn of_seal(env: &Env, sql: &mut dyn Sql) -> Result<Item, DeskError> {
    let sealed = store::journal::last_seal(sql)?.map(|seal| env.world.now() - seal.sealed_at);
    // One that was never sealed has been without since it began.
    let age = match sealed {
        Some(age) => age,
        None => store::journal::began(sql)?.map_or(0, |at| env.world.now() - at),
    };
    // A journal to which nothing was added is not sealed again.
    let behind = age > UNSEALED && has_unsealed(sql)?;
    let level = if behind && age > LONG_UNSEALED { Level::Bad } else { Level::attention_if(behind) };
    Ok(item("seal", level, json!({ "age_seconds": sealed.map(|age| age / 1000) })))
}

fn of_timers(env: &Env, sql: &mut dyn Sql) -> Result<Item, DeskError> {
    let (late, oldest, given_up) = store::health::timers(sql, env.world.now() - LATE)?;
    let level = if given_up > 0 { Level::Bad } else { Level::attention_if(late > 0) };
    Ok(item("timers", level, json!({ "late": late, "oldest_due": oldest, "given_up": given_up })))
}

fn of_queues(env: &Env, sql: &mut dyn Sql) -> Result<[Item; 3], DeskError> {
    let counts = |counts: &[(String, i64)]| Value::Object(counts.iter().map(|(state, n)| (state.clone(), json!(n))).collect());
    let has = |counts: &[(String, i64)], states: &[&str]| counts.iter().any(|(state, n)| *n > 0 && states.contains(&state.as_str()));
    let (outbox, jobs, messages) = (store::health::outbox(sql)?, store::health::jobs(sql)?, store::health::messages(sql)?);
    let relay = env.directory.setting("mail").is_some();
    Ok([
        item("outbox", outbox_level(&outbox, relay), json!({ "states": counts(&outbox), "relay": relay })),
        item("jobs", Level::attention_if(has(&jobs, &["failed", "interrupted"])), json!({ "states": counts(&jobs) })),
        item("messages", Level::attention_if(has(&messages, &["refused"])), json!({ "states": counts(&messages) })),
    ])
}

/// Whether the journal has gone on since the last seal.
fn has_unsealed(sql: &mut dyn Sql) -> Result<bool, DeskError> {
    let after = store::journal::last_seal(sql)?.map_or_else(store::journal::Cursor::default, |seal| seal.cursor);
    Ok(!store::journal::feed(sql, after, 1)?.is_empty())
}

/// Messages that only a person can move on, or that nothing can send.
fn outbox_level(states: &[(String, i64)], relay: bool) -> Level {
    let some = |wanted: &str| states.iter().any(|(state, n)| state == wanted && *n > 0);
    if some("failed") || some("uncertain") { Level::Bad } else { Level::attention_if(some("held") || some("waiting") && !relay) }
}
