//! Hints while something is reported: announcements in force for the reader that fit, and open records that look alike: the reader's own,
//! or, for who works on them, all that they may read. Requesters are told nothing of other people's records: what many have reported is
//! known to them through its announcement alone.

use serde_json::Value;
use store::Sql;
use store::record_list::{self, ListedRecord, Titled};
use uuid::Uuid;

use crate::alike::{self, Pieces, Words};
use crate::announcement;
use crate::directory::{EntryKind, Item};
use crate::policy::PolicyListed;
use crate::{Actor, DeskError, Env};

/// How many of the reader's newest records are looked at.
const NEWEST: i64 = 200;
/// How many of those that are open.
const LOOKED_AT: i64 = 100;
/// How many open records are, of all that somebody may read.
const MOST_READ: i64 = 2_000;
/// How old those may be, in milliseconds: ninety days.
const OLDEST: i64 = 90 * 86_400_000;
/// Most hints of each kind.
const MOST: usize = 5;
/// How many of the likest are looked at for what they hang below.
const LIKEST: usize = 20;
/// What the same service counts beside the likeness of the titles.
const SAME_SERVICE: f64 = 0.5;
/// What the same place or category does.
const SAME_PLACE: f64 = 0.2;

/// What somebody is about to report.
#[derive(Clone, Debug, Default)]
pub struct About {
    /// In a few words.
    pub title: String,
    /// Id or key of the service, if they say.
    pub service: Option<String>,
    /// Id or key of the place.
    pub site: Option<String>,
    /// The category.
    pub category: Option<String>,
    /// Whether all open records that the reader may read are looked at, and not their own alone.
    pub all: bool,
}

/// What may spare a report.
pub struct Hints<'a> {
    /// Announcements, the gravest first.
    pub announcements: Vec<&'a Item>,
    /// Open records, the likest first.
    pub records: Vec<ListedRecord>,
}

/// Finds hints for what somebody is about to report.
pub fn find<'a>(env: &'a Env, sql: &mut dyn Sql, actor: &Actor, about: &About) -> Result<Hints<'a>, DeskError> {
    let words = Words::of(&env.directory);
    let said = words.pieces(&about.title);
    let service = about.service.as_deref().and_then(|service| env.directory.resolve(EntryKind::Service, service));
    let of_service = |item: &Item| service.is_some_and(|service| announcement::services_of(item).contains(&service.key));
    let announcement::Shown { items: mut announcements, over, .. } = announcement::shown(env, sql, actor)?;
    // What works again spares no report: whoever writes one has it still.
    announcements.retain(|item| over.since(item).is_none());
    announcements.retain(|item| of_service(item) || is_about(env, &words, &said, item));
    announcements.truncate(MOST);
    let records = if about.all { all(env, sql, actor, about, (&words, &said))? } else { own(env, sql, actor, (&words, &said))? };
    Ok(Hints { announcements, records })
}

/// The reader's own open records that are alike.
fn own(env: &Env, sql: &mut dyn Sql, actor: &Actor, (words, said): (&Words, &Pieces)) -> Result<Vec<ListedRecord>, DeskError> {
    let now = env.world.now();
    let mut rows = record_list::open_of(sql, actor.user.id, NEWEST, LOOKED_AT)?;
    rows.retain(|row| may_read(env, actor, row, now));
    let texts: Vec<Pieces> = rows.iter().map(|row| words.pieces(&row.title)).collect();
    let mut found = alike::among(said, &texts);
    found.sort_by(|(_, one), (_, other)| other.total_cmp(one));
    Ok(found.into_iter().take(MOST).filter_map(|(at, _)| rows.get(at).cloned()).collect())
}

fn may_read(env: &Env, actor: &Actor, row: &ListedRecord, now: i64) -> bool {
    env.packs.newest(&row.type_key).is_ok_and(|it| it.rights.allows(actor, "read", &PolicyListed(row), now))
}

/// Open records that are alike, of all that the reader may read: those of the same service and place first. What hangs below another that
/// is open stands for that one.
fn all(
    env: &Env,
    sql: &mut dyn Sql,
    actor: &Actor,
    about: &About,
    (words, said): (&Words, &Pieces),
) -> Result<Vec<ListedRecord>, DeskError> {
    let now = env.world.now();
    let mut rows: Vec<Titled> = Vec::new();
    for pinned in env.packs.all() {
        let room = MOST_READ - i64::try_from(rows.len()).unwrap_or(MOST_READ);
        if room > 0 && pinned.rights.ever(actor, "read") {
            let scope = pinned.rights.bound(actor, "read", now);
            rows.extend(record_list::open_titles(sql, pinned.pack.key(), (&scope, &pinned.indexed), now - OLDEST, room)?);
        }
    }
    let id_of = |kind, reference: &Option<String>| reference.as_deref().and_then(|it| env.directory.resolve(kind, it)).map(|item| item.id);
    let (service, site) = (id_of(EntryKind::Service, &about.service), id_of(EntryKind::Site, &about.site));
    let more = |row: &Titled| {
        let same = |yes: bool, weight: f64| if yes { weight } else { 0.0 };
        same(service.is_some() && row.service == service, SAME_SERVICE)
            + same(site.is_some() && row.site == site, SAME_PLACE)
            + same(about.category.is_some() && row.category == about.category, SAME_PLACE)
    };
    let texts: Vec<Pieces> = rows.iter().map(|row| words.pieces(&row.title)).collect();
    let mut found: Vec<(f64, Uuid)> = alike::among(said, &texts)
        .into_iter()
        .filter_map(|(at, likeness)| rows.get(at).map(|row| (likeness + more(row), row.id)))
        .collect();
    // The newest come first among equals, as they were read.
    found.sort_by(|(one, _), (other, _)| other.total_cmp(one));
    found.truncate(LIKEST);
    let likest: Vec<Uuid> = found.into_iter().map(|(_, id)| id).collect();
    let listed = record_list::by_ids(sql, &likest)?;
    let above: Vec<Uuid> = listed.iter().filter_map(|row| row.parent).collect();
    let mut above = record_list::by_ids(sql, &above)?;
    above.retain(|row| store::record::is_open(&row.phase) && may_read(env, actor, row, now));
    let mut shown: Vec<ListedRecord> = Vec::new();
    for row in likest.iter().filter_map(|id| listed.iter().find(|row| row.id == *id)) {
        let row = above.iter().find(|parent| row.parent == Some(parent.id)).unwrap_or(row);
        if shown.len() < MOST && !shown.iter().any(|it| it.id == row.id) {
            shown.push(row.clone());
        }
    }
    Ok(shown)
}

/// Whether something that is said is about what an announcement is about: its title, or the name of a service of its own.
fn is_about(env: &Env, words: &Words, said: &Pieces, item: &Item) -> bool {
    let titles = item.data.get("title").and_then(Value::as_object).into_iter().flat_map(|by| by.values()).filter_map(Value::as_str);
    let services = announcement::services_of(item);
    let services = services.iter().filter_map(|key| env.directory.by_key(EntryKind::Service, key));
    let names = services.flat_map(|service| ["zh", "en"].map(|lang| service.label(lang)));
    titles.map(str::to_owned).chain(names).any(|text| alike::likeness(said, &words.pieces(&text)) > 0.0)
}
