//! `yuheng check`, `backup`, `restore`, `copy`: while serving, on both databases, and from one to the other.

use std::path::Path;

use serde_json::json;

use crate::harness::{
    Caller, Cluster, Database, House, Proof, Stage, Start, act, at, pages, record, run_folder, timeline, unique, upload, yuheng,
};

on_both!(; alone:
    check_is_clean_beside_the_server_and_without_it,
    check_finds_a_row_that_its_journal_does_not_tell,
    check_finds_a_rewritten_and_a_missing_entry,
    a_backup_made_while_serving_is_whole,
    a_backup_made_under_load_is_of_one_moment,
    restore_takes_only_an_empty_place,
    a_damaged_backup_restores_nothing,
    a_backup_without_its_key_opens_only_beside_it,
);

const PASSPHRASE: &str = "a long enough passphrase";

/// Runs the command line with a passphrase for backups; gives exit code, output and errors.
fn run(args: &[&str], passphrase: &str) -> (Option<i32>, String, String) {
    let output = yuheng(args).env("YUHENG_BACKUP_PASSPHRASE", passphrase).output().expect("yuheng could not be started");
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).trim_end().to_owned();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

#[track_caller]
fn succeed(args: &[&str], passphrase: &str) -> String {
    let (code, output, errors) = run(args, passphrase);
    assert_eq!(code, Some(0), "yuheng {args:?}:\n{output}\n{errors}");
    output
}

fn words(folder: &Path, database: Option<&str>) -> Vec<String> {
    let mut words = vec!["--data".to_owned(), folder.display().to_string()];
    words.extend(database.iter().flat_map(|url| ["--database".to_owned(), (*url).to_owned()]));
    words
}

/// The arguments that name a house's data.
fn place(house: &House) -> Vec<String> {
    words(house.folder(), house.url_of_database())
}

#[track_caller]
fn on(verb: &[&str], place: &[String]) -> String {
    let args: Vec<&str> = verb.iter().copied().chain(place.iter().map(String::as_str)).collect();
    succeed(&args, PASSPHRASE)
}

/// A new, empty place on the same kind of database.
fn empty(database: Database) -> Start {
    let name = unique("restored");
    let url = (database == Database::Postgres).then(|| {
        Cluster::shared().create(&name, None);
        Cluster::shared().url(&name)
    });
    Start { folder: run_folder().join(&name), database: url, ..Start::default() }
}

fn place_of(start: &Start) -> Vec<String> {
    words(&start.folder, start.database.as_deref())
}

/// Some life: records at all stages, a comment, a file.
fn live(house: &House) -> String {
    for stage in [Stage::New, Stage::L2, Stage::Held, Stage::Review, Stage::Closed, Stage::Cancelled] {
        house.stand(stage);
    }
    let number = house.stand(Stage::L1);
    act(&house.cast.agent, &number, "comment", &json!({ "body": "internal", "visibility": "internal" })).ok(200);
    house.cast.agent.send(&upload(&at(&number, "/attachments"), "a.txt", "内容".as_bytes(), None)).ok(201);
    number
}

fn backup_file() -> String {
    run_folder().join(unique("backup")).display().to_string()
}

fn check_is_clean_beside_the_server_and_without_it(database: Database) {
    let mut house = House::own(database);
    live(&house);
    let serving = on(&["check"], &place(&house));
    assert!(serving.lines().last().unwrap().contains(" 0 faults"), "{serving}");
    house.server.kill();
    let stopped = on(&["check"], &place(&house));
    assert_eq!(stopped, serving, "nothing changed between the two");
}

/// Changes the database behind the system's back.
pub fn tamper(house: &mut House, statement: &str) {
    house.server.kill();
    match house.url_of_database() {
        Some(url) => drop(Cluster::shared().psql(url.rsplit('/').next().unwrap(), statement)),
        None => {
            let database = rusqlite::Connection::open(house.folder().join("yuheng.db")).unwrap();
            assert!(database.execute(statement, []).unwrap() > 0, "{statement} changed nothing");
        }
    }
}

#[track_caller]
fn faults(house: &House) -> String {
    let place = place(house);
    let args: Vec<&str> = ["check"].into_iter().chain(place.iter().map(String::as_str)).collect();
    let (code, output, errors) = run(&args, PASSPHRASE);
    assert_eq!(code, Some(1), "the change was not found:\n{output}\n{errors}");
    output
}

