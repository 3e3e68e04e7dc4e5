//! What an expression may not do, found on its syntax tree.

use super::{ExpressionError, MAX_LOOPS, MAX_RANGE, Names, bounds, dates, engine};
use bumpalo::Bump;
use std::collections::{BTreeSet, HashMap};
use zen_expression::functions::{FunctionKind, InternalFunction};
use zen_expression::lexer::{ArithmeticOperator, ComparisonOperator, Lexer, LexerError, LogicalOperator, Operator, Token};
use zen_expression::parser::{AstNodeError, Node, Parser};

/// Most steps that the literal ranges and lists inside one `map`, `filter` and the like may multiply to; at about
/// 75 ns each that is some milliseconds.
const MAX_STEPS: u64 = 100_000;
/// Longest regular expression.
const MAX_PATTERN: usize = 500;

/// Whether the source is an expression or a table cell tested against the value of its column, `$`.
#[derive(Debug, Clone, Copy)]
pub(super) enum Flavor {
    Standard,
    Cell { column_is_text: bool },
}

/// What the checks found out.
#[derive(Debug, Clone)]
pub(super) struct Checked {
    /// The source with the time zone UTC written into every `d(x)` that names none.
    pub source: String,
    /// The dotted paths read, sorted, each once.
    pub identifiers: Vec<String>,
    /// The paths whose value becomes a date, to be looked at before each run.
    pub dated: Vec<String>,
}

impl Checked {
    /// The first steps of the paths read, sorted; some may repeat.
    pub(super) fn roots(&self) -> impl Iterator<Item = &str> {
        self.identifiers.iter().map(|path| path.split('.').next().unwrap_or(path))
    }
}

pub(super) fn check(source: &str, flavor: Flavor, names: &dyn Names) -> Result<Checked, ExpressionError> {
    bounds::source(source)?;
    let bump = Bump::new();
    let tokens = Lexer::new().tokenize(&bump, source).map_err(|error| lexer_error(&error, source))?;
    bounds::words(&tokens)?;
    let parsed = engine::guarded(|| parse(&tokens, &bump, flavor))?;
    let (root, spans) = (parsed.root, parsed.spans);
    if let Some(error) = root.first_error() {
        return Err(parser_error(&error, source));
    }
    if !parsed.complete {
        let end = spans.get(&address(root)).map(|span| span.1);
        let message = "something is left over after the end of the expression";
        let mend = "check the operator there; functions are written `matches(a, b)`, texts 'in quotes'";
        return Err(at(ExpressionError::new("malformed", message, mend), end, source));
    }
    let mut walk = Walk::new(source, flavor, names, &spans);
    walk.run(root)?;
    Ok(walk.finish())
}

type Spans = HashMap<usize, (u32, u32)>;

struct Parsed<'a> {
    root: &'a Node<'a>,
    complete: bool,
    spans: Spans,
}

fn parse<'a>(tokens: &[Token<'a>], bump: &'a Bump, flavor: Flavor) -> Result<Parsed<'a>, zen_expression::IsolateError> {
    let parser = Parser::try_new(tokens, bump)?;
    let result = match flavor {
        Flavor::Standard => parser.standard().with_metadata().parse(),
        Flavor::Cell { .. } => parser.unary().with_metadata().parse(),
    };
    let spans = result.metadata.iter().flatten().map(|(node, data)| (*node, data.span)).collect();
    Ok(Parsed { root: result.root, complete: result.is_complete, spans })
}

/// The parser keys a node's place in the source by the node's address.
fn address(node: &Node<'_>) -> usize {
    std::ptr::from_ref(node) as usize
}

/// A node to look at, and what surrounds it.
#[derive(Clone)]
struct Visit<'a> {
    node: &'a Node<'a>,
    /// How many `map`, `filter` and the like the node is inside of.
    loops: u8,
    /// The outermost of those, as an index into [`Walk::steps`].
    group: usize,
    /// The names given to loop values with `as`.
    aliases: Vec<&'a str>,
    /// Right of `in`, where a range is only compared with and a list only searched.
    only_searched: bool,
    /// Whether a date may stand here.
    takes_date: bool,
}

