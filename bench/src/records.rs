//! Part 3: lists over a million records.

use std::sync::Arc;
use std::time::{Duration, Instant};

use rusqlite::params_from_iter;
use serde_json::Value as Json;
use store::Db;
use tokio_postgres::types::ToSql;
use uuid::Uuid;

use crate::bench::{Base, Bench};
use crate::client::{Client, Request};
use crate::load::{self, Run, Watch};
use crate::million::Loader;
use crate::report::Table;
use crate::server::{Place, Server};
use crate::stats::{Sample, figure, verdict};
use crate::who::{self, Session};
use crate::{Outcome, machine, raw};

/// Pages of 200 that are turned before the page deep in the list.
const DEEP: usize = 100;

/// A database that is full, with what is needed to ask it.
pub struct Full {
    /// Where it is.
    pub place: Place,
    /// How many records were loaded.
    pub records: usize,
    /// Seconds it took.
    pub seconds: f64,
}

/// Loads a copy of a base, once for all parts that want it.
pub async fn full(bench: &Bench, base: &Base) -> Outcome<Full> {
    let place = bench.copy(base, "full")?;
    let records = if base.is_postgres() { bench.args.records_postgres } else { bench.args.records };
    let mut loader = {
        let db = Db::connect(&place.address()?).await?;
        Loader::read(&db, who::requesters(&db).await?).await?
    };
    let seconds = loader.load(&place, records).await?;
    println!("{}: {records} records loaded in {seconds:.0} s", base.name());
    Ok(Full { place, records, seconds })
}

/// A question with its answer times.
struct Asked {
    name: &'static str,
    path: String,
    one: Run,
    eight: Run,
    raw: Option<Sample>,
}

/// Runs the part.
pub async fn run(bench: &mut Bench) -> Outcome<String> {
    let mut text = format!(
        "## Lists over many records\n\nLives of the demonstration's records told again over three years, spread over its teams, people and \
         states; one in five of the newest tenth is open. Rows were written directly, without their journal. Each question is asked for {} s \
         by one client, then by eight; 50 rows an answer. *Raw* is the same rows read by SQL alone in this program, one client. No ANALYZE was \
         run on SQLite (the product runs none).\n",
        bench.args.seconds
    );
    for base in bench.bases()? {
        let full = bench.full(&base).await?;
        text.push_str(&measure(bench, &base, &full).await?);
    }
    Ok(text)
}

async fn measure(bench: &Bench, base: &Base, full: &Full) -> Outcome<String> {
    let before = machine::load();
    let db = Db::connect(&full.place.address()?).await?;
    let (agent, team) = busiest(&db).await?;
    let session = who::sign_in(&db, &[agent], 0).await?.remove(0);
    drop(db);
    let list = format!("/api/v1/records/incident?team={team}&state=open&limit=50");
    let (server, first) = first_page(bench, full, &Request::get(&list, &session)).await?;
    let watch = Watch { server: Some(server.pid()), database: bench.cluster_of(base) };
    let idle = machine::memory_mib(server.pid())?.0;
    let deep = deep_page(server.port, &session).await?;
    let questions = [
        ("newest 50 of a team's open records", list),
        ("filtered page deep in the list", deep),
        ("my work (tasks)", "/api/v1/tasks?mine=true&limit=50".to_owned()),
        ("my open records", "/api/v1/records/incident?assignee=me&state=open&limit=50".to_owned()),
    ];
    let mut asked = Vec::new();
    for (name, path) in questions {
        let request = Request::get(&path, &session);
        let make = move |_: usize, _: usize| request.clone();
        let make: load::Make = Arc::new(make);
        let one = load::closed(server.port, watch, 1, bench.args.seconds, Arc::clone(&make)).await?;
        let eight = load::closed(server.port, watch, 8, bench.args.seconds, make).await?;
        let raw = raw_list(&full.place, name, team, agent, bench.args.seconds / 2.0).await?;
        println!("{}: {name}: {} ms, CPU {:.2} ms", base.name(), one.sample.quantiles(), one.each(one.server_ms));
        asked.push(Asked { name, path, one, eight, raw });
    }
    let memory = machine::memory_mib(server.pid())?;
    server.stop()?;
    Ok(describe(base, full, &asked, first, (idle, memory.1), &before))
}

/// The engineer with the most open steps, and the team with the most open records: engineers may read all.
async fn busiest(db: &Db) -> Outcome<(Uuid, Uuid)> {
    let agent = who::ids(
        db,
        "SELECT assignee FROM task JOIN app_user u ON u.id = assignee WHERE u.roles LIKE '%\"agent\"%' GROUP BY assignee ORDER BY COUNT(*) DESC, assignee LIMIT 1",
    );
    let agent = agent.await?.pop().ok_or("nobody has work")?;
    let team =
        who::ids(db, "SELECT team FROM record WHERE is_open = 1 AND team IS NOT NULL GROUP BY team ORDER BY COUNT(*) DESC, team LIMIT 1");
    Ok((agent, team.await?.pop().ok_or("no team has open records")?))
}

