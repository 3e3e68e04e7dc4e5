//! Every message exists in every language, is sent on some occasion, and names only what it is given.

use serde_json::{Map, Value, json};

use super::Check;
use crate::message::TEMPLATE_NAMES;
use crate::process::NOTIFY;
use crate::standard_field::{STANDARD_FIELDS, Writer};
use crate::text::LANGUAGES;
use crate::{Defect, Pack};

/// Names below `record` beside its fields.
const OF_RECORD: [&str; 3] = ["number", "state", "phase"];

pub(super) fn check(check: &mut Check<'_>) {
    let pack = check.pack;
    let context = sample(pack);
    for key in pack.messages() {
        for lang in LANGUAGES {
            let file = format!("messages/{key}.{lang}.md");
            if !pack.messages.has(key, lang) {
                let message = format!("message '{key}' is missing in {lang}");
                check.defects.push(Defect::new(&file, "missing_message", message, "write it"));
                continue;
            }
            names(check, pack, key, lang);
            if let Err(error) = pack.render(lang, key, &context) {
                check.defects.push(Defect::new(&file, "template", error.to_string(), "mend the template"));
            }
        }
        if !is_sent(pack, key) {
            let mend = "name it under notify in pack.yaml or in a send task, or take it out";
            let file = format!("messages/{key}.{}.md", LANGUAGES[0]);
            check.defects.push(Defect::new(&file, "unused_message", format!("nothing sends '{key}'"), mend));
        }
    }
}

fn names(check: &mut Check<'_>, pack: &Pack, key: &str, lang: &str) {
    for name in pack.messages.names(key, lang) {
        let known = match name.split_once('.') {
            Some(("record", field)) => {
                OF_RECORD.contains(&field) || pack.field_type(field).is_some_and(|_| !matches!(field, "now" | "outcome" | "accepted"))
            }
            Some(_) => false,
            None => TEMPLATE_NAMES.contains(&name.as_str()),
        };
        if !known {
            let text = check.sources.messages.get(&(key.to_owned(), lang.to_owned()));
            // Templates do not keep the places of names; the first line that has it is where to begin.
            let line = text.and_then(|text| text.lines().position(|line| line.contains(&name)));
            let line = line.and_then(|line| u32::try_from(line + 1).ok());
            let file = format!("messages/{key}.{lang}.md");
            let message = format!("'{name}' is nothing a message is given");
            let mend = format!("use {} or record.<field>", TEMPLATE_NAMES.join(", "));
            check.defects.push(Defect::new(&file, "unknown_name", message, mend).at(line));
        }
    }
}

fn is_sent(pack: &Pack, key: &str) -> bool {
    let by_flow = pack
        .flow()
        .elements()
        .any(|element| element.topic.as_deref() == Some(NOTIFY) && element.properties.get("message").is_some_and(|name| name == key));
    by_flow || pack.manifest().notify.values().flatten().any(|notice| notice.message == key)
}

/// A context in which everything has a value.
fn sample(pack: &Pack) -> Map<String, Value> {
    let standard = STANDARD_FIELDS.iter().filter(|field| field.writer != Writer::Scope).map(|field| field.name);
    let own = pack.own_fields().keys().map(String::as_str);
    let record: Map<String, Value> = standard.chain(own).chain(OF_RECORD).map(|name| (name.to_owned(), "value".into())).collect();
    let mut context: Map<String, Value> = TEMPLATE_NAMES.iter().map(|name| ((*name).to_owned(), "value".into())).collect();
    context.insert("record".to_owned(), json!(record));
    context
}
