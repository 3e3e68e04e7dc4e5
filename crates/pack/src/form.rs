//! `form.json`: the type's own fields.

use decide::FieldType;
use indexmap::IndexMap;
use serde_json::{Map, Value};

use crate::FieldError;
use crate::source::{Source, join};

/// One own field.
#[derive(Clone, Debug)]
pub struct OwnField {
    /// What it holds, as conditions see it.
    pub kind: FieldType,
    /// The only values it may have, if it is a choice.
    pub values: Vec<String>,
    /// What a record is opened with when nothing is given.
    pub default: Option<Value>,
    /// Its JSON Schema.
    pub schema: Value,
}

/// Instants of the years 1900 to 2199, in UTC milliseconds.
const INSTANTS: std::ops::Range<i64> = -2_208_988_800_000..7_258_118_400_000;

/// The own fields and what checks their values.
#[derive(Debug)]
pub(crate) struct Form {
    pub fields: IndexMap<String, OwnField>,
    pub schema: Value,
    validator: jsonschema::Validator,
}

impl Form {
    /// Reads a form that has passed `form.schema.json`.
    pub fn build(source: &Source) -> Result<Form, crate::Defect> {
        let schema = source.value.clone();
        let validator = jsonschema::draft202012::new(&schema).map_err(|error| {
            let pointer = error.instance_path().to_string();
            source.defect(&pointer, "json_schema", error.to_string(), "write it as JSON Schema 2020-12 has it")
        })?;
        let properties = schema.get("properties").and_then(Value::as_object);
        let fields = properties.into_iter().flatten().map(|(name, schema)| (name.clone(), own_field(schema))).collect();
        Ok(Form { fields, schema, validator })
    }

    /// What is wrong with own values, all of them given.
    pub fn errors(&self, values: &Map<String, Value>) -> Vec<FieldError> {
        let own: Map<String, Value> = self.fields.keys().filter_map(|name| Some((name.clone(), values.get(name)?.clone()))).collect();
        if own.is_empty() {
            return Vec::new();
        }
        let mut errors: Vec<FieldError> = own.iter().filter_map(|(name, value)| self.no_instant(name, value)).collect();
        let own = Value::Object(own);
        if !self.validator.is_valid(&own) {
            errors.extend(self.validator.iter_errors(&own).map(|error| field_error(&error)));
        }
        errors
    }

    /// What is wrong with an instant that no calendar reaches: pages could not show it.
    fn no_instant(&self, name: &str, value: &Value) -> Option<FieldError> {
        let is_instant = self.fields.get(name).is_some_and(|field| field.kind == FieldType::Instant);
        if !is_instant || !value.is_number() || value.as_i64().is_some_and(|at| INSTANTS.contains(&at)) {
            return None;
        }
        let message = format!("{value} is no instant between the years 1900 and 2200, in UTC milliseconds");
        Some(FieldError { pointer: join("/fields", name), code: "range".to_owned(), message })
    }

    /// Defaults that their own schema refuses, as pointer and message.
    pub fn bad_defaults(&self) -> Vec<(String, String)> {
        let mut found = Vec::new();
        for (name, field) in &self.fields {
            let Some(default) = &field.default else { continue };
            let only: Map<String, Value> = [(name.clone(), default.clone())].into_iter().collect();
            if let Some(error) = self.errors(&only).first() {
                found.push((join(&join("/properties", name), "default"), error.message.clone()));
            }
        }
        found
    }
}

fn own_field(schema: &Value) -> OwnField {
    let text = |key: &str| schema.get(key).and_then(Value::as_str);
    let kind = match (text("type"), text("format")) {
        _ if schema.get("x-ref").is_some() => FieldType::Ref,
        (_, Some("instant")) => FieldType::Instant,
        (Some("integer" | "number"), _) => FieldType::Number,
        (Some("boolean"), _) => FieldType::Bool,
        (Some("array"), _) => FieldType::TextList,
        _ => FieldType::Text,
    };
    let choices = schema.get("enum").or_else(|| schema.get("items").and_then(|items| items.get("enum")));
    let values = choices.and_then(Value::as_array).into_iter().flatten();
    OwnField {
        kind,
        values: values.filter_map(|value| value.as_str().map(str::to_owned)).collect(),
        default: schema.get("default").cloned(),
        schema: schema.clone(),
    }
}

fn field_error(error: &jsonschema::ValidationError<'_>) -> FieldError {
    let code = match error.kind().keyword() {
        "type" => "type",
        "enum" | "const" => "enum",
        "minimum" | "exclusiveMinimum" => "minimum",
        "maximum" | "exclusiveMaximum" => "maximum",
        "minLength" => "min_length",
        "maxLength" => "max_length",
        "pattern" => "pattern",
        "format" => "format",
        "additionalProperties" | "unevaluatedProperties" => "unknown_field",
        _ => "invalid",
    };
    FieldError { pointer: format!("/fields{}", error.instance_path()), code: code.to_owned(), message: error.to_string() }
}
