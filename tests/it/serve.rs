//! `yuheng serve`: starting, stopping, and whose folder it is.

use std::os::unix::fs::PermissionsExt;

use serde_json::json;

use crate::harness::{Caller, Database, House, Live, Start, run_folder, s, unique, until, yuheng};

on_both!(; alone:
    a_second_server_on_the_same_folder_is_refused,
    a_request_in_flight_ends_before_the_server_stops,
    an_open_stream_does_not_hold_the_server_up,
    health_and_readiness_are_told,
);

fn a_second_server_on_the_same_folder_is_refused(database: Database) {
    let house = House::own(database);
    let Err(log) = house.start().attempt() else { panic!("two servers work on one folder") };
    assert!(log.contains(&house.folder().display().to_string()), "it says which folder: {log}");
    house.cast.owner.get("/me").ok(200);
}

fn a_request_in_flight_ends_before_the_server_stops(database: Database) {
    let house = House::own(database);
    let pid = house.server.pid();
    let answers = std::thread::scope(|scope| {
        let work = || {
            (0..200)
                .map_while(|_| house.cast.owner.attempt(&crate::harness::Call::post("/records/incident", &json!({ "title": "t" }))).ok())
                .collect::<Vec<_>>()
        };
        let clients: Vec<_> = (0..4).map(|_| scope.spawn(work)).collect();
        until(s(20), "the clients are at work", || {
            (!house.cast.owner.read("/records/incident")["items"].as_array().unwrap().is_empty()).then_some(())
        });
        crate::harness::signal(pid, "TERM");
        clients.into_iter().flat_map(|client| client.join().unwrap()).collect::<Vec<_>>()
    });
    // Every answer is whole: done, or refused because this node is stopping.
    for answer in &answers {
        assert!(answer.status == 201 || answer.problem(503, "read_only").is_object());
    }
    let done = answers.iter().filter(|answer| answer.status == 201).count();
    let mut house = house;
    assert!(house.server.wait(s(30)).success());
    house.restart();
    let there = crate::harness::pages(&house.cast.owner, "/records/incident?limit=200").len();
    assert_eq!(there, done, "acknowledged and present are the same");
}

fn an_open_stream_does_not_hold_the_server_up(database: Database) {
    let mut house = House::own(database);
    let mut live = Live::follow(&house.cast.owner);
    crate::harness::signal(house.server.pid(), "TERM");
    assert!(house.server.wait(s(20)).success());
    assert!(live.ends_within(s(5)));
}

fn health_and_readiness_are_told(database: Database) {
    let house = House::own(database);
    for path in ["//healthz", "//readyz"] {
        assert_eq!(house.nobody().get(path).status, 200, "{path}");
    }
    house.cast.owner.post("/records/incident", &json!({ "title": unique("metered") })).ok(201);
    let metrics = house.nobody().get("//metrics").text();
    for name in ["yuheng_http_requests_total", "yuheng_commit_seconds", "yuheng_commit_batch"] {
        assert!(metrics.contains(name), "{name}");
    }
    assert!(!metrics.contains("metered") && !metrics.contains("INC-") && !metrics.contains("owner"), "no personal data in metrics");
    assert!(!house.server.log().contains("metered"), "no personal data in logs");
}

/// The folder, the key and the socket are the owner's alone.
#[test]
fn the_data_folder_is_private() {
    let folder = run_folder().join(unique("private"));
    let output = yuheng(&["migrate", "--data", &folder.display().to_string()]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let server = Start { folder: folder.clone(), ..Start::default() }.run();
    let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&folder), 0o700, "who may enter the folder may use the control socket");
    let files = std::fs::read_dir(&folder).unwrap().flatten();
    let key = files.map(|file| file.path()).find(|path| path.file_name().is_some_and(|name| name.to_string_lossy().contains("key")));
    assert_eq!(mode(&key.expect("the key lies in the folder")), 0o600);
    drop(server);
}

/// A password that was given is not shown; one that is made up is shown once and works.
#[test]
fn the_first_password_is_shown_once() {
    let given = House::own(Database::Sqlite);
    assert!(!given.server.log().contains(crate::harness::ADMIN_PASSWORD));
    let start = Start { folder: run_folder().join(unique("first")), made_up_password: true, ..Start::default() };
    let server = start.run();
    let log = server.log();
    let line = log.lines().find(|line| line.contains("first administrator")).expect("the password is shown");
    let password = line.split(" / ").nth(1).and_then(|rest| rest.split_whitespace().next()).unwrap().to_owned();
    assert!(password.len() >= 12);
    let sign_in = json!({ "username": "admin", "password": password });
    Caller::new(&server.url()).post("/session", &sign_in).ok(200);
    drop(server);
    assert!(!start.run().log().contains(&password), "it is shown at the first start only");
}

/// What cannot be started says why, and how to mend it.
#[test]
fn wrong_addresses_are_told() {
    for (database, word) in [("mysql://localhost/x", "mysql"), ("postgres://nobody@127.0.0.1:1/none", "")] {
        let folder = run_folder().join(unique("wrong")).display().to_string();
        let output = yuheng(&["serve", "--data", &folder, "--database", database, "--listen", "127.0.0.1:0"]).output().unwrap();
        assert!(!output.status.success());
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(text.contains("yuheng:") && text.contains(word), "{text}");
        assert!(!text.contains("panicked"), "{text}");
    }
}
