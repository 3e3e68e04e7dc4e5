//! `GET /records/{type}/{number}/readers`

use axum::extract::State;
use desk::DeskError;
use desk::record::find;
use desk::record::readers::{self, Answer};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::Address;
use crate::http::App;
use crate::http::answer::{Answered, ok};
use crate::http::document::RecordPath;
use crate::http::extract::{Lang, Path, Query, Signed};
use crate::http::problem::Problem;
use crate::http::refs::{People, Ref};
use crate::http::rights::{self, ByBody, ConditionPart, Words};

/// People who can read a record through the same right.
#[derive(Serialize, ToSchema)]
struct ReaderGroup {
    by: ByBody,
    /// On which records the right holds.
    condition: String,
    count: usize,
    /// The first 20 of them.
    people: Vec<Ref>,
}

/// A right of a person, and what it says of the record.
#[derive(Serialize, ToSchema)]
struct TriedRight {
    by: ByBody,
    /// On which records it holds.
    condition: String,
    /// Whether it lets the person read this one.
    holds: bool,
    /// Test by test.
    parts: Vec<ConditionPart>,
}

/// Whether one person can read a record.
#[derive(Serialize, ToSchema)]
struct ReaderAnswer {
    user: Ref,
    allowed: bool,
    /// Whether the account is open: nobody reads anything with one that has ended.
    alive: bool,
    /// All rights to read that the person has on records of this type; none means that no role of theirs has any.
    rights: Vec<TriedRight>,
}

/// Who can read a record.
#[derive(Serialize, ToSchema)]
pub struct ReadersBody {
    /// Each person once, under the first right that lets them; absent when one person was asked about.
    groups: Vec<ReaderGroup>,
    /// How many people can read it.
    total: usize,
    /// Of how many open accounts.
    considered: usize,
    /// Whether there are more accounts than are gone through.
    more: bool,
    /// The person that was asked about.
    #[serde(skip_serializing_if = "Option::is_none")]
    user: Option<ReaderAnswer>,
}

/// Says who can read a record, and through which right
///
/// With `user` it says of one person why they can, or which test of which right fails.
#[utoipa::path(get, path = "/records/{type}/{number}/readers", tag = "records", params(RecordPath,
    ("user" = Option<String>, Query, description = "id or username of the one person to ask about")),
    responses((status = 200, body = ReadersBody), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn list_readers(
    State(app): State<App>,
    Signed(actor): Signed,
    Path(address): Path<Address>,
    lang: Lang,
    query: Query,
) -> Answered {
    let user = query.get("user").map(str::to_owned);
    let found = app.desk.query(move |env, sql| {
        let loaded = find(env, sql, &actor, &address.target())?;
        actor.require("access.read")?;
        let pinned = env.packs.newest(&loaded.row.type_key)?;
        let lang = lang.of(&actor);
        if let Some(reference) = user {
            let id = desk::record::references::user(sql, &reference)?;
            let row = match id {
                Some(id) => store::user::find(sql, id)?,
                None => None,
            };
            let row = row.ok_or_else(|| DeskError::no_such("user", &reference, "user"))?;
            let answer = readers::why(env, &loaded, row);
            let people = People::read(sql, answer.tried.iter().map(|tried| rights::person(&tried.ground.by)))?;
            let words = Words { env, pinned, people: &people, lang };
            return Ok(ReadersBody { groups: Vec::new(), total: 0, considered: 0, more: false, user: Some(told(&words, &answer)) });
        }
        let readers = readers::readers(env, sql, &loaded)?;
        let named = readers.groups.iter().flat_map(|group| group.people.iter().copied().map(Some).chain([rights::person(&group.by)]));
        let people = People::read(sql, named.collect::<Vec<Option<Uuid>>>())?;
        let words = Words { env, pinned, people: &people, lang };
        let group = |group: &readers::Group| ReaderGroup {
            by: words.by(&group.by),
            condition: words.condition(&group.condition),
            count: group.count,
            people: group.people.iter().map(|person| people.get(*person)).collect(),
        };
        let mut groups: Vec<ReaderGroup> = readers.groups.iter().map(group).collect();
        groups.sort_by_key(|group| std::cmp::Reverse(group.count));
        Ok(ReadersBody { groups, total: readers.total, considered: readers.considered, more: readers.more, user: None })
    });
    Ok(ok(found.await?))
}

fn told(words: &Words<'_>, answer: &Answer) -> ReaderAnswer {
    let tried = |tried: &readers::Tried| TriedRight {
        by: words.by(&tried.ground.by),
        condition: words.condition(&tried.ground.condition),
        holds: tried.explanation.holds,
        parts: words.parts(&tried.ground.condition, &tried.explanation),
    };
    let user = &answer.user;
    ReaderAnswer {
        user: Ref { id: user.id.to_string(), key: user.username.clone(), label: user.name.clone() },
        allowed: answer.allowed(),
        alive: answer.alive,
        rights: answer.tried.iter().map(tried).collect(),
    }
}
