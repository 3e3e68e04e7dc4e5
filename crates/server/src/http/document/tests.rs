//! The document says what a caller needs to know of every route.

use serde_json::Value;

use crate::http::openapi;

/// Writes that take no key, with the reason. CHANGELOG.md and docs/how-to/add-endpoint.md name them too.
const WITHOUT_KEY: &[(&str, &str)] = &[
    ("post /api/v1/session", "nobody is signed in yet whose keys they could be"),
    ("delete /api/v1/session", "the session whose answer would be kept ends with it"),
    ("delete /api/v1/sessions/{id}", "what has ended cannot end again"),
    ("post /api/v1/tokens", "its answer shows a secret once and is never kept"),
    ("delete /api/v1/tokens/{id}", "what has ended cannot end again"),
    ("post /api/v1/imports/preview", "it writes nothing"),
    ("post /api/v1/dispatch/rehearse", "it writes nothing"),
    ("post /api/v1/packs/{type}/tables/{table}/rehearse", "it writes nothing"),
    ("post /api/v1/records/{type}/{number}/macros/{key}/preview", "it writes nothing"),
    ("post /api/v1/records/{type}/{number}/actions/{action}/preview", "it writes nothing"),
    ("put /api/v1/records/{type}/{number}/presence", "the same again says the same of now"),
    ("delete /api/v1/records/{type}/{number}/presence", "who has gone cannot go again"),
    ("put /api/v1/announcements/{id}/affected", "said twice it is said once"),
    ("delete /api/v1/announcements/{id}/affected", "who has taken it back cannot take it back again"),
    ("delete /api/v1/users/{id}/sessions/{of}", "what has ended cannot end again"),
    ("post /api/v1/users/{id}/sign-out", "what has ended cannot end again"),
    ("delete /api/v1/users/{id}/tokens/{of}", "what has ended cannot end again"),
    ("patch /api/v1/me", "its answer shows the session's CSRF token and is never kept; the same again changes nothing"),
    ("patch /api/v1/me/preferences", "the same again changes nothing"),
    ("post /api/v1/me/password", "the digest of a body with passwords is not kept; the old one is wrong the second time"),
];

fn document() -> Value {
    serde_json::to_value(openapi()).expect("the document is JSON")
}

/// Calls back with the name of each operation, its method and what is said of it.
fn each(mut look: impl FnMut(&str, &str, &str, &Value)) {
    let document = document();
    for (path, item) in document["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("an item").iter().filter(|(_, value)| value["operationId"].is_string()) {
            look(&format!("{method} {path}"), path, method, operation);
        }
    }
}

fn parameters(operation: &Value) -> Vec<&Value> {
    operation["parameters"].as_array().map(|list| list.iter().collect()).unwrap_or_default()
}

#[test]
fn every_operation_and_parameter_is_explained() {
    let mut missing = Vec::new();
    let said = |value: &Value| value.as_str().is_some_and(|text| !text.trim().is_empty());
    each(|name, _, _, operation| {
        if !said(&operation["summary"]) {
            missing.push(name.to_owned());
        }
        for parameter in parameters(operation).iter().filter(|parameter| !said(&parameter["description"])) {
            missing.push(format!("{name}: {}", parameter["name"]));
        }
    });
    assert!(missing.is_empty(), "without words: {missing:#?}");
}

#[test]
fn every_write_says_how_it_is_repeated_and_kept_apart() {
    let mut wrong = Vec::new();
    each(|name, path, method, operation| {
        let takes = |header: &str| parameters(operation).iter().any(|p| p["in"] == "header" && p["name"] == header);
        let excepted = WITHOUT_KEY.iter().any(|(known, _)| *known == name);
        if method != "get" && takes("Idempotency-Key") == excepted {
            wrong.push(format!("{name}: Idempotency-Key"));
        }
        // One's own settings belong to nobody else, and so does how one likes to see things.
        let changes_what_is_there = method == "patch" || name == "put /api/v1/settings/{key}";
        if changes_what_is_there && !path.starts_with("/api/v1/me") && !takes("If-Match") {
            wrong.push(format!("{name}: If-Match"));
        }
        if matches!(method, "post" | "patch" | "put") && operation["requestBody"].is_object() {
            let body = operation["requestBody"]["content"].as_object().and_then(|content| content.values().next());
            if !body.is_some_and(|body| body["example"].is_object() || body["schema"]["$ref"].is_string()) {
                wrong.push(format!("{name}: an example or a schema of the body"));
            }
        }
    });
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_operation_says_how_it_refuses() {
    let shared = document()["components"]["responses"].clone();
    let mut wrong = Vec::new();
    each(|name, path, method, operation| {
        let responses = operation["responses"].as_object().expect("responses");
        for (status, response) in responses.iter().filter(|(status, _)| status.as_str() >= "400") {
            let response = match response["$ref"].as_str().and_then(|to| to.rsplit('/').next()) {
                Some(key) => &shared[key],
                None => response,
            };
            if response["content"]["application/problem+json"]["schema"]["$ref"] != "#/components/schemas/Problem" {
                wrong.push(format!("{name}: {status} is no problem document"));
            }
        }
        let anybody = responses.contains_key("401") || path == "/api/v1/info";
        let slow = operation["requestBody"].is_object().then_some("408");
        let needed = ["400", "500", "503"].into_iter().chain(slow).all(|status| responses.contains_key(status));
        if !anybody || !needed || (path.contains('{') && !responses.contains_key("404") && method != "post") {
            wrong.push(format!("{name}: {:?}", responses.keys().collect::<Vec<_>>()));
        }
    });
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn values_of_fields_may_be_anything() {
    let document = document();
    let values = [
        ("DecisionInput", "value"),
        ("DecisionOutput", "value"),
        ("ChangeBody", "old"),
        ("ChangeBody", "new"),
        ("MeanwhileBody", "old"),
        ("MeanwhileBody", "new"),
    ];
    for (schema, property) in values {
        let said = &document["components"]["schemas"][schema]["properties"][property];
        assert!(said.is_object() && said["type"].is_null(), "{schema}.{property} may be a text, a number or null too: {said}");
    }
}

#[test]
fn pages_and_orders_have_bounds() {
    each(|name, _, _, operation| {
        for parameter in parameters(operation).into_iter().filter(|parameter| parameter["in"] == "query") {
            match parameter["name"].as_str() {
                Some("limit") => {
                    assert_eq!((&parameter["schema"]["minimum"], &parameter["schema"]["maximum"]), (&1.into(), &200.into()), "{name}")
                }
                Some("sort") => assert!(parameter["schema"].to_string().contains("\"opened_at\""), "{name}: {parameter}"),
                _ => {}
            }
        }
    });
    let orders: Vec<String> = store::record_list::SORTS.iter().flat_map(|sort| [(*sort).to_owned(), format!("-{sort}")]).collect();
    let text = document()["paths"]["/api/v1/records/{type}"]["get"].to_string();
    assert!(orders.iter().all(|order| text.contains(&format!("\"{order}\""))), "{text}");
}
