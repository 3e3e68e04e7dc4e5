//! `…/merge` and `…/split`: two records of one matter, and two matters in one record.

use serde_json::{Value, json};

use crate::harness::{Call, Caller, Database, House, Stage, act, at, number, record, s, timeline, unique, until, upload};
use crate::packs::{publish, raised, with_text};

on_both!(
    a_duplicate_ends_and_its_words_come_along,
    one_persons_words_are_not_shown_to_another,
    what_is_of_one_person_stays_readable,
    who_reported_for_a_colleague_reads_nothing_of_theirs,
    whoever_may_read_it_follows_it,
    what_cannot_be_merged_is_refused,
    a_preview_says_what_comes_along,
    a_second_matter_gets_its_own_record,
    nonsense_is_refused,
    what_was_merged_before_comes_along_again,
    merging_on_at_once_loses_nothing,
    the_oldest_is_left_when_it_is_too_much,
    merging_twice_is_merging_once;
    alone: the_books_balance_afterwards, only_packs_that_name_a_reason_merge,
);

fn merge(by: &Caller, number: &str, into: &str) -> crate::harness::Answer {
    by.post(at(number, "/merge"), &json!({ "into": into, "note": "We work on it together with other reports." }))
}

fn links(by: &Caller, number: &str) -> Vec<(String, String)> {
    let items = by.read(at(number, "/links"))["items"].as_array().unwrap().clone();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    items.iter().map(|link| (text(&link["kind"]), text(&link["record"]["number"]))).collect()
}

/// The entry by which the record that stays took the other in.
fn arrived(by: &Caller, number: &str) -> Value {
    until(s(15), "the words come along", || timeline(by, number).into_iter().find(|entry| entry["kind"] == "merged"))
}

fn a_duplicate_ends_and_its_words_come_along(house: &House) {
    let (survivor, twin) = (house.stand(Stage::L1), house.stand(Stage::L1));
    let word = unique("it smells of smoke");
    act(&house.cast.owner, &twin, "comment", &json!({ "body": word })).ok(200);
    house.cast.owner.send(&upload(&at(&twin, "/attachments"), "smoke.txt", b"smoke", Some("public"))).ok(201);
    let ended = merge(&house.cast.desk, &twin, &survivor).ok(200);
    assert_eq!(ended["phase"], "cancelled");
    assert_eq!(links(&house.cast.desk, &twin), [("duplicate".to_owned(), survivor.clone())]);
    let entry = arrived(&house.cast.desk, &survivor);
    assert!(entry["body"].as_str().unwrap().contains(&word), "{entry}");
    assert_eq!((&entry["linked"], &entry["actor"]["key"]), (&json!(twin), &json!("desk")), "{entry}");
    assert!(links(&house.cast.desk, &survivor).contains(&("duplicated_by".to_owned(), twin.clone())));
    let files = || house.cast.desk.read(at(&survivor, "/attachments"))["items"].clone();
    let file = until(s(15), "the file comes along", || files().as_array().unwrap().iter().find(|f| f["name"] == "smoke.txt").cloned());
    let content = house.cast.desk.get(at(&survivor, &format!("/attachments/{}", file["id"].as_str().unwrap())));
    assert_eq!(content.body, b"smoke");
    assert_eq!(house.cast.desk.read(at(&survivor, "/children"))["duplicates"], 1);
    let note = timeline(&house.cast.owner, &twin).into_iter().find(|entry| entry["kind"] == "cancelled").unwrap();
    assert_eq!((&note["body"], &note["reason"]), (&json!("We work on it together with other reports."), &json!("duplicate")), "{note}");
}

fn one_persons_words_are_not_shown_to_another(house: &House) {
    let survivor = house.stand(Stage::L1);
    let other = house.person("other", &["requester"]);
    let word = unique("my salary is on the printer");
    let twin = number(&other.post("/records/incident", &json!({ "title": word, "description": word })).ok(201));
    other.send(&upload(&at(&twin, "/attachments"), &format!("{word}.txt"), word.as_bytes(), Some("public"))).ok(201);
    let told = house.cast.desk.read(at(&twin, &format!("/merge?into={survivor}")));
    assert_eq!((&told["same_requester"], &told["follows"], &told["files"]), (&json!(false), &json!(false), &json!(1)), "{told}");
    merge(&house.cast.desk, &twin, &survivor).ok(200);
    assert_eq!(arrived(&house.cast.desk, &survivor)["visibility"], "internal");
    let has = || house.cast.desk.get(at(&survivor, "/attachments")).text().contains(&word);
    until(s(15), "the file comes along", || has().then_some(()));
    for rest in ["", "/timeline?limit=200", "/attachments", "/links", "/children", "/actions"] {
        let text = house.cast.owner.get(at(&survivor, rest)).text();
        assert!(!text.contains(&word) && !text.contains(&twin), "{rest} shows the owner another's report: {text}");
    }
    for rest in ["", "/timeline?limit=200", "/links", "/children", "/actions"] {
        let text = other.get(at(&twin, rest)).text();
        assert!(!text.contains(&survivor), "{rest} names another's record: {text}");
    }
    other.get(at(&survivor, "")).problem(404, "not_found");
}

