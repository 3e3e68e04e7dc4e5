//! What can be done with a record now: the outcomes of its open steps and the commands, each with its form.

use pack::Target;
use serde_json::{Map, Value, json};
use store::Sql;

use super::check;
use super::read::Loaded;
use super::references;
use crate::kit::checklist;
use crate::{Actor, DeskError, Env};

/// An action that is offered.
#[derive(Clone, Debug, PartialEq)]
pub struct Action {
    /// Key in the address.
    pub key: String,
    /// `outcome` or `command`.
    pub kind: &'static str,
    /// Verb to show.
    pub label: String,
    /// JSON Schema of `fields`.
    pub schema: Value,
    /// Whether it works now.
    pub enabled: bool,
    /// Why it does not.
    pub reason: Option<String>,
    /// The states that the record may be in afterwards, where that is known.
    pub leads_to: Option<Vec<String>>,
}

/// The fixed command keys with their labels (zh, en).
pub(super) const COMMANDS: &[(&str, &str, &str)] = &[
    ("accept", "受理", "Accept"),
    ("assign", "转派", "Assign"),
    ("hold", "挂起", "Hold"),
    ("resume", "恢复处理", "Resume"),
    ("comment", "备注", "Comment"),
    ("link", "关联", "Link"),
    ("unlink", "取消关联", "Unlink"),
    ("cancel", "取消", "Cancel"),
    ("rate", "评价", "Rate"),
    ("urge", "催办", "Urge"),
    ("watch", "关注", "Follow"),
    ("unwatch", "取消关注", "Unfollow"),
    ("remind", "提醒", "Remind"),
    ("promise_call", "承诺回电", "Promise a call"),
    ("ask_expert", "请专家协助", "Ask an expert"),
    ("check", "勾选检查项", "Tick a step"),
];

/// All actions that the actor may ever do on this record, the ones not open now with the reason.
pub fn actions(env: &Env, sql: &mut dyn Sql, loaded: &Loaded, actor: &Actor, lang: &str) -> Result<Vec<Action>, DeskError> {
    let process = loaded.process(env)?;
    let follows = store::watcher::of_record(sql, loaded.row.id)?.contains(&actor.user.id);
    let mut offered = Vec::new();
    let found = pack::actions(&loaded.pinned.pack, &process, env.world.now());
    for action in found.iter().filter(|action| action.kind == pack::ActionKind::Outcome) {
        if !loaded.allows_outcome(env, actor, &action.key) {
            continue;
        }
        let blocked = match (action.reason, &action.element) {
            (Some(code), _) => Some(say_blocked(code, lang)),
            (None, Some(element)) => awaits(env, sql, loaded, actor, (element, &action.key), lang)?,
            _ => None,
        };
        offered.push(Action {
            key: action.key.clone(),
            kind: "outcome",
            label: loaded.pinned.pack.label(lang, &format!("outcome.{}", action.key)),
            schema: outcome_schema(loaded, &process, action, lang),
            enabled: blocked.is_none(),
            reason: blocked,
            leads_to: outcome_leads(loaded, &process, action),
        });
    }
    for (key, zh, en) in COMMANDS {
        if !loaded.allows(env, actor, right_to(key)) || !fits(key, actor, follows) {
            continue;
        }
        // Steps are ticked where there are some.
        if *key == "check" && !checklist::any_open(env, sql, actor, loaded, &process)? {
            continue;
        }
        if *key == "unlink" && store::record::links(sql, loaded.row.id)?.is_empty() {
            continue;
        }
        let known = found.iter().find(|action| action.kind == pack::ActionKind::Command && action.key == *key);
        let blocked = match (*key, known) {
            ("comment" | "link" | "unlink" | "watch" | "unwatch" | "remind" | "promise_call" | "ask_expert" | "check", _) => None,
            (_, None) => continue,
            ("accept", _) if loaded.row.assignee.is_some_and(|other| other != actor.user.id) => Some("taken"),
            (_, Some(action)) => action.reason,
        };
        offered.push(Action {
            key: (*key).to_owned(),
            kind: "command",
            label: say(lang, zh, en),
            schema: command_schema(key, loaded, actor, env, lang),
            enabled: blocked.is_none(),
            reason: blocked.map(|code| say_blocked(code, lang)),
            leads_to: command_leads(loaded, &process, key),
        });
    }
    Ok(offered)
}

/// Where an outcome leads: known while its step is the only one, since another could say the state as well.
fn outcome_leads(loaded: &Loaded, process: &pack::Record, action: &pack::Action) -> Option<Vec<String>> {
    let element = action.element.as_deref().filter(|_| process.steps.len() == 1)?;
    pack::leads(&loaded.pinned.pack, element, &action.key).map(|states| states.into_iter().collect())
}

