//! `/users`

use serde_json::{Value, json};

use crate::harness::{Call, Database, House, PASSWORD, pages, unique};

on_both!(
    creating_answers_with_everything,
    a_user_is_found_by_id_and_by_name,
    values_are_checked,
    a_change_needs_the_version_that_was_seen,
    a_stale_change_is_told_what_happened_meanwhile,
    the_list_pages_by_name_without_gap_or_double,
    the_list_can_be_narrowed,
    a_user_is_never_deleted,
    a_repeated_creation_gives_the_first_answer,
    two_who_create_the_same_name_do_not_both_win,
    html_in_a_name_is_only_text,
    ; alone:
    the_last_administrator_stays,
);

/// Nobody could give the system an administrator again.
fn the_last_administrator_stays(database: Database) {
    let house = House::own(database);
    let admin = &house.cast.admin;
    let change = |user: &str, body: Value| {
        let version = admin.read(format!("/users/{user}"))["version"].as_i64().unwrap();
        admin.patch(format!("/users/{user}"), version, &body)
    };
    for end in [json!({ "active": false }), json!({ "expires_at": "2099-01-01T00:00:00Z" }), json!({ "roles": ["requester"] })] {
        change("admin", end).problem(409, "not_available");
    }
    change("admin", json!({ "phone": "8001" })).ok(200);
    let ends = json!({ "username": "ending", "roles": ["admin"], "expires_at": "2099-01-01T00:00:00Z" });
    admin.post("/users", &ends).ok(201);
    change("admin", json!({ "active": false })).problem(409, "not_available");
    admin.post("/users", &json!({ "username": "another", "roles": ["admin"] })).ok(201);
    change("admin", json!({ "roles": ["requester"] })).ok(200);
}

fn creating_answers_with_everything(house: &House) {
    let name = unique("new");
    let body = json!({
        "username": name, "name": "曾晓明", "sort_name": "zeng xiao ming", "roles": ["agent", "requester"], "email": "z@example.org",
        "phone": "+86 10 1234", "locale": "zh", "employer": "Outsourcing Ltd", "site": "plant", "expires_at": "2099-12-31T18:00:00+08:00",
        "kind": "person", "password": PASSWORD,
    });
    let answer = house.cast.admin.post("/users", &body);
    let user = answer.ok(201);
    assert_eq!(answer.version(), 1);
    assert_eq!(user["version"], 1);
    assert_eq!((&user["key"], &user["label"]), (&json!(name), &json!("曾晓明")));
    assert_eq!(user["sort_name"], "zeng xiao ming", "the sort key can be given: 曾 is read zeng here");
    assert_eq!(user["site"]["key"], "plant");
    assert_eq!(user["expires_at"], "2099-12-31T10:00:00.000Z", "instants come back in UTC");
    assert_eq!(user["active"], true);
    assert_eq!(user["roles"], json!(["agent", "requester"]));
    let at = answer.header("location").expect("a creation says where it is");
    let found = house.cast.admin.get(format!("/{at}"));
    assert_eq!(found.ok(200), user);
    assert_eq!(found.version(), 1);
}

fn a_user_is_found_by_id_and_by_name(house: &House) {
    let user = house.user("found", &["requester"]);
    let by = |reference: &str| house.cast.admin.get(format!("/users/{reference}"));
    assert_eq!(by(user["id"].as_str().unwrap()).ok(200), user);
    assert_eq!(by(user["username"].as_str().unwrap()).ok(200), user);
    by("nobody-of-this-name").problem(404, "not_found");
    by("01890000-0000-7000-8000-000000000000").problem(404, "not_found");
}

fn values_are_checked(house: &House) {
    let taken = house.user("taken", &["requester"]);
    let create = |change: Value| house.cast.admin.post("/users", &crate::harness::with(json!({ "username": unique("checked") }), change));
    create(json!({ "username": taken["username"] })).invalid("/username", "taken");
    create(json!({ "username": "" })).invalid("/username", "format");
    create(json!({ "username": "a b<c>" })).invalid("/username", "format");
    create(json!({ "username": 7 })).problem(422, "invalid");
    create(json!({ "password": "short" })).invalid("/password", "length");
    create(json!({ "password": 12345678 })).invalid("/password", "type");
    create(json!({ "roles": ["emperor"] })).invalid("/roles", "unknown_reference");
    create(json!({ "roles": "admin" })).invalid("/roles", "type");
    create(json!({ "site": "atlantis" })).invalid("/site", "unknown_reference");
    create(json!({ "locale": "tlh" })).invalid("/locale", "type");
    create(json!({ "active": "yes" })).invalid("/active", "type");
    create(json!({ "expires_at": "tomorrow" })).invalid("/expires_at", "format");
    create(json!({ "name": "   " })).invalid("/name", "type");
    create(json!({ "shoe_size": 44 })).invalid("/shoe_size", "unknown_field");
    house.cast.admin.post("/users", &json!({ "name": "nameless" })).invalid("/username", "required");
    house.cast.admin.send(&Call::new("POST", "/users").raw("application/json", "[]")).problem(422, "invalid");
    house.cast.admin.send(&Call::new("POST", "/users").raw("application/json", "{\"username\":")).problem(400, "malformed");
    // Several wrong values are all named at once.
    let both = create(json!({ "locale": "tlh", "shoe_size": 44 }));
    both.invalid("/locale", "type");
    both.invalid("/shoe_size", "unknown_field");
}

