//! Values that come with commands: who may write them, what they must look like.

use decide::FieldType;
use serde_json::{Map, Value};

use super::work::Work;
use crate::standard_field::standard_field;

impl Work<'_> {
    /// Takes over values given by people. `offered` names the fields that may be given; none stands for every editable
    /// field.
    pub fn take_given(&mut self, values: &Map<String, Value>, offered: Option<&[&str]>) {
        for (field, value) in values {
            if let Some((code, message)) = self.unwritable(field, offered) {
                self.refuse(field, code, message);
                continue;
            }
            let value = normalised(value);
            let kept = self.value(field) == &value;
            if !kept && self.pack.is_derived(field) {
                self.by_hand.insert(field.clone());
            }
            self.given.insert(field.clone());
            self.set(field, value);
        }
    }

    fn unwritable(&self, field: &str, offered: Option<&[&str]>) -> Option<(&'static str, String)> {
        if self.pack.field_type(field).is_none() {
            return Some(("unknown_field", format!("there is no field '{field}'")));
        }
        match offered {
            Some(offered) if offered.contains(&field) => None,
            Some(_) => Some(("not_offered", format!("'{field}' is not asked for here"))),
            None if self.pack.is_editable(field) => None,
            None => Some(("read_only", format!("'{field}' is not written by people here"))),
        }
    }

    /// Checks what has been given before tables and conditions read it.
    pub fn check_given(&mut self) {
        let given: Vec<String> = self.given.iter().cloned().collect();
        self.check_fields(given.iter().map(String::as_str));
    }

    /// Refuses each of these fields that has no value.
    pub fn require(&mut self, fields: &[&str]) {
        for field in fields {
            if is_empty(self.value(field)) {
                self.refuse(field, "required", format!("'{field}' is needed"));
            }
        }
    }

    /// Checks values: own fields against the form, standard ones against what the type says about them.
    pub fn check_fields<'f>(&mut self, fields: impl Iterator<Item = &'f str>) {
        let mut has_own = false;
        for field in fields {
            has_own |= standard_field(field).is_none();
            if let Some((code, message)) = self.wrong_standard(field, self.value(field)) {
                self.refuse(field, code, message);
            }
        }
        if has_own {
            for error in self.pack.form.errors(&self.scope) {
                if !self.errors.contains(&error) {
                    self.errors.push(error);
                }
            }
        }
    }

    fn wrong_standard(&self, field: &str, value: &Value) -> Option<(&'static str, String)> {
        let kind = standard_field(field)?;
        let text = match (kind.kind, value) {
            (_, Value::Null) => return None,
            (FieldType::Number | FieldType::Instant, Value::Number(number)) if number.is_i64() => return None,
            (FieldType::Bool, Value::Bool(_)) => return None,
            (FieldType::Text | FieldType::Ref, Value::String(text)) => text,
            _ => return Some(("type", format!("{value} is not what '{field}' holds"))),
        };
        if text.chars().count() > kind.longest {
            return Some(("max_length", format!("'{field}' has at most {} characters", kind.longest)));
        }
        let values = self.pack.choices(field);
        let known = values.is_empty() || values.contains(&text.as_str());
        (!known).then(|| ("enum", format!("'{text}' is none of {}", values.join(", "))))
    }
}

/// An empty text is no value.
fn normalised(value: &Value) -> Value {
    match value {
        Value::String(text) if text.trim().is_empty() => Value::Null,
        other => other.clone(),
    }
}

/// Null, an empty text or an empty list.
pub(crate) fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(items) => items.is_empty(),
        _ => false,
    }
}