/// Where a command leads: most leave the record in its state.
fn command_leads(loaded: &Loaded, process: &pack::Record, key: &str) -> Option<Vec<String>> {
    let pack = &loaded.pinned.pack;
    let manifest = pack.manifest();
    match key {
        "hold" => manifest.hold_state.clone().map(|state| vec![state]),
        "cancel" => Some(vec![manifest.ended.cancelled.clone()]),
        "resume" => {
            let [step] = process.steps.as_slice() else { return None };
            pack.flow().element(&step.element).and_then(flow::Element::state).map(|state| vec![state.to_owned()])
        }
        _ => Some(vec![loaded.row.state.clone()]),
    }
}

/// Why an outcome waits for mandatory steps of checklists, if it does.
fn awaits(
    env: &Env,
    sql: &mut dyn Sql,
    loaded: &Loaded,
    actor: &Actor,
    outcome: (&str, &str),
    lang: &str,
) -> Result<Option<String>, DeskError> {
    let open = checklist::awaited(env, sql, actor, loaded, outcome, lang)?;
    if open.is_empty() {
        return Ok(None);
    }
    let steps: Vec<&str> = open.iter().map(|step| step.message.as_str()).collect();
    Ok(Some(match lang {
        "en" => format!("mandatory steps of a checklist are open: {}", steps.join("; ")),
        _ => format!("检查清单还有必做项未完成：{}", steps.join("；")),
    }))
}

/// The right that a command needs; most have one of their own.
fn right_to(command: &str) -> &str {
    match command {
        "watch" | "unwatch" => "read",
        "remind" | "promise_call" | "ask_expert" => "comment_internal",
        "check" => "edit",
        "unlink" => "link",
        other => other,
    }
}

/// Whether a command means anything to this person now: following is for those who work, and one of its two words at a time.
fn fits(command: &str, actor: &Actor, follows: bool) -> bool {
    match command {
        "watch" => actor.may("workspace") && !follows,
        "unwatch" => follows,
        _ => true,
    }
}

fn say(lang: &str, zh: &str, en: &str) -> String {
    if lang == "en" { en } else { zh }.to_owned()
}

fn say_blocked(code: &str, lang: &str) -> String {
    let (zh, en) = match code {
        "on_hold" => ("已挂起，请先恢复处理", "on hold: resume it first"),
        "not_on_hold" => ("没有挂起", "it is not on hold"),
        "ended" => ("处理已结束", "work on it has ended"),
        "accepted" => ("已受理", "it is accepted already"),
        "taken" => ("已有处理人，如需接手请转派给自己", "somebody works on it: assign it to yourself to take over"),
        "no_step" => ("没有待处理的环节", "no step is open"),
        "not_working" => ("处理中才能挂起", "only work in progress can be put on hold"),
        "urged" => ("半小时内已催办", "urged within the last half hour"),
        "not_resolved" => ("解决后才能评价", "it can be rated once it is resolved"),
        other => (other, other),
    };
    say(lang, zh, en)
}

/// The form of an outcome: the fields that it offers, the mandatory ones marked, present values as defaults. Who takes the
/// next step, and words that must come anew, are not what they were.
fn outcome_schema(loaded: &Loaded, process: &pack::Record, action: &pack::Action, lang: &str) -> Value {
    let mut properties = Map::new();
    let fresh = &loaded.pinned.pack.manifest().fresh;
    let stays = |name: &String| !fresh.contains(name) && pack::standard_field(name).is_none_or(|f| f.writer != pack::Writer::Assignment);
    for name in &action.fields {
        let mut schema = field_schema(loaded, name, lang);
        if let Some(object) = schema.as_object_mut().filter(|_| stays(name))
            && let Some(present) = process.values.get(name).filter(|v| !v.is_null())
        {
            object.insert("default".to_owned(), present.clone());
        }
        properties.insert(name.to_owned(), schema);
    }
    json!({ "type": "object", "properties": properties, "required": action.required, "additionalProperties": false })
}

/// The schema of a field as forms draw it: JSON Schema with a title, and `x-ref` where it refers to something.
pub fn field_schema(loaded: &Loaded, name: &str, lang: &str) -> Value {
    let pack = &loaded.pinned.pack;
    let title = pack.label(lang, &format!("field.{name}"));
    let choices = |values: &[&str]| -> Vec<Value> {
        values.iter().map(|v| json!({"const": v, "title": pack.label(lang, &format!("value.{name}.{v}"))})).collect()
    };
    let mut schema = pack.field_schema(name).unwrap_or_else(|| json!({ "type": "string" }));
    let values = pack.choices(name);
    let Some(object) = schema.as_object_mut() else { return schema };
    object.insert("title".to_owned(), json!(title));
    if pack.manifest().secret.iter().any(|secret| secret == name) {
        object.insert("writeOnly".to_owned(), json!(true));
    }
    // A list of values has its choices in `items`, under their keys.
    if !values.is_empty() && object.remove("enum").is_some() {
        object.insert("oneOf".to_owned(), Value::Array(choices(&values)));
    }
    match pack::standard_field(name).map(|field| (field.name, field.target)) {
        Some((_, Some(Target::Category))) => {
            let paths = pack.categories().iter().flat_map(pack::Category::paths);
            let one_of: Vec<Value> = paths.map(|(path, _)| json!({"const": path, "title": pack.category_label(lang, &path)})).collect();
            object.insert("oneOf".to_owned(), Value::Array(one_of));
        }
        Some((_, Some(target))) => {
            object.insert("x-ref".to_owned(), json!(references::target_word(target)));
        }
        Some((_, None)) if object.get("maxLength").and_then(Value::as_u64).is_some_and(|most| most > LONG_TEXT) => {
            object.insert("x-widget".to_owned(), json!("textarea"));
        }
        _ => {}
    }
    schema
}

