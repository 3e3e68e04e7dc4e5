//! The settings there are: a closed list of what each may hold, what holds without it, and who may change it.
//!
//! What a page says of a setting stands in the interface's texts under its key. Of one that is secret the entry holds an HMAC alone.

mod secret;
mod shape;
pub mod words;

pub(crate) use secret::is_sealed_as;
pub use secret::put as put_secret;
pub use shape::{Part, Shape, span};

use serde_json::{Map, Value, json};

use crate::directory::Directory;
use crate::record::list;
use crate::{DeskError, Env, FieldError, alike, kit, retention};
use shape::needed;
pub(crate) use shape::part;

/// Name and language of the organisation.
pub const ORGANISATION: &str = "organisation";
/// What things are called here.
pub const TERMINOLOGY: &str = "terminology";
/// What the levels of priority are called here, and how many there are.
pub const PRIORITY_SCHEME: &str = "priority_scheme";
/// When the organisation works.
pub const WORKING_HOURS: &str = "working_hours";
/// What this desk proves itself with to the mail server.
pub const MAIL_PASSWORD: &str = "mail_password";
/// How far the guided first run has come.
pub const SETUP: &str = "setup";

/// A setting.
#[derive(Debug)]
pub struct Setting {
    /// Its key.
    pub key: &'static str,
    /// The part of the page that it belongs to.
    pub group: &'static str,
    /// What its value may be.
    pub shape: Shape,
    /// What holds while nothing is set.
    pub default: fn() -> Value,
    /// The right to read and write it.
    pub right: &'static str,
    /// Whether pages of everybody show what it says.
    pub shown: bool,
    /// What the shape alone cannot say.
    also: fn(&Env, &Value) -> Vec<FieldError>,
}

impl Setting {
    /// Whether nobody reads its value again.
    pub fn is_secret(&self) -> bool {
        matches!(self.shape, Shape::Secret { .. })
    }
}

const NONE: fn(&Env, &Value) -> Vec<FieldError> = |_, _| Vec::new();
const RIGHT: &str = "setting.write";
/// A name that people read.
const NAME: Shape = Shape::Text { most: 60 };
const LANGUAGES: Shape = Shape::Choice(&["zh", "en"]);
const DAY: Shape = Shape::List { of: &Shape::Span, most: 6 };
const LEVEL: Shape = Shape::Parts(&[part("zh", NAME), part("en", NAME), part("tone", Shape::Choice(&words::TONES))]);
/// Words that are looked for in a reply.
const PHRASE: Shape = Shape::Text { most: 100 };
/// Words with commas between them.
const LINE: Shape = Shape::Text { most: 500 };
const WORD: Shape = Shape::Word { most: 60 };
const TERM: Shape = Shape::Parts(&[part("zh", WORD), part("en", WORD), part("en_many", WORD)]);
const STEP: Shape = Shape::Choice(&STEPS);
const RULE: Shape = Shape::Parts(&[
    needed("type", Shape::Text { most: 64 }),
    needed("phase", Shape::Choice(&retention::ENDED)),
    needed("days", Shape::Number { least: 1, most: retention::LONGEST }),
    needed("action", Shape::Choice(&["remove", "archive"])),
]);

/// The days of a week as working hours name them.
pub const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
/// The steps of the guided first run, in order.
pub const STEPS: [&str; 11] = [
    "organisation",
    "administrator",
    "terminology",
    "priority_scheme",
    "working_hours",
    "sites",
    "people",
    "teams",
    "services",
    "categories",
    "sample",
];

