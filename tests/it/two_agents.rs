//! Two agents on one record: the second learns what changed; nothing is ever overwritten silently.

use std::sync::Barrier;

use serde_json::{Value, json};

use crate::harness::{Answer, House, Person, Stage, act, at, desktop, record, solved, timeline};

on_both!(
    the_second_edit_is_told_of_the_first,
    of_two_who_accept_one_does,
    of_two_who_resolve_one_does,
    of_many_edits_on_one_version_one_wins,
    of_many_outcomes_at_once_one_is_taken,
    one_comments_while_the_other_edits,
    one_cancels_while_the_other_works,
    many_hands_leave_one_history,
);

fn version(by: &Person, number: &str) -> i64 {
    record(by, number)["version"].as_i64().unwrap()
}

/// Does the same at the same moment, once for each of these.
fn together<T: Sync, R: Send>(all: &[T], body: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let (barrier, body) = (Barrier::new(all.len()), &body);
    std::thread::scope(|scope| {
        let start = |one| {
            let barrier = &barrier;
            scope.spawn(move || {
                barrier.wait();
                body(one)
            })
        };
        let threads: Vec<_> = all.iter().map(start).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    })
}

fn the_second_edit_is_told_of_the_first(house: &House) {
    let (one, two) = (&house.cast.agent, &house.cast.second);
    let number = house.stand(Stage::L1);
    let seen = version(one, &number);
    assert_eq!(version(two, &number), seen, "both look at the same page");
    one.patch(at(&number, ""), seen, &json!({ "description": "on floor 2", "site": "tower" })).ok(200);
    let problem = two.patch(at(&number, ""), seen, &json!({ "description": "on floor 3" })).problem(412, "stale");
    assert_eq!(problem["version"], seen + 1);
    let meanwhile = problem["meanwhile"].as_array().unwrap();
    let fields: Vec<&Value> = meanwhile.iter().map(|m| &m["field"]).collect();
    assert!(fields.contains(&&json!("description")) && fields.contains(&&json!("site")), "{problem}");
    assert!(meanwhile.iter().all(|m| m["actor"] == "Test agent"), "{problem}");
    two.patch(at(&number, ""), seen + 1, &json!({ "description": "on floor 3" })).ok(200);
    let history: Vec<Value> = timeline(two, &number).iter().filter(|e| e["kind"] == "edited").map(|e| e["actor"]["key"].clone()).collect();
    assert_eq!(history, ["agent", "second"], "both stand in the journal");
}

fn of_two_who_accept_one_does(house: &House) {
    for _ in 0..5 {
        let number = house.stand(Stage::L1);
        let answers = together(&[&house.cast.agent, &house.cast.second], |by| act(by, &number, "accept", &json!({})));
        let won: Vec<&Answer> = answers.iter().filter(|answer| answer.status == 200).collect();
        assert_eq!(won.len(), 1, "{answers:?}");
        let lost = answers.iter().find(|answer| answer.status != 200).unwrap().problem(409, "not_available");
        let holder = record(&house.cast.agent, &number)["assignee"]["label"].as_str().unwrap().to_owned();
        assert!(lost["detail"].as_str().unwrap().contains(&holder), "the other is told who has it: {lost}");
        assert_eq!(won[0].json()["assignee"]["label"], holder.as_str());
    }
}

fn of_two_who_resolve_one_does(house: &House) {
    let number = house.stand(Stage::L1);
    let answers = together(&[&house.cast.agent, &house.cast.second], |by| act(by, &number, "resolve", &solved()));
    assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
    answers.iter().find(|answer| answer.status != 200).unwrap().problem(409, "not_available");
    assert_eq!(version(&house.cast.agent, &number), 3);
}

fn of_many_edits_on_one_version_one_wins(house: &House) {
    let number = house.stand(Stage::L1);
    let seen = version(&house.cast.agent, &number);
    let titles: Vec<String> = (0..8).map(|n| format!("title {n}")).collect();
    let answers = together(&titles, |title| house.cast.agent.patch(at(&number, ""), seen, &json!({ "title": title })));
    let won: Vec<&Answer> = answers.iter().filter(|answer| answer.status == 200).collect();
    assert_eq!(won.len(), 1, "{:?}", answers.iter().map(|a| a.status).collect::<Vec<_>>());
    for lost in answers.iter().filter(|answer| answer.status != 200) {
        let problem = lost.problem(412, "stale");
        assert_eq!(problem["meanwhile"][0]["new"], won[0].json()["title"]);
    }
    assert_eq!(version(&house.cast.agent, &number), seen + 1);
    assert_eq!(record(&house.cast.agent, &number)["title"], won[0].json()["title"]);
}

