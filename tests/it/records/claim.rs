//! `POST /records/{type}/claim`: the next record of one's teams.

use serde_json::{Value, json};

use crate::harness::{Call, Caller, House, Person, act, desktop, number, record, unique};

on_both!(the_first_in_the_order_of_the_queue_is_accepted, of_two_who_ask_at_once_each_gets_another, it_is_for_those_who_work);

fn claim() -> Call {
    Call::new("POST", "/records/incident/claim")
}

/// Records of one team, with these degrees, in this order.
fn stand(house: &House, team: &str, degrees: &[&str]) -> Vec<String> {
    let open = |degree: &&str| {
        let body = json!({ "title": unique("queued"), "requester": "owner", "channel": "phone", "impact": degree, "urgency": degree });
        let number = number(&house.cast.desk.post("/records/incident", &body).ok(201));
        act(&house.cast.desk, &number, "dispatch", &desktop()).ok(200);
        act(&house.cast.desk, &number, "assign", &json!({ "team": team, "reason": "workload" })).ok(200);
        number
    };
    degrees.iter().map(open).collect()
}

fn agents(house: &House, count: usize) -> (Vec<Person>, String) {
    let people: Vec<Person> = (0..count).map(|_| house.person("claims", &["agent"])).collect();
    let team = house.team("claims", &people.iter().collect::<Vec<_>>());
    (people, team)
}

fn the_first_in_the_order_of_the_queue_is_accepted(house: &House) {
    let (people, team) = agents(house, 1);
    let by: &Caller = &people[0];
    assert_eq!(by.send(&claim()).status, 204, "nothing waits");
    let made = stand(house, &team, &["low", "high", "medium", "high"]);
    // What somebody has is nobody else's; what is on hold waits for something.
    act(&house.cast.desk, &made[2], "hold", &json!({ "reason": "vendor" })).ok(200);
    let queue = by.read("/records/incident?team=mine&state=open&sort=queue");
    let order: Vec<String> = queue["items"].as_array().unwrap().iter().map(number).collect();
    assert_eq!(order, [&made[1], &made[3], &made[2], &made[0]].map(Clone::clone));
    let taken: Vec<Value> = (0..3).map(|_| by.send(&claim()).ok(200)).collect();
    assert_eq!(taken.iter().map(number).collect::<Vec<_>>(), [made[1].clone(), made[3].clone(), made[0].clone()]);
    assert!(taken.iter().all(|taken| taken["assignee"]["id"] == people[0].id.as_str()));
    assert_eq!(by.send(&claim()).status, 204);
    // Asked again with the same key, it is the same record.
    let one = stand(house, &team, &["low"]);
    stand(house, &team, &["low"]);
    let key = unique("claim");
    let (first, again) = (by.send(&claim().once(&key)), by.send(&claim().once(&key)));
    assert_eq!((number(&first.ok(200)), number(&again.ok(200))), (one[0].clone(), one[0].clone()));
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
}

fn of_two_who_ask_at_once_each_gets_another(house: &House) {
    let (people, team) = agents(house, 6);
    let made = stand(house, &team, &["high", "high", "low", "medium", "medium", "low"]);
    let mut taken: Vec<String> = std::thread::scope(|scope| {
        let asking: Vec<_> = people.iter().map(|person| scope.spawn(|| number(&person.send(&claim()).ok(200)))).collect();
        asking.into_iter().map(|one| one.join().unwrap()).collect()
    });
    taken.sort();
    assert_eq!(taken, made, "each got one, and nobody the same");
    let assignees: std::collections::HashSet<String> =
        made.iter().map(|number| record(&house.cast.admin, number)["assignee"]["id"].as_str().unwrap().to_owned()).collect();
    assert_eq!(assignees.len(), people.len());
}

fn it_is_for_those_who_work(house: &House) {
    house.cast.owner.send(&claim()).problem(403, "forbidden");
    house.nobody().send(&claim()).problem(401, "unauthenticated");
    house.cast.agent.send(&Call::new("POST", "/records/nothing/claim")).problem(404, "not_found");
}
