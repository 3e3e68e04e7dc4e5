//! Part 1: opening a record through HTTP, beside the raw database writing the same rows.

use std::sync::Arc;

use serde_json::json;
use store::Db;

use crate::bench::{Base, Bench};
use crate::client::{Client, Request};
use crate::load::{self, Run, Watch};
use crate::report::Table;
use crate::server::Server;
use crate::shape::Shape;
use crate::stats::{figure, median, verdict};
use crate::who::{self, Session};
use crate::{Outcome, machine, raw};

const CLIENTS: [usize; 3] = [1, 8, 32];

/// What was measured at one number of clients.
struct Level {
    clients: usize,
    http: Vec<Run>,
    raw: Vec<Run>,
    /// Records per commit of the server, and its mean commit in milliseconds.
    batch: f64,
    commit: f64,
}

impl Level {
    fn http_rate(&self) -> f64 {
        median(self.http.iter().map(Run::rate).collect())
    }

    fn raw_rate(&self) -> f64 {
        median(self.raw.iter().map(Run::rate).collect())
    }

    fn cpu(&self) -> f64 {
        median(self.http.iter().map(|run| run.each(run.server_ms)).collect())
    }
}

/// Runs the part.
pub async fn run(bench: &mut Bench) -> Outcome<String> {
    let mut text = format!(
        "## Opening a record\n\n`POST /api/v1/records/incident` with a title and a description by signed-in requesters, on the demonstration's data; {} runs \
         of {} s each, raw and server in turns, medians of the rates. *Raw* writes the same rows with one durable commit per record \
         (SQLite: one writer, whatever the number of clients; PostgreSQL: as many connections as clients, each transaction \
         pipelined in one go).\n",
        bench.args.rounds, bench.args.seconds
    );
    for base in bench.bases()? {
        let before = machine::load();
        let (levels, shape) = measure(bench, &base).await?;
        text.push_str(&describe(base.name(), &levels, &shape, &before));
    }
    Ok(text)
}

async fn measure(bench: &Bench, base: &Base) -> Outcome<(Vec<Level>, String)> {
    let place = bench.copy(base, "opening")?;
    let raw_place = bench.copy(base, "opening_raw")?;
    let server = Server::start(&bench.args.binary, &place, false)?;
    let db = Db::connect(&place.address()?).await?;
    let users = who::requesters(&db).await?;
    let sessions = Arc::new(who::sign_in(&db, &users[..64.min(users.len())], 0).await?);
    let mut client = Client::connect(server.port).await?;
    let opened = client.json(&request(&sessions, 0, 0)).await?;
    let text = |name: &str| opened.get(name).and_then(|value| value.as_str()).unwrap_or_default().to_owned();
    let shape = Arc::new(Shape::read(&db, text("id").parse()?, &text("number")).await?);
    let watch = Watch { server: Some(server.pid()), database: bench.cluster_of(base) };
    let mut levels = Vec::new();
    for clients in CLIENTS {
        let mut level = Level { clients, http: Vec::new(), raw: Vec::new(), batch: f64::NAN, commit: f64::NAN };
        let commits = commits(&mut client).await?;
        for _ in 0..bench.args.rounds {
            level.raw.push(match &raw_place.url {
                Some(url) => raw::postgres_openings(url, watch.database.unwrap_or_default(), &shape, clients, bench.args.seconds).await?,
                None => raw::sqlite_openings(&raw_place.file(), &shape, bench.args.seconds).await?,
            });
            let sessions = Arc::clone(&sessions);
            let make = Arc::new(move |client, n| request(&sessions, client, n));
            level.http.push(load::closed(server.port, watch, clients, bench.args.seconds, make).await?);
        }
        let (count, seconds, records) = self::commits(&mut client).await?.since(&commits);
        (level.batch, level.commit) = (records / count, seconds / count * 1000.0);
        println!(
            "{}: {clients} clients: http {:.0}/s, raw {:.0}/s, CPU {:.2} ms",
            base.name(),
            level.http_rate(),
            level.raw_rate(),
            level.cpu()
        );
        levels.push(level);
    }
    server.stop()?;
    Ok((levels, shape.describe()))
}

fn request(sessions: &[Session], client: usize, n: usize) -> Request {
    let body = json!({ "title": format!("打印机无法连接 {client}-{n}"), "description": "三楼公共打印机显示脱机，重启后仍不行。" });
    Request::post("/api/v1/records/incident", &sessions[client % sessions.len()], &body)
}

/// What the server says about its commits.
struct Commits {
    count: f64,
    seconds: f64,
    records: f64,
}

impl Commits {
    /// (commits, seconds, write sets) since an earlier reading.
    fn since(&self, before: &Self) -> (f64, f64, f64) {
        (self.count - before.count, self.seconds - before.seconds, self.records - before.records)
    }
}

async fn commits(client: &mut Client) -> Outcome<Commits> {
    client.send(&Request::open("/metrics")).await?;
    let text = String::from_utf8_lossy(client.body()).into_owned();
    let value = |name: &str| text.lines().find_map(|line| line.strip_prefix(name)?.trim().parse::<f64>().ok()).unwrap_or(f64::NAN);
    Ok(Commits {
        count: value("yuheng_commit_seconds_count"),
        seconds: value("yuheng_commit_seconds_sum"),
        records: value("yuheng_commit_batch_sum"),
    })
}

fn describe(name: &str, levels: &[Level], shape: &str, before: &str) -> String {
    let headings = [
        "clients",
        "opened/s",
        "raw commits/s",
        "ratio",
        "HTTP ms",
        "raw ms",
        "server CPU ms",
        "database CPU ms",
        "client CPU ms",
        "per commit",
        "commit ms",
        "others",
    ];
    let mut table = Table::new(&headings);
    let mut bad = 0;
    for level in levels {
        let (http, raw) = (load::together(&level.http), load::together(&level.raw));
        bad += http.bad;
        let ratio = format!("{:.0} %", level.http_rate() / level.raw_rate() * 100.0);
        table.row(&[
            level.clients.to_string(),
            figure(level.http_rate()),
            figure(level.raw_rate()),
            ratio,
            http.sample.quantiles(),
            raw.sample.quantiles(),
            figure(level.cpu()),
            if http.database_ms > 0.0 { figure(http.each(http.database_ms)) } else { "–".to_owned() },
            figure(http.each(http.client_ms)),
            figure(level.batch),
            figure(level.commit),
            figure(http.others),
        ]);
    }
    let at = |clients: usize| levels.iter().find(|level| level.clients == clients);
    let mut goals = Vec::new();
    if let Some(level) = at(8) {
        goals.push(format!("share of raw at 8 clients, %: {}", verdict(level.http_rate() / level.raw_rate() * 100.0, 40.0, false)));
    }
    if let Some(level) = at(32).filter(|_| name == "SQLite") {
        goals.push(format!("openings per second at 32 clients: {}", verdict(level.http_rate(), 1000.0, false)));
    }
    for level in levels {
        goals.push(format!("server CPU per opening at {} clients, ms: {}", level.clients, verdict(level.cpu(), 0.8, true)));
    }
    let goals: String = goals.iter().map(|goal| format!("- {goal}\n")).collect();
    format!(
        "\n### {name}\n\nRows of one opening: {shape}. Load before {before}, after {}. Answers other than 201: {bad}.\n\n{}\n{goals}",
        machine::load(),
        table.text()
    )
}
