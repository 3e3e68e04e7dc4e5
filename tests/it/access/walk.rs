//! What holds on every route, whichever it is: walked over all that the API says it has.

use serde_json::json;

use super::routes_of_the_api;
use crate::harness::{Answer, Call, Caller, House, Proof, Stage, unique};

on_both!(
    without_signing_in_nothing_is_told,
    a_cookie_without_its_token_writes_nowhere,
    a_read_token_writes_nowhere,
    a_parameter_that_a_route_does_not_know_is_refused,
    a_method_that_an_address_does_not_have_is_refused,
    every_refusal_is_a_problem_document,
    every_answer_carries_the_security_headers,
    pages_load_nothing_from_other_hosts,
    the_request_id_follows_the_callers_trace,
);

/// What anybody may ask.
const OPEN: &[&str] = &["GET /api/v1/info", "POST /api/v1/session"];
/// Its answer never ends: asked apart.
const ENDLESS: &str = "GET /api/v1/live";

/// Method and path with every placeholder filled by what is really there.
fn real(route: &str, record: &str) -> (String, String) {
    let (method, path) = route.split_once(' ').unwrap();
    let id = "01890000-0000-7000-8000-000000000000";
    let path =
        path.strip_prefix("/api/v1").unwrap().replace("{type}", "incident").replace("{number}", record).replace("{action}", "comment");
    (method.to_owned(), path.replace("{id}", id).replace("{of}", id).replace("{key}", "no-such-key").replace("{decision}", "release"))
}

