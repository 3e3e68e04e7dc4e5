//! The program under test: `$YUHENG_BIN`, else what `cargo build -p server` makes, built once per run.

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use serde_json::Value;

/// Path of the `yuheng` binary.
pub fn binary() -> &'static PathBuf {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    BINARY.get_or_init(|| match std::env::var_os("YUHENG_BIN") {
        Some(path) => {
            let path = PathBuf::from(path);
            assert!(path.is_file(), "$YUHENG_BIN is {}, which is no file", path.display());
            path
        }
        None => build(),
    })
}

/// Cargo says itself where it puts the executable, whatever the target folder and profile settings are.
fn build() -> PathBuf {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.args(["build", "--package", "server", "--bin", "yuheng", "--message-format", "json-render-diagnostics"]);
    command.current_dir(env!("CARGO_MANIFEST_DIR")).stderr(Stdio::inherit());
    let output = command.output().expect("cargo could not be started");
    assert!(output.status.success(), "`cargo build --package server --bin yuheng` failed: the lines above say why");
    let text = String::from_utf8(output.stdout).expect("cargo's messages are UTF-8");
    let messages = text.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let executable = messages.filter_map(|m| Some(m.get("executable")?.as_str()?.to_owned())).next_back();
    PathBuf::from(executable.expect("cargo built the server but named no executable"))
}

/// A call of the command line, ready to be run. Settings of the developer's own shell must not reach it.
pub fn yuheng(args: &[&str]) -> Command {
    let mut command = Command::new(binary());
    command.args(args).stdin(Stdio::null());
    for name in [
        "YUHENG_DATA",
        "YUHENG_DATABASE",
        "YUHENG_LISTEN",
        "YUHENG_PUBLIC_URL",
        "YUHENG_KEY",
        "YUHENG_LOG",
        "YUHENG_CRASH_POINT",
        "YUHENG_TLS_CERT",
        "YUHENG_TLS_KEY",
    ] {
        command.env_remove(name);
    }
    command
}
