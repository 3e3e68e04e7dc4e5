//! The real log of a service desk, at full size: what goes in is what the log says, and what was open can be worked on.
//!
//! These tests need the data that lies beside the repository and a fast program: `make conformance` runs them.

use std::collections::{BTreeMap, HashMap};
use std::io::Read;
use std::path::{Path, PathBuf};

use chrono::DateTime;
use serde_json::{Value, json};

use crate::harness::{Database, House, act, pages, record, solved};

on_both!(; alone: ; data: the_whole_log, what_was_open_at_a_cut_is_worked_to_closure);

const UNTIL: &str = "2016-04-01";
/// Records of one state that are worked to closure.
const OF_EACH_STATE: usize = 3;

fn data() -> PathBuf {
    let folder = std::env::var("YUHENG_CONFORMANCE_DATA").expect("YUHENG_CONFORMANCE_DATA names the folder of the real data");
    Path::new(&folder).join("01_incident_logs")
}

fn import(house: &House, more: &[&str]) -> String {
    let map = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/examples/servicenow-log.map.yaml");
    let file = data().join("uci498_events_share.csv.gz");
    let mut words = vec!["import", "records", "--type", "incident", "--map", map, file.to_str().unwrap()];
    words.extend(more);
    let (code, output, errors) = house.command(&words);
    assert_eq!(code, Some(0), "{output}\n{errors}");
    output.lines().last().unwrap_or_default().to_owned()
}

fn millis(record: &Value, field: &str) -> Option<i64> {
    let text = record[field].as_str()?;
    Some(DateTime::parse_from_rfc3339(text).unwrap().timestamp_millis())
}

