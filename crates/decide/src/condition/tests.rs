use super::*;

fn schema() -> BTreeMap<String, FieldType> {
    let fields = [
        ("title", FieldType::Text),
        ("team", FieldType::Text),
        ("site", FieldType::Text),
        ("users", FieldType::Number),
        ("vip", FieldType::Bool),
        ("opened_at", FieldType::Instant),
        ("assignee", FieldType::Ref),
        ("tags", FieldType::TextList),
    ];
    fields.into_iter().map(|(name, kind)| (name.to_owned(), kind)).collect()
}

fn parse(json: Value) -> Result<Condition, ConditionError> {
    Condition::parse(&json, &schema())
}

fn me() -> Binding {
    Binding {
        me: Some("u1".to_owned()),
        my_teams: vec!["net".to_owned(), "desk".to_owned()],
        my_sites: vec!["cn/sh".to_owned()],
        my_customer: None,
        now: 10_000_000_000,
    }
}

#[track_caller]
fn holds(condition: Value, row: Value) -> bool {
    let condition = parse(condition).unwrap_or_else(|error| panic!("{error:?}"));
    condition.bind(&me()).holds(row.as_object().unwrap())
}

fn test(field: &str, op: &str, value: Value) -> Value {
    json!({ "field": field, "op": op, "value": value })
}

#[track_caller]
fn refused(json: Value, code: &str, pointer: &str) {
    let error = parse(json).unwrap_err();
    assert_eq!((error.code, error.pointer.as_str()), (code, pointer), "{error:?}");
    assert!(!error.message.is_empty() && !error.mend.is_empty());
}

#[test]
fn empty_groups() {
    assert!(holds(json!({"all": []}), json!({})));
    assert!(!holds(json!({"any": []}), json!({})));
    assert_eq!(parse(json!({"all": []})).unwrap(), Condition::always());
    assert_eq!(parse(json!({"any": []})).unwrap(), Condition::never());
}

#[test]
fn a_missing_value_meets_only_the_negative_tests() {
    for (op, value, expected) in [
        ("eq", json!("x"), false),
        ("ne", json!("x"), true),
        ("lt", json!("x"), false),
        ("ge", json!("x"), false),
        ("in", json!(["x"]), false),
        ("not_in", json!(["x"]), true),
        ("contains", json!("x"), false),
        ("starts_with", json!(""), false),
        ("under", json!("x"), false),
        ("is_empty", json!(null), true),
        ("not_empty", json!(null), false),
    ] {
        assert_eq!(holds(test("title", op, value.clone()), json!({})), expected, "{op}");
        // Two values only: `not` turns the answer around, also for a missing value.
        assert_eq!(holds(json!({"not": test("title", op, value)}), json!({})), !expected, "not {op}");
    }
}

#[test]
fn an_empty_text_is_empty_but_equals_itself() {
    assert!(holds(json!({"field": "title", "op": "is_empty"}), json!({"title": ""})));
    assert!(!holds(json!({"field": "title", "op": "not_empty"}), json!({"title": ""})));
    assert!(holds(test("title", "eq", json!("")), json!({"title": ""})));
    assert!(holds(json!({"field": "tags", "op": "is_empty"}), json!({"tags": [""]})));
    assert!(!holds(json!({"field": "vip", "op": "is_empty"}), json!({"vip": false})));
}

#[test]
fn texts_fold_ascii_only_and_compare_by_bytes() {
    assert!(holds(test("title", "contains", json!("PRINT")), json!({"title": "the Printer"})));
    assert!(holds(test("title", "contains", json!("打印")), json!({"title": "三楼打印机"})));
    assert!(!holds(test("title", "contains", json!("É")), json!({"title": "é"})));
    assert!(!holds(test("title", "contains", json!("%")), json!({"title": "abc"})));
    assert!(holds(test("title", "starts_with", json!("The")), json!({"title": "the Printer"})));
    assert!(!holds(test("title", "eq", json!("A")), json!({"title": "a"})));
    assert!(holds(test("title", "lt", json!("a")), json!({"title": "Z"})));
    assert!(holds(test("title", "gt", json!("z")), json!({"title": "é"})));
}

#[test]
fn under_covers_a_tree() {
    let under = |value: Value, site: &str| holds(test("site", "under", value), json!({"site": site}));
    assert!(under(json!("cn"), "cn") && under(json!("cn"), "cn/sh/3f"));
    assert!(!under(json!("cn"), "cnx") && !under(json!("cn/sh"), "cn") && !under(json!("cn"), "CN/sh"));
    assert!(under(json!({"my_sites": true}), "cn/sh/3f"));
    assert!(under(json!(["de", "cn"]), "cn/bj"));
}

