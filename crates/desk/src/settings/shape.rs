//! The shape of a setting's value: what is checked when it is written, and what a page draws a field from.

use serde_json::{Map, Value, json};

use crate::FieldError;

/// What a value may be.
#[derive(Clone, Copy, Debug)]
pub enum Shape {
    /// Yes or no.
    Flag,
    /// A whole number within bounds.
    Number {
        /// Smallest.
        least: i64,
        /// Largest.
        most: i64,
    },
    /// A text.
    Text {
        /// Most characters.
        most: usize,
    },
    /// One of these words.
    Choice(&'static [&'static str]),
    /// One of the words that hold at the moment.
    ChoiceOf(fn() -> Vec<String>),
    /// Two times of a day, `["09:00", "18:00"]`; the second may be `24:00`.
    Span,
    /// Several of the same.
    List {
        /// What they are.
        of: &'static Shape,
        /// How many at most.
        most: usize,
    },
    /// Named parts.
    Parts(&'static [Part]),
    /// A text that stands in texts of packs, templates among them: without the signs that mean something there.
    Word {
        /// Most characters.
        most: usize,
    },
    /// A text that is sealed when it is set and never shown again. What is kept of it here is `{"sealed": "<HMAC>"}`.
    Secret {
        /// Most characters.
        most: usize,
    },
    /// Parts of one shape under names that hold at the moment.
    Under {
        /// The names.
        names: fn() -> Vec<String>,
        /// What each is.
        of: &'static Shape,
    },
}

/// A named part of a value.
#[derive(Clone, Copy, Debug)]
pub struct Part {
    /// Its name.
    pub name: &'static str,
    /// What it may be.
    pub shape: Shape,
    /// Whether it must be there.
    pub needed: bool,
}

/// A part that may be left out.
pub const fn part(name: &'static str, shape: Shape) -> Part {
    Part { name, shape, needed: false }
}

/// A part that must be there.
pub const fn needed(name: &'static str, shape: Shape) -> Part {
    Part { name, shape, needed: true }
}

impl Shape {
    /// Names everything in a value that does not fit.
    pub fn check(&self, value: &Value, pointer: &str, errors: &mut Vec<FieldError>) {
        let mut wrong = |code: &str, message: String| errors.push(FieldError::new(pointer, code, message));
        match self {
            Self::Flag if !value.is_boolean() => wrong("type", "write true or false".to_owned()),
            Self::Flag => {}
            Self::Number { least, most } => match value.as_i64() {
                None => wrong("type", "write a whole number".to_owned()),
                Some(number) if !(*least..=*most).contains(&number) => wrong("range", format!("write {least} to {most}")),
                Some(_) => {}
            },
            Self::Word { .. } if value.as_str().is_some_and(|text| !is_plain(text)) => {
                wrong("format", format!("leave out {}: they mean something in messages", SIGNS.map(String::from).join(" ")));
            }
            Self::Text { most } | Self::Word { most } => match value.as_str() {
                None => wrong("type", "write a text".to_owned()),
                Some(text) if text.chars().count() > *most => wrong("too_long", format!("write at most {most} characters")),
                Some(text) if text.chars().any(char::is_control) => wrong("format", "write one line".to_owned()),
                Some(_) => {}
            },
            Self::Secret { .. } if value.get("sealed").is_none_or(|it| !it.is_string()) => {
                wrong("type", "write the text itself: it is sealed before it is kept".to_owned());
            }
            Self::Secret { .. } => {}
            Self::Choice(words) => one_of(value, words, &mut wrong),
            Self::ChoiceOf(words) => one_of(value, &words().iter().map(String::as_str).collect::<Vec<_>>(), &mut wrong),
            Self::Span if span(value).is_none() => {
                wrong("format", "write two times of a day, the earlier one first: [\"09:00\", \"18:00\"]".to_owned());
            }
            Self::Span => {}
            Self::List { of, most } => list(value, pointer, of, *most, errors),
            Self::Parts(parts) => {
                named(value, pointer, &|name| parts.iter().find(|part| part.name == name).map(|part| part.shape), errors, parts)
            }
            Self::Under { names, of } => {
                let known = names();
                named(value, pointer, &|name| known.iter().any(|it| it == name).then_some(**of), errors, &[]);
            }
        }
    }

    /// The same for a page, as a JSON Schema.
    pub fn schema(&self) -> Value {
        match self {
            Self::Flag => json!({ "type": "boolean" }),
            Self::Number { least, most } => json!({ "type": "integer", "minimum": least, "maximum": most }),
            Self::Text { most } | Self::Word { most } => json!({ "type": "string", "maxLength": most }),
            Self::Secret { most } => json!({ "type": "string", "maxLength": most, "format": "password", "writeOnly": true }),
            Self::Choice(words) => json!({ "type": "string", "enum": words }),
            Self::ChoiceOf(words) => json!({ "type": "string", "enum": words() }),
            Self::Span => json!({ "type": "array", "x-widget": "span", "items": { "type": "string" }, "minItems": 2, "maxItems": 2 }),
            Self::List { of, most } => json!({ "type": "array", "items": of.schema(), "maxItems": most }),
            Self::Parts(parts) => {
                let properties: Map<String, Value> = parts.iter().map(|part| (part.name.to_owned(), part.shape.schema())).collect();
                let required: Vec<&str> = parts.iter().filter(|part| part.needed).map(|part| part.name).collect();
                json!({ "type": "object", "properties": properties, "required": required })
            }
            Self::Under { names, of } => {
                let properties: Map<String, Value> = names().into_iter().map(|name| (name, of.schema())).collect();
                json!({ "type": "object", "properties": properties })
            }
        }
    }
}

