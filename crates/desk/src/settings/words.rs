//! What things are called here: terms with their presets, and the names of the levels of priority.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use indexmap::IndexMap;
use pack::{LANGUAGES, Names, Wording};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::shape::is_plain;
use super::{PRIORITY_SCHEME, TERMINOLOGY};
use crate::directory::{Directory, category};
use crate::packs;

/// The preset under which packs keep their own words.
pub const PLAIN: &str = "plain";
/// How a level of priority looks, the loudest first.
pub const TONES: [&str; 4] = ["critical", "high", "medium", "low"];
/// The levels of priority, the most urgent first.
pub const LEVELS: [&str; 4] = ["p1", "p2", "p3", "p4"];

/// The words for a term.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Term {
    /// In Chinese.
    #[serde(default)]
    pub zh: Option<String>,
    /// In English.
    #[serde(default)]
    pub en: Option<String>,
    /// In English, for several.
    #[serde(default)]
    pub en_many: Option<String>,
}

/// A set of words that organisations agree on.
#[derive(Clone, Debug, Deserialize)]
pub struct Preset {
    /// Its name in Chinese.
    pub zh: String,
    /// Its name in English.
    pub en: String,
    /// Where it differs from the packs' own words.
    pub words: BTreeMap<String, Term>,
}

/// Names for all levels of priority that organisations agree on.
#[derive(Clone, Debug, Deserialize)]
pub struct Scheme {
    /// Its name in Chinese.
    pub zh: String,
    /// Its name in English.
    pub en: String,
    /// The value of the setting.
    pub value: Value,
}

#[derive(Debug, Default, Deserialize)]
struct Known {
    terms: IndexMap<String, Term>,
    presets: IndexMap<String, Preset>,
    schemes: IndexMap<String, Scheme>,
}

/// What `packs/_terms/terms.json` knows.
static KNOWN: LazyLock<Known> = LazyLock::new(|| {
    let file = packs::beside("_terms/terms.json").unwrap_or_default();
    serde_json::from_slice(&file).unwrap_or_default()
});

/// The terms that can be called otherwise.
pub fn terms() -> Vec<String> {
    KNOWN.terms.keys().cloned().collect()
}

/// The keys of the presets.
pub fn presets() -> Vec<String> {
    KNOWN.presets.keys().cloned().collect()
}

/// A preset with all its words: those that it does not name are the packs' own.
pub fn preset(key: &str) -> Option<(&'static Preset, IndexMap<&'static str, &'static Term>)> {
    let preset = KNOWN.presets.get(key)?;
    Some((preset, KNOWN.terms.iter().map(|(term, own)| (term.as_str(), preset.words.get(term).unwrap_or(own))).collect()))
}

/// The schemes of priorities to begin with, by key.
pub fn schemes() -> impl Iterator<Item = (&'static str, &'static Scheme)> {
    KNOWN.schemes.iter().map(|(key, scheme)| (key.as_str(), scheme))
}

/// A level of priority as it is called here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Level {
    /// The value that records keep.
    pub key: &'static str,
    /// Its name by language, where it has one of its own.
    pub names: Names,
    /// How it looks.
    pub tone: String,
    /// Whether it is a level of its own here; what is not goes with the last that is.
    pub shown: bool,
}

/// The levels as the setting has them.
pub fn levels(directory: &Directory) -> Vec<Level> {
    let scheme = directory.setting(PRIORITY_SCHEME).cloned().unwrap_or_default();
    let shown = scheme.get("shown").and_then(Value::as_u64).and_then(|n| usize::try_from(n).ok()).unwrap_or(LEVELS.len());
    let last = shown.clamp(1, LEVELS.len()) - 1;
    let level = |(n, key): (usize, &&'static str)| {
        let own = scheme.get(LEVELS[n.min(last)]);
        let text = |field: &str| own.and_then(|own| own.get(field)).and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty());
        let names = LANGUAGES.iter().filter_map(|lang| Some(((*lang).to_owned(), text(lang)?.to_owned()))).collect();
        Level { key, names, tone: text("tone").unwrap_or(TONES[n.min(last)]).to_owned(), shown: n <= last }
    };
    LEVELS.iter().enumerate().map(level).collect()
}

