//! Ends what a test run started, however the run itself ends: normally, by a panic, by Ctrl-C or by SIGKILL.

use std::io::Write;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// Waits on a pipe that closes with the test process; then ends the one process it was given and removes its folder.
const SCRIPT: &str = r#"
read -r word && [ "$word" = done ] && exit 0
kill -"$1" "$2" 2>/dev/null
while kill -0 "$2" 2>/dev/null; do sleep 0.05; done
[ -z "$KEEP" ] && [ -n "$3" ] && rm -rf "$3"
"#;

/// A watcher over one process.
pub struct Reaper(Child);

impl Reaper {
    /// Watches over a process: at the end of the test run it gets this signal, and its folder goes.
    pub fn watch(pid: u32, signal: &str, folder: Option<&Path>) -> Self {
        let mut command = Command::new("sh");
        command.args(["-c", SCRIPT, "reaper", signal, &pid.to_string()]).arg(folder.unwrap_or(Path::new("")));
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).process_group(0);
        Self(command.spawn().expect("sh could not be started"))
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

/// Sends a signal to a process that this run has started.
pub fn signal(pid: u32, name: &str) {
    let status = Command::new("kill").args([&format!("-{name}"), &pid.to_string()]).stderr(Stdio::null()).status();
    assert!(status.expect("kill could not be started").success(), "process {pid} could not be sent SIG{name}");
}
