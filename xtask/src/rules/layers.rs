//! Three layers and arrows that point one way.
//!
//! * SQL stands in `store` only; what differs between the databases in the few files named here.
//! * Pure crates know no runtime, no database, no network, no file, no clock and no dice.
//! * Time and randomness come in through `crates/desk/src/world.rs` and are arguments everywhere else.

use super::{Finding, Source, literals, sources};
use crate::lexer::{Kind, Token};
use crate::repo::Repo;

/// Which crates of ours each crate may use. A crate that is not listed breaks the rule until somebody decides.
const ARROWS: [(&str, &[&str]); 10] = [
    ("approval", &[]),
    ("flow", &[]),
    ("clock", &[]),
    ("decide", &[]),
    ("graph", &[]),
    ("text", &[]),
    ("pack", &["approval", "flow", "clock", "decide"]),
    ("store", &["decide"]),
    ("desk", &["store", "pack", "approval", "flow", "clock", "decide", "graph", "text"]),
    ("server", &["desk", "store", "pack", "approval", "flow", "clock", "decide", "graph", "text"]),
];

/// Crates that compute and nothing else.
const PURE: [&str; 7] = ["approval", "flow", "clock", "decide", "graph", "text", "pack"];

/// What a pure crate may not depend on.
const IMPURE: [&str; 15] = [
    "tokio",
    "axum",
    "hyper",
    "tower",
    "reqwest",
    "lettre",
    "rusqlite",
    "tokio-postgres",
    "deadpool-postgres",
    "object_store",
    "getrandom",
    "rand",
    "tracing",
    "metrics",
    "tempfile",
];

/// Paths that bring in the clock, the dice or the machine.
const OUTSIDE: [&[&str]; 9] = [
    &["Utc", "now"],
    &["Local", "now"],
    &["SystemTime", "now"],
    &["Uuid", "now_v7"],
    &["Uuid", "new_v4"],
    &["rand"],
    &["getrandom"],
    &["OsRng"],
    &["fastrand"],
];

/// More paths that pure crates may not take.
const MACHINE: [&[&str]; 7] =
    [&["Instant", "now"], &["std", "fs"], &["std", "net"], &["std", "env"], &["std", "process"], &["std", "thread"], &["println"]];

/// The only file that reads the clock and the dice for everything above it.
const WORLD: &str = "crates/desk/src/world.rs";

/// Files of `store` that may tell the databases apart.
const DIALECT: [&str; 6] = ["dialect.rs", "sqlite.rs", "postgres.rs", "db.rs", "migrate.rs", "journal.rs"];

/// Files elsewhere that name a database without treating it differently.
const NAMES_A_DATABASE: [&str; 1] = ["crates/desk/src/backup/mod.rs"];

/// Runs the rule.
pub fn check(repo: &Repo) -> Result<Vec<Finding>, String> {
    let mut found = Vec::new();
    for path in repo.files() {
        if let Some(name) = path.strip_prefix("crates/").and_then(|rest| rest.strip_suffix("/Cargo.toml")) {
            dependencies(&mut found, path, name, &repo.need(path)?);
        }
    }
    for source in sources(repo)? {
        let Some((name, _)) = source.path.strip_prefix("crates/").and_then(|rest| rest.split_once('/')) else { continue };
        if name != "store" {
            no_sql(&mut found, &source, name);
        }
        if matches!(name, "store" | "desk") || PURE.contains(&name) {
            no_paths(&mut found, &source, &OUTSIDE, "time and randomness are arguments: take them from desk::World");
        }
        if PURE.contains(&name) {
            no_paths(&mut found, &source, &MACHINE, "this crate is pure: hand in what it needs");
        }
        one_dialect(&mut found, &source, name);
    }
    Ok(found)
}

fn dependencies(found: &mut Vec<Finding>, path: &str, name: &str, manifest: &str) {
    let Some((_, allowed)) = ARROWS.iter().find(|(of, _)| *of == name) else {
        found.push(Finding::new(
            path,
            1,
            format!("the crate '{name}' has no place in the house: give it one in xtask/src/rules/layers.rs"),
        ));
        return;
    };
    let mut section = "";
    for (n, line) in manifest.lines().enumerate() {
        let line = line.trim();
        if line.starts_with('[') {
            section = line;
            continue;
        }
        let used = line.split(['.', '=', ' ']).next().unwrap_or_default();
        if section != "[dependencies]" || used.is_empty() || used.starts_with('#') {
            continue;
        }
        let ours = ARROWS.iter().any(|(of, _)| *of == used);
        if ours && !allowed.contains(&used) {
            found.push(Finding::new(path, n + 1, format!("{name} may not use {used}: arrows point one way (docs/architecture.md)")));
        }
        if PURE.contains(&name) && IMPURE.contains(&used) {
            found.push(Finding::new(path, n + 1, format!("{name} is pure and may not use {used}")));
        }
    }
}

