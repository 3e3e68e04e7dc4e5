//! What callers see beside the cases: explanations, actions, refusals, texts, speed.

use pack::{ActionKind, Command, Effect, Pack, Record, Refusal, actions, perform};
use serde_json::{Map, Value, json};

use crate::support::{files, load};

const NOW: i64 = 1_767_574_800_000;

static PACK: std::sync::LazyLock<Pack> = std::sync::LazyLock::new(|| load(&files("incident")));

fn map(value: Value) -> Map<String, Value> {
    value.as_object().unwrap().clone()
}

fn opened(values: Value) -> Record {
    let performed = perform(&PACK, None, &Command::Open { values: map(values) }, NOW).unwrap();
    let mut record = Record::default();
    record.apply(&performed.facts);
    record
}

#[test]
fn opening_explains_its_decisions_and_sends_its_message() {
    let values = map(json!({"title": "mail", "users_affected": 300, "requester": "u1"}));
    let performed = perform(&PACK, None, &Command::Open { values }, NOW).unwrap();
    let said: Vec<(&str, &[String])> =
        performed.decisions.iter().map(|decided| (decided.decision.as_str(), decided.hits.as_slice())).collect();
    assert_eq!(said, [("impact", &["impact_03".to_owned()][..]), ("urgency", &[]), ("priority", &["priority_02".to_owned()])]);
    assert_eq!(performed.effects, [Effect::Notify { message: "opened".to_owned(), to: "requester".to_owned() }]);
    assert_eq!(performed.facts.state.as_ref().unwrap().new, "new");
    assert_eq!(performed.facts.edit("impact").unwrap().new, json!("high"));
    let fields: Vec<&String> = performed.facts.edits.iter().map(|edit| &edit.field).collect();
    assert!(fields.is_sorted());
}

#[test]
fn a_reason_keeps_the_value_and_says_so() {
    let values = map(json!({"title": "mail", "users_affected": 1, "impact": "high", "impact_reason": "the board"}));
    let performed = perform(&PACK, None, &Command::Open { values }, NOW).unwrap();
    assert_eq!(performed.decisions[0].left, ["impact"]);
    assert_eq!(performed.facts.edit("impact").unwrap().new, json!("high"));
}

#[test]
fn every_wrong_value_is_told() {
    let values = map(json!({"title": 5, "users_affected": -1, "scope": "galaxy", "nope": 1, "closed_at": 1, "impact": "huge"}));
    let refusal = perform(&PACK, None, &Command::Open { values }, NOW).unwrap_err();
    let Refusal::Invalid(errors) = refusal else { panic!("{refusal}") };
    let told: Vec<(&str, &str)> = errors.iter().map(|error| (error.pointer.as_str(), error.code.as_str())).collect();
    let wanted = [
        ("/fields/nope", "unknown_field"),
        ("/closed_at", "read_only"),
        ("/impact", "enum"),
        ("/title", "type"),
        ("/fields/users_affected", "minimum"),
        ("/fields/scope", "enum"),
    ];
    assert_eq!(told, wanted);
}

#[test]
fn commands_need_the_right_record() {
    let open = Command::Open { values: map(json!({"title": "x"})) };
    let record = opened(json!({"title": "x"}));
    assert_eq!(perform(&PACK, Some(&record), &open, NOW).unwrap_err().code(), "not_available");
    assert_eq!(perform(&PACK, None, &Command::Resume, NOW).unwrap_err().code(), "not_available");
    let stale = Command::Complete { activity: 999, outcome: "dispatch".to_owned(), values: Map::new() };
    assert_eq!(perform(&PACK, Some(&record), &stale, NOW).unwrap_err().code(), "not_available");
    let early = Command::FireTimer { timer: 999 };
    assert_eq!(perform(&PACK, Some(&record), &early, NOW).unwrap_err().code(), "flow");
    let message = Command::Message { name: "anything".to_owned() };
    assert_eq!(perform(&PACK, Some(&record), &message, NOW).unwrap_err().code(), "flow");
}

#[test]
fn an_edit_that_changes_nothing_is_no_fact() {
    let record = opened(json!({"title": "x", "contact": "8123"}));
    let values = map(json!({"contact": "8123", "resolution": "", "site": null}));
    let performed = perform(&PACK, Some(&record), &Command::Edit { values, reason: None }, NOW + 5).unwrap();
    assert!(performed.facts.is_empty(), "{:?}", performed.facts);
}

