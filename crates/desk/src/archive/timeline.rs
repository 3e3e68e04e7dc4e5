//! The journal as people read it: Markdown, in one language, oldest entry first.

use std::fmt::Write;

use pack::CheckState;
use serde_json::Value;
use store::journal::Entry;

use super::dossier::Dossier;
use crate::kit::checklist;
use crate::record::names::{self, SILENT};
use crate::record::{Content, told};

/// What happened, by event: event, zh, en. What has another word in its content is not here.
const EVENTS: &[(&str, &str, &str)] = &[
    ("opened", "登记", "logged"),
    ("accepted", "受理", "accepted"),
    ("assigned", "转派", "assigned"),
    ("held", "挂起", "put on hold"),
    ("resumed", "恢复处理", "resumed"),
    ("cancelled", "取消", "cancelled"),
    ("commented", "说明", "commented"),
    ("linked", "关联", "linked"),
    ("unlinked", "取消关联", "unlinked"),
    ("rated", "评价", "rated"),
    ("edited", "修改", "edited"),
    ("attached", "添加附件", "attached a file"),
    ("imported", "导入", "imported"),
    ("updated", "在来源系统中更新", "updated in the source"),
    ("timer_fired", "时限已到", "a time limit ran out"),
    ("checked", "勾选检查项", "went through a checklist"),
    ("legal_hold_set", "设置法律保全", "put under legal hold"),
    ("legal_hold_lifted", "解除法律保全", "legal hold lifted"),
];

/// Writes it.
pub fn write(dossier: &Dossier, lang: &str) -> String {
    let say = |zh: &'static str, en: &'static str| if lang == "en" { en } else { zh };
    let (row, pack) = (&dossier.row, &dossier.pinned.pack);
    let mut text = format!("# {} {}\n\n", row.number, one_line(&row.title));
    let state = pack.label(lang, &format!("state.{}", row.state));
    text.push_str(&format!("{}: {state}\n", names::field(pack, lang, "state")));
    for (field, value) in dossier.values.iter().filter(|(field, value)| dossier.pinned.shows(field, true) && is_told(field, value)) {
        let _ = writeln!(text, "- {}: {}", names::field(pack, lang, field), one_line(&dossier.value(lang, field, value)));
    }
    if !row.description.is_empty() {
        text.push('\n');
        quote(&mut text, &row.description);
    }
    let _ = write!(text, "\n{}\n", say("以下时间均为 UTC。", "All times are UTC."));
    for (number, (entry, content)) in dossier.journal.iter().enumerate() {
        let _ = write!(text, "\n## {}. {}\n\n", number + 1, heading(dossier, lang, entry, content.as_ref()));
        match content {
            Some(content) => body(&mut text, dossier, lang, entry, content),
            None => text.push_str(say("内容已依法清除。\n", "The content was lawfully erased.\n")),
        }
    }
    text
}

/// Whether a value stands in the list at the head: title and description have places of their own.
fn is_told(field: &str, value: &Value) -> bool {
    !matches!(field, "title" | "description" | "state") && !SILENT.contains(&field) && !value.is_null()
}

fn heading(dossier: &Dossier, lang: &str, entry: &Entry, content: Option<&Content>) -> String {
    let known = EVENTS.iter().find(|(event, ..)| *event == entry.event);
    let word = known.map(|(_, zh, en)| if lang == "en" { *en } else { *zh }.to_owned());
    let outcome = content.filter(|_| entry.event == "completed").and_then(|content| content.reason.as_deref());
    let word = outcome.map(|outcome| dossier.pinned.pack.label(lang, &format!("outcome.{outcome}"))).or(word);
    let word = word.unwrap_or_else(|| entry.event.clone());
    let system = if lang == "en" { "system" } else { "系统" };
    let who = entry.actor.map_or_else(|| system.to_owned(), |id| dossier.person(id));
    let inside = match (entry.visibility.as_str(), lang) {
        ("public", _) => "",
        (_, "en") => " · internal",
        _ => " · 内部",
    };
    format!("{} · {} · {}{inside}", instant(entry.occurred_at), one_line(&word), one_line(&who))
}

fn body(text: &mut String, dossier: &Dossier, lang: &str, entry: &Entry, content: &Content) {
    let pack = &dossier.pinned.pack;
    let say = |zh: &'static str, en: &'static str| if lang == "en" { en } else { zh };
    let change = |field: &str, old: &Value, new: &Value| {
        let value = |value| one_line(&dossier.value(lang, field, value));
        let (label, old, new) = (names::field(pack, lang, field), value(old), value(new));
        if old.is_empty() { format!("- {label}: {new}\n") } else { format!("- {label}: {old} → {new}\n") }
    };
    if let Some(moved) = &content.facts.state {
        text.push_str(&change("state", &moved.old.clone().into(), &moved.new.clone().into()));
    }
    let shown = |field: &str| !SILENT.contains(&field) && dossier.pinned.shows(field, true);
    for edit in content.facts.edits.iter().filter(|edit| shown(&edit.field)) {
        text.push_str(&change(&edit.field, &edit.old, &edit.new));
    }
    if let Some(reason) = content.reason.as_ref().filter(|_| entry.event != "completed") {
        let _ = writeln!(text, "- {}: {}", say("原因", "Reason"), names::reason(pack, lang, &entry.event, reason));
    }
    for check in &content.facts.checks {
        let state = match check.state {
            CheckState::Done => say("已完成", "done"),
            CheckState::NotApplicable => say("不适用", "does not apply"),
            CheckState::Open => say("未完成", "open"),
        };
        let note = check.note.as_deref().map(|note| format!(" ({})", one_line(note))).unwrap_or_default();
        let _ = writeln!(text, "- {}: {state}{note}", one_line(checklist::words(&check.text, lang)));
    }
    if let Some(link) = &content.link {
        let _ = writeln!(text, "- {}: {} ({})", say("关联", "Link"), link.number, link.kind);
    }
    if let Some(file) = &content.attachment {
        let path = dossier.path_of(file.id).unwrap_or_else(|| file.name.clone());
        let _ = writeln!(text, "- {}: {path}", say("附件", "File"));
    }
    for decision in told::decisions(&dossier.pinned, content, true) {
        let values: Vec<String> = decision
            .outputs
            .iter()
            .map(|output| format!("{} = {}", names::field(pack, lang, output.field), dossier.value(lang, output.field, output.value)))
            .collect();
        let table = pack.label(lang, &format!("decision.{}", decision.decision));
        let _ = writeln!(text, "- {}: {table}: {}", say("规则判定", "Decided by rules"), one_line(&values.join(", ")));
    }
    if let Some(words) = &content.body {
        text.push('\n');
        quote(text, words);
    }
}

/// A text as a quotation, so that nothing in it is taken for a heading.
fn quote(text: &mut String, words: &str) {
    for line in words.lines() {
        let _ = writeln!(text, "> {line}");
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn instant(at: i64) -> String {
    chrono::DateTime::from_timestamp_millis(at).map_or_else(|| at.to_string(), |at| at.format("%Y-%m-%d %H:%M:%S").to_string())
}
