//! What things are called here: levels of priority, terms and the presets to choose from.

use axum::extract::State;
use desk::settings::words;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::App;
use super::answer::{Answered, ok};
use super::extract::{Lang, Signed};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get_words))
}

/// A level of priority as it is called here.
#[derive(Serialize, ToSchema)]
struct LevelBody {
    /// What records keep.
    key: &'static str,
    /// Its name, where it has one of its own here.
    label: Option<String>,
    /// `critical`, `high`, `medium` or `low`: how it looks.
    tone: String,
    /// Whether it is a level of its own here; what is not goes with the last that is.
    shown: bool,
}

/// A word for one and for several, in both languages.
#[derive(Serialize, ToSchema)]
struct TermBody {
    key: String,
    zh: Option<String>,
    en: Option<String>,
    en_many: Option<String>,
}

/// A set of words to choose.
#[derive(Serialize, ToSchema)]
struct PresetBody {
    key: String,
    label: String,
    /// All words under it.
    terms: Vec<TermBody>,
}

/// Names for all levels of priority, to choose.
#[derive(Serialize, ToSchema)]
struct SchemeBody {
    key: String,
    label: String,
    /// What the setting `priority_scheme` is set to.
    #[schema(value_type = Object)]
    value: Value,
}

/// What things are called here.
#[derive(Serialize, ToSchema)]
struct WordsBody {
    levels: Vec<LevelBody>,
    /// Sets of words that the setting `terminology` can name.
    presets: Vec<PresetBody>,
    /// Schemes that the setting `priority_scheme` can be set to.
    schemes: Vec<SchemeBody>,
}

/// Reads what things are called here
#[utoipa::path(get, path = "/words", tag = "system", responses((status = 200, body = WordsBody)))]
async fn get_words(State(app): State<App>, Signed(actor): Signed, lang: Lang) -> Answered {
    let (env, lang) = (app.desk.env(), lang.of(&actor));
    let levels = words::levels(&env.directory).into_iter().map(|level| LevelBody {
        key: level.key,
        label: level.names.get(lang).cloned(),
        tone: level.tone,
        shown: level.shown,
    });
    let presets = words::presets().into_iter().filter_map(|key| {
        let (preset, terms) = words::preset(&key)?;
        let label = if lang == "en" { preset.en.clone() } else { preset.zh.clone() };
        let term = |(key, term): (&str, &words::Term)| TermBody {
            key: key.to_owned(),
            zh: term.zh.clone(),
            en: term.en.clone(),
            en_many: term.en_many.clone(),
        };
        Some(PresetBody { label, terms: terms.into_iter().map(term).collect(), key })
    });
    let schemes = words::schemes().map(|(key, scheme)| SchemeBody {
        key: key.to_owned(),
        label: if lang == "en" { scheme.en.clone() } else { scheme.zh.clone() },
        value: scheme.value.clone(),
    });
    Ok(ok(WordsBody { levels: levels.collect(), presets: presets.collect(), schemes: schemes.collect() }))
}
