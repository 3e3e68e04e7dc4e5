//! Comments are no wider than code: the formatter breaks code and leaves comments, so a wide one hides its end.

use super::{Finding, is_generated, is_test};
use crate::repo::Repo;

/// The formatter's width, in characters.
const WIDTH: usize = 140;

/// Runs the rule.
pub fn check(repo: &Repo) -> Result<Vec<Finding>, String> {
    let mut found = Vec::new();
    for path in repo.files().filter(|path| path.ends_with(".rs") && !is_test(path) && !is_generated(path)) {
        for (line, width) in wide(&repo.need(path)?) {
            found.push(Finding::new(path, line, format!("a comment of {width} characters: break it at {WIDTH} at the latest")));
        }
    }
    Ok(found)
}

/// Lines that are wide comments, with their widths.
fn wide(text: &str) -> Vec<(usize, usize)> {
    let widths = text.lines().enumerate().filter(|(_, line)| line.trim_start().starts_with("//"));
    widths.map(|(n, line)| (n + 1, line.chars().count())).filter(|(_, width)| *width > WIDTH).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_comments_are_found_and_wide_code_is_the_formatters() {
        let text = format!("//! {}\nlet a = \"{}\";\n    /// {}\n", "x".repeat(137), "x".repeat(200), "字".repeat(130));
        assert_eq!(wide(&text), [(1, 141)]);
    }
}
