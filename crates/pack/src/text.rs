//! `i18n/*.yaml` and `help/*.md`: what people read.

use std::collections::BTreeMap;

use serde_json::Value;

/// The languages every text must exist in.
pub const LANGUAGES: [&str; 2] = ["zh", "en"];

/// The language drawings are labelled in; names of elements and edges are its texts.
pub const DRAWN_IN: &str = "zh";

/// Texts of one language by dotted key.
pub(crate) type Texts = BTreeMap<String, String>;

/// Flattens nested texts to dotted keys.
pub(crate) fn flatten(value: &Value) -> Texts {
    let mut texts = Texts::new();
    walk(value, String::new(), &mut texts);
    texts
}

fn walk(value: &Value, key: String, texts: &mut Texts) {
    match value {
        Value::Object(map) => {
            for (name, below) in map {
                walk(below, if key.is_empty() { name.clone() } else { format!("{key}.{name}") }, texts);
            }
        }
        Value::String(text) => {
            texts.insert(key, text.clone());
        }
        _ => {}
    }
}

/// The sections of a help page by the anchor of their heading: `## Classify {#classify}`.
pub(crate) fn sections(markdown: &str) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut current: Option<(String, String)> = None;
    for line in markdown.lines() {
        if line.starts_with('#') {
            found.extend(current.take());
            current = anchor(line).map(|anchor| (anchor, String::new()));
        } else if let Some((_, text)) = &mut current {
            text.push_str(line);
            text.push('\n');
        }
    }
    found.extend(current);
    found.into_iter().map(|(anchor, text): (String, String)| (anchor, text.trim().to_owned())).collect()
}

fn anchor(heading: &str) -> Option<String> {
    let (_, rest) = heading.rsplit_once("{#")?;
    Some(rest.strip_suffix('}')?.to_owned())
}