fn what_is_of_one_person_stays_readable(house: &House) {
    let (survivor, twin) = (house.stand(Stage::L1), house.stand(Stage::New));
    merge(&house.cast.desk, &twin, &survivor).ok(200);
    let entry = arrived(&house.cast.owner, &survivor);
    assert_eq!(entry["visibility"], "public");
    assert!(entry["body"].as_str().unwrap().contains("the one in the hall"), "{entry}");
}

fn who_reported_for_a_colleague_reads_nothing_of_theirs(house: &House) {
    let (reporter, colleague) = super::behalf::pair_of(house);
    let survivor = number(&reporter.post("/records/incident", &json!({ "title": unique("for you"), "requester": colleague.name })).ok(201));
    let word = unique("my salary is on the printer");
    let twin = number(&colleague.post("/records/incident", &json!({ "title": word, "description": word })).ok(201));
    merge(&house.cast.desk, &twin, &survivor).ok(200);
    assert_eq!(arrived(&house.cast.desk, &survivor)["visibility"], "internal");
    let read = reporter.get(at(&survivor, "/timeline?limit=200")).text();
    assert!(!read.contains(&word), "{read}");
}

fn whoever_may_read_it_follows_it(house: &House) {
    let survivor = house.stand(Stage::L1);
    let mate = house.person("mate", &["agent"]);
    let twin = number(&mate.post("/records/incident", &json!({ "title": unique("also broken") })).ok(201));
    merge(&house.cast.desk, &twin, &survivor).ok(200);
    arrived(&house.cast.desk, &survivor);
    let watchers = record(&house.cast.desk, &survivor)["watchers"].clone();
    assert!(watchers.as_array().unwrap().iter().any(|it| it["id"] == mate.id.as_str()), "{watchers}");
}

fn what_cannot_be_merged_is_refused(house: &House) {
    let (open, closed, other) = (house.stand(Stage::L1), house.stand(Stage::Closed), house.stand(Stage::L1));
    let desk = &house.cast.desk;
    merge(desk, &open, &open).invalid("/into", "self");
    merge(desk, &open, "INC-2000-000001").invalid("/into", "unknown_reference");
    merge(desk, &open, &closed).problem(409, "not_available");
    merge(desk, &closed, &open).problem(409, "not_available");
    merge(&house.cast.owner, &open, &other).problem(403, "forbidden");
    merge(&house.cast.agent, &open, &other).problem(403, "forbidden");
    merge(&house.cast.stranger, &open, &other).problem(404, "not_found");
    act(desk, &other, "link", &json!({ "to": open, "kind": "parent" })).ok(200);
    merge(desk, &open, &other).invalid("/into", "circle");
    merge(desk, &open, &house.stand(Stage::L1)).problem(409, "not_available");
    assert_eq!(record(desk, &open)["phase"], "active");
    merge(desk, &other, &open).ok(200);
    merge(desk, &other, &open).problem(409, "not_available");
}

fn a_preview_says_what_comes_along(house: &House) {
    let (survivor, twin) = (house.stand(Stage::L1), house.stand(Stage::L1));
    act(&house.cast.owner, &twin, "comment", &json!({ "body": "x" })).ok(200);
    let before = record(&house.cast.admin, &twin)["version"].clone();
    let told = house.cast.desk.read(at(&twin, &format!("/merge?into={survivor}")));
    assert_eq!((&told["words"], &told["same_requester"]), (&json!(3), &json!(true)), "title, description, comment: {told}");
    assert_eq!(told["told"][0]["key"], "owner", "{told}");
    assert_eq!(record(&house.cast.admin, &twin)["version"], before);
}