/// Signs of templates and of markup.
const SIGNS: [char; 7] = ['{', '}', '[', ']', '|', '<', '>'];

/// Whether a word is the same in every text that it comes to stand in.
pub(super) fn is_plain(word: &str) -> bool {
    !word.contains(SIGNS)
}

/// Takes out parts that are null: they are left out, and who reads a setting knows no null.
pub(super) fn tidy(value: &mut Value) {
    match value {
        Value::Object(parts) => {
            parts.retain(|_, part| !part.is_null());
            parts.values_mut().for_each(tidy);
        }
        Value::Array(items) => items.iter_mut().for_each(tidy),
        _ => {}
    }
}

fn one_of(value: &Value, words: &[&str], wrong: &mut dyn FnMut(&str, String)) {
    if value.as_str().is_none_or(|word| !words.contains(&word)) {
        wrong("enum", format!("write one of {}", words.join(", ")));
    }
}

fn list(value: &Value, pointer: &str, of: &Shape, most: usize, errors: &mut Vec<FieldError>) {
    let Some(items) = value.as_array() else { return errors.push(FieldError::new(pointer, "type", "write a list")) };
    if items.len() > most {
        errors.push(FieldError::new(pointer, "too_many", format!("write at most {most}")));
    }
    for (n, item) in items.iter().take(most).enumerate() {
        of.check(item, &format!("{pointer}/{n}"), errors);
    }
}

/// Checks the parts of an object; one that is null is one that is left out.
fn named(value: &Value, pointer: &str, of: &dyn Fn(&str) -> Option<Shape>, errors: &mut Vec<FieldError>, parts: &[Part]) {
    let Some(object) = value.as_object() else { return errors.push(FieldError::new(pointer, "type", "write an object")) };
    for (name, value) in object {
        let at = format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1"));
        match of(name) {
            None if parts.is_empty() => errors.push(FieldError::new(at, "unknown_field", format!("there is no '{name}' here"))),
            None => {
                let known: Vec<&str> = parts.iter().map(|part| part.name).collect();
                errors.push(FieldError::new(at, "unknown_field", format!("there is no '{name}' here; there are {}", known.join(", "))));
            }
            Some(_) if value.is_null() => {}
            Some(shape) => shape.check(value, &at, errors),
        }
    }
    for part in parts.iter().filter(|part| part.needed) {
        let given = object.get(part.name).is_some_and(|value| !value.is_null() && value.as_str() != Some(""));
        if !given {
            errors.push(FieldError::new(format!("{pointer}/{}", part.name), "required", "this must be given"));
        }
    }
}

/// The minutes of the day that a span begins and ends at.
pub fn span(value: &Value) -> Option<(u32, u32)> {
    let [from, to] = value.as_array()?.as_slice() else { return None };
    let (from, to) = (minutes(from.as_str()?)?, minutes(to.as_str()?)?);
    (from < to).then_some((from, to))
}

fn minutes(text: &str) -> Option<u32> {
    let (hours, rest) = text.split_once(':').filter(|(hours, rest)| hours.len() == 2 && rest.len() == 2)?;
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse::<u32>().ok()).flatten();
    let (hours, rest) = (digits(hours)?, digits(rest)?);
    let all = hours * 60 + rest;
    (rest < 60 && all <= 24 * 60).then_some(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong(shape: &Shape, value: Value) -> Vec<(String, String)> {
        let mut errors = Vec::new();
        shape.check(&value, "/value", &mut errors);
        errors.into_iter().map(|error| (error.pointer, error.code)).collect()
    }

    #[test]
    fn what_does_not_fit_is_named_with_its_place() {
        const SHAPE: Shape =
            Shape::Parts(&[needed("port", Shape::Number { least: 1, most: 9 }), part("days", Shape::List { of: &Shape::Span, most: 2 })]);
        let at = |pointer: &str, code: &str| (pointer.to_owned(), code.to_owned());
        assert_eq!(wrong(&SHAPE, json!({ "port": 1, "days": [["09:00", "24:00"]] })), []);
        assert_eq!(wrong(&SHAPE, json!({ "port": 0 })), [at("/value/port", "range")]);
        assert_eq!(wrong(&SHAPE, json!({ "days": null })), [at("/value/port", "required")]);
        assert_eq!(wrong(&SHAPE, json!({ "port": 1, "x": 1 })), [at("/value/x", "unknown_field")]);
        assert_eq!(wrong(&SHAPE, json!({ "port": 1, "days": [["18:00", "09:00"]] })), [at("/value/days/0", "format")]);
        assert_eq!(wrong(&SHAPE, json!([])), [at("/value", "type")]);
    }

    #[test]
    fn times_of_a_day_are_read_strictly() {
        for bad in ["9:00", "09:60", "24:01", "+9:00", "09-00", ""] {
            assert_eq!(minutes(bad), None, "{bad}");
        }
        assert_eq!((minutes("00:00"), minutes("24:00")), (Some(0), Some(1440)));
    }
}
