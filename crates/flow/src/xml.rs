//! XML as a small tree, read with distrust: no DTD, no entities of the author's own, bounded in size, depth and count.
//!
//! Elements of foreign namespaces (diagram coordinates, other vendors' extensions) are dropped here, as BPMN allows;
//! whatever stays is either understood or refused by `parse`.

use quick_xml::Reader;
use quick_xml::XmlVersion;
use quick_xml::events::{BytesRef, BytesStart, Event};

use crate::Defect;

const BPMN: &str = "http://www.omg.org/spec/BPMN/20100524/MODEL";
const DIAGRAM: &str = "http://www.omg.org/spec/BPMN/20100524/DI";
const CAMUNDA: &str = "http://camunda.org/schema/1.0/bpmn";

const MAX_BYTES: usize = 2 * 1024 * 1024;
const MAX_DEPTH: usize = 64;
const MAX_NODES: usize = 50_000;
const MAX_ATTRIBUTES: usize = 100;
/// Namespace declarations in scope at once; each name is looked up in them one by one.
const MAX_BINDINGS: usize = 64;

/// The namespaces that mean something here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Space {
    /// BPMN's own, or none at all.
    Bpmn,
    /// `camunda:`.
    Camunda,
    /// BPMN's diagram interchange: where things are drawn.
    Diagram,
    /// Any other.
    Foreign,
}

/// One XML element with what it holds.
#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) space: Space,
    /// Name without prefix.
    pub(crate) name: String,
    pub(crate) line: u32,
    attributes: Vec<(Space, String, String)>,
    pub(crate) text: String,
    pub(crate) children: Vec<Node>,
}

impl Node {
    /// An attribute of BPMN itself.
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        self.find(Space::Bpmn, name)
    }

    /// An attribute of the `camunda:` namespace; blank counts as absent.
    pub(crate) fn camunda(&self, name: &str) -> Option<&str> {
        self.find(Space::Camunda, name).map(str::trim).filter(|value| !value.is_empty())
    }

    /// Child elements of BPMN with this name.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Node> {
        self.children.iter().filter(move |child| child.space == Space::Bpmn && child.name == name)
    }

    fn find(&self, space: Space, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(of, called, _)| *of == space && called == name);
        found.map(|(_, _, value)| value.as_str())
    }
}

/// Reads the document's root element.
pub(crate) fn read(xml: &str) -> Result<Node, Defect> {
    check_size(xml)?;
    let xml = xml.strip_prefix('\u{feff}').unwrap_or(xml);
    Tree::new(xml).read()
}

/// The same with the diagram, and whatever the prefix camunda stands for: for counting, not for running.
pub(crate) fn read_with_diagram(xml: &str) -> Result<Node, Defect> {
    check_size(xml)?;
    let xml = xml.strip_prefix('\u{feff}').unwrap_or(xml);
    Tree { with_diagram: true, ..Tree::new(xml) }.read()
}

fn check_size(xml: &str) -> Result<(), Defect> {
    if xml.len() <= MAX_BYTES {
        return Ok(());
    }
    let message = format!("the file has {} bytes, more than {MAX_BYTES}", xml.len());
    Err(Defect::new("too_large", message, "split the flow, or remove embedded pictures"))
}

struct Tree<'a> {
    reader: Reader<&'a [u8]>,
    xml: &'a str,
    /// How far lines have been counted, and the line there.
    counted: (usize, u32),
    open: Vec<Node>,
    root: Option<Node>,
    nodes: usize,
    /// Depth of elements being dropped with all they hold.
    dropping: usize,
    bindings: Vec<Binding>,
    with_diagram: bool,
}

struct Binding {
    depth: usize,
    prefix: String,
    space: Space,
}

impl<'a> Tree<'a> {
    fn new(xml: &'a str) -> Self {
        Self {
            reader: Reader::from_str(xml),
            xml,
            counted: (0, 1),
            open: Vec::new(),
            root: None,
            nodes: 0,
            dropping: 0,
            bindings: Vec::new(),
            with_diagram: false,
        }
    }

