//! Part 6: a busy minute of the desk, with the pages of thirty agents open and read anew as the interface does.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use serde_json::json;
use store::Db;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::watch;
use uuid::Uuid;

use crate::bench::{Base, Bench};
use crate::client::{Client, Request};
use crate::load::Watch;
use crate::report::Table;
use crate::server::Server;
use crate::stats::{Sample, figure, verdict};
use crate::who::{self, Session};
use crate::{Outcome, machine};

/// Agents whose queue is open, and those who have a record open.
const QUEUES: usize = 20;
const RECORDS: usize = 10;
const OPENINGS: usize = 20;
const CHANGES: usize = 200;
const MINUTE: Duration = Duration::from_secs(60);
/// What the interface keeps to: lists are read anew at most so often, who looks at a record says so at this beat.
const PAUSE: Duration = Duration::from_secs(3);
const BEAT: Duration = Duration::from_secs(15);
/// A connection that was not used for so long may be closed by the server: a browser makes another, too.
const IDLE: Duration = Duration::from_secs(40);
/// Share of one core.
const GOAL: f64 = 5.0;

/// A page that is open.
enum Page {
    Queue,
    Record { id: Uuid, number: String },
}

/// Runs the part.
pub async fn run(bench: &mut Bench) -> Outcome<String> {
    let mut text = format!(
        "## Live views\n\n{} agents with a page open on the demonstration's data: {QUEUES} their teams' queue, {RECORDS} a record. Each follows \
         `/live` and reads as the interface does: the queue and its counters at most every {} s, the record with its journal and actions when it \
         changes, and who has a record open says so every {} s. A quiet minute, then a busy one: {OPENINGS} records are opened and {CHANGES} \
         comments written, every second one internal, evenly over the minute.\n",
        QUEUES + RECORDS,
        PAUSE.as_secs(),
        BEAT.as_secs()
    );
    for base in bench.bases()? {
        text.push_str(&measure(bench, &base).await?);
    }
    Ok(text)
}

async fn measure(bench: &Bench, base: &Base) -> Outcome<String> {
    let before = machine::load();
    let place = bench.copy(base, "live")?;
    let server = Server::start(&bench.args.binary, &place, false)?;
    let db = Db::connect(&place.address()?).await?;
    let agents = who::ids(&db, "SELECT id FROM app_user WHERE active = 1 AND roles LIKE '%\"agent\"%' ORDER BY username LIMIT 30").await?;
    let desk = who::ids(&db, "SELECT id FROM app_user WHERE username = 'wangfang'").await?;
    let (agents, desk) = (who::sign_in(&db, &agents, 0).await?, who::sign_in(&db, &desk, 0).await?);
    let asking = who::sign_in(&db, &who::requesters(&db).await?[..OPENINGS], 0).await?;
    let open = open_records(&db).await?;
    let writer = desk.first().ok_or("the demonstration has no service desk")?;

    let (end, ended) = watch::channel(false);
    let counts = Arc::new((AtomicUsize::new(0), AtomicUsize::new(0)));
    let mut pages = tokio::task::JoinSet::new();
    for (n, session) in agents.into_iter().enumerate() {
        let page = match open.get(n) {
            Some((id, number)) if n < RECORDS => Page::Record { id: *id, number: number.clone() },
            _ => Page::Queue,
        };
        pages.spawn(look(server.port, session, page, ended.clone(), Arc::clone(&counts)));
    }
    let watch = Watch { server: Some(server.pid()), database: bench.cluster_of(base) };
    tokio::time::sleep(Duration::from_secs(5)).await;
    let reading = watch.read()?;
    tokio::time::sleep(MINUTE).await;
    let quiet = watch.since(&reading, Sample::default(), 0)?;
    let (events, reads) = (counts.0.load(Ordering::Relaxed), counts.1.load(Ordering::Relaxed));
    let reading = watch.read()?;
    let bad = work(server.port, writer, &asking, &open).await?;
    let busy = watch.since(&reading, Sample::default(), bad)?;
    let (events, reads) = (counts.0.load(Ordering::Relaxed) - events, counts.1.load(Ordering::Relaxed) - reads);
    end.send(true)?;
    while let Some(done) = pages.join_next().await {
        done??;
    }
    server.stop()?;
    bench.remove(&place)?;

    let share = |milliseconds: f64, seconds: f64| milliseconds / seconds / 10.0;
    let mut table = Table::new(&["minute", "events told", "reads", "server, % of a core", "database, % of a core", "bad answers"]);
    table.row(&[
        "quiet".to_owned(),
        "–".to_owned(),
        "–".to_owned(),
        figure(share(quiet.server_ms, quiet.seconds)),
        figure(share(quiet.database_ms, quiet.seconds)),
        "–".to_owned(),
    ]);
    let cost = share(busy.server_ms, busy.seconds);
    table.row(&[
        "busy".to_owned(),
        figure(events as f64),
        figure(reads as f64),
        figure(cost),
        figure(share(busy.database_ms, busy.seconds)),
        busy.bad.to_string(),
    ]);
    println!("{}: live: {cost:.1} % of a core", base.name());
    Ok(format!(
        "\n### {}\n\nLoad before {before}, after {}.\n\n{}\n- a busy minute with {} views, % of one core: {}\n",
        base.name(),
        machine::load(),
        table.text(),
        QUEUES + RECORDS,
        verdict(cost, GOAL, true)
    ))
}

