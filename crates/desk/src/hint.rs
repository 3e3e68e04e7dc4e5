//! Hints while somebody reports: announcements in force for them that fit, and their own open records that look alike. Nothing of other
//! people's records is read, so nothing of them can be told: what many have reported is known through its announcement alone.

use std::collections::HashSet;

use serde_json::Value;
use store::Sql;
use store::record_list::{self, ListedRecord};

use crate::announcement;
use crate::directory::{EntryKind, Item};
use crate::policy::PolicyListed;
use crate::{Actor, DeskError, Env};

/// How many of the reader's newest records are looked at.
const NEWEST: i64 = 200;
/// How many of those that are open.
const LOOKED_AT: i64 = 100;
/// Most hints of each kind.
const MOST: usize = 5;
/// Which part of the shorter text the two must share.
const SHARED: f64 = 0.35;
/// Words that say nothing of what it is about.
const EMPTY: [&str; 18] =
    ["the", "is", "my", "in", "on", "at", "to", "of", "for", "it", "and", "not", "no", "does", "can", "cannot", "with", "are"];

/// What somebody is about to report.
#[derive(Clone, Debug, Default)]
pub struct About {
    /// In a few words.
    pub title: String,
    /// Id or key of the service, if they say.
    pub service: Option<String>,
}

/// What may spare them the report.
pub struct Hints<'a> {
    /// Announcements, the gravest first.
    pub announcements: Vec<&'a Item>,
    /// Their own open records, the likest first.
    pub records: Vec<ListedRecord>,
}

/// Finds hints for what somebody is about to report.
pub fn find<'a>(env: &'a Env, sql: &mut dyn Sql, actor: &Actor, about: &About) -> Result<Hints<'a>, DeskError> {
    let said = pieces(&about.title);
    let service = about.service.as_deref().and_then(|service| env.directory.resolve(EntryKind::Service, service));
    let of_service = |item: &Item| service.is_some_and(|service| announcement::services_of(item).contains(&service.key));
    let announcement::Shown { items: mut announcements, over, .. } = announcement::shown(env, sql, actor)?;
    // What works again spares no report: whoever writes one has it still.
    announcements.retain(|item| over.since(item).is_none());
    announcements.retain(|item| of_service(item) || is_about(env, &said, item));
    announcements.truncate(MOST);
    let now = env.world.now();
    let rows = record_list::open_of(sql, actor.user.id, NEWEST, LOOKED_AT)?;
    let mut found: Vec<(f64, ListedRecord)> = rows
        .into_iter()
        .filter(|row| env.packs.newest(&row.type_key).is_ok_and(|it| it.rights.allows(actor, "read", &PolicyListed(row), now)))
        .map(|row| (alike(&said, &pieces(&row.title)), row))
        .filter(|(likeness, _)| *likeness > 0.0)
        .collect();
    found.sort_by(|(one, _), (other, _)| other.total_cmp(one));
    found.truncate(MOST);
    Ok(Hints { announcements, records: found.into_iter().map(|(_, row)| row).collect() })
}

/// Whether something that is said is about what an announcement is about: its title, or the name of a service of its own.
fn is_about(env: &Env, said: &HashSet<String>, item: &Item) -> bool {
    let titles = item.data.get("title").and_then(Value::as_object).into_iter().flat_map(|by| by.values()).filter_map(Value::as_str);
    let services = announcement::services_of(item);
    let services = services.iter().filter_map(|key| env.directory.by_key(EntryKind::Service, key));
    let names = services.flat_map(|service| ["zh", "en"].map(|lang| service.label(lang)));
    titles.map(str::to_owned).chain(names).any(|text| alike(said, &pieces(&text)) > 0.0)
}

/// What a text is compared by: words of letters and digits in lower case, and pairs of Chinese characters, which need no dictionary.
pub fn pieces(text: &str) -> HashSet<String> {
    let (mut pieces, mut word, mut before) = (HashSet::new(), String::new(), None);
    let mut end = |word: &mut String| {
        if word.chars().count() > 1 && !EMPTY.contains(&word.as_str()) {
            pieces.insert(word.clone());
        }
        word.clear();
    };
    let mut pairs = Vec::new();
    for c in text.chars() {
        let han = matches!(c, '\u{3400}'..='\u{9fff}' | '\u{20000}'..='\u{3ffff}');
        if !han && c.is_alphanumeric() {
            word.extend(c.to_lowercase());
        } else {
            end(&mut word);
        }
        if let Some(first) = before.filter(|_| han) {
            pairs.push(format!("{first}{c}"));
        }
        before = han.then_some(c);
    }
    end(&mut word);
    pieces.extend(pairs);
    pieces
}

/// How alike two texts are: the part of the shorter that both have; 0 when it is too little to mean anything.
fn alike(one: &HashSet<String>, other: &HashSet<String>) -> f64 {
    let shorter = one.len().min(other.len());
    let shared = one.intersection(other).count();
    let part = shared as f64 / shorter.max(1) as f64;
    if shared >= shorter.min(2) && shared > 0 && part >= SHARED { part } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn likeness(one: &str, other: &str) -> f64 {
        alike(&pieces(one), &pieces(other))
    }

    #[test]
    fn the_same_in_other_words_is_alike() {
        for (one, other) in [
            ("打印机连不上", "打印机无法连接"),
            ("OA 登录不了", "OA 无法登录"),
            ("The printer on floor 3 is offline", "printer offline"),
            ("VPN", "VPN 登录失败"),
            ("会议室无线网络连不上", "无线网络"),
            ("会议室无线网络连不上", "办公区无线网络中断"),
        ] {
            assert!(likeness(one, other) > 0.0, "{one} / {other}");
        }
    }

    #[test]
    fn what_shares_only_empty_words_is_not() {
        for (one, other) in
            [("打印机连不上", "电脑开机蓝屏"), ("the mail is not there", "the door is not open"), ("", "打印机"), ("坏", "坏")]
        {
            assert!(likeness(one, other) == 0.0, "{one} / {other}");
        }
    }
}
