//! A loaded pack: everything that runs records of one version of one type. Immutable, to be shared.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use decide::{Expression, FieldType, Table};
use indexmap::IndexMap;
use serde_json::{Map, Value, json};

use crate::approvals::Approvals;
use crate::cases::Case;
use crate::category::Category;
use crate::form::{Form, OwnField};
use crate::load::FieldNames;
use crate::manifest::{Manifest, Phase, Right};
use crate::message::{Messages, RenderError, Rendered};
use crate::standard_field::{Writer, standard_field};
use crate::text::Texts;

/// One version of one record type.
#[derive(Debug)]
pub struct Pack {
    pub(crate) manifest: Manifest,
    pub(crate) hash: String,
    pub(crate) form: Form,
    pub(crate) form_ui: Value,
    pub(crate) flow: flow::Definition,
    pub(crate) flow_xml: String,
    pub(crate) tables: IndexMap<String, Table>,
    pub(crate) expressions: HashMap<String, Expression>,
    pub(crate) texts: BTreeMap<String, Texts>,
    pub(crate) help: BTreeMap<String, String>,
    pub(crate) help_sections: BTreeMap<String, BTreeMap<String, String>>,
    pub(crate) messages: Messages,
    pub(crate) categories: Vec<Category>,
    pub(crate) rights: IndexMap<String, Vec<Right>>,
    pub(crate) cases: Vec<Case>,
    pub(crate) approvals: Approvals,
    /// Fields some table writes.
    pub(crate) derived: BTreeSet<String>,
}

impl Pack {
    /// The record type.
    pub fn key(&self) -> &str {
        &self.manifest.key
    }

    /// The version.
    pub fn version(&self) -> u32 {
        self.manifest.version
    }

    /// Hash of all files, hex: equal content has equal hashes.
    pub fn hash(&self) -> &str {
        &self.hash
    }

    /// `pack.yaml`.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// `form.json`: the JSON Schema of the own fields.
    pub fn form(&self) -> &Value {
        &self.form.schema
    }

    /// `form.ui.json`: where fields stand on the pages.
    pub fn form_ui(&self) -> &Value {
        &self.form_ui
    }

    /// The own fields, in the order of the form.
    pub fn own_fields(&self) -> &IndexMap<String, OwnField> {
        &self.form.fields
    }

    /// The flow.
    pub fn flow(&self) -> &flow::Definition {
        &self.flow
    }

    /// The flow as drawn.
    pub fn flow_xml(&self) -> &str {
        &self.flow_xml
    }

    /// A decision table.
    pub fn table(&self, key: &str) -> Option<&Table> {
        self.tables.get(key)
    }

    /// Reads a table that would stand in this pack: what its cells may use are the fields of the type.
    pub fn try_table(&self, table: &Value) -> Result<Table, Vec<decide::TableError>> {
        Table::parse(table, &FieldNames { own: &self.form.fields })
    }

    /// All decision tables, by key.
    pub fn tables(&self) -> &IndexMap<String, Table> {
        &self.tables
    }

    /// The team keys that the flow and the tables name as constants.
    pub fn teams(&self) -> Vec<String> {
        let drawn = self.flow().elements().filter_map(|element| element.candidate_groups.clone());
        let drawn = drawn.filter(|group| !group.starts_with("${"));
        drawn.chain(self.tables().values().flat_map(|table| table.constants("team"))).collect()
    }

    /// A text by language and dotted key, e.g. `state.new`, `field.x`, `enum.x.y`, `outcome.z`, `activity.a`.
    pub fn text(&self, lang: &str, key: &str) -> Option<&str> {
        self.texts.get(lang)?.get(key).map(String::as_str)
    }

    /// A text by language and dotted key; the key itself where there is none, so that a page never shows a hole.
    pub fn label(&self, lang: &str, key: &str) -> String {
        self.text(lang, key).unwrap_or(key).to_owned()
    }

    /// All texts of a language by dotted key.
    pub fn texts(&self, lang: &str) -> Option<&BTreeMap<String, String>> {
        self.texts.get(lang)
    }

    /// The help page in a language, Markdown.
    pub fn help(&self, lang: &str) -> Option<&str> {
        self.help.get(lang).map(String::as_str)
    }

    /// The part of the help page about one step, Markdown.
    pub fn help_for(&self, lang: &str, element: &str) -> Option<&str> {
        self.help_sections.get(lang)?.get(element).map(String::as_str)
    }

    /// The tree of categories the type starts with.
    pub fn categories(&self) -> &[Category] {
        &self.categories
    }

    /// Whether this path, e.g. `network/wifi`, can be chosen: the tree has it, and nothing of it is retired.
    pub fn has_category(&self, path: &str) -> bool {
        let ends = path.match_indices('/').map(|(at, _)| at).chain([path.len()]);
        ends.into_iter().all(|end| path.get(..end).and_then(|above| self.category(above)).is_some_and(|found| found.active))
    }

    /// The category at a path.
    pub fn category(&self, path: &str) -> Option<&Category> {
        self.categories.iter().find_map(|category| category.find(path))
    }

