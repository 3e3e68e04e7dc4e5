//! The action `link`, and `GET /records/{type}/{number}/links`

use serde_json::{Value, json};

use crate::harness::{Caller, House, Stage, act, at, pages, record, s, timeline, until};

on_both!(
    a_link_is_kept_both_ways,
    a_parent_lists_its_children,
    circles_and_nonsense_are_refused,
    the_same_link_twice_is_one,
    a_second_parent_is_refused_by_name,
    links_made_at_once_make_no_circle_and_no_second_parent,
    what_cannot_be_seen_cannot_be_linked,
    a_link_shows_nothing_that_its_reader_may_not_see,
    a_link_is_taken_back_both_ways,
    what_was_merged_stays_linked,
    what_ended_below_another_stays_there,
);

fn link(by: &Caller, number: &str, to: &str, kind: &str) -> crate::harness::Answer {
    act(by, number, "link", &json!({ "to": to, "kind": kind }))
}

fn links(by: &Caller, number: &str) -> Vec<(String, String)> {
    let items = by.read(at(number, "/links"))["items"].as_array().unwrap().clone();
    let pair = |item: &Value| (item["kind"].as_str().unwrap().to_owned(), item["record"]["number"].as_str().unwrap().to_owned());
    items.iter().map(pair).collect()
}

/// The other half of a link comes by an internal message.
#[track_caller]
fn other_half(by: &Caller, number: &str, kind: &str, to: &str) {
    let wanted = (kind.to_owned(), to.to_owned());
    until(s(15), "the other record is linked too", || links(by, number).contains(&wanted).then_some(()));
}

fn a_link_is_kept_both_ways(house: &House) {
    for (kind, reverse) in [("related", "related"), ("duplicate", "duplicated_by"), ("parent", "child"), ("child", "parent")] {
        let (one, other) = (house.stand(Stage::L1), house.stand(Stage::New));
        link(&house.cast.agent, &one, &other, kind).ok(200);
        assert_eq!(links(&house.cast.agent, &one), [(kind.to_owned(), other.clone())]);
        other_half(&house.cast.agent, &other, reverse, &one);
        let told = |number: &str| timeline(&house.cast.agent, number).iter().any(|entry| entry["kind"] == "linked");
        assert!(told(&one) && told(&other), "{kind}");
    }
}

fn a_parent_lists_its_children(house: &House) {
    let (parent, child) = (house.stand(Stage::L1), house.stand(Stage::L1));
    link(&house.cast.agent, &child, &parent, "parent").ok(200);
    assert_eq!(record(&house.cast.agent, &child)["parent"]["number"], parent.as_str());
    let children = pages(&house.cast.agent, &format!("/records/incident?parent={parent}"));
    assert_eq!(children.iter().map(|c| c["number"].as_str().unwrap()).collect::<Vec<_>>(), [child.as_str()]);
}

fn circles_and_nonsense_are_refused(house: &House) {
    let (a, b, c) = (house.stand(Stage::L1), house.stand(Stage::L1), house.stand(Stage::L1));
    let agent = &house.cast.agent;
    link(agent, &a, &a, "related").invalid("/fields/to", "self");
    link(agent, &a, "INC-2000-000001", "related").invalid("/fields/to", "unknown_reference");
    link(agent, &a, &b, "cousin").invalid("/fields/kind", "enum");
    act(agent, &a, "link", &json!({ "kind": "related" })).invalid("/fields/to", "required");
    link(agent, &b, &a, "parent").ok(200);
    link(agent, &c, &b, "parent").ok(200);
    link(agent, &a, &c, "parent").invalid("/fields/to", "circle");
    link(agent, &c, &a, "child").invalid("/fields/to", "circle");
    assert_eq!(record(agent, &a)["parent"], Value::Null);
}

fn the_same_link_twice_is_one(house: &House) {
    let (one, other) = (house.stand(Stage::L1), house.stand(Stage::L1));
    link(&house.cast.agent, &one, &other, "related").ok(200);
    let again = link(&house.cast.agent, &one, &other, "related");
    assert!(matches!(again.status, 200 | 409), "{}", again.text());
    other_half(&house.cast.agent, &other, "related", &one);
    assert_eq!(links(&house.cast.agent, &one).len(), 1);
    assert_eq!(links(&house.cast.agent, &other).len(), 1);
}

