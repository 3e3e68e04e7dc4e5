//! Part 2: importing a desk's log through the command line, beside the raw database writing the rows that came of it.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use rusqlite::types::Value as Cell;
use rusqlite::{Connection, params_from_iter};
use store::Db;

use crate::bench::{Base, Bench};
use crate::report::Table;
use crate::server::{Place, yuheng};
use crate::stats::{figure, verdict};
use crate::{Outcome, machine, raw};

/// Commits in which the import and its baseline write: a hundred records each.
const TOGETHER: usize = 100;

/// What an import took.
struct Imported {
    said: String,
    seconds: f64,
    cpu: f64,
    /// Journal entries of records, and of everything (people, teams, sites that had to be made).
    entries: i64,
    all: i64,
    records: i64,
    raw_seconds: Option<f64>,
    load: String,
}

/// Runs the part.
pub async fn run(bench: &mut Bench) -> Outcome<String> {
    let (file, what) = log(bench)?;
    let mut table = Table::new(&[
        "database",
        "seconds",
        "journal entries",
        "of records",
        "entries/s",
        "CPU ms per entry",
        "raw entries/s",
        "ratio",
        "load before",
    ]);
    let (mut goals, mut said) = (String::new(), String::new());
    for base in bench.bases()? {
        let place = bench.copy(&base, "import")?;
        let before = count(&place).await?;
        let mut done = import(bench, &place, &file, before).await?;
        if !base.is_postgres() {
            done.raw_seconds = Some(baseline(bench, &base, &place, before.0 + before.1).await?);
        }
        let rate = done.entries as f64 / done.seconds;
        println!("{}: import: {:.0} entries/s, {}", base.name(), rate, done.said);
        let raw_rate = done.raw_seconds.map_or(f64::NAN, |seconds| done.all as f64 / seconds);
        table.row(&[
            base.name().to_owned(),
            figure(done.seconds),
            figure(done.all as f64),
            figure(done.entries as f64),
            figure(rate),
            figure(done.cpu * 1000.0 / done.all as f64),
            figure(raw_rate),
            if raw_rate.is_nan() { "–".to_owned() } else { format!("{:.0} %", done.all as f64 / done.seconds / raw_rate * 100.0) },
            done.load.clone(),
        ]);
        writeln!(goals, "- {}, journal entries of records per second: {}", base.name(), verdict(rate, 2000.0, false))?;
        said = format!("`{}` ({} records)", done.said, done.records);
        bench.remove(&place)?;
    }
    Ok(format!(
        "## Import\n\n`yuheng import records` on {what}, the whole command from its start to its end, into the demonstration's data; it says {said}. \
         *Raw* writes the rows that came of it (journal, payload, record, alias, values) into a copy of the same database in as \
         many durable commits as the import makes (one per {TOGETHER} records).\n\n{}\n{goals}",
        table.text()
    ))
}

/// (entries of records, other entries).
async fn count(place: &Place) -> Outcome<(i64, i64)> {
    let db = Db::connect(&place.address()?).await?;
    let all = "SELECT COUNT(*) FROM journal";
    let read = move |reader: &mut dyn store::Sql| {
        let one = |row: Option<store::Row>| row.map_or(Ok(0), |row| row.int(0));
        let records = one(reader.first(&format!("{all} WHERE kind = 'record'"), &[])?)?;
        Ok((records, one(reader.first(all, &[])?)? - records))
    };
    Ok(db.read(read).await?)
}

async fn import(bench: &Bench, place: &Place, file: &Path, before: (i64, i64)) -> Outcome<Imported> {
    let load = machine::load();
    let mut command = yuheng(&bench.args.binary);
    command.args(["import", "records", "--type", "incident", "--map"]).arg(&bench.args.map).arg("--data").arg(&place.folder);
    if let Some(url) = &place.url {
        command.args(["--database", url]);
    }
    command.arg(file);
    let (started, children) = (Instant::now(), children_ms()?);
    let output = tokio::task::spawn_blocking(move || command.output()).await??;
    let seconds = started.elapsed().as_secs_f64();
    if !output.status.success() {
        return Err(format!("import: {}", String::from_utf8_lossy(&output.stderr)).into());
    }
    let cpu = (children_ms()? - children) as f64 / 1000.0;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let said = text.lines().last().unwrap_or_default().to_owned();
    let created = said.split(", ").find_map(|part| part.strip_suffix(" created")?.parse().ok()).unwrap_or(0);
    let after = count(place).await?;
    let (entries, others) = (after.0 - before.0, after.1 - before.1);
    Ok(Imported { said, seconds, cpu, entries, all: entries + others, records: created, raw_seconds: None, load })
}

