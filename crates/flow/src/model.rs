//! What a drawing says, read once and indexed for running.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use crate::net::Net;
use crate::{Defect, FlowError, parse, soundness};

/// What an event waits for, or sets off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trigger {
    /// A time; never set off by an element.
    Timer,
    /// A message: one receiver.
    Message,
    /// A signal: whoever waits for it hears it.
    Signal,
    /// An error: caught by what encloses it, which it ends.
    Error,
    /// An escalation: caught by what encloses it, which may go on.
    Escalation,
}

/// What an element does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Where a scope begins.
    Start,
    /// Begins an event sub-process when its trigger comes.
    EventStart {
        /// What it waits for.
        on: Trigger,
        /// Takes everything else in the enclosing scope away.
        interrupting: bool,
    },
    /// Where a token ends.
    End,
    /// Ends its whole scope at once.
    TerminateEnd,
    /// Ends a token and sets a message, signal, error or escalation off.
    ThrowEnd(Trigger),
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
    /// Waits for a message, as a step that can have boundary events.
    ReceiveTask,
    /// Another flow is run by the caller; waits until it says how that ended.
    CallActivity,
    /// Takes the first edge whose condition holds, else the default; merges without waiting.
    Exclusive,
    /// Waits for every incoming edge, then takes every outgoing one.
    Parallel,
    /// Takes every edge whose condition holds, else the default; waits for every token that can still come.
    Inclusive,
    /// Waits for the first of the events it leads to.
    EventBased,
    /// Waits for a time, a message or a signal.
    Catch(Trigger),
    /// Sets a message, a signal or an escalation off and goes on.
    Throw(Trigger),
    /// Passed and noted, nothing else: an intermediate event without a definition.
    Milestone,
    /// Something that may happen to the element it is attached to.
    Boundary {
        /// What it waits for.
        on: Trigger,
        /// Takes the element's token away.
        interrupting: bool,
    },
    /// Holds elements of its own.
    SubProcess,
    /// Holds elements that are run when its start event happens to the enclosing scope.
    EventSubProcess,
}

impl Kind {
    /// Where a token ends.
    pub fn is_end(self) -> bool {
        matches!(self, Self::End | Self::TerminateEnd | Self::ThrowEnd(_))
    }

    /// Whether a token stays here until something comes from outside.
    pub fn waits(self) -> bool {
        matches!(self, Self::UserTask | Self::ReceiveTask | Self::CallActivity | Self::Catch(_) | Self::EventBased)
    }

    /// Whether it holds elements of its own.
    pub fn is_scope(self) -> bool {
        matches!(self, Self::SubProcess | Self::EventSubProcess)
    }

    /// Whether it begins something beside what it happens to.
    pub fn runs_beside(self) -> bool {
        matches!(self, Self::Boundary { interrupting: false, .. } | Self::EventStart { interrupting: false, .. })
    }
}

/// How often an activity is done each time a token comes to it (multi-instance).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repeat {
    /// One turn after the other; else all side by side.
    pub sequential: bool,
    /// How many turns.
    pub times: Times,
    /// Asked after each turn: when it holds, the remaining turns are given up.
    pub until: Option<String>,
}

/// How many turns a repeated activity takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Times {
    /// As many as the expression says.
    Number(String),
    /// One for each item of the list that the expression gives.
    Each(String),
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
    /// Name of the message of a message event or receive task.
    pub message: Option<String>,
    /// Name of the signal of a signal event.
    pub signal: Option<String>,
    /// Code of the error of an error event; none catches every error.
    pub error: Option<String>,
    /// Code of the escalation of an escalation event; none catches every escalation.
    pub escalation: Option<String>,
    /// `calledElement` of a call activity.
    pub called: Option<String>,
    /// How often it is done, if not once.
    pub repeat: Option<Repeat>,
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

    /// The expression whose value a message must carry to be meant for this event: property `correlation`.
    pub fn correlation(&self) -> Option<&str> {
        self.properties.get("correlation").map(|source| source.trim()).filter(|source| !source.is_empty())
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
