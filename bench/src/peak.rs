//! Part 4: a morning's peak hour of 4,000 signed-in requesters, run faster than life.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::json;
use store::Db;
use tokio::sync::{Mutex, mpsc};
use uuid::Uuid;

use crate::bench::{Base, Bench};
use crate::client::{Client, Request};
use crate::load::{Run, Watch};
use crate::report::Table;
use crate::server::Server;
use crate::stats::{Sample, figure, verdict};
use crate::who::{self, Session};
use crate::{Outcome, machine};

const PEOPLE: usize = 4_000;
const OPENINGS: usize = 600;
/// Connections that the requests go over.
const CONNECTIONS: usize = 64;
const KINDS: [&str; 5] = ["who am I", "my records", "one record", "its timeline", "open a record"];

/// A request at its time.
struct Planned {
    at: Duration,
    kind: usize,
    request: Request,
}

/// Runs the part.
pub async fn run(bench: &mut Bench) -> Outcome<String> {
    let mut text = format!(
        "## A morning's peak\n\n{PEOPLE} signed-in requesters, each once in the hour: who am I, my records, one of them, its timeline, my records again; \
         {OPENINGS} of them open one. Times are spread evenly over the hour by a fixed dice, and the hour runs {} times faster than life. Latency \
         counts from the planned time of a request, so waiting for a busy server is in it. Sessions were last seen 90 s ago, so each \
         person's first request also writes that the session is in use.\n",
        bench.args.speed
    );
    for base in bench.bases()? {
        let full = bench.full(&base).await?;
        text.push_str(&measure(bench, &base, full.records, &full.place).await?);
    }
    Ok(text)
}

async fn measure(bench: &Bench, base: &Base, records: usize, place: &crate::server::Place) -> Outcome<String> {
    let before = machine::load();
    let server = Server::start(&bench.args.binary, place, false)?;
    let plan = {
        let db = Db::connect(&place.address()?).await?;
        let mut users = who::requesters(&db).await?;
        users.truncate(PEOPLE);
        let sessions = who::sign_in(&db, &users, 90_000).await?;
        plan(&sessions, &numbers(&db, &users).await?, bench.args.speed)
    };
    let total = plan.len();
    let watch = Watch { server: Some(server.pid()), database: bench.cluster_of(base) };
    let reading = watch.read()?;
    let (samples, bad) = drive(server.port, plan).await?;
    let mut all = Sample::default();
    samples.iter().for_each(|sample| all.add(sample));
    let run = watch.since(&reading, all, bad)?;
    let memory = machine::memory_mib(server.pid())?;
    server.stop()?;
    println!("{}: peak: {} ms at {:.0}/s", base.name(), run.sample.quantiles(), run.rate());
    Ok(describe(base, records, total, &samples, &run, memory.1, &before))
}

/// A record of each person.
async fn numbers(db: &Db, users: &[Uuid]) -> Outcome<HashMap<Uuid, String>> {
    let users = users.to_vec();
    let read = move |reader: &mut dyn store::Sql| {
        let mut numbers = HashMap::new();
        for user in users {
            let sql = "SELECT number FROM record WHERE requester = $1 ORDER BY opened_at DESC LIMIT 1";
            if let Some(row) = reader.first(sql, &[user.into()])? {
                numbers.insert(user, row.text(0)?);
            }
        }
        Ok(numbers)
    };
    Ok(db.read(read).await?)
}

