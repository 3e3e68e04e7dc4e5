//! `yuheng import records`: another system's log, taken over in one go or as it grows.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::harness::{Call, Caller, Database, House, act, at, pages, record, s, timeline, until, yuheng};

on_both!(; alone:
    a_log_that_has_grown_goes_on_where_it_was_cut,
    what_was_worked_on_here_is_left_to_those_who_did,
    a_row_that_comes_too_late_is_rejected_and_not_lost_in_silence,
    a_name_in_chinese_becomes_a_team_with_its_name,
    who_the_log_does_not_name_is_nobody_in_particular,
    what_cannot_be_right_is_refused_before_anything_is_written,
    a_second_import_of_the_same_log_waits_its_turn,
    a_cancelled_import_stops_and_a_next_one_goes_on,
    an_import_whose_process_dies_is_seen_and_a_next_one_goes_on,
    the_number_it_had_elsewhere_leads_to_the_record,
    the_past_is_told_as_it_happened_and_as_it_was_known,
);

const HEADER: &str = "number,incident_state,sys_updated_at,sys_updated_by,opened_at,resolved_at,closed_at,category,subcategory,u_symptom,\
    contact_type,impact,urgency,priority,reassignment_count,reopen_count,closed_code,caller_id,assigned_to,assignment_group,location";

/// One row: key, state, day, reassignments, reopenings, group.
#[derive(Clone, Copy)]
struct Row(&'static str, &'static str, &'static str, u8, u8, &'static str);

/// Cut on 3 March, each record goes on in another way.
const LOG: &[Row] = &[
    Row("A1", "New", "01/03/2026 08:00", 0, 0, "?"),
    Row("A1", "Active", "02/03/2026 08:00", 1, 0, "Group 1"),
    Row("A2", "Active", "01/03/2026 09:00", 0, 0, "Group 1"),
    Row("A3", "Resolved", "01/03/2026 10:00", 0, 0, "Group 1"),
    Row("A3", "Closed", "02/03/2026 10:00", 0, 0, "Group 1"),
    Row("A5", "Active", "01/03/2026 11:00", 0, 0, "Group 2"),
    Row("A6", "Resolved", "02/03/2026 12:00", 0, 0, "Group 2"),
    Row("A7", "Awaiting Vendor", "02/03/2026 13:00", 0, 0, "Group 2"),
    Row("A1", "Resolved", "04/03/2026 08:00", 2, 0, "Group 2"),
    Row("A1", "Closed", "05/03/2026 08:00", 2, 0, "Group 2"),
    Row("A2", "Awaiting User Info", "04/03/2026 09:00", 0, 0, "Group 1"),
    Row("A3", "Active", "04/03/2026 10:00", 0, 1, "Group 1"),
    Row("A4", "New", "04/03/2026 11:00", 0, 0, "?"),
    Row("A6", "Active", "04/03/2026 12:00", 1, 1, "Group 1"),
    // In the same minute as the row before: the order of the file holds.
    Row("A6", "Resolved", "04/03/2026 12:00", 1, 1, "Group 1"),
    Row("A7", "Active", "04/03/2026 13:00", 0, 0, "Group 3"),
];

fn line(Row(key, state, day, reassigned, reopened, group): &Row) -> String {
    let solved = |wanted: &[&str]| if wanted.contains(state) { *day } else { "?" };
    let (resolved, closed) = (solved(&["Resolved", "Closed"]), solved(&["Closed"]));
    format!(
        "{key},{state},{day},Updated by 1,01/03/2026 07:00,{resolved},{closed},Category 1,Subcategory 2,Symptom 3,Phone,2 - Medium,2 - Medium,\
         3 - Moderate,{reassigned},{reopened},code 6,Caller 4,Resolver 5,{group},Location 6"
    )
}

fn write(house: &House, name: &str, rows: &[Row]) -> PathBuf {
    let file = house.folder().join(name);
    let lines: Vec<String> = std::iter::once(HEADER.to_owned()).chain(rows.iter().map(line)).collect();
    std::fs::write(&file, lines.join("\n") + "\n").unwrap();
    file
}

/// Runs the import and gives its last line.
#[track_caller]
fn import(house: &House, file: &Path, more: &[&str]) -> String {
    let file = file.display().to_string();
    let args = [&["import", "records", "--type", "incident", "--map", MAP, &file], more].concat();
    let (code, output, errors) = house.command(&args);
    assert_eq!(code, Some(0), "{output}\n{errors}");
    output.lines().last().unwrap_or_default().to_owned()
}

