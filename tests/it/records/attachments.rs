//! `GET/POST /records/{type}/{number}/attachments`, `GET …/attachments/{id}`

use serde_json::{Value, json};

use crate::harness::{Answer, Call, Caller, House, Part, Stage, act, at, parts_of, timeline, upload};

on_both!(
    a_file_comes_back_bit_by_bit,
    a_file_is_a_download_that_no_browser_runs,
    a_name_is_only_a_name,
    only_listed_kinds_are_taken_and_content_must_fit,
    a_file_may_have_25_mib_and_not_one_byte_more,
    the_upload_must_be_an_upload,
    internal_files_are_for_those_who_work,
    who_may_attach,
    a_file_belongs_to_its_record,
    the_same_content_twice_is_two_attachments,
);

/// Bytes that begin as a PNG does.
fn picture(size: usize) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n".to_vec();
    bytes.extend((0..size.saturating_sub(8)).map(|n| u8::try_from(n * 31 % 251).unwrap()));
    bytes
}

fn attach(by: &Caller, number: &str, name: &str, content: &[u8], visibility: Option<&str>) -> Answer {
    by.send(&upload(&at(number, "/attachments"), name, content, visibility))
}

fn list(by: &Caller, number: &str) -> Vec<Value> {
    by.read(at(number, "/attachments"))["items"].as_array().unwrap().clone()
}

fn download(by: &Caller, number: &str, made: &Value) -> Answer {
    by.get(at(number, &format!("/attachments/{}", made["id"].as_str().unwrap())))
}

fn a_file_comes_back_bit_by_bit(house: &House) {
    let number = house.stand(Stage::L1);
    let content = picture(300_000);
    let answer = attach(&house.cast.owner, &number, "屏幕截图 1.png", &content, None);
    let made = answer.ok(201);
    assert_eq!((&made["name"], &made["size"], &made["media_type"]), (&json!("屏幕截图 1.png"), &json!(300_000), &json!("image/png")));
    assert_eq!((&made["visibility"], &made["by"]["key"]), (&json!("public"), &json!("owner")));
    assert_eq!(list(&house.cast.agent, &number), std::slice::from_ref(&made));
    let got = download(&house.cast.agent, &number, &made);
    assert_eq!(got.status, 200);
    assert!(got.body == content, "the content came back changed");
    let by_location = house.cast.agent.get(format!("/{}", answer.header("location").unwrap()));
    assert!(by_location.body == content, "Location leads to the file");
    let entry = timeline(&house.cast.owner, &number).pop().unwrap();
    assert_eq!((&entry["kind"], &entry["attachments"][0]["id"]), (&json!("attached"), &made["id"]));
}

fn a_file_is_a_download_that_no_browser_runs(house: &House) {
    let number = house.stand(Stage::L1);
    let xml = br#"<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><script>alert(1)</script></html>"#;
    let made = attach(&house.cast.owner, &number, "page.xml", xml, None).ok(201);
    let got = download(&house.cast.agent, &number, &made);
    assert!(got.header("content-disposition").unwrap().starts_with("attachment;"));
    assert_eq!(got.header("x-content-type-options"), Some("nosniff"));
    let policy = got.header("content-security-policy").unwrap();
    assert!(policy.contains("default-src 'none'") && policy.contains("sandbox"), "{policy}");
    assert_eq!(got.header("cache-control"), Some("no-store"));
}

fn a_name_is_only_a_name(house: &House) {
    let number = house.stand(Stage::L1);
    for (sent, kept) in [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\temp\\log.txt", "log.txt"),
        ("<img src=x onerror=alert(1)>.txt", "<img src=x onerror=alert(1)>.txt"),
        (&format!("{}.txt", "n".repeat(300)), ""),
    ] {
        let answer = attach(&house.cast.owner, &number, sent, b"content", None);
        let made = answer.ok(201);
        let name = made["name"].as_str().unwrap();
        if kept.is_empty() {
            assert!(name.chars().count() <= 200 && name.starts_with('n'), "{name}");
        } else {
            assert_eq!(name, kept);
        }
        let got = download(&house.cast.agent, &number, &made);
        let disposition = got.header("content-disposition").unwrap();
        assert!(disposition.is_ascii() && !disposition.contains(['\r', '\n', '<', '\\', '/']), "{disposition}");
    }
}

fn only_listed_kinds_are_taken_and_content_must_fit(house: &House) {
    let number = house.stand(Stage::L1);
    let send = |name: &str, content: &[u8]| attach(&house.cast.owner, &number, name, content, None);
    for name in ["evil.html", "evil.svg", "evil.exe", "evil.js", "evil.sh", "evil.xhtml", "evil", "evil.png.html", ".htaccess"] {
        send(name, b"<script>alert(1)</script>").problem(415, "unsupported");
    }
    send("fake.png", b"<script>alert(1)</script>").problem(415, "unsupported");
    send("fake.pdf", b"MZ\x90\x00").problem(415, "unsupported");
    send("fake.zip", b"no archive").problem(415, "unsupported");
    send("real.pdf", b"%PDF-1.7 content").ok(201);
    send("REAL.PNG", &picture(100)).ok(201);
    send("note.txt", "文字".as_bytes()).ok(201);
    send("empty.txt", b"").problem(422, "invalid");
    assert_eq!(list(&house.cast.owner, &number).len(), 3);
}