/// Hours between two instants of all records that have both.
fn hours(records: &[Value], from: &str, to: &str) -> Vec<f64> {
    let span = |record: &Value| Some((millis(record, to)? - millis(record, from)?) as f64 / 3_600_000.0);
    let mut all: Vec<f64> = records.iter().filter_map(span).collect();
    all.sort_by(f64::total_cmp);
    all
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

fn is_near(found: f64, wanted: &Value) -> bool {
    (found - wanted.as_f64().unwrap()).abs() < 0.01
}

fn the_whole_log(database: Database) {
    let house = House::own(database);
    let wanted: Value = serde_json::from_slice(&std::fs::read(data().join("uci498_expected_share.json")).unwrap()).unwrap();
    assert_eq!(import(&house, &[]), "90268 read, 14950 created, 0 updated, 0 rejected");
    assert_eq!(import(&house, &[]), "90268 read, 0 created, 0 updated, 0 rejected", "a second run does nothing");

    let records = pages(&house.cast.admin, "/records/incident?limit=200");
    assert_eq!(Value::from(records.len()), wanted["incidents"]);
    assert!(records.iter().all(|record| record["state"] == "closed"));
    let count = |fits: &dyn Fn(&Value) -> bool| Value::from(records.iter().filter(|record| fits(record)).count());
    for (key, word) in [("p1", "1 - Critical"), ("p2", "2 - High"), ("p3", "3 - Moderate"), ("p4", "4 - Low")] {
        assert_eq!(count(&|record| record["priority"] == key), wanted["final_priority"][word], "{word}");
    }
    assert_eq!(count(&|record| record["reassign_count"].as_i64() > Some(0)), wanted["reassigned_ge1"]);
    assert_eq!(count(&|record| record["reopen_count"].as_i64() > Some(0)), wanted["reopened_ge1"]);
    for (month, number) in wanted["opened_by_month"].as_object().unwrap() {
        assert_eq!(&count(&|record| record["opened_at"].as_str().unwrap().starts_with(month)), number, "{month}");
    }
    assert_eq!(count(&|record| record["requester"]["label"] == "Unknown caller"), 3, "whom the log does not name");
    let resolved = hours(&records, "opened_at", "resolved_at");
    assert_eq!(Value::from(resolved.len()), wanted["resolved_n"]);
    assert!(is_near(mean(&resolved), &wanted["mttr_hours_mean"]), "{}", mean(&resolved));
    assert!(is_near(resolved[resolved.len() / 2], &wanted["mttr_hours_median"]), "{}", resolved[resolved.len() / 2]);
    let closed = mean(&hours(&records, "opened_at", "closed_at"));
    assert!(is_near(closed, &wanted["open_to_close_hours_mean"]), "{closed}");

    assert_eq!(pages(&house.cast.admin, "/outbox?limit=200"), Vec::<Value>::new(), "nothing is sent, and nothing waits");
    let (code, output, errors) = house.command(&["check"]);
    assert_eq!(code, Some(0), "{output}\n{errors}");
}

/// The state in which each record of the log stood at the cut, as the log says.
fn standing_at_the_cut() -> BTreeMap<String, Vec<String>> {
    let mut text = String::new();
    let packed = std::fs::File::open(data().join("uci498_events_share.csv.gz")).unwrap();
    flate2::read::GzDecoder::new(packed).read_to_string(&mut text).unwrap();
    let mut lines = text.lines().map(|line| line.split(',').map(|cell| cell.trim_matches('"')).collect::<Vec<_>>());
    let header = lines.next().unwrap();
    let column = |name: &str| header.iter().position(|cell| *cell == name).unwrap();
    let (number, state, at) = (column("number"), column("incident_state"), column("sys_updated_at"));
    let mut last: HashMap<String, (String, String)> = HashMap::new();
    for cells in lines {
        let (day, month, year) = {
            let mut parts = cells[at].split([' ', '/']);
            (parts.next().unwrap(), parts.next().unwrap(), parts.next().unwrap())
        };
        let day = format!("{year}-{month:0>2}-{day:0>2}");
        let known = last.get(cells[number]).is_some_and(|(before, _)| *before > day);
        if day.as_str() < UNTIL && !known {
            last.insert(cells[number].to_owned(), (day, cells[state].to_owned()));
        }
    }
    let mut by_state: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (number, (_, state)) in last {
        by_state.entry(state).or_default().push(number);
    }
    by_state.values_mut().for_each(|numbers| numbers.sort());
    by_state
}

fn what_was_open_at_a_cut_is_worked_to_closure(database: Database) {
    let house = House::own(database);
    import(&house, &["--until", UNTIL]);
    let admin = &house.cast.admin;
    let records = pages(admin, "/records/incident?limit=200&state=open");
    assert!(records.len() > 3000, "{} are open", records.len());
    for record in &records {
        let number = record["number"].as_str().unwrap();
        assert!(record["team"].is_object(), "{number} has no team: {record}");
        assert!(record["assignee"].is_object() || record["on_duty"].is_object(), "nobody is responsible for {number}: {record}");
    }
    let standing = standing_at_the_cut();
    let open: Vec<&String> = standing.keys().filter(|state| *state != "Closed").collect();
    assert!(open.len() >= 5, "{open:?}");
    for (state, numbers) in standing.iter().filter(|(state, _)| *state != "Closed") {
        for old in numbers.iter().take(OF_EACH_STATE) {
            close(&house, state, old);
        }
    }
    let (code, output, errors) = house.command(&["check"]);
    assert_eq!(code, Some(0), "{output}\n{errors}");
}

/// Works a record on from where it landed.
fn close(house: &House, state: &str, old: &str) {
    let admin = &house.cast.admin;
    let number = record(admin, old)["number"].as_str().unwrap().to_owned();
    let phase = || record(admin, &number)["phase"].as_str().unwrap().to_owned();
    if phase() == "waiting" {
        act(admin, &number, "resume", &json!({})).ok(200);
    }
    if phase() != "resolved" {
        let mut values = solved();
        if phase() == "new" {
            values["service"] = json!("printing");
        }
        act(admin, &number, "resolve", &values).ok(200);
    }
    act(admin, &number, "confirm", &json!({})).ok(200);
    // A major one is reviewed first.
    if phase() == "resolved" {
        act(admin, &number, "close", &json!({ "reviewed_priority": "p2", "review_note": "as it was" })).ok(200);
    }
    assert_eq!(phase(), "closed", "{old} was {state}");
}
