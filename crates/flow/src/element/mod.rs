//! What each kind of element means: how it is read, and what it does when a token arrives.
//!
//! One file per behaviour. A new element is a file here, a line in [`read`], an arm in [`arrive`] and, if the shape of the
//! flow changes, one in `soundness::graph`.

pub(crate) mod at_once;
pub(crate) mod boundary;
pub(crate) mod call_activity;
pub(crate) mod catch;
pub(crate) mod ends;
pub(crate) mod error;
pub(crate) mod escalation;
pub(crate) mod event_based;
pub(crate) mod event_sub_process;
pub(crate) mod exclusive;
pub(crate) mod inclusive;
pub(crate) mod message;
pub(crate) mod outward;
pub(crate) mod parallel;
pub(crate) mod receive_task;
pub(crate) mod repeat;
pub(crate) mod signal;
pub(crate) mod sub_process;
pub(crate) mod throw;
pub(crate) mod timer;
mod trigger;
pub(crate) mod user_task;
mod wait;

use crate::parse::Reading;
use crate::run::{Flight, Run};
use crate::xml::Node;
use crate::{FlowError, Kind};

/// What reading an element found out beyond the attributes all elements share.
pub(crate) struct Parts {
    pub(crate) kind: Kind,
    pub(crate) host: Option<String>,
    pub(crate) timer: Option<String>,
    pub(crate) message: Option<String>,
    pub(crate) signal: Option<String>,
    pub(crate) error: Option<String>,
    pub(crate) escalation: Option<String>,
    pub(crate) called: Option<String>,
}

impl From<Kind> for Parts {
    fn from(kind: Kind) -> Self {
        Self { kind, host: None, timer: None, message: None, signal: None, error: None, escalation: None, called: None }
    }
}

/// The BPMN names that [`read`] knows.
const NAMES: [&str; 17] = [
    "startEvent",
    "endEvent",
    "userTask",
    "serviceTask",
    "sendTask",
    "receiveTask",
    "businessRuleTask",
    "manualTask",
    "callActivity",
    "exclusiveGateway",
    "parallelGateway",
    "inclusiveGateway",
    "eventBasedGateway",
    "intermediateCatchEvent",
    "intermediateThrowEvent",
    "boundaryEvent",
    "subProcess",
];

/// Whether [`read`] knows this BPMN name.
pub(crate) fn is_element(name: &str) -> bool {
    NAMES.contains(&name)
}

/// Reads one element; `None` after its defects have been noted.
pub(crate) fn read(node: &Node, reading: &mut Reading) -> Option<Parts> {
    match node.name.as_str() {
        "startEvent" => ends::read_start(node, reading),
        "endEvent" => ends::read_end(node, reading),
        "userTask" => Some(Kind::UserTask.into()),
        "serviceTask" => at_once::read_topic(node, reading, Kind::ServiceTask),
        "sendTask" => at_once::read_topic(node, reading, Kind::SendTask),
        "receiveTask" => receive_task::read(node, reading),
        "businessRuleTask" => at_once::read_rule(node, reading),
        "manualTask" => Some(Kind::ManualTask.into()),
        "callActivity" => call_activity::read(node, reading),
        "exclusiveGateway" => Some(Kind::Exclusive.into()),
        "parallelGateway" => Some(Kind::Parallel.into()),
        "inclusiveGateway" => Some(Kind::Inclusive.into()),
        "eventBasedGateway" => event_based::read(node, reading),
        "intermediateCatchEvent" => catch::read(node, reading),
        "intermediateThrowEvent" => throw::read(node, reading),
        "boundaryEvent" => boundary::read(node, reading),
        "subProcess" => Some(sub_process::read(node)),
        _ => None,
    }
}

/// What an author can do about an element that is not supported.
pub(crate) fn mend_unsupported(name: &str) -> &'static str {
    match name {
        "task" => "choose what kind of task it is: user, service, send, receive, business rule or manual",
        "scriptTask" => "use a business rule task, or a service task with a topic",
        "complexGateway" => "use an exclusive, inclusive or parallel gateway",
        "transaction" => "use an embedded sub-process, and draw the undoing as steps of its own",
        "adHocSubProcess" => "use an embedded sub-process",
        _ => "remove it or draw it with supported elements",
    }
}

/// A token arrives at an element.
pub(crate) fn arrive(run: &mut Run<'_>, flight: Flight) -> Result<(), FlowError> {
    let def = run.def;
    if let Some(repeat) = def.at(flight.to).repeat.as_ref().filter(|_| flight.turn.is_none()) {
        return repeat::begin(run, flight, repeat);
    }
    match def.kind(flight.to) {
        Kind::Start | Kind::EventStart { .. } | Kind::ManualTask | Kind::Milestone | Kind::Boundary { .. } => run.pass(flight),
        Kind::End => ends::end(run, flight),
        Kind::TerminateEnd => ends::terminate(run, flight),
        Kind::ThrowEnd(what) => ends::throw(run, flight, what),
        Kind::UserTask => user_task::open(run, flight),
        Kind::ServiceTask | Kind::SendTask => at_once::send(run, flight),
        Kind::BusinessRuleTask => at_once::decide(run, flight),
        Kind::ReceiveTask => receive_task::begin(run, flight),
        Kind::CallActivity => call_activity::begin(run, flight),
        Kind::Exclusive => exclusive::choose(run, flight),
        Kind::Parallel => parallel::join_and_fork(run, flight),
        Kind::Inclusive => inclusive::arrive(run, flight),
        Kind::EventBased => event_based::begin(run, flight),
        Kind::Catch(on) => catch::begin(run, flight, on),
        Kind::Throw(what) => throw::pass(run, flight, what),
        Kind::SubProcess => sub_process::begin(run, flight),
        Kind::EventSubProcess => event_sub_process::begin(run, flight),
    }
}
