//! No pack's name in the code: what a practice needs becomes a general capability that any pack can use.
//!
//! Names of packs are the keys under `packs/` and those that `xtask/naming-exceptions.txt` announces. There are two kinds:
//!
//! * **own** words, which mean nothing but the practice (`incident`): they may stand in no name, no file name, no route and
//!   no string literal, not even as a part of one;
//! * **everyday** words of English (`change`, `problem`, `release`): a journal entry is a change and RFC 9457 calls an error a
//!   problem, so these count only where they stand alone: as a whole type name, file name, part of a route, table or
//!   column, or as a string literal that is the key itself. `request` alone is no practice; `service-request` is.
//!
//! Tests, measurements, demonstration data and comments may say anything. Exceptions stand in the same file, each with its
//! reason; one that is no longer needed breaks the rule too, so the list can only be as long as it must be.

use std::cell::Cell;

use super::{Finding, Source, is_generated, is_test, sources};
use crate::lexer::{Kind, Language, Token};
use crate::repo::Repo;
use crate::words::{hold, same, split};

const LIST: &str = "xtask/naming-exceptions.txt";

/// Folders whose whole purpose is one organisation's invented data.
const DEMO: &str = "crates/desk/src/demo/";

struct Word {
    key: String,
    parts: Vec<String>,
    everyday: bool,
}

struct Exception {
    path: String,
    what: String,
    line: usize,
    used: Cell<bool>,
}

#[derive(Default)]
struct List {
    words: Vec<Word>,
    exceptions: Vec<Exception>,
}

/// Runs the rule.
pub fn check(repo: &Repo) -> Result<Vec<Finding>, String> {
    let list = read(repo)?;
    let mut found = Vec::new();
    for path in repo.files().filter(|path| is_code(path)) {
        let name = path.rsplit('/').next().unwrap_or(path);
        let stem = name.split('.').next().unwrap_or(name);
        for part in path.split('/').rev().skip(1).chain([stem]) {
            look(&list, &mut found, path, 1, "file", part);
        }
    }
    for source in sources(repo)?.iter().filter(|source| is_code(source.path)) {
        in_source(&list, &mut found, source);
    }
    for path in repo.files().filter(|path| path.starts_with("web/src/") && path.ends_with(".json") && !is_generated(path)) {
        for (n, line) in repo.need(path)?.lines().enumerate() {
            if let Some(word) = list.words.iter().find(|word| !word.everyday && hold(&split(line), &word.parts)) {
                note(&list, &mut found, path, n + 1, "text", &word.key, "a text of the interface");
            }
        }
    }
    for exception in list.exceptions.iter().filter(|exception| !exception.used.get()) {
        let message = format!("the exception for {} ({}) is not needed any more: take it out", exception.path, exception.what);
        found.push(Finding::new(LIST, exception.line, message));
    }
    Ok(found)
}

fn is_code(path: &str) -> bool {
    let code = Language::of(path).is_some() || path.ends_with(".module.css");
    code && !is_test(path) && !is_generated(path) && !path.starts_with(DEMO)
}

fn in_source(list: &List, found: &mut Vec<Finding>, source: &Source<'_>) {
    for (n, token) in source.tokens.iter().enumerate() {
        match token.kind {
            Kind::Text => look(list, found, source.path, token.line, "literal", &token.text),
            Kind::Name => {
                let before = n.checked_sub(1).and_then(|n| source.tokens.get(n));
                let what = if is_declaration(source.language, before, token) { "type" } else { "name" };
                look(list, found, source.path, token.line, what, &token.text);
            }
            Kind::Mark => {}
        }
    }
}

/// Whether a name stands where a type, a table or a column is declared.
fn is_declaration(language: Language, before: Option<&Token>, token: &Token) -> bool {
    let word = before.filter(|before| before.kind == Kind::Name).map(|before| before.text.as_str());
    match language {
        Language::Rust => matches!(word, Some("struct" | "enum" | "trait" | "union" | "type")),
        Language::TypeScript => matches!(word, Some("type" | "interface" | "class" | "enum")),
        // In a migration every name that is no key word names a table, an index or a column.
        Language::Sql => token.text.chars().any(char::is_lowercase),
    }
}