pub(super) struct Walk<'s> {
    source: &'s str,
    flavor: Flavor,
    names: &'s dyn Names,
    spans: &'s Spans,
    identifiers: BTreeSet<String>,
    dated: BTreeSet<String>,
    /// Byte offsets of the closing bracket of every `d(x)` without a time zone.
    zoneless: Vec<usize>,
    /// Product of the literal sizes in each outermost loop.
    steps: Vec<u64>,
}

type Outcome<T = ()> = Result<T, ExpressionError>;

impl<'s> Walk<'s> {
    fn new(source: &'s str, flavor: Flavor, names: &'s dyn Names, spans: &'s Spans) -> Walk<'s> {
        Walk { source, flavor, names, spans, identifiers: BTreeSet::new(), dated: BTreeSet::new(), zoneless: Vec::new(), steps: Vec::new() }
    }

    fn run<'a>(&mut self, root: &'a Node<'a>) -> Outcome {
        let first = Visit { node: root, loops: 0, group: 0, aliases: Vec::new(), only_searched: false, takes_date: true };
        // A list instead of recursion: a chain of a thousand `+` must not need a thousand stack frames.
        let mut open = vec![first];
        while let Some(visit) = open.pop() {
            if !visit.takes_date && dates::is_date(visit.node) {
                return Err(self.error(visit.node, "date_use", dates::WHERE_DATES_MAY_STAND.0, dates::WHERE_DATES_MAY_STAND.1));
            }
            self.visit(&visit, &mut open)?;
        }
        Ok(())
    }

