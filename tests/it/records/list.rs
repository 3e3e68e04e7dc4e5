//! `GET /records/{type}`

use serde_json::{Value, json};

use crate::harness::{Caller, House, Stage, act, number, pages, record, unique};

on_both!(
    it_pages_to_the_end_in_every_order,
    it_pages_on_while_others_write,
    a_cursor_belongs_to_its_filter_sort_and_reader,
    limits_have_bounds,
    nonsense_is_refused,
    an_internal_field_is_unknown_to_who_never_sees_it,
    states_phases_and_open_are_understood,
    every_filter_narrows,
    a_search_text_is_only_text,
    every_word_of_a_search_is_looked_for_in_any_order,
    rows_are_light,
);

fn every_word_of_a_search_is_looked_for_in_any_order(house: &House) {
    let mark = unique("words");
    let open = |title: &str| {
        let title = format!("{title} {mark}");
        number(&house.cast.desk.post("/records/incident", &json!({ "title": title, "requester": "owner" })).ok(201))
    };
    let (both, one) = (open("无线打印机离线"), open("打印机缺纸"));
    let find = |q: &str| find(&house.cast.manager, &format!("q={}", super::filter::encoded(q)));
    assert_eq!(find(&format!("打印机 无线 {mark}")), std::slice::from_ref(&both));
    assert_eq!(find(&format!("{mark}  打印机")), [one, both]);
    assert_eq!(find(&"词 ".repeat(500)), Vec::<String>::new(), "a long one is no fault");
}

/// Records of one test, found by a mark in their titles.
fn make(house: &House, count: usize) -> (String, Vec<String>) {
    let mark = unique("listed");
    let open = |n: usize| {
        let (impact, urgency) = [("high", "high"), ("medium", "medium"), ("low", "low")][n % 3];
        let body =
            json!({ "title": format!("{mark} {n}"), "requester": "owner", "channel": "phone", "impact": impact, "urgency": urgency });
        number(&house.cast.desk.post("/records/incident", &body).ok(201))
    };
    let numbers = (0..count).map(open).collect();
    (mark, numbers)
}

fn numbers(items: &[Value]) -> Vec<String> {
    items.iter().map(number).collect()
}

fn find(by: &Caller, query: &str) -> Vec<String> {
    numbers(&pages(by, &format!("/records/incident?limit=200&{query}")))
}

fn sorted(mut list: Vec<String>) -> Vec<String> {
    list.sort();
    list
}

fn it_pages_to_the_end_in_every_order(house: &House) {
    let (mark, made) = make(house, 13);
    for sort in ["opened_at", "-opened_at", "updated_at", "-updated_at", "number", "-number", "priority", "-priority", "queue", "-queue"] {
        let whole = pages(&house.cast.manager, &format!("/records/incident?q={mark}&sort={sort}&limit=200"));
        assert_eq!(sorted(numbers(&whole)), made, "{sort}");
        let field = sort.trim_start_matches('-').replace("queue", "priority");
        let keys: Vec<&str> = whole.iter().map(|item| item[&field].as_str().unwrap()).collect();
        let ordered = if sort.starts_with('-') { keys.is_sorted_by(|a, b| a >= b) } else { keys.is_sorted() };
        assert!(ordered, "{sort}: {keys:?}");
        for limit in [1, 4, 13] {
            let paged = pages(&house.cast.manager, &format!("/records/incident?q={mark}&sort={sort}&limit={limit}"));
            assert_eq!(numbers(&paged), numbers(&whole), "{sort} in pages of {limit}");
        }
    }
    assert_eq!(find(&house.cast.manager, &format!("q={mark}")), made.iter().rev().cloned().collect::<Vec<_>>(), "newest first by default");
}