fn a_second_parent_is_refused_by_name(house: &House) {
    let agent = &house.cast.agent;
    let (child, first, second) = (house.stand(Stage::L1), house.stand(Stage::L1), house.stand(Stage::L1));
    link(agent, &child, &first, "parent").ok(200);
    for (from, to, kind) in [(&child, &second, "parent"), (&second, &child, "child")] {
        let problem = link(agent, from, to, kind).problem(409, "conflict");
        assert!(problem["detail"].as_str().unwrap().contains(first.as_str()), "{problem}");
    }
    assert_eq!(record(agent, &child)["parent"]["number"], first.as_str());
    assert_eq!(links(agent, &child), [("parent".to_owned(), first.clone())]);
    link(agent, &child, &first, "parent").ok(200);
    // The word that the documentation once had.
    link(agent, &child, &second, "duplicate_of").ok(200);
    assert!(links(agent, &child).contains(&("duplicate".to_owned(), second.clone())));
    other_half(agent, &second, "duplicated_by", &child);
}

fn what_cannot_be_seen_cannot_be_linked(house: &House) {
    let number = house.stand(Stage::L1);
    link(&house.cast.owner, &number, &house.stand(Stage::New), "related").problem(403, "forbidden");
    link(&house.cast.contractor, &number, &house.stand(Stage::New), "related").problem(403, "forbidden");
    link(&house.cast.stranger, &number, "INC-2000-000001", "related").problem(404, "not_found");
}

fn a_link_shows_nothing_that_its_reader_may_not_see(house: &House) {
    let title = crate::harness::unique("the salary list is public");
    let secret = house.cast.stranger.post("/records/incident", &json!({ "title": title })).ok(201);
    let secret = secret["number"].as_str().unwrap();
    let number = house.stand(Stage::L1);
    link(&house.cast.agent, &number, secret, "related").ok(200);
    link(&house.cast.agent, &number, secret, "parent").ok(200);
    other_half(&house.cast.agent, secret, "child", &number);
    assert_eq!(links(&house.cast.agent, &number).len(), 2);
    assert_eq!(links(&house.cast.owner, &number), []);
    assert_eq!(links(&house.cast.stranger, secret), []);
    for rest in ["", "/links", "/timeline?limit=200", "/actions", "/flow"] {
        let text = house.cast.owner.get(at(&number, rest)).text();
        assert!(!text.contains(&title), "{rest} shows the owner the title of a record that only another may see: {text}");
        assert!(!text.contains(secret), "{rest} shows the owner the number of a record that only another may see");
    }
    let list = house.cast.owner.get("/records/incident?limit=200").text();
    assert!(!list.contains(secret));
    let theirs = house.cast.stranger.get(at(secret, "")).text() + &house.cast.stranger.get(at(secret, "/timeline")).text();
    assert!(!theirs.contains(&number), "{theirs}");
}

/// Two people link at the same moment: whatever each of them saw, no circle comes of it, and no record with two parents.
fn links_made_at_once_make_no_circle_and_no_second_parent(house: &House) {
    let agent = &house.cast.agent;
    for _ in 0..8 {
        let (p, q, child) = (house.stand(Stage::L1), house.stand(Stage::L1), house.stand(Stage::L1));
        let at_once = |one: (&str, &str, &str), other: (&str, &str, &str)| {
            let go = |(from, to, kind): (&str, &str, &str)| link(agent, from, to, kind).status;
            std::thread::scope(|scope| {
                let first = scope.spawn(|| go(one));
                let second = go(other);
                [first.join().unwrap(), second]
            })
        };
        let circle = at_once((&q, &p, "parent"), (&p, &q, "parent"));
        assert_eq!(circle.iter().filter(|status| **status == 200).count(), 1, "{circle:?}");
        let below = [&p, &q].iter().filter(|number| record(agent, number)["parent"].is_object()).count();
        assert_eq!(below, 1, "one of them hangs below the other");
        let (one, other) = (house.stand(Stage::L1), house.stand(Stage::L1));
        let parents = at_once((&one, &child, "child"), (&other, &child, "child"));
        assert_eq!(parents.iter().filter(|status| **status == 200).count(), 1, "{parents:?}");
        let mixed = house.stand(Stage::L1);
        let circle = at_once((&mixed, &one, "child"), (&one, &mixed, "child"));
        assert_eq!(circle.iter().filter(|status| **status == 200).count(), 1, "{circle:?}");
        until(s(15), "the child knows its parent", || record(agent, &child)["parent"].is_object().then_some(()));
    }
}