fn split(by: &Caller, number: &str, body: &Value) -> crate::harness::Answer {
    by.post(at(number, "/split"), body)
}

fn a_second_matter_gets_its_own_record(house: &House) {
    let origin = house.stand(Stage::L1);
    let title = unique("and the scanner, too");
    let made = split(&house.cast.agent, &origin, &json!({ "title": title, "description": "quoted" })).ok(201);
    assert_eq!((&made["requester"]["key"], &made["service"]["key"]), (&json!("owner"), &json!("printing")), "{made}");
    let new = number(&made);
    let half = |of: &str, kind: &str, other: &str| links(&house.cast.agent, of).contains(&(kind.to_owned(), other.to_owned()));
    until(s(15), "both are linked", || (half(&new, "related", &origin) && half(&origin, "related", &new)).then_some(()));
    assert_eq!(record(&house.cast.owner, &new)["title"], title.as_str(), "whoever reported it reads it");
    let below = number(&split(&house.cast.agent, &origin, &json!({ "kind": "parent", "title": title })).ok(201));
    until(s(15), "it hangs below", || (record(&house.cast.agent, &below)["parent"]["number"] == origin.as_str()).then_some(()));
    until(s(15), "and is known there", || half(&origin, "child", &below).then_some(()));
}

fn nonsense_is_refused(house: &House) {
    let origin = house.stand(Stage::L1);
    split(&house.cast.agent, &origin, &json!({ "kind": "twin", "title": "x" })).invalid("/kind", "enum");
    split(&house.cast.agent, &origin, &json!({ "description": "x" })).invalid("/title", "required");
    split(&house.cast.owner, &origin, &json!({ "title": "x" })).problem(403, "forbidden");
    split(&house.cast.stranger, &origin, &json!({ "title": "x" })).problem(404, "not_found");
}

fn the_books_balance_afterwards(database: Database) {
    let house = House::own(database);
    let (survivor, twin) = (house.stand(Stage::L1), house.stand(Stage::L1));
    house.cast.owner.send(&upload(&at(&twin, "/attachments"), "a.txt", b"a", Some("public"))).ok(201);
    merge(&house.cast.desk, &twin, &survivor).ok(200);
    arrived(&house.cast.desk, &survivor);
    let below = number(&split(&house.cast.agent, &survivor, &json!({ "kind": "parent", "title": "x" })).ok(201));
    let body = json!({ "fields": crate::harness::solved(), "with_children": true });
    until(s(15), "the link is there", || record(&house.cast.agent, &below)["parent"].is_object().then_some(()));
    let done = house.cast.agent.post(at(&survivor, "/actions/resolve"), &body).ok(200);
    super::bulk::ended(&house.cast.agent, &json!({ "job": done["children_job"] }));
    let files = || house.cast.desk.read(at(&survivor, "/attachments"))["items"].as_array().unwrap().len();
    until(s(15), "the file comes along", || (files() == 1).then_some(()));
    house.cast.desk.post("/announcements", &json!({ "title": { "zh": "x" }, "record": survivor })).ok(201);
    let (status, out, err) = house.command(&["check"]);
    assert_eq!(status, Some(0), "{out}\n{err}");
}

/// All texts that came along to a record, as somebody reads them.
fn brought(by: &Caller, number: &str) -> String {
    let entries = timeline(by, number).into_iter().filter(|entry| entry["kind"] == "merged");
    entries.filter_map(|entry| entry["body"].as_str().map(str::to_owned)).collect::<Vec<_>>().join("\n")
}

