use super::*;
use serde_json::json;

struct Fields;

impl Names for Fields {
    fn knows(&self, path: &str) -> bool {
        matches!(path, "impact" | "urgency" | "title" | "users" | "vip" | "site")
    }
    fn is_text(&self, path: &str) -> bool {
        matches!(path, "impact" | "urgency" | "title" | "site")
    }
}

fn matrix() -> Value {
    json!({
        "hitPolicy": "first",
        "inputs": [
            {"id": "i1", "name": "影响", "field": "impact"},
            {"id": "i2", "name": "紧急", "field": "urgency"},
            {"id": "i3", "name": "人数", "field": "users"}
        ],
        "outputs": [{"id": "o1", "name": "优先级", "field": "priority"}, {"id": "o2", "name": "分", "field": "score"}],
        "rules": [
            {"_id": "r1", "_description": "全公司", "i1": "", "i2": "-", "i3": "> 100", "o1": "'p1'", "o2": "users * 2"},
            {"_id": "r2", "i1": "'high'", "i2": "'high','medium'", "i3": null, "o1": "'p2'"},
            {"_id": "r3", "i1": "'low'", "o1": "'p4'", "o2": ""},
            {"_id": "r4", "o1": "'p3'"}
        ]
    })
}

fn decide(table: &Value, input: Value) -> Decision {
    let table = Table::parse(table, &Fields).unwrap_or_else(|errors| panic!("{errors:?}"));
    table.evaluate(input.as_object().unwrap())
}

fn output(decision: &Decision) -> Value {
    json!(decision.output)
}

#[test]
fn the_first_matching_rule_decides() {
    let decision = decide(&matrix(), json!({"impact": "high", "urgency": "medium", "users": 3}));
    assert_eq!(output(&decision), json!({"priority": "p2"}));
    assert_eq!(decision.hits, ["r2"]);
    let decision = decide(&matrix(), json!({"impact": "low", "urgency": "low", "users": 150}));
    assert_eq!(output(&decision), json!({"priority": "p1", "score": 300}));
    assert_eq!(output(&decide(&matrix(), json!({"impact": "low", "users": 1}))), json!({"priority": "p4"}));
}

#[test]
fn the_trace_says_what_did_not_match() {
    let decision = decide(&matrix(), json!({"impact": "high", "urgency": "low", "users": 3}));
    assert_eq!(decision.hits, ["r4"]);
    assert_eq!(
        json!(decision.trace),
        json!([
            {"rule": "r1", "hit": false, "miss": {"column": "i3", "field": "users", "cell": "> 100", "value": 3}},
            {"rule": "r2", "hit": false, "miss": {"column": "i2", "field": "urgency", "cell": "'high','medium'", "value": "low"}},
            {"rule": "r3", "hit": false, "miss": {"column": "i1", "field": "impact", "cell": "'low'", "value": "high"}},
            {"rule": "r4", "hit": true}
        ])
    );
}

#[test]
fn a_cell_that_fails_does_not_match_and_warns() {
    // `users` is missing: `null > 100` is an error in zen.
    let decision = decide(&matrix(), json!({"impact": "low"}));
    assert_eq!(decision.hits, ["r3"]);
    let [warning] = &decision.trace[0].warnings[..] else { panic!("{:?}", decision.trace) };
    assert_eq!((warning.column.as_str(), warning.cell.as_str(), &warning.value), ("i3", "> 100", &Value::Null));
    assert!(warning.message.as_ref().is_some_and(|message| message.contains("cannot be evaluated")));
    assert!(!decision.trace[0].hit);
}

#[test]
fn an_output_that_fails_is_left_out_and_warns() {
    let table = json!({
        "inputs": [], "outputs": [{"id": "o", "field": "score"}, {"id": "p", "field": "team"}],
        "rules": [{"_id": "r", "o": "users + 1", "p": "'net'"}]
    });
    let decision = decide(&table, json!({}));
    assert_eq!(output(&decision), json!({"team": "net"}));
    assert_eq!(decision.trace[0].warnings[0].column, "o");
    assert!(decision.trace[0].hit);
}

#[test]
fn no_hit_gives_no_output() {
    let mut table = matrix();
    table["rules"].as_array_mut().unwrap().pop();
    let decision = decide(&table, json!({"impact": "medium", "users": 1}));
    assert_eq!((decision.output, decision.hits.len()), (None, 0));
    assert_eq!(decision.trace.len(), 3);
}

