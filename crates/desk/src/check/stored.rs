//! Entries that every released version has stored are folded to what they were folded to then.

use serde_json::{Value, json};
use store::journal::{Entry, Payload};
use store::legal_hold::LegalHold;
use tokio::sync::mpsc;
use uuid::Uuid;

use super::history::{Fold, History};
use super::report::Report;
use crate::record::content::Content;
use crate::{Keyring, journal};

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
        payload: value["body"].as_str().map(|body| Payload { salt: bytes("salt"), body: body.to_owned() }),
    }
}

/// What a history comes to, as a line of the expected file.
fn state(history: &History, entries: &[Entry]) -> Value {
    let mut fold = match &history.fold {
        Fold::Record(replay) => json!({
            "record": replay.record,
            "opened": replay.opened,
            "pack": replay.pack,
            "updated_at": replay.extent.updated_at,
            "attachments": replay.attachments,
            "links": replay.links,
        }),
        Fold::Values(fold) => json!({ "values": fold.values, "facts": fold.facts }),
    };
    if let Fold::Record(replay) = &history.fold
        && let Some(LegalHold { reason, by, at }) = &replay.legal_hold
    {
        fold["legal_hold"] = json!({ "reason": reason, "by": by, "at": at });
    }
    // An import goes on from the newest mark.
    let mut marks = entries.iter().filter_map(|entry| journal::content::<Content>(entry).ok().flatten()?.import);
    if let Some(mark) = marks.next_back() {
        fold["import"] = json!(mark);
    }
    if history.removed {
        fold = json!("removed");
    }
    json!({ "kind": history.kind, "id": history.id, "seq": history.seq, "fold": fold })
}

/// What a line is about, to compare which lines there are before what they say.
fn subject(line: &Value) -> String {
    format!("{} {}", line["kind"], line["id"])
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
            folded.push_str(&state(&history, of_aggregate).to_string());
            folded.push('\n');
        }
        assert_eq!(report.faults, 0, "{:?}", said.try_recv());
        if std::env::var_os("BLESS").is_some() && !std::path::Path::new(&file("states")).exists() {
            std::fs::write(file("states"), &folded).unwrap();
        }
        let expected = std::fs::read_to_string(file("states")).unwrap();
        for event in ["legal_hold_set", "legal_hold_lifted", "removed", "imported"] {
            assert!(entries.iter().any(|entry| entry.event == event), "version {version} has no '{event}'");
        }
        // Compared as values: their order means nothing.
        let values = |text: &str| text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()).collect::<Vec<_>>();
        let (found, wanted) = (values(&folded), values(&expected));
        let subjects = |lines: &[Value]| lines.iter().map(subject).collect::<Vec<_>>();
        assert_eq!(subjects(&found), subjects(&wanted));
        for (found, wanted) in found.iter().zip(&wanted) {
            assert_eq!(found, wanted);
        }
    }
}
