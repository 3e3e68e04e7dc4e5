//! Whatever is done to a record, folding the facts alone gives the same record: no state lives outside them.

use pack::{Command, Facts, Pack, Record, actions, perform};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use crate::support::{files, load};

/// One thing somebody tries; most make no sense at the moment and are refused.
#[derive(Clone, Debug)]
enum Try {
    Outcome(usize, usize),
    Edit(usize),
    Accept(u8),
    Assign(usize, bool, bool),
    Hold(usize),
    Resume,
    Cancel,
    Wait(i64),
    Rate(u8),
    Move(usize),
}

fn tries() -> impl Strategy<Value = Vec<Try>> {
    let one = prop_oneof![
        8 => (any::<usize>(), any::<usize>()).prop_map(|(a, b)| Try::Outcome(a, b)),
        3 => any::<usize>().prop_map(Try::Edit),
        2 => any::<u8>().prop_map(Try::Accept),
        2 => (any::<usize>(), any::<bool>(), any::<bool>()).prop_map(|(team, who, why)| Try::Assign(team, who, why)),
        2 => any::<usize>().prop_map(Try::Hold),
        2 => Just(Try::Resume),
        1 => Just(Try::Cancel),
        3 => (1_i64..200_000_000).prop_map(Try::Wait),
        1 => (0_u8..8).prop_map(Try::Rate),
        1 => any::<usize>().prop_map(Try::Move),
    ];
    proptest::collection::vec(one, 1..25)
}

fn pick<T>(items: &[T], at: usize) -> Option<&T> {
    items.get(at.checked_rem(items.len())?)
}

/// Some value for a field of that schema, now and then a wrong one.
fn value(pack: &Pack, field: &str, at: usize) -> Value {
    let schema = pack.field_schema(field).unwrap();
    if at.is_multiple_of(11) {
        return Value::Null;
    }
    if let Some(choices) = schema["enum"].as_array() {
        return choices[at % choices.len()].clone();
    }
    match schema["type"].as_str().unwrap() {
        "integer" => json!(at % 5),
        "boolean" => json!(at.is_multiple_of(2)),
        _ => json!(["network/wifi", "software", "security/x", "erp", "plant"][at % 5]),
    }
}

fn command(pack: &Pack, record: &Record, attempt: &Try, now: &mut i64) -> Option<Command> {
    let steps: Vec<u32> = record.steps.iter().map(|step| step.activity).collect();
    Some(match attempt {
        Try::Outcome(which, seed) => {
            let offered: Vec<_> = actions(pack, record, 0).into_iter().filter(|action| action.activity.is_some()).collect();
            let action = pick(&offered, *which)?;
            let fields = action.fields.iter().enumerate();
            let values: Map<String, Value> =
                fields.map(|(n, field)| (field.clone(), value(pack, field, seed.wrapping_add(n * 7)))).collect();
            Command::Complete { activity: action.activity?, outcome: action.key.clone(), values }
        }
        Try::Edit(seed) => {
            let fields: Vec<&String> = pack.own_fields().keys().collect();
            let field = (*pick(&fields, *seed)?).clone();
            let values = [(field.clone(), value(pack, &field, seed / 3)), ("urgency".to_owned(), json!("high"))];
            Command::Edit { values: values.into_iter().collect(), reason: (seed.is_multiple_of(2)).then(|| "so".to_owned()) }
        }
        Try::Accept(by) => Command::Accept { by: format!("u{by}") },
        Try::Assign(team, who, why) => Command::Assign {
            activity: pick(&steps, *team).copied(),
            team: Some(format!("team{}", team % 3)),
            assignee: who.then(|| "u1".to_owned()),
            reason: why.then(|| pack.manifest().reasons("reassign")[0].clone()),
            note: None,
        },
        Try::Hold(why) => Command::Hold { reason: pick(pack.manifest().reasons("hold"), *why)?.clone(), note: None },
        Try::Resume => Command::Resume,
        Try::Cancel => Command::Cancel { reason: pack.manifest().reasons("cancel")[0].clone() },
        Try::Wait(length) => {
            *now += length;
            let due = record.instance.timers.iter().find(|timer| timer.fires_at().is_some_and(|due| due <= *now))?;
            Command::FireTimer { timer: due.id }
        }
        Try::Rate(score) => Command::Rate { score: *score, comment: None },
        Try::Move(to) => {
            let elements: Vec<String> = pack.flow().elements().map(|element| element.id.clone()).collect();
            Command::Move { activity: *steps.first()?, to: pick(&elements, *to)?.clone() }
        }
    })
}

/// What must be true of any record at any time.
fn is_consistent(pack: &Pack, record: &Record) {
    let open: Vec<u32> = record.instance.activities.iter().map(|activity| activity.id).collect();
    let steps: Vec<u32> = record.steps.iter().map(|step| step.activity).collect();
    assert_eq!(open, steps, "steps are the open activities");
    let phase = pack.phase_of(&record.state).unwrap();
    assert_eq!(phase.is_ended(), record.instance.status.is_ended(), "{} but {:?}", record.state, record.instance.status);
    assert_eq!(phase.is_ended(), record.values.contains_key("closed_at"));
    assert_eq!(record.instance.status == flow::Status::Suspended, record.values.contains_key("hold_reason"));
    assert!(record.values.values().all(|value| !value.is_null()), "no value is null");
    for name in ["now", "outcome", "state", "phase", "accepted"] {
        assert!(!record.values.contains_key(name), "{name} is stored");
    }
    let main = record.steps.iter().rev().find(|step| pack.flow().element(&step.element).is_some_and(|it| it.state().is_some()));
    if let Some(step) = main.filter(|_| phase.is_working()) {
        assert_eq!(step.team.as_deref(), record.text("team"));
        assert_eq!(step.assignee.as_deref(), record.text("assignee"));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn replay_gives_the_same_record(tries in tries()) {
        let pack = &*PACK;
        let mut now = 1_767_574_800_000;
        let open = Command::Open { values: [("title".to_owned(), json!("x"))].into_iter().collect() };
        let mut journal: Vec<Facts> = vec![perform(pack, None, &open, now).unwrap().facts];
        let mut record = Record::default();
        record.apply(&journal[0]);
        for attempt in &tries {
            now += 1000;
            let Some(command) = command(pack, &record, attempt, &mut now) else { continue };
            let before = record.clone();
            match perform(pack, Some(&record), &command, now) {
                Ok(performed) => {
                    // Facts must survive the journal.
                    let written = serde_json::to_string(&performed.facts).unwrap();
                    let read: Facts = serde_json::from_str(&written).unwrap();
                    prop_assert_eq!(&read, &performed.facts);
                    record.apply(&read);
                    journal.push(read);
                }
                Err(_) => prop_assert_eq!(&before, &record),
            }
            is_consistent(pack, &record);
        }
        let mut replayed = Record::default();
        for facts in &journal {
            replayed.apply(facts);
        }
        prop_assert_eq!(&replayed, &record);
        // A record that went through its own JSON is the same record.
        let stored: Record = serde_json::from_value(serde_json::to_value(&record).unwrap()).unwrap();
        prop_assert_eq!(&stored, &record);
    }
}

static PACK: std::sync::LazyLock<Pack> = std::sync::LazyLock::new(|| load(&files("incident")));
