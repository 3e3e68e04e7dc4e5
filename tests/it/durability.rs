//! No answer precedes its fsync; a full disk turns the system read-only and loses nothing.

use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::json;

use crate::harness::{Answer, Cluster, Database, House, PASSWORD, Reaper, pages, run_folder, s, signal, unique, until, upload};

/// What traces and disturbs the system calls of a server, by `strace`: the real binary on the real file system, only slower
/// or failing at one call.
struct Strace {
    child: Child,
    log: PathBuf,
    _reaper: Reaper,
}

impl Strace {
    /// Attaches to a process with these arguments, and waits until it is attached.
    fn attach(pid: u32, args: &[&str]) -> Self {
        let log = run_folder().join(unique("strace"));
        let errors = log.with_extension("errors");
        let mut command = Command::new("strace");
        command.args(["-f", "-p", &pid.to_string(), "-o"]).arg(&log).args(args);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(std::fs::File::create(&errors).unwrap());
        let child = command.spawn().expect("strace is missing: install Debian's package 'strace'");
        let reaper = Reaper::watch(child.id(), "TERM");
        let mut strace = Self { child, log, _reaper: reaper };
        until(s(20), "strace attaches", || {
            let said = std::fs::read_to_string(&errors).unwrap_or_default();
            assert!(strace.child.try_wait().unwrap().is_none(), "strace ended: {said}");
            said.contains("attached").then_some(())
        });
        strace
    }

    /// Lets go of the process; gives what was traced.
    fn detach(mut self) -> String {
        signal(self.child.id(), "TERM");
        let _ = self.child.wait();
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }
}

fn open(house: &House) -> Answer {
    house.cast.owner.post("/records/incident", &json!({ "title": unique("durable") }))
}

fn opened_so_far(house: &House) -> usize {
    pages(&house.cast.admin, "/records/incident?q=durable-&limit=200").len()
}

/// With `synchronous=FULL` each commit waits for an fsync of the log; with less, none would be slow here.
#[test]
fn sqlite_answers_after_its_fsync() {
    let house = House::own(Database::Sqlite);
    open(&house).ok(201);
    let delay = Duration::from_millis(700);
    let strace = Strace::attach(house.server.pid(), &["-e", "trace=fsync,fdatasync", "-e", "inject=fsync,fdatasync:delay_enter=700000"]);
    for _ in 0..4 {
        let begun = Instant::now();
        open(&house).ok(201);
        assert!(begun.elapsed() >= delay, "answered after {:?}, before its fsync could be done", begun.elapsed());
    }
    let traced = strace.detach();
    let syncs = syncs(&traced);
    assert!(syncs >= 4, "four commits and {syncs} fsyncs:\n{traced}");
    let begun = Instant::now();
    open(&house).ok(201);
    assert!(begun.elapsed() < delay, "the control: without the delay it is quick, {:?}", begun.elapsed());
}

/// Many commands share one fsync, and each of them still waits for it.
#[test]
fn sqlite_shares_an_fsync_among_many() {
    let house = House::own(Database::Sqlite);
    open(&house).ok(201);
    let delay = Duration::from_millis(500);
    let strace = Strace::attach(house.server.pid(), &["-e", "trace=fdatasync,fsync", "-e", "inject=fsync,fdatasync:delay_enter=500000"]);
    let spans = std::thread::scope(|scope| {
        let one = || {
            let begun = Instant::now();
            open(&house).ok(201);
            begun.elapsed()
        };
        let all: Vec<_> = (0..32).map(|_| scope.spawn(one)).collect();
        all.into_iter().map(|one| one.join().unwrap()).collect::<Vec<Duration>>()
    });
    let traced = strace.detach();
    assert!(spans.iter().all(|span| *span >= delay), "{spans:?}");
    let syncs = syncs(&traced);
    assert!((1..=16).contains(&syncs), "32 commands took {syncs} fsyncs: they did not share them");
}

/// How many calls to sync a trace shows.
fn syncs(traced: &str) -> usize {
    traced.lines().filter(|line| line.contains("sync(") && !line.contains("resumed")).count()
}

/// A command whose fsync fails is not acknowledged.
#[test]
fn sqlite_does_not_acknowledge_what_could_not_be_synced() {
    let mut house = House::own(Database::Sqlite);
    open(&house).ok(201);
    let strace = Strace::attach(house.server.pid(), &["-e", "trace=fsync,fdatasync", "-e", "inject=fsync,fdatasync:error=EIO"]);
    let answer = open(&house);
    assert!(answer.status >= 500, "fsync failed and the answer was {}: {}", answer.status, answer.text());
    strace.detach();
    house.restart();
    let before = opened_so_far(&house);
    assert!((1..=2).contains(&before));
    open(&house).ok(201);
    assert_eq!(opened_so_far(&house), before + 1);
}

