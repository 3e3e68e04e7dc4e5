//! The map: how columns of another system's log become fields, people, teams and states.

use std::collections::BTreeMap;
use std::path::Path;

use chrono::{NaiveDate, NaiveDateTime, TimeZone};
use serde::Deserialize;

use crate::DeskError;

/// Most characters of a key of the directory.
const LONGEST_KEY: usize = 64;

/// A map file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Map {
    /// Name of the other system.
    pub source: String,
    /// Time zone of the dates, such as `Asia/Shanghai`.
    pub zone: String,
    /// Format of the dates (strftime).
    pub dates: String,
    /// Texts that mean unknown.
    #[serde(default)]
    pub nulls: Vec<String>,
    /// Column with the record's key.
    pub record: String,
    /// Column with the instant of a row.
    pub at: String,
    /// Who did what a row tells.
    #[serde(default)]
    pub actor: Option<Person>,
    /// Column with the instant of opening.
    pub opened: String,
    /// Column with the instant of the solution.
    #[serde(default)]
    pub resolved: Option<String>,
    /// Column with the instant of closing.
    #[serde(default)]
    pub closed: Option<String>,
    /// Template of the title: `{column}` stands for a column's text.
    pub title: String,
    /// Template of the description.
    #[serde(default)]
    pub description: String,
    /// Fields.
    #[serde(default)]
    pub fields: BTreeMap<String, Field>,
    /// `requester` and `assignee`.
    #[serde(default)]
    pub people: BTreeMap<String, Person>,
    /// Team.
    #[serde(default)]
    pub team: Option<Place>,
    /// Site.
    #[serde(default)]
    pub site: Option<Place>,
    /// States.
    pub states: States,
}

/// Where a field comes from.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// A column.
    #[serde(default)]
    pub column: Option<String>,
    /// Or a template of columns; empty when one of them is unknown.
    #[serde(default)]
    pub template: Option<String>,
    /// The column's text → the value. A text that is not listed rejects the row, unless there is `other`.
    #[serde(default)]
    pub values: BTreeMap<String, String>,
    /// The value for texts that are not listed.
    #[serde(default)]
    pub other: Option<String>,
    /// Whether the value is a whole number.
    #[serde(default)]
    pub number: bool,
    /// Whether the value becomes a key: lower case, dashes.
    #[serde(default)]
    pub key: bool,
    /// Phases in which the field is taken over; in all when left out.
    #[serde(default)]
    pub when: Vec<String>,
}

/// Where a person comes from.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// Column with the name.
    pub column: String,
    /// Roles of accounts that are made.
    pub roles: Vec<String>,
    /// For the requester, whom every record has: the name of the account that stands for all whom the log does not name. Without
    /// it whoever wrote the row counts as the requester.
    pub unknown: Option<String>,
}

/// Where a team or site comes from.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// Column with the name.
    pub column: String,
}

/// Where the state comes from.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct States {
    /// Column with the state.
    pub column: String,
    /// The column's text → what it means here.
    pub values: BTreeMap<String, Standing>,
}

/// What a state of the other system means here; an empty one leaves the state as it was.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Standing {
    /// The pack's state.
    #[serde(default)]
    pub state: Option<String>,
    /// The activity on which a record lands that is still in this state at the end.
    #[serde(default)]
    pub step: Option<String>,
    /// The reason of a hold.
    #[serde(default)]
    pub hold: Option<String>,
}

impl Map {
    /// Reads a map file.
    pub fn read(path: &Path) -> Result<Self, DeskError> {
        let wrong = |why: String| DeskError::Outside { what: "read the map", why: format!("{}: {why}", path.display()) };
        let text = std::fs::read_to_string(path).map_err(|error| wrong(error.to_string()))?;
        let map: Self = serde_saphyr::from_str(&text).map_err(|error| wrong(error.to_string()))?;
        map.zone()?;
        map.check_dates()?;
        Ok(map)
    }

