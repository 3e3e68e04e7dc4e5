//! What is wrong with a definition, said so that its author can mend it.
//!
//! Codes, which are stable: `no_steps` `too_many_steps` `twice` `no_approvers` `two_kinds_of_approvers` `unknown_body`
//! `unreachable_rule` `wrong_share` `rule_of_body` `time_out_order` `time_out_after_end` `nobody_to_escalate_to` `count_without_body`
//! `body_by_silence` `body_escalates` `no_quorum` `unreachable_quorum` `no_members` `no_chair`

use serde::Serialize;

/// One fault of a definition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Defect {
    /// Stable snake_case name of the kind of fault.
    pub code: &'static str,
    /// JSON pointer into the definition.
    pub pointer: String,
    /// What is wrong, in English, lower case, without full stop.
    pub message: String,
    /// What to do about it.
    pub mend: String,
}

impl Defect {
    pub(crate) fn new(pointer: impl Into<String>, code: &'static str, message: impl Into<String>, mend: impl Into<String>) -> Self {
        Self { code, pointer: pointer.into(), message: message.into(), mend: mend.into() }
    }
}

impl std::fmt::Display for Defect {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {} ({}); {}", self.pointer, self.message, self.code, self.mend)
    }
}
