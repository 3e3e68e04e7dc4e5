//! Names of fields and values, as people read them in one language.

use pack::{Pack, Target, standard_field};
use serde_json::Value;
use uuid::Uuid;

use super::{actions, references};
use crate::Env;

/// Values that are told apart by the process but say nothing to people.
pub const SILENT: &[&str] =
    &["opened_at", "responded_at", "resolved_at", "closed_at", "reporter", "customer", "reassign_count", "reopen_count"];

/// Whether a field holds a person.
pub fn is_person(field: &str) -> bool {
    standard_field(field).is_some_and(|field| field.target == Some(Target::User))
}

/// The name of a field.
pub fn field(pack: &Pack, lang: &str, field: &str) -> String {
    let (zh, en) = match (pack.text(lang, &format!("field.{field}")), field) {
        (Some(text), _) => return text.to_owned(),
        (None, "state") => ("状态", "State"),
        (None, "phase") => ("阶段", "Phase"),
        (None, "outcome") => ("处理结果", "Outcome"),
        (None, other) => (other, other),
    };
    if lang == "en" { en } else { zh }.to_owned()
}

/// The name of a value; empty where there is none. `person` gives the name of a user.
pub fn value(env: &Env, pack: &Pack, lang: &str, field: &str, value: &Value, person: impl FnOnce(Uuid) -> String) -> String {
    let Some(text) = value.as_str() else { return if value.is_null() { String::new() } else { value.to_string() } };
    match standard_field(field).map_or_else(|| own_target(pack, field), |field| field.target) {
        Some(Target::Category) => return pack.category_label(lang, text),
        Some(Target::User) => return text.parse().map_or_else(|_| text.to_owned(), person),
        Some(target) => {
            let item = references::entry_kind(target).and_then(|kind| env.directory.by_key(kind, text));
            return item.map_or_else(|| text.to_owned(), |item| item.label(lang));
        }
        None => {}
    }
    match field {
        "state" | "outcome" if !text.is_empty() => pack.label(lang, &format!("{field}.{text}")),
        "phase" => phase(lang, text).to_owned(),
        "hold_reason" => pack.label(lang, &format!("reason.hold.{text}")),
        "cancel_reason" => pack.label(lang, &format!("reason.cancel.{text}")),
        coded if pack.choices(coded).contains(&text) => pack.label(lang, &format!("value.{coded}.{text}")),
        _ => text.to_owned(),
    }
}

/// What an own field of the type refers to, where its values are keys that have a name.
fn own_target(pack: &Pack, field: &str) -> Option<Target> {
    match pack.own_fields().get(field)?.schema.get("x-ref")?.as_str()? {
        "team" => Some(Target::Team),
        "site" => Some(Target::Site),
        "service" => Some(Target::Service),
        "category" => Some(Target::Category),
        _ => None,
    }
}

/// The phases that there are, with their names (zh, en).
const PHASES: [(&str, &str, &str); 6] = [
    ("new", "新建", "new"),
    ("active", "处理中", "active"),
    ("waiting", "等待", "waiting"),
    ("resolved", "已解决", "resolved"),
    ("closed", "已关闭", "closed"),
    ("cancelled", "已取消", "cancelled"),
];

/// The name of a phase.
fn phase<'a>(lang: &str, key: &'a str) -> &'a str {
    PHASES.iter().find(|(known, ..)| *known == key).map_or(key, |(_, zh, en)| if lang == "en" { *en } else { *zh })
}

/// Rights that are no action of a record's page, or more than that (zh, en).
const RIGHTS: [(&str, &str, &str); 11] = [
    ("open", "登记", "Open"),
    ("open_for_colleague", "为同部门的同事报告", "Report for colleagues of the department"),
    ("read", "查看", "Read"),
    ("read_internal", "查看内部内容", "Read what is internal"),
    ("edit", "修改字段", "Edit fields"),
    ("comment_internal", "写内部备注", "Write internal notes"),
    ("attach", "添加附件", "Attach files"),
    ("outcome", "选择任何处理结果", "Choose any outcome"),
    ("move", "移动流程位置", "Move the flow"),
    ("message", "发送流程消息", "Send messages to the flow"),
    ("export", "导出", "Export"),
];

/// The name of a right: an outcome as the pack calls it, a command as its button does.
pub fn right(pack: &Pack, lang: &str, action: &str) -> String {
    if let Some(outcome) = action.strip_prefix("outcome:") {
        return pack.label(lang, &format!("outcome.{outcome}"));
    }
    let named = RIGHTS.iter().chain(actions::COMMANDS).find(|(known, ..)| *known == action);
    named.map_or(action, |(_, zh, en)| if lang == "en" { *en } else { *zh }).to_owned()
}

/// Reasons that speak of the staff, and are for those who read what is internal.
const AMONG_STAFF: [&str; 2] = ["account_ended", "left_team"];

/// Whether somebody may know the coded reason of an event.
pub fn tells_reason(reason: &str, internal: bool) -> bool {
    internal || !AMONG_STAFF.contains(&reason)
}

/// The name of the coded reason of an event.
pub fn reason(pack: &Pack, lang: &str, event: &str, reason: &str) -> String {
    match (reason, lang) {
        ("account_ended", "en") => return "the account has ended".to_owned(),
        ("account_ended", _) => return "账号已停用".to_owned(),
        ("left_team", "en") => return "no longer in the team".to_owned(),
        ("left_team", _) => return "已离开支持组".to_owned(),
        _ => {}
    }
    let kind = match event {
        "completed" => "outcome",
        "assigned" => "reason.reassign",
        "held" => "reason.hold",
        "cancelled" => "reason.cancel",
        _ => return reason.to_owned(),
    };
    pack.label(lang, &format!("{kind}.{reason}"))
}