    /// Refuses a format that no date can be read by.
    fn check_dates(&self) -> Result<(), DeskError> {
        let wrong = |why: &str| DeskError::outside("read the map", format!("dates: '{}' {why}", self.dates));
        if chrono::format::StrftimeItems::new(&self.dates).any(|item| item == chrono::format::Item::Error) {
            return Err(wrong("is no format of dates: write one like '%d/%m/%Y %H:%M'"));
        }
        let example = NaiveDate::from_ymd_opt(2016, 4, 23).and_then(|date| date.and_hms_opt(17, 45, 0)).unwrap_or_default();
        let text = example.format(&self.dates).to_string();
        match NaiveDateTime::parse_from_str(&text, &self.dates) {
            Ok(read) if read == example => Ok(()),
            _ => Err(wrong("does not name day, month, year, hour and minute")),
        }
    }

    /// Refuses states, steps and reasons of holds that the pack does not have: they would reject rows one by one.
    pub fn check_states(&self, pack: &pack::Pack) -> Result<(), DeskError> {
        let wrong = |why: String| Err(DeskError::outside("read the map", format!("states: {why}")));
        for (text, standing) in &self.states.values {
            if let Some(state) = standing.state.as_deref().filter(|state| pack.phase_of(state).is_none()) {
                let known: Vec<&str> = pack.manifest().states.keys().map(String::as_str).collect();
                return wrong(format!("'{text}' becomes '{state}', which is no state; there are {}", known.join(", ")));
            }
            if let Some(step) = standing.step.as_deref() {
                let task = |element: &&flow::Element| element.kind == flow::Kind::UserTask;
                if !pack.flow().element(step).is_some_and(|element| task(&element)) {
                    let known: Vec<&str> = pack.flow().elements().filter(task).map(|element| element.id.as_str()).collect();
                    return wrong(format!("'{text}' lands on '{step}', which is no step; there are {}", known.join(", ")));
                }
                let there = pack.flow().element(step).and_then(|element| element.properties.get("state"));
                if let (Some(there), Some(state)) = (there, &standing.state)
                    && there != state
                {
                    return wrong(format!("'{text}' becomes '{state}' but lands on '{step}', where records are '{there}'"));
                }
            }
            let reasons = pack.manifest().reasons("hold");
            if let Some(hold) = standing.hold.as_deref().filter(|hold| !reasons.iter().any(|known| known == hold)) {
                return wrong(format!("'{text}' holds for '{hold}', which is no reason; there are {}", reasons.join(", ")));
            }
        }
        Ok(())
    }

    /// Refuses fields that the pack does not have, and values that their fields cannot hold: lists could not ask for them.
    pub fn check_fields(&self, pack: &pack::Pack) -> Result<(), DeskError> {
        let wrong = |why: String| Err(DeskError::outside("read the map", format!("fields: {why}")));
        for (name, field) in &self.fields {
            if pack.field_type(name).is_none() {
                let own = pack.own_fields().keys().map(String::as_str);
                let known: Vec<&str> = pack::STANDARD_FIELDS.iter().map(|field| field.name).chain(own).collect();
                return wrong(format!("there is no field '{name}'; there are {}", known.join(", ")));
            }
            let choices = pack.choices(name);
            let mut given = field.values.values().chain(&field.other);
            if let Some(value) = given.find(|value| !choices.is_empty() && !choices.contains(&value.as_str())) {
                return wrong(format!("'{name}' cannot be '{value}'; write one of {}", choices.join(", ")));
            }
            if let Some(phase) = field.when.iter().find(|when| !pack::Phase::ALL.iter().any(|phase| phase.key() == *when)) {
                let known: Vec<&str> = pack::Phase::ALL.iter().map(|phase| phase.key()).collect();
                return wrong(format!("'{name}' is taken over when '{phase}', which is no phase; there are {}", known.join(", ")));
            }
        }
        if let Some(name) = self.people.keys().find(|name| !matches!(name.as_str(), "requester" | "assignee")) {
            return wrong(format!("people: there is no '{name}'; write requester or assignee"));
        }
        if self.people.iter().any(|(name, person)| person.unknown.is_some() && name != "requester") {
            return wrong("people: only the requester takes 'unknown'; other people stay empty when the log does not name them".to_owned());
        }
        Ok(())
    }

