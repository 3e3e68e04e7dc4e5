//! Why a command or query was refused, in terms that every door can tell its caller.

use store::StoreError;

/// What is wrong with one field of the input.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct FieldError {
    /// JSON pointer into the request's body.
    pub pointer: String,
    /// Stable code, such as `required` or `unknown_field`.
    pub code: String,
    /// What is wrong and how to mend it.
    pub message: String,
}

impl FieldError {
    /// An error at a pointer.
    pub fn new(pointer: impl Into<String>, code: impl Into<String>, message: impl Into<String>) -> Self {
        Self { pointer: pointer.into(), code: code.into(), message: message.into() }
    }
}

/// A change that somebody else made since the version a caller had.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Meanwhile {
    /// The field.
    pub field: String,
    /// Its value before.
    pub old: serde_json::Value,
    /// Its value now.
    pub new: serde_json::Value,
    /// What the values before and now are called, in the language of who is told, where they have names.
    pub labels: Option<(String, String)>,
    /// Who changed it, by name.
    pub actor: Option<String>,
    /// When, in UTC milliseconds.
    pub at: i64,
}

/// A refusal or failure.
#[derive(Debug, thiserror::Error)]
pub enum DeskError {
    /// Nobody is signed in, or the session, token or account has ended.
    #[error("sign in first: {0}")]
    Unauthenticated(&'static str),
    /// The person may not do this.
    #[error("{0}")]
    Forbidden(String),
    /// It does not exist, or this person may not know that it does.
    #[error("{0} not found")]
    NotFound(String),
    /// The input is wrong.
    #[error("the input has errors{}", told(.0))]
    Invalid(Vec<FieldError>),
    /// A query parameter or the form of the request is wrong.
    #[error("{0}")]
    Malformed(String),
    /// A query parameter has a value that it cannot have.
    #[error("{name}={value}: {message}")]
    Parameter {
        /// The parameter.
        name: String,
        /// What was given.
        value: String,
        /// Where in the value, when that is JSON.
        pointer: String,
        /// Stable code: `enum`, `format` or `unknown_reference`.
        code: &'static str,
        /// What is wrong and how to mend it.
        message: String,
    },
    /// The action is not open to this person on this record now.
    #[error("{0}")]
    NotAvailable(String),
    /// Mandatory steps of a checklist are open: each with its pointer and its words.
    #[error("{} mandatory steps of a checklist are open{}", .0.len(), told(.0))]
    ChecklistOpen(Vec<FieldError>),
    /// A change of what the caller does not say to have seen.
    #[error("send If-Match with the ETag of the version you saw, so that nobody's change is overwritten unseen")]
    Unseen,
    /// Somebody changed it meanwhile.
    #[error("it was changed meanwhile: look at what changed and try again with version {version}")]
    Stale {
        /// The version now.
        version: i64,
        /// What changed since the caller's version.
        meanwhile: Vec<Meanwhile>,
    },
    /// It exists already, or the same key was used for something else.
    #[error("{0}")]
    Conflict(String),
    /// The same Idempotency-Key came with another body.
    #[error("this Idempotency-Key was used for another request: use a new key")]
    KeyReused,
    /// The values of an indexed field are being written.
    #[error("records cannot be filtered by {field} yet: its index is being built; the list of jobs shows how far it is")]
    IndexBuilding {
        /// The field.
        field: String,
    },
    /// The content of an entry was lawfully erased, so what it led to cannot be told.
    #[error("the content of journal entry {seq} was lawfully erased: the state at that time cannot be told any more")]
    Erased {
        /// The entry.
        seq: i64,
    },
    /// Too many tries.
    #[error("too many tries: wait {retry_after} s")]
    Throttled {
        /// Seconds to wait.
        retry_after: i64,
    },
    /// The system takes no changes now.
    #[error("{reason}")]
    ReadOnly {
        /// Why, and until when if known.
        reason: String,
    },
    /// The content is larger than allowed.
    #[error("{0}")]
    TooLarge(String),
    /// The kind of content is not allowed.
    #[error("{0}")]
    Unsupported(String),
    /// A pack cannot be used.
    #[error("pack {key}: {why}")]
    Pack {
        /// Which pack.
        key: String,
        /// What is wrong.
        why: String,
    },
    /// What was uploaded as a pack has faults: all of them, each with its place.
    #[error("the pack has {} faults: nothing was published", .0.len())]
    Defective(Vec<pack::Defect>),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Something outside failed: a file, the clock, a system call.
    #[error("{what}: {why}")]
    Outside {
        /// What was tried.
        what: &'static str,
        /// What went wrong.
        why: String,
    },
}

/// The first errors in words, for doors that cannot show them beside their fields.
fn told(errors: &[FieldError]) -> String {
    const MOST: usize = 5;
    let more = if errors.len() > MOST { format!("; and {} more", errors.len() - MOST) } else { String::new() };
    let shown: Vec<String> = errors.iter().take(MOST).map(|error| format!("{}: {}", error.pointer, error.message)).collect();
    if shown.is_empty() { String::new() } else { format!(": {}{more}", shown.join("; ")) }
}

impl DeskError {
    /// A single field error.
    pub fn field(pointer: impl Into<String>, code: impl Into<String>, message: impl Into<String>) -> Self {
        Self::Invalid(vec![FieldError::new(pointer, code, message)])
    }

    /// A query parameter that takes only some values.
    pub fn not_among(name: &str, value: &str, allowed: &[&str]) -> Self {
        Self::parameter(name, value, "enum", format!("write one of {}", allowed.join(", ")))
    }

    /// A query parameter that names something that is not there.
    pub fn no_such(name: &str, value: &str, what: &str) -> Self {
        Self::parameter(name, value, "unknown_reference", format!("there is no such {what}"))
    }

    /// A wrong value of a query parameter.
    pub fn parameter(name: &str, value: &str, code: &'static str, message: impl Into<String>) -> Self {
        Self::Parameter { name: name.to_owned(), value: value.to_owned(), pointer: String::new(), code, message: message.into() }
    }

    /// The same error about a part of a larger input: pointers get `prefix` before them, unless they have it already.
    #[must_use]
    pub fn under(self, prefix: &str) -> Self {
        match self {
            Self::Invalid(mut errors) => {
                for error in errors.iter_mut().filter(|error| !error.pointer.starts_with(&format!("{prefix}/"))) {
                    error.pointer.insert_str(0, prefix);
                }
                Self::Invalid(errors)
            }
            other => other,
        }
    }

    /// A failure of something outside.
    pub fn outside(what: &'static str, why: impl std::fmt::Display) -> Self {
        Self::Outside { what, why: why.to_string() }
    }
}
