//! The edge: who is slow, idle or many keeps nobody else out, and what moves goes on.

use std::io::{ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::time::{Duration, Instant};

use serde_json::json;

use crate::harness::{
    Caller, Database, House, Live, PASSWORD, Proof, Stage, Start, act, number, record, run_folder, s, unique, until, yuheng,
};

on_both!(; alone:
    who_is_slow_or_idle_is_let_go,
    who_reads_no_answer_is_let_go,
    what_moves_goes_on,
    more_connections_than_allowed_wait,
    one_address_has_its_share_and_a_proxy_all_it_needs,
    callers_that_went_away_are_not_counted_for_ever,
);

/// A server of these limits, without people.
fn server(database: Database, limits: &[(&'static str, &str)]) -> (crate::harness::Server, Start) {
    let start = start_of(database, limits);
    (start.run(), start)
}

fn start_of(database: Database, limits: &[(&'static str, &str)]) -> Start {
    let mut start = Start { folder: run_folder().join(unique("edge")), ..Start::default() };
    if database == Database::Postgres {
        let name = unique("edge");
        crate::harness::Cluster::shared().create(&name, None);
        start.database = Some(crate::harness::Cluster::shared().url(&name));
    }
    start.env = limits.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
    start
}

/// A connection with something said on it.
fn said(port: u16, words: &str) -> TcpStream {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    stream.set_read_timeout(Some(s(30))).unwrap();
    stream.write_all(words.as_bytes()).unwrap();
    stream
}

/// What comes back until the other side closes, and how long that took.
fn to_the_end(mut stream: TcpStream) -> (String, Duration) {
    let (started, mut text) = (Instant::now(), Vec::new());
    // A reset is an end, too.
    let _ = stream.read_to_end(&mut text);
    (String::from_utf8_lossy(&text).into_owned(), started.elapsed())
}

fn who_is_slow_or_idle_is_let_go(database: Database) {
    let limits =
        [("YUHENG_HEADER_TIMEOUT", "2"), ("YUHENG_IDLE_TIMEOUT", "3"), ("YUHENG_BODY_TIMEOUT", "1"), ("YUHENG_WHOLE_BODY_TIMEOUT", "3")];
    let (server, _start) = server(database, &limits);
    let port = server.port;
    std::thread::scope(|scope| {
        let cases = [
            ("silent", "", ""),
            ("half a head", "GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: ", ""),
            ("idle after an answer", "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n", "HTTP/1.1 200"),
            ("half a second head", "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\nGET /hea", "HTTP/1.1 200"),
            (
                "half a body",
                "POST /api/v1/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 90\r\n\r\n{\"user",
                "HTTP/1.1 408",
            ),
        ];
        for (what, words, answer) in cases {
            scope.spawn(move || {
                let (text, took) = to_the_end(said(port, words));
                assert!(text.starts_with(answer) && text.is_empty() == answer.is_empty(), "{what}: {text}");
                assert!(took < s(15) && took >= Duration::from_millis(700), "{what} was let go after {took:?}");
                assert!(answer != "HTTP/1.1 408" || text.contains("\"code\":\"timeout\""), "{what}: {text}");
            });
        }
        // One byte a second is no head that comes: the limit is on the whole of it.
        scope.spawn(move || {
            let mut stream = said(port, "GET /healthz HTTP/1.1\r\nX: ");
            let started = Instant::now();
            while started.elapsed() < s(20) && stream.write_all(b"y").is_ok() {
                std::thread::sleep(Duration::from_millis(300));
            }
            assert!(started.elapsed() < s(15), "a head that never ends is read for ever");
        });
        // Nor is that a body, where it is no upload.
        scope.spawn(move || {
            let head = "POST /api/v1/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 90\r\n\r\n";
            let mut stream = said(port, head);
            let answer = stream.try_clone().unwrap();
            let reading = std::thread::spawn(move || to_the_end(answer));
            while !reading.is_finished() && stream.write_all(b" ").is_ok() {
                std::thread::sleep(Duration::from_millis(300));
            }
            let (text, took) = reading.join().unwrap();
            assert!(text.starts_with("HTTP/1.1 408") && text.contains("after 3 s"), "a body that never ends: {text}");
            assert!(took < s(15), "it was read for {took:?}");
        });
    });
    assert_eq!(Caller::new(&server.url()).get("//healthz").status, 200);
}

/// Answers that nobody takes are not kept for ever, nor is their connection.
fn who_reads_no_answer_is_let_go(database: Database) {
    let (server, _start) = server(database, &[("YUHENG_WRITE_TIMEOUT", "2")]);
    let asks = "GET /api/openapi.json HTTP/1.1\r\nHost: x\r\n\r\n".repeat(100);
    let mut stream = said(server.port, &asks);
    stream.set_write_timeout(Some(Duration::from_millis(500))).unwrap();
    let started = Instant::now();
    let refused = loop {
        assert!(started.elapsed() < s(30), "answers that nobody reads are kept for ever");
        match stream.write_all(asks.as_bytes()) {
            Ok(()) => std::thread::sleep(Duration::from_millis(100)),
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {}
            Err(error) => break error,
        }
    };
    assert!(matches!(refused.kind(), ErrorKind::ConnectionReset | ErrorKind::BrokenPipe), "{refused}");
    assert!(started.elapsed() >= s(2), "it was let go after {:?}", started.elapsed());
}

fn what_moves_goes_on(database: Database) {
    let house = House::own_with(database, |start| {
        let limits = [("YUHENG_HEADER_TIMEOUT", "2"), ("YUHENG_BODY_TIMEOUT", "2")];
        start.env = limits.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
    });
    let ticket = house.stand(Stage::L1);
    let id = record(&house.cast.admin, &ticket)["id"].as_str().unwrap().to_owned();
    let mut live = Live::follow(&house.cast.agent);
    let made = house.sign_in("owner", PASSWORD).post("/tokens", &json!({ "name": "slow", "scopes": ["read", "write"] }));
    let token = made.ok(201)["token"].as_str().unwrap().to_owned();
    // An upload that takes more than twice as long as any limit, and never stops for as long as one.
    let report = house.nobody().with(Proof::Bearer(token.clone())).post("/records/incident", &json!({ "title": "with a file" })).ok(201);
    let (content, edge) = ("x".repeat(40), "edge-of-parts");
    let body =
        format!("--{edge}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"slow.txt\"\r\n\r\n{content}\r\n--{edge}--\r\n");
    let head = format!(
        "POST /api/v1/records/incident/{}/attachments HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n\
         Content-Type: multipart/form-data; boundary={edge}\r\nContent-Length: {}\r\n\r\n",
        number(&report),
        body.len()
    );
    let mut stream = said(house.server.port, &head);
    let started = Instant::now();
    for part in body.as_bytes().chunks(body.len().div_ceil(10)) {
        stream.write_all(part).unwrap();
        std::thread::sleep(Duration::from_millis(600));
    }
    assert!(started.elapsed() > s(5));
    let (text, _) = to_the_end(stream);
    assert!(text.starts_with("HTTP/1.1 201"), "{text}");
    // The stream was silent for longer than any limit, and still tells.
    act(&house.cast.desk, &ticket, "comment", &json!({ "body": "news" })).ok(200);
    live.until(s(15), &id);
}

const ASK: &str = "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n";

fn answered(stream: &mut TcpStream) -> std::io::Result<()> {
    let mut start = [0_u8; 12];
    stream.read_exact(&mut start).map(|()| assert_eq!(&start, b"HTTP/1.1 200"))
}

/// So many connections that have an answer and stay open.
fn served(port: u16, wanted: usize) -> Vec<TcpStream> {
    // Those who waited until it was ready may hold a place for a moment.
    until(s(20), "all are served", || {
        let mut all: Vec<TcpStream> = (0..wanted).map(|_| TcpStream::connect(("127.0.0.1", port)).unwrap()).collect();
        let asked = all.iter_mut().try_for_each(|stream| {
            stream.set_read_timeout(Some(s(2))).unwrap();
            stream.write_all(ASK.as_bytes()).and_then(|()| answered(stream))
        });
        asked.ok().map(|()| all)
    })
}

fn one_address_has_its_share_and_a_proxy_all_it_needs(database: Database) {
    let (server, mut start) = server(database, &[("YUHENG_MAX_CONNECTIONS_PER_ADDRESS", "3")]);
    let mut open = served(server.port, 3);
    for _ in 0..5 {
        let mut more = TcpStream::connect(("127.0.0.1", server.port)).unwrap();
        more.set_read_timeout(Some(s(20))).unwrap();
        let ended = match more.read(&mut [0]) {
            Ok(read) => read == 0,
            Err(error) => error.kind() == ErrorKind::ConnectionReset,
        };
        assert!(ended, "a fourth is kept beside three");
    }
    drop(open.pop());
    served(server.port, 1);
    drop((open, server));
    start.args = vec!["--trusted-proxy".to_owned(), "127.0.0.1".to_owned()];
    served(start.run().port, 6);
}

fn more_connections_than_allowed_wait(database: Database) {
    let (server, _start) = server(database, &[("YUHENG_MAX_CONNECTIONS", "3")]);
    let mut open = served(server.port, 3);
    let mut fourth = said(server.port, ASK);
    fourth.set_read_timeout(Some(s(1))).unwrap();
    assert!(answered(&mut fourth).is_err(), "a fourth is served beside three");
    drop(open.pop());
    fourth.set_read_timeout(Some(s(20))).unwrap();
    answered(&mut fourth).unwrap();
}

/// A caller who goes away while its command waits for the writer leaves nothing in the count of those who wait.
fn callers_that_went_away_are_not_counted_for_ever(database: Database) {
    let house = House::own(database);
    let made = house.sign_in("owner", PASSWORD).post("/tokens", &json!({ "name": "hasty", "scopes": ["read", "write"] }));
    let token = made.ok(201)["token"].as_str().unwrap().to_owned();
    let body = r#"{"title":"in a hurry"}"#;
    let call = format!(
        "POST /api/v1/records/incident HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    );
    for n in 0..120 {
        let stream = said(house.server.port, &call);
        std::thread::sleep(Duration::from_millis(n % 12));
        drop(stream);
    }
    house.cast.owner.post("/records/incident", &json!({ "title": "with patience" })).ok(201);
    until(s(20), "nobody waits for the writer", || {
        let text = house.nobody().get("//metrics").text();
        let waiting = text.lines().find_map(|line| line.strip_prefix("yuheng_writer_queue ").map(str::to_owned));
        // PostgreSQL has no queue.
        waiting.is_none_or(|waiting| waiting.parse::<f64>() == Ok(0.0)).then_some(())
    });
}

/// A port that somebody else has is told before anything is begun.
#[test]
fn a_refused_port_leaves_nothing_begun() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let folder = run_folder().join(unique("refused"));
    let address = taken.local_addr().unwrap().to_string();
    let output = yuheng(&["serve", "--listen", &address, "--data"]).arg(&folder).output().unwrap();
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success() && text.contains("cannot listen on"), "{text}");
    for file in ["yuheng.db", "key", "files"] {
        assert!(!folder.join(file).exists(), "{file} was made");
    }
}