/// Everything about a record that does not depend on when it was imported.
fn told(by: &Caller, key: &str) -> Value {
    let found = record(by, key);
    let label = |field: &str| found[field]["label"].clone();
    let entries: Vec<Value> = timeline(by, key)
        .iter()
        .filter(|entry| entry["kind"] != "imported")
        .map(|entry| json!([entry["occurred_at"], entry["kind"], entry["actor"]["label"]]))
        .collect();
    let tokens: Vec<Value> = by.read(at(key, "/flow"))["tokens"].as_array().unwrap().iter().map(|token| token["element"].clone()).collect();
    let mut told =
        json!({ "people": [label("requester"), label("assignee"), label("team"), label("site")], "entries": entries, "tokens": tokens });
    for field in
        ["title", "state", "phase", "priority", "opened_at", "resolved_at", "closed_at", "reassign_count", "reopen_count", "fields"]
    {
        told[field] = found[field].clone();
    }
    told
}

/// A record as of an instant, without what depends on when it was imported.
fn told_then(by: &Caller, key: &str, instant: &str) -> Value {
    let number = record(by, key)["number"].as_str().unwrap().to_owned();
    let found = by.read(at(&number, &format!("?as_of={instant}")));
    let label = |field: &str| found[field]["label"].clone();
    let mut told = json!({ "people": [label("requester"), label("assignee"), label("team"), label("site")] });
    for field in ["state", "phase", "priority", "opened_at", "updated_at", "resolved_at", "closed_at", "reassign_count", "fields"] {
        told[field] = found[field].clone();
    }
    told
}

#[track_caller]
pub fn check(house: &House) {
    let (code, output, errors) = house.command(&["check"]);
    assert_eq!(code, Some(0), "{output}\n{errors}");
}

fn a_log_that_has_grown_goes_on_where_it_was_cut(database: Database) {
    let (grown, whole) = (House::own(database), House::own(database));
    let file = write(&grown, "log.csv", LOG);
    assert_eq!(import(&grown, &file, &["--until", "2026-03-03"]), "16 read, 6 created, 0 updated, 0 rejected");
    assert_eq!(record(&grown.cast.admin, "A1")["state"], "l1");
    let numbers = |house: &House, key: &str| record(&house.cast.admin, key)["number"].clone();
    let before = numbers(&grown, "A1");
    check(&grown);
    assert_eq!(import(&grown, &file, &["--until", "2026-03-03"]), "16 read, 0 created, 0 updated, 0 rejected");

    assert_eq!(import(&grown, &file, &[]), "16 read, 1 created, 5 updated, 0 rejected");
    assert_eq!(import(&whole, &write(&whole, "log.csv", LOG), &[]), "16 read, 7 created, 0 updated, 0 rejected");
    for key in ["A1", "A2", "A3", "A4", "A5", "A6", "A7"] {
        assert_eq!(told(&grown.cast.admin, key), told(&whole.cast.admin, key), "{key}");
    }
    assert_eq!(numbers(&grown, "A1"), before, "it is the same record");
    // The past does not tell in how many pieces it came: what an earlier import landed on was later than what a next one told.
    for key in ["A1", "A2", "A3", "A5", "A6", "A7"] {
        for day in ["2026-03-02T23:00:00Z", "2026-03-04T10:00:00Z", "2026-03-06T00:00:00Z"] {
            assert_eq!(told_then(&grown.cast.admin, key, day), told_then(&whole.cast.admin, key, day), "{key} as of {day}");
        }
    }
    let states = |key: &str| record(&grown.cast.admin, key)["state"].clone();
    assert_eq!([states("A1"), states("A2"), states("A3"), states("A6"), states("A7")], ["closed", "pending", "l1", "resolved", "l1"]);
    check(&grown);

    assert_eq!(import(&grown, &file, &[]), "16 read, 0 created, 0 updated, 0 rejected");
    // What has grown by one row in the minute of the last one goes on, too; a file of news alone does as well.
    let news = [Row("A6", "Closed", "04/03/2026 12:00", 1, 1, "Group 1")];
    let late = write(&grown, "more.csv", &[LOG, &news].concat());
    assert_eq!(import(&grown, &late, &[]), "17 read, 0 created, 1 updated, 0 rejected");
    let news = write(&grown, "news.csv", &[Row("A5", "Resolved", "06/03/2026 11:00", 0, 0, "Group 2")]);
    assert_eq!(import(&grown, &news, &[]), "1 read, 0 created, 1 updated, 0 rejected");
    assert_eq!([states("A5"), states("A6")], ["resolved", "closed"]);
    check(&grown);
    assert!(pages(&grown.cast.admin, "/outbox?limit=200").is_empty(), "an import sends nothing");

    // Work goes on here on what was continued.
    let number = numbers(&grown, "A7").as_str().unwrap().to_owned();
    let fields = json!({ "resolution": "cleaned", "closure_code": "fixed" });
    act(&grown.cast.desk, &number, "resolve", &fields).ok(200);
    check(&grown);
}

