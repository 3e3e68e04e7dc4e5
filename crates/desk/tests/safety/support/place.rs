//! A data folder and a database, in a folder of its own.

use std::path::{Path, PathBuf};

use desk::check::{self, Subject};
use desk::files::Files;
use desk::{Desk, Keyring, World};
use store::{Address, Db};
use tempfile::TempDir;
use tokio::sync::mpsc;

use super::postgres::{Cluster, run_folder};

/// The key of all tests.
pub fn keyring() -> Keyring {
    Keyring::new([42; 32])
}

/// A place to keep data.
pub struct Place {
    folder: TempDir,
    /// Name of the database on PostgreSQL.
    database: Option<String>,
}

impl Place {
    /// An empty place with SQLite.
    pub fn sqlite() -> Self {
        Self { folder: tempfile::tempdir_in(run_folder()).unwrap(), database: None }
    }

    /// An empty place with PostgreSQL; none with `SKIP=pg`.
    pub fn postgres() -> Option<Self> {
        let database = Cluster::shared()?.create(None);
        Some(Self { folder: tempfile::tempdir_in(run_folder()).unwrap(), database: Some(database) })
    }

    /// An empty place with the same database as this one.
    pub fn another(&self) -> Self {
        match self.database {
            None => Self::sqlite(),
            Some(_) => Self::postgres().unwrap(),
        }
    }

    /// A copy of the place: what is done to it does not touch this one. On PostgreSQL nobody may use it meanwhile.
    pub async fn copy(&self) -> Self {
        let folder = tempfile::tempdir_in(run_folder()).unwrap();
        copy_folder(self.folder.path(), folder.path());
        if self.database.is_none() {
            let db = Db::connect(&self.address()).await.unwrap();
            db.copy_file(&folder.path().join("yuheng.db")).await.unwrap();
        }
        let database = self.database.as_deref().map(|name| Cluster::shared().unwrap().create(Some(name)));
        Self { folder, database }
    }

    /// Whether the database is PostgreSQL.
    pub fn is_postgres(&self) -> bool {
        self.database.is_some()
    }

    /// The data folder.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// A file in the data folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Where the database is.
    pub fn address(&self) -> Address {
        match &self.database {
            None => Address::File(self.path("yuheng.db")),
            Some(name) => Address::parse(&Cluster::shared().unwrap().url(name)).unwrap(),
        }
    }

    /// Opens the desk.
    pub async fn open(&self) -> Desk {
        self.open_at(World::real()).await
    }

    /// Opens the desk with another clock.
    pub async fn open_at(&self, world: World) -> Desk {
        let db = Db::open(&self.address()).await.unwrap();
        Desk::open(db, world, keyring(), self.files(), "http://localhost").await.unwrap()
    }

    /// The stored files.
    pub fn files(&self) -> Files {
        Files::local(&self.path("files")).unwrap()
    }

    /// Does something to the database that no command would do.
    pub async fn tamper(&self, statements: &str) {
        match &self.database {
            Some(name) => {
                Cluster::shared().unwrap().psql(name, statements);
            }
            None => {
                let db = Db::connect(&self.address()).await.unwrap();
                let statements = statements.to_owned();
                db.write(move |tx| tx.script(&statements)).await.unwrap();
            }
        }
    }

    /// Checks it: exit code and lines.
    pub async fn check(&self) -> (u8, Vec<String>) {
        self.check_with(keyring()).await
    }

    /// Checks it with a key.
    pub async fn check_with(&self, keyring: Keyring) -> (u8, Vec<String>) {
        let db = Db::connect(&self.address()).await.unwrap();
        let subject = Subject { db, keyring: keyring.into(), files: Some(self.files()), world: World::real() };
        said(async |lines| check::run(&subject, lines).await.unwrap()).await
    }

    /// Makes sure that it has no faults, and gives the digest of its content and the counts.
    pub async fn sound(&self) -> (String, String) {
        let (code, lines) = self.check().await;
        assert_eq!((code, lines.len()), (0, 3), "{}", lines.join("\n"));
        assert!(lines[0].starts_with("seal "), "{lines:?}");
        assert!(lines[1].starts_with("content ") && lines[1].len() == 8 + 64, "{lines:?}");
        assert!(lines[2].ends_with(", 0 faults"), "{lines:?}");
        (lines[..2].join("\n"), lines[2].clone())
    }
}

/// Runs something that says lines: what it gives, and the lines.
pub async fn said<T>(run: impl AsyncFnOnce(mpsc::Sender<String>) -> T) -> (T, Vec<String>) {
    let (lines, mut printed) = mpsc::channel(16);
    let collect = async {
        let mut all = Vec::new();
        while let Some(line) = printed.recv().await {
            all.push(line);
        }
        all
    };
    tokio::join!(run(lines), collect)
}

/// Tries something on SQLite and on PostgreSQL.
pub async fn on_both(test: impl AsyncFn(Place)) {
    test(Place::sqlite()).await;
    if let Some(place) = Place::postgres() {
        test(place).await;
    }
}

fn copy_folder(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if target.to_string_lossy().contains("yuheng.db") {
            continue;
        }
        if path.is_dir() {
            std::fs::create_dir_all(&target).unwrap();
            copy_folder(&path, &target);
        } else {
            std::fs::copy(&path, &target).unwrap();
        }
    }
}
