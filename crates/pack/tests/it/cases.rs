//! Every pack of the folder loads, passes its cases, and has a case for every edge and row.

use pack::{CaseResult, coverage, run_cases};

use crate::support::{files, keys, load};

#[test]
fn all_cases_pass_and_try_everything() {
    assert!(!keys().is_empty());
    for key in keys() {
        let pack = load(&files(&key));
        let results = run_cases(&pack);
        let failed: Vec<String> = results.iter().filter(|result| !result.passed()).map(tell).collect();
        assert!(failed.is_empty(), "{key}:\n{}", failed.concat());
        let missed = coverage(&pack, &results);
        assert!(missed.is_complete(), "{key}: no case tries {missed:#?}");
    }
}

fn tell(result: &CaseResult) -> String {
    let line = |line: Option<u32>| line.map_or(String::new(), |line| format!(":{line}"));
    let told = result.failures.iter().map(|failure| format!("  {}{}: {}\n", result.file, line(failure.line), failure.message));
    format!("{}\n{}", result.name, told.collect::<String>())
}
