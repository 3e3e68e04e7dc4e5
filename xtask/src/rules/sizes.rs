//! What has grown long: told, not forbidden. Long files and functions are where readers lose their way.

use super::{Source, is_generated};
use crate::lexer::{Kind, Language, lex};
use crate::repo::Repo;

/// Lines after which a file is listed.
const FILE: usize = 600;
/// Lines after which a function is listed.
const FUNCTION: usize = 60;

/// Lists long files and functions.
pub fn tell(repo: &Repo) -> Result<(), String> {
    let mut told = 0;
    for path in repo.files().filter(|path| !is_generated(path)) {
        let Some(language) = Language::of(path) else { continue };
        let text = repo.need(path)?;
        let lines = text.lines().count();
        if lines > FILE {
            println!("sizes: {path} has {lines} lines");
            told += 1;
        }
        if language == Language::Rust {
            let source = Source { path, language, tokens: lex(&text, language) };
            for (name, line, length) in functions(&source).into_iter().filter(|(_, _, length)| *length > FUNCTION) {
                println!("sizes: {path}:{line}: {name} has {length} lines");
                told += 1;
            }
        }
    }
    println!("sizes: {told} longer than {FILE} lines a file or {FUNCTION} a function (for information)");
    Ok(())
}

/// Functions with a body: name, line, length.
fn functions(source: &Source<'_>) -> Vec<(String, usize, usize)> {
    let tokens = &source.tokens;
    let mut found = Vec::new();
    for (n, token) in tokens.iter().enumerate().filter(|(_, token)| token.kind == Kind::Name && token.text == "fn") {
        let Some(name) = tokens.get(n + 1).filter(|name| name.kind == Kind::Name) else { continue };
        let end = crate::lexer::end_of_item(tokens, n);
        let Some(last) = end.checked_sub(1).and_then(|end| tokens.get(end)).filter(|last| last.text == "}") else { continue };
        found.push((name.text.clone(), token.line, last.line - token.line + 1));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_are_measured_from_their_name_to_their_closing_brace() {
        let text = "fn a(b: [u8; 2]) -> T {\n  if x { y }\n}\ntrait C {\n  fn d();\n}\n";
        let source = Source { path: "a.rs", language: Language::Rust, tokens: lex(text, Language::Rust) };
        assert_eq!(functions(&source), [("a".to_owned(), 1, 3)]);
    }
}
