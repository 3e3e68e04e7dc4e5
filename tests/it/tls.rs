//! Encrypted connections: `yuheng serve --tls-cert --tls-key`, and `sslmode` in the address of PostgreSQL.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use crate::harness::{ADMIN_PASSWORD, Cluster, Database, Reaper, Start, alone, run_folder, s, signal, unique, until, yuheng};

/// A certificate that vouches for itself, with its key, as files.
struct Pair {
    cert: PathBuf,
    key: PathBuf,
    pem: (String, String),
}

impl Pair {
    fn new(name: &str) -> Self {
        let made = rcgen::generate_simple_self_signed([name.to_owned()]).unwrap();
        let pem = (made.cert.pem(), made.signing_key.serialize_pem());
        let folder = run_folder().join(unique("pair"));
        std::fs::create_dir_all(&folder).unwrap();
        let (cert, key) = (folder.join("cert.pem"), folder.join("key.pem"));
        std::fs::write(&cert, &pem.0).unwrap();
        std::fs::write(&key, &pem.1).unwrap();
        Self { cert, key, pem }
    }

    /// A client that trusts nobody else.
    fn client(&self) -> ureq::Agent {
        let cert = ureq::tls::Certificate::from_pem(self.pem.0.as_bytes()).unwrap();
        let tls = ureq::tls::TlsConfig::builder().root_certs(ureq::tls::RootCerts::from([cert])).build();
        let config = ureq::Agent::config_builder().tls_config(tls).http_status_as_error(false).timeout_global(Some(s(20)));
        config.build().into()
    }
}