fn check_finds_a_row_that_its_journal_does_not_tell(database: Database) {
    let mut house = House::own(database);
    let number = live(&house);
    tamper(&mut house, &format!("UPDATE record SET title = 'changed behind its back' WHERE number = '{number}'"));
    let found = faults(&house);
    assert!(found.contains(&number) || found.contains("title"), "it says what is wrong: {found}");
}

fn check_finds_a_rewritten_and_a_missing_entry(database: Database) {
    let statements = [
        "UPDATE journal_payload SET body = replace(body, 'internal', 'INTERNAL') WHERE body LIKE '%internal%'",
        "DELETE FROM journal WHERE pos = (SELECT max(pos) FROM journal WHERE kind = 'record')",
        "UPDATE journal SET actor = NULL WHERE pos = (SELECT max(pos) FROM journal WHERE kind = 'record')",
        "DELETE FROM task WHERE element = 'l1'",
    ];
    for statement in statements {
        let mut house = House::own(database);
        live(&house);
        tamper(&mut house, statement);
        faults(&house);
    }
}

fn a_backup_made_while_serving_is_whole(database: Database) {
    let house = House::own(database);
    let number = live(&house);
    let before = on(&["check"], &place(&house));
    let file = backup_file();
    on(&["backup", &file], &place(&house));
    let start = empty(database);
    on(&["restore", &file], &place_of(&start));
    assert_eq!(on(&["check"], &place_of(&start)), before, "what is restored is what was there");
    // People go on with it: their tokens, records and files are there.
    let server = start.run();
    let again = |by: &Caller| {
        let Proof::Bearer(token) = &by.proof else { panic!("no token") };
        Caller::new(&server.url()).with(Proof::Bearer(token.clone()))
    };
    let agent = again(&house.cast.agent);
    assert_eq!(record(&agent, &number), record(&house.cast.agent, &number));
    assert_eq!(timeline(&agent, &number), timeline(&house.cast.agent, &number));
    let file = agent.read(at(&number, "/attachments"))["items"][0]["id"].as_str().unwrap().to_owned();
    assert_eq!(agent.get(at(&number, &format!("/attachments/{file}"))).text(), "内容");
    act(&agent, &number, "accept", &json!({})).ok(200);
    again(&house.cast.owner).post("/records/incident", &json!({ "title": "after the restore" })).ok(201);
}

fn a_backup_made_under_load_is_of_one_moment(database: Database) {
    let house = House::own(database);
    let file = backup_file();
    let done = std::sync::atomic::AtomicBool::new(false);
    let opened = std::thread::scope(|scope| {
        let work = || {
            let mut opened = 0;
            while !done.load(std::sync::atomic::Ordering::SeqCst) {
                house.stand(Stage::L1);
                opened += 1;
            }
            opened
        };
        let clients: Vec<_> = (0..4).map(|_| scope.spawn(work)).collect();
        crate::harness::until(crate::harness::s(30), "there is load", || {
            (house.cast.desk.read("/records/incident?limit=20")["items"].as_array().unwrap().len() == 20).then_some(())
        });
        on(&["backup", &file], &place(&house));
        on(&["check"], &place(&house));
        done.store(true, std::sync::atomic::Ordering::SeqCst);
        clients.into_iter().map(|client| client.join().unwrap()).sum::<usize>()
    });
    let start = empty(database);
    on(&["restore", &file], &place_of(&start));
    let report = on(&["check"], &place_of(&start));
    assert!(report.contains(" 0 faults"), "{report}");
    let server = start.run();
    let Proof::Bearer(token) = &house.cast.desk.proof else { panic!("no token") };
    let desk = Caller::new(&server.url()).with(Proof::Bearer(token.clone()));
    let restored = pages(&desk, "/records/incident?limit=200").len();
    assert!((20..=opened + 4).contains(&restored), "{restored} of {opened}");
}

fn restore_takes_only_an_empty_place(database: Database) {
    let house = House::own(database);
    let file = backup_file();
    on(&["backup", &file], &place(&house));
    let refuse = |start: &Start, file: &str| {
        let place = place_of(start);
        let args: Vec<&str> = ["restore", file].into_iter().chain(place.iter().map(String::as_str)).collect();
        let (code, _, errors) = run(&args, PASSPHRASE);
        assert!(code.is_some_and(|code| code != 0), "it was restored over what was there");
        errors
    };
    let serving = refuse(house.start(), &file);
    assert!(serving.contains("locked") || serving.contains("empty"), "{serving}");
    let start = empty(database);
    on(&["restore", &file], &place_of(&start));
    let filled = refuse(&start, &file);
    assert!(filled.contains("not empty"), "{filled}");
    house.cast.owner.get("/me").ok(200);
    // A backup is not written over something else either.
    let precious = run_folder().join(unique("precious"));
    std::fs::write(&precious, "precious").unwrap();
    let place = place(&house);
    let args: Vec<&str> = ["backup", precious.to_str().unwrap()].into_iter().chain(place.iter().map(String::as_str)).collect();
    assert_ne!(run(&args, PASSPHRASE).0, Some(0));
    assert_eq!(std::fs::read_to_string(&precious).unwrap(), "precious");
}