#[test]
fn what_depends_on_the_asker() {
    assert!(holds(test("assignee", "eq", json!({"me": true})), json!({"assignee": "u1"})));
    assert!(holds(test("team", "in", json!({"my_teams": true})), json!({"team": "desk"})));
    assert!(holds(test("team", "not_in", json!({"my_teams": true})), json!({"team": "app"})));
    assert!(holds(test("team", "in", json!(["app", {"my_teams": true}])), json!({"team": "net"})));
    assert!(holds(test("tags", "contains", json!({"my_teams": true})), json!({"tags": ["x", "net"]})));
    // Whoever has no customer equals none, so `eq` is false and `ne` true whatever the record says.
    assert!(!holds(test("team", "eq", json!({"my_customer": true})), json!({"team": "x"})));
    assert!(holds(test("team", "ne", json!({"my_customer": true})), json!({"team": "x"})));
    let nobody = Binding::default();
    let mine = parse(test("assignee", "eq", json!({"me": true}))).unwrap().bind(&nobody);
    assert!(!mine.holds(json!({"assignee": ""}).as_object().unwrap()) && !mine.holds(&Map::new()));
}

#[test]
fn what_depends_on_the_time() {
    let week = 7 * 86_400_000_i64;
    let recent = test("opened_at", "ge", json!({"ago": "P7D"}));
    assert!(holds(recent.clone(), json!({"opened_at": 10_000_000_000 - week})));
    assert!(!holds(recent, json!({"opened_at": 10_000_000_000 - week - 1})));
    assert!(holds(test("opened_at", "lt", json!({"ahead": "PT4H"})), json!({"opened_at": 10_000_000_000_i64})));
    assert!(holds(test("opened_at", "eq", json!(5)), json!({"opened_at": 5})));
}

#[test]
fn numbers_compare_exactly() {
    assert!(holds(test("users", "eq", json!(2.0)), json!({"users": 2})));
    assert!(holds(test("users", "gt", json!(1.5)), json!({"users": 2})));
    assert!(holds(test("users", "ne", json!(9_007_199_254_740_992_i64)), json!({"users": 9_007_199_254_740_993_i64})));
    assert!(holds(test("users", "in", json!([1, 0.5])), json!({"users": 0.5})));
    assert!(holds(test("vip", "ne", json!(true)), json!({"vip": false})));
}

#[test]
fn a_value_of_another_type_is_read_as_missing() {
    assert!(!holds(test("users", "eq", json!(5)), json!({"users": "5"})));
    assert!(holds(json!({"field": "users", "op": "is_empty"}), json!({"users": "5"})));
    assert!(holds(json!({"field": "title", "op": "is_empty"}), json!({"title": 5})));
}

#[test]
fn unlike_types_are_refused() {
    refused(test("users", "eq", json!("5")), "unlike_types", "/value");
    refused(test("title", "eq", json!(5)), "unlike_types", "/value");
    refused(test("vip", "eq", json!("true")), "unlike_types", "/value");
    refused(test("opened_at", "lt", json!("2026-01-01")), "unlike_types", "/value");
    refused(test("opened_at", "lt", json!(1.5)), "unlike_types", "/value");
    refused(test("opened_at", "lt", json!({"me": true})), "unlike_types", "/value");
    refused(test("users", "gt", json!({"ago": "P1D"})), "unlike_types", "/value");
    refused(test("title", "eq", json!(["a"])), "unlike_types", "/value");
    refused(test("title", "eq", json!({"my_teams": true})), "unlike_types", "/value");
    refused(test("title", "in", json!("a")), "unlike_types", "/value");
    refused(test("title", "in", json!({"me": true})), "unlike_types", "/value");
    refused(test("users", "in", json!([1, "2"])), "unlike_types", "/value/1");
    refused(test("title", "in", json!(["a", null])), "unlike_types", "/value/1");
    refused(test("vip", "gt", json!(true)), "operator_not_for_type", "/op");
    refused(test("assignee", "contains", json!("u")), "operator_not_for_type", "/op");
    refused(test("tags", "eq", json!("a")), "operator_not_for_type", "/op");
    refused(test("users", "under", json!(1)), "operator_not_for_type", "/op");
}