fn no_sql(found: &mut Vec<Finding>, source: &Source<'_>, name: &str) {
    // The compiler of conditions writes the WHERE part of a statement; `store` writes the statement.
    if source.path == "crates/decide/src/condition/sql.rs" {
        return;
    }
    for literal in literals(source).filter(|literal| is_sql(&literal.text)) {
        let start: String = literal.text.chars().take(50).collect();
        found.push(Finding::new(
            source.path,
            literal.line,
            format!("'{start}' is SQL, and {name} has none: write a function in crates/store"),
        ));
    }
}

/// Whether a text is a statement, not prose with the same words.
fn is_sql(text: &str) -> bool {
    let words: Vec<&str> = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').filter(|word| !word.is_empty()).collect();
    let has = |word: &str| words.contains(&word);
    let begins = |word: &str| words.first() == Some(&word);
    let pair = |a: &str, b: &str| words.windows(2).any(|pair| pair == [a, b]);
    (begins("SELECT") && has("FROM"))
        || (begins("WITH") && has("SELECT"))
        || pair("INSERT", "INTO")
        || pair("DELETE", "FROM")
        || (begins("UPDATE") && has("SET"))
        || (["CREATE", "DROP", "ALTER"].iter().any(|verb| begins(verb)) && ["TABLE", "INDEX", "VIEW"].iter().any(|what| has(what)))
        || (begins("PRAGMA") && words.len() > 1)
        || (text.to_ascii_lowercase().starts_with("select ") && text.to_ascii_lowercase().contains(" from ") && text.contains('$'))
}

fn no_paths(found: &mut Vec<Finding>, source: &Source<'_>, paths: &[&[&str]], mend: &str) {
    if source.path == WORLD {
        return;
    }
    for path in paths {
        for token in uses(&source.tokens, path) {
            found.push(Finding::new(source.path, token.line, format!("{}: {mend}", path.join("::"))));
        }
    }
}

/// Where a path is used: its names with `::` between them, or its only name before `::` or `!`.
fn uses<'a>(tokens: &'a [Token], path: &'a [&'a str]) -> impl Iterator<Item = &'a Token> {
    tokens
        .iter()
        .enumerate()
        .filter(move |(n, token)| {
            if token.kind != Kind::Name || Some(&token.text.as_str()) != path.first() {
                return false;
            }
            let at = |ahead: usize| tokens.get(n + ahead).map_or("", |token| token.text.as_str());
            match path {
                [_, second] => at(1) == ":" && at(2) == ":" && at(3) == *second,
                _ => (at(1) == ":" && at(2) == ":") || at(1) == "!",
            }
        })
        .map(|(_, token)| token)
}

fn one_dialect(found: &mut Vec<Finding>, source: &Source<'_>, name: &str) {
    let file = source.path.rsplit('/').next().unwrap_or_default();
    if name == "decide" || (name == "store" && DIALECT.contains(&file)) || NAMES_A_DATABASE.contains(&source.path) {
        return;
    }
    let tells = [["Dialect", "Sqlite"], ["Dialect", "Postgres"]];
    for token in tells.iter().flat_map(|path| uses(&source.tokens, path)) {
        let message = format!("what differs between the databases stands in crates/store/src/{{{}}}", DIALECT.join(","));
        found.push(Finding::new(source.path, token.line, message));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexer::{Language, lex};

    #[test]
    fn statements_are_told_from_prose() {
        for text in
            ["SELECT a FROM b", "UPDATE a SET b = 1", "INSERT INTO a VALUES ($1)", "PRAGMA foreign_keys=ON", "select x from y where z = $1"]
        {
            assert!(is_sql(text), "{text}");
        }
        for text in ["select one from the list", "update what is set", "CREATE", "delete it from the list", "key = 'epoch'"] {
            assert!(!is_sql(text), "{text}");
        }
    }

    #[test]
    fn clocks_and_dice_are_seen_through_their_paths() {
        let tokens = lex("let a = chrono::Utc::now(); let rand = 1; rand::random(); uuid::Uuid::now_v7();", Language::Rust);
        assert_eq!(uses(&tokens, &["Utc", "now"]).count(), 1);
        assert_eq!(uses(&tokens, &["rand"]).count(), 1);
        assert_eq!(uses(&tokens, &["Uuid", "now_v7"]).count(), 1);
        assert_eq!(uses(&tokens, &["SystemTime", "now"]).count(), 0);
    }

    #[test]
    fn arrows_point_one_way() {
        let mut found = Vec::new();
        dependencies(
            &mut found,
            "crates/flow/Cargo.toml",
            "flow",
            "[dependencies]\nserde.workspace = true\ndesk.workspace = true\ntokio = \"1\"\n",
        );
        assert_eq!(found.len(), 2);
        found.clear();
        dependencies(
            &mut found,
            "crates/flow/Cargo.toml",
            "flow",
            "[dependencies]\nserde.workspace = true\n[dev-dependencies]\ntokio = \"1\"\n",
        );
        assert!(found.is_empty());
        dependencies(&mut found, "crates/new/Cargo.toml", "new", "");
        assert_eq!(found.len(), 1);
    }
}