fn a_damaged_backup_restores_nothing(database: Database) {
    let house = House::own(database);
    live(&house);
    let file = backup_file();
    on(&["backup", &file], &place(&house));
    let whole = std::fs::read(&file).unwrap();
    let mut turned = whole.clone();
    turned[whole.len() / 2] ^= 1;
    for (name, bytes) in
        [("cut", whole[..whole.len() * 2 / 3].to_vec()), ("turned", turned), ("empty", Vec::new()), ("other", b"no backup".to_vec())]
    {
        let damaged = backup_file();
        std::fs::write(&damaged, bytes).unwrap();
        let start = empty(database);
        let place = place_of(&start);
        let args: Vec<&str> = ["restore", &damaged].into_iter().chain(place.iter().map(String::as_str)).collect();
        let (code, output, errors) = run(&args, PASSPHRASE);
        assert!(code.is_some_and(|code| code != 0), "{name}: a damaged backup was restored: {output}");
        assert!(!errors.contains("panicked"), "{name}: {errors}");
        // The place is as empty as before: the whole backup goes in.
        on(&["restore", &file], &place);
    }
}

fn a_backup_without_its_key_opens_only_beside_it(database: Database) {
    let house = House::own(database);
    let file = backup_file();
    let place = place(&house);
    let args: Vec<&str> = ["backup", &file].into_iter().chain(place.iter().map(String::as_str)).collect();
    succeed(&args, "");
    let start = empty(database);
    let into = place_of(&start);
    let args: Vec<&str> = ["restore", &file].into_iter().chain(into.iter().map(String::as_str)).collect();
    let (code, _, errors) = run(&args, "");
    assert!(code.is_some_and(|code| code != 0) && errors.contains("key"), "{errors}");
    std::fs::create_dir_all(&start.folder).unwrap();
    std::fs::copy(house.folder().join("key"), start.folder.join("key")).unwrap();
    succeed(&args, "");
    // With the wrong passphrase a wrapped key stays closed.
    let wrapped = backup_file();
    on(&["backup", &wrapped], &place);
    let other = empty(database);
    let into = place_of(&other);
    let args: Vec<&str> = ["restore", &wrapped].into_iter().chain(into.iter().map(String::as_str)).collect();
    assert_ne!(run(&args, "another passphrase").0, Some(0));
    succeed(&args, PASSPHRASE);
}

/// From SQLite to PostgreSQL and back again: the same, by check.
#[test]
fn a_copy_there_and_back_is_the_same() {
    if std::env::var("SKIP").is_ok_and(|list| list.split(',').any(|word| word == "pg")) {
        return;
    }
    let mut house = House::own(Database::Sqlite);
    let number = live(&house);
    house.server.kill();
    let check = |start: &Start| on(&["check"], &place_of(start));
    let before = check(house.start());
    let address = |start: &Start| match &start.database {
        Some(url) => url.clone(),
        None => format!("sqlite://{}", start.folder.join("yuheng.db").display()),
    };
    let copy = |from: &Start, to: &Start| {
        std::fs::create_dir_all(&to.folder).unwrap();
        std::fs::copy(from.folder.join("key"), to.folder.join("key")).unwrap();
        let (from_folder, to_folder) = (from.folder.display().to_string(), to.folder.display().to_string());
        succeed(&["copy", "--from", &address(from), "--to", &address(to), "--from-files", &from_folder, "--to-files", &to_folder], "");
    };
    let (there, back) = (empty(Database::Postgres), empty(Database::Sqlite));
    copy(house.start(), &there);
    assert_eq!(check(&there), before);
    let server = there.run();
    let Proof::Bearer(token) = &house.cast.agent.proof else { panic!("no token") };
    let agent = Caller::new(&server.url()).with(Proof::Bearer(token.clone()));
    assert_eq!(record(&agent, &number)["number"], number.as_str());
    assert!(server.stop().success());
    let before = check(&there);
    copy(&there, &back);
    assert_eq!(check(&back), before);
}
