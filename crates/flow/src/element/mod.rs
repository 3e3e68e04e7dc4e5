//! What each kind of element means: how it is read, and what it does when a token arrives.
//!
//! One file per behaviour. A new element is a file here, a line in [`read`], an arm in [`arrive`] and, if the shape of the
//! flow changes, one in `soundness::graph`.

pub(crate) mod at_once;
pub(crate) mod boundary;
pub(crate) mod catch;
pub(crate) mod ends;
pub(crate) mod exclusive;
pub(crate) mod message;
pub(crate) mod parallel;
pub(crate) mod sub_process;
pub(crate) mod timer;
mod trigger;
pub(crate) mod user_task;

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
}

impl From<Kind> for Parts {
    fn from(kind: Kind) -> Self {
        Self { kind, host: None, timer: None, message: None }
    }
}

/// Whether [`read`] knows this BPMN name.
pub(crate) fn is_element(name: &str) -> bool {
    matches!(
        name,
        "startEvent"
            | "endEvent"
            | "userTask"
            | "serviceTask"
            | "sendTask"
            | "businessRuleTask"
            | "manualTask"
            | "exclusiveGateway"
            | "parallelGateway"
            | "intermediateCatchEvent"
            | "boundaryEvent"
            | "subProcess"
    )
}

/// Reads one element; `None` after its defects have been noted.
pub(crate) fn read(node: &Node, reading: &mut Reading) -> Option<Parts> {
    match node.name.as_str() {
        "startEvent" => ends::read_start(node, reading),
        "endEvent" => ends::read_end(node, reading),
        "userTask" => Some(Kind::UserTask.into()),
        "serviceTask" => at_once::read_topic(node, reading, Kind::ServiceTask),
        "sendTask" => at_once::read_topic(node, reading, Kind::SendTask),
        "businessRuleTask" => at_once::read_rule(node, reading),
        "manualTask" => Some(Kind::ManualTask.into()),
        "exclusiveGateway" => Some(Kind::Exclusive.into()),
        "parallelGateway" => Some(Kind::Parallel.into()),
        "intermediateCatchEvent" => catch::read(node, reading),
        "boundaryEvent" => boundary::read(node, reading),
        "subProcess" => sub_process::read(node, reading),
        _ => None,
    }
}

/// What an author can do about an element that is not supported.
pub(crate) fn mend_unsupported(name: &str) -> &'static str {
    match name {
        "task" => "choose what kind of task it is: user, service, send, business rule or manual",
        "scriptTask" => "use a business rule task, or a service task with a topic",
        "receiveTask" => "use a user task, or an intermediate message event",
        "inclusiveGateway" | "complexGateway" => "use an exclusive or a parallel gateway",
        "eventBasedGateway" => "use boundary events on a user task",
        "callActivity" | "transaction" | "adHocSubProcess" => "use an embedded sub-process",
        "intermediateThrowEvent" => "use a send task",
        _ => "remove it or draw it with supported elements",
    }
}

/// A token arrives at an element.
pub(crate) fn arrive(run: &mut Run<'_>, flight: Flight) -> Result<(), FlowError> {
    match run.def.kind(flight.to) {
        Kind::Start | Kind::ManualTask | Kind::BoundaryTimer { .. } | Kind::BoundaryMessage { .. } => run.pass(flight),
        Kind::End => ends::end(run, flight),
        Kind::TerminateEnd => ends::terminate(run, flight),
        Kind::UserTask => user_task::open(run, flight),
        Kind::ServiceTask | Kind::SendTask => at_once::send(run, flight),
        Kind::BusinessRuleTask => at_once::decide(run, flight),
        Kind::Exclusive => exclusive::choose(run, flight),
        Kind::Parallel => parallel::join_and_fork(run, flight),
        Kind::IntermediateTimer => catch::wait_for_timer(run, flight),
        Kind::IntermediateMessage => catch::wait_for_message(run, flight),
        Kind::SubProcess => sub_process::begin(run, flight),
    }
}
