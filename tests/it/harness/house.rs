//! A house: a server with its data, and the people in it.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::{Value, json};

use super::binary::yuheng;
use super::cast::{Cast, PASSWORD, Person, Roster, email, furnish, sign_in};
use super::client::Caller;
use super::database::Database;
use super::postgres::Cluster;
use super::reaper::run_folder;
use super::server::{Server, Start};
use super::wait::s;

/// A server with its people.
pub struct House {
    /// The running server.
    pub server: Server,
    /// Its people.
    pub cast: Cast,
    start: Start,
    roster: Roster,
}

/// A furnished house that nobody lives in; others begin as its copies.
struct Template {
    start: Start,
    database: Option<&'static str>,
    roster: Roster,
}

static COUNTER: AtomicU64 = AtomicU64::new(1);

/// A name that no other test uses.
pub fn unique(prefix: &str) -> String {
    format!("{prefix}-{}", COUNTER.fetch_add(1, Ordering::Relaxed))
}

impl Template {
    fn of(database: Database) -> &'static Self {
        static SQLITE: OnceLock<Template> = OnceLock::new();
        static POSTGRES: OnceLock<Template> = OnceLock::new();
        match database {
            Database::Sqlite => SQLITE.get_or_init(|| Self::make(None)),
            Database::Postgres => POSTGRES.get_or_init(|| {
                Cluster::shared().create("template_house", None);
                Self::make(Some("template_house"))
            }),
        }
    }

    fn make(database: Option<&'static str>) -> Self {
        let url = database.map(|name| Cluster::shared().url(name));
        let start = Start { folder: new_folder("template"), database: url, ..Start::default() };
        let server = start.run();
        let roster = furnish(&server.url());
        assert!(server.stop().success(), "the server did not stop in good order");
        Self { start, database, roster }
    }
}

fn new_folder(name: &str) -> PathBuf {
    run_folder().join(unique(name))
}

fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    std::fs::set_permissions(to, std::fs::metadata(from).unwrap().permissions()).unwrap();
    for entry in std::fs::read_dir(from).unwrap().flatten() {
        let target = to.join(entry.file_name());
        let kind = entry.file_type().unwrap();
        if kind.is_dir() {
            copy_folder(&entry.path(), &target);
        } else if kind.is_file() {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

impl House {
    /// The house that most tests of a database share. Its server believes `X-Forwarded-For` from this machine, so that
    /// each test of throttling comes from an address of its own.
    pub fn shared(database: Database) -> &'static Self {
        static SQLITE: OnceLock<House> = OnceLock::new();
        static POSTGRES: OnceLock<House> = OnceLock::new();
        let house = match database {
            Database::Sqlite => &SQLITE,
            Database::Postgres => &POSTGRES,
        };
        house.get_or_init(|| Self::own_with(database, |start| start.args = vec!["--trusted-proxy".to_owned(), "127.0.0.1".to_owned()]))
    }

    /// A house of one's own.
    pub fn own(database: Database) -> Self {
        Self::own_with(database, |_| {})
    }

    /// A house of one's own, started in another way.
    pub fn own_with(database: Database, change: impl FnOnce(&mut Start)) -> Self {
        let template = Template::of(database);
        let folder = new_folder("house");
        copy_folder(&template.start.folder, &folder);
        let url = template.database.map(|origin| {
            let name = unique("house");
            Cluster::shared().create(&name, Some(origin));
            Cluster::shared().url(&name)
        });
        let mut start = Start { folder, database: url, ..Start::default() };
        change(&mut start);
        Self::open(start, template.roster.clone())
    }

    /// A new house on a PostgreSQL of its own, which the test may stop.
    pub fn on_cluster(cluster: &Cluster) -> Self {
        cluster.create("house", None);
        let start = Start { folder: new_folder("house"), database: Some(cluster.url("house")), ..Start::default() };
        let server = start.run();
        let roster = furnish(&server.url());
        drop(server);
        Self::open(start, roster)
    }

    fn open(start: Start, roster: Roster) -> Self {
        let server = start.run();
        let cast = Cast::at(&server.url(), &roster);
        Self { server, cast, start, roster }
    }

    /// The data folder.
    pub fn folder(&self) -> &Path {
        &self.start.folder
    }

    /// The address of the PostgreSQL database, if it is one.
    pub fn url_of_database(&self) -> Option<&str> {
        self.start.database.as_deref()
    }

    /// How its server is started.
    pub fn start(&self) -> &Start {
        &self.start
    }

    /// Starts the server again on the same data, on a new port.
    pub fn restart(&mut self) {
        self.restart_as(&self.start.clone());
    }

    /// Starts the server again in another way, for this once.
    pub fn restart_as(&mut self, start: &Start) {
        self.server.kill();
        self.server = start.run();
        self.cast = Cast::at(&self.server.url(), &self.roster);
    }

    /// The same for a server that may die before it is ready; says whether it came so far.
    pub fn try_restart_as(&mut self, start: &Start) -> bool {
        self.server.kill();
        let Ok(server) = start.attempt() else { return false };
        self.server = server;
        self.cast = Cast::at(&self.server.url(), &self.roster);
        true
    }

    /// Starts the server again so that it dies at a point (`name:nth`), and does what leads there unless it has died before. An
    /// answer may be cut off as well: a worker can be faster than the one who asked.
    #[track_caller]
    pub fn dying_at(&mut self, point: &str, work: impl FnOnce(&Cast)) {
        if self.try_restart_as(&self.start.clone().env("YUHENG_CRASH_POINT", point)) {
            work(&self.cast);
        }
        let status = self.server.wait(s(60));
        assert!(!status.success(), "it did not die at {point}: {status}");
    }

    /// Nobody in particular.
    pub fn nobody(&self) -> Caller {
        Caller::new(&self.server.url())
    }

    /// Signs in.
    #[track_caller]
    pub fn sign_in(&self, name: &str, password: &str) -> Person {
        sign_in(&self.server.url(), name, password)
    }

    /// Makes a user who can sign in.
    #[track_caller]
    pub fn user(&self, prefix: &str, roles: &[&str]) -> Value {
        let name = unique(prefix);
        let user = json!({ "username": name, "name": name, "roles": roles, "password": PASSWORD, "email": email(&name), "locale": "en" });
        self.cast.admin.post("/users", &user).ok(201)
    }

    /// Makes a user and signs in as them, with a cookie as a browser does.
    #[track_caller]
    pub fn person(&self, prefix: &str, roles: &[&str]) -> Person {
        let user = self.user(prefix, roles);
        self.sign_in(user["username"].as_str().unwrap(), PASSWORD)
    }

    /// Makes a team of these people; the first is on duty.
    #[track_caller]
    pub fn team(&self, prefix: &str, members: &[&Person]) -> String {
        let key = unique(prefix);
        let names: Vec<&str> = members.iter().map(|person| person.name.as_str()).collect();
        let team = json!({ "key": key, "label": { "zh": key, "en": key }, "members": names, "duty": names.first() });
        self.cast.admin.post("/teams", &team).ok(201);
        key
    }

    /// Runs the command line on this house's data, while it serves or not; gives status, output and errors.
    pub fn command(&self, args: &[&str]) -> (Option<i32>, String, String) {
        let mut command = yuheng(args);
        command.arg("--data").arg(self.folder());
        if let Some(url) = &self.start.database {
            command.args(["--database", url]);
        }
        let output = command.output().expect("yuheng could not be started");
        let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).trim_end().to_owned();
        (output.status.code(), text(output.stdout), text(output.stderr))
    }
}

impl Drop for House {
    fn drop(&mut self) {
        self.server.kill();
        if std::env::var_os("KEEP").is_none() {
            let _ = std::fs::remove_dir_all(&self.start.folder);
        }
    }
}
