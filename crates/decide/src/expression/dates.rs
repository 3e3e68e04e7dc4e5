//! Dates: where they may stand, and what keeps them from the wall clock and the machine's time zone.
//!
//! zen reads the clock not only in `d()` but in `d('UTC')` too, since it takes a text that names a time zone as "now
//! there"; and it reads a text without an offset in the zone of the machine, also silently when a date is compared with
//! a text. So the text given to `d` must begin like a date, and a date is only ever compared with a date.

use super::check::static_path;
use super::{ExpressionError, engine};
use serde_json::{Map, Value};
use zen_expression::Variable;
use zen_expression::functions::{DateMethod, FunctionKind, InternalFunction, MethodKind};
use zen_expression::lexer::{ArithmeticOperator, LogicalOperator, Operator};
use zen_expression::parser::Node;

pub(super) const WHERE_DATES_MAY_STAND: (&str, &str) = (
    "a date cannot be used here",
    "compare a date with a date (`d(a) > d(b)`), or turn it into a number with `.timestamp()` or a text with `.format('%F')`",
);

/// `strftime` letters that chrono knows; on any other it panics.
const FORMAT_LETTERS: &str = "YCymbBhdeaAwuUWGgVjDFxvHkIlPpSMRTXrZzsc+tn%f";

/// Whether the node's value is a date.
pub(super) fn is_date(node: &Node<'_>) -> bool {
    match node {
        Node::FunctionCall { kind: FunctionKind::Internal(InternalFunction::Date), .. } => true,
        Node::MethodCall { kind: MethodKind::DateMethod(method), .. } => gives_date(*method),
        Node::Parenthesized(inner) => is_date(inner),
        Node::Conditional { on_true, on_false, .. } => is_date(on_true) || is_date(on_false),
        Node::Binary { left, operator: Operator::Logical(LogicalOperator::NullishCoalescing), right } => is_date(left) || is_date(right),
        _ => false,
    }
}

pub(super) fn is_date_range(node: &Node<'_>) -> bool {
    match node {
        Node::Parenthesized(inner) => is_date_range(inner),
        Node::Interval { left, right, .. } => is_date(left) && is_date(right),
        _ => false,
    }
}

/// Whether a method's value is text.
pub(super) fn gives_text(kind: &MethodKind) -> bool {
    matches!(kind, MethodKind::DateMethod(DateMethod::Format | DateMethod::OffsetName))
}

fn gives_date(method: DateMethod) -> bool {
    use DateMethod as M;
    matches!(method, M::Add | M::Sub | M::Set | M::StartOf | M::EndOf | M::Tz)
}

/// The value of a literal whole number, `-3` included.
pub(super) fn literal_number(node: &Node<'_>) -> Option<i64> {
    match node {
        Node::Number(number) => i64::try_from(*number).ok(),
        Node::Parenthesized(inner) => literal_number(inner),
        Node::Unary { node, operator: Operator::Arithmetic(ArithmeticOperator::Subtract) } => {
            literal_number(node).and_then(i64::checked_neg)
        }
        _ => None,
    }
}