/// Records that work goes on with, the newest first.
async fn open_records(db: &Db) -> Outcome<Vec<(Uuid, String)>> {
    let read = |reader: &mut dyn store::Sql| {
        let rows = reader.query("SELECT id, number FROM record WHERE is_open = 1 ORDER BY opened_at DESC LIMIT 40", &[])?;
        rows.iter().map(|row| Ok((row.id(0)?, row.text(1)?))).collect()
    };
    Ok(db.read(read).await?)
}

/// The minute's openings and comments, evenly; how many were refused.
async fn work(port: u16, writer: &Session, asking: &[Session], open: &[(Uuid, String)]) -> Outcome<usize> {
    let mut client = Client::connect(port).await?;
    let (start, all) = (Instant::now(), OPENINGS + CHANGES);
    let mut bad = 0;
    for n in 0..all {
        let due = MINUTE.mul_f64(n as f64 / all as f64);
        tokio::time::sleep(due.saturating_sub(start.elapsed())).await;
        let request = if n % (all / OPENINGS) == 0 {
            let asker = &asking[n / (all / OPENINGS) % asking.len()];
            Request::post(
                "/api/v1/records/incident",
                asker,
                &json!({ "title": "邮件收不到", "description": "从昨天下午起收不到外部邮件。" }),
            )
        } else {
            let (_, number) = &open[n % open.len()];
            let visibility = if n % 2 == 0 { "public" } else { "internal" };
            let body = json!({ "body": "正在处理。", "visibility": visibility });
            Request::post(&format!("/api/v1/records/incident/{number}/comments"), writer, &body)
        };
        if !(200..300).contains(&client.send(&request).await?) {
            bad += 1;
        }
    }
    tokio::time::sleep(MINUTE.saturating_sub(start.elapsed())).await;
    Ok(bad)
}

/// One page: follows what changes and reads anew what it shows.
async fn look(
    port: u16,
    session: Session,
    page: Page,
    mut ended: watch::Receiver<bool>,
    counts: Arc<(AtomicUsize, AtomicUsize)>,
) -> Outcome<()> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await?;
    stream.write_all(&Request::get("/api/v1/live", &session).0).await?;
    let (mut client, mut used) = (Client::connect(port).await?, Instant::now());
    let (mut buffer, mut stale, mut last, mut beaten) = (Vec::new(), BTreeSet::new(), Instant::now(), Instant::now());
    let mut tick = tokio::time::interval(Duration::from_millis(250));
    loop {
        tokio::select! {
            _ = ended.changed() => return Ok(()),
            read = stream.read_buf(&mut buffer) => {
                if read? == 0 {
                    return Err("a live stream ended".into());
                }
                counts.0.fetch_add(take_events(&mut buffer, &mut stale), Ordering::Relaxed);
            }
            _ = tick.tick() => {
                let mut wanted: Vec<String> = Vec::new();
                match &page {
                    Page::Queue if !stale.is_empty() && last.elapsed() >= PAUSE => {
                        wanted.push("/api/v1/records/incident?state=open&team=mine&sort=queue&limit=50".to_owned());
                        wanted.push("/api/v1/counters".to_owned());
                    }
                    Page::Record { id, number } if stale.contains(&id.to_string()) => {
                        wanted.extend(["", "/timeline", "/actions"].map(|part| format!("/api/v1/records/incident/{number}{part}")));
                    }
                    _ => {}
                }
                if !wanted.is_empty() || matches!(page, Page::Record { .. }) {
                    stale.clear();
                }
                if !wanted.is_empty() {
                    last = Instant::now();
                }
                let beats = matches!(page, Page::Record { .. }) && beaten.elapsed() >= BEAT;
                if (!wanted.is_empty() || beats) && used.elapsed() > IDLE {
                    client = Client::connect(port).await?;
                }
                if !wanted.is_empty() || beats {
                    used = Instant::now();
                }
                for path in wanted {
                    client.send(&Request::get(&path, &session)).await?;
                    counts.1.fetch_add(1, Ordering::Relaxed);
                }
                if let Page::Record { number, .. } = &page && beats {
                    beaten = Instant::now();
                    client.send(&Request::put(&format!("/api/v1/records/incident/{number}/presence"), &session, &json!({ "typing": false }))).await?;
                }
            }
        }
    }
}

/// Takes whole lines off what has come; the identities of records that changed. How many events there were.
fn take_events(buffer: &mut Vec<u8>, stale: &mut BTreeSet<String>) -> usize {
    let Some(end) = buffer.iter().rposition(|byte| *byte == b'\n') else { return 0 };
    let lines: Vec<u8> = buffer.drain(..=end).collect();
    let text = String::from_utf8_lossy(&lines);
    let events = text.lines().filter_map(|line| serde_json::from_str::<serde_json::Value>(line.strip_prefix("data:")?.trim()).ok());
    let ids = events.filter(|event| event["topic"] == "record").filter_map(|event| event["id"].as_str().map(str::to_owned));
    let mut count = 0;
    for id in ids {
        stale.insert(id);
        count += 1;
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_read_when_they_are_whole() {
        let (mut stale, mut buffer) = (BTreeSet::new(), b"data: {\"topic\":\"record\",\"id\":\"a\",\"version\":2}\n\nda".to_vec());
        assert_eq!((take_events(&mut buffer, &mut stale), buffer.as_slice()), (1, b"da".as_slice()));
        assert!(stale.contains("a"));
    }
}
