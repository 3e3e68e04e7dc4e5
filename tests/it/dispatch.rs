//! Work within a team finds somebody, with its reason (INC-06, WF-04), and what would happen can be tried on past records.

use std::thread;

use serde_json::{Value, json};

use crate::harness::{Call, Database, House, Person, Stage, act, at, desktop, number, pages, record, s, set_call, timeline, unique, until};

on_both!(
    what_a_team_says_of_its_work_is_checked,
    who_may_not_try_rules_is_refused;
    alone: work_goes_to_who_has_the_least_until_all_are_full, a_number_of_ones_own_holds_before_that_of_the_team, skills_absence_and_place_come_before_load,
    outside_working_hours_the_person_on_duty_answers, what_is_only_tried_takes_nobody, together_nobody_gets_more_than_they_can_take,
    past_records_show_what_would_happen,
);

/// Working hours without a day: it is always time to work.
fn always_at_work(house: &House) {
    house.cast.admin.send(&set_call(&house.cast.admin, "working_hours", &json!({ "timezone": "Asia/Shanghai" }))).ok(200);
}

fn change(house: &House, path: &str, values: &Value) -> Value {
    let version = house.cast.admin.read(path)["version"].as_i64().unwrap();
    house.cast.admin.patch(path, version, values).ok(200)
}

/// The desktop team is these people, and gives out its work.
fn crew(house: &House, members: &[&Person], capacity: Option<i64>) {
    let names: Vec<&str> = members.iter().map(|it| it.name.as_str()).collect();
    change(house, "/teams/desktop-l1", &json!({ "members": names, "duty": names[0], "dispatch": "load", "capacity": capacity }));
}

fn agents<const N: usize>(house: &House) -> [Person; N] {
    std::array::from_fn(|_| house.person("hand", &["agent"]))
}

/// The choice in the newest entry that has one.
fn choice(house: &House, number: &str) -> Value {
    timeline(&house.cast.desk, number).into_iter().rev().find_map(|it| it["choices"].get(0).cloned()).expect("an entry with a choice")
}

fn why<'a>(choice: &'a Value, person: &Person) -> &'a Value {
    choice["considered"].as_array().unwrap().iter().find(|it| it["person"]["key"] == person.name.as_str()).unwrap()
}

fn work_goes_to_who_has_the_least_until_all_are_full(database: Database) {
    let house = &House::own(database);
    always_at_work(house);
    let people: [Person; 3] = agents(house);
    let [a, b, c] = &people;
    crew(house, &[a, b, c], Some(2));
    let mut given = Vec::new();
    for _ in 0..6 {
        let it = house.stand(Stage::L1);
        let now = record(&house.cast.desk, &it);
        assert!(now["responded_at"].is_string(), "the desk has answered");
        given.push(now["assignee"]["key"].as_str().expect("it is given to somebody").to_owned());
    }
    // The least first; of equals who got one longest ago.
    assert_eq!(given, [&a.name, &b.name, &c.name, &a.name, &b.name, &c.name].map(String::clone));
    let full = house.stand(Stage::L1);
    let now = record(&house.cast.desk, &full);
    assert_eq!((&now["assignee"], &now["on_duty"]["key"]), (&Value::Null, &json!(a.name)));
    let told = choice(house, &full);
    assert_eq!((&told["rule"], &told["capacity"], &told["duty"]["key"]), (&json!("nobody_free"), &json!(2), &json!(a.name)));
    assert_eq!((&why(&told, b)["why"], &why(&told, b)["open"]), (&json!("full"), &json!(2)));
    // What somebody is given is theirs to accept, and the next one takes the room that is left again.
    let first = people.iter().find_map(|it| {
        let tasks = it.read("/tasks?mine=true&limit=200");
        let task = tasks["items"].as_array().unwrap().first().cloned()?;
        Some((it.clone(), task["record"]["number"].as_str().unwrap().to_owned()))
    });
    let (person, number) = first.unwrap();
    act(&person, &number, "accept", &json!({})).ok(200);
    act(&person, &number, "resolve", &crate::harness::solved()).ok(200);
    assert_eq!(record(&house.cast.desk, &house.stand(Stage::L1))["assignee"]["key"], json!(person.name));
    // Why is one read away, with the row of the table that named the team.
    let told = house.cast.agent.read(at(&full, "/dispatch"));
    let decision = &told["team"]["decision"];
    assert_eq!((&decision["decision"], &decision["rules"][0]["id"]), (&json!("dispatch"), &json!("dispatch_06")));
    assert_eq!(told["person"]["choice"]["rule"], json!("nobody_free"));
    house.cast.owner.get(at(&full, "/dispatch")).problem(403, "forbidden");
    let (status, _, errors) = house.command(&["check"]);
    assert_eq!(status, Some(0), "{errors}");
}

