//! YAML with the line of every node.
//!
//! Built from the events of the parser below serde-saphyr: serde has no place for lines, and reading values with their
//! spans through it took ten times as long. Plain scalars follow the core schema of YAML 1.2 (`yes` and `on` are texts).

use std::collections::HashMap;

use serde_json::{Map, Number, Value};
use serde_saphyr::granit_parser::{Event, Parser, ScalarStyle, ScanError, Span};

use super::join;
use crate::Defect;

/// Most nodes of one file, aliases written out: an alias bomb ends here.
const MOST_NODES: usize = 100_000;
/// Deepest nesting.
const DEEPEST: usize = 64;

/// Reads one YAML document whose first line is line `first` of the file.
pub(super) fn read(file: &str, text: &str, first: u32, lines: &mut HashMap<String, u32>) -> Result<Value, Defect> {
    let mut reader = Reader { events: Parser::new_from_str(text), first, lines, anchors: HashMap::new(), nodes: 0 };
    reader.document().map_err(|fault| {
        let line = fault.line.map(|line| line.saturating_add(first).saturating_sub(1));
        Defect::new(file, "yaml", fault.message, fault.mend).at(line)
    })
}

/// What is wrong, and the line of the text.
struct Fault {
    line: Option<u32>,
    message: String,
    mend: &'static str,
}

impl From<ScanError> for Fault {
    fn from(error: ScanError) -> Self {
        let mend = "mend the YAML; indentation, quotes and colons are the usual causes";
        Fault { line: u32::try_from(error.marker().line()).ok(), message: error.info(), mend }
    }
}

fn fault<T>(span: Span, message: impl Into<String>, mend: &'static str) -> Result<T, Fault> {
    Err(Fault { line: u32::try_from(span.start.line()).ok(), message: message.into(), mend })
}

/// What an alias stands for.
#[derive(Clone)]
struct Anchored {
    value: Value,
    nodes: usize,
}

struct Reader<'a, 'text> {
    events: Parser<'text, serde_saphyr::granit_parser::StrInput<'text>>,
    first: u32,
    lines: &'a mut HashMap<String, u32>,
    anchors: HashMap<usize, Anchored>,
    nodes: usize,
}

impl<'text> Reader<'_, 'text> {
    /// The next event that means something.
    fn next(&mut self) -> Result<(Event<'text>, Span), Fault> {
        loop {
            match self.events.next().transpose()? {
                Some((Event::Comment(..) | Event::StreamStart | Event::Anchor(..), _)) => {}
                Some(found) => return Ok(found),
                None => return Ok((Event::StreamEnd, Span::default())),
            }
        }
    }

    fn document(&mut self) -> Result<Value, Fault> {
        let value = match self.next()? {
            (Event::DocumentStart(..), _) => {
                let node = self.next()?;
                self.node(node, "", 0)?
            }
            _ => Value::Null,
        };
        loop {
            match self.next()? {
                (Event::StreamEnd, _) => return Ok(value),
                (Event::DocumentStart(..), span) => return fault(span, "a second document begins", "keep one a file"),
                _ => {}
            }
        }
    }

    fn node(&mut self, (event, span): (Event<'text>, Span), pointer: &str, depth: usize) -> Result<Value, Fault> {
        if depth > DEEPEST {
            return fault(span, format!("it is nested deeper than {DEEPEST}"), "make it flatter");
        }
        let before = self.nodes;
        self.count(1, span)?;
        self.note(pointer, span);
        let (value, anchor) = match event {
            Event::Scalar(_, _, _, Some(_)) | Event::SequenceStart(_, _, Some(_)) | Event::MappingStart(_, _, Some(_)) => {
                return fault(span, "tags are not supported", "take the tag out; quote what must be text");
            }
            Event::Scalar(text, style, anchor, None) => (scalar(&text, style), anchor),
            Event::SequenceStart(_, anchor, None) => (self.list(pointer, depth)?, anchor),
            Event::MappingStart(_, anchor, None) => (self.mapping(pointer, depth)?, anchor),
            Event::Alias(anchor) => return self.alias(anchor, span),
            _ => return fault(span, "a value is missing", "write it"),
        };
        if anchor != 0 {
            self.anchors.insert(anchor, Anchored { value: value.clone(), nodes: self.nodes - before });
        }
        Ok(value)
    }

    fn alias(&mut self, anchor: usize, span: Span) -> Result<Value, Fault> {
        let Some(anchored) = self.anchors.get(&anchor).cloned() else {
            return fault(span, "the alias stands inside what it names", "write it out");
        };
        self.count(anchored.nodes, span)?;
        Ok(anchored.value)
    }

    fn list(&mut self, pointer: &str, depth: usize) -> Result<Value, Fault> {
        let mut items = Vec::new();
        loop {
            match self.next()? {
                (Event::SequenceEnd, _) => return Ok(Value::Array(items)),
                item => {
                    let below = join(pointer, &items.len().to_string());
                    items.push(self.node(item, &below, depth + 1)?);
                }
            }
        }
    }

    fn mapping(&mut self, pointer: &str, depth: usize) -> Result<Value, Fault> {
        let mut pairs = Map::new();
        loop {
            let (key, span) = match self.next()? {
                (Event::MappingEnd, _) => return Ok(Value::Object(pairs)),
                (Event::Scalar(key, _, 0, None), span) => (key.into_owned(), span),
                (_, span) => return fault(span, "a key must be a plain text", "write it as text"),
            };
            let below = join(pointer, &key);
            // The line of the key is where an author looks for the pair.
            self.note(&below, span);
            let value = self.next()?;
            let value = self.node(value, &below, depth + 1)?;
            if pairs.insert(key.clone(), value).is_some() {
                return fault(span, format!("'{key}' stands here twice"), "keep one of them");
            }
        }
    }

    fn count(&mut self, more: usize, span: Span) -> Result<(), Fault> {
        self.nodes += more;
        if self.nodes > MOST_NODES {
            return fault(span, format!("it has more than {MOST_NODES} values"), "write less, with fewer aliases");
        }
        Ok(())
    }

    fn note(&mut self, pointer: &str, span: Span) {
        if let Ok(line) = u32::try_from(span.start.line()) {
            self.lines.entry(pointer.to_owned()).or_insert(line.saturating_add(self.first).saturating_sub(1));
        }
    }
}

/// A scalar by the core schema; what stands in quotes or blocks is text.
fn scalar(text: &str, style: ScalarStyle) -> Value {
    if style != ScalarStyle::Plain {
        return text.into();
    }
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Value::Null,
        "true" | "True" | "TRUE" => return Value::Bool(true),
        "false" | "False" | "FALSE" => return Value::Bool(false),
        _ => {}
    }
    let looks_like_number = text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '+' | '.'))
        && text.chars().all(|c| c.is_ascii_digit() || matches!(c, '-' | '+' | '.' | 'e' | 'E'));
    if looks_like_number {
        if let Ok(whole) = text.parse::<i64>() {
            return whole.into();
        }
        if let Some(number) = text.parse::<f64>().ok().and_then(Number::from_f64) {
            return Value::Number(number);
        }
    }
    text.into()
}