/// A standard text that may be longer is written in a box of several lines.
const LONG_TEXT: u64 = 1_000;

fn reminder_form(lang: &str) -> Value {
    json!({
        "due_at": {"type": "string", "format": "date-time", "title": say(lang, "时间", "When")},
        "note": {"type": "string", "title": say(lang, "事由", "What about"), "maxLength": 1000},
        "user": {"type": "string", "title": say(lang, "由谁（默认自己）", "Who sees to it (you, if left empty)"), "x-ref": "user"},
    })
}

fn command_schema(key: &str, loaded: &Loaded, actor: &Actor, env: &Env, lang: &str) -> Value {
    let text = |zh: &str, en: &str| json!({ "type": "string", "title": say(lang, zh, en) });
    let words = |zh: &str, en: &str| json!({ "type": "string", "title": say(lang, zh, en), "x-widget": "textarea" });
    let reason = |kind: &str| {
        let reasons = loaded.pinned.pack.manifest().reasons(kind);
        let one_of: Vec<Value> =
            reasons.iter().map(|r| json!({"const": r, "title": loaded.pinned.pack.label(lang, &format!("reason.{kind}.{r}"))})).collect();
        json!({ "type": "string", "title": say(lang, "原因", "Reason"), "oneOf": one_of })
    };
    let (properties, required) = match key {
        "assign" => (
            json!({
                "team": {"type": "string", "title": say(lang, "支持组", "Team"), "x-ref": "team"},
                "assignee": {"type": "string", "title": say(lang, "处理人", "Assignee"), "x-ref": "user"},
                "reason": reason("reassign"),
                "note": words("交接说明", "Hand-over note"),
            }),
            json!([]),
        ),
        "hold" => (json!({ "reason": reason("hold"), "note": words("说明", "Note") }), json!(["reason"])),
        "cancel" => (json!({ "reason": reason("cancel"), "note": words("说明", "Note") }), json!(["reason"])),
        "comment" => {
            let mut properties = json!({ "body": words("内容", "Text") });
            if loaded.allows(env, actor, "comment_internal")
                && let Some(object) = properties.as_object_mut()
            {
                let one_of = json!([
                    {"const": "public", "title": say(lang, "公开", "Public")}, {"const": "internal", "title": say(lang, "内部", "Internal")},
                ]);
                let visibility =
                    json!({ "type": "string", "title": say(lang, "可见范围", "Visibility"), "oneOf": one_of, "default": "internal" });
                object.insert("visibility".to_owned(), visibility);
            }
            (properties, json!(["body"]))
        }
        "link" | "unlink" => {
            let mut one_of = vec![
                json!({"const": "related", "title": say(lang, "相关", "Related")}),
                json!({"const": "parent", "title": say(lang, "上级", "Parent")}),
                json!({"const": "child", "title": say(lang, "下级", "Child")}),
                json!({"const": "duplicate", "title": say(lang, "与其重复", "Duplicate of")}),
            ];
            if key == "unlink" {
                one_of.push(json!({"const": "duplicated_by", "title": say(lang, "被其重复", "Repeated by")}));
            }
            let kind = json!({ "type": "string", "title": say(lang, "关系", "Kind"), "oneOf": one_of });
            (json!({ "to": text("工单编号", "Record number"), "kind": kind }), json!(["to", "kind"]))
        }
        "rate" => (
            json!({
                "score": {"type": "integer", "title": say(lang, "评分", "Score"), "minimum": 1, "maximum": 5, "x-widget": "rate"},
                "comment": words("意见", "Comment"),
            }),
            json!(["score"]),
        ),
        "urge" => (json!({ "note": words("说明", "Note") }), json!([])),
        "remind" => (reminder_form(lang), json!(["due_at", "note"])),
        "promise_call" => {
            let mut form = reminder_form(lang);
            form["phone"] = text("回电号码", "Number to call");
            (form, json!(["due_at", "phone"]))
        }
        "ask_expert" => (
            json!({
                "team": {"type": "string", "title": say(lang, "支持组", "Team"), "x-ref": "team"},
                "person": {"type": "string", "title": say(lang, "人员", "Person"), "x-ref": "user"},
                "question": words("要请教的问题", "Question"),
            }),
            json!(["question"]),
        ),
        "check" => check::form(lang),
        _ => (json!({}), json!([])),
    };
    json!({ "type": "object", "properties": properties, "required": required, "additionalProperties": false })
}
