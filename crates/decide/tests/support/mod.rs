//! Random conditions and rows, shared by the tests that compare memory with a database.

use decide::{Binding, Column, Columns, Dialect, FieldType, Row, Scalar, SqlParam};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Field, type, and where its column is: `plain`, `side:<column>` or `list`.
pub const FIELDS: &[(&str, FieldType, &str)] = &[
    ("title", FieldType::Text, "plain"),
    ("doc_text", FieldType::Text, "plain"),
    ("tree", FieldType::Text, "plain"),
    ("note", FieldType::Text, "side:text"),
    ("whole", FieldType::Number, "plain"),
    ("amount", FieldType::Number, "plain"),
    ("size", FieldType::Number, "side:number"),
    ("flag", FieldType::Bool, "plain"),
    ("vip", FieldType::Bool, "side:number"),
    ("opened", FieldType::Instant, "plain"),
    ("due", FieldType::Instant, "side:instant"),
    ("owner", FieldType::Ref, "plain"),
    ("contact", FieldType::Ref, "side:text"),
    ("tags", FieldType::TextList, "list"),
    ("nowhere", FieldType::Text, "none"),
];

pub fn schema() -> BTreeMap<String, FieldType> {
    FIELDS.iter().map(|(name, kind, _)| ((*name).to_owned(), *kind)).collect()
}

#[derive(Debug, Clone, Default)]
pub struct Sample {
    pub values: BTreeMap<&'static str, Scalar>,
    pub tags: Vec<String>,
}

impl Row for Sample {
    fn value(&self, field: &str) -> Scalar {
        self.values.get(field).cloned().unwrap_or(Scalar::Null)
    }
    fn list(&self, field: &str) -> Vec<String> {
        if field == "tags" { self.tags.clone() } else { Vec::new() }
    }
}

pub struct Map(pub Dialect);

impl Columns for Map {
    fn column(&self, field: &str) -> Option<Column> {
        let (_, _, place) = FIELDS.iter().find(|(name, _, _)| *name == field)?;
        let (table, record, field) = ("val".to_owned(), "r.id".to_owned(), field.to_owned());
        match (*place, self.0) {
            ("plain", Dialect::Sqlite) if field == "doc_text" => Some(Column::Plain("r.doc ->> 'x'".to_owned())),
            ("plain", Dialect::Postgres) if field == "doc_text" => Some(Column::Plain("(r.doc ->> 'x')".to_owned())),
            ("plain", _) => Some(Column::Plain(format!("r.{field}"))),
            ("list", _) => Some(Column::List { table, record, field, column: "text".to_owned() }),
            ("none", _) => None,
            (side, _) => Some(Column::Side { table, record, field, column: side.trim_start_matches("side:").to_owned() }),
        }
    }

    fn encode(&self, field: &str, value: &Scalar) -> SqlParam {
        match (field, value) {
            // Ids that are no known id become NULL, which must equal nothing.
            ("owner", Scalar::Text(text)) if text == "u9" => SqlParam::Null,
            ("owner", Scalar::Text(text)) => SqlParam::Blob(text.as_bytes().to_vec()),
            _ => SqlParam::from(value),
        }
    }
}

pub const NOW: i64 = 1_700_000_000_000;

pub fn binding() -> impl Strategy<Value = Binding> {
    let id = prop_oneof![Just(None), Just(Some("u1".to_owned())), Just(Some("a".to_owned()))];
    let ids = prop::collection::vec(prop_oneof![Just("u1"), Just("u2"), Just("a"), Just("a/b"), Just("")], 0..3);
    (id.clone(), ids.clone(), ids, id).prop_map(|(me, teams, sites, my_customer)| {
        let owned = |list: Vec<&str>| list.into_iter().map(str::to_owned).collect();
        Binding { me, my_teams: owned(teams), my_sites: owned(sites), my_customer, now: NOW }
    })
}

/// Few, awkward characters, so that random texts often meet.
pub fn text() -> BoxedStrategy<String> {
    let letter = prop::sample::select(vec![
        "a", "A", "b", "B", "%", "_", "\\", "/", "0", ".", "'", "\"", "é", "É", "ß", "ſ", "K", "中", "文", " ", "\n", "😀", "$1", "*", "?",
        "[",
    ]);
    prop_oneof![
        4 => prop::collection::vec(letter, 0..4).prop_map(|letters| letters.concat()),
        1 => prop::sample::select(vec!["a", "a/b", "a/b/c", "ab", "a0", "A/b", "u1"]).prop_map(str::to_owned),
    ]
    .boxed()
}

fn id() -> BoxedStrategy<String> {
    prop::sample::select(vec!["u1", "u2", "a", "u9"]).prop_map(str::to_owned).boxed()
}

fn int() -> BoxedStrategy<i64> {
    let big = 1_i64 << 53;
    prop_oneof![4 => -2..4_i64, 1 => prop::sample::select(vec![big, big - 1, -big])].boxed()
}

fn stored_int() -> BoxedStrategy<i64> {
    prop_oneof![5 => int(), 1 => prop::sample::select(vec![(1_i64 << 53) + 1, i64::MAX, i64::MIN])].boxed()
}

fn real() -> BoxedStrategy<f64> {
    prop::sample::select(vec![-1.5, -0.0, 0.0, 0.1, 0.5, 1.0, 1.5, 2.0, 3.25, 9_007_199_254_740_992.0, -1e15]).boxed()
}

fn instant() -> BoxedStrategy<i64> {
    let day = 86_400_000;
    prop_oneof![prop::sample::select(vec![0, NOW, NOW - 7 * day, NOW - 7 * day - 1, NOW + 4 * 3_600_000, -1]), -3..3_i64].boxed()
}