fn what_was_merged_before_comes_along_again(house: &House) {
    let (desk, owner) = (&house.cast.desk, &house.cast.owner);
    let (last, middle) = (house.stand(Stage::L1), house.stand(Stage::L1));
    let other = house.person("other", &["requester"]);
    let (word, question) = (unique("anothers words"), unique("which tray is it?"));
    let first = number(&other.post("/records/incident", &json!({ "title": word })).ok(201));
    other.send(&upload(&at(&first, "/attachments"), &format!("{word}.txt"), b"x", Some("public"))).ok(201);
    merge(desk, &first, &middle).ok(200);
    let files = |of: &str| desk.get(at(of, "/attachments")).text();
    until(s(15), "the file comes along", || files(&middle).contains(&word).then_some(()));
    desk.send(&upload(&at(&middle, "/attachments"), "among us.txt", b"x", Some("internal"))).ok(201);
    act(&house.cast.agent, &middle, "hold", &json!({ "reason": "user_info", "note": question })).ok(200);
    act(&house.cast.agent, &middle, "resume", &json!({})).ok(200);
    act(&house.cast.agent, &middle, "hold", &json!({ "reason": "vendor", "note": "not for the requester" })).ok(200);
    let told = desk.read(at(&middle, &format!("/merge?into={last}")));
    assert_eq!((&told["words"], &told["files"], &told["words_left"]), (&json!(4), &json!(1), &json!(0)), "{told}");
    merge(desk, &middle, &last).ok(200);
    until(s(15), "both come along", || (brought(desk, &last).contains(&word) && brought(desk, &last).contains(&question)).then_some(()));
    until(s(15), "and the file of the first", || files(&last).contains(&word).then_some(()));
    assert!(!files(&last).contains("among us"), "what was internal of its own stays");
    assert!(brought(owner, &last).contains(&question) && !brought(desk, &last).contains("not for the requester"));
    for rest in ["", "/timeline?limit=200", "/attachments", "/links", "/children"] {
        let text = owner.get(at(&last, rest)).text();
        assert!(!text.contains(&word) && !text.contains(&first), "{rest} shows the owner another's report: {text}");
    }
}

fn merging_on_at_once_loses_nothing(house: &House) {
    let desk = &house.cast.desk;
    let (first, middle, last) = (house.stand(Stage::L1), house.stand(Stage::L1), house.stand(Stage::L1));
    let word = unique("it crackles");
    act(&house.cast.owner, &first, "comment", &json!({ "body": word })).ok(200);
    merge(desk, &first, &middle).ok(200);
    // While the first is still on its way into it, the middle one waits.
    until(s(15), "it can be merged on", || {
        let answer = merge(desk, &middle, &last);
        if answer.status != 200 {
            answer.problem(409, "conflict");
        }
        (answer.status == 200).then_some(())
    });
    until(s(15), "the words of the first come along", || brought(desk, &last).contains(&word).then_some(()));
}

fn the_oldest_is_left_when_it_is_too_much(house: &House) {
    let (survivor, twin) = (house.stand(Stage::L1), house.stand(Stage::L1));
    let words: Vec<String> = (0..3).map(|n| format!("{}{}", unique(&format!("word{n}")), "x".repeat(19_000))).collect();
    for word in &words {
        act(&house.cast.owner, &twin, "comment", &json!({ "body": word })).ok(200);
    }
    let told = house.cast.desk.read(at(&twin, &format!("/merge?into={survivor}")));
    assert_eq!((&told["words"], &told["words_left"]), (&json!(4), &json!(1)), "{told}");
    merge(&house.cast.desk, &twin, &survivor).ok(200);
    let body = arrived(&house.cast.desk, &survivor)["body"].as_str().unwrap().to_owned();
    assert!(body.contains(&words[2]) && body.contains(&words[1]) && !body.contains(&words[0]), "the newest come along");
    assert!(body.contains(&format!("[… 1 → {twin}]")), "and it says that one is left");
}

fn merging_twice_is_merging_once(house: &House) {
    let (survivor, twin) = (house.stand(Stage::L1), house.stand(Stage::L1));
    let call = Call::post(at(&twin, "/merge"), &json!({ "into": survivor })).once(&unique("merge"));
    let first = house.cast.desk.send(&call).ok(200);
    assert_eq!(house.cast.desk.send(&call).ok(200), first, "asked again, it is the same answer");
    merge(&house.cast.desk, &twin, &survivor).problem(409, "not_available");
    arrived(&house.cast.desk, &survivor);
    let count = || timeline(&house.cast.desk, &survivor).iter().filter(|entry| entry["kind"] == "merged").count();
    crate::harness::never(s(2), "it comes along twice", || count() > 1);
}

fn only_packs_that_name_a_reason_merge(database: Database) {
    let house = House::own(database);
    publish(&house.cast.admin, &raised(with_text("pack.yaml", "merge_reason: duplicate\n", ""), 3)).ok(201);
    let (survivor, twin) = (house.stand(Stage::L1), house.stand(Stage::L1));
    let refused = merge(&house.cast.desk, &twin, &survivor).problem(409, "not_available");
    assert!(refused["detail"].as_str().unwrap().contains("merge_reason"), "it says what is missing: {refused}");
    assert_eq!(record(&house.cast.desk, &twin)["phase"], "active");
    assert_eq!(house.cast.desk.read("/packs/incident")["merge_reason"], Value::Null);
}