    fn visit<'a>(&mut self, visit: &Visit<'a>, open: &mut Vec<Visit<'a>>) -> Outcome {
        let plain = |node: &'a Node<'a>| Visit { node, only_searched: false, takes_date: false, ..visit.clone() };
        let same = |node: &'a Node<'a>| Visit { node, ..visit.clone() };
        match visit.node {
            Node::Null | Node::Bool(_) | Node::Number(_) | Node::String(_) | Node::Pointer | Node::Error { .. } => {}
            Node::Identifier(_) | Node::Member { .. } | Node::Root => self.path(visit, open)?,
            Node::Parenthesized(inner) => open.push(same(inner)),
            Node::TemplateString(parts) => {
                if parts.is_empty() {
                    return Err(self.error(visit.node, "malformed", "the template text is empty", "write ''"));
                }
                open.extend(parts.iter().map(|part| Visit { takes_date: true, ..plain(part) }));
            }
            Node::Array(items) => {
                self.count(visit, items.len() as u64)?;
                open.extend(items.iter().map(|item| plain(item)));
            }
            Node::Object(entries) => open.extend(entries.iter().flat_map(|(key, value)| [plain(key), plain(value)])),
            Node::Assignments { .. } => {
                let mend = "write one expression; `=` is assignment, `==` compares";
                return Err(self.error(visit.node, "assignment", "assignments are not supported", mend));
            }
            Node::Closure { body, alias } => {
                let mut inner = plain(body);
                inner.aliases.extend(alias.iter());
                open.push(inner);
            }
            Node::Slice { node, from, to } => {
                self.refuse_text(node, &visit.aliases)?;
                open.extend([Some(*node), *from, *to].into_iter().flatten().map(plain));
            }
            Node::Interval { left, right, .. } => self.interval(visit, left, right, open)?,
            Node::Conditional { condition, on_true, on_false } => {
                self.refuse_half_dates(visit.node, on_true, on_false)?;
                open.extend([plain(condition), same(on_true), same(on_false)]);
            }
            Node::Unary { node, .. } => open.push(plain(node)),
            Node::Binary { left, operator, right } => self.binary(visit, left, *operator, right, open)?,
            Node::FunctionCall { kind, arguments } => self.function(visit, kind, arguments, open)?,
            Node::MethodCall { kind, this, arguments } => {
                dates::check_method(kind, this, arguments).map_err(|error| self.locate(visit.node, error))?;
                open.extend(std::iter::once(this).chain(arguments.iter()).map(|n| Visit { takes_date: true, ..plain(n) }));
            }
        }
        Ok(())
    }

    /// A name with the properties read from it (`a.b[0].c`): its literal beginning is checked and noted.
    fn path<'a>(&mut self, visit: &Visit<'a>, open: &mut Vec<Visit<'a>>) -> Outcome {
        let mut indexes = Vec::new();
        let base = chain(visit.node, &mut indexes);
        open.extend(indexes.iter().map(|index| Visit { node: index, only_searched: false, takes_date: false, ..visit.clone() }));
        if let (Some(_), Node::Member { node, .. }) = (indexes.first(), visit.node) {
            self.refuse_text(node, &visit.aliases)?;
        }
        match base {
            Node::Identifier(name) if visit.aliases.contains(name) => Ok(()),
            Node::Pointer => Ok(()),
            Node::Identifier("$") if matches!(self.flavor, Flavor::Cell { .. }) => Ok(()),
            Node::Identifier(_) | Node::Root => {
                let Some(path) = static_path(visit.node) else {
                    let message = "`$root` alone reads everything";
                    return Err(self.error(base, "unknown_name", message, "name the values: `$root.team` or just `team`"));
                };
                if !self.names.knows(&path) {
                    let message = format!("there is no value `{path}`");
                    return Err(self.error(visit.node, "unknown_name", message, "use a known name; a text needs quotes: 'p1'"));
                }
                self.identifiers.insert(path);
                Ok(())
            }
            other => {
                open.push(Visit { node: other, only_searched: false, takes_date: false, ..visit.clone() });
                Ok(())
            }
        }
    }

    fn interval<'a>(&mut self, visit: &Visit<'a>, left: &'a Node<'a>, right: &'a Node<'a>, open: &mut Vec<Visit<'a>>) -> Outcome {
        if visit.loops > 0 && !visit.only_searched {
            let (Some(from), Some(to)) = (dates::literal_number(left), dates::literal_number(right)) else {
                let mend = "write the numbers: `[1..100]`; `x in [a..b]` may use values";
                return Err(self.error(visit.node, "unbounded", "a range that is walked needs fixed ends", mend));
            };
            let size = u64::try_from(to.saturating_sub(from).saturating_add(1)).unwrap_or(0);
            if size > MAX_RANGE {
                let message = format!("the range has more than {MAX_RANGE} items");
                return Err(self.error(visit.node, "unbounded", message, "use a smaller range"));
            }
            self.count(visit, size)?;
        }
        let both = dates::is_date(left) && dates::is_date(right);
        open.extend([left, right].map(|node| Visit { node, only_searched: false, takes_date: both, ..visit.clone() }));
        Ok(())
    }

    fn binary<'a>(
        &mut self,
        visit: &Visit<'a>,
        left: &'a Node<'a>,
        operator: Operator,
        right: &'a Node<'a>,
        open: &mut Vec<Visit<'a>>,
    ) -> Outcome {
        let searches = matches!(operator, Operator::Comparison(ComparisonOperator::In | ComparisonOperator::NotIn));
        if operator == Operator::Logical(LogicalOperator::NullishCoalescing) {
            self.refuse_half_dates(visit.node, left, right)?;
        }
        let takes_date = match operator {
            Operator::Comparison(_) if searches => dates::is_date(left) && dates::is_date_range(right),
            Operator::Comparison(_) => dates::is_date(left) && dates::is_date(right),
            Operator::Logical(LogicalOperator::NullishCoalescing) => visit.takes_date,
            _ => false,
        };
        open.push(Visit { node: left, only_searched: false, takes_date, ..visit.clone() });
        open.push(Visit { node: right, only_searched: searches, takes_date, ..visit.clone() });
        Ok(())
    }

    fn function<'a>(
        &mut self,
        visit: &Visit<'a>,
        kind: &FunctionKind,
        arguments: &'a [&'a Node<'a>],
        open: &mut Vec<Visit<'a>>,
    ) -> Outcome {
        let mut inner = Visit { only_searched: false, takes_date: false, ..visit.clone() };
        match kind {
            FunctionKind::Closure(_) => {
                inner.loops += 1;
                if inner.loops > MAX_LOOPS {
                    let message = format!("loops (map, filter, some …) are nested deeper than {MAX_LOOPS} levels");
                    return Err(self.error(visit.node, "unbounded", message, "split the expression"));
                }
                if visit.loops == 0 {
                    self.steps.push(1);
                    inner.group = self.steps.len() - 1;
                }
            }
            FunctionKind::Deprecated(name) => {
                let message = format!("`{name}()` is not supported: it counts in seconds, instants are milliseconds");
                let mend = "use d(x), d(x).year(), d(x).add('4h'); four hours are 4 * 3600000";
                return Err(self.error(visit.node, "old_function", message, mend));
            }
            FunctionKind::Internal(function) => self.internal(visit, *function, arguments)?,
        }
        inner.takes_date = matches!(kind, FunctionKind::Internal(InternalFunction::Date | InternalFunction::String));
        open.extend(arguments.iter().map(|node| Visit { node, ..inner.clone() }));
        Ok(())
    }

    fn internal<'a>(&mut self, visit: &Visit<'a>, function: InternalFunction, arguments: &'a [&'a Node<'a>]) -> Outcome {
        match (function, arguments) {
            (InternalFunction::Rand, _) => {
                let message = "`rand` answers differently each time";
                Err(self.error(visit.node, "not_repeatable", message, "base the decision on a value"))
            }
            (InternalFunction::FuzzyMatch, _) => {
                let message = "the work of `fuzzyMatch` grows with the product of two texts";
                Err(self.error(visit.node, "unbounded", message, "use contains, startsWith or matches"))
            }
            (InternalFunction::Len, [text, ..]) => self.refuse_text(text, &visit.aliases),
            (InternalFunction::Matches | InternalFunction::Extract, [_, pattern]) => self.pattern(pattern),
            (InternalFunction::Date, arguments) => {
                let dated = dates::check_date(arguments, &visit.aliases).map_err(|error| self.locate(visit.node, error))?;
                self.dated.extend(dated);
                if arguments.len() == 1 { self.note_zoneless(visit.node) } else { Ok(()) }
            }
            _ => Ok(()),
        }
    }

    fn note_zoneless(&mut self, call: &Node<'_>) -> Outcome {
        let end = self.spans.get(&address(call)).and_then(|span| (span.1 as usize).checked_sub(1));
        match end.filter(|end| self.source.as_bytes().get(*end) == Some(&b')')) {
            Some(end) => {
                self.zoneless.push(end);
                Ok(())
            }
            None => Err(self.error(call, "malformed", "the time zone of this `d( )` cannot be filled in", "write d(x, 'UTC')")),
        }
    }

    fn pattern(&self, node: &Node<'_>) -> Outcome {
        let Node::String(pattern) = node else {
            let message = "the regular expression must be a fixed text";
            return Err(self.error(node, "unbounded", message, "write it in quotes"));
        };
        if pattern.len() > MAX_PATTERN {
            let message = format!("the regular expression is longer than {MAX_PATTERN} bytes");
            return Err(self.error(node, "too_long", message, "split it"));
        }
        if engine::trial("matches('', v)", pattern).is_err() {
            let message = "the regular expression is not valid";
            return Err(self.error(node, "malformed", message, "check brackets and escapes; look-around is not supported"));
        }
        Ok(())
    }

    /// Refuses byte-wise work on text: `len('中文')` would be 6.
    fn refuse_text(&self, node: &Node<'_>, aliases: &[&str]) -> Outcome {
        if !self.is_text(node, aliases) {
            return Ok(());
        }
        let message = "`len`, `[n]` and `[a:b]` count the bytes of a text, not its characters";
        Err(self.error(node, "bytewise", message, "use contains, startsWith, endsWith or matches(x, '^.{1,20}$')"))
    }

    /// Both ways through a choice give a date or neither does, so that what is compared with dates always is one.
    fn refuse_half_dates(&self, node: &Node<'_>, one: &Node<'_>, other: &Node<'_>) -> Outcome {
        let date_or_null = |node: &Node<'_>| dates::is_date(node) || matches!(node, Node::Null);
        let some = dates::is_date(one) || dates::is_date(other);
        if !some || (date_or_null(one) && date_or_null(other)) {
            return Ok(());
        }
        Err(self.error(node, "date_use", "one way gives a date, the other does not", "put both sides in d( )"))
    }

    fn is_text(&self, node: &Node<'_>, aliases: &[&str]) -> bool {
        use InternalFunction as F;
        let text = |node: &Node<'_>| self.is_text(node, aliases);
        match node {
            Node::String(_) | Node::TemplateString(_) => true,
            Node::Parenthesized(inner) => text(inner),
            Node::Identifier("$") => matches!(self.flavor, Flavor::Cell { column_is_text: true }),
            Node::Identifier(name) if aliases.contains(name) => false,
            Node::Identifier(_) | Node::Member { .. } => static_path(node).is_some_and(|path| self.names.is_text(&path)),
            Node::FunctionCall { kind: FunctionKind::Internal(function), .. } => {
                matches!(function, F::Upper | F::Lower | F::Trim | F::String | F::Type)
            }
            Node::MethodCall { kind, .. } => dates::gives_text(kind),
            Node::Binary { left, operator: Operator::Arithmetic(ArithmeticOperator::Add), right } => text(left) || text(right),
            Node::Binary { left, operator: Operator::Logical(LogicalOperator::NullishCoalescing), right } => text(left) || text(right),
            Node::Conditional { on_true, on_false, .. } => text(on_true) || text(on_false),
            _ => false,
        }
    }

    /// Counts the items of a range or list that a loop may walk.
    fn count(&mut self, visit: &Visit<'_>, items: u64) -> Outcome {
        let Some(steps) = self.steps.get_mut(visit.group).filter(|_| visit.loops > 0 && !visit.only_searched) else {
            return Ok(());
        };
        *steps = steps.saturating_mul(items.max(1));
        if *steps <= MAX_STEPS {
            return Ok(());
        }
        let message = format!("the ranges and lists of this loop multiply to more than {MAX_STEPS} steps");
        Err(self.error(visit.node, "unbounded", message, "use smaller ranges, or one loop instead of two"))
    }

    fn error(&self, node: &Node<'_>, code: &'static str, message: impl Into<String>, mend: &str) -> ExpressionError {
        self.locate(node, ExpressionError::new(code, message, mend))
    }

    fn locate(&self, node: &Node<'_>, error: ExpressionError) -> ExpressionError {
        let start = self.spans.get(&address(node)).map(|span| span.0);
        at(error, start, self.source)
    }

    fn finish(self) -> Checked {
        let mut source = self.source.to_owned();
        let mut places = self.zoneless;
        places.sort_unstable();
        for end in places.into_iter().rev() {
            let (before, _) = source.split_at(end);
            let comma = if before.trim_end().ends_with(',') { "" } else { "," };
            source.insert_str(end, &format!("{comma} 'UTC'"));
        }
        Checked { source, identifiers: self.identifiers.into_iter().collect(), dated: self.dated.into_iter().collect() }
    }
}

