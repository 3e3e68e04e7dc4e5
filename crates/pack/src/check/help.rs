//! The help page says in every language what each step wants.

use flow::Kind;

use super::Check;
use crate::Defect;
use crate::text::LANGUAGES;

pub(super) fn check(check: &mut Check<'_>) {
    let pack = check.pack;
    for lang in LANGUAGES {
        let file = format!("help/{lang}.md");
        for step in pack.flow().elements().filter(|element| element.kind == Kind::UserTask) {
            if pack.help_for(lang, &step.id).is_none_or(str::is_empty) {
                let message = format!("nothing is said about the step '{}'", step.id);
                let mend = format!("add a heading that ends with {{#{}}}, and what the step wants", step.id);
                check.defects.push(Defect::new(&file, "missing_help", message, mend));
            }
        }
    }
}
