//! `GET /users/{id}/rights`

use axum::extract::State;
use desk::record::names;
use desk::{Actor, Env, grant};
use serde::Serialize;
use utoipa::ToSchema;

use crate::http::App;
use crate::http::answer::{Answered, ok};
use crate::http::extract::{Lang, Path, Signed};
use crate::http::problem::Problem;
use crate::http::refs::{People, Ref};
use crate::http::rights::{Words, role};

/// Something that a person may do apart from records.
#[derive(Serialize, ToSchema)]
struct HeldGrant {
    key: String,
    label: String,
    help: String,
    /// The roles that allow it.
    roles: Vec<Ref>,
}

/// Something that a person may do on records of a type.
#[derive(Serialize, ToSchema)]
struct HeldRight {
    /// The action: `read`, `comment`, `outcome:resolve` …
    action: String,
    /// What the action is called.
    label: String,
    role: Ref,
    /// On which records; several rows of one action add up.
    condition: String,
}

/// What a person may do on records of a type.
#[derive(Serialize, ToSchema)]
struct HeldOnType {
    #[serde(rename = "type")]
    type_key: String,
    label: String,
    rights: Vec<HeldRight>,
}

/// What a person may do, and through which role.
#[derive(Serialize, ToSchema)]
struct RightsBody {
    /// Whether everything is allowed.
    everything: bool,
    /// Whether the account is open.
    alive: bool,
    grants: Vec<HeldGrant>,
    records: Vec<HeldOnType>,
    /// Those who are away and for whom the person stands in: what is theirs to do, the person may do too.
    stands_in_for: Vec<Ref>,
}

/// Says what a person may do, and through which role
#[utoipa::path(get, path = "/users/{id}/rights", tag = "organisation", params(("id" = String, Path, description = "Id or username")),
    responses((status = 200, body = RightsBody), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn get_user_rights(State(app): State<App>, Signed(actor): Signed, Path(id): Path<String>, lang: Lang) -> Answered {
    actor.require("access.read")?;
    let body = app.desk.query(move |env, sql| {
        let (row, now) = (super::find(sql, &id)?, env.world.now());
        let (alive, whose) = (row.is_alive(now), Actor::of_user(row, &env.directory, now));
        let people = People::read(sql, whose.stands_in_for.iter().map(|away| Some(away.person)))?;
        let lang = lang.of(&actor);
        Ok(RightsBody {
            everything: whose.is_admin(),
            alive,
            grants: grants(env, &whose, lang),
            records: env.packs.all().iter().map(|pinned| on_type(&Words { env, pinned, people: &people, lang }, &whose)).collect(),
            stands_in_for: whose.stands_in_for.iter().map(|away| people.get(away.person)).collect(),
        })
    });
    Ok(ok(body.await?))
}

fn grants(env: &Env, whose: &Actor, lang: &str) -> Vec<HeldGrant> {
    let allows = |key: &str, action: &str| env.directory.role(key).is_some_and(|role| role.actions.iter().any(|it| it == action));
    let held = |it: &grant::Grant| {
        let roles: Vec<Ref> = whose.roles.iter().filter(|key| allows(key, it.key)).map(|key| role(env, key, lang)).collect();
        let (label, help) = (it.label(lang).to_owned(), it.help(lang).to_owned());
        (!roles.is_empty()).then(|| HeldGrant { key: it.key.to_owned(), label, help, roles })
    };
    grant::GRANTS.iter().filter_map(held).collect()
}

fn on_type(words: &Words<'_>, whose: &Actor) -> HeldOnType {
    let right = |key: &String, action: &str, condition: &decide::Condition| HeldRight {
        action: action.to_owned(),
        label: names::right(&words.pinned.pack, words.lang, action),
        role: role(words.env, key, words.lang),
        condition: words.condition(condition),
    };
    let of_role = |key: &String| {
        let rights = words.pinned.rights.of_role(key);
        rights.into_iter().flat_map(|(action, any)| any.iter().map(|it| right(key, action, it)).collect::<Vec<_>>()).collect::<Vec<_>>()
    };
    let pack = &words.pinned.pack;
    HeldOnType {
        type_key: pack.key().to_owned(),
        label: pack.label(words.lang, "type.one"),
        rights: whose.roles.iter().flat_map(of_role).collect(),
    }
}
