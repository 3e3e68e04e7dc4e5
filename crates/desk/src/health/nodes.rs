//! The nodes on this database and what their workers do, as each says of itself.

use serde_json::{Value, json};
use store::Sql;
use uuid::Uuid;

use super::{Item, Level};
use crate::worker::Round;
use crate::{Desk, DeskError, PROGRAM, instant};

/// A node that says nothing for so long has died or is cut off, in milliseconds; it speaks every 15 s.
const SILENT: i64 = 60_000;
/// A worker whose rounds fail for so long does not work, in milliseconds.
const FAILING: i64 = 60_000;
/// And that many of them: one that works by the hour tries again before it is given up.
const FAILURES: u32 = 3;
/// A worker without a sign of life for so long beyond its pause wants looking after, in milliseconds.
const STILL: i64 = 5 * 60_000;
/// And for so long it stands still.
const LONG_STILL: i64 = 15 * 60_000;

/// A node.
struct Node {
    id: Uuid,
    program: String,
    started_at: i64,
    silent: i64,
    rounds: Vec<Round>,
}

/// What this node knows of itself.
pub(super) struct Here {
    id: Uuid,
    started_at: i64,
    rounds: Vec<Round>,
}

impl Here {
    pub fn of(desk: &Desk) -> Self {
        Self { id: desk.node(), started_at: desk.started_at(), rounds: desk.rounds().all(desk.world().now()) }
    }
}

/// The items about nodes and about their workers.
pub(super) fn read(sql: &mut dyn Sql, here: Here) -> Result<[Item; 2], DeskError> {
    let id = here.id;
    let mut nodes = vec![Node { id, program: PROGRAM.to_owned(), started_at: here.started_at, silent: 0, rounds: here.rounds }];
    // A node knows itself better than its row, which is some seconds old.
    for row in store::node::all(sql)?.into_iter().filter(|row| row.id != id) {
        // Rows of another version may say things that this one does not know.
        let rounds: Vec<Round> = serde_json::from_str(&row.rounds).unwrap_or_default();
        let rounds = rounds.into_iter().map(|round| round.later(row.silent)).collect();
        nodes.push(Node { id: row.id, program: row.program, started_at: row.started_at, silent: row.silent, rounds });
    }
    let silent = nodes.iter().filter(|node| node.silent > SILENT).count();
    let node = |node: &Node| {
        json!({
            "id": node.id, "here": node.id == id, "program": node.program, "started_at": instant(node.started_at),
            "silent_seconds": node.silent / 1000,
        })
    };
    let alive = || nodes.iter().filter(|node| node.silent <= SILENT);
    let ids: Vec<String> = alive().map(|node| node.id.to_string()).collect();
    let workers: Vec<(Level, Value)> =
        alive().flat_map(|node| node.rounds.iter().map(|round| (level(round), told(node, id, round)))).collect();
    Ok([
        Item {
            key: "nodes",
            level: Level::attention_if(silent > 0),
            value: json!({ "nodes": ids, "silent": silent, "seen": nodes.iter().map(node).collect::<Vec<_>>() }),
        },
        Item {
            key: "workers",
            level: workers.iter().map(|(level, _)| *level).max().unwrap_or(Level::Fine),
            value: json!({ "workers": workers.into_iter().map(|(_, told)| told).collect::<Vec<_>>() }),
        },
    ])
}

fn told(node: &Node, here: Uuid, round: &Round) -> Value {
    json!({
        "worker": round.worker, "node": node.id, "here": node.id == here, "level": level(round).as_str(),
        "began_seconds": round.began / 1000, "took_ms": round.took, "silent_seconds": round.silent / 1000,
        "still": round.silent > round.pause + STILL, "failures": round.failures, "failing_seconds": round.failing.map(|age| age / 1000),
        "failure": round.failure,
    })
}

/// Whether somebody should do something about a worker.
fn level(round: &Round) -> Level {
    let fails = round.failures >= FAILURES && round.failing.is_some_and(|age| age >= FAILING);
    let still = |longest: i64| round.silent > round.pause.saturating_add(longest);
    if fails || still(LONG_STILL) { Level::Bad } else { Level::attention_if(round.failures > 0 || still(STILL)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_worker_that_fails_or_stands_still_is_seen() {
        let well = Round { pause: 1_000, silent: 2_000, ..Round::default() };
        assert_eq!(level(&well), Level::Fine);
        let fails = |failures, failing| Round { failures, failing: Some(failing), ..well.clone() };
        assert_eq!(level(&fails(1, 200)), Level::Attention);
        assert_eq!(level(&fails(30, 30_000)), Level::Attention, "a database that starts again");
        assert_eq!(level(&fails(60, 60_000)), Level::Bad);
        assert_eq!(level(&fails(1, 3_000_000)), Level::Attention, "one that works by the hour tries again");
        assert_eq!(level(&Round { silent: 302_000, ..well.clone() }), Level::Attention);
        assert_eq!(level(&Round { silent: 902_000, ..well.clone() }), Level::Bad);
        assert_eq!(level(&Round { silent: 3_600_000, pause: 3_600_000, ..well }), Level::Fine, "it pauses as it should");
    }
}
