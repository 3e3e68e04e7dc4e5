//! Entries that every released version has stored are folded to what they were folded to then.

use serde_json::{Value, json};
use store::journal::{Entry, Payload};
use tokio::sync::mpsc;
use uuid::Uuid;

use super::history::{Fold, History};
use super::report::Report;
use crate::Keyring;

fn entry(line: &str) -> Entry {
    let value: Value = serde_json::from_str(line).unwrap();
    let text = |field: &str| value[field].as_str().unwrap().to_owned();
    let int = |field: &str| value[field].as_i64().unwrap();
    let id = |field: &str| value[field].as_str().map(|text| text.parse::<Uuid>().unwrap());
    let bytes = |field: &str| hex::decode(text(field)).unwrap();
    Entry {
        kind: text("kind"),
        aggregate: id("aggregate").unwrap(),
        seq: int("seq"),
        event: text("event"),
        schema_version: int("schema_version"),
        occurred_at: int("occurred_at"),
        recorded_at: int("recorded_at"),
        actor: id("actor"),
        on_behalf_of: id("on_behalf_of"),
        channel: text("channel"),
        command: id("command").unwrap(),
        correlation: id("correlation").unwrap(),
        causation: id("causation"),
        definition: id("definition"),
        request: value["request"].as_str().map(str::to_owned),
        visibility: text("visibility"),
        digest: bytes("digest"),
        chain: bytes("chain"),
        payload: Some(Payload { salt: bytes("salt"), body: text("body") }),
    }
}

/// What a history comes to, as a line of the expected file.
fn state(history: &History) -> Value {
    let fold = match &history.fold {
        Fold::Record(replay) => json!({
            "record": replay.record,
            "opened": replay.opened,
            "pack": replay.pack,
            "updated_at": replay.updated_at,
            "attachments": replay.attachments,
            "links": replay.links,
        }),
        Fold::Values(fold) => json!({ "values": fold.values, "facts": fold.facts }),
    };
    json!({ "kind": history.kind, "id": history.id, "seq": history.seq, "fold": fold })
}

#[test]
fn what_every_version_stored_is_read_and_folded_as_then() {
    for version in 1..=crate::journal::SCHEMA_VERSION {
        let file = |what: &str| format!("{}/tests/fixtures/{what}-v{version}.jsonl", env!("CARGO_MANIFEST_DIR"));
        let entries: Vec<Entry> = std::fs::read_to_string(file("entries")).unwrap().lines().map(entry).collect();
        let (lines, mut said) = mpsc::channel(1000);
        let mut report = Report::new(lines);
        // The key that the tests' organisation has.
        let keyring = Keyring::new([42; 32]);
        let mut folded = String::new();
        for of_aggregate in entries.chunk_by(|a, b| a.aggregate == b.aggregate) {
            let mut history = History::new(of_aggregate[0].aggregate);
            of_aggregate.iter().for_each(|entry| history.add(&keyring, entry, &mut report));
            folded.push_str(&state(&history).to_string());
            folded.push('\n');
        }
        assert_eq!(report.faults, 0, "{:?}", said.try_recv());
        if std::env::var_os("BLESS").is_some() && !std::path::Path::new(&file("states")).exists() {
            std::fs::write(file("states"), &folded).unwrap();
        }
        let expected = std::fs::read_to_string(file("states")).unwrap();
        for (found, wanted) in folded.lines().zip(expected.lines()) {
            // Compared as values: their order means nothing.
            let [found, wanted] = [found, wanted].map(|line| serde_json::from_str::<Value>(line).unwrap());
            assert_eq!(found, wanted);
        }
        assert_eq!(folded.lines().count(), expected.lines().count());
    }
}
