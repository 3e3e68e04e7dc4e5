//! Reporting on behalf of a colleague, and `/colleagues` and `/followed`.

use serde_json::{Value, json};

use crate::harness::{House, Person, act, at, desktop, number, pages, record, solved, unique};

on_both!(
    one_reports_for_people_of_ones_own_department,
    both_follow_it_and_it_is_the_colleagues,
    nobody_else_can_be_named,
    who_leaves_off_is_told_no_more,
    ended_accounts_hide_no_colleague,
    what_was_reported_for_colleagues_is_all_found,
);

/// Two people of one department, who report for each other.
pub fn pair_of(house: &House) -> (Person, Person) {
    let (reporter, colleague, _) = pair(house);
    (reporter, colleague)
}

/// Two people of one department.
fn pair(house: &House) -> (Person, Person, String) {
    let department = unique("department");
    house.cast.admin.post("/departments", &json!({ "key": department, "label": { "en": department } })).ok(201);
    let of = |prefix: &str| {
        let person = house.person(prefix, &["requester"]);
        let path = format!("/users/{}", person.id);
        let version = house.cast.admin.get(path.clone()).version();
        house.cast.admin.patch(path, version, &json!({ "department": department })).ok(200);
        person
    };
    (of("reporter"), of("colleague"), department)
}

fn report(by: &Person, colleague: &Person) -> Value {
    by.post("/records/incident", &json!({ "title": unique("for-a-colleague"), "requester": colleague.name, "channel": "portal" })).ok(201)
}

fn one_reports_for_people_of_ones_own_department(house: &House) {
    let (reporter, colleague, _) = pair(house);
    let made = report(&reporter, &colleague);
    assert_eq!((&made["requester"]["key"], &made["reporter"]["key"]), (&json!(colleague.name), &json!(reporter.name)));
    let offered = reporter.read("/colleagues");
    assert_eq!(offered["items"].as_array().unwrap().iter().map(|it| it["key"].clone()).collect::<Vec<_>>(), [json!(colleague.name)]);
    assert_eq!(reporter.read(format!("/colleagues?q={}", colleague.name))["items"].as_array().unwrap().len(), 1);
    assert_eq!(reporter.read("/colleagues?q=nobody-of-this-name")["items"], json!([]));
    assert_eq!(house.cast.owner.read("/colleagues")["items"], json!([]), "without a department there are none");
    let mails = pages(&house.cast.admin, "/outbox?limit=200");
    let told = |who: &Person| mails.iter().filter(|mail| mail["recipient"] == who.email()).count();
    assert_eq!((told(&colleague), told(&reporter)), (1, 0), "whose it is is told that it was reported");
    let entry = crate::harness::timeline(&house.cast.desk, &number(&made)).remove(0);
    assert_eq!(entry["on_behalf_of"]["key"], colleague.name.as_str(), "{entry}");
}

fn both_follow_it_and_it_is_the_colleagues(house: &House) {
    let (reporter, colleague, _) = pair(house);
    let number = number(&report(&reporter, &colleague));
    for person in [&reporter, &colleague] {
        record(person, &number);
        act(person, &number, "comment", &json!({ "body": "it is the one by the window" })).ok(200);
    }
    assert_eq!(pages(&reporter, "/followed?limit=1").iter().map(|it| it["number"].clone()).collect::<Vec<_>>(), [json!(number)]);
    assert_eq!(pages(&colleague, "/followed").len(), 0);
    house.cast.owner.get(at(&number, "")).problem(404, "not_found");
    act(&house.cast.desk, &number, "dispatch", &desktop()).ok(200);
    act(&house.cast.agent, &number, "resolve", &solved()).ok(200);
    let notices = reporter.read("/notices");
    let about = |it: &&Value| it["record"]["number"] == number.as_str() && it["kind"] == "completed";
    assert!(notices["items"].as_array().unwrap().iter().any(|it| about(&it)), "{notices}");
    act(&reporter, &number, "confirm", &json!({})).problem(403, "forbidden");
    act(&colleague, &number, "confirm", &json!({})).ok(200);
    let (status, out, err) = house.command(&["check"]);
    assert_eq!(status, Some(0), "{out}\n{err}");
}

