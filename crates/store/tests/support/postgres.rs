//! A PostgreSQL of our own: one cluster for the run, a database per place.

use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

/// Ends PostgreSQL when the pipe to the test process closes, however that happens.
const END: &str = r#"cat >/dev/null; kill -QUIT "$1" 2>/dev/null"#;
/// Removes the folder of the run then; what still ends itself may write for a moment.
const REMOVE: &str = r#"cat >/dev/null; for try in 1 2 3 4 5 6 7 8 9 10; do rm -rf "$1" && exit 0; sleep 0.5; done"#;

fn watcher(script: &str, argument: &str) -> Child {
    let mut sh = Command::new("sh");
    sh.args(["-c", script, "watcher", argument]);
    sh.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).process_group(0);
    sh.spawn().expect("sh could not be started")
}

/// The folder of this run; it goes with the test process.
pub fn run_folder() -> &'static Path {
    static FOLDER: OnceLock<(PathBuf, Child)> = OnceLock::new();
    let (folder, _) = FOLDER.get_or_init(|| {
        let folder = tempfile::Builder::new().prefix("yuheng-safety-").tempdir().unwrap().keep();
        std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o755)).unwrap();
        let remover = watcher(REMOVE, &folder.display().to_string());
        (folder, remover)
    });
    folder
}

/// A running cluster. It is never dropped: its watcher ends it with the test process.
pub struct Cluster {
    folder: PathBuf,
    _postgres: Child,
    _watcher: Child,
}

impl Cluster {
    /// The cluster of this run; none when `SKIP=pg` is set.
    pub fn shared() -> Option<&'static Self> {
        static SHARED: OnceLock<Option<Cluster>> = OnceLock::new();
        SHARED
            .get_or_init(|| {
                if std::env::var("SKIP").is_ok_and(|skip| skip.split(',').any(|what| what == "pg")) {
                    println!("SKIP=pg: nothing is tried on PostgreSQL");
                    return None;
                }
                Some(Self::start())
            })
            .as_ref()
    }

    fn start() -> Self {
        let inside = run_folder().join("pg");
        std::fs::create_dir(&inside).unwrap();
        if let Some((uid, gid)) = owner() {
            std::os::unix::fs::chown(&inside, Some(uid), Some(gid)).unwrap();
        }
        let mut initdb = program("initdb");
        initdb.arg("-D").arg(inside.join("data")).args([
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
            "-U",
            "yuheng",
        ]);
        let output = initdb.output().expect("initdb could not be started");
        assert!(output.status.success(), "initdb: {}", String::from_utf8_lossy(&output.stderr));
        let mut postgres = program("postgres");
        postgres.arg("-D").arg(inside.join("data")).arg("-k").arg(&inside);
        postgres.args(["-c", "listen_addresses=", "-c", "fsync=off", "-c", "max_connections=300", "-c", "shared_buffers=64MB"]);
        let postgres = postgres.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).process_group(0).spawn();
        let postgres = postgres.expect("postgres could not be started");
        let watcher = watcher(END, &postgres.id().to_string());
        let cluster = Self { folder: inside, _postgres: postgres, _watcher: watcher };
        let began = Instant::now();
        while let Err(error) = cluster.try_psql("postgres", "SELECT 1") {
            assert!(began.elapsed() < Duration::from_secs(60), "PostgreSQL does not answer: {error}");
            std::thread::sleep(Duration::from_millis(100));
        }
        cluster
    }

    /// Makes a database, as a copy of another if one is named, and gives its name.
    pub fn create(&self, template: Option<&str>) -> String {
        static NEXT: AtomicU32 = AtomicU32::new(1);
        let name = format!("place_{}", NEXT.fetch_add(1, Ordering::Relaxed));
        let template = template.map(|t| format!(" TEMPLATE \"{t}\"")).unwrap_or_default();
        let began = Instant::now();
        // Connections that were given up take a moment to end, and a template must have none.
        while let Err(error) = self.try_psql("postgres", &format!("CREATE DATABASE \"{name}\"{template}")) {
            assert!(error.contains("being accessed") && began.elapsed() < Duration::from_secs(20), "{error}");
            std::thread::sleep(Duration::from_millis(50));
        }
        name
    }

    /// The address of a database.
    pub fn url(&self, database: &str) -> String {
        format!("postgres://yuheng@{}/{database}", self.folder.display().to_string().replace('/', "%2F"))
    }

    /// Runs statements as the superuser.
    #[track_caller]
    pub fn psql(&self, database: &str, statements: &str) -> String {
        self.try_psql(database, statements).unwrap_or_else(|error| panic!("{statements}: {error}"))
    }

    fn try_psql(&self, database: &str, statements: &str) -> Result<String, String> {
        let mut psql = program("psql");
        psql.arg("-h").arg(&self.folder).args(["-U", "yuheng", "-d", database, "-XqAt", "-v", "ON_ERROR_STOP=1", "-f", "-"]);
        let mut psql =
            psql.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().map_err(|error| error.to_string())?;
        psql.stdin.take().unwrap().write_all(statements.as_bytes()).unwrap();
        let output = psql.wait_with_output().map_err(|error| error.to_string())?;
        if output.status.success() {
            return Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned());
        }
        Err(String::from_utf8_lossy(&output.stderr).into_owned())
    }
}

/// PostgreSQL refuses to run as root: then it runs as the user that Debian's package makes.
fn owner() -> Option<(u32, u32)> {
    let id = |args: &[&str]| {
        let output = Command::new("id").args(args).output().expect("id could not be started");
        String::from_utf8_lossy(&output.stdout).trim().parse::<u32>().ok()
    };
    if id(&["-u"]) != Some(0) {
        return None;
    }
    let found = id(&["-u", "postgres"]).zip(id(&["-g", "postgres"]));
    Some(found.expect("there is no user 'postgres': install Debian's package 'postgresql', or leave these tests out with SKIP=pg"))
}

fn program(name: &str) -> Command {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let newest = versions.map(|version| version.path().join("bin")).filter(|bin| bin.join("initdb").is_file()).max();
    let folder = newest.unwrap_or_else(|| Path::new("/usr/bin").to_owned());
    let mut command = Command::new(folder.join(name));
    if let Some((uid, gid)) = owner() {
        command.uid(uid).gid(gid);
    }
    command.current_dir("/").env_clear().env("PATH", "/usr/bin:/bin").env("LC_ALL", "C.UTF-8");
    command
}