#[test]
fn malformed_conditions_are_refused_with_a_pointer() {
    refused(json!([]), "malformed", "");
    refused(json!({}), "malformed", "/field");
    refused(json!({"all": {}}), "malformed", "/all");
    refused(json!({"all": [], "any": []}), "malformed", "/all");
    refused(json!({"all": [{"any": [{"not": 5}]}]}), "malformed", "/all/0/any/0/not");
    refused(json!({"all": [{"all": []}, test("nope", "eq", json!(1))]}), "unknown_field", "/all/1/field");
    refused(test("title", "like", json!("x")), "unknown_operator", "/op");
    refused(json!({"field": "title", "op": "eq"}), "missing_operand", "/value");
    refused(test("title", "eq", json!(null)), "missing_operand", "/value");
    refused(test("title", "is_empty", json!(true)), "unexpected_operand", "/value");
    refused(json!({"field": "title", "op": "eq", "value": "x", "a/b~": 1}), "malformed", "/a~1b~0");
    refused(test("title", "eq", json!({"me": false})), "unknown_operand", "/value");
    refused(test("title", "eq", json!({"you": true})), "unknown_operand", "/value");
    refused(test("opened_at", "gt", json!({"ago": "7 days"})), "bad_duration", "/value/ago");
    refused(test("title", "eq", json!("a\u{0}b")), "bad_text", "/value");
    let shown = parse(test("users", "eq", json!("5"))).unwrap_err().to_string();
    assert_eq!(shown, "a number field cannot be compared with a text (at /value)");
}

#[test]
fn everything_is_bounded() {
    let nested = |levels: usize| (1..levels).fold(json!({"all": []}), |inner, _| json!({"not": inner}));
    assert!(parse(nested(MAX_DEPTH)).is_ok());
    assert_eq!(parse(nested(MAX_DEPTH + 1)).unwrap_err().code, "too_deep");
    let many = |count: usize| json!({"any": vec![json!({"field": "title", "op": "is_empty"}); count]});
    assert!(parse(many(MAX_NODES - 1)).is_ok());
    assert_eq!(parse(many(MAX_NODES)).unwrap_err().code, "too_many_nodes");
    let list = |count: usize| test("users", "in", json!(vec![1; count]));
    assert!(parse(list(MAX_LIST)).is_ok());
    assert_eq!(parse(list(MAX_LIST + 1)).unwrap_err().code, "list_too_long");
    assert_eq!(parse(json!({"any": vec![list(MAX_LIST); 11]})).unwrap_err().code, "list_too_long");
    let mine = test("team", "in", json!({"my_teams": true}));
    assert_eq!(parse(json!({"any": vec![mine; MAX_MINE + 1]})).unwrap_err().code, "too_many_nodes");
    refused(test("title", "eq", json!("x".repeat(MAX_TEXT + 1))), "text_too_long", "/value");
    refused(test("users", "eq", json!(MAX_NUMBER + 1)), "out_of_range", "/value");
    refused(test("users", "eq", json!(u64::MAX)), "out_of_range", "/value");
    refused(test("users", "eq", json!(-1e300)), "out_of_range", "/value");
}

#[test]
fn json_comes_back_as_it_went_in() {
    let json = json!({"all": [
        {"any": [test("team", "in", json!({"my_teams": true})), test("assignee", "eq", json!({"me": true}))]},
        {"not": test("opened_at", "lt", json!({"ago": "P7DT1H"}))},
        {"field": "title", "op": "not_empty"},
        test("users", "in", json!([1, 2.5]))
    ]});
    let condition = parse(json.clone()).unwrap();
    assert_eq!(condition.to_json(), json);
    assert_eq!(serde_json::to_value(&condition).unwrap(), json);
    assert_eq!(condition.fields(), ["assignee", "opened_at", "team", "title", "users"]);
}

#[test]
fn explains_every_part() {
    let condition = json!({"all": [
        test("team", "in", json!({"my_teams": true})),
        {"not": test("assignee", "eq", json!({"me": true}))},
        test("opened_at", "gt", json!({"ago": "P1D"})),
        {"field": "title", "op": "is_empty"}
    ]});
    let bound = parse(condition).unwrap().bind(&me());
    let explanation = bound.explain(json!({"team": "net", "assignee": "u1", "title": "x"}).as_object().unwrap());
    assert_eq!(
        serde_json::to_value(explanation).unwrap(),
        json!({"test": "all", "holds": false, "children": [
            {"test": "team in [\"net\", \"desk\"] (my_teams)", "value": "net", "holds": true},
            {"test": "not", "holds": false, "children": [
                {"test": "assignee eq \"u1\" (me)", "value": "u1", "holds": true}
            ]},
            {"test": "opened_at gt 9913600000 (P1D ago)", "value": null, "holds": false},
            {"test": "title is_empty", "value": "x", "holds": false}
        ]})
    );
    let long = parse(test("users", "in", json!((0..12).collect::<Vec<_>>()))).unwrap().bind(&me());
    assert_eq!(long.explain(&Map::new()).test, "users in [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, … 2 more]");
    let nobody = parse(test("assignee", "eq", json!({"me": true}))).unwrap().bind(&Binding::default());
    assert_eq!(nobody.explain(&Map::new()).test, "assignee eq nobody's (me)");
}