fn nobody_else_can_be_named(house: &House) {
    let (reporter, colleague, department) = pair(house);
    let named = |name: &str| {
        let refused = reporter.post("/records/incident", &json!({ "title": "t", "requester": name })).problem(403, "forbidden");
        refused["detail"].as_str().unwrap().to_owned()
    };
    let words = named("owner");
    assert!(words.contains("your department"), "{words}");
    assert_eq!(named("nobody-of-this-name"), words, "whether there is such an account is not told");
    let path = format!("/users/{}", colleague.id);
    let version = house.cast.admin.get(path.clone()).version();
    house.cast.admin.patch(path, version, &json!({ "active": false })).ok(200);
    assert_eq!(named(&colleague.name), words);
    // The department alone is no right: an observer has none here.
    let observer = house.person("observer", &["observer"]);
    let path = format!("/users/{}", observer.id);
    let version = house.cast.admin.get(path.clone()).version();
    house.cast.admin.patch(path, version, &json!({ "department": department })).ok(200);
    observer.post("/records/incident", &json!({ "title": "t", "requester": reporter.name })).problem(403, "forbidden");
    assert_eq!(observer.read("/colleagues")["items"], json!([]));
}

fn who_leaves_off_is_told_no_more(house: &House) {
    let (reporter, colleague, _) = pair(house);
    let number = number(&report(&reporter, &colleague));
    act(&reporter, &number, "unwatch", &json!({})).ok(200);
    assert_eq!(pages(&reporter, "/followed").len(), 0);
    record(&reporter, &number);
    act(&reporter, &number, "unwatch", &json!({})).problem(403, "forbidden");
    act(&colleague, &number, "watch", &json!({})).problem(403, "forbidden");
}

fn ended_accounts_hide_no_colleague(house: &House) {
    let admin = &house.cast.admin;
    let (reporter, colleague, department) = pair(house);
    // More than a page of accounts whose day is over, which stand before the colleague by name.
    for n in 0..22 {
        let name = unique("a-gone");
        let gone = json!({ "username": name, "name": format!("a gone {n:02}"), "roles": ["requester"], "department": department,
            "expires_at": "2020-01-01T00:00:00Z" });
        admin.post("/users", &gone).ok(201);
    }
    let offered = reporter.read("/colleagues");
    assert_eq!(offered["items"].as_array().unwrap().iter().map(|it| it["key"].clone()).collect::<Vec<_>>(), [json!(colleague.name)]);
}

fn what_was_reported_for_colleagues_is_all_found(house: &House) {
    let (reporter, colleague, _) = pair(house);
    let made: Vec<String> = (0..3).map(|_| number(&report(&reporter, &colleague))).collect();
    let own = reporter.post("/records/incident", &json!({ "title": unique("my-own") })).ok(201);
    let ended = &made[1];
    act(&colleague, ended, "cancel", &json!({ "reason": "withdrawn" })).ok(200);
    let found = |query: &str| -> Vec<String> { pages(&reporter, &format!("/followed?limit=1&{query}")).iter().map(number).collect() };
    assert_eq!(found("for_others=true"), [made[2].clone(), made[1].clone(), made[0].clone()]);
    assert_eq!(found("for_others=true&open=true"), [made[2].clone(), made[0].clone()]);
    assert_eq!(found("for_others=true&open=false"), std::slice::from_ref(ended));
    let title = record(&reporter, &made[0])["title"].as_str().unwrap().to_uppercase();
    assert_eq!(found(&format!("for_others=true&q={title}")), [made[0].clone()]);
    assert_eq!(found(&format!("q={}", made[2])), [made[2].clone()]);
    assert!(!found("for_others=true").contains(&number(&own)));
    reporter.get("/followed?open=perhaps").problem(400, "malformed");
    // A page belongs to the filter it was asked with.
    let next = reporter.read("/followed?limit=1&for_others=true")["next"].as_str().unwrap().to_owned();
    reporter.get(format!("/followed?limit=1&cursor={next}")).problem(400, "malformed");
}