/// PostgreSQL is told to wait for a standby that never comes: each commit with `synchronous_commit = on` waits with it.
#[test]
fn postgres_answers_after_its_commit_is_durable() {
    if std::env::var("SKIP").is_ok_and(|list| list.split(',').any(|word| word == "pg")) {
        return;
    }
    let cluster = Cluster::new(true);
    let house = House::on_cluster(&cluster);
    open(&house).ok(201);
    let standby = |names: &str| {
        cluster.psql("postgres", &format!("ALTER SYSTEM SET synchronous_standby_names = '{names}'"));
        cluster.psql("postgres", "SELECT pg_reload_conf()");
        let now = || cluster.psql("postgres", "SHOW synchronous_standby_names");
        until(s(10), "the setting holds", || (now() == names).then_some(()));
    };
    standby("nobody");
    // Backends take the setting with their next command: one commit of ours that waits says that they have it.
    let answers: Vec<Answer> = std::thread::scope(|scope| {
        let started = Instant::now();
        let threads: Vec<_> = (0..3).map(|_| scope.spawn(|| open(&house))).collect();
        let waiting = || cluster.psql("postgres", "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'");
        until(s(20), "a commit waits to be durable", || (waiting() != "0").then_some(()));
        crate::harness::never(s(2), "a command was answered before its commit was durable", || {
            threads.iter().all(|thread| thread.is_finished())
        });
        assert!(started.elapsed() > s(2));
        standby("");
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    for answer in answers {
        answer.ok(201);
    }
    assert_eq!(opened_so_far(&house), 4);
}

/// Signing in writes: on a full disk it is refused with the reason, never with a failure, and turns the system read-only.
#[test]
fn a_full_disk_refuses_sign_ins_in_order() {
    let house = House::own(Database::Sqlite);
    let files = ["yuheng.db", "yuheng.db-wal"].map(|name| house.folder().join(name).display().to_string());
    let calls = ["-e", "trace=pwrite64,write,ftruncate,fallocate", "-e", "inject=pwrite64,write:error=ENOSPC"];
    let full: Vec<&str> = files.iter().flat_map(|file| ["-P", file]).chain(calls).collect();
    let try_in = |password: &str| house.nobody().post("/session", &json!({ "username": "owner", "password": password }));
    let strace = Strace::attach(house.server.pid(), &full);
    for password in [PASSWORD, "a wrong guess"] {
        let refused = try_in(password);
        let problem = refused.problem(503, "read_only");
        assert!(problem["detail"].as_str().unwrap().contains("space"), "the reason is clear: {problem}");
        assert!(refused.header("retry-after").is_some() && refused.header("set-cookie").is_none());
    }
    assert_eq!(house.nobody().get("//healthz").header("x-yuheng-mode"), Some("read-only"));
    house.cast.owner.get("/me").ok(200);
    strace.detach();
    until(s(60), "people sign in again when there is space", || (try_in(PASSWORD).status == 200).then_some(()));
}

/// No space to write: reads go on, writes are refused with a reason and a time, and when there is space all goes on.
#[test]
fn a_full_disk_turns_the_system_read_only() {
    let house = House::own(Database::Sqlite);
    let number = open(&house).ok(201)["number"].as_str().unwrap().to_owned();
    let content = b"a file for a full disk\n";
    // Where a file of this content is written before it gets its name.
    let staged = "files/a9/a99449f59f712c13c873625797a14f5fd55f872c5cbbf3b8ec270230731df9d5#1";
    let files = ["yuheng.db", "yuheng.db-wal", staged].map(|name| house.folder().join(name).display().to_string());
    let calls = ["-e", "trace=pwrite64,write,ftruncate,fallocate", "-e", "inject=pwrite64,write:error=ENOSPC"];
    let full: Vec<&str> = files.iter().flat_map(|file| ["-P", file]).chain(calls).collect();
    let strace = Strace::attach(house.server.pid(), &full);
    let attach = upload(&format!("/records/incident/{number}/attachments"), "full.txt", content, None);
    let problem = house.cast.owner.send(&attach).problem(503, "read_only");
    assert!(problem["detail"].as_str().unwrap().contains("space"), "the reason is clear: {problem}");
    let refused = until(s(20), "a write is refused", || Some(open(&house)).filter(|answer| answer.status != 201));
    let problem = refused.problem(503, "read_only");
    assert!(problem["detail"].as_str().unwrap().contains("space"), "the reason is clear: {problem}");
    assert!(refused.header("retry-after").is_some_and(|seconds| seconds.parse::<u64>().is_ok_and(|n| n > 0)));
    // Everything that only reads goes on, and says that it is read-only.
    for path in ["/me", "/records/incident", &format!("/records/incident/{number}"), "/tasks", "//readyz"] {
        let read = house.cast.owner.get(path);
        assert_eq!(read.status, 200, "{path}: {}", read.text());
        assert_eq!(read.header("x-yuheng-mode"), Some("read-only"), "{path}");
    }
    house.cast.owner.post(format!("/records/incident/{number}/comments"), &json!({ "body": "x" })).problem(503, "read_only");
    strace.detach();
    let before = opened_so_far(&house);
    assert_eq!(before, 1, "nothing half-written is there");
    until(s(60), "writing goes on by itself when there is space", || (open(&house).status == 201).then_some(()));
    assert_eq!(house.cast.owner.get("/me").header("x-yuheng-mode"), Some("normal"));
    assert_eq!(opened_so_far(&house), before + 1);
    house.cast.owner.send(&attach).ok(201);
    let (code, output, errors) = house.command(&["check"]);
    assert_eq!(code, Some(0), "nothing was lost: {output}\n{errors}");
}