/// Follows properties down to what they are read from, collecting the computed ones (`a[i]`).
fn chain<'a>(node: &'a Node<'a>, indexes: &mut Vec<&'a Node<'a>>) -> &'a Node<'a> {
    let mut base = node;
    while let Node::Member { node, property } = base {
        if !matches!(property, Node::String(_)) {
            indexes.push(property);
        }
        base = node;
    }
    base
}

/// The dotted path a node reads, up to the first computed property: `a.b` for `a.b[0].c`.
pub(super) fn static_path(node: &Node<'_>) -> Option<String> {
    let mut steps: Vec<&str> = Vec::new();
    let mut base = node;
    loop {
        base = match base {
            Node::Member { node, property: Node::String(step) } => {
                steps.push(step);
                node
            }
            Node::Member { node, .. } => {
                steps.clear();
                node
            }
            Node::Identifier(name) => {
                steps.push(name);
                break;
            }
            Node::Root => break,
            _ => return None,
        };
    }
    steps.reverse();
    (!steps.is_empty()).then(|| steps.join("."))
}

/// Turns a byte offset into the position in characters.
fn at(mut error: ExpressionError, byte: Option<u32>, source: &str) -> ExpressionError {
    error.position = byte.map(|byte| source.char_indices().take_while(|(start, _)| *start < byte as usize).count());
    error
}