fn of_many_outcomes_at_once_one_is_taken(house: &House) {
    let number = house.stand(Stage::L1);
    let wishes = [
        ("resolve", solved()),
        ("escalate", json!({ "handover_note": "x" })),
        ("resolve", solved()),
        ("escalate", json!({ "handover_note": "y" })),
    ];
    let answers = together(&wishes, |(action, fields)| act(&house.cast.agent, &number, action, fields));
    assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
    for lost in answers.iter().filter(|answer| answer.status != 200) {
        // After an escalation it is another team's: then the step is gone, or it is not the agent's any more.
        assert!(matches!(lost.status, 403 | 409), "{}", lost.text());
    }
    assert_eq!(version(&house.cast.agent, &number), 3);
    let flow = house.cast.agent.read(at(&number, "/flow"));
    assert_eq!(flow["tokens"].as_array().unwrap().len(), 1, "the token did not double");
}

fn one_comments_while_the_other_edits(house: &House) {
    let number = house.stand(Stage::L1);
    let seen = version(&house.cast.agent, &number);
    act(&house.cast.second, &number, "comment", &json!({ "body": "by the way" })).ok(200);
    let problem = house.cast.agent.patch(at(&number, ""), seen, &json!({ "title": "new" })).problem(412, "stale");
    assert_eq!(problem["version"], seen + 1);
    house.cast.agent.patch(at(&number, ""), seen + 1, &json!({ "title": "new" })).ok(200);
}

fn one_cancels_while_the_other_works(house: &House) {
    for _ in 0..5 {
        let number = house.stand(Stage::L1);
        let answers = together(&["cancel", "resolve"], |action| match *action {
            "cancel" => act(&house.cast.owner, &number, "cancel", &json!({ "reason": "withdrawn" })),
            _ => act(&house.cast.agent, &number, "resolve", &solved()),
        });
        assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1, "both won or none: {answers:?}");
        let state = record(&house.cast.owner, &number)["state"].as_str().unwrap().to_owned();
        assert_eq!(state, if answers[0].status == 200 { "cancelled" } else { "resolved" });
    }
}

fn many_hands_leave_one_history(house: &House) {
    let number = house.stand(Stage::New);
    let people = [&house.cast.desk, &house.cast.agent, &house.cast.second, &house.cast.manager, &house.cast.owner, &house.cast.admin];
    let work = |by: &&Person| -> usize {
        let wishes = [
            ("dispatch", desktop()),
            ("accept", json!({})),
            ("comment", json!({ "body": "x" })),
            ("hold", json!({ "reason": "vendor" })),
            ("resume", json!({})),
            ("resolve", solved()),
            ("reopen", json!({ "reopen_reason": "again" })),
        ];
        let done = (0..6).flat_map(|_| wishes.iter()).filter(|(action, fields)| {
            let answer = act(by, &number, action, fields);
            assert!(matches!(answer.status, 200 | 403 | 409 | 422), "{action} by {}: {}", by.name, answer.text());
            answer.status == 200
        });
        done.count()
    };
    let done: usize = together(&people, work).into_iter().sum();
    let entries = timeline(&house.cast.admin, &number);
    assert_eq!(entries.len(), done + 1, "one entry for the opening and one for each command that was answered with 200");
    let now = record(&house.cast.admin, &number);
    assert_eq!(now["version"].as_i64().unwrap(), i64::try_from(entries.len()).unwrap());
    let states = entries.iter().filter_map(|e| e["changes"].as_array()?.iter().find(|c| c["field"] == "state").cloned());
    let mut at = Value::from("");
    for change in states {
        if change["old"] != "" && !change["old"].is_null() {
            assert_eq!(change["old"], at, "each change begins where the last one ended");
        }
        at = change["new"].clone();
    }
    assert_eq!(now["state"], at);
}
