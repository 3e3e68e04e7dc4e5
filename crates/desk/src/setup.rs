//! What an empty system begins with: the home customer, role presets, the built-in packs, their categories and the first
//! administrator, who is guided through the rest.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::{Map, Value, json};
use store::{Sql, WriteSet};

use crate::directory::{self, EntryKind, Item, NewUser};
use crate::journal::Cause;
use crate::{Desk, DeskError, Env, kit, packs, settings};

/// What a manager may do apart from records.
const MANAGER: &[&str] = &[
    "workspace",
    "user.read",
    "job.read",
    "outbox.read",
    "view.share",
    "template.write",
    "macro.write",
    "checklist.write",
    "announcement.write",
];

/// Role presets with what they may do apart from records (whose rights stand in the packs): key, zh, en, actions.
pub const ROLES: &[(&str, &str, &str, &[&str])] = &[
    ("admin", "系统管理员", "Administrator", &["*"]),
    ("manager", "运维经理", "Manager", MANAGER),
    ("desk", "服务台座席", "Service-desk agent", &["workspace", "user.read", "announcement.write"]),
    ("agent", "运维工程师", "Agent", &["workspace", "user.read"]),
    ("contractor", "外包工程师", "Contractor", &["workspace", "user.read"]),
    ("observer", "观察者", "Observer", &["workspace", "user.read"]),
    ("requester", "申报人", "Requester", &[]),
];

/// What the preset of a role may do, where the role has one.
pub fn preset(key: &str) -> Option<&'static [&'static str]> {
    ROLES.iter().find(|(known, ..)| *known == key).map(|(.., actions)| *actions)
}

/// The first administrator's name.
pub const ADMIN: &str = "admin";

/// What the first start made.
#[derive(Debug, Default)]
pub struct FirstStart {
    /// A password that was made up and must be shown once.
    pub admin_password: Option<String>,
}

/// Brings an empty system to where somebody can sign in; on a system in use it only publishes packs that are missing.
pub async fn run(desk: &Desk, admin_password: Option<&str>) -> Result<FirstStart, DeskError> {
    let new = desk.query(|_, sql| Ok(store::user::count(sql)?)).await? == 0;
    entry(desk, EntryKind::Customer, "home", json!({ "label": {"zh": "本单位", "en": "Home organisation"} })).await?;
    for (key, zh, en, actions) in ROLES {
        let missing = desk.env().directory.by_key(EntryKind::Role, key).is_none();
        if missing {
            entry(desk, EntryKind::Role, key, json!({ "label": {"zh": zh, "en": en}, "actions": actions })).await?;
        }
    }
    for (key, files) in packs::built_in() {
        let pack = match packs::load(&key, &files) {
            Ok(pack) => pack,
            Err(error) => {
                tracing::error!(%error, "a built-in pack is left out");
                continue;
            }
        };
        if desk.env().packs.newest(pack.key()).is_err() {
            let cause = Cause::system(desk.world(), "setup");
            let origin = Some(pack.hash().to_owned());
            desk.execute(move |env, sql| packs::publish(env, sql, &cause, &files, origin.clone())).await?;
        }
    }
    categories(desk).await?;
    let first = admin(desk, admin_password).await?;
    teams(desk).await?;
    if new {
        phrases(desk).await?;
    }
    find_texts(desk).await?;
    Ok(first)
}

/// Phrases to begin with. A system in use keeps what its people have made of them.
async fn phrases(desk: &Desk) -> Result<(), DeskError> {
    for (key, label, body) in kit::PHRASES {
        let both = |(zh, en): &(&str, &str)| json!({ "zh": zh, "en": en });
        entry(desk, EntryKind::Template, key, json!({ "label": both(label), "body": both(body), "phrase": true })).await?;
    }
    Ok(())
}

/// Makes entries of the categories of packs that none speaks of yet: from then on the organisation's tree holds, not the pack's.
pub async fn categories(desk: &Desk) -> Result<(), DeskError> {
    let env = desk.env();
    let held = directory::category::trees(&env.directory);
    for pinned in env.packs.all().into_iter().filter(|pinned| !held.contains_key(pinned.pack.key())) {
        let (cause, type_key) = (Cause::system(desk.world(), "setup"), pinned.pack.key().to_owned());
        let entries = directory::category::seed(&pinned.pack);
        // In one transaction: each that stood alone would make every node read its packs anew.
        desk.execute(move |env, sql| {
            let (mut env, mut set) = (env.clone(), WriteSet::default());
            for (key, values) in &entries {
                let values = beside_others(&env, key, values, &type_key);
                let (more, row) = directory::put(&env, sql, &cause, EntryKind::Category, key, &values, None)?;
                set.statements.extend(more.statements);
                Arc::make_mut(&mut env.directory).insert(Item::read(row)?);
            }
            Ok((set, ()))
        })
        .await?;
    }
    Ok(())
}

