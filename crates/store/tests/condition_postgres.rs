//! A condition gives the same answer in memory and on PostgreSQL. The counterpart on SQLite is in `decide`, with the same random
//! rows and conditions.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a failing step is a failing test")]

#[path = "support/postgres.rs"]
#[expect(dead_code, reason = "shared with the tests of desk, which is above this crate")]
mod postgres;
#[path = "../../decide/tests/support/mod.rs"]
mod support;

use decide::{Binding, Condition, Dialect, Row as _, Scalar, SqlText};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use store::{Address, Db, Tx, Value, dialect, params};
use support::{FIELDS, Map, Sample, binding, condition, narrow_condition, narrow_row, row, schema};
use tokio::runtime::Runtime;

const TABLES: &str = "
CREATE TABLE rec (id $INT PRIMARY KEY, title $TEXT, tree $TEXT, doc JSONB, whole $INT, amount $REAL, flag $INT, opened $INT, owner $BLOB);
CREATE TABLE val (record $INT NOT NULL, field $TEXT NOT NULL, text $TEXT, number $REAL, instant $INT);
CREATE INDEX val_text ON val (field, text, record);
CREATE INDEX val_record ON val (record, field);";

fn sql(value: &Scalar) -> Value {
    match value {
        Scalar::Null => Value::Null,
        Scalar::Bool(flag) => Value::Int(i64::from(*flag)),
        Scalar::Int(int) => Value::Int(*int),
        Scalar::Real(real) => Value::Real(*real),
        Scalar::Text(text) => Value::Text(text.clone()),
    }
}

fn fill(tx: &mut dyn Tx, rows: &[Sample]) -> Result<(), store::StoreError> {
    tx.script("DELETE FROM rec; DELETE FROM val;")?;
    for (id, row) in rows.iter().enumerate() {
        let id = id as i64;
        let doc = match row.value("doc_text") {
            Scalar::Text(text) => serde_json::json!({ "x": text }).to_string(),
            _ => "{}".to_owned(),
        };
        let owner = match row.value("owner") {
            Scalar::Text(id) => Value::Blob(id.into_bytes()),
            _ => Value::Null,
        };
        let [title, tree, whole, amount, flag, opened] =
            ["title", "tree", "whole", "amount", "flag", "opened"].map(|field| sql(&row.value(field)));
        tx.execute(
            "INSERT INTO rec VALUES ($1, $2, $3, CAST(CAST($4 AS TEXT) AS JSONB), $5, $6, $7, $8, $9)",
            &[Value::Int(id), title, tree, Value::Text(doc), whole, amount, flag, opened, owner],
        )?;
        for (field, _, place) in FIELDS.iter().filter(|(_, _, place)| place.starts_with("side")) {
            let value = match (sql(&row.value(field)), *place) {
                (Value::Int(flag), "side:number") => Value::Real(flag as f64),
                (value, _) => value,
            };
            // A missing value is sometimes a row with NULL, sometimes no row at all.
            if value == Value::Null && id % 2 == 0 {
                continue;
            }
            let column = place.trim_start_matches("side:");
            tx.execute(
                &format!("INSERT INTO val (record, field, {column}) VALUES ($1, $2, $3)"),
                &[Value::Int(id), (*field).into(), value],
            )?;
        }
        for tag in &row.tags {
            tx.execute("INSERT INTO val (record, field, text) VALUES ($1, 'tags', $2)", &params![id, tag])?;
        }
    }
    Ok(())
}

/// What PostgreSQL says, condition by condition.
fn ask(tx: &mut dyn Tx, rows: &[Sample], questions: Vec<SqlText>) -> Result<Vec<Vec<i64>>, store::StoreError> {
    fill(tx, rows)?;
    let mut answers = Vec::new();
    for question in questions {
        let values: Vec<Value> = question.params.into_iter().map(Value::from).collect();
        let found = tx.query(&question.sql, &values).map_err(|error| store::StoreError::Database(format!("{error}: {}", question.sql)))?;
        answers.push(found.iter().map(|row| row.int(0)).collect::<Result<_, _>>()?);
    }
    Ok(answers)
}

fn agree(runtime: &Runtime, db: &Db, rows: Vec<Sample>, conditions: &[serde_json::Value], who: &Binding) -> Result<(), TestCaseError> {
    let bound: Vec<_> = conditions.iter().map(|json| Condition::parse(json, &schema()).unwrap().bind(who)).collect();
    let questions: Vec<SqlText> = bound
        .iter()
        .map(|bound| {
            let mut out = SqlText::new(Dialect::Postgres);
            out.push("SELECT r.id FROM rec r WHERE ");
            bound.to_sql(&Map(Dialect::Postgres), &mut out);
            out.push(" ORDER BY r.id");
            out
        })
        .collect();
    let texts: Vec<String> = questions.iter().map(|question| question.sql.clone()).collect();
    let stored = rows.clone();
    let answers = runtime.block_on(db.write(move |tx| ask(tx, &stored, questions)));
    let answers = answers.map_err(|error| TestCaseError::fail(format!("{conditions:?}: {error}")))?;
    for (((bound, json), text), answer) in bound.iter().zip(conditions).zip(&texts).zip(answers) {
        let held = rows.iter().enumerate().filter(|(_, row)| bound.holds(*row)).map(|(id, _)| id as i64);
        prop_assert_eq!(answer, held.collect::<Vec<_>>(), "{}\n{}", json, text);
    }
    Ok(())
}

/// Runs a property in a database of its own.
fn on_postgres<S: Strategy>(strategy: &S, test: impl Fn(&Runtime, &Db, S::Value) -> Result<(), TestCaseError>) {
    let Some(cluster) = postgres::Cluster::shared() else { return };
    let runtime = Runtime::new().unwrap();
    let address = Address::parse(&cluster.url(&cluster.create(None))).unwrap();
    let db = runtime.block_on(Db::connect(&address)).unwrap();
    runtime.block_on(db.write(|tx| tx.script(&dialect::translate(TABLES, Dialect::Postgres)))).unwrap();
    let asked = std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok());
    let config = ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(asked.unwrap_or(200)) };
    TestRunner::new(config).run(strategy, |value| test(&runtime, &db, value)).unwrap();
}

#[test]
fn memory_and_postgres_agree() {
    let strategy = (prop::collection::vec(row(), 1..10), prop::collection::vec(condition(), 1..6), binding());
    on_postgres(&strategy, |runtime, db, (rows, conditions, who)| agree(runtime, db, rows, &conditions, &who));
}

#[test]
fn memory_and_postgres_agree_on_awkward_texts() {
    let strategy = (prop::collection::vec(narrow_row(), 1..20), prop::collection::vec(narrow_condition(), 1..10));
    on_postgres(&strategy, |runtime, db, (rows, conditions)| agree(runtime, db, rows, &conditions, &Binding::default()));
}
