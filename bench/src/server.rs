//! The real binary, started as people start it.

use std::fs::File;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::Outcome;

/// A running server; it is killed with its value.
pub struct Server {
    child: Child,
    /// Where it listens.
    pub port: u16,
    /// From its start to its first answer.
    pub ready: Duration,
}

/// A call of the command line; settings of the developer's own shell must not reach it.
pub fn yuheng(binary: &Path) -> Command {
    let mut command = Command::new(binary);
    for name in ["YUHENG_DATA", "YUHENG_DATABASE", "YUHENG_LISTEN", "YUHENG_PUBLIC_URL", "YUHENG_KEY", "YUHENG_CRASH_POINT"] {
        command.env_remove(name);
    }
    command.env("YUHENG_LOG", "warn").stdin(Stdio::null());
    command
}

impl Server {
    /// Starts it on a data folder and waits until it is ready.
    pub fn start(binary: &Path, place: &Place, demo: bool) -> Outcome<Self> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        std::fs::create_dir_all(&place.folder)?;
        let path = place.folder.join("server.log");
        let log = File::options().create(true).append(true).open(&path)?;
        let mut command = yuheng(binary);
        command.args(["serve", "--listen", &format!("127.0.0.1:{port}"), "--data"]).arg(&place.folder);
        command.env("YUHENG_ADMIN_PASSWORD", "correct horse battery");
        if let Some(url) = &place.url {
            command.args(["--database", url]);
        }
        if demo {
            command.arg("--demo");
        }
        let started = Instant::now();
        let child = command.stdout(log.try_clone()?).stderr(log).spawn()?;
        let mut server = Self { child, port, ready: Duration::ZERO };
        while !is_ready(port) {
            if server.child.try_wait()?.is_some() || started.elapsed() > Duration::from_secs(600) {
                return Err(format!("the server did not start:\n{}", std::fs::read_to_string(&path)?).into());
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        server.ready = started.elapsed();
        Ok(server)
    }

    /// Its process.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Asks it to stop and waits.
    pub fn stop(mut self) -> Outcome<()> {
        Command::new("kill").args(["-TERM", &self.pid().to_string()]).status()?;
        let started = Instant::now();
        while self.child.try_wait()?.is_none() && started.elapsed() < Duration::from_secs(20) {
            std::thread::sleep(Duration::from_millis(10));
        }
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn is_ready(port: u16) -> bool {
    let ask = || -> std::io::Result<bool> {
        let mut stream = TcpStream::connect(("127.0.0.1", port))?;
        stream.set_read_timeout(Some(Duration::from_secs(5)))?;
        stream.write_all(b"GET /readyz HTTP/1.1\r\nhost: bench\r\nconnection: close\r\n\r\n")?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok(answer.starts_with("HTTP/1.1 200"))
    };
    ask().unwrap_or(false)
}

/// Where a server has its data.
#[derive(Clone)]
pub struct Place {
    /// Folder with the key, and the database when it is embedded.
    pub folder: PathBuf,
    /// PostgreSQL's address, when it is not.
    pub url: Option<String>,
}

impl Place {
    /// The address as the store takes it.
    pub fn address(&self) -> Outcome<store::Address> {
        Ok(match &self.url {
            Some(url) => store::Address::parse(url)?,
            None => store::Address::File(self.file()),
        })
    }

    /// The file of the embedded database.
    pub fn file(&self) -> PathBuf {
        self.folder.join("yuheng.db")
    }

    /// A copy of the folder of a server that has stopped; the database of PostgreSQL is copied elsewhere.
    pub fn copy(&self, to: PathBuf, url: Option<String>) -> Outcome<Self> {
        std::fs::create_dir_all(&to)?;
        for entry in std::fs::read_dir(&self.folder)? {
            let entry = entry?;
            if entry.file_type()?.is_file() {
                std::fs::copy(entry.path(), to.join(entry.file_name()))?;
            }
        }
        Ok(Self { folder: to, url })
    }
}