/// All settings, in the order of the page.
pub const SETTINGS: &[Setting] = &[
    Setting {
        key: ORGANISATION,
        group: "organisation",
        shape: Shape::Parts(&[part("zh", NAME), part("en", NAME), part("language", LANGUAGES)]),
        default: || json!({ "language": "zh" }),
        right: RIGHT,
        shown: true,
        also: NONE,
    },
    Setting {
        key: WORKING_HOURS,
        group: "organisation",
        shape: Shape::Parts(&[
            needed("timezone", Shape::Text { most: 64 }),
            part(DAYS[0], DAY),
            part(DAYS[1], DAY),
            part(DAYS[2], DAY),
            part(DAYS[3], DAY),
            part(DAYS[4], DAY),
            part(DAYS[5], DAY),
            part(DAYS[6], DAY),
        ]),
        default: office_hours,
        right: RIGHT,
        shown: false,
        also: |_, value| hours(value),
    },
    Setting {
        key: TERMINOLOGY,
        group: "words",
        shape: Shape::Parts(&[
            part("preset", Shape::ChoiceOf(words::presets)),
            part("words", Shape::Under { names: words::terms, of: &TERM }),
        ]),
        default: || json!({ "preset": words::PLAIN }),
        right: RIGHT,
        shown: true,
        also: NONE,
    },
    Setting {
        key: PRIORITY_SCHEME,
        group: "words",
        shape: Shape::Parts(&[
            part("shown", Shape::Number { least: 2, most: 4 }),
            part("p1", LEVEL),
            part("p2", LEVEL),
            part("p3", LEVEL),
            part("p4", LEVEL),
        ]),
        default: || json!({ "shown": 4 }),
        right: RIGHT,
        shown: true,
        also: NONE,
    },
    Setting {
        key: list::QUEUE_ORDER,
        group: "work",
        shape: Shape::Choice(&["priority", list::EXTERNAL_FIRST]),
        default: || json!("priority"),
        right: RIGHT,
        shown: true,
        also: NONE,
    },
    Setting {
        key: kit::BANNED,
        group: "work",
        shape: Shape::List { of: &PHRASE, most: 200 },
        default: || json!([]),
        right: RIGHT,
        shown: true,
        also: |_, value| kit::check_banned(value),
    },
    Setting {
        key: alike::SETTING,
        group: "work",
        shape: Shape::Parts(&[part("same", Shape::List { of: &LINE, most: 200 }), part("common", Shape::List { of: &LINE, most: 50 })]),
        default: alike::default,
        right: RIGHT,
        shown: false,
        also: |_, value| alike::check(value),
    },
    Setting {
        key: "mail",
        group: "mail",
        shape: Shape::Parts(&[
            needed("host", Shape::Text { most: 253 }),
            needed("port", Shape::Number { least: 1, most: 65_535 }),
            needed("from", Shape::Text { most: 320 }),
            part("username", Shape::Text { most: 320 }),
            part("starttls", Shape::Flag),
        ]),
        default: || Value::Null,
        right: RIGHT,
        shown: false,
        also: |_, value| mail(value),
    },
    Setting {
        key: MAIL_PASSWORD,
        group: "mail",
        shape: Shape::Secret { most: 1000 },
        default: || Value::Null,
        right: RIGHT,
        shown: false,
        also: NONE,
    },
    Setting {
        key: retention::SETTING,
        group: "data",
        shape: Shape::Parts(&[part("rules", Shape::List { of: &RULE, most: 200 })]),
        default: || json!({ "rules": [] }),
        right: RIGHT,
        shown: false,
        also: retention::check,
    },
    Setting {
        key: SETUP,
        group: "setup",
        shape: Shape::Parts(&[
            needed("state", Shape::Choice(&["open", "finished", "dismissed"])),
            part("done", Shape::List { of: &STEP, most: STEPS.len() }),
            part("later", Shape::List { of: &STEP, most: STEPS.len() }),
        ]),
        default: || json!({ "state": "dismissed" }),
        right: RIGHT,
        shown: false,
        also: NONE,
    },
];

/// The setting with this key.
pub fn find(key: &str) -> Result<&'static Setting, DeskError> {
    SETTINGS.iter().find(|setting| setting.key == key).ok_or_else(|| {
        let known: Vec<&str> = SETTINGS.iter().map(|setting| setting.key).collect();
        DeskError::NotFound(format!("setting '{key}' (there are {})", known.join(", ")))
    })
}