pub fn row() -> BoxedStrategy<Sample> {
    let value = |kind: FieldType, name: &'static str| -> BoxedStrategy<Scalar> {
        match kind {
            FieldType::Text => text().prop_map(Scalar::Text).boxed(),
            FieldType::Number if name == "whole" => stored_int().prop_map(Scalar::Int).boxed(),
            FieldType::Number => real().prop_map(Scalar::Real).boxed(),
            FieldType::Bool => any::<bool>().prop_map(Scalar::Bool).boxed(),
            FieldType::Instant => instant().prop_map(Scalar::Int).boxed(),
            FieldType::Ref => id().prop_filter("unknown ids are not stored", |id| id != "u9").prop_map(Scalar::Text).boxed(),
            FieldType::TextList => Just(Scalar::Null).boxed(),
        }
    };
    let columns: Vec<_> = FIELDS
        .iter()
        .filter(|(_, kind, place)| *kind != FieldType::TextList && *place != "none")
        .map(|(name, kind, _)| prop_oneof![1 => Just(Scalar::Null), 3 => value(*kind, name)].prop_map(move |value| (*name, value)))
        .collect();
    (columns, prop::collection::vec(text(), 0..3)).prop_map(|(values, tags)| Sample { values: values.into_iter().collect(), tags }).boxed()
}

fn scalar(kind: FieldType) -> BoxedStrategy<Value> {
    match kind {
        FieldType::Text => {
            prop_oneof![6 => text().prop_map(|t| json!(t)), 1 => Just(json!({"me": true})), 1 => Just(json!({"my_customer": true}))].boxed()
        }
        FieldType::TextList => prop_oneof![6 => text().prop_map(|t| json!(t)), 1 => Just(json!({"me": true}))].boxed(),
        FieldType::Ref => prop_oneof![3 => id().prop_map(|t| json!(t)), 1 => Just(json!({"me": true}))].boxed(),
        FieldType::Number => prop_oneof![int().prop_map(|n| json!(n)), real().prop_map(|n| json!(n))].boxed(),
        FieldType::Bool => any::<bool>().prop_map(|b| json!(b)).boxed(),
        FieldType::Instant => {
            prop_oneof![instant().prop_map(|n| json!(n)), Just(json!({"ago": "P7D"})), Just(json!({"ahead": "PT4H"}))].boxed()
        }
    }
}

fn list(kind: FieldType) -> BoxedStrategy<Value> {
    let items = prop::collection::vec(scalar(kind), 0..4).prop_map(Value::from);
    match kind {
        FieldType::Text | FieldType::Ref | FieldType::TextList => prop_oneof![
            4 => items,
            1 => Just(json!({"my_teams": true})),
            1 => Just(json!({"my_sites": true})),
            1 => scalar(kind).prop_map(|one| json!([one, {"my_teams": true}])),
        ]
        .boxed(),
        _ => items.boxed(),
    }
}

fn test() -> BoxedStrategy<Value> {
    prop::sample::select(FIELDS)
        .prop_flat_map(|(name, kind, _)| {
            let ops: Vec<_> = decide::Op::ALL.into_iter().filter(|op| op.fits(kind)).collect();
            prop::sample::select(ops).prop_flat_map(move |op| {
                let value = match op {
                    op if op.takes_no_operand() => Just(Value::Null).boxed(),
                    decide::Op::In | decide::Op::NotIn => list(kind),
                    op if op.takes_list(kind) => prop_oneof![scalar(kind), list(kind)].boxed(),
                    _ => scalar(kind),
                };
                value.prop_map(move |value| json!({"field": name, "op": op.name(), "value": value}))
            })
        })
        .boxed()
}

pub fn condition() -> BoxedStrategy<Value> {
    test()
        .prop_recursive(4, 16, 4, |inner| {
            prop_oneof![
                1 => prop::collection::vec(inner.clone(), 0..4).prop_map(|parts| json!({"all": parts})),
                1 => prop::collection::vec(inner.clone(), 0..4).prop_map(|parts| json!({"any": parts})),
                2 => inner.prop_map(|part| json!({"not": part})),
            ]
        })
        .boxed()
}

/// Rows and tests that differ only in a few characters with a meaning in `LIKE` or in case folding.
pub fn narrow_row() -> BoxedStrategy<Sample> {
    let some = || prop_oneof![1 => Just(Scalar::Null), 6 => narrow_text().prop_map(Scalar::Text)];
    (some(), some(), prop::collection::vec(narrow_text(), 0..3))
        .prop_map(|(title, note, tags)| Sample { values: BTreeMap::from([("title", title), ("note", note)]), tags })
        .boxed()
}

fn narrow_text() -> BoxedStrategy<String> {
    let letter = prop::sample::select(vec!["a", "A", "%", "_", "\\", "/", "é", "É"]);
    prop::collection::vec(letter, 0..4).prop_map(|letters| letters.concat()).boxed()
}

pub fn narrow_condition() -> BoxedStrategy<Value> {
    let field = prop::sample::select(vec!["title", "title", "note", "tags"]);
    let op = prop::sample::select(vec!["contains", "contains", "starts_with", "under", "lt", "ge", "eq"]);
    (field, op, narrow_text(), any::<bool>())
        .prop_map(|(field, op, text, negated)| {
            let op = if field == "tags" { "contains" } else { op };
            let test = json!({"field": field, "op": op, "value": text});
            if negated { json!({"not": test}) } else { test }
        })
        .boxed()
}