/// Walks all routes; each must be in order.
#[track_caller]
fn walk(house: &House, skip: impl Fn(&str) -> bool, ask: impl FnMut(&str, Call) -> Option<String>) {
    let wrong = faults(house, skip, ask);
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Walks all routes; gives what is wrong.
fn faults(house: &House, skip: impl Fn(&str) -> bool, mut ask: impl FnMut(&str, Call) -> Option<String>) -> Vec<String> {
    let record = house.stand(Stage::L1);
    let mut wrong = Vec::new();
    for route in routes_of_the_api(house).iter().filter(|route| !skip(route)) {
        let (method, path) = real(route, &record);
        let call = Call::new(&method, path);
        let call = if method == "GET" || method == "DELETE" { call } else { call.json(&json!({})) };
        wrong.extend(ask(route, call).map(|what| format!("{route}: {what}")));
    }
    wrong
}

fn unless(answer: &Answer, status: u16, code: &str) -> Option<String> {
    let fine = answer.status == status && serde_json::from_slice::<serde_json::Value>(&answer.body).is_ok_and(|body| body["code"] == code);
    (!fine).then(|| format!("{} {}", answer.status, answer.text().chars().take(300).collect::<String>()))
}

fn without_signing_in_nothing_is_told(house: &House) {
    let nobody = house.nobody();
    walk(house, |route| OPEN.contains(&route), |_, call| unless(&nobody.send(&call), 401, "unauthenticated"));
}

fn a_cookie_without_its_token_writes_nowhere(house: &House) {
    let admin = house.sign_in("admin", crate::harness::ADMIN_PASSWORD);
    let skip = |route: &str| route.starts_with("GET") || OPEN.contains(&route);
    walk(house, skip, |_, call| unless(&admin.send(&call.header("x-csrf-token", "")), 403, "csrf"));
    admin.get("/me").ok(200);
}

fn a_read_token_writes_nowhere(house: &House) {
    let admin = house.sign_in("admin", crate::harness::ADMIN_PASSWORD);
    let made = admin.post("/tokens", &json!({ "name": unique("read"), "scopes": ["read"] })).ok(201);
    let reader = house.nobody().with(Proof::Bearer(made["token"].as_str().unwrap().to_owned()));
    let skip = |route: &str| route.starts_with("GET") || OPEN.contains(&route);
    walk(house, skip, |_, call| unless(&reader.send(&call), 403, "forbidden"));
}

fn a_parameter_that_a_route_does_not_know_is_refused(house: &House) {
    let admin: &Caller = &house.cast.admin;
    let skip = |route: &str| !route.starts_with("GET") || route == ENDLESS;
    walk(house, skip, |_, mut call| {
        call.path.push_str("?colour=red");
        unless(&admin.send(&call), 400, "malformed")
    });
    house.nobody().get("/live?colour=red").problem(401, "unauthenticated");
}

fn a_method_that_an_address_does_not_have_is_refused(house: &House) {
    let routes = routes_of_the_api(house);
    let admin: &Caller = &house.cast.admin;
    walk(
        house,
        |route| route == ENDLESS,
        |route, call| {
            let path = route.split_once(' ').unwrap().1;
            let missing = ["PUT", "DELETE", "POST", "PATCH"].into_iter().find(|method| !routes.contains(&format!("{method} {path}")))?;
            unless(&admin.send(&Call::new(missing, call.path).json(&json!({}))), 405, "method_not_allowed")
        },
    );
}

/// A way to spoil a request.
type Spoil = fn(Call) -> Call;

/// Ways to spoil a request, in words and deeds.
const SPOIL: &[(&str, Spoil)] = &[
    ("as it is", |call| call),
    ("an identity that is none", |call| with_path(call, "01890000-0000-7000-8000-000000000000", "no-identity")),
    ("bytes that are no text in the path", |call| with_path(call, "INC-", "%ff")),
    ("a zero byte in the path", |call| with_path(call, "INC-", "%00")),
    ("a zero byte as a key", |call| with_path(call, "no-such-key", "%00")),
    ("an odd query", |mut call| {
        call.path.push_str("?limit=%ff&x=%");
        call
    }),
    ("half a body", |call| with_body(call, "application/json", "{")),
    ("a body of another shape", |call| with_body(call, "application/json", "[[[[1]]]]")),
    ("a zero byte in every text", |call| {
        with_body(call, "application/json", r#"{"title":"\u0000","key":"\u0000","username":"\u0000","body":"\u0000","name":"\u0000"}"#)
    }),
    ("another kind of body", |call| with_body(call, "text/plain", "x")),
    ("an upload without parts", |call| with_body(call, "multipart/form-data", "x")),
    ("odd headers", |call| call.header("if-match", "nonsense").header("idempotency-key", "x".repeat(300))),
];

fn with_path(mut call: Call, from: &str, to: &str) -> Call {
    if let Some(at) = call.path.find(from) {
        let rest = call.path[at..].find('/').map(|end| call.path[at + end..].to_owned()).unwrap_or_default();
        call.path.replace_range(at.., &format!("{to}{rest}"));
    }
    call
}

fn with_body(mut call: Call, kind: &str, body: &str) -> Call {
    if call.body.is_none() {
        return call;
    }
    call.headers.retain(|(name, _)| name != "content-type");
    call.raw(kind, body)
}

fn every_refusal_is_a_problem_document(house: &House) {
    let admin: &Caller = &house.cast.admin;
    let fault = |answer: &Answer| {
        let body: serde_json::Value = serde_json::from_slice(&answer.body).unwrap_or_default();
        let problem =
            answer.header("content-type") == Some("application/problem+json") && body["request_id"].is_string() && body["code"].is_string();
        let fine = answer.status < 400 || (answer.status < 500 && problem);
        (!fine).then(|| format!("{} {}: {}", answer.status, answer.header("content-type").unwrap_or_default(), answer.text()))
    };
    let mut wrong = Vec::new();
    for (how, spoil) in SPOIL {
        let skip = |route: &str| route == ENDLESS || route == "DELETE /api/v1/session";
        wrong.extend(faults(house, skip, |_, call| fault(&admin.send(&spoil(call))).map(|what| format!("{how}: {what}"))));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    for path in ["//api/v1/unheard-of", "//api/unheard-of", "//api", "//api/v2/me", "//assets/unheard-of.js"] {
        admin.get(path).problem(404, "not_found");
    }
}

fn every_answer_carries_the_security_headers(house: &House) {
    let check = |path: &str, answer: &Answer| {
        let has = |name: &str, part: &str| answer.header(name).is_some_and(|value| value.contains(part));
        assert!(has("x-content-type-options", "nosniff"), "{path}");
        assert!(has("x-frame-options", "DENY"), "{path}");
        assert!(has("referrer-policy", "same-origin") || has("referrer-policy", "no-referrer"), "{path}");
        assert!(has("content-security-policy", "frame-ancestors 'none'") || has("content-security-policy", "sandbox"), "{path}");
        let policy = answer.header("content-security-policy").unwrap();
        let scripts =
            policy.split(';').map(str::trim).find(|part| part.starts_with("script-src") || part.starts_with("default-src")).unwrap();
        assert!(!scripts.contains("unsafe") && !scripts.contains('*') && !scripts.contains("http"), "{path}: {policy}");
        assert!(answer.header("x-request-id").is_some_and(|id| id.len() >= 16), "{path}");
        assert!(answer.header("server").is_none() && answer.header("access-control-allow-origin").is_none(), "{path}");
        if path.starts_with("//api/v1") || !path.starts_with("//") {
            assert_eq!(answer.header("cache-control"), Some("no-store"), "{path}");
        }
    };
    let number = house.stand(Stage::L1);
    for path in [
        "/info",
        "/me",
        "/records/incident",
        &format!("/records/incident/{number}"),
        "/unheard-of",
        "//",
        "//sign-in",
        "//api/docs",
        "//api/openapi.json",
        "//healthz",
        "//assets/x",
    ] {
        check(path, &house.cast.agent.get(path));
        check(path, &house.nobody().get(path));
    }
    check("/session", &house.nobody().post("/session", &json!({})));
    check("/records/incident", &house.cast.owner.post("/records/incident", &json!({ "title": "t" })));
}

fn pages_load_nothing_from_other_hosts(house: &House) {
    let page = house.nobody().get("//api/docs");
    assert_eq!(page.status, 200);
    assert!(page.header("content-type").unwrap().starts_with("text/html"));
    let text = page.text();
    for bad in ["src=\"http", "src=\"//", "href=\"http", "href=\"//", "@import", "url(http", "onclick=", "onload="] {
        assert!(!text.contains(bad), "the page holds {bad}");
    }
    let inline = text.split("<script").skip(1).any(|rest| !rest.split('>').next().unwrap_or_default().contains("src="));
    assert!(!inline, "a script within the page: the policy would not run it");
}

fn the_request_id_follows_the_callers_trace(house: &House) {
    let trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    let ask = |header: String| house.nobody().send(&Call::get("/me").header("traceparent", header));
    let answer = ask(format!("00-{trace}-00f067aa0ba902b7-01"));
    assert_eq!(answer.header("x-request-id"), Some(trace));
    assert_eq!(answer.problem(401, "unauthenticated")["request_id"], trace);
    for odd in ["nonsense", "00-zz-00-01", "00-4bf92f3577b34da6a3ce929d0e0e473<-00f067aa0ba902b7-01"] {
        let id = ask(odd.to_owned()).header("x-request-id").unwrap().to_owned();
        assert!(id != odd && id.bytes().all(|b| b.is_ascii_hexdigit()), "{id}");
    }
}
