//! What an organisation says in the place of a pack's own words: terms, names of priorities, its own tree of categories.
//!
//! A pack marks what may be called otherwise where it says it, with its own word: `[[term|word]]`. Words are not pinned: the
//! same version says whatever the organisation says today.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::category::Category;

/// Names by key.
pub type Names = BTreeMap<String, String>;

/// What is said here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wording {
    /// The word for a term and, under `<term>.many`, for several, by language.
    pub terms: BTreeMap<String, Names>,
    /// The name of a level of priority, by language.
    pub levels: BTreeMap<String, Names>,
    /// The tree of categories in the place of the pack's own, by type.
    pub categories: BTreeMap<String, Vec<Category>>,
}

impl Wording {
    /// A text with the words of here: `[[term|word]]` becomes the word for the term, else the pack's own.
    pub fn say<'a>(&self, lang: &str, text: &'a str) -> Cow<'a, str> {
        if !text.contains("[[") {
            return Cow::Borrowed(text);
        }
        let terms = self.terms.get(lang);
        let (mut said, mut rest) = (String::with_capacity(text.len()), text);
        while let Some((before, after)) = rest.split_once("[[") {
            said.push_str(before);
            match after.split_once("]]").and_then(|(inside, left)| Some((inside.split_once('|')?, left))) {
                Some(((term, own), left)) => {
                    match terms.and_then(|terms| terms.get(term)) {
                        Some(word) => said.push_str(&like(word, own)),
                        None => said.push_str(own),
                    }
                    rest = left;
                }
                // No mark after all.
                None => {
                    said.push_str("[[");
                    rest = after;
                }
            }
        }
        said.push_str(rest);
        Cow::Owned(said)
    }
}

/// The word with a small letter where the pack's own has one. What is written in capitals throughout stays.
fn like(word: &str, own: &str) -> String {
    let small = own.chars().next().is_some_and(char::is_lowercase);
    let mut letters = word.chars();
    match (letters.next(), letters.clone().next()) {
        (Some(first), second) if small && !second.is_some_and(char::is_uppercase) => first.to_lowercase().chain(letters).collect(),
        _ => word.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_become_the_words_of_here_and_else_the_packs_own() {
        let names = |pairs: &[(&str, &str)]| pairs.iter().map(|(key, word)| ((*key).to_owned(), (*word).to_owned())).collect::<Names>();
        let terms =
            [("zh".to_owned(), names(&[("thing", "故障")])), ("en".to_owned(), names(&[("thing", "Fault"), ("thing.many", "IT faults")]))];
        let here = Wording { terms: terms.into(), ..Wording::default() };
        assert_eq!(here.say("zh", "上级[[thing|事情]]，[[other|问题]]"), "上级故障，问题");
        assert_eq!(here.say("en", "Parent [[thing|matter]]"), "Parent fault");
        assert_eq!(here.say("en", "[[thing|Matter]] of [[thing.many|matters]]"), "Fault of IT faults");
        assert_eq!(Wording::default().say("en", "[[thing|Matter]]s"), "Matters");
        assert_eq!(here.say("en", "[[ -f x ]] and [[half"), "[[ -f x ]] and [[half");
    }
}
