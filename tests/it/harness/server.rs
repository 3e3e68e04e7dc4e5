//! A running `yuheng serve`.

use std::fs::File;
use std::net::TcpListener;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ExitStatus};
use std::time::{Duration, Instant};

use super::binary::yuheng;
use super::reaper::{Reaper, signal};
use super::wait::s;

/// Name and password of the first administrator in all tests.
pub const ADMIN_PASSWORD: &str = "correct horse battery";

/// How a server is to be started.
#[derive(Clone, Default)]
pub struct Start {
    /// Data folder.
    pub folder: PathBuf,
    /// `postgres://…`; the embedded database when left out.
    pub database: Option<String>,
    /// Further arguments.
    pub args: Vec<String>,
    /// Further environment.
    pub env: Vec<(&'static str, String)>,
    /// Whether the first administrator's password is left to the server.
    pub made_up_password: bool,
}

/// A running server. Dropped, it is killed.
pub struct Server {
    child: Child,
    /// Where it listens.
    pub port: u16,
    log: PathBuf,
    _reaper: Reaper,
}

impl Start {
    /// The same with one more environment variable.
    pub fn env(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.env.push((name, value.into()));
        self
    }

    /// Starts it and waits until it answers.
    #[track_caller]
    pub fn run(&self) -> Server {
        match self.attempt() {
            Ok(server) => server,
            Err(log) => panic!("the server did not start:\n{log}"),
        }
    }

    /// Starts it; its log when it ends by itself instead of answering.
    pub fn attempt(&self) -> Result<Server, String> {
        // Between finding a free port and the server taking it another process may be faster: then another port is taken.
        for _ in 0..5 {
            match self.once(free_port()) {
                Err(log) if log.contains("cannot listen on") => {}
                other => return other,
            }
        }
        Err("no free port was found in five tries".to_owned())
    }

    fn once(&self, port: u16) -> Result<Server, String> {
        std::fs::create_dir_all(&self.folder).unwrap();
        let log = self.folder.join(format!("server-{port}.log"));
        let sink = File::create(&log).unwrap();
        let mut command = yuheng(&["serve", "--listen", &format!("127.0.0.1:{port}")]);
        command.arg("--data").arg(&self.folder).args(&self.args).env_remove("YUHENG_ADMIN_PASSWORD");
        if !self.made_up_password {
            command.env("YUHENG_ADMIN_PASSWORD", ADMIN_PASSWORD);
        }
        if let Some(url) = &self.database {
            command.args(["--database", url]);
        }
        command.envs(self.env.iter().map(|(name, value)| (*name, value.as_str())));
        command.stdout(sink.try_clone().unwrap()).stderr(sink).process_group(0);
        let child = command.spawn().expect("the server could not be started");
        let reaper = Reaper::watch(child.id(), "KILL");
        let mut server = Server { child, port, log, _reaper: reaper };
        if server.is_ready_within(s(60)) { Ok(server) } else { Err(server.log()) }
    }
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

impl Server {
    fn is_ready_within(&mut self, limit: Duration) -> bool {
        let started = Instant::now();
        let agent: ureq::Agent = ureq::Agent::config_builder().timeout_global(Some(s(5))).build().into();
        while started.elapsed() < limit {
            if agent.get(format!("{}/readyz", self.url())).call().is_ok() {
                return true;
            }
            if self.child.try_wait().unwrap().is_some() {
                return false;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        panic!("the server was not ready within {limit:?}:\n{}", self.log());
    }

    /// Its address.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Its process.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Processor time that it has used, in ticks of 10 ms: unlike a clock, hardly a matter of how busy the machine is.
    pub fn ticks(&self) -> u64 {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.pid())).expect("the server has a process");
        let after_name = stat.rsplit_once(')').expect("stat names the program").1;
        // proc(5): utime and stime are fields 14 and 15; the first after the name is field 3.
        after_name.split_whitespace().skip(11).take(2).map(|field| field.parse::<u64>().expect("a number")).sum()
    }

    /// Whether the process lives.
    pub fn is_alive(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }

    /// Ends it as a power cut would.
    pub fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Asks it to stop (SIGTERM) and waits.
    #[track_caller]
    pub fn stop(mut self) -> ExitStatus {
        signal(self.pid(), "TERM");
        self.wait(s(30))
    }

    /// Waits until it has ended by itself.
    #[track_caller]
    pub fn wait(&mut self, limit: Duration) -> ExitStatus {
        let started = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(started.elapsed() < limit, "the server still runs after {limit:?}:\n{}", self.log());
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// What it has written so far, the end of it.
    pub fn log(&self) -> String {
        tail(&self.log)
    }
}

fn tail(path: &Path) -> String {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(40)..].join("\n")
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}