fn a_file_may_have_25_mib_and_not_one_byte_more(house: &House) {
    let number = house.stand(Stage::L1);
    let most = 25 * 1024 * 1024;
    let mut content = picture(most);
    let made = attach(&house.cast.owner, &number, "largest.png", &content, None).ok(201);
    assert_eq!(made["size"], most);
    assert!(download(&house.cast.owner, &number, &made).body == content);
    content.push(0);
    attach(&house.cast.owner, &number, "larger.png", &content, None).problem(413, "too_large");
    content.resize(most + 1024 * 1024, 0);
    // A server that has heard enough may close before all is sent; what counts is that nothing was taken.
    let call = upload(&at(&number, "/attachments"), "huge.png", &content, None);
    if let Ok(answer) = house.cast.owner.attempt(&call) {
        answer.problem(413, "too_large");
    }
    assert_eq!(list(&house.cast.owner, &number).len(), 1);
}

fn the_upload_must_be_an_upload(house: &House) {
    let number = house.stand(Stage::L1);
    let path = at(&number, "/attachments");
    let owner = &house.cast.owner;
    owner.send(&Call::post(&path, &json!({ "file": "x" }))).problem(415, "unsupported");
    owner.send(&Call::new("POST", &path)).problem(415, "unsupported");
    owner.send(&Call::new("POST", &path).raw("multipart/form-data", "x")).problem(400, "malformed");
    owner.send(&Call::new("POST", &path).raw("multipart/form-data; boundary=b", "no parts at all")).problem(400, "malformed");
    let part = |name: &'static str, file: Option<&'static str>, content: &'static [u8]| Part { name, file, content };
    let send = |parts: &[Part<'_>]| owner.send(&parts_of(&path, parts));
    send(&[part("visibility", None, b"public")]).invalid("/file", "required");
    send(&[part("file", Some("a.txt"), b"x"), part("visibility", None, b"secret")]).invalid("/visibility", "enum");
    send(&[part("file", Some("a.txt"), b"x"), part("colour", None, b"red")]).invalid("/colour", "unknown_field");
    assert_eq!(list(owner, &number), Vec::<Value>::new());
}

fn internal_files_are_for_those_who_work(house: &House) {
    let number = house.stand(Stage::L1);
    attach(&house.cast.owner, &number, "mine.txt", b"x", Some("internal")).problem(403, "forbidden");
    let made = attach(&house.cast.agent, &number, "secret.txt", b"root password", Some("internal")).ok(201);
    assert_eq!(made["visibility"], "internal");
    assert_eq!(list(&house.cast.owner, &number), Vec::<Value>::new());
    download(&house.cast.owner, &number, &made).problem(404, "not_found");
    assert!(!house.cast.owner.get(at(&number, "/timeline")).text().contains("secret.txt"));
    assert_eq!(list(&house.cast.contractor, &number).len(), 1);
    assert_eq!(download(&house.cast.observer, &number, &made).body, b"root password");
}

fn who_may_attach(house: &House) {
    let number = house.stand(Stage::L1);
    let send = |by: &Caller| attach(by, &number, "a.txt", b"x", None);
    send(&house.nobody()).problem(401, "unauthenticated");
    send(&house.cast.stranger).problem(404, "not_found");
    send(&house.cast.outsider).problem(404, "not_found");
    send(&house.cast.observer).problem(403, "forbidden");
    send(&house.cast.owner).ok(201);
    let made = send(&house.cast.agent).ok(201);
    download(&house.cast.stranger, &number, &made).problem(404, "not_found");
    download(&house.nobody(), &number, &made).problem(401, "unauthenticated");
    house.cast.stranger.get(at(&number, "/attachments")).problem(404, "not_found");
}

fn a_file_belongs_to_its_record(house: &House) {
    let (one, other) = (house.stand(Stage::L1), house.stand(Stage::L1));
    let made = attach(&house.cast.owner, &one, "a.txt", b"x", None).ok(201);
    download(&house.cast.owner, &other, &made).problem(404, "not_found");
    for id in ["01890000-0000-7000-8000-000000000000", "no-identity"] {
        house.cast.owner.get(at(&one, &format!("/attachments/{id}"))).problem(404, "not_found");
    }
    let mine = house.cast.stranger.post("/records/incident", &json!({ "title": "mine" })).ok(201);
    download(&house.cast.stranger, mine["number"].as_str().unwrap(), &made).problem(404, "not_found");
}

fn the_same_content_twice_is_two_attachments(house: &House) {
    let number = house.stand(Stage::L1);
    let one = attach(&house.cast.owner, &number, "one.txt", b"the same", None).ok(201);
    let two = attach(&house.cast.agent, &number, "two.txt", b"the same", Some("internal")).ok(201);
    assert_ne!(one["id"], two["id"]);
    assert_eq!(download(&house.cast.agent, &number, &two).body, b"the same");
    download(&house.cast.owner, &number, &two).problem(404, "not_found");
    act(&house.cast.agent, &number, "accept", &json!({})).ok(200);
}
