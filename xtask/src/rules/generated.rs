//! Generated files are committed, and are what the program generates now.

use super::Finding;
use crate::generate::{API, api_document};
use crate::repo::Repo;

/// Runs the rule.
pub fn check(repo: &Repo) -> Result<Vec<Finding>, String> {
    if !repo.has(API) {
        return Ok(Vec::new());
    }
    let (now, committed) = (api_document(repo)?, repo.need(API)?);
    let mut lines = now.lines().zip(committed.lines()).enumerate();
    let differs = lines.find(|(_, (a, b))| a != b).map(|(n, _)| n + 1);
    let differs = differs.or_else(|| (now != committed).then(|| now.lines().count().min(committed.lines().count()) + 1));
    let message = "is not what the program says of itself: run 'cargo run -p xtask -- generate' and commit the result";
    Ok(differs.map(|line| Finding::new(API, line, message)).into_iter().collect())
}