/// Checks the arguments of `d` and answers the paths whose values must be looked at before each run.
pub(super) fn check_date(arguments: &[&Node<'_>], loop_values: &[&str]) -> Result<Vec<String>, ExpressionError> {
    let [value, zone @ ..] = arguments else {
        let message = "`d()` without a value reads the clock";
        return Err(ExpressionError::new("reads_clock", message, "use `d(now)`, the time of the decision"));
    };
    if let [Node::String(zone), ..] = zone {
        try_literal("d(0, v)", zone, "time zone", "write a zone like 'Asia/Shanghai' or 'UTC'")?;
    }
    let mut paths = Vec::new();
    check_moment(value, &mut paths)?;
    // These differ with every step of a loop or lie inside the column, so they cannot be looked at before the run.
    let hidden = |path: &String| path.starts_with("$.") || path.split('.').next().is_some_and(|root| loop_values.contains(&root));
    if paths.iter().any(hidden) { Err(unsure()) } else { Ok(paths) }
}

fn unsure() -> ExpressionError {
    let message = "`d` cannot be sure that this is a date";
    let mend = "give it a value (`d(opened_at)`), a number or a date in quotes; compare loop values as numbers";
    ExpressionError::new("date_use", message, mend)
}

fn check_moment(node: &Node<'_>, paths: &mut Vec<String>) -> Result<(), ExpressionError> {
    match node {
        Node::String(text) if looks_like_date(text) => Ok(()),
        Node::String(text) => {
            let message = format!("`{text}` is no date; a name in place of a date would read the clock");
            Err(ExpressionError::new("reads_clock", message, "write '2026-01-31' or '2026-01-31T08:00:00Z', or use `d(now)`"))
        }
        Node::Null => Ok(()),
        Node::Parenthesized(inner) => check_moment(inner, paths),
        Node::Conditional { on_true, on_false, .. } => {
            check_moment(on_true, paths)?;
            check_moment(on_false, paths)
        }
        Node::Binary { left, operator: Operator::Logical(LogicalOperator::NullishCoalescing), right } => {
            check_moment(left, paths)?;
            check_moment(right, paths)
        }
        Node::Identifier(_) | Node::Member { .. } if is_plain_path(node) => {
            paths.extend(static_path(node));
            Ok(())
        }
        node if is_date(node) || is_number(node) => Ok(()),
        _ => Err(unsure()),
    }
}

/// A path without computed properties, whose value can be looked up before the run.
fn is_plain_path(node: &Node<'_>) -> bool {
    match node {
        Node::Identifier(name) => *name != "#",
        Node::Root => true,
        Node::Member { node, property: Node::String(_) } => is_plain_path(node),
        _ => false,
    }
}

/// Whether the node's value can only be a number (or the evaluation fails).
fn is_number(node: &Node<'_>) -> bool {
    use InternalFunction as F;
    match node {
        Node::Number(_) => true,
        Node::Parenthesized(inner) => is_number(inner),
        Node::Unary { operator: Operator::Arithmetic(ArithmeticOperator::Subtract), .. } => true,
        // A plus of two unknown values may be joined texts, which could spell a zone.
        Node::Binary { left, operator: Operator::Arithmetic(ArithmeticOperator::Add), right } => is_number(left) || is_number(right),
        Node::Binary { operator: Operator::Arithmetic(_), .. } => true,
        Node::FunctionCall { kind: FunctionKind::Internal(function), .. } => matches!(
            function,
            F::Len
                | F::Abs
                | F::Sum
                | F::Avg
                | F::Min
                | F::Max
                | F::Median
                | F::Mode
                | F::Floor
                | F::Ceil
                | F::Round
                | F::Trunc
                | F::Number
        ),
        Node::MethodCall { kind: MethodKind::DateMethod(method), .. } => {
            matches!(method, DateMethod::Timestamp | DateMethod::Diff)
        }
        _ => false,
    }
}

/// Checks a method call, whose receiver can only be a date.
pub(super) fn check_method(kind: &MethodKind, this: &Node<'_>, arguments: &[&Node<'_>]) -> Result<(), ExpressionError> {
    use DateMethod as M;
    let MethodKind::DateMethod(method) = kind;
    if matches!(method, M::IsToday | M::IsYesterday | M::IsTomorrow) {
        let message = format!("`{method}` reads the clock");
        return Err(ExpressionError::new("reads_clock", message, "use `d(x).isSame(d(now), 'day')`"));
    }
    if !is_date(this) {
        let message = format!("`.{method}()` needs a date before it");
        return Err(ExpressionError::new("date_use", message, "write d(x) first, as in `d(opened_at).year()`"));
    }
    let first = arguments.first();
    match (method, first) {
        (M::Diff | M::IsSame | M::IsBefore | M::IsAfter | M::IsSameOrBefore | M::IsSameOrAfter, Some(other)) if !is_date(other) => {
            let message = format!("`.{method}()` compares with a date");
            Err(ExpressionError::new("date_use", message, "put the other side in d( ), as in `d(a).isBefore(d(b))`"))
        }
        (M::Format, Some(format)) => check_format(format),
        (M::Tz, Some(Node::String(zone))) => try_literal("d(0, v)", zone, "time zone", "write a zone like 'Asia/Shanghai' or 'UTC'"),
        (M::Add | M::Sub, Some(Node::String(length))) if arguments.len() == 1 => {
            try_literal("d(0, 'UTC').add(v)", length, "length of time", "write '1d 4h', '30m' or `add(2, 'day')`")
        }
        _ => Ok(()),
    }
}

fn try_literal(source: &str, literal: &str, what: &str, mend: &str) -> Result<(), ExpressionError> {
    engine::trial(source, literal).map(|_| ()).map_err(|_| ExpressionError::new("malformed", format!("`{literal}` is no {what}"), mend))
}

fn check_format(node: &Node<'_>) -> Result<(), ExpressionError> {
    let mend = "write a fixed text such as '%Y-%m-%d %H:%M'";
    let Node::String(format) = node else {
        return Err(ExpressionError::new("malformed", "the format must be a fixed text", mend));
    };
    let mut letters = format.chars();
    while let Some(letter) = letters.next() {
        if letter == '%' && !letters.next().is_some_and(|code| FORMAT_LETTERS.contains(code)) {
            return Err(ExpressionError::new("malformed", format!("`{format}` is no date format"), mend));
        }
    }
    Ok(())
}

/// Looks at the values that become dates: a text that is none could name a time zone, which zen takes for "now".
pub(super) fn guard(paths: &[String], values: &Map<String, Value>, column: Option<&Variable>) -> Result<(), ExpressionError> {
    for path in paths {
        let bad = match path.as_str() {
            "$" => column.and_then(Variable::as_str).is_some_and(|text| !looks_like_date(text)),
            path => lookup(path, values).and_then(Value::as_str).is_some_and(|text| !looks_like_date(text)),
        };
        if bad {
            let message = format!("the value of `{path}` is no date");
            return Err(ExpressionError::new("does_not_fit", message, "give d( ) a date or milliseconds"));
        }
    }
    Ok(())
}

fn lookup<'v>(path: &str, values: &'v Map<String, Value>) -> Option<&'v Value> {
    let mut steps = path.split('.');
    let first = values.get(steps.next()?)?;
    steps.try_fold(first, |value, step| value.get(step))
}

/// No time zone begins with a digit.
fn looks_like_date(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit())
}
