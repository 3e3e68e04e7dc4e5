//! The files of the repository, as Git would commit them now.

use std::path::{Path, PathBuf};
use std::process::Command;

/// The working tree.
pub struct Repo {
    root: PathBuf,
    files: Vec<String>,
}

impl Repo {
    /// Lists what is tracked or about to be: everything that `.gitignore` does not leave out.
    pub fn open() -> Result<Self, String> {
        let manifest = std::env::var("CARGO_MANIFEST_DIR").unwrap_or_else(|_| env!("CARGO_MANIFEST_DIR").to_owned());
        let root = Path::new(&manifest).parent().ok_or("xtask lies in no folder")?.to_owned();
        let listed = Command::new("git").args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]).current_dir(&root).output();
        let mut files = match listed {
            Ok(output) if output.status.success() => {
                let text = String::from_utf8_lossy(&output.stdout).into_owned();
                text.split('\0').filter(|path| !path.is_empty()).map(str::to_owned).collect()
            }
            // An unpacked archive is no Git repository: then everything that is not built counts.
            _ => walk(&root)?,
        };
        files.retain(|path| root.join(path).is_file());
        files.sort();
        files.dedup();
        Ok(Self { root, files })
    }

    /// The folder that holds everything.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// All files, as paths from the root with `/`.
    pub fn files(&self) -> impl Iterator<Item = &str> {
        self.files.iter().map(String::as_str)
    }

    /// Whether something lies at this path.
    pub fn has(&self, path: &str) -> bool {
        self.root.join(path).exists()
    }

    /// The text of a file; `None` when it is not text.
    pub fn text(&self, path: &str) -> Result<Option<String>, String> {
        let bytes = std::fs::read(self.root.join(path)).map_err(|error| format!("{path}: {error}"))?;
        if bytes.contains(&0) {
            return Ok(None);
        }
        Ok(String::from_utf8(bytes).ok())
    }

    /// The text of a file that must be there.
    pub fn need(&self, path: &str) -> Result<String, String> {
        self.text(path)?.ok_or_else(|| format!("{path} is not text"))
    }
}

/// Folders that hold what is built or fetched.
const BUILT: [&str; 6] = ["target", "node_modules", "dist", "data", "test-results", ".git"];

fn walk(root: &Path) -> Result<Vec<String>, String> {
    let mut files = Vec::new();
    let mut waiting = vec![root.to_owned()];
    while let Some(folder) = waiting.pop() {
        let entries = std::fs::read_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        for entry in entries {
            let path = entry.map_err(|error| error.to_string())?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            if path.is_dir() && !BUILT.contains(&name.as_ref()) {
                waiting.push(path);
            } else if path.is_file()
                && let Ok(relative) = path.strip_prefix(root)
            {
                files.push(relative.to_string_lossy().into_owned());
            }
        }
    }
    Ok(files)
}
