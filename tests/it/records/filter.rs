//! `GET /records/{type}?filter=…&fields=…`

use serde_json::{Value, json};

use crate::harness::{Answer, Caller, House, act, at, desktop, number, pages, record, unique};

on_both!(
    a_condition_finds_what_it_says,
    a_condition_goes_with_the_other_parameters_and_pages,
    what_is_wrong_is_told_with_its_place,
    an_internal_field_is_not_found_out,
    rows_show_own_fields_that_were_asked_for,
);

/// A text as part of an address.
pub fn encoded(text: &str) -> String {
    text.bytes().map(|b| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}

fn ask(by: &Caller, filter: &Value, more: &str) -> Answer {
    by.get(format!("/records/incident?filter={}{more}", encoded(&filter.to_string())))
}

fn find(by: &Caller, mark: &str, filter: &Value) -> Vec<String> {
    let path = format!("/records/incident?limit=200&q={mark}&filter={}", encoded(&filter.to_string()));
    let mut found: Vec<String> = pages(by, &path).iter().map(number).collect();
    found.sort();
    found
}

fn open(house: &House, title: &str, more: Value) -> String {
    let base = json!({ "title": title, "requester": "owner", "channel": "phone" });
    number(&house.cast.desk.post("/records/incident", &crate::harness::with(base, more)).ok(201))
}

fn a_condition_finds_what_it_says(house: &House) {
    let mark = unique("condition");
    let urgent =
        open(house, &mark, json!({ "impact": "high", "urgency": "high", "service": "erp", "category": "software/application/slow" }));
    let small = open(
        house,
        &mark,
        json!({ "impact": "low", "urgency": "low", "service": "printing", "fields": { "impact_reason": "it was seen", "scope": "site" } }),
    );
    act(&house.cast.desk, &small, "dispatch", &desktop()).ok(200);
    act(&house.cast.second, &small, "accept", &json!({})).ok(200);
    let version = record(&house.cast.admin, &small)["version"].as_i64().unwrap();
    house.cast.admin.patch(at(&small, ""), version, &json!({ "fields": { "users_affected": 7 } })).ok(200);
    let both = {
        let mut both = vec![urgent.clone(), small.clone()];
        both.sort();
        both
    };
    let desk = &house.cast.desk;
    for (filter, wanted) in [
        (json!({"field": "priority", "op": "eq", "value": "p1"}), vec![urgent.clone()]),
        (json!({"not": {"field": "priority", "op": "eq", "value": "p1"}}), vec![small.clone()]),
        (
            json!({"any": [{"field": "service", "op": "in", "value": ["erp", "wan"]}, {"field": "assignee", "op": "eq", "value": "second"}]}),
            both.clone(),
        ),
        (json!({"all": [{"field": "service", "op": "eq", "value": "erp"}, {"field": "assignee", "op": "not_empty"}]}), vec![]),
        (json!({"field": "category", "op": "under", "value": "software"}), vec![urgent.clone()]),
        (json!({"field": "is_open", "op": "eq", "value": true}), both.clone()),
        (json!({"field": "phase", "op": "in", "value": ["new"]}), vec![urgent.clone()]),
        (json!({"field": "state", "op": "eq", "value": "l1"}), vec![small.clone()]),
        (json!({"field": "opened_at", "op": "ge", "value": {"ago": "PT1H"}}), both.clone()),
        (json!({"field": "opened_at", "op": "lt", "value": "2020-01-01T00:00:00+08:00"}), vec![]),
        (json!({"field": "fields.users_affected", "op": "ge", "value": 5}), vec![small.clone()]),
        (json!({"field": "fields.scope", "op": "eq", "value": "site"}), vec![small.clone()]),
        (json!({"field": "team", "op": "eq", "value": "desktop-l1"}), vec![small.clone()]),
    ] {
        assert_eq!(find(desk, &mark, &filter), wanted, "{filter}");
    }
    let mine = json!({"any": [{"field": "assignee", "op": "eq", "value": {"me": true}}]});
    assert_eq!(find(&house.cast.second, &mark, &mine), std::slice::from_ref(&small));
    assert_eq!(find(desk, &mark, &mine), Vec::<String>::new());
    let teams = json!({"field": "team", "op": "in", "value": {"my_teams": true}});
    assert_eq!(find(&house.cast.second, &mark, &teams), [small]);
    assert_eq!(find(&house.cast.idle, &mark, &teams), Vec::<String>::new());
}

fn a_condition_goes_with_the_other_parameters_and_pages(house: &House) {
    let mark = unique("paged");
    let made: Vec<String> = (0..5).map(|_| open(house, &mark, json!({ "impact": "high", "urgency": "high" }))).collect();
    open(house, &mark, json!({ "impact": "low", "urgency": "low" }));
    let filter = json!({"field": "priority", "op": "in", "value": ["p1", "p2"]});
    let path = format!("/records/incident?limit=2&sort=queue&state=new&q={mark}&filter={}", encoded(&filter.to_string()));
    let found: Vec<String> = pages(&house.cast.desk, &path).iter().map(number).collect();
    assert_eq!(found, made, "priority, then arrival");
    let next = house.cast.desk.read(&path)["next"].as_str().unwrap().to_owned();
    let other = json!({"field": "priority", "op": "in", "value": ["p2", "p1"]});
    let foreign = format!("/records/incident?limit=2&sort=queue&state=new&q={mark}&filter={}&cursor={next}", encoded(&other.to_string()));
    house.cast.desk.get(foreign).problem(400, "malformed");
}

fn what_is_wrong_is_told_with_its_place(house: &House) {
    let deep = (0..9).fold(json!({"field": "priority", "op": "eq", "value": "p1"}), |inner, _| json!({ "not": inner }));
    let wide = json!({"any": vec![json!({"field": "priority", "op": "eq", "value": "p1"}); 90]});
    let many = json!({"field": "number", "op": "in", "value": vec!["x"; 300]});
    for (filter, pointer, code, word) in [
        (json!({"all": [{"field": "colour", "op": "eq", "value": "red"}]}), "/all/0/field", "unknown_field", "priority"),
        (json!({"field": "priority", "op": "like", "value": "p1"}), "/op", "unknown_operator", "starts_with"),
        (json!({"field": "priority", "op": "eq", "value": "p9"}), "/value", "enum", "p1, p2, p3, p4"),
        (json!({"field": "team", "op": "in", "value": ["desktop-l1", "atlantis"]}), "/value/1", "unknown_reference", "no such team"),
        (json!({"field": "assignee", "op": "gt", "value": "second"}), "/op", "operator_not_for_type", "eq"),
        (json!({"field": "opened_at", "op": "gt", "value": "yesterday"}), "/value", "format", "an instant"),
        (json!({"field": "opened_at", "op": "gt", "value": {"ago": "soon"}}), "/value/ago", "bad_duration", "P7D"),
        (json!({"not": {"field": "title", "op": "eq"}}), "/not/value", "missing_operand", "is_empty"),
        (json!([1]), "", "malformed", "object"),
        (deep, "/not/not/not/not/not/not", "too_large", "6 deep"),
        (wide, "/any/59", "too_large", "60 parts"),
        (many, "/value", "too_large", "200"),
    ] {
        let problem = ask(&house.cast.manager, &filter, "").problem(400, "malformed");
        let error = &problem["errors"][0];
        assert_eq!(
            (&error["parameter"], &error["pointer"], &error["code"]),
            (&json!("filter"), &json!(pointer), &json!(code)),
            "{problem}"
        );
        assert!(error["message"].as_str().unwrap().contains(word), "{word}: {problem}");
    }
    let problem = house.cast.manager.get("/records/incident?filter=%7B").problem(400, "malformed");
    assert_eq!(problem["errors"][0]["code"], "format");
    house.cast.manager.get("/records/incident?fields=colour").problem(400, "malformed");
}

fn an_internal_field_is_not_found_out(house: &House) {
    let by_tier = |op: &str, value: Value| json!({"field": "fields.tier", "op": op, "value": value});
    let refused = ask(&house.cast.owner, &by_tier("eq", json!(2)), "").problem(400, "malformed");
    let unknown = ask(&house.cast.owner, &json!({"field": "fields.colour", "op": "eq", "value": 2}), "").problem(400, "malformed");
    assert_eq!(refused["errors"], unknown["errors"], "what there is inside is told by how it is refused");
    assert!(!refused.to_string().contains("fields.service_criticality"), "{refused}");
    house.cast.owner.get("/records/incident?fields=tier").problem(400, "malformed");
    // Who sees the inside of some records only learns nothing of the others, whichever way the question is put.
    let mark = unique("inside");
    let own = json!({ "title": mark });
    let own = number(&house.cast.contractor.post("/records/incident", &own).ok(201));
    let theirs = open(house, &mark, json!({}));
    act(&house.cast.desk, &theirs, "dispatch", &desktop()).ok(200);
    assert_eq!(find(&house.cast.contractor, &mark, &json!({"all": []})).len(), 2);
    let negated = json!({"not": {"field": "fields.tier", "op": "eq", "value": 9}});
    assert_eq!(find(&house.cast.contractor, &mark, &negated), [theirs]);
    let rows = house.cast.contractor.read(format!("/records/incident?q={mark}&fields=tier,scope"));
    let row = rows["items"].as_array().unwrap().iter().find(|row| number(row) == own).unwrap();
    assert!(row["fields"]["tier"].is_null(), "{row}");
    // Nobody learns from a filter who has an account.
    let person = |name: &str| json!({"field": "assignee", "op": "eq", "value": name});
    let known = ask(&house.cast.owner, &person("second"), "").problem(400, "malformed");
    assert_eq!(known["errors"], ask(&house.cast.owner, &person("nobody-of-this-name"), "").problem(400, "malformed")["errors"]);
}

fn rows_show_own_fields_that_were_asked_for(house: &House) {
    let mark = unique("shown");
    let made = open(house, &mark, json!({ "fields": { "scope": "site", "users_affected": 12 } }));
    let row = house.cast.desk.read(format!("/records/incident?q={mark}&fields=scope,users_affected,first_contact"))["items"][0].clone();
    assert_eq!(number(&row), made);
    assert_eq!((&row["fields"]["scope"], &row["fields"]["users_affected"]), (&json!("site"), &json!(12)), "{row}");
    let plain = house.cast.desk.read(format!("/records/incident?q={mark}"))["items"][0].clone();
    assert!(plain["fields"].is_null(), "{plain}");
}
