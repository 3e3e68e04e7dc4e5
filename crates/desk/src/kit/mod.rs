//! What agents have at hand: reply templates, macros, checklists. All three are entries of the directory; here is what they mean.

pub mod checklist;
mod entry;
mod fit;
pub mod macros;
mod phrases;
pub mod placeholder;
pub mod template;

pub(crate) use entry::{check, check_banned};
pub use entry::{check_condition, check_room};
pub use phrases::PHRASES;

use serde_json::Value;

use crate::Env;

/// The setting with words that no reply should carry.
pub const BANNED: &str = "banned_phrases";

/// The words that no reply should carry, as the setting has them.
pub fn banned(env: &Env) -> Vec<String> {
    let words = env.directory.setting(BANNED).and_then(Value::as_array);
    words.map_or_else(Vec::new, |list| list.iter().filter_map(|word| word.as_str().map(str::to_owned)).collect())
}

/// A text in a language, else in the other one.
pub(crate) fn in_language<'a>(texts: Option<&'a Value>, lang: &str) -> Option<&'a str> {
    let of = |lang: &str| texts?.get(lang)?.as_str().filter(|text| !text.trim().is_empty());
    of(lang).or_else(|| of("zh")).or_else(|| of("en"))
}
