//! Migrations only move forward: numbered without gaps, all of them known to the program, none changed after its release.
//!
//! `xtask/migrations.sha256` holds the checksums of released migrations; `cargo run -p xtask -- freeze` adds the new ones
//! when a release is made.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use super::Finding;
use crate::repo::Repo;

const FOLDER: &str = "crates/store/src/migrations/";
const CODE: &str = "crates/store/src/migrate.rs";
const LIST: &str = "xtask/migrations.sha256";

/// Runs the rule.
pub fn check(repo: &Repo) -> Result<Vec<Finding>, String> {
    let mut found = Vec::new();
    let code = repo.need(CODE)?;
    let names = names(repo);
    for (n, name) in names.iter().enumerate() {
        let path = format!("{FOLDER}{name}");
        let number = name.split_once('_').and_then(|(number, _)| number.parse::<usize>().ok());
        if number != Some(n + 1) || name.find('_') != Some(4) {
            found.push(Finding::new(&path, 1, format!("is number {} in order: call it {:04}_<what>.sql", n + 1, n + 1)));
        }
        if !code.contains(&format!("({}, include_str!(\"migrations/{name}\"))", n + 1)) {
            found.push(Finding::new(CODE, 1, format!("MIGRATIONS has no line ({}, include_str!(\"migrations/{name}\"))", n + 1)));
        }
    }
    let released = released(repo)?;
    for (name, sum) in &released {
        let path = format!("{FOLDER}{name}");
        match repo.text(&path) {
            Ok(Some(text)) if checksum(&text) == *sum => {}
            Ok(Some(_)) => found.push(Finding::new(&path, 1, "was released and may not change: write a new migration")),
            _ => found.push(Finding::new(&path, 1, "was released and is gone: bring it back")),
        }
    }
    Ok(found)
}

/// Records every migration as released.
pub fn freeze(repo: &Repo) -> Result<(), String> {
    let broken = check(repo)?;
    if let Some(finding) = broken.first() {
        return Err(format!("mend this first: {finding}"));
    }
    let mut text = String::from("# Released migrations: they never change. Written by `cargo run -p xtask -- freeze`.\n");
    for name in names(repo) {
        text.push_str(&format!("{}  {name}\n", checksum(&repo.need(&format!("{FOLDER}{name}"))?)));
    }
    std::fs::write(repo.root().join(LIST), text).map_err(|error| format!("{LIST}: {error}"))
}

fn names(repo: &Repo) -> Vec<&str> {
    repo.files().filter_map(|path| path.strip_prefix(FOLDER)).filter(|name| name.ends_with(".sql")).collect()
}

fn released(repo: &Repo) -> Result<BTreeMap<String, String>, String> {
    let text = repo.need(LIST)?;
    let lines = text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#'));
    lines
        .map(|line| {
            let (sum, name) = line.split_once("  ").ok_or_else(|| format!("{LIST}: '{line}' is no checksum and name"))?;
            Ok((name.to_owned(), sum.to_owned()))
        })
        .collect()
}

fn checksum(text: &str) -> String {
    hex::encode(Sha256::digest(text.as_bytes()))
}
