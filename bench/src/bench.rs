//! What all parts share: the arguments, a folder, PostgreSQL, and the demonstration's data on both databases.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use tempfile::TempDir;

use crate::Outcome;
use crate::args::Args;
use crate::postgres::Cluster;
use crate::records::{self, Full};
use crate::server::{Place, Server};

/// The demonstration's data on one database, from which each part takes its copy.
#[derive(Clone)]
pub struct Base {
    place: Place,
}

impl Base {
    /// Name of the database.
    pub fn name(&self) -> &'static str {
        if self.is_postgres() { "PostgreSQL" } else { "SQLite" }
    }

    /// Whether it is PostgreSQL.
    pub fn is_postgres(&self) -> bool {
        self.place.url.is_some()
    }
}

/// What all parts share.
pub struct Bench {
    /// What was asked for.
    pub args: Args,
    bases: Vec<Base>,
    full: Vec<Arc<Full>>,
    cluster: Option<Cluster>,
    // Last, so that it goes after PostgreSQL has stopped.
    folder: TempDir,
}

impl Bench {
    /// Makes the folder and starts PostgreSQL.
    pub fn new(args: Args) -> Outcome<Self> {
        let folder = tempfile::Builder::new().prefix("yuheng-bench-").tempdir()?;
        // PostgreSQL may run as another user, whose own folder lies inside.
        std::fs::set_permissions(folder.path(), std::os::unix::fs::PermissionsExt::from_mode(0o755))?;
        let cluster = args.postgres.then(|| Cluster::start(&folder.path().join("postgres"))).transpose()?;
        Ok(Self { args, bases: Vec::new(), full: Vec::new(), cluster, folder })
    }

    /// A path in the folder of this run.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The demonstration's data on each database, made the first time.
    pub fn bases(&mut self) -> Outcome<Vec<Base>> {
        if self.bases.is_empty() {
            let mut places = vec![Place { folder: self.path("base-sqlite"), url: None }];
            if let Some(cluster) = &self.cluster {
                places.push(Place { folder: self.path("base-postgres"), url: Some(cluster.create("base", None)?) });
            }
            for place in places {
                let server = Server::start(&self.args.binary, &place, true)?;
                println!("demonstration data: {:.1} s", server.ready.as_secs_f64());
                server.stop()?;
                if let Some(cluster) = self.cluster.as_ref().filter(|_| place.url.is_some()) {
                    cluster.psql("base", "VACUUM ANALYZE")?;
                }
                self.bases.push(Base { place });
            }
        }
        Ok(self.bases.clone())
    }

    /// A copy of a base under a name of its own.
    pub fn copy(&self, base: &Base, name: &str) -> Outcome<Place> {
        let url = match (&self.cluster, base.is_postgres()) {
            (Some(cluster), true) => Some(cluster.create(name, Some("base"))?),
            _ => None,
        };
        let kind = if base.is_postgres() { "postgres" } else { "sqlite" };
        base.place.copy(self.path(&format!("{name}-{kind}")), url)
    }

    /// A copy of a base filled with many records, made the first time.
    pub async fn full(&mut self, base: &Base) -> Outcome<Arc<Full>> {
        if let Some(full) = self.full.iter().find(|full| full.place.url.is_some() == base.is_postgres()) {
            return Ok(Arc::clone(full));
        }
        let full = Arc::new(records::full(self, base).await?);
        self.full.push(Arc::clone(&full));
        Ok(full)
    }

    /// PostgreSQL's first process, when the base is on it.
    pub fn cluster_of(&self, base: &Base) -> Option<u32> {
        self.cluster.as_ref().filter(|_| base.is_postgres()).map(Cluster::pid)
    }

    /// Removes what a part has left, to make room for the next.
    pub fn remove(&self, place: &Place) -> Outcome<()> {
        if let (Some(cluster), Some(url)) = (&self.cluster, &place.url) {
            let name = url.rsplit('/').next().unwrap_or_default();
            cluster.psql("postgres", &format!("DROP DATABASE \"{name}\" WITH (FORCE)"))?;
        }
        remove_folder(&place.folder)
    }
}

fn remove_folder(folder: &Path) -> Outcome<()> {
    Ok(std::fs::remove_dir_all(folder)?)
}