/// Starts the server; from its start to its first list.
async fn first_page(bench: &Bench, full: &Full, request: &Request) -> Outcome<(Server, f64)> {
    let started = Instant::now();
    let server = Server::start(&bench.args.binary, &full.place, false)?;
    let page = Client::connect(server.port).await?.json(request).await?;
    let seconds = started.elapsed().as_secs_f64();
    let rows = page.get("items").and_then(Json::as_array).map_or(0, Vec::len);
    if rows != 50 {
        return Err(format!("the first page has {rows} rows").into());
    }
    Ok((server, seconds))
}

/// Turns pages of closed records of one priority and gives the address of a page deep in the list.
async fn deep_page(port: u16, session: &Session) -> Outcome<String> {
    let filter = "/api/v1/records/incident?state=closed&priority=p3&sort=-opened_at";
    let (mut client, mut cursor) = (Client::connect(port).await?, String::new());
    for _ in 0..DEEP {
        let page = client.json(&Request::get(&format!("{filter}&limit=200{cursor}"), session)).await?;
        match page.get("next").and_then(Json::as_str) {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    Ok(format!("{filter}&limit=50{cursor}"))
}

/// The same rows by SQL alone; `None` where there is no single statement for it.
async fn raw_list(place: &Place, name: &str, team: Uuid, agent: Uuid, seconds: f64) -> Outcome<Option<Sample>> {
    let columns = "id, number, state, phase, title, impact, urgency, priority, category, requester, reporter, channel, team, assignee, service, \
                   site, opened_at, updated_at, version";
    let (column, who) = match name {
        "newest 50 of a team's open records" => ("team", team),
        "my open records" => ("assignee", agent),
        _ => return Ok(None),
    };
    let sql = format!("SELECT {columns} FROM record WHERE {column} = $1 AND is_open = 1 ORDER BY opened_at DESC, id DESC LIMIT 50");
    let (value, end) = (store::Value::from(who), Instant::now() + Duration::from_secs_f64(seconds));
    let mut sample = Sample::default();
    if let Some(url) = &place.url {
        let client = raw::postgres(url).await?;
        let statement = client.prepare(&sql).await?;
        while Instant::now() < end {
            let started = Instant::now();
            let param: &(dyn ToSql + Sync) = &value;
            client.query(&statement, &[param]).await?;
            sample.push(started.elapsed());
        }
        return Ok(Some(sample));
    }
    let file = place.file();
    tokio::task::spawn_blocking(move || {
        let connection = raw::sqlite(&file)?;
        let mut statement = connection.prepare(&sql.replace('$', "?"))?;
        while Instant::now() < end {
            let started = Instant::now();
            let mut rows = statement.query(params_from_iter([&value]))?;
            while let Some(row) = rows.next()? {
                row.get_ref(4)?;
            }
            drop(rows);
            sample.push(started.elapsed());
        }
        Ok(Some(sample))
    })
    .await?
}

fn describe(base: &Base, full: &Full, asked: &[Asked], first: f64, memory: (u64, u64), before: &str) -> String {
    let headings =
        ["question", "1 client ms", "server CPU ms", "database CPU ms", "client CPU ms", "raw ms", "8 clients ms", "8 clients/s", "others"];
    let mut table = Table::new(&headings);
    let mut goals = String::new();
    for Asked { name, one, eight, raw, path } in asked {
        table.row(&[
            (*name).to_owned(),
            one.sample.quantiles(),
            figure(one.each(one.server_ms)),
            if one.database_ms > 0.0 { figure(one.each(one.database_ms)) } else { "–".to_owned() },
            figure(one.each(one.client_ms)),
            raw.as_ref().map_or_else(|| "–".to_owned(), Sample::quantiles),
            eight.sample.quantiles(),
            figure(eight.rate()),
            figure(one.others.midpoint(eight.others)),
        ]);
        let path = path.split("&cursor").next().unwrap_or(path);
        goals.push_str(&format!("- {name} (`{path}`): p95 ms {}", verdict(one.sample.quantile(0.95), 10.0, true)));
        goals.push_str(&format!("; server CPU ms {}", verdict(one.each(one.server_ms), 1.0, true)));
        if let Some(raw) = raw {
            goals.push_str(&format!("; p50 is {:.1} times raw", one.sample.quantile(0.5) / raw.quantile(0.5)));
        }
        goals.push_str(&format!("; bad answers: {}\n", one.bad + eight.bad));
    }
    format!(
        "\n### {} with {} records\n\nLoaded in {:.0} s. Load before {before}, after {}.\n\n{}\n{goals}- resident memory after all of this, MiB (most ever; {} after the \
         first page): {}\n- first answered page after the start, s: {}\n",
        base.name(),
        figure(full.records as f64),
        full.seconds,
        machine::load(),
        table.text(),
        memory.0,
        verdict(memory.1 as f64, 300.0, true),
        verdict(first, 2.0, true),
    )
}
