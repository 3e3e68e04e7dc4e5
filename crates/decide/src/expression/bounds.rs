//! Limits checked on the words of an expression, before it is parsed.

use super::{ExpressionError, MAX_SOURCE};
use zen_expression::lexer::{Bracket, Operator, Token, TokenKind};

/// Most words; the parser and the checks recurse along the tree, whose depth they bound.
const MAX_WORDS: usize = 1_000;
/// Deepest nesting of brackets.
const MAX_BRACKETS: usize = 32;

/// With a range (`..`) in it, zen tries every bracket first as a range and then as what it is, which doubles or
/// triples the work with each level; these smaller limits keep parsing below a millisecond or so.
const MAX_WORDS_WITH_RANGE: usize = 300;
const MAX_BRACKETS_WITH_RANGE: usize = 5;
/// Closing brackets where a value should begin: a range like `]1..5[`, but also `[]` and `f()`.
const MAX_REVERSED: usize = 2;

pub(super) fn source(source: &str) -> Result<(), ExpressionError> {
    if source.trim().is_empty() {
        return Err(ExpressionError::new("empty", "the expression is empty", "write an expression"));
    }
    if source.len() > MAX_SOURCE {
        let message = format!("the expression is longer than {MAX_SOURCE} bytes");
        return Err(ExpressionError::new("too_long", message, "split it, or use a decision table"));
    }
    Ok(())
}

pub(super) fn words(tokens: &[Token<'_>]) -> Result<(), ExpressionError> {
    let has_range = tokens.iter().any(|token| token.kind == TokenKind::Operator(Operator::Range));
    let (words, brackets) = if has_range { (MAX_WORDS_WITH_RANGE, MAX_BRACKETS_WITH_RANGE) } else { (MAX_WORDS, MAX_BRACKETS) };
    let (depth, reversed) = nesting(tokens);
    let message = if tokens.len() > words {
        format!("the expression has more than {words} words")
    } else if depth > brackets {
        format!("the brackets are nested deeper than {brackets} levels")
    } else if has_range && reversed > MAX_REVERSED {
        format!("beside a range, at most {MAX_REVERSED} brackets may close or open outwards without a value before them")
    } else {
        return Ok(());
    };
    let mend = if has_range { "write `x >= 1 and x <= 5` instead of a range" } else { "split it, or use a decision table" };
    Err(ExpressionError::new("too_complex", message, mend))
}

/// The deepest nesting, and how many closing brackets stand where a value should begin.
fn nesting(tokens: &[Token<'_>]) -> (usize, usize) {
    let (mut depth, mut deepest, mut reversed) = (0_usize, 0, 0);
    let mut value_expected = true;
    for token in tokens {
        match token.kind {
            TokenKind::Bracket(Bracket::LeftParenthesis | Bracket::LeftSquareBracket | Bracket::LeftCurlyBracket) => {
                depth += 1;
                deepest = deepest.max(depth);
                value_expected = true;
            }
            TokenKind::Bracket(_) if value_expected => reversed += 1,
            TokenKind::Bracket(_) => {
                depth = depth.saturating_sub(1);
                value_expected = false;
            }
            TokenKind::Operator(_) => value_expected = true,
            _ => value_expected = false,
        }
    }
    (deepest, reversed)
}
