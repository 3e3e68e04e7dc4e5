//! Every message that is sent exists and goes to somebody known.

use super::Check;
use crate::manifest::RECIPIENTS;
use crate::process::NOTIFY;
use crate::source::join;

pub(super) fn check(check: &mut Check<'_>) {
    let pack = check.pack;
    for (occasion, notices) in &pack.manifest().notify {
        for (index, notice) in notices.iter().enumerate() {
            if !pack.messages().any(|key| key == notice.message) {
                let pointer = format!("{}/{index}/message", join("/notify", occasion));
                let message = format!("there is no message '{}'", notice.message);
                check.manifest(&pointer, "unknown_message", message, "add it to messages/, in every language");
            }
        }
    }
    for element in pack.flow().elements().filter(|element| element.topic.as_deref() == Some(NOTIFY)) {
        let property = |name: &str| element.properties.get(name).map(String::as_str).unwrap_or_default();
        let (message, to) = (property("message"), property("to"));
        if !pack.messages().any(|key| key == message) {
            let text = format!("{}: there is no message '{message}'", element.id);
            check.drawing(element.line, "unknown_message", text, "give it the property message, with a key of messages/");
        }
        if !RECIPIENTS.contains(&to) {
            let text = format!("{}: nobody is called '{to}'", element.id);
            let mend = format!("give it the property to: {}", RECIPIENTS.join(", "));
            check.drawing(element.line, "unknown_recipient", text, mend);
        }
    }
}
