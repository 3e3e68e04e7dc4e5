//! Kill it: mixed commands from eight clients, the server killed at random moments and at named points of the write path,
//! PostgreSQL itself stopped as by its own crash. What was acknowledged is there, nothing is half done.
//!
//! `KILLS` is the number of times that the server dies on each database (50 when left out); PostgreSQL is stopped beside
//! that. `SEED` repeats a run's choices.

mod dice;
mod ledger;
mod outbox;
mod verify;
mod workload;

use std::time::Duration;

use crate::harness::{Cluster, Database, House, MailServer, Start, s, until};
use dice::Dice;
use ledger::Ledger;

on_both!(; alone: what_was_acknowledged_survives);

/// How a round ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    /// SIGKILL at a random moment.
    Random,
    /// The process aborts at the n-th pass of a named point.
    Point(&'static str),
    /// PostgreSQL stops at once and comes back; the server lives on.
    Database,
}

/// The deaths of the server, in turn.
const DEATHS: &[End] = &[End::Random, End::Point("before_commit"), End::Point("after_commit"), End::Point("after_send")];
/// After so many deaths PostgreSQL is stopped once.
const DATABASE_AFTER: usize = 10;

/// All rounds in order.
fn rounds(kills: usize, database: Database) -> Vec<End> {
    let mut ends = Vec::new();
    for n in 0..kills {
        ends.push(DEATHS[n % DEATHS.len()]);
        if database == Database::Postgres && (n + 1) % DATABASE_AFTER == 0 {
            ends.push(End::Database);
        }
    }
    ends
}

fn what_was_acknowledged_survives(database: Database) {
    let kills: usize = std::env::var("KILLS").ok().map_or(50, |text| text.parse().expect("KILLS is a number"));
    let rounds = rounds(kills, database);
    let mut dice = Dice::new();
    println!("SEED={} KILLS={kills}", dice.seed());
    let mut cluster = (database == Database::Postgres).then(|| Cluster::new(true));
    let mut house = cluster.as_ref().map_or_else(|| House::own(database), House::on_cluster);
    let mail = MailServer::start();
    connect(&house, &mail);
    let ledger = Ledger::default();
    let mut retried = 0;
    for (round, end) in rounds.iter().copied().enumerate() {
        let begun = std::time::Instant::now();
        run(&mut house, cluster.as_mut(), end, &ledger, &mut dice);
        house.restart();
        retried += verify::retry_what_was_not_answered(&house, &ledger);
        verify::this_round(&house, &ledger);
        let counts = ledger.counts();
        println!("round {round} {end:?}: {counts} so far, {:?}", begun.elapsed());
    }
    assert!(ledger.acknowledged() > rounds.len() * 10, "too little was done to prove anything: {}", ledger.counts());
    println!("{retried} unanswered commands were sent again");
    let begun = std::time::Instant::now();
    verify::everything(&house, &ledger);
    verify::mails(&house, &mail);
    verify::check_is_clean(&mut house);
    println!("the whole house: {:?}", begun.elapsed());
}

fn connect(house: &House, mail: &MailServer) {
    let setting = serde_json::json!({ "value": { "host": "127.0.0.1", "port": mail.port, "from": "desk@example.org" } });
    house.cast.admin.send(&crate::harness::Call::new("PUT", "/settings/mail").json(&setting)).ok(200);
}

/// Works on the house until the end has come.
fn run(house: &mut House, cluster: Option<&mut Cluster>, end: End, ledger: &Ledger, dice: &mut Dice) {
    let pause = Duration::from_millis(dice.between(50, 1000));
    if let End::Point(name) = end {
        // Starting writes a little too: the point lies beyond it.
        let nth = if name == "after_send" { dice.between(1, 3) } else { dice.between(25, 120) };
        let start: Start = house.start().clone().env("YUHENG_CRASH_POINT", format!("{name}:{nth}"));
        if !house.try_restart_as(&start) {
            // What the round before has left (mails, timers, work to give back) was worked off at once: the point was passed before
            // anybody could ask anything.
            return;
        }
    }
    let seeds: Vec<u64> = (0..workload::CLIENTS).map(|_| dice.next()).collect();
    let cast = house.cast.clone();
    let work = workload::Work::new(ledger, &cast);
    std::thread::scope(|scope| {
        for seed in seeds {
            let work = &work;
            scope.spawn(move || work.client(Dice::from(seed)));
        }
        match end {
            End::Random => {
                std::thread::sleep(pause);
                house.server.kill();
            }
            End::Point(name) => {
                let status = house.server.wait(s(60));
                assert!(!status.success(), "the server was to abort at {name} and ended well");
            }
            End::Database => database_goes_and_comes_back(house, cluster.expect("only with PostgreSQL"), &work, pause),
        }
        work.stop();
    });
    let faults = work.faults();
    assert!(faults.is_empty(), "answers that no crash explains: {faults:#?}");
}

/// The server says that it cannot work, and goes on by itself when the database is back.
fn database_goes_and_comes_back(house: &mut House, cluster: &mut Cluster, work: &workload::Work<'_>, pause: Duration) {
    std::thread::sleep(pause);
    cluster.stop_immediately();
    until(s(60), "the server says that its database is gone", || (house.nobody().get("//readyz").status == 503).then_some(()));
    assert!(house.server.is_alive(), "the server died of its database:\n{}", house.server.log());
    let before = work.acknowledged();
    cluster.start();
    until(s(60), "the server is ready again", || (house.nobody().get("//readyz").status == 200).then_some(()));
    until(s(60), "commands are taken again", || (work.acknowledged() > before + 10).then_some(()));
}