fn serve(folder: &Path, port: u16, cert: &Path, key: &Path) -> Command {
    let mut command = yuheng(&["serve", "--listen", &format!("127.0.0.1:{port}"), "--data"]);
    command.arg(folder).arg("--tls-cert").arg(cert).arg("--tls-key").arg(key).env("YUHENG_ADMIN_PASSWORD", ADMIN_PASSWORD);
    command
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// A server of this test; killed with it.
struct Running(Child, #[expect(dead_code, reason = "watches as long as it lives")] Reaper);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn the_server_speaks_https_itself() {
    let pair = Pair::new("127.0.0.1");
    let (folder, port) = (run_folder().join(unique("https")), free_port());
    let child = serve(&folder, port, &pair.cert, &pair.key)
        .env("YUHENG_HEADER_TIMEOUT", "5")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let reaper = Reaper::watch(child.id(), "KILL");
    let mut server = Running(child, reaper);
    let (client, base) = (pair.client(), format!("https://127.0.0.1:{port}"));
    until(s(60), "the server answers", || client.get(format!("{base}/readyz")).call().ok());
    // Whoever connects and says nothing keeps nobody waiting.
    let silent: Vec<TcpStream> = (0..20).map(|_| TcpStream::connect(("127.0.0.1", port)).unwrap()).collect();

    let body = format!(r#"{{"username":"admin","password":"{ADMIN_PASSWORD}"}}"#);
    let answer = client.post(format!("{base}/api/v1/session")).header("content-type", "application/json").send(body).unwrap();
    assert_eq!(answer.status(), 200);
    let header = |name: &str| answer.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
    assert!(header("set-cookie").contains("; Secure"), "{}", header("set-cookie"));
    assert!(header("strict-transport-security").starts_with("max-age="));
    assert!(ureq::get(format!("http://127.0.0.1:{port}/readyz")).call().is_err(), "it does not speak HTTP beside it");
    assert!(Pair::new("127.0.0.1").client().get(format!("{base}/readyz")).call().is_err(), "another certificate is not trusted");

    for mut silent in silent {
        silent.set_read_timeout(Some(s(20))).unwrap();
        assert_eq!(silent.read(&mut [0]).unwrap(), 0, "who agrees on no keys is let go");
    }
    signal(server.0.id(), "TERM");
    until(s(30), "the server stops", || server.0.try_wait().unwrap());
}

/// Agreeing on keys takes of the time for the first request; it does not begin it anew.
#[test]
fn the_handshake_and_the_first_request_have_one_deadline() {
    let pair = Pair::new("127.0.0.1");
    let (folder, port) = (run_folder().join(unique("https")), free_port());
    let mut command = serve(&folder, port, &pair.cert, &pair.key);
    let child = command.env("YUHENG_HEADER_TIMEOUT", "6").stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let reaper = Reaper::watch(child.id(), "KILL");
    let _server = Running(child, reaper);
    let client = pair.client();
    until(s(60), "the server answers", || client.get(format!("https://127.0.0.1:{port}/readyz")).call().ok());

    // Between client and server: it holds the first words back for long, and the request for ever.
    let relay = TcpListener::bind("127.0.0.1:0").unwrap();
    let through = relay.local_addr().unwrap().port();
    let asking = std::thread::spawn(move || client.get(format!("https://127.0.0.1:{through}/readyz")).call().is_ok());
    let (mut from_client, _) = relay.accept().unwrap();
    let mut to_server = TcpStream::connect(("127.0.0.1", port)).unwrap();
    let connected = Instant::now();
    let (mut from_server, mut to_client) = (to_server.try_clone().unwrap(), from_client.try_clone().unwrap());
    let ended = std::thread::spawn(move || {
        let _ = std::io::copy(&mut from_server, &mut to_client);
        connected.elapsed()
    });
    std::thread::sleep(s(4));
    // The first encrypted record of a client ends the handshake; the next one is the request.
    while forward_record(&mut from_client, &mut to_server) != ENCRYPTED {}
    let took = ended.join().unwrap();
    assert!(took >= s(5) && took < s(9), "it was let go after {took:?}");
    drop((from_client, to_server));
    assert!(!asking.join().unwrap(), "its request came through");
}

/// The kind of a record of TLS whose content is encrypted.
const ENCRYPTED: u8 = 23;

/// Hands one record of TLS on and gives its kind.
fn forward_record(from: &mut TcpStream, to: &mut TcpStream) -> u8 {
    let mut record = vec![0; 5];
    from.read_exact(&mut record).unwrap();
    record.resize(5 + usize::from(u16::from_be_bytes([record[3], record[4]])), 0);
    from.read_exact(&mut record[5..]).unwrap();
    to.write_all(&record).unwrap();
    record[0]
}

#[test]
fn wrong_files_are_told_at_the_start() {
    let (pair, other) = (Pair::new("127.0.0.1"), Pair::new("127.0.0.1"));
    let folder = run_folder().join(unique("https"));
    let refuse = |cert: &Path, key: &Path, words: &[&str]| {
        let output = serve(&folder, free_port(), cert, key).output().unwrap();
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success() && words.iter().all(|word| text.contains(word)), "{words:?}: {text}");
        assert!(!folder.exists(), "nothing was begun");
    };
    refuse(Path::new("/nowhere/cert.pem"), &pair.key, &["--tls-cert", "/nowhere/cert.pem"]);
    refuse(&pair.cert, Path::new("/nowhere/key.pem"), &["--tls-key", "/nowhere/key.pem"]);
    refuse(&pair.key, &pair.key, &["--tls-cert", "no certificate"]);
    refuse(&pair.cert, &pair.cert, &["--tls-key"]);
    refuse(&pair.cert, &other.key, &["cannot be used together"]);
    let output = yuheng(&["serve", "--tls-cert"]).arg(&pair.cert).output().unwrap();
    assert!(!output.status.success() && String::from_utf8_lossy(&output.stderr).contains("--tls-key"));
}

#[test]
fn the_way_to_postgresql_is_encrypted_as_its_address_says() {
    alone(Database::Postgres, "tls::the_way_to_postgresql_is_encrypted_as_its_address_says", |_| {
        let pair = Pair::new("127.0.0.1");
        let cluster = Cluster::encrypted(&pair.pem.0, &pair.pem.1);
        cluster.create("encrypted", None);
        let root = |pair: &Pair| pair.cert.display().to_string().replace('/', "%2F");
        let verified =
            |host: &str, pair: &Pair| format!("{}?sslmode=verify-full&sslrootcert={}", cluster.url_at(host, "encrypted"), root(pair));
        let require = format!("{}?sslmode=require", cluster.url_at("127.0.0.1", "encrypted"));

        // One folder for both: the key that made the journal lies in it.
        let folder = run_folder().join(unique("encrypted"));
        for url in [require, verified("127.0.0.1", &pair)] {
            let start = Start { folder: folder.clone(), database: Some(url), ..Start::default() };
            let server = start.run();
            let plain = "SELECT COUNT(*) FROM pg_stat_activity a JOIN pg_stat_ssl s USING (pid) WHERE a.application_name = 'yuheng'";
            assert_ne!(cluster.psql("encrypted", plain), "0");
            assert_eq!(cluster.psql("encrypted", &format!("{plain} AND NOT s.ssl")), "0", "a connection is not encrypted");
            assert!(server.stop().success());
        }
        let refuse = |url: &str, words: &str| {
            let output = yuheng(&["migrate", "--database", url, "--data"]).arg(run_folder().join(unique("encrypted"))).output().unwrap();
            let text = String::from_utf8_lossy(&output.stderr).into_owned();
            assert!(!output.status.success() && text.contains(words), "{url}: {text}");
        };
        refuse(&verified("127.0.0.1", &Pair::new("127.0.0.1")), "certificate");
        refuse(&verified("localhost", &pair), "certificate");
        let base = cluster.url_at("127.0.0.1", "encrypted");
        refuse(&format!("{base}?sslmode=verify-full"), "sslrootcert");
        refuse(&format!("{base}?sslmode=verify-full&sslrootcert=%2Fnowhere"), "/nowhere");
        refuse(&format!("{base}?sslmode=sometimes"), "sslmode");
    });
}
