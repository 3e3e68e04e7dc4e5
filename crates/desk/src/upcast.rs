//! Entries that older programs wrote, as today's program reads them. The journal itself is never rewritten.
//!
//! When the content of an event changes in a way that `serde` defaults do not cover, [`journal::SCHEMA_VERSION`] goes up by
//! one and [`STEPS`] gets a pure function for each event that changed; the fixture of the version before
//! (`tests/fixtures/entries-v<N>.jsonl`) then proves that it is still read.
//!
//! [`journal::SCHEMA_VERSION`]: crate::journal::SCHEMA_VERSION

use serde_json::Value;
use store::StoreError;
use store::journal::Entry;

/// Brings the content of one event from one version to the next.
pub(crate) struct Step {
    /// Kind of aggregate.
    pub kind: &'static str,
    /// Event.
    pub event: &'static str,
    /// The version that it reads; it gives the one after.
    pub from: i64,
    /// The change: no clock, no database, no other entry.
    pub change: fn(Value) -> Value,
}

/// All steps. An event without one for a version did not change there.
pub(crate) const STEPS: &[Step] = &[];

/// The content of an entry in the newest version.
pub(crate) fn upcast(entry: &Entry, content: Value, newest: i64, steps: &[Step]) -> Result<Value, StoreError> {
    let Entry { kind, event, schema_version, .. } = entry;
    if !(1..=newest).contains(schema_version) {
        return Err(StoreError::UnknownEntry { seq: entry.seq, aggregate: entry.aggregate, found: *schema_version, known: newest });
    }
    let of_event = |version: i64| steps.iter().filter(move |step| step.kind == kind && step.event == event && step.from == version);
    Ok((*schema_version..newest).flat_map(of_event).fold(content, |content, step| (step.change)(content)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use uuid::Uuid;

    use super::*;

    fn entry(event: &str, schema_version: i64) -> Entry {
        Entry {
            kind: "record".to_owned(),
            aggregate: Uuid::nil(),
            seq: 3,
            event: event.to_owned(),
            schema_version,
            occurred_at: 0,
            recorded_at: 0,
            actor: None,
            on_behalf_of: None,
            channel: String::new(),
            command: Uuid::nil(),
            correlation: Uuid::nil(),
            causation: None,
            definition: None,
            request: None,
            visibility: String::new(),
            digest: Vec::new(),
            chain: Vec::new(),
            payload: None,
        }
    }

    fn add(mut content: Value, word: &str) -> Value {
        content["told"] = json!(format!("{}{word}", content["told"].as_str().unwrap_or_default()));
        content
    }

    const LATER: &[Step] = &[
        Step { kind: "record", event: "opened", from: 2, change: |content| add(content, "b") },
        Step { kind: "record", event: "opened", from: 1, change: |content| add(content, "a") },
        Step { kind: "user", event: "opened", from: 1, change: |content| add(content, "x") },
    ];

    #[test]
    fn each_version_is_brought_to_the_next_and_only_its_own_event() {
        let told = |event: &str, version| upcast(&entry(event, version), json!({}), 3, LATER).unwrap()["told"].clone();
        assert_eq!(
            [told("opened", 1), told("opened", 2), told("opened", 3), told("edited", 1)],
            [json!("ab"), json!("b"), Value::Null, Value::Null]
        );
    }

    #[test]
    fn what_a_newer_program_wrote_is_refused_with_both_versions() {
        let refused = upcast(&entry("opened", 4), json!({}), 3, LATER).unwrap_err().to_string();
        assert!(refused.contains("version 4") && refused.contains("knows 3") && refused.contains("newer yuheng"), "{refused}");
        assert!(upcast(&entry("opened", 0), json!({}), 3, LATER).is_err());
    }
}