    fn zone(&self) -> Result<chrono_tz::Tz, DeskError> {
        self.zone.parse().map_err(|_| DeskError::outside("read the map", format!("zone: there is no time zone '{}'", self.zone)))
    }

    /// The instant of a date text in the map's zone; texts in a gap of the clock move forward.
    pub fn instant(&self, text: &str) -> Result<i64, String> {
        let local = NaiveDateTime::parse_from_str(text, &self.dates).map_err(|_| format!("'{text}' is no date like {}", self.dates))?;
        self.local(local)
    }

    fn local(&self, local: NaiveDateTime) -> Result<i64, String> {
        let zone = self.zone().map_err(|error| error.to_string())?;
        let found = zone.from_local_datetime(&local).earliest();
        let found = found.or_else(|| zone.from_local_datetime(&(local + chrono::TimeDelta::hours(1))).earliest());
        found.map(|at| at.timestamp_millis()).ok_or_else(|| format!("{local} does not exist in {}", self.zone))
    }

    /// The instant that `--until` means: a date in the map's zone, or an instant with offset.
    pub fn until(&self, text: &str) -> Result<i64, DeskError> {
        if let Ok(at) = chrono::DateTime::parse_from_rfc3339(text) {
            return Ok(at.timestamp_millis());
        }
        let date = NaiveDate::parse_from_str(text, "%Y-%m-%d");
        let date =
            date.map_err(|_| DeskError::outside("read --until", format!("'{text}' is neither 2016-04-01 nor an instant with offset")))?;
        self.local(date.and_time(chrono::NaiveTime::MIN)).map_err(|why| DeskError::outside("read --until", why))
    }

    /// The key that a name becomes: lower case letters and digits, all else a dash; `/` stays in paths.
    pub fn key_of(name: &str) -> String {
        let dashed: String = name.to_lowercase().chars().map(|c| if c.is_alphanumeric() || c == '/' { c } else { '-' }).collect();
        let parts = dashed.split('/').map(|part| part.split('-').filter(|s| !s.is_empty()).collect::<Vec<_>>().join("-"));
        parts.collect::<Vec<_>>().join("/")
    }

    /// The key of a team or site of this name. Keys hold Latin letters and digits only: what else a name has, or has too much
    /// of, is told apart by the beginning of its digest, so that the same name finds the same entry again.
    pub fn directory_key(name: &str) -> String {
        let plain = Self::key_of(name).replace('/', "-");
        if plain.is_ascii() && (1..=LONGEST_KEY).contains(&plain.len()) {
            return plain;
        }
        let latin: String = plain.chars().filter(char::is_ascii).take(LONGEST_KEY / 2).collect();
        let digest = hex::encode(&crate::keyring::sha256(name.trim().as_bytes())[..5]);
        format!("{}-{digest}", latin.trim_matches('-')).trim_start_matches('-').to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::Map;

    #[test]
    fn every_name_becomes_a_key_of_its_own() {
        assert_eq!((Map::directory_key("Group 70"), Map::directory_key("Campus A/B")), ("group-70".to_owned(), "campus-a-b".to_owned()));
        let names = ["网络组", "校区A", "校区B", "A校区", "\u{1f600}", "", &"long ".repeat(30), &"long ".repeat(31)];
        let keys: std::collections::BTreeSet<String> = names.iter().map(|name| Map::directory_key(name)).collect();
        assert_eq!(keys.len(), names.len(), "{keys:?}");
        assert!(keys.iter().all(|key| (1..=64).contains(&key.len()) && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')));
        assert!(Map::directory_key("校区A").starts_with("a-"));
    }
}
