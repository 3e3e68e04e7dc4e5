//! A condition gives the same answer in memory and on SQLite.
#![expect(clippy::unwrap_used, reason = "a failing step is a failing test")]

mod support;

use decide::{Binding, Condition, Dialect, Row, Scalar, SqlParam, SqlText};
use proptest::prelude::*;
use rusqlite::types::Value as Sql;
use rusqlite::{Connection, params, params_from_iter};
use support::{FIELDS, Map, Sample, binding, condition, narrow_condition, narrow_row, row, schema};

const TABLES: &str = "
CREATE TABLE rec (id INTEGER PRIMARY KEY, title TEXT, tree TEXT, doc TEXT, whole INTEGER, amount REAL, flag INTEGER,
    opened INTEGER, owner BLOB);
CREATE TABLE val (record INTEGER NOT NULL, field TEXT NOT NULL, text TEXT, number REAL, instant INTEGER);
CREATE INDEX val_text ON val (field, text, record);
CREATE INDEX val_record ON val (record, field);";

fn sql(value: &Scalar) -> Sql {
    match value {
        Scalar::Null => Sql::Null,
        Scalar::Bool(flag) => Sql::Integer(i64::from(*flag)),
        Scalar::Int(int) => Sql::Integer(*int),
        Scalar::Real(real) => Sql::Real(*real),
        Scalar::Text(text) => Sql::Text(text.clone()),
    }
}

fn fill(db: &Connection, rows: &[Sample]) {
    db.execute_batch("DELETE FROM rec; DELETE FROM val;").unwrap();
    for (id, row) in rows.iter().enumerate() {
        let id = id as i64;
        let doc = match row.value("doc_text") {
            Scalar::Text(text) => serde_json::json!({ "x": text }).to_string(),
            _ => "{}".to_owned(),
        };
        let owner = match row.value("owner") {
            Scalar::Text(id) => Sql::Blob(id.into_bytes()),
            _ => Sql::Null,
        };
        let [title, tree, whole, amount, flag, opened] =
            ["title", "tree", "whole", "amount", "flag", "opened"].map(|field| sql(&row.value(field)));
        db.prepare_cached("INSERT INTO rec VALUES (?,?,?,?,?,?,?,?,?)")
            .unwrap()
            .execute(params![id, title, tree, doc, whole, amount, flag, opened, owner])
            .unwrap();
        for (field, _, place) in FIELDS.iter().filter(|(_, _, place)| place.starts_with("side")) {
            let value = sql(&row.value(field));
            // A missing value is sometimes a row with NULL, sometimes no row at all.
            if value == Sql::Null && id % 2 == 0 {
                continue;
            }
            let column = place.trim_start_matches("side:");
            db.prepare_cached(&format!("INSERT INTO val (record, field, {column}) VALUES (?,?,?)"))
                .unwrap()
                .execute(params![id, field, value])
                .unwrap();
        }
        for tag in &row.tags {
            db.execute("INSERT INTO val (record, field, text) VALUES (?, 'tags', ?)", params![id, tag]).unwrap();
        }
    }
}

fn param(param: SqlParam) -> Sql {
    match param {
        SqlParam::Null => Sql::Null,
        SqlParam::Int(int) => Sql::Integer(int),
        SqlParam::Real(real) => Sql::Real(real),
        SqlParam::Text(text) => Sql::Text(text),
        SqlParam::Blob(bytes) => Sql::Blob(bytes),
    }
}

fn ask(db: &Connection, out: SqlText) -> Vec<i64> {
    let mut statement = db.prepare(&out.sql).unwrap_or_else(|error| panic!("{error}: {}", out.sql));
    let params = out.params.into_iter().map(param);
    let ids = statement.query_map(params_from_iter(params), |row| row.get(0)).unwrap();
    ids.collect::<Result<_, _>>().unwrap()
}

thread_local! {
    static DB: Connection = {
        let db = Connection::open_in_memory().unwrap();
        db.execute_batch(TABLES).unwrap();
        db
    };
}

fn agree(rows: &[Sample], conditions: &[serde_json::Value], who: &Binding) -> Result<(), TestCaseError> {
    DB.with(|db| {
        fill(db, rows);
        for json in conditions {
            let parsed = Condition::parse(json, &schema()).unwrap();
            prop_assert_eq!(&Condition::parse(&parsed.to_json(), &schema()).unwrap(), &parsed);
            let bound = parsed.bind(who);
            let mut out = SqlText::new(Dialect::Sqlite);
            out.push("SELECT r.id FROM rec r WHERE ");
            bound.to_sql(&Map(Dialect::Sqlite), &mut out);
            out.push(" ORDER BY r.id");
            let text = out.sql.clone();
            let mut expected = Vec::new();
            for (id, row) in rows.iter().enumerate() {
                prop_assert_eq!(bound.explain(row).holds, bound.holds(row));
                expected.extend(bound.holds(row).then_some(id as i64));
            }
            prop_assert_eq!(ask(db, out), expected, "{}\n{}", json, text);
        }
        Ok(())
    })
}

fn cases() -> ProptestConfig {
    let asked = std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok());
    ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(asked.unwrap_or(500)) }
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn memory_and_sqlite_agree(
        rows in prop::collection::vec(row(), 1..10),
        conditions in prop::collection::vec(condition(), 1..6),
        who in binding(),
    ) {
        agree(&rows, &conditions, &who)?;
    }

    #[test]
    fn memory_and_sqlite_agree_on_awkward_texts(
        rows in prop::collection::vec(narrow_row(), 1..20),
        conditions in prop::collection::vec(narrow_condition(), 1..10),
    ) {
        agree(&rows, &conditions, &Binding::default())?;
    }
}
