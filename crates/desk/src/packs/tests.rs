use std::path::{Path, PathBuf};

use super::*;

fn files(folder: &Path, root: &Path, found: &mut Files) {
    for path in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if path.is_dir() {
            files(&path, root, found);
        } else {
            let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
            found.insert(name, std::fs::read(&path).unwrap());
        }
    }
}

#[test]
fn a_pack_with_approvals_is_sound_and_yet_not_published() {
    let root: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("../pack/tests/fixtures/permit");
    let mut permit = Files::new();
    files(&root, &root, &mut permit);
    assert!(pack::Pack::load(&permit).is_ok(), "authors can write and check it");
    let refused = load("permit", &permit).err().map(|error| error.to_string()).unwrap_or_default();
    assert!(refused.contains("approvals_not_run") && refused.contains("approvals.yaml"), "{refused}");
    assert!(load("any", &built_in()["incident"]).is_ok());
}
