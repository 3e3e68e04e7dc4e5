//! `yuheng secret rotate`: a new key makes what is new, the older ones verify what they made.

use serde_json::json;

use crate::harness::{Database, House, PASSWORD, Stage, act, record, s, timeline, until, yuheng};
use crate::oversight::beside;

on_both!(; alone:
    keys_are_rotated_beside_the_server_and_without_it,
    a_backup_carries_all_keys,
    keys_from_the_environment_are_changed_there,
    what_a_stolen_old_key_makes_is_found,
    another_key_is_refused_at_the_start,
);

fn keys(house: &House) -> Vec<String> {
    std::fs::read_to_string(house.folder().join("key")).unwrap().lines().map(str::to_owned).collect()
}

#[track_caller]
fn succeed(house: &House, args: &[&str]) -> String {
    let (code, output, errors) = house.command(args);
    assert_eq!(code, Some(0), "{args:?}: {output}\n{errors}");
    output
}

fn keys_are_rotated_beside_the_server_and_without_it(database: Database) {
    let mut house = House::own(database);
    let number = house.stand(Stage::L1);
    let signed_in = house.sign_in("agent", PASSWORD);
    let first = keys(&house);
    // What a crash may have left of an earlier try is of no account.
    std::fs::write(house.folder().join("key.new"), "half a k").unwrap();
    let said = succeed(&house, &["secret", "rotate"]);
    assert!(said.contains("version 2"), "{said}");
    // The file says since which seal the new key makes everything; whoever else works on this PostgreSQL may delay that.
    let second = until(s(150), "the new key is noted", || Some(keys(&house)).filter(|keys| keys.last().unwrap().contains('@')));
    assert_eq!((second.len(), &second[..1]), (2, &first[..]));

    // The running server uses the new key at once: sessions go on, new ones begin, both keys' entries verify.
    act(&signed_in, &number, "comment", &json!({ "body": "by the session of before" })).ok(200);
    let proof = signed_in.read("/me")["csrf"].clone();
    let crate::harness::Proof::Cookie { csrf, .. } = &signed_in.proof else { panic!("a session has a cookie") };
    assert_eq!(&proof, csrf, "a page that is loaded again still may write");
    let again = house.sign_in("agent", PASSWORD);
    act(&again, &number, "comment", &json!({ "body": "by a new session" })).ok(200);
    succeed(&house, &["check"]);

    house.server.kill();
    assert!(succeed(&house, &["secret", "rotate"]).contains("version 3"));
    assert_eq!((keys(&house).len(), &keys(&house)[..2]), (3, &second[..]));
    succeed(&house, &["check"]);
    house.restart();
    act(&house.cast.agent, &number, "comment", &json!({ "body": "after a restart" })).ok(200);
    assert_eq!(record(&house.sign_in("owner", PASSWORD), &number)["number"], number);
    let bodies: Vec<_> =
        timeline(&house.cast.agent, &number).iter().filter_map(|entry| entry["body"].as_str().map(str::to_owned)).collect();
    assert_eq!(bodies, ["by the session of before", "by a new session", "after a restart"]);
    succeed(&house, &["check"]);

    // Without the key that made them, entries are no proof of anything, and that is said.
    house.server.kill();
    std::fs::write(house.folder().join("key"), keys(&house)[1..].join("\n")).unwrap();
    let (code, output, _) = house.command(&["check"]);
    assert_eq!(code, Some(1), "{output}");
}

fn a_backup_carries_all_keys(database: Database) {
    let house = House::own(database);
    let number = house.stand(Stage::L1);
    succeed(&house, &["secret", "rotate"]);
    act(&house.cast.agent, &number, "comment", &json!({ "body": "under the second key" })).ok(200);
    let (file, target) = (house.folder().join("all.yuheng"), house.folder().join("elsewhere"));
    let run = |args: &[&str]| {
        let output = yuheng(args).env("YUHENG_BACKUP_PASSPHRASE", "a long enough passphrase").output().unwrap();
        let text = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success(), "{args:?}: {text}");
    };
    let (file, target, folder) = (file.to_str().unwrap(), target.to_str().unwrap(), house.folder().to_str().unwrap());
    let mut backup = vec!["backup", file, "--data", folder];
    backup.extend(house.url_of_database().iter().flat_map(|url| ["--database", *url]));
    run(&backup);
    // Whatever it came from: into the embedded database.
    run(&["restore", file, "--data", target]);
    run(&["check", "--data", target]);
    assert_eq!(std::fs::read_to_string(house.folder().join("elsewhere/key")).unwrap().lines().collect::<Vec<_>>(), keys(&house));
}

