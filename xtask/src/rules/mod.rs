//! The rules of the repository, one a file. Each tells what is wrong, where, and what to do about it.

mod comments;
mod docs;
mod generated;
mod layers;
mod migrations;
mod naming;
mod outside;
mod sizes;

pub use migrations::freeze as freeze_migrations;

use std::fmt;

use crate::lexer::{Language, Token, lex, without_tests};
use crate::repo::Repo;

/// Something that breaks a rule.
pub struct Finding {
    path: String,
    line: usize,
    message: String,
}

impl Finding {
    fn new(path: &str, line: usize, message: impl Into<String>) -> Self {
        Self { path: path.to_owned(), line, message: message.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.path, self.line, self.message)
    }
}

type Rule = fn(&Repo) -> Result<Vec<Finding>, String>;

/// All rules by name; the last one takes longest, because it runs the program.
const RULES: [(&str, Rule); 7] = [
    ("naming", naming::check),
    ("layers", layers::check),
    ("outside", outside::check),
    ("migrations", migrations::check),
    ("docs", docs::check),
    ("comments", comments::check),
    ("generated", generated::check),
];

/// The names of the rules, and of the list that is only told.
pub const NAMES: [&str; 8] = ["naming", "layers", "outside", "migrations", "docs", "comments", "generated", "sizes"];

/// Runs the rules with these names, or all of them. True when none is broken.
pub fn run(repo: &Repo, names: &[&str]) -> Result<bool, String> {
    if let Some(unknown) = names.iter().find(|name| !NAMES.contains(name)) {
        return Err(format!("there is no rule '{unknown}'; there are {}", NAMES.join(", ")));
    }
    let wanted = |name: &str| names.is_empty() || names.contains(&name);
    let mut broken = 0;
    for (name, rule) in RULES.iter().filter(|(name, _)| wanted(name)) {
        let findings = rule(repo)?;
        for finding in &findings {
            println!("{name}: {finding}");
        }
        println!("{name}: {}", if findings.is_empty() { "holds".to_owned() } else { format!("broken in {} places", findings.len()) });
        broken += findings.len();
    }
    if wanted("sizes") {
        sizes::tell(repo)?;
    }
    Ok(broken == 0)
}

/// A source file with its pieces.
struct Source<'a> {
    path: &'a str,
    language: Language,
    tokens: Vec<Token>,
}

/// Hand-written sources, without tests.
fn sources(repo: &Repo) -> Result<Vec<Source<'_>>, String> {
    let mut found = Vec::new();
    for path in repo.files().filter(|path| !is_test(path) && !is_generated(path)) {
        let Some(language) = Language::of(path) else { continue };
        let Some(text) = repo.text(path)? else { continue };
        let tokens = lex(&text, language);
        let tokens = if language == Language::Rust { without_tests(&tokens) } else { tokens };
        found.push(Source { path, language, tokens });
    }
    Ok(found)
}

/// Whether a file is for tests or measurements only.
fn is_test(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let folder = path.split('/').rev().skip(1).any(|part| matches!(part, "tests" | "test" | "bench" | "e2e"));
    folder || name == "tests.rs" || name.ends_with("_test.rs") || name.contains(".test.")
}

/// Whether a file is written by a program.
fn is_generated(path: &str) -> bool {
    path.split('/').any(|part| part == "generated")
}

/// The string literals of a source.
fn literals<'a>(source: &'a Source<'_>) -> impl Iterator<Item = &'a Token> {
    source.tokens.iter().filter(|token| token.kind == crate::lexer::Kind::Text)
}