fn the_number_it_had_elsewhere_leads_to_the_record(database: Database) {
    let house = House::own(database);
    import(&house, &write(&house, "log.csv", LOG), &[]);
    let agent = &house.cast.agent;
    let answer = agent.get(at("A3", ""));
    assert_eq!(answer.status, 308, "{}", answer.text());
    let number = record(agent, "A3")["number"].as_str().unwrap().to_owned();
    assert_ne!(number, "A3");
    let location = format!("/api/v1{}", at(&number, ""));
    assert_eq!(answer.header("location"), Some(location.as_str()));
    // Nothing is lost on the way.
    let past = agent.get(at("A3", "?as_of=2026-03-02T12:00:00Z"));
    assert_eq!((past.status, past.header("location")), (308, Some(format!("{location}?as_of=2026-03-02T12:00:00Z").as_str())));
    assert_eq!(agent.get(at(&number, "")).status, 200);
    for by in [&house.cast.stranger, &house.cast.owner] {
        by.get(at("A3", "")).problem(404, "not_found");
    }
    agent.get(at("A99", "")).problem(404, "not_found");
    // What belongs to it answers under both.
    assert_eq!(timeline(agent, "A3"), timeline(agent, &number));
}

fn the_past_is_told_as_it_happened_and_as_it_was_known(database: Database) {
    let house = House::own(database);
    import(&house, &write(&house, "log.csv", LOG), &[]);
    let agent = &house.cast.agent;
    let number = record(agent, "A3")["number"].as_str().unwrap().to_owned();
    let state = |as_of: &str| agent.read(at(&number, &format!("?as_of={as_of}")))["state"].clone();
    assert_eq!(
        [state("2026-03-01T23:00:00Z"), state("2026-03-03T00:00:00Z"), state("2026-03-05T00:00:00Z")],
        [json!("resolved"), json!("closed"), json!("l1")]
    );
    agent.get(at(&number, "?as_of=2026-03-01T06:00:00Z")).problem(404, "not_found");
    // All of it became known here today, however long ago it happened.
    agent.get(at(&number, "?as_of=2026-03-03T00:00:00Z&known_at=2026-03-04T00:00:00Z")).problem(404, "not_found");
    let recorded = timeline(agent, &number).last().unwrap()["recorded_at"].as_str().unwrap().to_owned();
    let known = agent.read(at(&number, &format!("?as_of=2026-03-03T00:00:00Z&known_at={}", recorded.replace("Z", "%2B00:00"))));
    assert!(known["state"] == "closed" && known["known_at"] == recorded.as_str(), "{known}");
}

fn what_was_worked_on_here_is_left_to_those_who_did(database: Database) {
    let house = House::own(database);
    let file = write(&house, "log.csv", LOG);
    import(&house, &file, &["--until", "2026-03-03"]);
    let desk = &house.cast.desk;
    let number = record(desk, "A2")["number"].as_str().unwrap().to_owned();
    act(desk, &number, "comment", &json!({ "body": "we look into it", "visibility": "internal" })).ok(200);
    let before = record(desk, &number);

    assert_eq!(import(&house, &file, &[]), "16 read, 1 created, 4 updated, 1 rejected");
    assert_eq!(record(desk, &number), before);
    let rejects = std::fs::read_to_string(house.folder().join("log.csv.rejects.csv")).unwrap();
    let line = rejects.lines().nth(1).unwrap();
    assert!(line.starts_with("12,") && line.contains(&number) && line.contains("worked on here"), "{rejects}");
    assert_eq!(import(&house, &file, &[]), "16 read, 0 created, 0 updated, 1 rejected");
    check(&house);
}