fn a_change_needs_the_version_that_was_seen(house: &House) {
    let user = house.user("changed", &["requester"]);
    let path = format!("/users/{}", user["id"].as_str().unwrap());
    let admin = &house.cast.admin;
    admin.send(&Call::patch(&path, &json!({ "phone": "1" }))).problem(428, "if_match_required");
    admin.send(&Call::patch(&path, &json!({ "phone": "1" })).header("if-match", "newest")).problem(400, "malformed");
    let changed = admin.patch(&path, 1, &json!({ "phone": "1" }));
    assert_eq!(changed.ok(200)["phone"], "1");
    assert_eq!(changed.version(), 2);
    assert_eq!(admin.patch(&path, 2, &json!({ "phone": null })).ok(200)["phone"], Value::Null, "null clears");
    admin.patch(&path, 3, &json!({ "username": "other" })).invalid("/username", "unknown_field");
    admin.patch("/users/nobody-of-this-name", 1, &json!({})).problem(404, "not_found");
}

fn a_stale_change_is_told_what_happened_meanwhile(house: &House) {
    let user = house.user("changed", &["requester"]);
    let path = format!("/users/{}", user["id"].as_str().unwrap());
    house.cast.admin.patch(&path, 1, &json!({ "phone": "1" })).ok(200);
    let problem = house.cast.admin.patch(&path, 1, &json!({ "phone": "2" })).problem(412, "stale");
    assert_eq!(problem["version"], 2);
    let meanwhile = problem["meanwhile"].as_array().cloned().unwrap_or_default();
    assert!(meanwhile.iter().any(|m| m["field"] == "phone" && m["new"] == "1"), "{problem}");
}

fn the_list_pages_by_name_without_gap_or_double(house: &House) {
    let mark = unique("page");
    // Equal sort names, so that identity has to break the tie across pages.
    let made: Vec<Value> = (0..9)
        .map(|n| {
            let user =
                json!({ "username": format!("{mark}-{n}"), "name": format!("{mark} {n}"), "sort_name": format!("{mark} {}", n / 3) });
            house.cast.admin.post("/users", &user).ok(201)["id"].clone()
        })
        .collect();
    for limit in [1, 2, 4, 9, 200] {
        let items = pages(&house.cast.observer, &format!("/users?q={mark}&limit={limit}"));
        let mut ids: Vec<Value> = items.iter().map(|item| item["id"].clone()).collect();
        assert!(items.is_sorted_by_key(|item| item["sort_name"].as_str().unwrap().to_owned()), "limit {limit}");
        ids.sort_by_key(Value::to_string);
        let mut wanted = made.clone();
        wanted.sort_by_key(Value::to_string);
        assert_eq!(ids, wanted, "limit {limit}");
    }
    let first = house.cast.observer.read(format!("/users?q={mark}&limit=4"));
    let cursor = first["next"].as_str().unwrap();
    house.cast.observer.get(format!("/users?q=other&limit=4&cursor={cursor}")).problem(400, "malformed");
}

fn the_list_can_be_narrowed(house: &House) {
    let user = house.user("narrow", &["requester"]);
    let (name, id) = (user["username"].as_str().unwrap(), user["id"].as_str().unwrap());
    let found = |query: &str| house.cast.desk.read(format!("/users?{query}"))["items"].as_array().unwrap().len();
    assert_eq!(found(&format!("q={name}")), 1);
    assert_eq!(found(&format!("q={name}&active=true")), 1);
    house.cast.admin.patch(format!("/users/{id}"), 1, &json!({ "active": false })).ok(200);
    assert_eq!(found(&format!("q={name}&active=true")), 0);
    assert_eq!(found(&format!("q={name}&active=false")), 1);
    assert_eq!(found("q=%25%25%25"), 0, "a per cent sign is a sign like any other");
    house.cast.desk.get("/users?active=maybe").problem(400, "malformed");
}

fn a_user_is_never_deleted(house: &House) {
    let user = house.user("eternal", &["requester"]);
    let path = format!("/users/{}", user["id"].as_str().unwrap());
    house.cast.admin.delete(&path).problem(405, "method_not_allowed");
    house.cast.admin.get(&path).ok(200);
}

fn a_repeated_creation_gives_the_first_answer(house: &House) {
    let call = Call::post("/users", &json!({ "username": unique("once"), "name": "Once" })).once(&unique("key"));
    let first = house.cast.admin.send(&call);
    first.ok(201);
    let again = house.cast.admin.send(&call);
    assert_eq!(again.ok(201), first.json());
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
}

fn two_who_create_the_same_name_do_not_both_win(house: &House) {
    let name = unique("contested");
    // Whatever the capitals: all of these are one name.
    let written = |n: usize| if n.is_multiple_of(2) { name.clone() } else { name.to_uppercase() };
    let create = |n: usize| house.cast.admin.post("/users", &json!({ "username": written(n) })).status;
    let statuses = std::thread::scope(|scope| {
        let create = &create;
        let all: Vec<_> = (0..6).map(|n| scope.spawn(move || create(n))).collect();
        all.into_iter().map(|one| one.join().unwrap()).collect::<Vec<u16>>()
    });
    assert_eq!(statuses.iter().filter(|status| **status == 201).count(), 1, "{statuses:?}");
    assert!(statuses.iter().all(|status| matches!(status, 201 | 409 | 422)), "{statuses:?}");
    for written in [name.to_uppercase(), name.clone()] {
        let found = house.cast.admin.get(format!("/users/{written}"));
        assert_eq!(found.ok(200)["username"].as_str().unwrap().to_lowercase(), name, "found however it is written");
    }
}

fn html_in_a_name_is_only_text(house: &House) {
    let evil = "<img src=x onerror=alert(1)>\"'&";
    let user = house.cast.admin.post("/users", &json!({ "username": unique("evil"), "name": evil }));
    assert_eq!(user.ok(201)["name"], evil, "stored and given as it is; whoever shows it escapes it");
    assert_eq!(user.header("content-type"), Some("application/json"));
    assert_eq!(user.header("x-content-type-options"), Some("nosniff"));
}
