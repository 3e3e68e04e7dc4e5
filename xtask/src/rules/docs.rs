//! Pages that hold: links lead to files that exist, and nothing is left to be filled in.

use super::Finding;
use crate::repo::Repo;

/// What authors leave behind when they mean to come back.
const LEFT_OPEN: [&str; 5] =
    [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("T", "BD"), concat!("XX", "X"), concat!("lorem ", "ipsum")];

/// Runs the rule.
pub fn check(repo: &Repo) -> Result<Vec<Finding>, String> {
    let mut found = Vec::new();
    for path in repo.files().filter(|path| path.ends_with(".md")) {
        let text = repo.need(path)?;
        let mut code = false;
        for (n, line) in text.lines().enumerate() {
            if line.trim_start().starts_with("```") {
                code = !code;
            }
            if let Some(word) = LEFT_OPEN.iter().find(|word| line.contains(**word)) {
                found.push(Finding::new(path, n + 1, format!("'{word}': say what holds now, or leave it out")));
            }
            if code {
                continue;
            }
            for target in links(line).filter(|target| !leads_somewhere(repo, path, target)) {
                found.push(Finding::new(path, n + 1, format!("the link '{target}' leads nowhere")));
            }
        }
    }
    Ok(found)
}

/// Targets of the links and pictures in a line.
fn links(line: &str) -> impl Iterator<Item = &str> {
    line.match_indices("](").filter_map(move |(at, mark)| {
        let rest = &line[at + mark.len()..];
        rest.find(')').map(|end| rest[..end].split_whitespace().next().unwrap_or_default())
    })
}

fn leads_somewhere(repo: &Repo, from: &str, target: &str) -> bool {
    let target = target.split('#').next().unwrap_or_default();
    if target.is_empty() || target.contains(':') {
        return true;
    }
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    repo.has(&parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::links;

    #[test]
    fn links_and_pictures_are_found() {
        let found: Vec<&str> = links("see [a](b.md) and ![c](d/e.png \"title\"), not (f)").collect();
        assert_eq!(found, ["b.md", "d/e.png"]);
    }
}
