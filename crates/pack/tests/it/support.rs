//! Reads pack folders from disk.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use pack::{Defect, Pack};

/// Files of a pack by path.
pub type Files = BTreeMap<String, Vec<u8>>;

/// The folder all packs stand in.
pub fn packs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs")
}

/// Keys of all packs.
pub fn keys() -> Vec<String> {
    let entries = std::fs::read_dir(packs()).unwrap().map(|entry| entry.unwrap());
    let folders = entries.filter(|entry| entry.file_type().unwrap().is_dir());
    let mut keys: Vec<String> = folders.map(|entry| entry.file_name().into_string().unwrap()).collect();
    keys.retain(|key| !key.starts_with('_'));
    keys.sort();
    keys
}

/// The files of a pack.
pub fn files(key: &str) -> Files {
    read(&packs().join(key))
}

/// The files of a pack that is there for tests alone.
pub fn fixture(key: &str) -> Files {
    read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(key))
}

fn read(root: &Path) -> Files {
    let mut found = Files::new();
    collect(root, root, &mut found);
    found
}

/// The line a text begins in, counted from 1.
pub fn line_of(files: &Files, file: &str, at: &str) -> Option<u32> {
    if at.is_empty() {
        return None;
    }
    let text = std::str::from_utf8(&files[file]).unwrap();
    let found = text.find(at).unwrap_or_else(|| panic!("'{at}' is not in {file}"));
    u32::try_from(text[..found].matches('\n').count() + 1).ok()
}

fn collect(root: &Path, folder: &Path, found: &mut Files) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(root, &path, found);
        } else {
            let name = path.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
            found.insert(name, std::fs::read(&path).unwrap());
        }
    }
}

/// Loads a pack or shows what is wrong with it.
pub fn load(files: &Files) -> Pack {
    Pack::load(files).unwrap_or_else(|defects| panic!("the pack does not load:\n{}", list(&defects)))
}

/// One defect a line.
pub fn list(defects: &[Defect]) -> String {
    defects.iter().map(|defect| format!("  {defect}\n")).collect()
}