#[test]
fn collect_gives_a_list_under_each_output() {
    let table = json!({
        "hitPolicy": "collect",
        "inputs": [{"id": "i", "field": "impact"}],
        "outputs": [{"id": "o", "field": "approvers"}, {"id": "p", "field": "notes"}],
        "rules": [
            {"_id": "r1", "i": "'high'", "o": "'head'"},
            {"_id": "r2", "i": "'low'", "o": "'nobody'", "p": "'x'"},
            {"_id": "r3", "o": "['a', 'b']"}
        ]
    });
    let decision = decide(&table, json!({"impact": "high"}));
    assert_eq!(output(&decision), json!({"approvers": ["head", ["a", "b"]], "notes": []}));
    assert_eq!(decision.hits, ["r1", "r3"]);
    assert_eq!(decision.trace.len(), 3);
    assert_eq!(Table::parse(&table, &Fields).unwrap().hit_policy(), HitPolicy::Collect);
    let nothing =
        json!({"hitPolicy": "collect", "inputs": [{"id": "i", "field": "impact"}], "outputs": [], "rules": [{"_id": "r", "i": "'x'"}]});
    assert_eq!(decide(&nothing, json!({"impact": "high"})).output, None);
}

#[test]
fn a_column_without_a_field_holds_conditions() {
    let table = json!({
        "inputs": [{"id": "i", "name": "any condition"}, {"id": "j", "field": "users * 2"}],
        "outputs": [{"id": "o", "field": "team"}],
        "rules": [
            {"_id": "r1", "i": "vip and contains(title, '打印机')", "o": "'desk'"},
            {"_id": "r2", "i": "outcome == 'escalate' and now > 5", "o": "'l2'"},
            {"_id": "r3", "i": "users", "o": "'never'"},
            {"_id": "r4", "j": "> 9", "o": "'big'"}
        ]
    });
    let team = |input| output(&decide(&table, input));
    assert_eq!(team(json!({"vip": true, "title": "打印机坏了"})), json!({"team": "desk"}));
    assert_eq!(team(json!({"vip": false, "outcome": "escalate", "now": 9})), json!({"team": "l2"}));
    let decision = decide(&table, json!({"vip": false, "title": "", "outcome": "x", "users": 5}));
    assert_eq!(output(&decision), json!({"team": "big"}));
    // A condition that gives a number is a warning, not a match.
    assert_eq!(decision.trace[2].warnings.len(), 1);
    // `users * 2` cannot be computed: null for every rule, one warning.
    let decision = decide(&table, json!({"vip": false}));
    let of_column = |trace: &RowTrace| trace.warnings.iter().filter(|warning| warning.cell == "users * 2").count();
    assert_eq!(decision.trace.iter().map(of_column).sum::<usize>(), 1);
    assert_eq!(Table::parse(&table, &Fields).unwrap().inputs(), ["any condition", "users * 2"]);
}

#[test]
fn says_what_it_reads_and_sets() {
    let table = Table::parse(&matrix(), &Fields).unwrap();
    assert_eq!(table.inputs(), ["impact", "urgency", "users"]);
    assert_eq!(table.outputs(), ["priority", "score"]);
    assert_eq!(table.rule_ids(), ["r1", "r2", "r3", "r4"]);
    assert_eq!((table.rule_description("r1"), table.rule_description("r2"), table.rule_description("x")), (Some("全公司"), Some(""), None));
}

#[test]
fn a_whole_jdm_file_is_accepted() {
    let file = json!({
        "contentType": "application/vnd.gorules.decision",
        "nodes": [
            {"type": "inputNode", "id": "a", "name": "in"},
            {"type": "decisionTableNode", "id": "t", "name": "t", "content": matrix()},
            {"type": "outputNode", "id": "b", "name": "out"}
        ],
        "edges": []
    });
    assert_eq!(decide(&file, json!({"impact": "low", "users": 1})).hits, ["r3"]);
    let refused = |nodes: Value| Table::parse(&json!({"nodes": nodes, "edges": []}), &Fields).unwrap_err()[0].message.clone();
    assert!(refused(json!([])).contains("no decision table"));
    assert!(refused(json!([{"type": "functionNode"}])).contains("functionNode"));
    assert!(refused(json!([{"type": "decisionTableNode"}])).contains("no content"));
    let table = json!({"type": "decisionTableNode", "content": matrix()});
    assert!(refused(json!([table, table])).contains("more than one"));
    assert!(Table::parse(&json!([]), &Fields).is_err());
}

