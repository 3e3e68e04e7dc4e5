//! What must be true after a crash.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::ledger::{Deed, Ledger};
use super::workload::caller;
use crate::harness::{House, MailServer, pages, record, s, timeline, until};

/// Sends again what was not answered, with the same key: it succeeds, as the first time or as a repeat.
pub fn retry_what_was_not_answered(house: &House, ledger: &Ledger) -> usize {
    let open = ledger.take_unanswered();
    for command in &open {
        let by = caller(&house.cast, command.role);
        let answer = by.send(&command.call);
        let taken = answer.status == 422 && answer.json()["errors"][0]["code"] == "taken";
        if command.call.path == "/users" && taken {
            continue;
        }
        assert!(answer.status < 300, "{} again: {} {}", command.call.path, answer.status, answer.text());
        if let Some(title) = &command.title {
            let number = answer.json()["number"].as_str().unwrap().to_owned();
            let found = pages(&house.cast.admin, &format!("/records/incident?q={title}&limit=200"));
            let exact: Vec<&Value> = found.iter().filter(|record| record["title"] == title.as_str()).collect();
            assert_eq!(exact.len(), 1, "'{title}' was opened {} times", exact.len());
            assert_eq!(exact[0]["number"], number.as_str());
            ledger.opened(&number, title);
        } else if let Some(number) = command.call.path.split('/').nth(3).filter(|_| command.call.path.starts_with("/records/")) {
            let version = answer.json()["version"].as_i64().unwrap();
            let kind = if command.call.path.ends_with("/comments") { "commented" } else { "" };
            ledger.did(number, Deed { version, kind, body: None });
        }
    }
    open.len()
}

/// The records of the last round.
pub fn this_round(house: &House, ledger: &Ledger) {
    let touched: Vec<String> = ledger.take_touched().into_iter().collect();
    std::thread::scope(|scope| {
        for part in touched.chunks(touched.len() / 4 + 1) {
            scope.spawn(|| part.iter().for_each(|number| one(house, ledger, number)));
        }
    });
}

/// One record: what was acknowledged is there, its journal is whole, its row is the fold of it.
fn one(house: &House, ledger: &Ledger, number: &str) {
    let row = record(&house.cast.admin, number);
    let entries = timeline(&house.cast.admin, number);
    let version = row["version"].as_i64().unwrap();
    let seqs: Vec<i64> = entries.iter().map(|entry| entry["seq"].as_i64().unwrap()).collect();
    assert_eq!(seqs, (1..=version).collect::<Vec<i64>>(), "{number}: the journal has gaps, or the row is not of its last entry");
    let mut versions = BTreeSet::new();
    for deed in ledger.deeds(number) {
        assert!(deed.version <= version, "{number}: version {} was acknowledged and {version} is there: {deed:?}", deed.version);
        assert!(versions.insert(deed.version), "{number}: version {} was acknowledged to two commands", deed.version);
        let entry = &entries[usize::try_from(deed.version).unwrap() - 1];
        assert!(deed.kind.is_empty() || entry["kind"] == deed.kind, "{number}: {deed:?} is not what stands there: {entry}");
        assert!(deed.body.is_none() || entry["body"].as_str() == deed.body.as_deref(), "{number}: {deed:?}: {entry}");
    }
    let change = |entry: &Value| entry["changes"].as_array()?.iter().find(|change| change["field"] == "state").cloned();
    let last = entries.iter().rev().find_map(change).expect("opening sets a state");
    assert_eq!(row["state"], last["new"], "{number}: the row is not what its journal tells");
    let flow = house.cast.admin.read(crate::harness::at(number, "/flow"));
    let ended = matches!(row["phase"].as_str(), Some("closed" | "cancelled"));
    let tokens = flow["tokens"].as_array().unwrap().len();
    assert_eq!(tokens, usize::from(!ended), "{number} in phase {} has {tokens} open steps", row["phase"]);
}

/// The whole house at the end of the run.
pub fn everything(house: &House, ledger: &Ledger) {
    let admin = &house.cast.admin;
    let all = pages(admin, "/records/incident?limit=200&sort=number");
    let numbers: BTreeSet<&str> = all.iter().map(|record| record["number"].as_str().unwrap()).collect();
    assert_eq!(numbers.len(), all.len(), "a number was used twice");
    let ids: BTreeSet<&str> = all.iter().map(|record| record["id"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), all.len());
    let titles: BTreeSet<&str> = all.iter().map(|record| record["title"].as_str().unwrap()).collect();
    assert_eq!(titles.len(), all.len(), "a command was done twice: two records have one title");
    for (title, number) in ledger.titles() {
        let found = all.iter().find(|record| record["title"] == title.as_str());
        assert_eq!(found.map(|record| record["number"].as_str().unwrap()), Some(number.as_str()), "{title} was acknowledged");
    }
    let users = pages(admin, "/users?q=crash-user&limit=200");
    let users: BTreeMap<&str, &Value> = users.iter().filter_map(|user| Some((user["id"].as_str()?, &user["username"]))).collect();
    for (id, name) in ledger.users() {
        assert_eq!(users.get(id.as_str()).copied(), Some(&Value::from(name)), "user {id} was acknowledged");
    }
    let open: BTreeSet<&str> = all
        .iter()
        .filter(|r| !matches!(r["phase"].as_str(), Some("closed" | "cancelled")))
        .map(|r| r["number"].as_str().unwrap())
        .collect();
    let teams = pages(admin, "/teams?limit=200");
    let tasks = teams.iter().flat_map(|team| pages(admin, &format!("/tasks?limit=200&team={}", team["key"].as_str().unwrap())));
    let tasks: Vec<String> = tasks.map(|task| task["record"]["number"].as_str().unwrap().to_owned()).collect();
    let with_task: BTreeSet<&str> = tasks.iter().map(String::as_str).collect();
    assert_eq!(with_task, open, "records without an open step, or open steps without a record");
    assert_eq!(tasks.len(), with_task.len(), "a record has two open steps");
}

/// Mails that went out did so once, but for those in flight when the process died, whose repeats carry the same id.
pub fn mails(house: &House, mail: &MailServer) {
    let empty =
        |state: &str| house.cast.admin.read(format!("/outbox?state={state}&limit=1"))["items"].as_array().is_some_and(Vec::is_empty);
    until(s(200), "all mails are dealt with", || (empty("waiting") && empty("sending")).then_some(()));
    let rows = pages(&house.cast.admin, "/outbox?limit=200");
    let mut taken: BTreeMap<String, usize> = BTreeMap::new();
    for mail in mail.mails() {
        let id = mail.header("message-id").and_then(|id| id.strip_prefix('<')?.split('@').next()).expect("each mail has an id");
        *taken.entry(id.to_owned()).or_default() += 1;
    }
    for row in &rows {
        let times = taken.remove(row["id"].as_str().unwrap()).unwrap_or_default();
        match row["state"].as_str() {
            Some("sent") => assert!((1..=2).contains(&times), "{row} left {times} times"),
            _ => assert!(times <= 1, "{row} left {times} times"),
        }
    }
    assert!(taken.is_empty(), "mails left that no row knows of: {taken:?}");
}

/// `yuheng check` finds nothing, while the server runs and while it does not.
pub fn check_is_clean(house: &mut House) {
    for serving in [true, false] {
        if !serving {
            house.server.kill();
        }
        let (code, output, errors) = house.command(&["check"]);
        assert_eq!(code, Some(0), "yuheng check (serving: {serving}) is not clean:\n{output}\n{errors}");
    }
}