#[test]
fn actions_say_what_can_be_done_and_why_not() {
    let record = opened(json!({"title": "x"}));
    let all = actions(&PACK, &record, NOW);
    let of = |key: &str| all.iter().find(|action| action.key == key).unwrap();
    let outcomes: Vec<&str> = all.iter().filter(|action| action.kind == ActionKind::Outcome).map(|action| action.key.as_str()).collect();
    assert_eq!(outcomes, ["dispatch", "resolve"]);
    assert_eq!(of("dispatch").required, ["category", "service", "impact", "urgency"]);
    assert!(of("dispatch").fields.contains(&"team".to_owned()));
    assert_eq!(of("resolve").required, ["resolution", "closure_code", "category", "service", "impact", "urgency"]);
    assert!(of("accept").enabled && of("assign").enabled && of("hold").enabled && of("cancel").enabled);
    assert_eq!((of("resume").enabled, of("resume").reason), (false, Some("not_on_hold")));
    assert_eq!(of("rate").reason, Some("not_resolved"));
    assert!(of("assign").reasons.contains(&"wrong_team".to_owned()));

    let performed = perform(&PACK, Some(&record), &Command::Hold { reason: "vendor".to_owned(), note: None }, NOW).unwrap();
    let mut held = record;
    held.apply(&performed.facts);
    let all = actions(&PACK, &held, NOW);
    let of = |key: &str| all.iter().find(|action| action.key == key).unwrap();
    assert_eq!(of("dispatch").reason, Some("on_hold"));
    assert!(of("resume").enabled && !of("hold").enabled);
}

#[test]
fn dialogs_have_schemas() {
    let schema = PACK.schema_of(&["impact", "resolution", "nope"], &["resolution"]);
    assert_eq!(schema["properties"]["impact"]["enum"], json!(["high", "medium", "low"]));
    assert_eq!(schema["properties"]["resolution"]["maxLength"], json!(10000));
    assert!(schema["properties"].get("nope").is_none());
    jsonschema::draft202012::new(&schema).unwrap();
}

#[test]
fn texts_exist_in_both_languages() {
    assert_eq!(PACK.text("zh", "activity.classify"), Some("核实与分类"));
    assert_eq!(PACK.text("en", "activity.classify"), Some("Verify and classify"));
    assert_eq!(PACK.label("en", "no.such"), "no.such");
    assert_eq!(PACK.category_label("zh", "network/wifi"), "网络问题 / 无线接入");
    assert_eq!(PACK.category_label("en", "network/nothing"), "network/nothing");
    assert!(PACK.has_category("software/application/slow") && !PACK.has_category("software/slow"));
    assert!(PACK.help_for("en", "l2").unwrap().contains("vendors"));
}

#[test]
fn messages_render_with_what_there_is() {
    let context = map(json!({
        "record": {"number": "N-1", "title": "line\nbreak", "team": "Network"}, "link": "https://x", "actor": "Li", "recipient": "Zhang", "note": "",
    }));
    let rendered = PACK.render("en", "accepted", &context).unwrap();
    assert_eq!(rendered.subject, "Accepted: N-1 line break");
    assert!(rendered.body.contains("Network has accepted N-1"), "{}", rendered.body);
    assert!(PACK.render("fr", "accepted", &context).is_err());
}

#[test]
fn a_pack_can_be_shared_between_threads() {
    fn shared<T: Send + Sync + 'static>(_: &T) {}
    shared(&*PACK);
}

/// `cargo test --release -p pack speed -- --ignored --nocapture`
#[test]
#[ignore = "measures; only release builds mean anything"]
fn speed_of_opening_and_completing() {
    let open = Command::Open { values: map(json!({"title": "x", "users_affected": 3, "business_process": "partial", "requester": "u"})) };
    let rounds = 2000;
    let files = files("incident");
    let started = std::time::Instant::now();
    load(&files);
    println!("load {:?}", started.elapsed());
    let started = std::time::Instant::now();
    for _ in 0..rounds {
        perform(&PACK, None, &open, NOW).unwrap();
    }
    println!("open {:?}", started.elapsed() / rounds);
    let record = opened(json!({"title": "x", "category": "network/wifi", "service": "lan"}));
    let dispatch = Command::Complete { activity: record.steps[0].activity, outcome: "dispatch".to_owned(), values: Map::new() };
    let started = std::time::Instant::now();
    for _ in 0..rounds {
        perform(&PACK, Some(&record), &dispatch, NOW).unwrap();
    }
    println!("dispatch {:?}", started.elapsed() / rounds);
}

#[test]
fn handing_back_takes_the_person_off_and_keeps_the_team() {
    let mut record = opened(json!({"title": "mail", "requester": "u1"}));
    let done = |record: &mut Record, command: Command| -> Result<(), Refusal> {
        let performed = perform(&PACK, Some(record), &command, NOW)?;
        record.apply(&performed.facts);
        Ok(())
    };
    done(&mut record, Command::Accept { by: "u2".to_owned() }).unwrap();
    let step = record.steps[0].clone();
    assert_eq!((step.assignee.as_deref(), step.accepted_at), (Some("u2"), Some(NOW)));
    done(&mut record, Command::HandBack { activity: step.activity }).unwrap();
    let now = &record.steps[0];
    assert_eq!((&now.team, &now.assignee, now.accepted_at), (&step.team, &None, None));
    assert_eq!(done(&mut record, Command::HandBack { activity: step.activity }).unwrap_err().code(), "not_available");
}
