//! The columns every record has, whatever its type.

use decide::FieldType;

/// Who may write a common field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Writer {
    /// People: when a record is opened or edited, and with outcomes that offer it.
    People,
    /// Accepting, assigning, dispatch.
    Assignment,
    /// The engine alone.
    Engine,
    /// Nobody: not stored under this name, only visible to conditions and expressions.
    Scope,
}

/// One common field.
#[derive(Clone, Copy, Debug)]
pub struct Common {
    /// Its name.
    pub name: &'static str,
    /// What it holds, as conditions see it.
    pub kind: FieldType,
    /// Who may write it.
    pub writer: Writer,
    /// Most characters, for text.
    pub longest: usize,
}

const fn field(name: &'static str, kind: FieldType, writer: Writer, longest: usize) -> Common {
    Common { name, kind, writer, longest }
}

/// Longest natural key or id.
const KEY: usize = 200;

/// All common fields.
pub const FIELDS: [Common; 28] = [
    field("title", FieldType::Text, Writer::People, 200),
    field("description", FieldType::Text, Writer::People, 50_000),
    field("impact", FieldType::Text, Writer::People, KEY),
    field("urgency", FieldType::Text, Writer::People, KEY),
    field("priority", FieldType::Text, Writer::People, KEY),
    field("category", FieldType::Text, Writer::People, KEY),
    field("channel", FieldType::Text, Writer::People, KEY),
    field("requester", FieldType::Ref, Writer::People, KEY),
    field("reporter", FieldType::Ref, Writer::People, KEY),
    field("customer", FieldType::Ref, Writer::People, KEY),
    field("service", FieldType::Ref, Writer::People, KEY),
    field("site", FieldType::Ref, Writer::People, KEY),
    field("parent", FieldType::Ref, Writer::People, KEY),
    field("team", FieldType::Ref, Writer::Assignment, KEY),
    field("assignee", FieldType::Ref, Writer::Assignment, KEY),
    field("hold_reason", FieldType::Text, Writer::Engine, KEY),
    field("cancel_reason", FieldType::Text, Writer::Engine, KEY),
    field("opened_at", FieldType::Instant, Writer::Engine, 0),
    field("responded_at", FieldType::Instant, Writer::Engine, 0),
    field("resolved_at", FieldType::Instant, Writer::Engine, 0),
    field("closed_at", FieldType::Instant, Writer::Engine, 0),
    field("reassign_count", FieldType::Number, Writer::Engine, 0),
    field("reopen_count", FieldType::Number, Writer::Engine, 0),
    field("state", FieldType::Text, Writer::Scope, 0),
    field("phase", FieldType::Text, Writer::Scope, 0),
    field("outcome", FieldType::Text, Writer::Scope, 0),
    field("accepted", FieldType::Bool, Writer::Scope, 0),
    field("now", FieldType::Instant, Writer::Scope, 0),
];

/// The common field of this name.
pub fn common(name: &str) -> Option<&'static Common> {
    FIELDS.iter().find(|field| field.name == name)
}