    fn read(mut self) -> Result<Node, Defect> {
        loop {
            let line = self.line();
            let event = self.reader.read_event().map_err(|error| malformed(line, &error.to_string()))?;
            match event {
                Event::Start(tag) => self.start(&tag, line)?,
                Event::Empty(tag) => {
                    self.start(&tag, line)?;
                    self.end();
                }
                Event::End(_) => self.end(),
                Event::Text(text) => self.text(&text.xml10_content(), line)?,
                Event::CData(text) => self.text(&text.xml10_content(), line)?,
                Event::GeneralRef(reference) => self.reference(&reference, line)?,
                Event::DocType(_) => {
                    let mend = "remove the <!DOCTYPE …> declaration";
                    return Err(Defect::new("doctype", "a document type is not accepted", mend).at(None, line));
                }
                Event::Comment(_) | Event::PI(_) | Event::Decl(_) => {}
                Event::Eof => break,
            }
        }
        if !self.open.is_empty() || self.dropping > 0 {
            return Err(malformed(self.line(), "the file ends inside an element"));
        }
        let line = self.line();
        self.root.ok_or_else(|| malformed(line, "the file has no element"))
    }

    fn start(&mut self, tag: &BytesStart<'_>, line: u32) -> Result<(), Defect> {
        if self.depth() >= MAX_DEPTH {
            let message = format!("elements are nested deeper than {MAX_DEPTH}");
            return Err(Defect::new("too_deep", message, "flatten the file").at(None, line));
        }
        if self.dropping > 0 {
            self.dropping += 1;
            return Ok(());
        }
        if self.open.is_empty() && self.root.is_some() {
            return Err(malformed(line, "the file has a second root element"));
        }
        let raw = raw_attributes(tag, line)?;
        self.bind(&raw, line)?;
        let (prefix, name) = split(tag.name().0);
        let space = self.resolve(prefix, true, line)?;
        let drawn = space == Space::Diagram && !self.with_diagram;
        if (drawn || space == Space::Foreign) && !self.open.is_empty() {
            self.dropping = 1;
            return Ok(());
        }
        self.nodes += 1;
        if self.nodes > MAX_NODES {
            let message = format!("the file has more than {MAX_NODES} elements");
            return Err(Defect::new("too_large", message, "split the flow").at(None, line));
        }
        let attributes = self.attributes(raw, line)?;
        let name = name.to_owned();
        self.open.push(Node { space, name, line, attributes, text: String::new(), children: Vec::new() });
        Ok(())
    }

    /// Keeps the attributes that mean something, with their namespaces resolved.
    fn attributes(&self, raw: Vec<(String, String)>, line: u32) -> Result<Vec<(Space, String, String)>, Defect> {
        let mut kept = Vec::with_capacity(raw.len());
        for (key, value) in raw {
            if key == "xmlns" || key.starts_with("xmlns:") {
                continue;
            }
            let (prefix, name) = split(&key);
            let space = if prefix.is_empty() { Space::Bpmn } else { self.resolve(prefix, false, line)? };
            if matches!(space, Space::Foreign | Space::Diagram) {
                continue;
            }
            if kept.iter().any(|(of, called, _)| *of == space && *called == name) {
                return Err(malformed(line, &format!("attribute {name} is given twice")));
            }
            kept.push((space, name.to_owned(), value));
        }
        Ok(kept)
    }

    fn bind(&mut self, raw: &[(String, String)], line: u32) -> Result<(), Defect> {
        let depth = self.depth() + 1;
        for (key, value) in raw {
            let prefix = match key.split_once(':') {
                None if key == "xmlns" => "",
                Some(("xmlns", prefix)) => prefix,
                _ => continue,
            };
            let space = match value.as_str() {
                BPMN => Space::Bpmn,
                DIAGRAM => Space::Diagram,
                CAMUNDA => Space::Camunda,
                // No namespace: somebody wrote BPMN names bare.
                "" => Space::Bpmn,
                _ => Space::Foreign,
            };
            if prefix == "camunda" && space != Space::Camunda && !self.with_diagram {
                let message = format!("the prefix camunda stands for '{}'", clip(value));
                let mend = format!("declare xmlns:camunda=\"{CAMUNDA}\"");
                return Err(Defect::new("camunda_namespace", message, mend).at(None, line));
            }
            if self.bindings.len() >= MAX_BINDINGS {
                return Err(malformed(line, "too many namespaces are declared"));
            }
            self.bindings.push(Binding { depth, prefix: prefix.to_owned(), space });
        }
        Ok(())
    }