#[test]
fn durations() {
    let millis = |text: &str| Span::parse(text).map(|span| span.millis());
    assert_eq!(millis("P7D"), Some(604_800_000));
    assert_eq!(millis("P1W"), millis("P7D"));
    assert_eq!(millis("PT4H30M5S"), Some(16_205_000));
    assert_eq!(millis("P1DT1S"), Some(86_401_000));
    assert_eq!(millis("P0D"), Some(0));
    for bad in [
        "",
        "P",
        "PT",
        "P1DT",
        "7D",
        "P-1D",
        "P1Y",
        "P1M",
        "PT1D",
        "P1H",
        "P1.5D",
        "PT1S1H",
        "P1D1D",
        "P99999999999999999999D",
        "P40000D",
        "P1d",
        "P７D",
    ] {
        assert_eq!(millis(bad), None, "{bad}");
    }
}

/// One field in a plain column, one in a side table, one list.
struct Places;

impl Columns for Places {
    fn column(&self, field: &str) -> Option<Column> {
        let (table, record, column) = ("record_value".to_owned(), "r.id".to_owned(), "text".to_owned());
        match field {
            "title" => Some(Column::Plain("r.title".to_owned())),
            "team" => Some(Column::Side { table, record, field: "o'team".to_owned(), column }),
            "tags" => Some(Column::List { table, record, field: field.to_owned(), column }),
            _ => None,
        }
    }
}

fn sql(dialect: Dialect, condition: Value) -> SqlText {
    let mut out = SqlText::new(dialect);
    out.bind(SqlParam::Int(7));
    out.push(" < 8 AND ");
    parse(condition).unwrap().bind(&me()).to_sql(&Places, &mut out);
    out
}

#[test]
fn sql_is_two_valued_and_numbers_its_parameters() {
    let out = sql(Dialect::Sqlite, json!({"not": {"any": [test("title", "eq", json!("x")), test("team", "ne", json!("y"))]}}));
    assert_eq!(
        out.sql,
        "$1 < 8 AND (NOT ((r.title IS NOT NULL AND r.title = $2) OR (NOT (r.id IN (SELECT sv.record FROM record_value sv \
         WHERE sv.field = 'o''team' AND sv.text IS NOT NULL AND sv.text = $3)))))"
    );
    assert_eq!(out.params, [SqlParam::Int(7), SqlParam::Text("x".to_owned()), SqlParam::Text("y".to_owned())]);
}

#[test]
fn sql_of_each_dialect() {
    let like = test("title", "contains", json!("50%_A\\"));
    let out = sql(Dialect::Sqlite, like.clone());
    assert_eq!(out.sql, "$1 < 8 AND (r.title IS NOT NULL AND (r.title LIKE $2 ESCAPE '\\'))");
    assert_eq!(out.params[1], SqlParam::Text("%50\\%\\_A\\\\%".to_owned()));
    let out = sql(Dialect::Postgres, like);
    assert_eq!(out.sql, "$1::bigint < 8 AND (r.title IS NOT NULL AND (lower((r.title) COLLATE \"C\") LIKE $2 ESCAPE '\\'))");
    assert_eq!(out.params[1], SqlParam::Text("%50\\%\\_a\\\\%".to_owned()));
}

#[test]
fn sql_keeps_decimals_out_of_lists_of_integers() {
    let numbers = |values: Value| {
        let mut out = SqlText::new(Dialect::Postgres);
        parse(test("users", "in", values)).unwrap().bind(&me()).to_sql(&Numbers, &mut out);
        out.sql
    };
    assert_eq!(numbers(json!([1, 2])), "(n IS NOT NULL AND n IN ($1::bigint, $2::bigint))");
    assert_eq!(numbers(json!([1, 0.5, 2])), "(n IS NOT NULL AND (n IN ($1::bigint, $2::bigint) OR n = $3::double precision))");
}

struct Numbers;

impl Columns for Numbers {
    fn column(&self, _: &str) -> Option<Column> {
        Some(Column::Plain("n".to_owned()))
    }
}

#[test]
fn sql_without_a_column_or_a_value_is_constant() {
    let condition = |condition| sql(Dialect::Sqlite, condition).sql.replace("$1 < 8 AND ", "");
    assert_eq!(condition(test("users", "gt", json!(1))), "(1 = 0)");
    assert_eq!(condition(test("users", "ne", json!(1))), "(1 = 1)");
    assert_eq!(condition(json!({"field": "users", "op": "is_empty"})), "(1 = 1)");
    assert_eq!(condition(test("title", "in", json!([]))), "(1 = 0)");
    assert_eq!(condition(test("title", "not_in", json!([]))), "(1 = 1)");
    assert_eq!(condition(test("title", "eq", json!({"my_customer": true}))), "(1 = 0)");
    assert_eq!(condition(json!({"all": []})), "(1 = 1)");
    assert_eq!(condition(json!({"any": []})), "(1 = 0)");
}