fn a_second_import_of_the_same_log_waits_its_turn(database: Database) {
    const RECORDS: usize = 1500;
    let house = House::own(database);
    let file = write_many(&house, RECORDS);
    std::thread::scope(|scope| {
        let first = scope.spawn(|| import(&house, &file, &[]));
        until(s(60), "the first import is at work", || (house.cast.admin.read("/jobs")["items"][0]["state"] == "running").then_some(()));
        let name = file.display().to_string();
        let (code, _, errors) = house.command(&["import", "records", "--type", "incident", "--map", MAP, &name]);
        assert!(code == Some(1) && errors.contains("runs already as job"), "{code:?} {errors}");
        assert_eq!(first.join().unwrap(), format!("{RECORDS} read, {RECORDS} created, 0 updated, 0 rejected"));
    });
}

fn a_name_in_chinese_becomes_a_team_with_its_name(database: Database) {
    let house = House::own(database);
    let log = [Row("C1", "Active", "01/03/2026 08:00", 0, 0, "网络组"), Row("C2", "Active", "01/03/2026 08:00", 0, 0, "网络二组")];
    let file = write(&house, "chinese.csv", &log);
    assert_eq!(import(&house, &file, &[]), "2 read, 2 created, 0 updated, 0 rejected");
    let team = |key: &str| record(&house.cast.admin, key)["team"].clone();
    let (one, two) = (team("C1"), team("C2"));
    assert_eq!((&one["label"], &two["label"]), (&json!("网络组"), &json!("网络二组")));
    assert_ne!(one["key"], two["key"]);
    assert_eq!(import(&house, &file, &[]), "2 read, 0 created, 0 updated, 0 rejected");
}

fn who_the_log_does_not_name_is_nobody_in_particular(database: Database) {
    let house = House::own(database);
    let row = |key, day| line(&Row(key, "Active", day, 0, 0, "Group 1"));
    let unnamed = |row: String| row.replace("Caller 4", "?").replace("Resolver 5", "?");
    let lines = [
        unnamed(row("D1", "01/03/2026 08:00")),
        row("D1", "02/03/2026 08:00"),
        // Named once, then no more: it is still the same person.
        unnamed(row("D1", "03/03/2026 08:00")),
        unnamed(row("D2", "01/03/2026 08:00")),
        unnamed(row("D2", "02/03/2026 08:00")),
    ];
    let file = house.folder().join("unnamed.csv");
    std::fs::write(&file, [&[HEADER.to_owned()], &lines[..]].concat().join("\n") + "\n").unwrap();
    assert_eq!(import(&house, &file, &[]), "5 read, 2 created, 0 updated, 0 rejected");
    let admin = &house.cast.admin;
    let (named, nobody) = (record(admin, "D1"), record(admin, "D2"));
    assert_eq!((&named["requester"]["label"], &named["assignee"]), (&json!("Caller 4"), &Value::Null));
    assert_eq!((&nobody["requester"]["label"], &nobody["assignee"]), (&json!("Unknown caller"), &Value::Null));
    // What a field cannot hold is rejected, and not kept as it is.
    let values = r#", values: { "1 - Critical": p1, "2 - High": p2, "3 - Moderate": p3, "4 - Low": p4 } }"#;
    let map = std::fs::read_to_string(MAP).unwrap().replacen(&format!("column: priority{values}"), "column: priority }", 1);
    let path = house.folder().join("plain.yaml");
    std::fs::write(&path, map).unwrap();
    let odd = write(&house, "odd.csv", &[Row("D3", "Active", "01/03/2026 08:00", 0, 0, "Group 1")]);
    let (path, odd) = (path.display().to_string(), odd.display().to_string());
    let (_, output, errors) = house.command(&["import", "records", "--type", "incident", "--map", &path, &odd]);
    assert!(output.contains("1 read, 0 created, 0 updated, 1 rejected"), "{output}\n{errors}");
    let account = admin.read(format!("/users/{}", nobody["requester"]["id"].as_str().unwrap()));
    assert_eq!(account["roles"], json!([]), "nobody can do nothing: {account}");
    check(&house);
}