/// Looks at one name or text.
fn look(list: &List, found: &mut Vec<Finding>, path: &str, line: usize, what: &str, text: &str) {
    let words = split(text);
    for word in &list.words {
        let hit = if word.everyday {
            match what {
                "literal" => text == word.key || names_a_route(text, word),
                "name" => false,
                _ => same(&words, &word.parts),
            }
        } else {
            hold(&words, &word.parts)
        };
        if hit {
            note(list, found, path, line, what, &word.key, &format!("'{}'", text.chars().take(60).collect::<String>()));
        }
    }
}

/// Whether a literal is an address with the word as one of its parts: `/changes/{id}`.
fn names_a_route(text: &str, word: &Word) -> bool {
    let address = text.contains('/') && !text.contains(char::is_whitespace) && !text.contains("://");
    address && text.split(['/', '?', '#']).any(|part| same(&split(part), &word.parts))
}

fn note(list: &List, found: &mut Vec<Finding>, path: &str, line: usize, what: &str, key: &str, where_: &str) {
    let wanted = format!("{what}:{key}");
    let mut excused = false;
    for exception in list.exceptions.iter().filter(|exception| exception.path == path && exception.what == wanted) {
        exception.used.set(true);
        excused = true;
    }
    if !excused {
        let mend = format!("make it a general capability, or add '{path} {wanted} <reason>' to {LIST}");
        found.push(Finding::new(path, line, format!("{where_} has the name of the practice '{key}' ({what}): {mend}")));
    }
}

/// Reads the list and the keys of the packs.
fn read(repo: &Repo) -> Result<List, String> {
    let mut list = List::default();
    for (n, line) in repo.need(LIST)?.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let parts: Vec<&str> = line.split_whitespace().collect();
        match parts.as_slice() {
            ["word", key, kind @ ("own" | "everyday")] => list.words.push(word(key, *kind == "everyday")),
            [path, what, _, ..] if what.contains(':') => {
                list.exceptions.push(Exception { path: (*path).to_owned(), what: (*what).to_owned(), line: n + 1, used: Cell::new(false) })
            }
            _ => return Err(format!("{LIST}:{}: write 'word <key> own|everyday' or '<path> <what>:<key> <reason>'", n + 1)),
        }
    }
    for path in repo.files() {
        let Some(folder) = path.strip_prefix("packs/").and_then(|rest| rest.strip_suffix("/pack.yaml")) else { continue };
        let text = repo.need(path)?;
        let key = text.lines().find_map(|line| line.strip_prefix("key:")).map_or(folder, str::trim);
        if !list.words.iter().any(|word| word.key == key) {
            list.words.push(word(key, false));
        }
    }
    Ok(list)
}

fn word(key: &str, everyday: bool) -> Word {
    Word { key: key.to_owned(), parts: split(key), everyday }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn broken(what: &str, text: &str) -> bool {
        let list = List { words: vec![word("incident", false), word("change", true)], exceptions: Vec::new() };
        let mut found = Vec::new();
        look(&list, &mut found, "a.rs", 1, what, text);
        !found.is_empty()
    }

    #[test]
    fn an_own_word_may_stand_nowhere() {
        for text in ["incident", "IncidentList", "open incidents now", "/api/v1/incidents"] {
            assert!(broken("literal", text), "{text}");
        }
        assert!(broken("name", "open_incident"));
        assert!(!broken("literal", "coincidental"));
    }

    #[test]
    fn an_everyday_word_may_not_stand_alone() {
        assert!(broken("literal", "change"));
        assert!(broken("literal", "/api/v1/changes/{id}"));
        assert!(broken("type", "Change"));
        assert!(broken("file", "change"));
        for text in ["Change", "changes", "change_state", "the change feed", "application/changed", "nothing to change"] {
            assert!(!broken("literal", text), "{text}");
        }
        assert!(!broken("type", "ChangeBody"));
        assert!(!broken("name", "change"));
    }
}
