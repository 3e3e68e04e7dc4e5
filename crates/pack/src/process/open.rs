//! Opens a record.

use flow::Stimulus;
use serde_json::{Map, Value};

use super::Refusal;
use super::edit::keep_rating;
use super::work::Work;

pub(super) fn open(work: &mut Work<'_>, values: &Map<String, Value>) -> Result<(), Refusal> {
    let pack = work.pack;
    for (field, rule) in &pack.manifest.fields {
        if let Some(default) = &rule.default {
            work.set(field, default.clone());
        }
    }
    for (field, own) in &pack.form.fields {
        if let Some(default) = &own.default {
            work.set(field, default.clone());
        }
    }
    work.set("opened_at", work.now.into());
    work.set("reassign_count", 0.into());
    work.set("reopen_count", 0.into());
    // A null here means "nothing said", not "take the default away".
    let said: Map<String, Value> =
        values.iter().filter(|(_, value)| !value.is_null()).map(|(field, value)| (field.clone(), value.clone())).collect();
    work.take_given(&said, None);
    work.check_given();
    keep_rating(work);
    work.require(&["title"]);
    work.check()?;
    work.enter_state(&pack.manifest.initial_state);
    work.advance(&Stimulus::Start)
}