/// Processor time of the children that have ended, in milliseconds.
fn children_ms() -> Outcome<u64> {
    let text = std::fs::read_to_string("/proc/self/stat")?;
    let fields: Vec<&str> = text.rsplit_once(')').map_or("", |(_, rest)| rest).split_whitespace().collect();
    let number = |n: usize| fields.get(n).and_then(|field| field.parse::<u64>().ok()).unwrap_or(0);
    Ok((number(13) + number(14)) * 10)
}

/// Writes the rows of the import with plain SQL into another copy of the base.
async fn baseline(bench: &Bench, base: &Base, imported: &Place, entries_before: i64) -> Outcome<f64> {
    let place = bench.copy(base, "import_raw")?;
    let (from, to) = (imported.file(), place.file());
    let seconds = tokio::task::spawn_blocking(move || -> Outcome<f64> {
        let source = Connection::open(from)?;
        let tables = [
            rows(&source, "journal", &format!("pos > {entries_before}"))?,
            rows(&source, "journal_payload", &format!("pos > {entries_before}"))?,
            rows(&source, "record", "id IN (SELECT record FROM record_alias)")?,
            rows(&source, "record_alias", "1")?,
            rows(&source, "record_value", "record IN (SELECT record FROM record_alias)")?,
        ];
        let target = raw::sqlite(&to)?;
        let commits = tables[2].1.len().div_ceil(TOGETHER).max(1);
        let started = Instant::now();
        for n in 0..commits {
            target.execute_batch("BEGIN IMMEDIATE")?;
            for (sql, all) in &tables {
                let mut statement = target.prepare_cached(sql)?;
                for row in &all[all.len() * n / commits..all.len() * (n + 1) / commits] {
                    statement.execute(params_from_iter(row))?;
                }
            }
            target.execute_batch("COMMIT")?;
        }
        Ok(started.elapsed().as_secs_f64())
    })
    .await??;
    bench.remove(&place)?;
    Ok(seconds)
}

type Rows = (String, Vec<Vec<Cell>>);

/// The text that writes a row of a table, and the rows.
fn rows(source: &Connection, table: &str, filter: &str) -> Outcome<Rows> {
    let mut statement = source.prepare(&format!("SELECT * FROM {table} WHERE {filter} ORDER BY rowid"))?;
    let width = statement.column_count();
    let all = statement.query_map([], |row| (0..width).map(|n| row.get(n)).collect())?.collect::<Result<Vec<Vec<Cell>>, _>>()?;
    let marks: Vec<String> = (1..=width).map(|n| format!("?{n}")).collect();
    Ok((format!("INSERT INTO {table} VALUES ({})", marks.join(", ")), all))
}

/// The log to import, in a folder where its rejects may be written.
fn log(bench: &Bench) -> Outcome<(PathBuf, String)> {
    let folder = bench.path("log");
    std::fs::create_dir_all(&folder)?;
    if bench.args.log.is_file() && !bench.args.quick {
        let file = folder.join("log.csv.gz");
        Command::new("cp").arg("--no-preserve=mode").arg(&bench.args.log).arg(&file).status()?;
        return Ok((file, "the real log of 14,950 incidents (UCI 498)".to_owned()));
    }
    let file = folder.join("log.csv");
    std::fs::write(&file, generated(1500)?)?;
    Ok((file, "a generated log of 1,500 incidents in the shape of the real one".to_owned()))
}

/// A log in the shape of the real one: six rows a record.
fn generated(records: usize) -> Outcome<String> {
    let mut text = String::from(
        "number,incident_state,active,reassignment_count,reopen_count,sys_mod_count,made_sla,caller_id,opened_by,opened_at,sys_created_by,\
         sys_created_at,sys_updated_by,sys_updated_at,contact_type,location,category,subcategory,u_symptom,cmdb_ci,impact,urgency,priority,\
         assignment_group,assigned_to,knowledge,u_priority_confirmation,notify,problem_id,rfc,vendor,caused_by,closed_code,resolved_by,\
         resolved_at,closed_at\n",
    );
    let states = ["New", "Active", "Awaiting User Info", "Active", "Resolved", "Closed"];
    for n in 0..records {
        let (day, hour) = (1 + n % 28, n % 17);
        let at = |step: usize| format!("{day}/3/2016 {:02}:{:02}", hour + step, n % 60);
        for (step, state) in states.iter().enumerate() {
            writeln!(
                text,
                "INC{n:07},{state},{},{},0,{step},true,Caller {},Opened by {},{},Created by 1,{},Updated by {},{},Phone,Location {},\
                 Category {},Subcategory {},Symptom {},?,2 - Medium,2 - Medium,3 - Moderate,Group {},Resolver {},true,false,Do Not Notify,\
                 ?,?,?,?,code 5,Resolved by 1,{},{}",
                state != &"Closed",
                step / 2,
                n % 900,
                n % 50,
                at(0),
                at(0),
                n % 200,
                at(step),
                n % 90,
                n % 40,
                n % 150,
                n % 300,
                n % 60,
                n % 120,
                at(4),
                at(5)
            )?;
        }
    }
    Ok(text)
}
