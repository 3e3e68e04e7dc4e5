//! `yuheng pack test`

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;

use desk::packs::{Files, built_in};

use super::Outcome;

/// Runs the cases of packs and prints each failure and what no case visits.
pub fn test(wanted: &[String]) -> Outcome {
    let mut packs: BTreeMap<String, Files> = BTreeMap::new();
    if wanted.is_empty() {
        packs = built_in();
    }
    for name in wanted {
        let files = match built_in().remove(name) {
            Some(files) => files,
            None => read_folder(Path::new(name))?,
        };
        packs.insert(name.clone(), files);
    }
    let (mut passed, mut failed, mut skipped) = (0, 0, 0);
    for (name, files) in &packs {
        let pack = match pack::Pack::load(files) {
            Ok(pack) => pack,
            Err(defects) => {
                for defect in defects {
                    println!("{name}/{defect}");
                }
                failed += 1;
                continue;
            }
        };
        for case in pack.cases() {
            if let Some(reason) = &case.skip {
                println!("{name}: {} is left out: {reason}", case.name);
                skipped += 1;
            }
        }
        for result in pack::run_cases(&pack) {
            if result.failures.is_empty() {
                passed += 1;
            } else {
                failed += 1;
                for failure in &result.failures {
                    println!("{name}: {}: {failure:?}", result.name);
                }
            }
        }
    }
    let left_out = if skipped == 0 { String::new() } else { format!(", {skipped} skipped") };
    println!("{passed} passed, {failed} failed{left_out}");
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn read_folder(folder: &Path) -> Result<Files, std::io::Error> {
    let mut files = Files::new();
    let mut waiting = vec![folder.to_owned()];
    while let Some(next) = waiting.pop() {
        for entry in std::fs::read_dir(&next)? {
            let path = entry?.path();
            if path.is_dir() {
                waiting.push(path);
            } else if let Ok(name) = path.strip_prefix(folder) {
                files.insert(name.to_string_lossy().into_owned(), std::fs::read(&path)?);
            }
        }
    }
    Ok(files)
}