fn a_number_of_ones_own_holds_before_that_of_the_team(database: Database) {
    let house = &House::own(database);
    always_at_work(house);
    let people: [Person; 2] = agents(house);
    let [half, full] = &people;
    crew(house, &[half, full], Some(2));
    let path = format!("/users/{}", half.id);
    let seen = house.cast.admin.read(&path)["version"].as_i64().unwrap();
    for wrong in [json!(-1), json!(1001), json!("two"), json!(1.5)] {
        house.cast.admin.patch(&path, seen, &json!({ "capacity": wrong })).invalid("/capacity", "range");
    }
    assert_eq!(change(house, &path, &json!({ "capacity": 1 }))["capacity"], json!(1));
    let given: Vec<Value> = (0..4).map(|_| record(&house.cast.desk, &house.stand(Stage::L1))["assignee"]["key"].clone()).collect();
    assert_eq!(given, [json!(half.name), json!(full.name), json!(full.name), Value::Null]);
    let last = house.stand(Stage::L1);
    let told = choice(house, &last);
    let of =
        |person: &Person| (why(&told, person)["why"].clone(), why(&told, person)["open"].clone(), why(&told, person)["capacity"].clone());
    assert_eq!((of(half), of(full)), ((json!("full"), json!(1), json!(1)), (json!("full"), json!(2), Value::Null)));
    // The bench says the same, and a number that is taken away leaves that of the team.
    let bench = json!({ "type": "incident", "numbers": [last], "teams": { "desktop-l1": { "capacity": 3 } } });
    let tried = house.cast.admin.post("/dispatch/rehearse", &bench).ok(200);
    let tried = &tried["items"][0]["choice"];
    assert_eq!((&tried["person"]["key"], &why(tried, half)["capacity"]), (&json!(full.name), &json!(1)));
    change(house, &path, &json!({ "capacity": 0 }));
    assert_eq!(record(&house.cast.desk, &house.stand(Stage::L1))["assignee"], Value::Null);
    change(house, &path, &json!({ "capacity": null }));
    assert_eq!(record(&house.cast.desk, &house.stand(Stage::L1))["assignee"]["key"], json!(half.name));
    let (status, _, errors) = house.command(&["check"]);
    assert_eq!(status, Some(0), "{errors}");
}

fn skills_absence_and_place_come_before_load(database: Database) {
    let house = &House::own(database);
    always_at_work(house);
    let people: [Person; 3] = agents(house);
    let [a, b, c] = &people;
    crew(house, &[a, b, c], None);
    let skill = unique("printers");
    let values = json!({ "key": skill, "label": { "zh": "打印", "en": "Printers" }, "holders": [b.name], "backup": [c.name], "categories": ["hardware"] });
    house.cast.admin.post("/skills", &values).ok(201);
    let first = house.stand(Stage::L1);
    assert_eq!(record(&house.cast.desk, &first)["assignee"]["key"], json!(b.name));
    let told = choice(house, &first);
    assert_eq!((&why(&told, a)["why"], &why(&told, a)["lacks"][0]["key"]), (&json!("lacks"), &json!(skill)));
    assert_eq!(why(&told, b)["why"], json!("chosen"));
    // Who is away is passed over, though the backup has as much to do.
    let away = json!({ "deputy": c.name, "deputy_from": "2020-01-01T00:00:00Z", "deputy_until": "2099-01-01T00:00:00Z" });
    change(house, &format!("/users/{}", b.id), &away);
    for _ in 0..2 {
        let next = house.stand(Stage::L1);
        let told = choice(house, &next);
        assert_eq!((&told["person"]["key"], &why(&told, b)["why"]), (&json!(c.name), &json!("absent")));
    }
    // Another category asks for nothing, and whoever sits there comes first, whatever they have.
    change(house, &format!("/users/{}", c.id), &json!({ "site": "plant" }));
    let opened =
        house.cast.desk.post("/records/incident", &json!({ "title": "t", "requester": "owner", "channel": "phone", "site": "plant" }));
    let number = number(&opened.ok(201));
    act(&house.cast.desk, &number, "dispatch", &json!({ "category": "other", "service": "printing" })).ok(200);
    let told = choice(house, &number);
    assert_eq!((&told["person"]["key"], &told["skills"]), (&json!(c.name), &json!([])));
    assert_eq!((&why(&told, c)["here"], &why(&told, a)["why"]), (&json!(true), &json!("elsewhere")));
}