/// All requests of the hour in the order of their times.
fn plan(sessions: &[Session], numbers: &HashMap<Uuid, String>, speed: f64) -> Vec<Planned> {
    let mut dice = 7_u64;
    let mut roll = || {
        dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (dice >> 33) as f64 / f64::from(u32::MAX >> 1)
    };
    let mut all = Vec::new();
    for (n, session) in sessions.iter().enumerate() {
        let start = roll() * 3500.0;
        let mut put = |after: f64, kind: usize, request: Request| {
            all.push(Planned { at: Duration::from_secs_f64((start + after) / speed), kind, request });
        };
        let list = Request::get("/api/v1/records/incident?requester=me&limit=20", session);
        put(0.0, 0, Request::get("/api/v1/me", session));
        put(1.0, 1, list.clone());
        if let Some(number) = numbers.get(&session.user) {
            put(10.0, 2, Request::get(&format!("/api/v1/records/incident/{number}"), session));
            put(10.5, 3, Request::get(&format!("/api/v1/records/incident/{number}/timeline"), session));
        }
        if n * OPENINGS / sessions.len() != (n + 1) * OPENINGS / sessions.len() {
            let body = json!({ "title": "邮件收不到", "description": "从昨天下午起收不到外部邮件。" });
            put(60.0, 4, Request::post("/api/v1/records/incident", session, &body));
        }
        put(90.0, 1, list);
    }
    all.sort_by_key(|planned| planned.at);
    all
}

/// Sends each request at its time over whichever connection is free.
async fn drive(port: u16, plan: Vec<Planned>) -> Outcome<(Vec<Sample>, usize)> {
    let (sender, receiver) = mpsc::unbounded_channel::<(Instant, Planned)>();
    let receiver = Arc::new(Mutex::new(receiver));
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..CONNECTIONS {
        let (receiver, mut client) = (Arc::clone(&receiver), Client::connect(port).await?);
        tasks.spawn(async move {
            let (mut samples, mut bad) = (vec![Sample::default(); KINDS.len()], 0);
            loop {
                let next = receiver.lock().await.recv().await;
                let Some((due, planned)) = next else { return Outcome::Ok((samples, bad)) };
                match client.send(&planned.request).await? {
                    200..300 => samples[planned.kind].push(due.elapsed()),
                    _ => bad += 1,
                }
            }
        });
    }
    let start = Instant::now();
    for planned in plan {
        let due = start + planned.at;
        let now = Instant::now();
        if due > now + Duration::from_millis(1) {
            tokio::time::sleep(due - now).await;
        }
        // The connections' tasks end only after this sender.
        let _ = sender.send((due, planned));
    }
    drop(sender);
    let (mut all, mut bad) = (vec![Sample::default(); KINDS.len()], 0);
    while let Some(done) = tasks.join_next().await {
        let (samples, wrong) = done??;
        all.iter_mut().zip(&samples).for_each(|(sum, sample)| sum.add(sample));
        bad += wrong;
    }
    Ok((all, bad))
}

fn describe(base: &Base, records: usize, total: usize, samples: &[Sample], run: &Run, memory: u64, before: &str) -> String {
    let mut table = Table::new(&["request", "how many", "ms"]);
    for (kind, sample) in KINDS.iter().zip(samples) {
        table.row(&[(*kind).to_owned(), figure(sample.len() as f64), sample.quantiles()]);
    }
    table.row(&["all".to_owned(), figure(run.sample.len() as f64), run.sample.quantiles()]);
    let database = if run.database_ms > 0.0 { format!(", database {} ms", figure(run.each(run.database_ms))) } else { String::new() };
    format!(
        "\n### {} with {} records\n\n{total} requests in {:.0} s ({} a second), bad answers: {}. CPU per request: server {} ms{database}, client {} ms. In \
         life the hour would take {:.1} % of one core for the server. Most memory of the server: {memory} MiB. Others used {} cores. \
         Load before {before}, after {}.\n\n{}\n- p95 ms of all requests: {}\n",
        base.name(),
        figure(records as f64),
        run.seconds,
        figure(run.rate()),
        run.bad,
        figure(run.each(run.server_ms)),
        figure(run.each(run.client_ms)),
        run.server_ms / 1000.0 / 3600.0 * 100.0,
        figure(run.others),
        machine::load(),
        table.text(),
        verdict(run.sample.quantile(0.95), 100.0, true),
    )
}