fn lexer_error(error: &LexerError, source: &str) -> ExpressionError {
    let (message, byte) = match error {
        LexerError::UnexpectedSymbol { symbol, span } => (format!("`{symbol}` is not understood here"), span.0),
        LexerError::UnmatchedSymbol { symbol, position } => (format!("`{symbol}` is not understood here"), *position),
        LexerError::UnexpectedEof { position, .. } => ("the expression ends too early".to_owned(), *position),
    };
    let mend = "put texts in straight quotes: 'p1'; names are letters, digits and _";
    at(ExpressionError::new("malformed", message, mend), Some(byte), source)
}

fn parser_error(error: &AstNodeError<'_>, source: &str) -> ExpressionError {
    use AstNodeError as E;
    let (code, message, start, mend) = match error {
        E::UnknownBuiltIn { name, span } => ("unknown_function", format!("there is no function `{name}`"), span.0, "check its spelling"),
        E::UnknownMethod { name, span } => {
            ("unknown_function", format!("there is no method `{name}`"), span.0, "only dates have methods: d(x).add('1d')")
        }
        E::UnexpectedIdentifier { received, span, .. } => {
            ("malformed", format!("`{received}` is unexpected"), span.0, "check what is before it")
        }
        E::UnexpectedToken { received, expected, span } => {
            ("malformed", format!("`{received}` stands where `{expected}` should"), span.0, "check brackets, quotes and commas")
        }
        E::InvalidNumber { number, span } => ("malformed", format!("`{number}` is no number"), span.0, "write 12 or 12.5"),
        E::InvalidBoolean { boolean, span } => {
            ("malformed", format!("`{boolean}` is neither true nor false"), span.0, "write true or false")
        }
        E::InvalidProperty { property, span } => ("malformed", format!("`{property}` is no property name"), span.0, "write a.b or a['b']"),
        E::MissingToken { expected, .. } => {
            ("malformed", format!("`{expected}` is missing"), source.len() as u32, "complete the expression")
        }
        E::ExpectedProperty { span } => ("malformed", "a property name is missing".to_owned(), span.0, "write a.b"),
        E::ExpectedLiteral { span } | E::UnexpectedEnd { span } => {
            ("malformed", "a value is missing".to_owned(), span.0, "complete the expression")
        }
        E::Custom { message, span } => ("malformed", (*message).to_owned(), span.0, "check brackets, quotes and commas"),
    };
    at(ExpressionError::new(code, message, mend), Some(start), source)
}
