//! Reading a JSON body, with every fault named by its place.

use axum::http::StatusCode;
use desk::{DeskError, FieldError};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::problem::Problem;

/// Reads a body. What is no JSON is malformed (400); what is JSON of another shape is invalid (422) and says where.
pub fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    refuse_zero_bytes(bytes)?;
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| fault(&error))?;
    reader.end().map_err(|error| Problem::malformed(format!("the body cannot be read: {error}")))?;
    Ok(value)
}

/// PostgreSQL cannot store the sign U+0000; what one database cannot hold, none takes.
fn refuse_zero_bytes(bytes: &[u8]) -> Result<(), Problem> {
    if !bytes.windows(6).any(|six| six == br"\u0000") {
        return Ok(());
    }
    let Ok(value) = serde_json::from_slice::<Value>(bytes) else { return Ok(()) };
    match zero_byte(&value, String::new()) {
        None => Ok(()),
        Some(pointer) => Err(DeskError::field(pointer, "format", "a text cannot hold the sign U+0000: take it out").into()),
    }
}

/// Where a text or a name holds a zero byte.
fn zero_byte(value: &Value, at: String) -> Option<String> {
    match value {
        Value::String(text) => text.contains('\0').then_some(at),
        Value::Array(items) => items.iter().enumerate().find_map(|(n, item)| zero_byte(item, format!("{at}/{n}"))),
        Value::Object(fields) => fields
            .iter()
            .find_map(|(name, value)| if name.contains('\0') { Some(at.clone()) } else { zero_byte(value, format!("{at}/{name}")) }),
        _ => None,
    }
}

fn fault(error: &serde_path_to_error::Error<serde_json::Error>) -> Problem {
    let inner = error.inner();
    if !inner.is_data() {
        return Problem::malformed(format!("the body cannot be read: {inner}"));
    }
    let words = inner.to_string();
    let mut pointer: String = error.path().iter().map(segment).collect();
    // serde tells the name of a missing or unknown field in words only, between backticks.
    let named = |start: &str| words.strip_prefix(start).and_then(|rest| rest.split('`').next());
    let (code, name) = if let Some(name) = named("missing field `") {
        ("required", Some(name))
    } else {
        let code = match () {
            () if words.starts_with("unknown field `") => "unknown_field",
            () if words.starts_with("unknown variant `") => "enum",
            () => "type",
        };
        (code, named("unknown field `"))
    };
    if let Some(name) = name
        && !pointer.ends_with(&format!("/{name}"))
    {
        pointer = format!("{pointer}/{name}");
    }
    let mut problem = Problem::from(DeskError::Invalid(vec![FieldError::new(pointer, code, words.clone())]));
    problem.detail = format!("the body cannot be used: {words}");
    debug_assert_eq!(problem.status, StatusCode::UNPROCESSABLE_ENTITY.as_u16());
    problem
}

fn segment(segment: &serde_path_to_error::Segment) -> String {
    use serde_path_to_error::Segment;
    match segment {
        Segment::Seq { index } => format!("/{index}"),
        Segment::Map { key } => format!("/{key}"),
        Segment::Enum { variant } => format!("/{variant}"),
        Segment::Unknown => String::new(),
    }
}
