//! Ends what a test run started, however the run itself ends: normally, by a panic, by Ctrl-C or by SIGKILL.

use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

/// Waits on a pipe that closes with the test process; then ends the one process it was given.
const END: &str = r#"read -r word && [ "$word" = done ] && exit 0; kill -"$1" "$2" 2>/dev/null"#;
/// The same for the folder of the run; what still ends itself may write for a moment.
const REMOVE: &str = r#"read -r word; for try in 1 2 3 4 5 6 7 8 9 10; do rm -rf "$1" && exit 0; sleep 0.5; done"#;

fn watcher(script: &str, args: &[&str]) -> Child {
    let mut command = Command::new("sh");
    command.args(["-c", script, "reaper"]).args(args);
    command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).process_group(0);
    command.spawn().expect("sh could not be started")
}

/// A watcher over one process.
pub struct Reaper(Child);

impl Reaper {
    /// Watches over a process: at the end of the test run it gets this signal.
    pub fn watch(pid: u32, signal: &str) -> Self {
        Self(watcher(END, &[signal, &pid.to_string()]))
    }
}

/// The process has ended in good order: nothing is left to do.
impl Drop for Reaper {
    fn drop(&mut self) {
        if let Some(pipe) = self.0.stdin.as_mut() {
            let _ = pipe.write_all(b"done\n");
        }
        let _ = self.0.wait();
    }
}

/// The folder of this run; it goes with the run unless `KEEP` is set.
pub fn run_folder() -> &'static Path {
    static FOLDER: OnceLock<(PathBuf, Option<Child>)> = OnceLock::new();
    let (folder, _) = FOLDER.get_or_init(|| {
        let folder = tempfile::Builder::new().prefix("yuheng-test-").tempdir().unwrap().keep();
        // PostgreSQL runs as another user when we are root; its own folders inside are closed to others.
        std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o755)).unwrap();
        let keep = std::env::var_os("KEEP").is_some();
        let remover = (!keep).then(|| watcher(REMOVE, &[&folder.display().to_string()]));
        (folder, remover)
    });
    folder
}

/// Sends a signal to a process that this run has started.
pub fn signal(pid: u32, name: &str) {
    let status = Command::new("kill").args([&format!("-{name}"), &pid.to_string()]).stderr(Stdio::null()).status();
    assert!(status.expect("kill could not be started").success(), "process {pid} could not be sent SIG{name}");
}