fn a_row_that_comes_too_late_is_rejected_and_not_lost_in_silence(database: Database) {
    let house = House::own(database);
    assert_eq!(import(&house, &write(&house, "log.csv", LOG), &[]), "16 read, 7 created, 0 updated, 0 rejected");
    let before = told(&house.cast.admin, "A1");
    // One before its first row, one between two, one that is there already and came once more; and one that is new.
    let late = [
        Row("A1", "New", "28/02/2026 08:00", 0, 0, "?"),
        Row("A1", "Active", "03/03/2026 08:00", 1, 0, "Group 3"),
        Row("A1", "Resolved", "04/03/2026 08:00", 2, 0, "Group 2"),
        Row("A5", "Resolved", "06/03/2026 11:00", 0, 0, "Group 2"),
    ];
    let file = write(&house, "late.csv", &[LOG, &late].concat());
    assert_eq!(import(&house, &file, &[]), "20 read, 0 created, 1 updated, 3 rejected");
    assert_eq!(told(&house.cast.admin, "A1"), before);
    let rejects = std::fs::read_to_string(house.folder().join("late.csv.rejects.csv")).unwrap();
    let lines: Vec<&str> = rejects.lines().skip(1).collect();
    assert!(lines.len() == 3 && lines.iter().all(|line| line.contains("late row") && line.contains("A1")), "{rejects}");
    assert_eq!(lines.iter().map(|line| line.split(',').next().unwrap()).collect::<Vec<_>>(), ["18", "19", "20"]);
    assert_eq!(import(&house, &file, &[]), "20 read, 0 created, 0 updated, 3 rejected");
    // A file of news alone, without the rows that were taken over, has none that is late.
    let news = write(&house, "news.csv", &[Row("A1", "Active", "07/03/2026 08:00", 2, 1, "Group 2")]);
    assert_eq!(import(&house, &news, &[]), "1 read, 0 created, 1 updated, 0 rejected");
    check(&house);
}

fn what_cannot_be_right_is_refused_before_anything_is_written(database: Database) {
    let house = House::own(database);
    let file = write(&house, "log.csv", LOG);
    let map = std::fs::read_to_string(MAP).unwrap();
    let refused = |name: &str, from: &str, to: &str, why: &str| {
        let changed = map.replacen(from, to, 1);
        assert_ne!(changed, map, "{from} is in the map");
        let path = house.folder().join(name);
        std::fs::write(&path, changed).unwrap();
        let (file, path) = (file.display().to_string(), path.display().to_string());
        let (code, output, errors) = house.command(&["import", "records", "--type", "incident", "--map", &path, &file]);
        assert!(code == Some(1) && errors.contains(why), "{output}\n{errors}");
    };
    refused("state.yaml", "state: new, step: classify", "state: nowhere, step: classify", "'nowhere', which is no state");
    refused("step.yaml", "state: new, step: classify", "state: new, step: nowhere", "'nowhere', which is no step");
    refused("both.yaml", "state: new, step: classify", "state: l1, step: l3", "lands on 'l3', where records are 'l3'");
    refused("hold.yaml", "hold: vendor", "hold: rain", "'rain', which is no reason");
    refused("field.yaml", "reopen_count: {", "nosuch_field: {", "there is no field 'nosuch_field'");
    refused("priority.yaml", "\"3 - Moderate\": p3", "\"3 - Moderate\": p7", "'priority' cannot be 'p7'");
    refused("channel.yaml", "Phone: phone", "Phone: fax", "'channel' cannot be 'fax'");
    refused("unknown.yaml", "assigned_to, roles", "assigned_to, unknown: Somebody, roles", "only the requester takes 'unknown'");
    refused("when.yaml", "when: [resolved, closed]", "when: [resolvd]", "'resolvd', which is no phase");
    let dates = map.lines().find(|line| line.starts_with("dates:")).unwrap().to_owned();
    refused("dates.yaml", &dates, "dates: \"%Q\"", "is no format of dates");
    refused("day.yaml", &dates, "dates: \"%d/%m/%Y\"", "does not name day, month, year, hour and minute");

    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut packed, &std::fs::read(&file).unwrap()).unwrap();
    let packed = packed.finish().unwrap();
    let cut = house.folder().join("cut.csv.gz");
    std::fs::write(&cut, &packed[..packed.len() * 2 / 3]).unwrap();
    let cut = cut.display().to_string();
    let (code, output, errors) = house.command(&["import", "records", "--type", "incident", "--map", MAP, &cut]);
    assert!(code == Some(1) && errors.contains("was cut off"), "{output}\n{errors}");
    assert_eq!(pages(&house.cast.admin, "/records/incident"), [] as [Value; 0], "nothing was written");
}