fn unlink(by: &Caller, number: &str, to: &str, kind: &str) -> crate::harness::Answer {
    act(by, number, "unlink", &json!({ "to": to, "kind": kind }))
}

/// Taken back by the one, gone from the other as well.
#[track_caller]
fn both_are_free(by: &Caller, one: &str, other: &str) {
    assert!(links(by, one).is_empty());
    until(s(15), "the other record is free too", || links(by, other).is_empty().then_some(()));
}

fn a_link_is_taken_back_both_ways(house: &House) {
    let agent = &house.cast.agent;
    for (kind, reverse) in [("related", "related"), ("duplicate", "duplicated_by"), ("parent", "child"), ("child", "parent")] {
        let (one, other) = (house.stand(Stage::L1), house.stand(Stage::L1));
        let offered = || {
            let items = agent.read(at(&one, "/actions"))["items"].as_array().cloned().unwrap_or_default();
            items.iter().any(|action| action["key"] == "unlink" && action["enabled"] == true)
        };
        assert!(!offered(), "nothing to take back");
        unlink(agent, &one, &other, kind).invalid("/fields/to", "not_linked");
        link(agent, &one, &other, kind).ok(200);
        other_half(agent, &other, reverse, &one);
        assert!(offered());
        unlink(agent, &one, &other, "cousin").invalid("/fields/kind", "enum");
        unlink(agent, &one, &other, kind).ok(200);
        both_are_free(agent, &one, &other);
        let told = |number: &str| timeline(agent, number).iter().any(|entry| entry["kind"] == "unlinked");
        assert!(told(&one) && told(&other), "{kind}");
        // And back again, from the other side.
        link(agent, &other, &one, reverse).ok(200);
        other_half(agent, &one, kind, &other);
        unlink(agent, &other, &one, reverse).ok(200);
        both_are_free(agent, &other, &one);
        let below = |number: &str| record(agent, number)["parent"].is_object();
        assert!(!below(&one) && !below(&other), "{kind}");
    }
    // A wrong parent is replaced by the right one.
    let (child, wrong, right) = (house.stand(Stage::L1), house.stand(Stage::L1), house.stand(Stage::L1));
    link(agent, &child, &wrong, "parent").ok(200);
    link(agent, &child, &right, "parent").problem(409, "conflict");
    other_half(agent, &wrong, "child", &child);
    unlink(agent, &wrong, &child, "child").ok(200);
    both_are_free(agent, &wrong, &child);
    link(agent, &child, &right, "parent").ok(200);
    assert_eq!(record(agent, &child)["parent"]["number"], right.as_str());
    let entries = timeline(agent, &child);
    let told = |kind: &str, side: &str| {
        let mut of_kind = entries.iter().filter(|entry| entry["kind"] == kind).flat_map(|entry| entry["changes"].as_array().unwrap());
        of_kind.rfind(|change| change["field"] == "parent").unwrap()[side].clone()
    };
    assert_eq!((told("linked", "new_label"), told("unlinked", "old_label")), (json!(right), json!(wrong)), "numbers, which people know");
    let alien = &house.cast.stranger;
    let refused = unlink(alien, &child, &right, "parent").status;
    assert!(matches!(refused, 403 | 404), "{refused}");
}

fn what_was_merged_stays_linked(house: &House) {
    let desk = &house.cast.desk;
    let (double, survivor) = (house.stand(Stage::New), house.stand(Stage::New));
    desk.post(at(&double, "/merge"), &json!({ "into": survivor })).ok(200);
    other_half(desk, &survivor, "duplicated_by", &double);
    unlink(desk, &double, &survivor, "duplicate").problem(409, "not_available");
    unlink(desk, &survivor, &double, "duplicated_by").problem(409, "not_available");
}

fn what_ended_below_another_stays_there(house: &House) {
    let (desk, parent, child) = (&house.cast.desk, house.stand(Stage::New), house.stand(Stage::New));
    link(desk, &child, &parent, "parent").ok(200);
    other_half(desk, &parent, "child", &child);
    act(desk, &child, "cancel", &json!({ "reason": "withdrawn" })).ok(200);
    unlink(desk, &parent, &child, "child").problem(409, "not_available");
    unlink(desk, &child, &parent, "parent").problem(409, "not_available");
    assert_eq!(record(desk, &child)["parent"]["number"], parent.as_str());
}
