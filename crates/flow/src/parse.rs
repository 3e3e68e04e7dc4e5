//! From the XML tree to elements and edges. What an element itself means is read in `element/`; whether they fit together
//! is looked at in `wiring`.

use std::collections::{BTreeMap, HashMap, HashSet};

use indexmap::IndexMap;

use crate::element::{self, Parts, repeat};
use crate::net::Net;
use crate::wiring;
use crate::xml::{self, Node, Space, clip};
use crate::{Defect, Definition, Edge, Element, Repeat, Trigger};

/// Children of a process or an element that only document, draw or describe data.
const IGNORED: [&str; 26] = [
    "artifact",
    "association",
    "auditing",
    "category",
    "dataInput",
    "dataInputAssociation",
    "dataObject",
    "dataObjectReference",
    "dataOutput",
    "dataOutputAssociation",
    "dataStoreReference",
    "documentation",
    "extensionElements",
    "group",
    "humanPerformer",
    "incoming",
    "ioSpecification",
    "laneSet",
    "monitoring",
    "outgoing",
    "performer",
    "potentialOwner",
    "property",
    "rendering",
    "resourceRole",
    "textAnnotation",
];

/// Camunda attributes that would run somebody's code or name an owner we do not keep: refused rather than ignored.
const REFUSED_ATTRIBUTES: [(&str, &str); 4] = [
    ("class", "give the task a camunda:topic instead"),
    ("delegateExpression", "give the task a camunda:topic instead"),
    ("expression", "give the task a camunda:topic instead"),
    ("candidateUsers", "use camunda:candidateGroups or camunda:assignee"),
];

/// More flow elements than anybody can read on a screen; bounds the work of the checks.
const MAX_ELEMENTS: usize = 2_000;
const MAX_ID: usize = 200;

/// What has been read so far.
#[derive(Default)]
pub(crate) struct Reading {
    pub(crate) elements: IndexMap<String, Element>,
    pub(crate) edges: IndexMap<String, Edge>,
    /// Names of messages and signals, codes of errors and escalations, by id of the declaration.
    declarations: HashMap<(Trigger, String), String>,
    /// Element, the edge it calls its default, line.
    pub(crate) defaults: Vec<(String, String, u32)>,
    /// Scopes (process and sub-processes) with their line.
    pub(crate) scopes: Vec<(Option<String>, u32)>,
    pub(crate) defects: Vec<Defect>,
    ids: HashMap<String, u32>,
    refused: HashSet<String>,
}

pub(crate) fn parse(source: &str) -> Result<Definition, Vec<Defect>> {
    let root = xml::read(source).map_err(|defect| vec![defect])?;
    if root.space != Space::Bpmn || root.name != "definitions" {
        let message = format!("the root element is {}, not bpmn:definitions", clip(&root.name));
        let defect = Defect::new("not_bpmn", message, "export the flow as BPMN 2.0 XML");
        return Err(vec![defect.at(None, root.line)]);
    }
    let mut reading = Reading::default();
    let Some(process) = reading.process(&root) else { return Err(reading.defects) };
    reading.declarations(&root);
    reading.scope(process, None);
    wiring::wire(&mut reading);
    if !reading.defects.is_empty() {
        reading.defects.sort_by_key(|defect| defect.line);
        return Err(reading.defects);
    }
    let net = Net::new(&reading.elements, &reading.edges);
    let id = process.attribute("id").unwrap_or_default().to_owned();
    let name = label(process);
    Ok(Definition { id, name, elements: reading.elements, edges: reading.edges, net })
}

/// Reads one process of a file that may have several, whatever stands against running it.
pub(crate) fn survey(root: &Node, process: &Node) -> Reading {
    let mut reading = Reading::default();
    reading.id(process);
    reading.declarations(root);
    reading.scope(process, None);
    wiring::wire(&mut reading);
    reading
}

