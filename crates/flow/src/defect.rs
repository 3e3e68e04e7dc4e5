//! What is wrong with a drawing, said so that its author can mend it.
//!
//! Codes, which are stable:
//!
//! - the file: `too_large` `too_deep` `doctype` `entity` `malformed_xml` `unknown_prefix` `camunda_namespace` `not_bpmn`
//!   `no_process` `several_processes`
//! - an element (found by [`parse`](crate::Definition::parse)): `unsupported` `missing_id` `bad_id` `duplicate_id` `missing_topic`
//!   `missing_decision` `missing_timer` `bad_duration` `missing_message` `missing_signal` `missing_error` `missing_escalation`
//!   `missing_called` `bad_repetition` `bad_property` `condition_language` `missing_condition` (empty)
//! - how elements are connected (same): `dangling_reference` `bad_default` `crosses_scope` `missing_start` `several_starts`
//!   `start_with_incoming` `end_with_outgoing` `boundary_with_incoming` `boundary_host` `event_sub_process_connected`
//!   `event_gateway_target`
//! - what only [`check`](crate::Definition::check) says: `missing_owner` `missing_default` `missing_condition` (none)
//!   `condition_on_default` `condition_unused` `implicit_split` `no_way_out` `unreachable` `no_end` `endless` `bad_property`
//!   (value) `uncaught_error` `uncaught_escalation` `never_thrown` and, after these, soundness: `deadlock`
//!   `lack_of_synchronisation` `livelock` `never_runs` `not_provable`

use serde::Serialize;

/// One fault of a definition: found while reading it or while checking it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Defect {
    /// Stable snake_case name of the kind of fault, e.g. `missing_default`.
    pub code: &'static str,
    /// Id of the element or edge at fault, where one can be named.
    pub element: Option<String>,
    /// Line of the XML, counted from 1.
    pub line: Option<u32>,
    /// What is wrong, in English, lower case, without full stop.
    pub message: String,
    /// What to do about it.
    pub mend: String,
}

impl Defect {
    /// A defect without a place; see [`Defect::at`].
    pub(crate) fn new(code: &'static str, message: impl Into<String>, mend: impl Into<String>) -> Self {
        Self { code, element: None, line: None, message: message.into(), mend: mend.into() }
    }

    /// The same defect, placed at an element and a line.
    pub(crate) fn at(mut self, element: Option<&str>, line: u32) -> Self {
        self.element = element.filter(|id| !id.is_empty()).map(str::to_owned);
        self.line = Some(line);
        self
    }
}

impl std::fmt::Display for Defect {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if let Some(line) = self.line {
            write!(f, "line {line}: ")?;
        }
        if let Some(element) = &self.element {
            write!(f, "{element}: ")?;
        }
        write!(f, "{} ({}); {}", self.message, self.code, self.mend)
    }
}
