//! Clients that ask one after the other, and what came of it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::client::{Client, Request};
use crate::stats::Sample;
use crate::{Outcome, machine};

/// What a run of clients showed.
#[derive(Clone, Default)]
pub struct Run {
    /// Latencies of good answers.
    pub sample: Sample,
    /// Answers with another status.
    pub bad: usize,
    /// How long it took, in seconds.
    pub seconds: f64,
    /// Processor time of the server in milliseconds.
    pub server_ms: f64,
    /// Processor time of PostgreSQL in milliseconds.
    pub database_ms: f64,
    /// Processor time of this program in milliseconds.
    pub client_ms: f64,
    /// Cores that others on this machine used meanwhile.
    pub others: f64,
}

impl Run {
    /// Good answers a second.
    pub fn rate(&self) -> f64 {
        self.sample.len() as f64 / self.seconds
    }

    /// Milliseconds per good answer.
    pub fn each(&self, milliseconds: f64) -> f64 {
        milliseconds / self.sample.len() as f64
    }
}

/// The processes whose use of the processor is told.
#[derive(Clone, Copy)]
pub struct Watch {
    /// The server.
    pub server: Option<u32>,
    /// PostgreSQL's first process.
    pub database: Option<u32>,
}

/// A reading of all clocks.
pub struct Reading {
    at: Instant,
    server: u64,
    database: u64,
    client: u64,
    all: u64,
}

impl Watch {
    /// Reads the clocks.
    pub fn read(&self) -> Outcome<Reading> {
        Ok(Reading {
            at: Instant::now(),
            server: self.server.map_or(Ok(0), machine::cpu_ms)?,
            database: self.database.map_or(Ok(0), machine::family_cpu_ms)?,
            client: machine::own_cpu_ms(),
            all: machine::busy_ms(),
        })
    }

    /// What has passed since a reading.
    pub fn since(&self, before: &Reading, sample: Sample, bad: usize) -> Outcome<Run> {
        let now = self.read()?;
        let passed = |now: u64, before: u64| now.saturating_sub(before) as f64;
        let (server, database) = (passed(now.server, before.server), passed(now.database, before.database));
        let (client, seconds) = (passed(now.client, before.client), (now.at - before.at).as_secs_f64());
        let others = (passed(now.all, before.all) - server - database - client).max(0.0) / 1000.0 / seconds;
        Ok(Run { sample, bad, seconds, server_ms: server, database_ms: database, client_ms: client, others })
    }
}

/// Makes the n-th request of a client.
pub type Make = Arc<dyn Fn(usize, usize) -> Request + Send + Sync>;

/// Lets clients ask one request after the other for some seconds, after half a second that does not count.
pub async fn closed(port: u16, watch: Watch, clients: usize, seconds: f64, make: Make) -> Outcome<Run> {
    ask(port, clients, 0.5, Arc::clone(&make)).await?;
    let before = watch.read()?;
    let (sample, bad) = ask(port, clients, seconds, make).await?;
    watch.since(&before, sample, bad)
}

async fn ask(port: u16, clients: usize, seconds: f64, make: Make) -> Outcome<(Sample, usize)> {
    let end = Instant::now() + Duration::from_secs_f64(seconds);
    let mut tasks = tokio::task::JoinSet::new();
    for client in 0..clients {
        let make = Arc::clone(&make);
        tasks.spawn(async move {
            let mut connection = Client::connect(port).await?;
            let (mut sample, mut bad, mut n) = (Sample::default(), 0, 0);
            while Instant::now() < end {
                let request = make(client, n);
                let started = Instant::now();
                match connection.send(&request).await? {
                    200..300 => sample.push(started.elapsed()),
                    _ => bad += 1,
                }
                n += 1;
            }
            Outcome::Ok((sample, bad))
        });
    }
    let (mut all, mut bad) = (Sample::default(), 0);
    while let Some(done) = tasks.join_next().await {
        let (sample, wrong) = done??;
        all.add(&sample);
        bad += wrong;
    }
    Ok((all, bad))
}

/// Puts runs of the same kind together: one sample, and the rates of each.
pub fn together(runs: &[Run]) -> Run {
    let mut sum = Run::default();
    for run in runs {
        sum.sample.add(&run.sample);
        sum.bad += run.bad;
        sum.seconds += run.seconds;
        sum.server_ms += run.server_ms;
        sum.database_ms += run.database_ms;
        sum.client_ms += run.client_ms;
        sum.others += run.others / runs.len() as f64;
    }
    sum
}