/// What holds now: what was set, else the default.
pub fn value(directory: &Directory, setting: &Setting) -> Value {
    directory.setting(setting.key).cloned().unwrap_or_else(setting.default)
}

/// Whether the guided first run was begun and neither finished nor dismissed.
pub fn setup_is_open(directory: &Directory) -> bool {
    directory.setting(SETUP).and_then(|setup| setup.get("state")).and_then(Value::as_str) == Some("open")
}

/// Refuses what a setting cannot be, and leaves out what is null; `null` as a whole goes back to the default.
pub(crate) fn check(env: &Env, key: &str, values: &mut Map<String, Value>) -> Result<(), DeskError> {
    let setting = find(key)?;
    if let Some(value) = values.get_mut("value") {
        shape::tidy(value);
    }
    let Some(value) = values.get("value").filter(|value| !value.is_null()) else { return Ok(()) };
    let mut errors = Vec::new();
    setting.shape.check(value, "/value", &mut errors);
    if errors.is_empty() {
        errors = (setting.also)(env, value);
    }
    if errors.is_empty() { Ok(()) } else { Err(DeskError::Invalid(errors)) }
}

fn office_hours() -> Value {
    let mut hours: Map<String, Value> =
        DAYS[..5].iter().map(|day| ((*day).to_owned(), json!([["09:00", "12:00"], ["13:00", "18:00"]]))).collect();
    hours.insert("timezone".to_owned(), json!("Asia/Shanghai"));
    Value::Object(hours)
}

/// The spans of a day follow each other, in a zone that there is.
fn hours(value: &Value) -> Vec<FieldError> {
    let mut errors = Vec::new();
    if value.get("timezone").and_then(Value::as_str).is_none_or(|zone| zone.parse::<chrono_tz::Tz>().is_err()) {
        errors.push(FieldError::new("/value/timezone", "unknown", "write a name such as Asia/Shanghai"));
    }
    for day in DAYS {
        let spans: Vec<(u32, u32)> = value.get(day).and_then(Value::as_array).into_iter().flatten().filter_map(span).collect();
        for (n, pair) in spans.windows(2).enumerate().filter(|(_, pair)| pair[1].0 < pair[0].1) {
            let message = format!("it begins before the one above ends, at {:02}:{:02}", pair[0].1 / 60, pair[0].1 % 60);
            errors.push(FieldError::new(format!("/value/{day}/{}", n + 1), "order", message));
        }
    }
    errors
}

/// Where mail comes from is an address, and the relay is one that this version can speak to.
fn mail(value: &Value) -> Vec<FieldError> {
    let mut errors = Vec::new();
    if value.get("from").and_then(Value::as_str).is_none_or(|from| from.parse::<lettre::message::Mailbox>().is_err()) {
        errors.push(FieldError::new("/value/from", "format", "write an address: desk@example.org or Service desk <desk@example.org>"));
    }
    if value.get("starttls") == Some(&Value::Bool(true)) {
        errors.push(FieldError::new("/value/starttls", "unsupported", "this version does not speak STARTTLS: use a relay on this machine"));
    }
    let host = value.get("host").and_then(Value::as_str).unwrap_or_default();
    if host.chars().any(|c| c.is_whitespace() || matches!(c, '/' | '@')) {
        errors.push(FieldError::new("/value/host", "format", "write a name or an address alone: mail.example.org"));
    }
    errors
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_default_fits_its_own_shape() {
        for setting in SETTINGS {
            let (value, mut errors) = ((setting.default)(), Vec::new());
            if !value.is_null() {
                setting.shape.check(&value, "", &mut errors);
            }
            assert_eq!(errors, [], "{}", setting.key);
        }
        assert_eq!(hours(&office_hours()), []);
    }

    #[test]
    fn spans_of_a_day_do_not_overlap() {
        let day = json!({ "timezone": "Asia/Shanghai", "mon": [["09:00", "12:00"], ["11:00", "13:00"]] });
        assert_eq!(hours(&day)[0].pointer, "/value/mon/1");
    }
}