/// What a process or sub-process holds that tokens could pass, whether it runs here or not.
pub(crate) fn flow_elements(holder: &Node) -> impl Iterator<Item = &Node> {
    let inside = holder.children.iter().filter(|child| child.space == Space::Bpmn);
    inside.filter(|child| !is_ignored(&child.name) && !is_loop(&child.name) && !is_line(&child.name))
}

impl Reading {
    /// Notes a defect at a node.
    pub(crate) fn defect(&mut self, code: &'static str, at: &Node, message: impl Into<String>, mend: &str) {
        let id = at.attribute("id").map(clip);
        self.defects.push(Defect::new(code, message, mend).at(id.as_deref(), at.line));
    }

    /// Whether an element with this id was refused, so that what refers to it need not be blamed too.
    pub(crate) fn was_refused(&self, id: &str) -> bool {
        self.refused.contains(id)
    }

    /// Notes something the engine cannot run; `owner` is the element it belongs to.
    pub(crate) fn unsupported(&mut self, owner: &Node, at: &Node, what: &str, mend: &str) {
        let id = owner.attribute("id").map(clip);
        let message = format!("{what} is not supported");
        self.defects.push(Defect::new("unsupported", message, mend).at(id.as_deref(), at.line));
    }

    fn process<'a>(&mut self, root: &'a Node) -> Option<&'a Node> {
        let mut processes = root.all("process");
        let Some(process) = processes.next() else {
            self.defect("no_process", root, "the file has no process", "draw one process");
            return None;
        };
        if let Some(second) = processes.next() {
            let message = "the file has several processes";
            self.defect("several_processes", second, message, "keep one process a file");
            return None;
        }
        self.id(process)?;
        Some(process)
    }

    /// Reads what the file declares beside its process: messages, signals, errors and escalations.
    fn declarations(&mut self, root: &Node) {
        for node in root.children.iter().filter(|child| child.space == Space::Bpmn) {
            let (on, code, fault) = match node.name.as_str() {
                "message" => (Trigger::Message, "missing_message", "the message has no name"),
                "signal" => (Trigger::Signal, "missing_signal", "the signal has no name"),
                "error" => (Trigger::Error, "missing_error", "the error has no code"),
                "escalation" => (Trigger::Escalation, "missing_escalation", "the escalation has no code"),
                _ => continue,
            };
            let Some(id) = self.id(node) else { continue };
            let coded = node.attribute("errorCode").or_else(|| node.attribute("escalationCode"));
            let name = coded.map(str::trim).filter(|code| !code.is_empty()).map_or_else(|| label(node), str::to_owned);
            if name.is_empty() {
                self.defect(code, node, fault, "give it one");
            } else {
                self.declarations.insert((on, id), name);
            }
        }
    }

    /// What an event refers to; `None` after its defect has been noted. An error or escalation event that refers to
    /// nothing means all of them.
    pub(crate) fn declared(&mut self, event: &Node, on: Trigger, reference: &str) -> Option<Option<String>> {
        let (word, code) = match on {
            Trigger::Signal => ("signal", "missing_signal"),
            Trigger::Error => ("error", "missing_error"),
            Trigger::Escalation => ("escalation", "missing_escalation"),
            Trigger::Timer | Trigger::Message => ("message", "missing_message"),
        };
        // References may be qualified names; the part before the colon is a namespace prefix.
        let local = reference.rsplit(':').next().unwrap_or_default();
        if local.is_empty() {
            if matches!(on, Trigger::Error | Trigger::Escalation) {
                return Some(None);
            }
            self.defect(code, event, format!("the event names no {word}"), &format!("choose the {word}"));
            return None;
        }
        let find = |id: &str| self.declarations.get(&(on, id.to_owned())).cloned();
        let name = find(reference).or_else(|| find(local));
        if name.is_none() {
            let message = format!("there is no {word} '{}'", clip(reference));
            self.defect("dangling_reference", event, message, &format!("declare the {word} or choose another"));
        }
        name.map(Some)
    }

    /// Reads what a process or sub-process holds.
    fn scope(&mut self, holder: &Node, scope: Option<&str>) {
        self.scopes.push((scope.map(str::to_owned), holder.line));
        self.extensions(holder);
        for child in holder.children.iter().filter(|child| child.space == Space::Bpmn) {
            if child.name == "sequenceFlow" {
                self.edge(child);
            } else if element::is_element(&child.name) {
                self.element(child, scope);
            } else if !is_ignored(&child.name) && !is_loop(&child.name) {
                let what = format!("the element {}", clip(&child.name));
                self.unsupported(child, child, &what, element::mend_unsupported(&child.name));
                self.refuse(child);
            }
        }
    }

    fn element(&mut self, node: &Node, scope: Option<&str>) {
        let Some(id) = self.id(node) else { return };
        if self.elements.len() >= MAX_ELEMENTS {
            self.refuse(node);
            if self.elements.len() == MAX_ELEMENTS && !self.defects.iter().any(|defect| defect.code == "too_large") {
                let message = format!("the flow has more than {MAX_ELEMENTS} elements");
                self.defect("too_large", node, message, "split the flow");
            }
            return;
        }
        self.refuse_extras(node);
        let properties = self.extensions(node);
        if let Some(default) = node.attribute("default") {
            self.defaults.push((id.clone(), default.to_owned(), node.line));
        }
        let read = (element::read(node, self), repeat::read(node, self));
        let (Some(parts), Some(repeat)) = read else { return self.refuse(node) };
        let is_scope = parts.kind.is_scope();
        let element = assemble(node, id.clone(), scope, Found { parts, repeat, properties });
        self.elements.insert(id.clone(), element);
        if is_scope {
            self.scope(node, Some(&id));
        }
    }

    fn refuse(&mut self, node: &Node) {
        self.refused.extend(node.attribute("id").map(str::to_owned));
    }

    /// Compensation and code: parts any element may carry and none may use.
    fn refuse_extras(&mut self, node: &Node) {
        let is_scope = node.name == "subProcess";
        for child in node.children.iter().filter(|child| child.space == Space::Bpmn) {
            let known = is_ignored(&child.name) || child.name.ends_with("EventDefinition");
            if !is_loop(&child.name) && !known && !is_scope {
                self.unsupported(node, child, &clip(&child.name), "remove it from the element");
            }
        }
        if node.attribute("isForCompensation") == Some("true") {
            self.unsupported(node, node, "compensation", "draw the undoing as a step of its own");
        }
        for (name, mend) in REFUSED_ATTRIBUTES {
            if node.camunda(name).is_some() {
                self.unsupported(node, node, &format!("camunda:{name}"), mend);
            }
        }
    }

    /// Reads `camunda:properties`; any other camunda extension would change what the element does, so it is refused.
    fn extensions(&mut self, node: &Node) -> BTreeMap<String, String> {
        let mut found = BTreeMap::new();
        let extensions = node.all("extensionElements").flat_map(|holder| &holder.children);
        for extension in extensions.filter(|extension| extension.space == Space::Camunda) {
            if extension.name != "properties" {
                let what = format!("camunda:{}", clip(&extension.name));
                self.unsupported(node, extension, &what, "remove it from the element");
                continue;
            }
            let properties = extension.children.iter().filter(|child| child.space == Space::Camunda);
            for property in properties.filter(|child| child.name == "property") {
                self.property(node, property, &mut found);
            }
        }
        found
    }

    fn property(&mut self, owner: &Node, property: &Node, found: &mut BTreeMap<String, String>) {
        let id = owner.attribute("id").map(clip);
        let name = property.attribute("name").unwrap_or_default().trim();
        let value = property.attribute("value").unwrap_or_default().trim();
        let message = if name.is_empty() {
            "a camunda:property has no name".to_owned()
        } else if found.insert(name.to_owned(), value.to_owned()).is_some() {
            format!("the property {} is given twice", clip(name))
        } else {
            return;
        };
        let defect = Defect::new("bad_property", message, "give each property one name and one value");
        self.defects.push(defect.at(id.as_deref(), property.line));
    }

    fn edge(&mut self, node: &Node) {
        let Some(id) = self.id(node) else { return };
        let condition = self.condition(node);
        let edge = Edge {
            id: id.clone(),
            name: label(node),
            from: node.attribute("sourceRef").unwrap_or_default().to_owned(),
            to: node.attribute("targetRef").unwrap_or_default().to_owned(),
            condition,
            is_default: false,
            line: node.line,
        };
        self.edges.insert(id, edge);
    }

    fn condition(&mut self, edge: &Node) -> Option<String> {
        let expression = edge.all("conditionExpression").next()?;
        let id = edge.attribute("id").map(clip);
        let source = expression.text.trim();
        let language = expression.attribute("language").unwrap_or_default();
        let fault = if source.is_empty() {
            let message = "the condition is empty".to_owned();
            Some(Defect::new("missing_condition", message, "write the condition or make the edge the default"))
        } else if language != "zen" {
            let message = format!("the condition's language is '{}'", clip(language));
            Some(Defect::new("condition_language", message, "set language=\"zen\" on the condition"))
        } else {
            None
        };
        if let Some(fault) = fault {
            self.defects.push(fault.at(id.as_deref(), expression.line));
        }
        Some(source.to_owned())
    }

    /// The node's id, when it has a good one that nothing else has.
    fn id(&mut self, node: &Node) -> Option<String> {
        let id = node.attribute("id").unwrap_or_default();
        if id.is_empty() {
            let message = format!("an element {} has no id", clip(&node.name));
            self.defect("missing_id", node, message, "give it an id");
            return None;
        }
        if id.len() > MAX_ID || id.contains(char::is_whitespace) {
            let message = "the id is too long or holds a space";
            self.defect("bad_id", node, message, "use up to 200 letters, digits, '_' and '-'");
            return None;
        }
        if let Some(line) = self.ids.get(id) {
            let message = format!("the id stands in line {line} already");
            self.defect("duplicate_id", node, message, "give each element an id of its own");
            return None;
        }
        self.ids.insert(id.to_owned(), node.line);
        Some(id.to_owned())
    }
}

