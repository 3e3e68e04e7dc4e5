//! The JSON Schemas of each kind of file, from `packs/_schema`, and what they say as defects.

use std::sync::LazyLock;

use jsonschema::{ValidationError, Validator};
use serde_json::Value;

use crate::Defect;
use crate::source::{Source, join};

/// The kinds of structured file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Manifest,
    Form,
    FormUi,
    Decision,
    Categories,
    Texts,
    Message,
    Cases,
    Approvals,
}

/// Schema texts in the order of [`Kind`].
const TEXTS: [&str; 9] = [
    include_str!("../../../packs/_schema/pack.schema.json"),
    include_str!("../../../packs/_schema/form.schema.json"),
    include_str!("../../../packs/_schema/form-ui.schema.json"),
    include_str!("../../../packs/_schema/decision.schema.json"),
    include_str!("../../../packs/_schema/categories.schema.json"),
    include_str!("../../../packs/_schema/i18n.schema.json"),
    include_str!("../../../packs/_schema/message.schema.json"),
    include_str!("../../../packs/_schema/cases.schema.json"),
    include_str!("../../../packs/_schema/approvals.schema.json"),
];

/// Compiled once a process; a test holds that every one compiles.
static COMPILED: LazyLock<Vec<Option<Validator>>> = LazyLock::new(|| {
    let compile = |text: &&str| {
        let schema: Value = serde_json::from_str(text).ok()?;
        jsonschema::draft202012::new(&schema).ok()
    };
    TEXTS.iter().map(compile).collect()
});

/// Most defects told of one file: the tenth typo says no more than the fifth.
const MOST: usize = 50;

/// What is wrong with the shape of a file.
pub(crate) fn defects(kind: Kind, source: &Source) -> Vec<Defect> {
    let Some(Some(validator)) = COMPILED.get(kind as usize) else {
        return vec![Defect::new(&source.file, "schema", "the schema of this kind of file is broken", "report it")];
    };
    validator.iter_errors(&source.value).take(MOST).map(|error| defect(source, &error)).collect()
}

fn defect(source: &Source, error: &ValidationError<'_>) -> Defect {
    use jsonschema::error::ValidationErrorKind as K;
    let at = error.instance_path().to_string();
    match error.kind() {
        K::AdditionalProperties { unexpected } | K::UnevaluatedProperties { unexpected } => {
            let name = unexpected.first().map_or("", String::as_str);
            let mend = "take it out or mend its spelling; packs/_schema lists what may stand here";
            source.defect(&join(&at, name), "unknown_key", format!("'{name}' is not known here"), mend)
        }
        K::Required { property } => {
            let message = format!("{property} is missing");
            source.defect(&at, "missing_key", message, "add it; packs/_schema says what it is")
        }
        K::PropertyNames { error: inner } => {
            let name = inner.instance().as_str().unwrap_or_default().to_owned();
            source.defect(&join(&at, &name), "bad_key", inner.to_string(), "write the key as the message says")
        }
        K::Type { .. } => source.defect(&at, "wrong_type", error.to_string(), "write a value of that type"),
        K::Enum { .. } | K::Constant { .. } => source.defect(&at, "wrong_value", error.to_string(), "take one of the values listed"),
        _ => source.defect(&at, "wrong_shape", error.to_string(), "write it as packs/_schema says"),
    }
}

#[cfg(test)]
mod tests;
