//! Packs: which record types there are, and what a page needs to draw one.

mod publish;
mod tables;

use axum::extract::State;
use axum::response::Response;
use desk::record::filter;
use desk::settings::words;
use desk::{Actor, Pinned};
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::App;
use super::answer::{Answered, ok};
use super::extract::{Lang, Path, Signed};
use super::problem::Problem;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .merge(OpenApiRouter::new().routes(routes!(list_packs, publish::publish_pack)).layer(publish::limit()))
        .routes(routes!(get_pack))
        .routes(routes!(tables::list_tables))
        .routes(routes!(tables::put_table))
        .routes(routes!(tables::rehearse_table))
}

/// A record type.
#[derive(Serialize, ToSchema)]
struct PackSummary {
    key: String,
    version: u32,
    label: String,
    /// Content hash.
    hash: String,
}

/// Record types.
#[derive(Serialize, ToSchema)]
struct PackList {
    items: Vec<PackSummary>,
    next: Option<String>,
}

/// A key with its name.
#[derive(Serialize, ToSchema)]
struct Choice {
    key: String,
    label: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    phase: Option<String>,
}

/// A category.
#[derive(Serialize, ToSchema)]
struct CategoryBody {
    /// Path from the root, such as `network/wifi`.
    key: String,
    label: String,
    #[schema(no_recursion)]
    children: Vec<CategoryBody>,
}

/// What a page needs to draw a record type.
#[derive(Serialize, ToSchema)]
struct PackBody {
    key: String,
    version: u32,
    label: String,
    states: Vec<Choice>,
    /// JSON Schema of the type's own fields.
    #[schema(value_type = Object)]
    form: Value,
    /// Layout of the form.
    #[schema(value_type = Object)]
    form_ui: Value,
    /// Names of all fields.
    fields: Vec<Choice>,
    /// Fields that hold an instant as UTC milliseconds.
    instants: Vec<String>,
    /// Own fields that lists can show and filter by.
    indexed: Vec<String>,
    categories: Vec<CategoryBody>,
    #[schema(value_type = Object)]
    reasons: Value,
    /// Reasons for a hold that ask the requester for something.
    asks_requester: Vec<String>,
    /// The reason of a record that is merged into another; without it records of this type are not merged.
    merge_reason: Option<String>,
    /// Outcomes that are offered for all records below another at once.
    with_children: Vec<String>,
    activities: Vec<Choice>,
    outcomes: Vec<Choice>,
    priorities: Vec<Choice>,
    impacts: Vec<Choice>,
    channels: Vec<Choice>,
    /// Names of the values of fields: field → value → name.
    #[schema(value_type = Object)]
    values: Value,
    /// Markdown.
    help: String,
}

/// Lists record types
#[utoipa::path(get, path = "/packs", tag = "packs", responses((status = 200, body = PackList)))]
async fn list_packs(State(app): State<App>, Signed(actor): Signed, lang: Lang) -> Response {
    let env = app.desk.env();
    let lang = lang.of(&actor);
    let items = env.packs.all().into_iter().map(|pinned| PackSummary {
        key: pinned.pack.key().to_owned(),
        version: pinned.pack.version(),
        label: pinned.pack.label(lang, "type.one"),
        hash: pinned.pack.hash().to_owned(),
    });
    ok(PackList { items: items.collect(), next: None })
}

/// Reads what a page needs to draw a record type
#[utoipa::path(get, path = "/packs/{type}", tag = "packs", params(("type" = String, Path, description = "The record type: the key of its pack")), responses((status = 200, body = PackBody), (status = 404, body = Problem)))]
async fn get_pack(State(app): State<App>, Signed(actor): Signed, Path(type_key): Path<String>, lang: Lang) -> Answered {
    let env = app.desk.env();
    let pinned = env.packs.newest(&type_key)?;
    let mut body = body(pinned, &actor, lang.of(&actor));
    // What goes with another level here is not a choice of its own.
    let levels = words::levels(&env.directory);
    body.priorities.retain(|choice| levels.iter().all(|level| level.key != choice.key || level.shown));
    Ok(ok(body))
}