    fn resolve(&self, prefix: &str, element: bool, line: u32) -> Result<Space, Defect> {
        if let Some(found) = self.bindings.iter().rev().find(|binding| binding.prefix == prefix) {
            return Ok(found.space);
        }
        match prefix {
            "" if element => Ok(Space::Bpmn),
            "xml" => Ok(Space::Foreign),
            _ => {
                let message = format!("the prefix {} is not declared", clip(prefix));
                let mend = "declare its namespace with xmlns: on the root element";
                Err(Defect::new("unknown_prefix", message, mend).at(None, line))
            }
        }
    }

    fn end(&mut self) {
        let depth = self.depth();
        self.bindings.retain(|binding| binding.depth < depth);
        if self.dropping > 0 {
            self.dropping -= 1;
            return;
        }
        let Some(done) = self.open.pop() else { return };
        match self.open.last_mut() {
            Some(parent) => parent.children.push(done),
            None => self.root = Some(done),
        }
    }

    fn text(&mut self, text: &str, line: u32) -> Result<(), Defect> {
        let text = legal(text, line)?;
        match self.open.last_mut() {
            _ if self.dropping > 0 => {}
            Some(node) => node.text.push_str(text),
            None if text.trim().is_empty() => {}
            None => return Err(malformed(line, "text stands outside the root element")),
        }
        Ok(())
    }

    fn reference(&mut self, reference: &BytesRef<'_>, line: u32) -> Result<(), Defect> {
        let character = reference.resolve_char_ref().map_err(|error| malformed(line, &error.to_string()))?;
        let character = character.or(match reference.as_ref() {
            "lt" => Some('<'),
            "gt" => Some('>'),
            "amp" => Some('&'),
            "apos" => Some('\''),
            "quot" => Some('"'),
            _ => None,
        });
        let Some(character) = character else {
            let message = format!("the entity &{}; is not accepted", clip(reference.as_ref()));
            return Err(Defect::new("entity", message, "write the character itself").at(None, line));
        };
        self.text(character.encode_utf8(&mut [0; 4]), line)
    }

    fn depth(&self) -> usize {
        self.open.len() + self.dropping
    }

    /// The line the reader stands at.
    fn line(&mut self) -> u32 {
        let (from, line) = self.counted;
        let to = usize::try_from(self.reader.buffer_position()).unwrap_or(from).min(self.xml.len());
        let passed = self.xml.as_bytes().get(from..to).unwrap_or_default();
        let breaks = passed.iter().filter(|byte| **byte == b'\n').count();
        self.counted = (to, line.saturating_add(u32::try_from(breaks).unwrap_or(u32::MAX)));
        self.counted.1
    }
}

/// The attributes as written, values unescaped. Duplicates are found by the caller: quick-xml's own check is quadratic.
fn raw_attributes(tag: &BytesStart<'_>, line: u32) -> Result<Vec<(String, String)>, Defect> {
    let mut found = Vec::new();
    for attribute in tag.attributes().with_checks(false) {
        let attribute = attribute.map_err(|error| malformed(line, &error.to_string()))?;
        if found.len() >= MAX_ATTRIBUTES {
            return Err(malformed(line, &format!("an element has more than {MAX_ATTRIBUTES} attributes")));
        }
        let value = attribute.normalized_value(XmlVersion::Implicit1_0).map_err(|error| {
            let mend = "use only &lt; &gt; &amp; &apos; &quot; and numbers";
            Defect::new("entity", clip(&error.to_string()), mend).at(None, line)
        })?;
        found.push((attribute.key.0.to_owned(), legal(&value, line)?.to_owned()));
    }
    Ok(found)
}

fn split(name: &str) -> (&str, &str) {
    name.split_once(':').unwrap_or(("", name))
}

/// Control characters are not XML, and PostgreSQL would not store the first of them.
fn legal(text: &str, line: u32) -> Result<&str, Defect> {
    let bad = |c: char| (c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{7f}'..='\u{9f}')) || c > '\u{10fffd}';
    if text.contains(bad) { Err(malformed(line, "the text holds a control character")) } else { Ok(text) }
}

fn malformed(line: u32, message: &str) -> Defect {
    let mend = "save the file again with a BPMN editor";
    Defect::new("malformed_xml", clip(message), mend).at(None, line)
}

/// Quotes at most 200 characters of somebody else's text.
pub(crate) fn clip(text: &str) -> String {
    let mut cut: String = text.chars().take(200).collect();
    if cut.len() < text.len() {
        cut.push('…');
    }
    cut
}