fn outside_working_hours_the_person_on_duty_answers(database: Database) {
    let house = &House::own(database);
    let minute = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs() / 60 % 1440;
    let span = if minute < 720 { json!([["22:00", "23:00"]]) } else { json!([["01:00", "02:00"]]) };
    let mut hours = json!({ "timezone": "UTC" });
    for day in ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] {
        hours[day] = span.clone();
    }
    house.cast.admin.send(&set_call(&house.cast.admin, "working_hours", &hours)).ok(200);
    let people: [Person; 2] = agents(house);
    let [a, b] = &people;
    crew(house, &[a, b], None);
    let it = house.stand(Stage::L1);
    let now = record(&house.cast.desk, &it);
    assert_eq!((&now["assignee"], &now["on_duty"]["key"]), (&Value::Null, &json!(a.name)));
    assert_eq!(choice(house, &it)["rule"], json!("off_hours"));
}

fn together_nobody_gets_more_than_they_can_take(database: Database) {
    let house = &House::own(database);
    always_at_work(house);
    let people: [Person; 3] = agents(house);
    let [a, b, c] = &people;
    crew(house, &[a, b, c], Some(2));
    let waiting: Vec<String> = (0..8).map(|_| house.stand(Stage::New)).collect();
    thread::scope(|scope| {
        for number in &waiting {
            scope.spawn(|| act(&house.cast.desk, number, "dispatch", &desktop()).ok(200));
        }
    });
    let given: Vec<Value> = waiting.iter().map(|number| record(&house.cast.desk, number)["assignee"]["key"].clone()).collect();
    for person in &people {
        assert_eq!(given.iter().filter(|key| **key == json!(person.name)).count(), 2, "{given:?}");
    }
    assert_eq!(given.iter().filter(|key| key.is_null()).count(), 2, "{given:?}");
}

fn what_is_only_tried_takes_nobody(database: Database) {
    let house = &House::own(database);
    always_at_work(house);
    let people: [Person; 3] = agents(house);
    let [a, b, leaver] = &people;
    // Who has no role that works on records is nobody to give them to, and who answers for a team keeps one.
    let asks = house.person("asks", &["requester"]);
    crew(house, &[a, b, &asks], Some(1));
    let version = house.cast.admin.get(format!("/users/{}", a.id)).version();
    house.cast.admin.patch(format!("/users/{}", a.id), version, &json!({ "roles": ["requester"] })).invalid("/roles", "on_duty");
    let waiting: [String; 2] = std::array::from_fn(|_| house.stand(Stage::New));
    for number in waiting.iter().cycle().take(6) {
        house.cast.desk.post(at(number, "/actions/dispatch/preview"), &json!({ "fields": desktop() })).ok(200);
    }
    let given = waiting.each_ref().map(|number| {
        act(&house.cast.desk, number, "dispatch", &desktop()).ok(200)["assignee"]["key"].as_str().unwrap_or_default().to_owned()
    });
    assert_eq!(given, [a, b].map(|it| it.name.clone()), "the previews have taken nobody");
    act(&house.cast.desk, &waiting[0], "assign", &json!({ "assignee": asks.name })).invalid("/fields/assignee", "no_work");
    // One mail each, to whom it was given: not one more to whoever answers for the queue.
    let mails = pages(&house.cast.admin, "/outbox?limit=200");
    let told = |person: &Person| -> Vec<Value> {
        mails.iter().filter(|mail| mail["recipient"] == person.email()).map(|mail| mail["template"].clone()).collect()
    };
    assert_eq!((told(a), told(b)), (vec![json!("dispatched")], vec![json!("dispatched")]));
    // To the team that has it: back into its queue.
    assert!(act(&house.cast.desk, &waiting[0], "assign", &json!({ "team": "desktop-l1" })).ok(200)["assignee"].is_null());
    // What is solved while it is reported was nobody's to begin with.
    crew(house, &[a, b, leaver], Some(2));
    change(house, "/teams/service-desk", &json!({ "members": [leaver.name, "desk"], "duty": "desk", "dispatch": "load" }));
    let then = json!({ "action": "resolve", "fields": crate::harness::solved() });
    let call = crate::harness::with(json!({ "title": unique("call"), "requester": "owner", "channel": "phone", "then": then }), desktop());
    assert!(house.cast.desk.post("/records/incident", &call).ok(201)["assignee"].is_null());
    let about =
        |person: &Person| pages(&house.cast.admin, "/outbox?limit=200").iter().filter(|it| it["recipient"] == person.email()).count();
    assert_eq!(about(leaver), 0);
    // What somebody had who has left goes to the next, not into a queue that nobody takes from.
    let last = house.stand(Stage::L1);
    let had = record(&house.cast.desk, &last)["assignee"]["key"].as_str().unwrap().to_owned();
    let stay: Vec<&str> = [a, b, leaver].iter().map(|it| it.name.as_str()).filter(|name| *name != had).collect();
    change(house, "/teams/desktop-l1", &json!({ "members": stay, "duty": stay[0] }));
    until(s(30), "it is given to somebody who is still there", || {
        let now = record(&house.cast.desk, &last)["assignee"]["key"].as_str().unwrap_or_default().to_owned();
        stay.contains(&now.as_str()).then_some(())
    });
    let (status, _, errors) = house.command(&["check"]);
    assert_eq!(status, Some(0), "{errors}");
}