/// The levels that a level of the list stands for: the last one shown has those below it with it.
pub fn stands_for(directory: &Directory, key: &str) -> Vec<&'static str> {
    let levels = levels(directory);
    let last = levels.iter().rfind(|level| level.shown).map(|level| level.key);
    levels.iter().filter(|level| level.key == key || (last == Some(key) && !level.shown)).map(|level| level.key).collect()
}

/// How packs speak here.
pub fn wording(directory: &Directory) -> Wording {
    let mut wording = Wording { categories: category::trees(directory), terms: spoken(directory), ..Wording::default() };
    for level in levels(directory) {
        for (lang, name) in level.names {
            wording.levels.entry(lang).or_default().insert(level.key.to_owned(), name);
        }
    }
    wording
}

/// The words for terms that are other ones here than what packs and pages say by themselves, by language.
pub fn spoken(directory: &Directory) -> BTreeMap<String, Names> {
    let mut spoken = BTreeMap::new();
    let setting = directory.setting(TERMINOLOGY).cloned().unwrap_or_default();
    let preset = setting.get("preset").and_then(Value::as_str).and_then(|key| KNOWN.presets.get(key));
    let own: BTreeMap<String, Term> =
        setting.get("words").cloned().and_then(|words| serde_json::from_value(words).ok()).unwrap_or_default();
    for term in KNOWN.terms.keys() {
        let chosen = [own.get(term), preset.and_then(|preset| preset.words.get(term))];
        let word = |of: fn(&Term) -> &Option<String>| {
            chosen.iter().flatten().find_map(|term| of(term).as_deref().map(str::trim).filter(|word| !word.is_empty() && is_plain(word)))
        };
        say(&mut spoken, term, "zh", word(|term| &term.zh), word(|term| &term.zh));
        let one = word(|term| &term.en);
        // Who gives a word for one and none for several speaks English as it is most often spoken.
        let own_one = own.get(term).and_then(|term| term.en.as_deref()).filter(|word| !word.trim().is_empty());
        let own_many = own.get(term).and_then(|term| term.en_many.as_deref()).filter(|word| !word.trim().is_empty());
        let many = match (own_one, own_many) {
            (Some(one), None) => Some(format!("{}s", one.trim())),
            _ => word(|term| &term.en_many).map(str::to_owned),
        };
        say(&mut spoken, term, "en", one, many.as_deref());
    }
    spoken
}

fn say(spoken: &mut BTreeMap<String, Names>, term: &str, lang: &str, one: Option<&str>, many: Option<&str>) {
    let words = spoken.entry(lang.to_owned()).or_default();
    for (key, word) in [(term.to_owned(), one), (format!("{term}.many"), many)] {
        words.extend(word.map(|word| (key, word.to_owned())));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn presets_speak_of_terms_that_there_are_in_both_languages() {
        assert!(terms().len() >= 4 && presets().iter().any(|key| key == PLAIN));
        for (key, preset) in &KNOWN.presets {
            for (term, words) in &preset.words {
                assert!(KNOWN.terms.contains_key(term), "{key}: {term}");
                assert!([&words.zh, &words.en, &words.en_many].iter().all(|word| word.is_some()), "{key}: {term}");
            }
        }
    }

    #[test]
    fn schemes_fit_the_setting() {
        let setting = crate::settings::find(PRIORITY_SCHEME).expect("it is there");
        assert!(schemes().count() >= 2);
        for (key, scheme) in schemes() {
            let mut errors = Vec::new();
            setting.shape.check(&scheme.value, "", &mut errors);
            assert_eq!(errors, [], "{key}");
        }
    }
}
