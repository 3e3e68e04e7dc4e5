//! Placeholders in texts: `{{record.number}}` and the like. Pure: values come from whoever calls.

use serde_json::Value;

/// What a placeholder can stand for, with its name in Chinese and English.
pub const KNOWN: [(&str, &str, &str); 8] = [
    ("record.number", "单号", "number"),
    ("record.title", "标题", "title"),
    ("requester.name", "申报人", "requester"),
    ("service.name", "服务", "service"),
    ("site.name", "办公区域", "site"),
    ("team.name", "支持组", "team"),
    ("assignee.name", "处理人", "assignee"),
    ("me.name", "本人姓名", "your name"),
];
/// What stands before the name of one of the type's own fields.
pub const FIELD: &str = "field.";

/// A part of a text.
#[derive(Debug, PartialEq, Eq)]
enum Part<'a> {
    Words(&'a str),
    Place(&'a str),
}

/// The parts of a text. What is opened and not closed is words.
fn parts(text: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some((words, (name, after))) = rest.split_once("{{").and_then(|(words, open)| Some((words, open.split_once("}}")?))) {
        parts.push(Part::Words(words));
        parts.push(Part::Place(name.trim()));
        rest = after;
    }
    parts.push(Part::Words(rest));
    parts
}

/// The placeholders of a text that mean nothing; `has_field` says which own fields there are.
pub fn unknown(text: &str, has_field: impl Fn(&str) -> bool) -> Vec<String> {
    let known = |name: &str| {
        let field = name.strip_prefix(FIELD);
        KNOWN.iter().any(|(known, ..)| *known == name) || field.is_some_and(&has_field)
    };
    let mut wrong: Vec<String> = Vec::new();
    for part in parts(text) {
        match part {
            Part::Place(name) if !known(name) => wrong.push(name.to_owned()),
            Part::Words(words) if words.contains("{{") => {
                wrong.push(words.split("{{").nth(1).unwrap_or_default().chars().take(30).collect())
            }
            _ => {}
        }
    }
    wrong
}

/// A text with every placeholder filled, and the names of those for which there was no value: they stay to be seen, so that nobody
/// sends a hole.
pub fn fill(text: &str, value: &dyn Fn(&str) -> Option<String>, name: &dyn Fn(&str) -> String) -> (String, Vec<String>) {
    let (mut filled, mut gaps) = (String::with_capacity(text.len()), Vec::new());
    for part in parts(text) {
        match part {
            Part::Words(words) => filled.push_str(words),
            Part::Place(place) => match value(place).filter(|value| !value.trim().is_empty()) {
                Some(value) => filled.push_str(&value),
                None => {
                    let name = name(place);
                    filled.push_str(&format!("〔{name}〕"));
                    gaps.push(name);
                }
            },
        }
    }
    (filled, gaps)
}

/// The same for every text within a value.
pub fn fill_value(value: &Value, of: &dyn Fn(&str) -> Option<String>, name: &dyn Fn(&str) -> String) -> (Value, Vec<String>) {
    match value {
        Value::String(text) => {
            let (text, gaps) = fill(text, of, name);
            (Value::from(text), gaps)
        }
        Value::Array(items) => {
            let (items, gaps): (Vec<Value>, Vec<Vec<String>>) = items.iter().map(|item| fill_value(item, of, name)).unzip();
            (Value::from(items), gaps.concat())
        }
        Value::Object(fields) => {
            let mut gaps = Vec::new();
            let one = |(key, item): (&String, &Value)| {
                let (item, more) = fill_value(item, of, name);
                gaps.extend(more);
                (key.clone(), item)
            };
            (Value::Object(fields.iter().map(one).collect()), gaps)
        }
        other => (other.clone(), Vec::new()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn value(name: &str) -> Option<String> {
        match name {
            "record.number" => Some("N-1".to_owned()),
            "record.title" => Some("{{me.name}}".to_owned()),
            "service.name" => Some(" ".to_owned()),
            _ => None,
        }
    }

    #[test]
    fn values_are_filled_once_and_gaps_stay_to_be_seen() {
        let (text, gaps) = fill("{{record.number}}: {{ record.title }} / {{service.name}}{{field.x}}", &value, &str::to_uppercase);
        assert_eq!(text, "N-1: {{me.name}} / 〔SERVICE.NAME〕〔FIELD.X〕");
        assert_eq!(gaps, ["SERVICE.NAME", "FIELD.X"]);
        assert_eq!(fill("no {{ end", &value, &str::to_owned), ("no {{ end".to_owned(), Vec::new()));
    }

    #[test]
    fn texts_are_filled_wherever_they_stand() {
        let (filled, gaps) = fill_value(&json!({"a": ["{{record.number}}", 3], "b": "{{me.name}}"}), &value, &str::to_owned);
        assert_eq!(filled, json!({"a": ["N-1", 3], "b": "〔me.name〕"}));
        assert_eq!(gaps, ["me.name"]);
    }

    #[test]
    fn what_means_nothing_is_found() {
        let has = |field: &str| field == "contact";
        assert_eq!(unknown("{{record.number}} {{field.contact}} {{me.name}}", has), Vec::<String>::new());
        assert_eq!(unknown("{{record.colour}} {{field.colour}} {{ }} {{me.name", has), ["record.colour", "field.colour", "", "me.name"]);
    }
}