/// What was read of an element.
struct Found {
    parts: Parts,
    repeat: Option<Repeat>,
    properties: BTreeMap<String, String>,
}

fn assemble(node: &Node, id: String, scope: Option<&str>, found: Found) -> Element {
    let Found { parts, repeat, properties } = found;
    let camunda = |name: &str| node.camunda(name).map(str::to_owned);
    let documentation = node.all("documentation").map(|part| part.text.trim()).collect::<Vec<_>>().join("\n");
    Element {
        id,
        name: label(node),
        kind: parts.kind,
        properties,
        candidate_groups: camunda("candidateGroups"),
        assignee: camunda("assignee"),
        form_key: camunda("formKey"),
        due: camunda("dueDate"),
        decision: camunda("decisionRef"),
        topic: camunda("topic"),
        scope: scope.map(str::to_owned),
        host: parts.host,
        timer: parts.timer,
        message: parts.message,
        signal: parts.signal,
        error: parts.error,
        escalation: parts.escalation,
        called: parts.called,
        repeat,
        documentation,
        line: node.line,
    }
}

/// The name of a node on one line: editors put line breaks into labels.
pub(crate) fn label(node: &Node) -> String {
    let words: Vec<&str> = node.attribute("name").unwrap_or_default().split_whitespace().collect();
    words.join(" ")
}

/// Lines, and parts of an event or sub-process that are no elements of their own.
fn is_line(name: &str) -> bool {
    name == "sequenceFlow" || name.ends_with("EventDefinition") || matches!(name, "completionCondition" | "supportedInterfaceRef")
}

fn is_ignored(name: &str) -> bool {
    IGNORED.contains(&name)
}

/// Loops belong to the element that holds them and are read there.
fn is_loop(name: &str) -> bool {
    name.ends_with("LoopCharacteristics")
}