fn past_records_show_what_would_happen(database: Database) {
    let house = &House::own(database);
    let admin = &house.cast.admin;
    let (near, far) = (house.stand(Stage::L1), house.stand(Stage::L2));
    act(&house.cast.desk, &near, "assign", &json!({ "team": "network-l1", "reason": "wrong_team" })).ok(200);
    let before = record(admin, &near)["version"].clone();
    let teams = json!({ "desktop-l1": { "dispatch": "load", "capacity": 1 } });
    let asked = json!({ "type": "incident", "numbers": [near, far, "INC-1900-000001"], "teams": teams });
    let told = admin.post("/dispatch/rehearse", &asked).ok(200);
    let items = told["items"].as_array().unwrap();
    assert_eq!((&items[0]["number"], &items[1]["number"]), (&json!(near), &json!(far)));
    let keys = |it: &Value| ["team", "first", "last"].map(|field| it[field]["key"].as_str().unwrap_or_default().to_owned());
    assert_eq!(keys(&items[0]), ["desktop-l1", "desktop-l1", "network-l1"].map(str::to_owned));
    assert_eq!(keys(&items[1])[1..], ["desktop-l1".to_owned(), "system-l2".to_owned()]);
    assert_eq!((&items[0]["same"], &items[1]["same"]), (&json!(false), &json!(true)));
    assert_eq!((&items[0]["rows"][0]["id"], &items[0]["choice"]["rule"]), (&json!("dispatch_06"), &json!("load")));
    assert_eq!(items[1]["choice"]["rule"], json!("queue"));
    assert_eq!((&told["same"], &told["different"], &told["unknown"]), (&json!(1), &json!(1), &json!(["INC-1900-000001"])));
    assert_eq!(record(admin, &near)["version"], before, "nothing is written");
    // By a filter, the newest first.
    let listed = admin.post("/dispatch/rehearse", &json!({ "type": "incident", "query": { "team": "system-l2" } })).ok(200);
    assert_eq!(listed["items"].as_array().unwrap().iter().map(|it| it["number"].clone()).collect::<Vec<_>>(), [json!(far)]);
}

fn what_a_team_says_of_its_work_is_checked(house: &House) {
    let admin = &house.cast.admin;
    let team = |values: Value| {
        let key = unique("crew");
        admin.post("/teams", &crate::harness::with(json!({ "key": key, "label": { "en": key } }), values))
    };
    team(json!({ "dispatch": "dice" })).invalid("/dispatch", "type");
    team(json!({ "capacity": 0 })).invalid("/capacity", "type");
    assert_eq!(team(json!({ "dispatch": "queue", "capacity": null })).ok(201)["data"]["dispatch"], json!("queue"));
    let skill = |values: Value| {
        let key = unique("skill");
        admin.post("/skills", &crate::harness::with(json!({ "key": key, "label": { "en": key } }), values))
    };
    skill(json!({ "categories": ["hardware", "nothing/such"] })).invalid("/categories/1", "unknown_reference");
    skill(json!({ "services": ["nothing"] })).invalid("/services/0", "unknown_reference");
    let rehearse = |body: Value| admin.post("/dispatch/rehearse", &body);
    rehearse(json!({ "type": "incident", "numbers": [] })).invalid("/numbers", "length");
    rehearse(json!({ "type": "incident", "teams": { "nobodys": {} } })).invalid("/teams/nobodys", "unknown_reference");
    rehearse(json!({ "type": "incident", "teams": { "desktop-l1": { "dispatch": "x" } } })).invalid("/teams/desktop-l1/dispatch", "enum");
    rehearse(json!({ "type": "incident", "numbers": ["a"], "query": { "q": "x" } })).invalid("/numbers", "contradiction");
    rehearse(json!({ "type": "nothing" })).problem(404, "not_found");
}

fn who_may_not_try_rules_is_refused(house: &House) {
    let asked = json!({ "type": "incident" });
    for by in [&house.cast.agent, &house.cast.manager, &house.cast.owner] {
        by.send(&Call::post("/dispatch/rehearse", &asked)).problem(403, "forbidden");
    }
    // A role with this right alone tries on what it may read from inside: here, nothing.
    let role = unique("trier");
    house.cast.admin.post("/roles", &json!({ "key": role, "label": { "en": role }, "actions": ["dispatch.read"] })).ok(201);
    let person = house.person("trier", &[&role]);
    assert_eq!(person.post("/dispatch/rehearse", &asked).ok(200)["items"], json!([]));
}