fn it_pages_on_while_others_write(house: &House) {
    let (mark, made) = make(house, 10);
    let mut seen = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = house.cast.manager.read(format!("/records/incident?q={mark}&sort=-opened_at&limit=3{cursor}"));
        seen.extend(numbers(page["items"].as_array().unwrap()));
        let body = json!({ "title": format!("{mark} meanwhile"), "requester": "owner", "channel": "phone" });
        house.cast.desk.post("/records/incident", &body).ok(201);
        act(&house.cast.desk, &made[0], "comment", &json!({ "body": "touched" })).ok(200);
        match page["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(sorted(seen), made, "what was there at the beginning comes once, whatever is added on top");
}

fn a_cursor_belongs_to_its_filter_sort_and_reader(house: &House) {
    let (mark, _) = make(house, 5);
    let query = format!("q={mark}&sort=-opened_at&limit=2");
    let next = house.cast.manager.read(format!("/records/incident?{query}"))["next"].as_str().unwrap().to_owned();
    let with = |query: &str| house.cast.manager.get(format!("/records/incident?{query}&cursor={next}"));
    with(&query).ok(200);
    with(&format!("q={mark}&sort=-opened_at&limit=1")).ok(200);
    with(&format!("q={mark}x&sort=-opened_at&limit=2")).problem(400, "malformed");
    with(&format!("q={mark}&sort=opened_at&limit=2")).problem(400, "malformed");
    with(&format!("q={mark}&state=new&limit=2")).problem(400, "malformed");
    with("limit=2").problem(400, "malformed");
    // In another's hand it shows what that reader may see.
    let theirs = house.cast.stranger.get(format!("/records/incident?{query}&cursor={next}"));
    assert!(theirs.status == 400 || theirs.ok(200)["items"] == json!([]), "{}", theirs.text());
    for forged in ["x", "", "W10", "WyIiLG51bGwsIiJd"] {
        let answer = house.cast.manager.get(format!("/records/incident?limit=2&cursor={forged}"));
        assert!(answer.status == 400 || forged.is_empty(), "{forged}: {}", answer.text());
    }
}

fn limits_have_bounds(house: &House) {
    make(house, 1);
    for limit in ["0", "201", "-1", "ten", "1.5", "99999999999999999999"] {
        house.cast.manager.get(format!("/records/incident?limit={limit}")).problem(400, "malformed");
    }
    let length = |query: &str| house.cast.manager.read(format!("/records/incident{query}"))["items"].as_array().unwrap().len();
    assert_eq!(length("?limit=1"), 1);
    assert!(length("?limit=200") <= 200);
    assert!(length("") <= 50);
}

fn nonsense_is_refused(house: &House) {
    let queries = [
        "colour=red",
        "sort=colour",
        "sort=--number",
        "sort=title",
        "state=unheard-of",
        "state=new,unheard-of",
        "team=atlantis",
        "assignee=nobody-of-this-name",
        "service=atlantis",
        "site=atlantis",
        "opened_after=yesterday",
        "opened_before=2026-01-01",
        "state=new&state=closed",
    ];
    for query in queries {
        house.cast.manager.get(format!("/records/incident?{query}")).problem(400, "malformed");
    }
    // What cannot be found is told what can.
    let values = [
        ("priority", "p9", "enum", "p1, p2, p3, p4"),
        ("priority", "p1,p9", "enum", "p1, p2, p3, p4"),
        ("impact", "enormous", "enum", "high, medium, low"),
        ("urgency", "soon", "enum", "high, medium, low"),
        ("channel", "pigeon", "enum", "phone"),
        ("state", "unheard-of", "enum", "resolved"),
        ("sort", "title", "enum", "opened_at, updated_at, number, priority, queue"),
        ("category", "hardware/abacus", "unknown_reference", "hardware, software"),
        ("team", "atlantis", "unknown_reference", "no such team"),
        ("service", "atlantis", "unknown_reference", "no such service"),
        ("assignee", "nobody-of-this-name", "unknown_reference", "no such user"),
        ("priority", ",", "format", "write a value"),
        ("fields.scope", "town", "enum", "single_user, several_users"),
        ("fields.scope", "site,town", "enum", "single_user, several_users"),
        ("fields.scope", ",", "format", "write a value"),
        ("fields.users_affected", "many", "format", "write a number"),
        ("fields.users_affected", ",", "format", "write a value"),
        ("fields.occurred_at", "yesterday", "format", "an instant"),
        ("fields.first_contact", "maybe", "enum", "false, true"),
        ("fields.colour", "red", "unknown_reference", "fields.scope, fields.service_criticality, fields.tier"),
        ("limit", "0", "format", "1 to 200"),
    ];
    for (name, value, code, word) in values {
        let problem = house.cast.manager.get(format!("/records/incident?{name}={value}")).problem(400, "malformed");
        let error = &problem["errors"][0];
        assert_eq!((&error["parameter"], &error["code"]), (&json!(name), &json!(code)), "{problem}");
        assert!(problem["detail"].as_str().unwrap().contains(word), "{problem}");
    }
}

fn an_internal_field_is_unknown_to_who_never_sees_it(house: &House) {
    let refuse = |field: &str| {
        let problem = house.cast.owner.get(format!("/records/incident?fields.{field}=2")).problem(400, "malformed");
        problem["detail"].as_str().unwrap().replace(&format!("fields.{field}=2"), "")
    };
    let told = refuse("tier");
    assert_eq!(told, refuse("colour"), "what there is inside is told by how it is refused");
    assert!(told.contains("fields.scope") && !told.contains("tier") && !told.contains("service_criticality"), "{told}");
    house.cast.owner.read("/records/incident?fields.scope=site,department&fields.first_contact=true");
    house.cast.agent.read("/records/incident?fields.tier=2");
}

fn states_phases_and_open_are_understood(house: &House) {
    let mark = unique("staged");
    let stages = [Stage::New, Stage::L1, Stage::L2, Stage::Held, Stage::Resolved, Stage::Closed, Stage::Cancelled];
    let made: Vec<String> = stages
        .iter()
        .map(|stage| {
            let number = house.stand(*stage);
            act(&house.cast.desk, &number, "comment", &json!({ "body": mark })).ok(200);
            number
        })
        .collect();
    let [new, l1, l2, held, resolved, closed, cancelled] = &made[..] else { panic!("seven") };
    let found = |state: &str| -> Vec<&String> {
        // The owner of all; other tests make records for the same person, so only ours are looked at.
        let all = find(&house.cast.owner, &format!("state={state}"));
        made.iter().filter(|number| all.contains(number)).collect()
    };
    assert_eq!(found("new"), [new]);
    assert_eq!(found("active"), [l1, l2]);
    assert_eq!(found("l2"), [l2]);
    assert_eq!(found("waiting"), [held]);
    assert_eq!(found("pending"), [held]);
    assert_eq!(found("resolved,closed"), [resolved, closed]);
    assert_eq!(found("open"), [new, l1, l2, held, resolved]);
    assert_eq!(found("cancelled"), [cancelled]);
    assert_eq!(found("open,cancelled").len(), 6);
}

fn every_filter_narrows(house: &House) {
    let mark = unique("narrow");
    let open = |body: Value| {
        let base = json!({ "title": mark, "requester": "owner", "channel": "phone" });
        number(&house.cast.desk.post("/records/incident", &crate::harness::with(base, body)).ok(201))
    };
    let erp =
        open(json!({ "service": "erp", "site": "plant", "category": "software/application/slow", "impact": "high", "urgency": "high" }));
    let printer =
        open(json!({ "service": "printing", "site": "tower", "category": "hardware/printer", "channel": "chat", "requester": "stranger" }));
    act(&house.cast.desk, &printer, "dispatch", &crate::harness::desktop()).ok(200);
    act(&house.cast.second, &printer, "accept", &json!({})).ok(200);
    let find = |by: &Caller, query: &str| find(by, &format!("q={mark}&{query}"));
    let desk = &house.cast.desk;
    for (query, wanted) in [
        ("service=erp", &erp),
        ("site=tower", &printer),
        ("category=software", &erp),
        ("category=hardware/printer", &printer),
        ("impact=high", &erp),
        ("urgency=high", &erp),
        ("priority=p1", &erp),
        ("channel=chat", &printer),
        ("requester=stranger", &printer),
        ("team=desktop-l1", &printer),
        ("assignee=second", &printer),
        ("assignee=none", &erp),
        ("team=service-desk,network-l1", &erp),
    ] {
        assert_eq!(find(desk, query), std::slice::from_ref(wanted), "{query}");
    }
    assert_eq!(find(&house.cast.second, "assignee=me"), std::slice::from_ref(&printer));
    assert_eq!(find(&house.cast.second, "team=mine"), std::slice::from_ref(&printer));
    assert_eq!(find(&house.cast.stranger, "requester=me"), std::slice::from_ref(&printer));
    assert_eq!(find(&house.cast.stranger, "requester=stranger"), std::slice::from_ref(&printer), "one may name oneself");
    // A category is a whole word of the path.
    desk.get("/records/incident?category=soft").problem(400, "malformed");
    assert_eq!(find(desk, "category=service,access"), Vec::<String>::new());
    assert_eq!(sorted(find(desk, "category=software,hardware/printer")), sorted(vec![erp.clone(), printer.clone()]));
    let opened = record(desk, &erp)["opened_at"].as_str().unwrap().to_owned();
    assert!(find(desk, &format!("opened_after={opened}")).contains(&erp));
    assert!(!find(desk, &format!("opened_before={opened}")).contains(&erp));
    assert_eq!(find(desk, "opened_after=2020-01-01T08:00:00%2B08:00").len(), 2);
}

fn a_search_text_is_only_text(house: &House) {
    let mark = unique("odd");
    let body = json!({ "title": format!("{mark} 100%_done'\\ x") });
    let made = number(&house.cast.owner.post("/records/incident", &body).ok(201));
    let find = |q: &str| find(&house.cast.owner, &format!("q={q}"));
    assert_eq!(find(&format!("{mark}%20100%25_done'%5C")), std::slice::from_ref(&made));
    assert_eq!(find(&format!("{mark}%25x")), Vec::<String>::new(), "a per cent sign is no wildcard");
    assert_eq!(find(&format!("{mark}_100")), Vec::<String>::new(), "an underscore is no wildcard");
    assert_eq!(find(&made), std::slice::from_ref(&made), "a number is found too");
    let zero = house.cast.owner.get("/records/incident?q=%00");
    assert!(zero.status == 400 || zero.ok(200)["items"] == json!([]), "{}", zero.text());
}

fn rows_are_light(house: &House) {
    let (mark, _) = make(house, 1);
    let row = house.cast.manager.read(format!("/records/incident?q={mark}"))["items"][0].clone();
    assert!(row["description"].is_null() && row["fields"].is_null(), "{row}");
    assert!(row["title"].is_string() && row["state_label"].is_string() && row["requester"]["label"].is_string());
}
