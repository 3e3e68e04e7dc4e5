//! `/archives`

use std::collections::BTreeMap;
use std::io::Read;

use serde_json::{Value, json};

use crate::harness::{Call, Caller, Cluster, Database, House, at, pages, record, s, unique, until, upload};
use crate::import::{check, import_ended};

on_both!(nonsense_is_refused; alone: what_was_archived_in_spite_of_a_crash_is_found_read_and_removed);

fn nonsense_is_refused(house: &House) {
    let admin = &house.cast.admin;
    for query in ["limit=0", "limit=201", "cursor=x", "colour=red", "type=unheard-of"] {
        admin.get(format!("/archives?{query}")).problem(400, "malformed");
    }
    assert!(admin.get("/archives?number=%00").status < 500);
    assert_eq!(admin.read("/archives?number=INC-1999-000001")["items"], json!([]));
    for id in ["01890000-0000-7000-8000-000000000000", "no-identity"] {
        admin.get(format!("/archives/{id}")).problem(404, "not_found");
        admin.get(format!("/archives/{id}/content")).problem(404, "not_found");
        admin.delete(format!("/archives/{id}")).problem(404, "not_found");
    }
}

/// The files of an archive.
fn unpacked(archive: &[u8]) -> BTreeMap<String, String> {
    let mut tar = tar::Archive::new(flate2::read::GzDecoder::new(archive));
    let mut files = BTreeMap::new();
    for entry in tar.entries().unwrap() {
        let (mut entry, mut content) = (entry.unwrap(), String::new());
        entry.read_to_string(&mut content).unwrap();
        files.insert(entry.path().unwrap().display().to_string(), content);
    }
    files
}

/// How many archives are stored, whether something refers to them or not.
fn stored(house: &House) -> i64 {
    let query = "SELECT count(*) FROM blob WHERE media_type = 'application/gzip'";
    match house.url_of_database() {
        Some(url) => Cluster::shared().psql(url.rsplit('/').next().unwrap(), query).trim().parse().unwrap(),
        None => {
            let database = rusqlite::Connection::open(house.folder().join("yuheng.db")).unwrap();
            database.query_row(query, [], |row| row.get(0)).unwrap()
        }
    }
}

fn archived(by: &Caller, number: &str) -> Value {
    by.read(format!("/archives?type=incident&number={number}"))["items"][0].clone()
}

fn what_was_archived_in_spite_of_a_crash_is_found_read_and_removed(database: Database) {
    let mut house = House::own(database);
    import_ended(&house, &["B1", "B2", "B3"]);
    let before = record(&house.cast.admin, "B1");
    let (number, words) = (before["number"].as_str().unwrap().to_owned(), unique("content"));
    house.cast.admin.send(&upload(&at(&number, "/attachments"), "a.txt", words.as_bytes(), None)).ok(201);
    let rule = json!({ "type": "incident", "phase": "closed", "days": 30, "action": "archive" });
    let setting = json!({ "value": { "rules": [rule] } });
    house.cast.admin.send(&Call::new("PUT", "/settings/retention").json(&setting)).ok(200);

    // It dies when the second file is stored and no record is gone yet.
    house.dying_at("archive_stored:2", |_| {});
    check(&house);
    house.restart();
    let admin = &house.cast.admin;
    let job = until(s(90), "the job ends", || {
        let job = admin.read("/jobs?limit=1")["items"][0].clone();
        (job["kind"] == "retention" && job["state"] == "done").then_some(job)
    });
    assert_eq!(job["result"], json!({ "removed": 0, "archived": 3, "kept": 0 }), "{job}");
    assert_eq!(stored(&house), 3, "the two that were stored before it died were the same again");
    for number in [&number, "B1"] {
        admin.get(at(number, "")).problem(404, "not_found");
    }
    check(&house);

    assert_eq!(pages(admin, "/archives?type=incident&limit=1").len(), 3);
    let archive = archived(admin, &number);
    assert_eq!((&archive["id"], &archive["phase"]), (&before["id"], &json!("closed")), "{archive}");
    assert!(archive["title"].is_null() && archive["ended_at"].is_string() && archive["archived_at"].is_string());
    let one = format!("/archives/{}", archive["id"].as_str().unwrap());
    assert_eq!(admin.read(&one), archive);
    let content = admin.get(format!("{one}/content"));
    assert_eq!((content.status, content.body.len() as i64), (200, archive["size"].as_i64().unwrap()));
    let disposition = content.header("content-disposition").unwrap();
    assert!(disposition.starts_with("attachment") && disposition.contains(&format!("{number}.tar.gz")), "{disposition}");
    let files = unpacked(&content.body);
    assert_eq!(files[&format!("{number}/files/001-a.txt")], words);
    let told: Value = serde_json::from_str(&files[&format!("{number}/record.json")]).unwrap();
    assert_eq!(
        (&told["number"], &told["fields"]["title"]["value"], &told["aliases"][0]["name"]),
        (&json!(number), &before["title"], &json!("B1"))
    );

    for (by, status) in [(&house.cast.manager, 403), (&house.cast.agent, 403), (&house.cast.owner, 403)] {
        assert_eq!([by.get(&one).status, by.get(format!("{one}/content")).status, by.delete(&one).status], [status; 3]);
    }
    let remove = Call::new("DELETE", &one).once("once");
    assert_eq!(admin.send(&remove).status, 204);
    assert_eq!(admin.send(&remove).header("idempotency-replayed"), Some("true"));
    admin.delete(&one).problem(404, "not_found");
    admin.get(format!("{one}/content")).problem(404, "not_found");
    assert_eq!((archived(admin, &number), pages(admin, "/archives?limit=1").len()), (Value::Null, 2));
    check(&house);
}
