//! Files that are written by programs and committed: the API document, and the types that the UI reads it with.

use std::process::Command;

use crate::repo::Repo;

/// The committed API document.
pub const API: &str = "web/src/api/generated/openapi.json";

/// The API document as the program of this moment prints it: `$YUHENG_BIN`, else what Cargo makes of the sources.
pub fn api_document(repo: &Repo) -> Result<String, String> {
    if let Some(program) = std::env::var_os("YUHENG_BIN") {
        return output(Command::new(program).arg("openapi"));
    }
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    output(Command::new(cargo).args(["run", "--quiet", "--package", "server", "--", "openapi"]).current_dir(repo.root()))
}

/// Writes all generated files.
pub fn write(repo: &Repo) -> Result<(), String> {
    let document = api_document(repo)?;
    std::fs::write(repo.root().join(API), document).map_err(|error| format!("{API}: {error}"))?;
    println!("wrote {API}");
    if !repo.has("web/node_modules") {
        return Err("the UI's tools are not installed: run 'make setup', then this again".to_owned());
    }
    output(Command::new("npm").args(["run", "--silent", "generate"]).current_dir(repo.root().join("web")))?;
    println!("wrote the types beside it");
    Ok(())
}

fn output(command: &mut Command) -> Result<String, String> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command.output().map_err(|error| format!("{program}: {error}"))?;
    if output.status.success() {
        return String::from_utf8(output.stdout).map_err(|error| format!("{program}: {error}"));
    }
    Err(format!("{program} failed:\n{}", String::from_utf8_lossy(&output.stderr)))
}
