//! A PostgreSQL of our own, durable, for as long as the measurements run.

use std::fs::File;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::Outcome;

const USER: &str = "yuheng";

/// A running cluster; it ends with its value.
pub struct Cluster {
    folder: PathBuf,
    child: Child,
    programs: PathBuf,
    owner: Option<(u32, u32)>,
}

impl Cluster {
    /// Makes and starts a cluster in a folder.
    pub fn start(folder: &Path) -> Outcome<Self> {
        let (programs, owner) = (programs()?, owner()?);
        std::fs::create_dir_all(folder)?;
        if let Some((uid, gid)) = owner {
            std::os::unix::fs::chown(folder, Some(uid), Some(gid))?;
        }
        let data = folder.join("data");
        let mut initdb = program(&programs, owner, "initdb");
        initdb.arg("-D").arg(&data).args(["--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", "--username", USER]);
        let made = initdb.output()?;
        if !made.status.success() {
            return Err(format!("initdb: {}", String::from_utf8_lossy(&made.stderr)).into());
        }
        let log = File::create(folder.join("postgres.log"))?;
        let mut postgres = program(&programs, owner, "postgres");
        postgres.arg("-D").arg(&data).arg("-k").arg(folder);
        for setting in ["listen_addresses=", "max_connections=200", "shared_buffers=256MB", "max_wal_size=2GB", "fsync=on"] {
            postgres.args(["-c", setting]);
        }
        let child = postgres.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log).spawn()?;
        let cluster = Self { folder: folder.to_owned(), child, programs, owner };
        let started = Instant::now();
        while let Err(error) = cluster.psql("postgres", "SELECT 1") {
            if started.elapsed() > Duration::from_secs(60) {
                return Err(error);
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(cluster)
    }

    /// Process id of the first process.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// The address of a database.
    pub fn url(&self, database: &str) -> String {
        format!("postgres://{USER}@{}/{database}", self.folder.display().to_string().replace('/', "%2F"))
    }

    /// Makes a database, as a copy of another one if named.
    pub fn create(&self, database: &str, template: Option<&str>) -> Outcome<String> {
        let template = template.map(|name| format!(" TEMPLATE \"{name}\"")).unwrap_or_default();
        self.psql("postgres", &format!("CREATE DATABASE \"{database}\"{template}"))?;
        Ok(self.url(database))
    }

    /// Runs one statement.
    pub fn psql(&self, database: &str, statement: &str) -> Outcome<()> {
        let mut psql = program(&self.programs, self.owner, "psql");
        psql.arg("-h").arg(&self.folder).args(["-U", USER, "-d", database, "-XqAt", "-v", "ON_ERROR_STOP=1", "-c", statement]);
        let done = psql.output()?;
        if done.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&done.stderr).into()) }
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let mut stop = program(&self.programs, self.owner, "pg_ctl");
        // The measurements are over: there is nobody to tell that it would not stop in good order.
        let _ = stop.arg("-D").arg(self.folder.join("data")).args(["stop", "-m", "immediate", "--silent"]).status();
        let _ = self.child.wait();
    }
}

/// PostgreSQL refuses to run as root: then it runs as the user that Debian's package makes.
fn owner() -> Outcome<Option<(u32, u32)>> {
    let id =
        |args: &[&str]| -> Outcome<u32> { Ok(String::from_utf8_lossy(&Command::new("id").args(args).output()?.stdout).trim().parse()?) };
    if id(&["-u"])? != 0 {
        return Ok(None);
    }
    Ok(Some((id(&["-u", "postgres"])?, id(&["-g", "postgres"])?)))
}

fn program(programs: &Path, owner: Option<(u32, u32)>, name: &str) -> Command {
    let mut command = Command::new(programs.join(name));
    if let Some((uid, gid)) = owner {
        command.uid(uid).gid(gid);
    }
    command.current_dir("/").env_clear().env("PATH", "/usr/bin:/bin").env("LC_ALL", "C.UTF-8");
    command
}

/// The newest installed version.
fn programs() -> Outcome<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten().map(|version| version.path());
    let number = |path: &PathBuf| path.file_name().and_then(|name| name.to_str()?.parse::<u32>().ok());
    let newest = versions.filter(|path| path.join("bin/initdb").is_file()).max_by_key(number);
    let newest = newest.ok_or("PostgreSQL is missing: install Debian's package 'postgresql', or leave it out with --skip-pg")?;
    Ok(newest.join("bin"))
}