    /// The name of a category with those above it, `Network / Wi-Fi`; the path itself if the tree has none.
    pub fn category_label(&self, lang: &str, path: &str) -> String {
        let name = |node: &Category| if lang == "zh" { node.zh.clone() } else { node.en.clone() };
        let ends = path.match_indices('/').map(|(at, _)| at).chain([path.len()]);
        let names: Option<Vec<String>> = ends.map(|end| self.category(path.get(..end)?).map(name)).collect();
        names.map_or_else(|| path.to_owned(), |names| names.join(" / "))
    }

    /// Role and what it may do, with compiled scopes.
    pub fn rights(&self) -> &IndexMap<String, Vec<Right>> {
        &self.rights
    }

    /// The scenarios.
    pub fn cases(&self) -> &[Case] {
        &self.cases
    }

    /// An approval that steps name with their property `approval`.
    pub fn approval(&self, key: &str) -> Option<&approval::Definition> {
        self.approvals.definitions.get(key)
    }

    /// All approvals, by key.
    pub fn approvals(&self) -> &IndexMap<String, approval::Definition> {
        &self.approvals.definitions
    }

    /// An expression of an approval, compiled: what decides whether a step is needed, or who decides it.
    pub fn approval_expression(&self, source: &str) -> Option<&Expression> {
        self.approvals.expressions.get(source)
    }

    /// Keys of the messages.
    pub fn messages(&self) -> impl Iterator<Item = &str> {
        self.messages.keys()
    }

    /// Renders a message. `context` has the names of [`crate::TEMPLATE_NAMES`].
    pub fn render(&self, lang: &str, key: &str, context: &Map<String, Value>) -> Result<Rendered, RenderError> {
        self.messages.render(lang, key, context)
    }

    /// The phase of a state of this pack.
    pub fn phase_of(&self, state: &str) -> Option<Phase> {
        self.manifest.phase_of(state)
    }

    /// What a field holds: a standard one or an own one.
    pub fn field_type(&self, name: &str) -> Option<FieldType> {
        standard_field(name).map(|field| field.kind).or_else(|| self.form.fields.get(name).map(|field| field.kind))
    }

    /// Where a problem with a field is reported: `/title` or `/fields/x`.
    pub fn pointer(&self, field: &str) -> String {
        if standard_field(field).is_some() { format!("/{field}") } else { format!("/fields/{field}") }
    }

    /// The JSON Schema of one field, as a dialog needs it.
    pub fn field_schema(&self, name: &str) -> Option<Value> {
        if let Some(own) = self.form.fields.get(name) {
            return Some(own.schema.clone());
        }
        let field = standard_field(name)?;
        let kind = match field.kind {
            FieldType::Number | FieldType::Instant => "integer",
            FieldType::Bool => "boolean",
            _ => "string",
        };
        let mut schema = json!({ "type": kind });
        if field.longest > 0 {
            schema["maxLength"] = field.longest.into();
        }
        let values = self.choices(name);
        if !values.is_empty() {
            schema["enum"] = values.into();
        }
        Some(schema)
    }

    /// The only values a field may have, in order; empty where it is no choice.
    pub fn choices(&self, name: &str) -> Vec<&str> {
        let own = self.form.fields.get(name).map(|field| &field.values);
        let named = own.or_else(|| self.manifest.fields.get(name).map(|rule| &rule.values)).filter(|values| !values.is_empty());
        match (named, standard_field(name)) {
            (Some(values), _) => values.iter().map(String::as_str).collect(),
            (None, Some(field)) => field.values.to_vec(),
            (None, None) => Vec::new(),
        }
    }

    /// A JSON Schema of some fields; unknown names are left out.
    pub fn schema_of(&self, fields: &[&str], required: &[&str]) -> Value {
        let properties: Map<String, Value> =
            fields.iter().filter_map(|name| Some(((*name).to_owned(), self.field_schema(name)?))).collect();
        json!({ "type": "object", "properties": properties, "required": required, "additionalProperties": false })
    }

    /// Whether a table decides this field.
    pub fn is_derived(&self, field: &str) -> bool {
        self.derived.contains(field)
    }

    /// Whether a field is given with an action alone, and is therefore no box of a form: the requester's opinion, words that must come
    /// anew each time, and what the form marks `x-action`.
    pub fn comes_with_action(&self, field: &str) -> bool {
        let rated = self.manifest.rating.as_ref().is_some_and(|rating| rating.score == field || rating.comment == field);
        let marked = || self.form.fields.get(field).and_then(|it| it.schema.get("x-action")).and_then(Value::as_bool);
        rated || self.manifest.fresh.iter().any(|fresh| fresh == field) || marked().unwrap_or(false)
    }

    /// Whether people may write the field when they open or edit a record: not the engine's, and no derived field that
    /// has no reason field to say why.
    pub fn is_editable(&self, field: &str) -> bool {
        let free = match standard_field(field) {
            Some(found) => matches!(found.writer, Writer::People | Writer::Command),
            None => self.form.fields.contains_key(field),
        };
        free && (self.manifest.overrides.contains_key(field) || !self.is_derived(field))
    }
}
