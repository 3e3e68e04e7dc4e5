//! A PostgreSQL of our own: one cluster per test run, a database per server.

use std::fs::File;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

use super::reaper::{Reaper, run_folder};
use super::wait::{s, until};

/// Name of the database superuser.
const USER: &str = "yuheng";

/// A running cluster.
pub struct Cluster {
    folder: PathBuf,
    child: Option<Child>,
    reaper: Option<Reaper>,
    durable: bool,
    /// Further settings.
    settings: Vec<String>,
    /// Where it listens beside its socket.
    port: Option<u16>,
}

impl Cluster {
    /// The cluster that most tests share.
    pub fn shared() -> &'static Self {
        static SHARED: OnceLock<Cluster> = OnceLock::new();
        SHARED.get_or_init(|| Self::new(false))
    }

    /// Makes and starts a cluster. One that is not durable leaves out fsync: nothing but speed depends on it, as long as
    /// no test pulls the plug of PostgreSQL itself.
    pub fn new(durable: bool) -> Self {
        Self::prepared(durable, None, |_| Vec::new())
    }

    /// A cluster that also listens on this machine, encrypted with this certificate and key.
    pub fn encrypted(cert: &str, key: &str) -> Self {
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        Self::prepared(false, Some(port), |folder| {
            let files = [("ssl_cert_file", folder.join("server.crt"), cert), ("ssl_key_file", folder.join("server.key"), key)];
            for (_, file, text) in &files {
                std::fs::write(file, text).unwrap();
                std::fs::set_permissions(file, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
                if let Some((uid, gid)) = owner() {
                    std::os::unix::fs::chown(file, Some(uid), Some(gid)).unwrap();
                }
            }
            let named = files.iter().map(|(setting, file, _)| format!("{setting}={}", file.display()));
            named.chain(["ssl=on".to_owned(), "listen_addresses=127.0.0.1".to_owned(), format!("port={port}")]).collect()
        })
    }

    fn prepared(durable: bool, port: Option<u16>, prepare: impl FnOnce(&Path) -> Vec<String>) -> Self {
        let folder = tempfile::Builder::new().prefix("pg-").tempdir_in(run_folder()).unwrap().keep();
        if let Some((uid, gid)) = owner() {
            std::os::unix::fs::chown(&folder, Some(uid), Some(gid)).unwrap();
        }
        let settings = prepare(&folder);
        let mut cluster = Self { folder, child: None, reaper: None, durable, settings, port };
        let data = cluster.data();
        let mut initdb = program("initdb");
        initdb.arg("-D").arg(data).args(["--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", "--username", USER]);
        let output = initdb.output().expect("initdb could not be started");
        assert!(output.status.success(), "initdb failed: {}", String::from_utf8_lossy(&output.stderr));
        cluster.start();
        cluster
    }

    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// Starts PostgreSQL as our own child, reachable through a socket in its folder only.
    pub fn start(&mut self) {
        let log = File::options().create(true).append(true).open(self.folder.join("postgres.log")).unwrap();
        let mut postgres = program("postgres");
        postgres.arg("-D").arg(self.data()).arg("-k").arg(&self.folder);
        let fsync = if self.durable { "fsync=on" } else { "fsync=off" };
        for setting in ["listen_addresses=", "max_connections=200", "shared_buffers=64MB", fsync] {
            postgres.args(["-c", setting]);
        }
        for setting in &self.settings {
            postgres.args(["-c", setting]);
        }
        postgres.stdin(Stdio::null()).stdout(log.try_clone().unwrap()).stderr(log).process_group(0);
        let child = postgres.spawn().expect("postgres could not be started");
        self.reaper = Some(Reaper::watch(child.id(), "QUIT"));
        self.child = Some(child);
        until(s(60), "PostgreSQL answers", || self.try_psql("postgres", "SELECT 1").ok());
    }

    /// Stops PostgreSQL as its own crash would: no checkpoint, all connections cut.
    pub fn stop_immediately(&mut self) {
        let status = program("pg_ctl").arg("-D").arg(self.data()).args(["stop", "-m", "immediate", "-w", "--silent"]).status();
        assert!(status.expect("pg_ctl could not be started").success(), "pg_ctl could not stop PostgreSQL");
        if let Some(mut child) = self.child.take() {
            let _ = child.wait();
        }
        self.reaper = None;
    }

    /// The address of a database for `--database`.
    pub fn url(&self, database: &str) -> String {
        let socket = self.folder.display().to_string().replace('/', "%2F");
        format!("postgres://{USER}@{socket}/{database}")
    }

    /// The address of a database of a cluster that listens on this machine.
    pub fn url_at(&self, host: &str, database: &str) -> String {
        format!("postgres://{USER}@{host}:{}/{database}", self.port.expect("this cluster has a socket only"))
    }

    /// Makes a database, as a copy of another one if named.
    pub fn create(&self, database: &str, template: Option<&str>) {
        let template = template.map(|t| format!(" TEMPLATE \"{t}\"")).unwrap_or_default();
        self.psql("postgres", &format!("CREATE DATABASE \"{database}\"{template}"));
    }

    /// Runs one statement as the superuser; gives the rows as text.
    #[track_caller]
    pub fn psql(&self, database: &str, statement: &str) -> String {
        self.try_psql(database, statement).unwrap_or_else(|error| panic!("{statement}: {error}"))
    }

    fn try_psql(&self, database: &str, statement: &str) -> Result<String, String> {
        let mut psql = program("psql");
        psql.arg("-h").arg(&self.folder).args(["-U", USER, "-d", database, "-XqAt", "-v", "ON_ERROR_STOP=1", "-c", statement]);
        if let Some(port) = self.port {
            psql.args(["-p", &port.to_string()]);
        }
        let output = psql.output().map_err(|error| error.to_string())?;
        if output.status.success() {
            return Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned());
        }
        Err(String::from_utf8_lossy(&output.stderr).into_owned())
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if self.child.is_some() {
            self.stop_immediately();
        }
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// PostgreSQL refuses to run as root: then it runs as the user that Debian's package makes. Its own pid stays our child.
fn owner() -> Option<(u32, u32)> {
    static OWNER: OnceLock<Option<(u32, u32)>> = OnceLock::new();
    *OWNER.get_or_init(find_owner)
}

fn find_owner() -> Option<(u32, u32)> {
    let id = |args: &[&str]| {
        let output = Command::new("id").args(args).output().expect("id could not be started");
        String::from_utf8_lossy(&output.stdout).trim().parse::<u32>().ok()
    };
    if id(&["-u"]) != Some(0) {
        return None;
    }
    let found = id(&["-u", "postgres"]).zip(id(&["-g", "postgres"]));
    Some(found.expect("tests run as root and there is no user 'postgres': install Debian's package 'postgresql'"))
}

fn program(name: &str) -> Command {
    let mut command = Command::new(folder_of_programs().join(name));
    if let Some((uid, gid)) = owner() {
        command.uid(uid).gid(gid);
    }
    command.current_dir("/").env_clear().env("PATH", "/usr/bin:/bin").env("LC_ALL", "C.UTF-8");
    command
}

/// The newest installed version.
fn folder_of_programs() -> &'static Path {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| {
        let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
        let found = versions.map(|version| version.path()).filter(|path| path.join("bin/initdb").is_file());
        let number = |path: &PathBuf| path.file_name().and_then(|n| n.to_str()?.parse::<u32>().ok());
        let newest = found.max_by_key(number).map(|path| path.join("bin"));
        newest.expect("PostgreSQL is missing: install Debian's package 'postgresql', or leave these tests out with SKIP=pg")
    })
}
