//! What a drawing says, read once and indexed for running.

use std::collections::BTreeMap;

use indexmap::IndexMap;

use crate::net::Net;
use crate::{Defect, FlowError, parse, soundness};

/// What an element does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Where a scope begins.
    Start,
    /// Where a token ends.
    End,
    /// Ends its whole scope at once.
    TerminateEnd,
    /// Somebody does something.
    UserTask,
    /// The caller does something, at once.
    ServiceTask,
    /// The caller sends something, at once.
    SendTask,
    /// A decision runs, at once.
    BusinessRuleTask,
    /// Done outside the system; the token passes and the journal notes it.
    ManualTask,
    /// Takes the first edge whose condition holds, else the default; merges without waiting.
    Exclusive,
    /// Waits for every incoming edge, then takes every outgoing one.
    Parallel,
    /// Waits for a time.
    IntermediateTimer,
    /// Waits for a message.
    IntermediateMessage,
    /// A time limit on the element it is attached to.
    BoundaryTimer {
        /// Takes the element's token away.
        interrupting: bool,
    },
    /// A message to the element it is attached to.
    BoundaryMessage {
        /// Takes the element's token away.
        interrupting: bool,
    },
    /// Holds elements of its own.
    SubProcess,
}

/// One element of the drawing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Element {
    /// Its id, unique in the definition.
    pub id: String,
    /// Its label; may be empty.
    pub name: String,
    /// What it does.
    pub kind: Kind,
    /// `camunda:property` values by name.
    pub properties: BTreeMap<String, String>,
    /// `camunda:candidateGroups`.
    pub candidate_groups: Option<String>,
    /// `camunda:assignee`.
    pub assignee: Option<String>,
    /// `camunda:formKey`.
    pub form_key: Option<String>,
    /// `camunda:dueDate`.
    pub due: Option<String>,
    /// `camunda:decisionRef` of a business rule task.
    pub decision: Option<String>,
    /// `camunda:topic` of a service or send task.
    pub topic: Option<String>,
    /// The enclosing sub-process.
    pub scope: Option<String>,
    /// The element a boundary event is attached to.
    pub host: Option<String>,
    /// Duration of a timer event: ISO 8601 or an expression.
    pub timer: Option<String>,
    /// Name of the message of a message event.
    pub message: Option<String>,
    /// `bpmn:documentation`; may be empty.
    pub documentation: String,
    /// Line of the XML, counted from 1.
    pub line: u32,
}

impl Element {
    /// What a user task can be completed with: property `outcomes`, comma separated. Empty if it declares none.
    pub fn outcomes(&self) -> Vec<&str> {
        let declared = self.properties.get("outcomes").map_or("", String::as_str);
        declared.split(',').map(str::trim).filter(|outcome| !outcome.is_empty()).collect()
    }

    /// The state the record takes when a token enters: property `state`.
    pub fn state(&self) -> Option<&str> {
        self.properties.get("state").map(|state| state.trim()).filter(|state| !state.is_empty())
    }
}

/// A sequence flow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edge {
    /// Its id, unique in the definition.
    pub id: String,
    /// Its label; may be empty.
    pub name: String,
    /// Id of the element it leaves.
    pub from: String,
    /// Id of the element it enters.
    pub to: String,
    /// Its condition, a zen expression.
    pub condition: Option<String>,
    /// Taken when no other condition holds.
    pub is_default: bool,
    /// Line of the XML, counted from 1.
    pub line: u32,
}

/// A flow that can be run.
#[derive(Clone, Debug)]
pub struct Definition {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) elements: IndexMap<String, Element>,
    pub(crate) edges: IndexMap<String, Edge>,
    pub(crate) net: Net,
}

impl Definition {
    /// Reads a drawing. Everything that cannot be run as drawn is a defect; all defects found are returned together.
    pub fn parse(xml: &str) -> Result<Definition, Vec<Defect>> {
        parse::parse(xml)
    }

    /// What stands against publishing: empty means sound. Block-structured parts are reduced, the rest is explored up to
    /// 100,000 states; beyond that the defect `not_provable` names the region.
    pub fn check(&self) -> Vec<Defect> {
        soundness::check(self)
    }

    /// Id of the process.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Name of the process; may be empty.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The element with this id.
    pub fn element(&self, id: &str) -> Option<&Element> {
        self.elements.get(id)
    }

    /// All elements, in the order of the XML.
    pub fn elements(&self) -> impl Iterator<Item = &Element> {
        self.elements.values()
    }

    /// The edge with this id.
    pub fn edge(&self, id: &str) -> Option<&Edge> {
        self.edges.get(id)
    }

    /// All edges, in the order of the XML.
    pub fn edges(&self) -> impl Iterator<Item = &Edge> {
        self.edges.values()
    }

    /// The edges that leave an element, in the order of the XML. Nothing for an unknown id.
    pub fn outgoing(&self, element: &str) -> impl Iterator<Item = &Edge> {
        let at = self.elements.get_index_of(element);
        at.map_or(&[][..], |at| &self.net.outgoing[at]).iter().map(|edge| &self.edges[*edge])
    }

    pub(crate) fn index(&self, id: &str) -> Result<usize, FlowError> {
        self.elements.get_index_of(id).ok_or_else(|| FlowError::UnknownElement { element: id.to_owned() })
    }

    pub(crate) fn at(&self, index: usize) -> &Element {
        &self.elements[index]
    }

    pub(crate) fn edge_at(&self, index: usize) -> &Edge {
        &self.edges[index]
    }

    pub(crate) fn kind(&self, index: usize) -> Kind {
        self.elements[index].kind
    }
}