/// The values of a category for one more type. One that another type has already keeps its name.
fn beside_others(env: &Env, key: &str, values: &Map<String, Value>, type_key: &str) -> Map<String, Value> {
    let Some(present) = env.directory.by_key(EntryKind::Category, key) else { return values.clone() };
    let mut types = present.data.get("types").and_then(Value::as_array).cloned().unwrap_or_default();
    // None means all: the new one is among them.
    if !types.is_empty() {
        types.push(json!(type_key));
    }
    Map::from_iter([("types".to_owned(), Value::from(types))])
}

/// Derives what people are found by where an older program wrote their rows. A Chinese name that was its own sort key gets one
/// that can be typed, with an entry of its own.
async fn find_texts(desk: &Desk) -> Result<(), DeskError> {
    while let left @ 1.. = desk.execute(|env, sql| some_find_texts(env, sql)).await? {
        tracing::info!(people = left, "what people are found by was derived");
    }
    Ok(())
}

fn some_find_texts(env: &Env, sql: &mut dyn Sql) -> Result<(WriteSet, usize), DeskError> {
    let cause = Cause::system(&env.world, "setup");
    let rows = store::user::without_find_text(sql, 200)?;
    let mut set = WriteSet::default();
    for row in &rows {
        let key = directory::sort_key(&row.name);
        let same = row.sort_name == row.name || row.sort_name == row.name.to_lowercase();
        if same && key != row.sort_name {
            let values = Map::from_iter([("sort_name".to_owned(), json!(key))]);
            let change = NewUser { username: row.username.clone(), values, password: None, keep_session: None };
            set.statements.extend(directory::prepare_user(env, sql.dialect(), &cause, row.id, Some(row), &change)?.0.statements);
        } else {
            set.push(store::user::put_find_text(row.id, row.version, &directory::find_text(row)));
        }
    }
    Ok((set, rows.len()))
}

/// Makes the teams that the packs' flows and tables send work to, so that no step ever lacks one.
pub async fn teams(desk: &Desk) -> Result<(), DeskError> {
    let env = desk.env();
    let admin = desk.query(|_, sql| Ok(store::user::find_username(sql, ADMIN)?)).await?.map(|user| user.id);
    let named: BTreeSet<String> = env.packs.all().into_iter().flat_map(|pinned| pinned.pack.teams()).collect();
    for key in named.into_iter().filter(|key| env.directory.by_key(EntryKind::Team, key).is_none()) {
        let called = |lang: &str| {
            let text = format!("team.{key}");
            env.packs.all().into_iter().find_map(|pinned| pinned.pack.text(lang, &text).map(str::to_owned)).unwrap_or_else(|| key.clone())
        };
        let values =
            json!({ "label": {"zh": called("zh"), "en": called("en")}, "members": admin.iter().collect::<Vec<_>>(), "duty": admin });
        let cause = Cause::system(desk.world(), "setup");
        let values: Map<String, Value> = values.as_object().cloned().unwrap_or_default();
        desk.execute(move |env, sql| directory::put(env, sql, &cause, EntryKind::Team, &key, &values, None)).await?;
    }
    Ok(())
}

async fn entry(desk: &Desk, kind: EntryKind, key: &'static str, values: Value) -> Result<(), DeskError> {
    let cause = Cause::system(desk.world(), "setup");
    let values: Map<String, Value> = values.as_object().cloned().unwrap_or_default();
    desk.execute(move |env, sql| directory::put(env, sql, &cause, kind, key, &values, None)).await?;
    Ok(())
}

async fn admin(desk: &Desk, password: Option<&str>) -> Result<FirstStart, DeskError> {
    if desk.query(|_, sql| Ok(store::user::count(sql)?)).await? > 0 {
        return Ok(FirstStart::default());
    }
    let made_up = password.is_none().then(|| hex::encode(desk.world().bytes::<9>()));
    let password = password.map_or_else(|| made_up.clone().unwrap_or_default(), str::to_owned);
    let hash = tokio::task::spawn_blocking(move || directory::hash_password(&password))
        .await
        .map_err(|error| DeskError::outside("hash a password", error))??;
    let cause = Cause::system(desk.world(), "setup");
    desk.execute(move |env, sql| {
        let values = json!({ "name": "管理员", "sort_name": "guan li yuan", "roles": ["admin", "requester"] });
        let values = values.as_object().cloned().unwrap_or_default();
        let new = NewUser { username: ADMIN.to_owned(), values, password: Some(hash.clone()), ..NewUser::default() };
        Ok((directory::create_user(env, sql, &cause, &new)?.0, ()))
    })
    .await?;
    entry(desk, EntryKind::Setting, settings::SETUP, json!({ "value": { "state": "open" } })).await?;
    Ok(FirstStart { admin_password: made_up })
}