#[test]
fn every_defect_is_reported_with_its_rule_and_column() {
    let table = json!({
        "hitPolicy": "unique",
        "inputField": "x",
        "inputs": [{"id": "i1", "field": "impact"}, {"id": "i2", "field": "urgncy"}, {"id": "i1", "field": "users"}],
        "outputs": [{"id": "o1", "field": "priority"}, {"id": "o2", "field": "priority"}, {"id": "o3"}],
        "rules": [
            {"_id": "r1", "i1": "high", "o1": "'p1'"},
            {"_id": "r2", "i1": "> > 1", "o1": "d()"},
            {"_id": "r2", "i1": "'x'"},
            {"i1": "'x'"},
            {"_id": "r5", "i9": "'x'", "i1": 5},
            "rule"
        ]
    });
    let errors = Table::parse(&table, &Fields).unwrap_err();
    let seen: Vec<_> = errors.iter().map(|error| (error.code, error.rule.as_deref(), error.column.as_deref())).collect();
    let expected = [
        ("hit_policy", None, None),
        ("unsupported_option", None, None),
        ("column_id", None, Some("i1")),
        ("output_field", None, Some("o2")),
        ("output_field", None, Some("o3")),
        ("unknown_name", None, Some("i2")),
        ("unknown_name", Some("r1"), Some("i1")),
        ("malformed", Some("r2"), Some("i1")),
        ("reads_clock", Some("r2"), Some("o1")),
        ("rule_id", None, None),
        ("unknown_column", Some("r5"), Some("i9")),
        ("malformed", Some("r5"), Some("i1")),
        ("malformed", None, None),
    ];
    for defect in expected {
        assert!(seen.contains(&defect), "{defect:?} not in {seen:#?}");
    }
    assert!(errors.iter().all(|error| !error.mend.is_empty()));
    let shown = errors.iter().find(|error| error.code == "reads_clock").unwrap().to_string();
    assert!(shown.starts_with("rule r2: column o1: "), "{shown}");
}

#[test]
fn tables_are_bounded() {
    let rules: Vec<_> = (0..=MAX_RULES).map(|n| json!({"_id": n.to_string()})).collect();
    let table = json!({"inputs": [], "outputs": [], "rules": rules});
    assert_eq!(Table::parse(&table, &Fields).unwrap_err()[0].code, "too_long");
    let inputs: Vec<_> = (0..=MAX_COLUMNS).map(|n| json!({"id": n.to_string(), "field": "users"})).collect();
    let table = json!({"inputs": inputs, "outputs": [], "rules": []});
    assert_eq!(Table::parse(&table, &Fields).unwrap_err()[0].code, "too_long");
    for broken in [json!({"outputs": [], "rules": []}), json!({"inputs": [], "rules": []}), json!({"inputs": [], "outputs": []})] {
        assert_eq!(Table::parse(&broken, &Fields).unwrap_err()[0].code, "malformed");
    }
}

#[test]
fn cells_know_that_their_column_is_text() {
    let table = json!({"inputs": [{"id": "i", "field": "title"}], "outputs": [], "rules": [{"_id": "r", "i": "len($) > 3"}]});
    assert_eq!(Table::parse(&table, &Fields).unwrap_err()[0].code, "bytewise");
}

/// `cargo test --release -p decide -- --ignored --nocapture how_long`
#[test]
#[ignore = "a measurement"]
fn how_long_a_table_takes() {
    let cells = |n: usize| json!({"_id": format!("r{n}"), "i1": "'high','medium'", "i2": format!("'u{n}'"), "i3": format!("> {n} and < 1000"), "o1": format!("'p{n}'")});
    let mut table = matrix();
    table["rules"] = (0..10).map(cells).collect();
    let parsed = Table::parse(&table, &Fields).unwrap();
    let mut input = json!({"impact": "high", "urgency": "u9", "users": 50}).as_object().unwrap().clone();
    for n in 0..30 {
        input.insert(format!("other_{n}"), json!("some longer text that the table does not read"));
    }
    // The best of many batches: the machine is shared.
    let time = |what: &str, run: &mut dyn FnMut()| {
        let batch = |_| {
            let started = std::time::Instant::now();
            (0..5_000).for_each(|_| run());
            started.elapsed().as_secs_f64() * 200.0
        };
        println!("{what}: {:.2} µs", (0..40).map(batch).fold(f64::MAX, f64::min));
    };
    assert_eq!(parsed.evaluate(&input).hits, ["r9"]);
    time("10 rules x 3 inputs, last hits", &mut || assert_eq!(parsed.evaluate(&input).hits.len(), 1));
    let all = {
        input.insert("urgency".to_owned(), json!("u0"));
        input.clone()
    };
    time("first hits", &mut || assert_eq!(parsed.evaluate(&all).hits.len(), 1));
    let condition = Expression::compile("contains(title, 'x') or users > 3 and d(now).diff(d(users), 'hour') > 2", &WithNow).unwrap();
    let values = json!({"title": "a title", "users": 50, "now": 1_000_000_000}).as_object().unwrap().clone();
    time("one expression", &mut || assert!(condition.is_true(&values).unwrap()));
    let started = std::time::Instant::now();
    for _ in 0..1_000 {
        Table::parse(&table, &Fields).unwrap();
    }
    println!("parsing the table: {:.2} µs", started.elapsed().as_secs_f64() * 1_000.0);
}

struct WithNow;

impl Names for WithNow {
    fn knows(&self, path: &str) -> bool {
        path == "now" || Fields.knows(path)
    }
}