fn keys_from_the_environment_are_changed_there(database: Database) {
    let mut house = House::own(database);
    let (file, key) = (house.folder().join("key"), keys(&house).remove(0));
    let start = house.start().clone();
    std::fs::remove_file(&file).unwrap();
    house.restart_as(&start.clone().env("YUHENG_KEY", key.as_str()));
    let number = house.stand(Stage::L1);
    let (code, _, errors) = house.command(&["secret", "rotate"]);
    assert!(code == Some(1) && errors.contains("YUHENG_KEY"), "{errors}");
    let both = format!("{key},{}", "5a".repeat(32));
    house.restart_as(&start.clone().env("YUHENG_KEY", both.as_str()));
    let seal = until(s(60), "the seal is named that is to be noted", || {
        let said = succeed(&house, &["secret", "rotate"]);
        assert!(said.contains("version 2"), "{said}");
        said.lines().find_map(|line| line.strip_prefix("write @")?.split(' ').next().map(str::to_owned))
    });
    house.restart_as(&start.env("YUHENG_KEY", format!("{both}@{seal}")));
    act(&house.cast.agent, &number, "comment", &json!({ "body": "under the second key" })).ok(200);
    succeed(&house, &["check"]);
    assert!(!file.exists(), "nothing is written where keys come from outside");
}

/// Data and key that do not belong together: nothing is written that would never hold.
fn another_key_is_refused_at_the_start(database: Database) {
    let mut house = House::own(database);
    let (file, right) = (house.folder().join("key"), keys(&house).remove(0));
    house.server.kill();
    std::fs::write(&file, "5a".repeat(32)).unwrap();
    let (code, _, errors) = house.command(&["serve", "--listen", "127.0.0.1:0"]);
    assert!(code == Some(1) && errors.contains("another key"), "{errors}");
    std::fs::write(&file, right).unwrap();
    house.restart();
    succeed(&house, &["check"]);
}

/// Somebody has kept the key of before and comes to the database: what they write has sound chains, and is found.
fn what_a_stolen_old_key_makes_is_found(database: Database) {
    let mut house = House::own(database);
    let stolen = keys(&house).remove(0);
    succeed(&house, &["secret", "rotate"]);
    until(s(150), "the new key is noted", || keys(&house).last().unwrap().contains('@').then_some(()));
    let number = house.stand(Stage::L1);
    succeed(&house, &["check"]);
    let with_stolen = house.start().clone().env("YUHENG_KEY", stolen);
    house.server.kill();
    let refused = with_stolen.attempt().err().expect("a key that was rotated away starts nothing");
    assert!(refused.contains("key 2") && refused.contains("newest keys"), "{refused}");
    // Whoever comes to the database can hide what would tell, and put it back.
    for statement in ["CREATE TABLE seal_kept AS SELECT * FROM seal", "DELETE FROM seal"] {
        beside(&house, statement);
    }
    house.restart_as(&with_stolen);
    // What was written with the newer key is not continued with the older one.
    assert_eq!(act(&house.cast.agent, &number, "comment", &json!({ "body": "forged" })).status, 500);
    house.cast.owner.post("/records/incident", &json!({ "title": "forged" })).ok(201);
    house.server.kill();
    for statement in ["DELETE FROM seal", "INSERT INTO seal SELECT * FROM seal_kept", "DROP TABLE seal_kept"] {
        beside(&house, statement);
    }
    let (code, output, _) = house.command(&["check"]);
    assert!(code == Some(1) && output.contains("was made with key 1, when key 2 had taken its place"), "{output}");
}
