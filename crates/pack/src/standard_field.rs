//! The standard fields: what every record has, whatever its type. Everything the program knows of them stands in this table.

use decide::FieldType;

/// Who may write a standard field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Writer {
    /// People: when a record is opened or edited, and with outcomes that offer it.
    People,
    /// The commands of the desk, for people: who reported it, for which customer, below which record.
    Command,
    /// Accepting, assigning, dispatch.
    Assignment,
    /// The engine alone.
    Engine,
    /// Nobody: not stored under this name, only visible to conditions and expressions.
    Scope,
}

/// What a reference field refers to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// A person.
    User,
    /// A support team.
    Team,
    /// A service.
    Service,
    /// An office area.
    Site,
    /// A customer.
    Customer,
    /// A node of the type's category tree.
    Category,
    /// Another record.
    Record,
}

/// Where a value is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// In a column that lists show, and that conditions over many records may name.
    Listed,
    /// In a column of the record alone.
    Column,
    /// Among the type's own fields.
    Fields,
    /// Nowhere under this name.
    Nowhere,
}

/// One standard field.
#[derive(Clone, Copy, Debug)]
pub struct StandardField {
    /// Its name.
    pub name: &'static str,
    /// What it holds, as conditions see it.
    pub kind: FieldType,
    /// What it refers to.
    pub target: Option<Target>,
    /// Who may write it.
    pub writer: Writer,
    /// Where it is kept.
    pub place: Place,
    /// Most characters, for text.
    pub longest: usize,
    /// The only values it may have where the type names none.
    pub values: &'static [&'static str],
}

impl StandardField {
    /// Whether a caller may give it a value: with a report, an edit or an outcome.
    pub fn is_given(&self) -> bool {
        matches!(self.writer, Writer::People | Writer::Assignment)
    }

    /// Whether it has a column of its own.
    pub fn has_column(&self) -> bool {
        matches!(self.place, Place::Listed | Place::Column)
    }
}

/// Longest natural key or id.
const KEY: usize = 200;
const DEGREES: &[&str] = &["high", "medium", "low"];
const PRIORITIES: &[&str] = &["p1", "p2", "p3", "p4"];
const CHANNELS: &[&str] = &["portal", "phone", "email", "walk_in", "chat", "api", "alert", "web", "import"];

const fn text(name: &'static str, writer: Writer, place: Place, longest: usize) -> StandardField {
    StandardField { name, kind: FieldType::Text, target: None, writer, place, longest, values: &[] }
}

const fn choice(name: &'static str, values: &'static [&'static str]) -> StandardField {
    StandardField { values, ..text(name, Writer::People, Place::Listed, KEY) }
}

const fn reference(name: &'static str, target: Target, writer: Writer) -> StandardField {
    StandardField { kind: FieldType::Ref, target: Some(target), ..text(name, writer, Place::Listed, KEY) }
}

const fn engine(name: &'static str, kind: FieldType) -> StandardField {
    StandardField { kind, ..text(name, Writer::Engine, Place::Listed, 0) }
}

const fn scope(name: &'static str, kind: FieldType) -> StandardField {
    StandardField { kind, ..text(name, Writer::Scope, Place::Nowhere, 0) }
}

/// All standard fields, in the order in which they are shown.
pub const STANDARD_FIELDS: [StandardField; 30] = [
    text("title", Writer::People, Place::Listed, 200),
    text("description", Writer::People, Place::Column, 50_000),
    choice("impact", DEGREES),
    choice("urgency", DEGREES),
    choice("priority", PRIORITIES),
    StandardField { target: Some(Target::Category), ..text("category", Writer::People, Place::Listed, KEY) },
    reference("requester", Target::User, Writer::People),
    choice("channel", CHANNELS),
    reference("service", Target::Service, Writer::People),
    reference("site", Target::Site, Writer::People),
    reference("team", Target::Team, Writer::Assignment),
    reference("assignee", Target::User, Writer::Assignment),
    reference("reporter", Target::User, Writer::Command),
    reference("customer", Target::Customer, Writer::Command),
    reference("parent", Target::Record, Writer::Command),
    text("hold_reason", Writer::Engine, Place::Fields, KEY),
    text("cancel_reason", Writer::Engine, Place::Fields, KEY),
    StandardField { place: Place::Fields, ..engine("urge_count", FieldType::Number) },
    StandardField { place: Place::Fields, ..engine("urged_at", FieldType::Instant) },
    engine("opened_at", FieldType::Instant),
    engine("responded_at", FieldType::Instant),
    engine("resolved_at", FieldType::Instant),
    engine("closed_at", FieldType::Instant),
    engine("reassign_count", FieldType::Number),
    engine("reopen_count", FieldType::Number),
    StandardField { place: Place::Listed, ..scope("state", FieldType::Text) },
    StandardField { place: Place::Listed, ..scope("phase", FieldType::Text) },
    scope("outcome", FieldType::Text),
    scope("accepted", FieldType::Bool),
    scope("now", FieldType::Instant),
];

/// The standard field of this name.
pub fn standard_field(name: &str) -> Option<&'static StandardField> {
    STANDARD_FIELDS.iter().find(|field| field.name == name)
}
