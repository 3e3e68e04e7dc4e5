//! Entries as the first version of the program stored them: `tests/fixtures/entries-v1.jsonl`. `desk::check` folds them in its
//! own tests; here they come from, for a version that has no fixture yet.

use std::path::Path;

use serde_json::{Value, json};
use store::journal::Sight;

use crate::support::{Clock, House, Place, log, said};

/// Every release that raises the schema version adds the entries of the version before, once: they never change afterwards.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_schema_version_has_its_entries() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let version = desk::journal::SCHEMA_VERSION;
    let file = fixtures.join(format!("entries-v{version}.jsonl"));
    if std::env::var_os("BLESS").is_some() && !file.exists() {
        std::fs::write(&file, lines().await).unwrap();
    }
    for version in 1..=version {
        let file = fixtures.join(format!("entries-v{version}.jsonl"));
        let text = std::fs::read_to_string(&file);
        let text = text.unwrap_or_else(|_| panic!("{} is missing: BLESS=1 cargo test -p desk writes it", file.display()));
        let of_version = |line: &str| serde_json::from_str::<Value>(line).unwrap()["schema_version"] == version;
        assert!(text.lines().count() > 20 && text.lines().all(of_version), "{}", file.display());
    }
}

/// All entries of an organisation at work, one a line.
async fn lines() -> String {
    let place = Place::sqlite();
    let clock = Clock::default();
    let house = House::found_at(&place, clock.world()).await;
    house.work().await;
    house.end(&clock).await;
    said(async |lines| desk::import::records(&house.desk, log(&place, &["A1".to_owned()]), &lines).await.unwrap()).await;
    let entries = house.desk.query(|_, sql| {
        let mut entries = Vec::new();
        for (_, aggregate, _) in store::journal::aggregates(sql, None, 1000)? {
            entries.extend(store::journal::of_aggregate(sql, aggregate, 0, Sight::All, 1000)?);
        }
        Ok(entries)
    });
    let mut text = String::new();
    for entry in entries.await.unwrap() {
        let (salt, body) = entry.payload.map(|payload| (hex::encode(payload.salt), payload.body)).unzip();
        let line = json!({
            "kind": entry.kind, "aggregate": entry.aggregate, "seq": entry.seq, "event": entry.event,
            "schema_version": entry.schema_version, "occurred_at": entry.occurred_at, "recorded_at": entry.recorded_at,
            "actor": entry.actor, "on_behalf_of": entry.on_behalf_of, "channel": entry.channel, "command": entry.command,
            "correlation": entry.correlation, "causation": entry.causation, "definition": entry.definition,
            "request": entry.request, "visibility": entry.visibility, "digest": hex::encode(entry.digest),
            "chain": hex::encode(entry.chain), "salt": salt, "body": body,
        });
        text.push_str(&line.to_string());
        text.push('\n');
    }
    text
}