fn body(pinned: &Pinned, actor: &Actor, lang: &str) -> PackBody {
    let works = actor.may("workspace");
    let pack = &pinned.pack;
    let manifest = pack.manifest();
    let choice = |kind: &str, key: &str| Choice { key: key.to_owned(), label: pack.label(lang, &format!("{kind}.{key}")), phase: None };
    let choices = |field: &str| pack.choices(field).into_iter().map(|key| choice(&format!("value.{field}"), key)).collect();
    let states = manifest.states.iter().map(|(key, phase)| Choice { phase: Some(phase.key().to_owned()), ..choice("state", key) });
    let own =
        pack.form().get("properties").and_then(Value::as_object).map(|map| map.keys().cloned().collect::<Vec<_>>()).unwrap_or_default();
    let standard = pack::STANDARD_FIELDS.iter().filter(|field| field.is_given()).map(|field| field.name.to_owned());
    // Whoever does not work here is not told the names of what only those who do may see.
    let told = |name: &str| works || !pinned.is_internal(name);
    let fields = standard.chain(own).filter(|name| told(name)).map(|name| choice("field", &name));
    let instants = pack::STANDARD_FIELDS.iter().map(|field| field.name).chain(pack.own_fields().keys().map(String::as_str));
    let instants = instants.filter(|name| pack.field_type(name) == Some(decide::FieldType::Instant) && told(name)).map(str::to_owned);
    let tasks: Vec<_> = pack.flow().elements().filter(|element| !element.outcomes().is_empty()).collect();
    let mut outcomes: Vec<&str> = tasks.iter().flat_map(|element| element.outcomes()).collect();
    outcomes.sort_unstable();
    outcomes.dedup();
    let reasons: serde_json::Map<String, Value> = manifest
        .reasons
        .iter()
        .map(|(kind, keys)| {
            let list: Vec<Value> =
                keys.iter().map(|key| json!({"key": key, "label": pack.label(lang, &format!("reason.{kind}.{key}"))})).collect();
            (kind.clone(), Value::from(list))
        })
        .collect();
    PackBody {
        key: pack.key().to_owned(),
        version: pack.version(),
        label: pack.label(lang, "type.one"),
        states: states.collect(),
        form: form(pinned, works),
        form_ui: layout(pack.form_ui(), &told),
        fields: fields.collect(),
        instants: instants.collect(),
        indexed: filter::own_fields(pinned, actor).into_iter().map(str::to_owned).collect(),
        categories: pack.categories().iter().filter(|category| category.active).map(|category| category_body(category, "", lang)).collect(),
        reasons: Value::Object(reasons),
        asks_requester: manifest.asks_requester.clone(),
        merge_reason: manifest.merge_reason.clone(),
        with_children: manifest.with_children.clone(),
        activities: tasks.iter().map(|element| choice("activity", &element.id)).collect(),
        outcomes: outcomes.into_iter().map(|outcome| choice("outcome", outcome)).collect(),
        priorities: choices("priority"),
        impacts: choices("impact"),
        channels: choices("channel"),
        values: values(pack, lang, &told),
        help: pack.help(lang).unwrap_or_default().to_owned(),
    }
}

/// The form as a reader may see it; what the process alone writes, and what is given with an action, is `readOnly`, secrets are
/// `writeOnly`.
fn form(pinned: &Pinned, works: bool) -> Value {
    let pack = &pinned.pack;
    let mut form = if works { pack.form().clone() } else { public_form(pack.form()) };
    if let Some(properties) = form.get_mut("properties").and_then(Value::as_object_mut) {
        for (field, schema) in properties.iter_mut() {
            let Some(schema) = schema.as_object_mut() else { continue };
            if !pack.is_editable(field) || pack.comes_with_action(field) {
                schema.insert("readOnly".to_owned(), Value::Bool(true));
            }
            if pack.manifest().secret.contains(field) {
                schema.insert("writeOnly".to_owned(), Value::Bool(true));
            }
        }
    }
    form
}

/// The form without fields that only those who work on records may see.
fn public_form(form: &Value) -> Value {
    let mut form = form.clone();
    if let Some(properties) = form.get_mut("properties").and_then(Value::as_object_mut) {
        properties.retain(|_, schema| !schema.get("x-internal").and_then(Value::as_bool).unwrap_or(false));
    }
    form
}

/// A layout without the fields that are not told; what it holds besides lists of fields stays.
fn layout(value: &Value, told: &dyn Fn(&str) -> bool) -> Value {
    match value {
        Value::Array(items) => items.iter().filter(|item| item.as_str().is_none_or(told)).map(|item| layout(item, told)).collect(),
        Value::Object(object) => object.iter().map(|(key, value)| (key.clone(), layout(value, told))).collect(),
        other => other.clone(),
    }
}

fn category_body(category: &pack::Category, above: &str, lang: &str) -> CategoryBody {
    let key = if above.is_empty() { category.key.clone() } else { format!("{above}/{}", category.key) };
    let children = category.children.iter().filter(|child| child.active).map(|child| category_body(child, &key, lang)).collect();
    CategoryBody { label: if lang == "en" { category.en.clone() } else { category.zh.clone() }, key, children }
}

fn values(pack: &pack::Pack, lang: &str, told: &dyn Fn(&str) -> bool) -> Value {
    let mut values = serde_json::Map::new();
    for (key, text) in pack.texts(lang).into_iter().flatten() {
        let Some((field, value)) = key.strip_prefix("value.").and_then(|rest| rest.split_once('.')) else { continue };
        if !told(field) {
            continue;
        }
        let entry = values.entry(field.to_owned()).or_insert_with(|| json!({}));
        entry[value] = json!(text);
    }
    Value::Object(values)
}