/// Records that ended in March, as keys.
pub fn import_ended(house: &House, keys: &[&'static str]) {
    let rows: Vec<Row> = keys.iter().map(|key| Row(key, "Closed", "02/03/2026 10:00", 0, 0, "Group 1")).collect();
    let file = write(house, "ended.csv", &rows);
    assert_eq!(import(house, &file, &[]), format!("{0} read, {0} created, 0 updated, 0 rejected", rows.len()));
}

const MAP: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/examples/servicenow-log.map.yaml");

/// A log of so many records, all alike.
fn write_many(house: &House, records: usize) -> PathBuf {
    let file = house.folder().join("long.csv");
    let one = |n: usize| line(&Row("KEY", "Active", "01/03/2026 08:00", 0, 0, "Group 1")).replacen("KEY", &format!("L{n}"), 1);
    let lines: Vec<String> = std::iter::once(HEADER.to_owned()).chain((0..records).map(one)).collect();
    std::fs::write(&file, lines.join("\n")).unwrap();
    file
}

/// Brings in so many records that are all alike.
pub fn import_many(house: &House, records: usize) {
    let file = write_many(house, records);
    assert_eq!(import(house, &file, &[]), format!("{records} read, {records} created, 0 updated, 0 rejected"));
}

fn an_import_whose_process_dies_is_seen_and_a_next_one_goes_on(database: Database) {
    const RECORDS: usize = 400;
    let mut house = House::own(database);
    let file = write_many(&house, RECORDS);
    house.server.kill();
    let mut command = yuheng(&["import", "records", "--type", "incident", "--map", MAP, file.to_str().unwrap(), "--data"]);
    command.arg(house.folder()).env("YUHENG_CRASH_POINT", "import_step:2");
    if let Some(url) = house.url_of_database() {
        command.args(["--database", url]);
    }
    assert!(!command.output().unwrap().status.success(), "it was to die");
    house.restart();
    let job = until(s(60), "the dead import is told", || {
        let job = house.cast.admin.read("/jobs")["items"][0].clone();
        (job["state"] != "running").then_some(job)
    });
    assert_eq!((&job["state"], &job["done"], &job["can_run_again"]), (&json!("interrupted"), &json!(200), &json!(false)), "{job}");
    assert!(job["error"].as_str().unwrap().contains("run it again"), "{job}");
    // Only its own command can go on with it.
    let path = format!("/jobs/{}/again", job["id"].as_str().unwrap());
    house.cast.admin.send(&Call::new("POST", path)).problem(409, "not_available");
    assert_eq!(import(&house, &file, &[]), format!("{RECORDS} read, 200 created, 0 updated, 0 rejected"));
    assert_eq!(house.cast.admin.read("/jobs")["items"][0]["state"], "done");
    check(&house);
}

fn a_cancelled_import_stops_and_a_next_one_goes_on(database: Database) {
    const RECORDS: usize = 4000;
    let house = House::own(database);
    let admin = &house.cast.admin;
    let file = write_many(&house, RECORDS);
    let words = ["import", "records", "--type", "incident", "--map", MAP, file.to_str().unwrap()];
    let (code, output, errors) = std::thread::scope(|scope| {
        let run = scope.spawn(|| house.command(&words));
        let job = until(s(60), "the import is under way", || {
            let job = admin.read("/jobs")["items"][0].clone();
            (job["state"] == "running" && job["done"].as_i64() > Some(0)).then_some(job)
        });
        admin.send(&Call::new("POST", format!("/jobs/{}/cancel", job["id"].as_str().unwrap()))).ok(202);
        run.join().unwrap()
    });
    assert_eq!(code, Some(1), "{output}\n{errors}");
    assert_eq!(admin.read("/jobs")["items"][0]["state"], "cancelled");
    let first = pages(admin, "/records/incident?limit=200").len();
    assert!(first > 0 && first < RECORDS, "{first} records were made");
    let rest = format!("{RECORDS} read, {} created, 0 updated, 0 rejected", RECORDS - first);
    assert_eq!(import(&house, &file, &[]), rest);
    check(&house);
}
