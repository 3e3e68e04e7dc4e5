//! `POST /session`, `DELETE /session`, `GET` and `PATCH /me`

use serde_json::json;

use crate::harness::{Call, Caller, Database, House, PASSWORD, Proof, unique};

on_both!(
    signing_in_gives_user_csrf_and_a_guarded_cookie,
    a_wrong_name_and_a_wrong_password_look_alike,
    signing_out_ends_the_session_and_takes_the_cookie_back,
    a_forged_cookie_is_nobody,
    credentials_are_checked,
    one_may_change_ones_language_and_nothing_else,
    passwords_never_come_back;
    alone: a_wrong_name_takes_as_long_as_a_wrong_password, over_https_the_cookie_is_secure, a_session_outlives_a_restart,
);

fn signing_in_gives_user_csrf_and_a_guarded_cookie(house: &House) {
    let user = house.user("someone", &["requester"]);
    let credentials = json!({ "username": user["username"], "password": PASSWORD });
    let answer = house.nobody().post("/session", &credentials);
    let begun = answer.ok(200);
    assert_eq!(begun["user"]["id"], user["id"]);
    assert_eq!(begun["user"]["key"], user["username"]);
    assert_eq!(begun["user"]["workspace"], false);
    assert_eq!(begun["user"]["admin"], false);
    assert_eq!(begun["user"]["roles"], json!(["requester"]));
    let cookie = answer.header("set-cookie").unwrap();
    for guard in ["; HttpOnly", "; SameSite=Lax", "; Path=/", "; Max-Age="] {
        assert!(cookie.contains(guard), "{cookie} lacks {guard}");
    }
    assert!(!cookie.contains("Secure"), "without https a browser would drop it: {cookie}");
    let person = house.sign_in(user["username"].as_str().unwrap(), PASSWORD);
    let me = person.read("/me");
    assert_eq!(me["key"], user["username"]);
    let Proof::Cookie { csrf, .. } = &person.proof else { panic!("no cookie") };
    assert_eq!(me["csrf"], *csrf, "the token is the same for the whole session");
}

fn over_https_the_cookie_is_secure(database: Database) {
    let house = House::own_with(database, |start| start.args = vec!["--public-url".to_owned(), "https://desk.example.org".to_owned()]);
    let answer = house.nobody().post("/session", &json!({ "username": "owner", "password": PASSWORD }));
    answer.ok(200);
    let cookie = answer.header("set-cookie").unwrap();
    assert!(cookie.contains("; Secure"), "{cookie}");
}

fn a_wrong_name_and_a_wrong_password_look_alike(house: &House) {
    let user = house.user("someone", &["requester"]);
    let try_in = |name: &str| {
        let call = Call::post("/session", &json!({ "username": name, "password": "not the password" }));
        house.nobody().send(&call.header("x-forwarded-for", "10.1.0.1"))
    };
    let mut wrong_password = try_in(user["username"].as_str().unwrap()).problem(401, "unauthenticated");
    let mut wrong_name = try_in(&unique("nobody")).problem(401, "unauthenticated");
    for problem in [&mut wrong_password, &mut wrong_name] {
        problem["request_id"].take();
    }
    assert_eq!(wrong_password, wrong_name);
}

fn a_wrong_name_takes_as_long_as_a_wrong_password(database: Database) {
    let house = House::own(database);
    let user = house.user("someone", &["requester"]);
    // Four tries stay below throttling.
    let work = |name: &str| -> u64 {
        let before = house.server.ticks();
        for _ in 0..4 {
            let call = Call::post("/session", &json!({ "username": name, "password": "not the password" }));
            house.nobody().send(&call.header("x-forwarded-for", "10.1.0.2")).problem(401, "unauthenticated");
        }
        house.server.ticks() - before
    };
    let known = work(user["username"].as_str().unwrap());
    let unknown = work(&unique("nobody"));
    assert!(known >= 4, "{known} ticks: too few to compare");
    assert!(unknown * 2 > known, "refusing an unknown name takes {unknown} ticks, a known one {known}: names can be found out");
}

fn signing_out_ends_the_session_and_takes_the_cookie_back(house: &House) {
    let person = house.person("leaver", &["requester"]);
    let answer = person.delete("/session");
    answer.ok(204);
    let cookie = answer.header("set-cookie").unwrap();
    assert!(cookie.starts_with("yuheng_session=;") && cookie.contains("Max-Age=0"), "{cookie}");
    person.get("/me").problem(401, "unauthenticated");
}

fn a_forged_cookie_is_nobody(house: &House) {
    let person = house.person("forged", &["requester"]);
    let sessions = person.read("/sessions");
    let id = sessions["items"][0]["id"].as_str().unwrap();
    let Proof::Cookie { cookie, .. } = &person.proof else { panic!("no cookie") };
    let mut changed = cookie.clone();
    changed.pop();
    for forged in [id, "", "x", &changed, &format!("{cookie}x")] {
        let forger = house.nobody().with(Proof::Cookie { cookie: forged.to_owned(), csrf: String::new() });
        forger.get("/me").problem(401, "unauthenticated");
    }
    for forged in ["", "yht_", cookie.as_str(), id] {
        house.nobody().with(Proof::Bearer(forged.to_owned())).get("/me").problem(401, "unauthenticated");
    }
    house.nobody().get("/me").problem(401, "unauthenticated");
}

fn credentials_are_checked(house: &House) {
    let nobody = house.nobody();
    let send = |body: &str| nobody.send(&Call::new("POST", "/session").raw("application/json", body));
    send("{").problem(400, "malformed");
    send("").problem(400, "malformed");
    nobody.send(&Call::new("POST", "/session").raw("text/plain", "{}")).problem(415, "unsupported");
    send(r#"{"username":"x","password":"y","remember":true}"#).invalid("/remember", "unknown_field");
    send(r#"{"username":"x"}"#).invalid("/password", "required");
    send(r#"{"username":"x","password":7}"#).invalid("/password", "type");
    nobody.post("/session", &json!({ "username": "x".repeat(300), "password": "y" })).problem(422, "invalid");
    nobody.post("/session", &json!({ "username": "x", "password": "y".repeat(100_000) })).problem(422, "invalid");
}

fn one_may_change_ones_language_and_nothing_else(house: &House) {
    let person = house.person("reader", &["requester"]);
    let me = |caller: &Caller, body| caller.send(&Call::patch("/me", &body));
    assert_eq!(me(&person, json!({ "locale": "zh" })).ok(200)["locale"], "zh");
    assert_eq!(person.read("/me")["locale"], "zh");
    me(&person, json!({ "locale": "fr" })).problem(422, "invalid");
    me(&person, json!({ "roles": ["admin"], "locale": "zh" })).invalid("/roles", "unknown_field");
    assert_eq!(person.read("/me")["roles"], json!(["requester"]));
}

fn passwords_never_come_back(house: &House) {
    let user = house.user("secretive", &["requester"]);
    let id = user["id"].as_str().unwrap();
    for text in [user.to_string(), house.cast.admin.get(format!("/users/{id}")).text(), house.cast.admin.get("/users?limit=200").text()] {
        assert!(!text.contains("argon2") && !text.contains(PASSWORD) && !text.contains("password"), "{text}");
    }
}

fn a_session_outlives_a_restart(database: Database) {
    let mut house = House::own(database);
    let person = house.person("stayer", &["requester"]);
    house.restart();
    let again = house.nobody().with(person.proof.clone());
    assert_eq!(again.read("/me")["key"], person.name.as_str());
    let report = json!({ "title": "still here" });
    again.post("/records/incident", &report).ok(201);
}
