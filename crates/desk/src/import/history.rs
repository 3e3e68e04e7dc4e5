//! One record's rows as its journal: an entry a row, with what changed since the row before.

use std::sync::Arc;

use decide::FieldType;
use serde_json::{Map as Json, Value, json};
use store::record::RecordRow;
use store::{WriteSet, record};

use super::cast::Cast;
use super::landing;
use super::map::{Field, Map, Standing};
use super::rows::{Group, Reject, Row};
use crate::env::Pinned;
use crate::journal::Cause;
use crate::record::Loaded;
use crate::record::content::{Content, Imported, Opened};
use crate::record::fold::Frame;
use crate::record::write::{self, Event, Part};
use crate::{DeskError, Env};

/// What building a history needs.
pub struct History<'a> {
    /// Clock, keys, directory.
    pub env: &'a Env,
    /// The pack version that imported records are pinned to.
    pub pinned: &'a Arc<Pinned>,
    /// The map.
    pub map: &'a Map,
    /// People.
    pub cast: &'a Cast,
    /// Which database.
    pub dialect: decide::Dialect,
}

/// A record on its way through its rows.
struct Walk {
    set: WriteSet,
    process: pack::Record,
    row: Option<RecordRow>,
    /// The version that an earlier run left; none for a new record.
    base: Option<i64>,
    entries: u64,
    standing: Standing,
}

impl History<'_> {
    /// Builds everything that one new record writes. When rows cannot be taken, the whole record waits: half a history would
    /// be a false one.
    pub fn build(&self, group: &Group, number: String, cause: &Cause) -> Result<(WriteSet, u64), Vec<Reject>> {
        finish(group, self.begin(group, number, cause))
    }

    /// Builds what newer rows add to a record of an earlier run.
    pub fn resume(&self, group: &Group, known: &Loaded, mark: &Imported, cause: &Cause) -> Result<(WriteSet, u64), Vec<Reject>> {
        finish(group, self.go_on(group, known, mark, cause))
    }

    fn begin(&self, group: &Group, number: String, cause: &Cause) -> Result<Walk, (u64, String)> {
        let first = group.rows.first().ok_or((0, "no rows".to_owned()))?;
        let opened_at = first.get(self.map, &self.map.opened).map_or(Ok(first.at), |text| self.map.instant(text));
        let opened_at = opened_at.map_err(|why| (first.line, format!("{}: {why}", self.map.opened)))?;
        let frame =
            Frame { id: self.env.world.id_at(opened_at), type_key: self.pinned.pack.key().to_owned(), number, pack: self.pinned.id };
        let alias = (self.map.source.clone(), group.key.clone());
        let mut walk = Walk {
            set: WriteSet::default(),
            process: pack::Record::default(),
            row: None,
            base: None,
            entries: 0,
            standing: Standing::default(),
        };
        self.tell(&mut walk, &frame, group, opened_at, Some(&alias), cause)?;
        let mark = Imported { from: Some(first.at), ..mark_of(group) };
        self.land(&mut walk, &frame, group, mark, cause)?;
        walk.set.push(record::insert_alias(&alias.0, &alias.1, frame.id));
        Ok(walk)
    }

    fn go_on(&self, group: &Group, known: &Loaded, mark: &Imported, cause: &Cause) -> Result<Walk, (u64, String)> {
        let first = group.rows.first().map_or(0, |row| row.line);
        let process = known.process(self.env).map_err(|error| (first, error.to_string()))?;
        let standing = Standing { state: mark.state.clone(), step: mark.step.clone(), hold: mark.hold.clone() };
        let row = known.row.clone();
        let (frame, opened_at, base) = (write::frame(&row), row.opened_at, Some(row.version));
        let mut walk = Walk { set: WriteSet::default(), process, row: Some(row), base, entries: 0, standing };
        self.tell(&mut walk, &frame, group, opened_at, None, cause)?;
        let mut newest = Imported { from: mark.from, ..mark_of(group) };
        newest.rows += if newest.at == mark.at { mark.rows } else { 0 };
        self.land(&mut walk, &frame, group, newest, cause)?;
        Ok(walk)
    }

    /// Writes an entry for each row.
    fn tell(
        &self,
        walk: &mut Walk,
        frame: &Frame,
        group: &Group,
        opened_at: i64,
        alias: Option<&(String, String)>,
        cause: &Cause,
    ) -> Result<(), (u64, String)> {
        for row in &group.rows {
            let at = |why: String| (row.line, why);
            let values = self.values(row, opened_at, walk).map_err(at)?;
            let new = walk.row.is_none();
            let opened = || Opened { type_key: frame.type_key.clone(), number: frame.number.clone(), alias: alias.cloned() };
            let content = Content { facts: facts(&walk.process, values), record: new.then(opened), ..Content::default() };
            let actor = self.map.actor.as_ref().and_then(|p| row.get(self.map, &p.column)).and_then(|name| self.cast.person(name));
            let cause = Cause { actor, occurred_at: Some(if new { opened_at } else { row.at }), ..cause.clone() };
            let event = if new { Event::public("opened") } else { Event::public("updated") };
            self.step(walk, frame, &cause, &event, content).map_err(|error| at(error.to_string()))?;
        }
        Ok(())
    }

    /// Puts the token where the last row stands.
    fn land(&self, walk: &mut Walk, frame: &Frame, group: &Group, mark: Imported, cause: &Cause) -> Result<(), (u64, String)> {
        let last = group.rows.last().map_or(0, |row| row.line);
        let wrong = |error: DeskError| (last, error.to_string());
        let Standing { state, step, hold } = walk.standing.clone();
        let content = Content {
            facts: landing::facts(self.env, self.pinned, &walk.process, &walk.standing).map_err(wrong)?,
            import: Some(Imported { state, step, hold, ..mark }),
            ..Content::default()
        };
        self.step(walk, frame, cause, &Event::internal("imported"), content).map_err(wrong)
    }

    fn step(&self, walk: &mut Walk, frame: &Frame, cause: &Cause, event: &Event, content: Content) -> Result<(), DeskError> {
        let before = walk.process.clone();
        let mut after = before.clone();
        after.apply(&content.facts);
        let part = Part { frame, pinned: self.pinned, before: walk.row.as_ref().map(|row| (row, &before)), after: &after };
        let mut written = write::build(self.env, self.dialect, cause, &part, event, &content)?;
        // The row is written once, as it is at the end; the entries in between stand in the journal alone.
        let whole = match walk.base {
            None => record::insert(&written.row),
            Some(version) => record::update(&written.row, version),
        };
        let first = walk.set.statements.is_empty();
        walk.set.statements.extend(written.set.statements.drain(..).skip(usize::from(!first)));
        walk.set.statements[0] = whole;
        walk.entries += 1;
        walk.row = Some(written.row);
        walk.process = after;
        Ok(())
    }

    /// The values of a record as one row tells them.
    fn values(&self, row: &Row, opened_at: i64, walk: &mut Walk) -> Result<(Json<String, Value>, Option<String>), String> {
        let map = self.map;
        let said = row.get(map, &map.states.column).ok_or_else(|| format!("{} is empty", map.states.column))?;
        let found = map.states.values.get(said).ok_or_else(|| {
            let known: Vec<&str> = map.states.values.keys().map(String::as_str).collect();
            format!("{} '{said}' is not in the map; it knows {}", map.states.column, known.join(", "))
        })?;
        if found.state.is_some() {
            walk.standing = found.clone();
        }
        let standing = &walk.standing;
        let state = match (&standing.state, &standing.hold) {
            (Some(_), Some(_)) => self.pinned.pack.manifest().hold_state.clone(),
            (state, _) => state.clone(),
        };
        let state = state.unwrap_or_else(|| self.pinned.pack.manifest().initial_state.clone());
        let phase = self.pinned.pack.phase_of(&state).ok_or_else(|| format!("the map's state '{state}' is not one of the pack"))?;
        let mut values = Json::new();
        values.insert("title".to_owned(), json!(row.fill(map, &map.title, true).unwrap_or_default().chars().take(200).collect::<String>()));
        values.insert("description".to_owned(), json!(row.fill(map, &map.description, true).unwrap_or_default()));
        values.insert("opened_at".to_owned(), json!(opened_at));
        values.insert("hold_reason".to_owned(), json!(standing.hold));
        values.insert("customer".to_owned(), json!("home"));
        for (name, field) in &map.fields {
            let value = field_value(map, row, name, field, phase.key())?;
            values.insert(name.clone(), fitting(map, &self.pinned.pack, name, value)?);
        }
        self.places(row, &walk.process, &mut values)?;
        let solved = matches!(phase, pack::Phase::Resolved | pack::Phase::Closed);
        for (field, column, wanted) in [("resolved_at", &map.resolved, solved), ("closed_at", &map.closed, phase == pack::Phase::Closed)] {
            let text = column.as_ref().filter(|_| wanted).and_then(|column| row.get(map, column));
            values.insert(field.to_owned(), json!(text.map(|text| map.instant(text)).transpose()?));
        }
        Ok((values, Some(state)))
    }

    fn places(&self, row: &Row, before: &pack::Record, values: &mut Json<String, Value>) -> Result<(), String> {
        let map = self.map;
        for (field, place) in [("team", &map.team), ("site", &map.site)] {
            let name = place.as_ref().and_then(|place| row.get(map, &place.column));
            values.insert(field.to_owned(), json!(name.map(Map::directory_key)));
        }
        for (field, person) in &map.people {
            let id = row.get(map, &person.column).and_then(|name| self.cast.person(name));
            values.insert(field.clone(), json!(id));
        }
        // A record needs somebody who asked; the log does not always say who.
        if values.get("requester").is_none_or(Value::is_null) {
            values.insert("requester".to_owned(), self.unnamed(row, before)?);
        }
        let requester = values.get("requester").cloned().unwrap_or_default();
        values.entry("reporter").or_insert(requester);
        values.entry("channel").or_insert(json!("import"));
        Ok(())
    }

    /// The requester that a row does not name: who it was before, else whom the map has for this, else who wrote the row.
    fn unnamed(&self, row: &Row, before: &pack::Record) -> Result<Value, String> {
        let known = before.value("requester");
        if !known.is_null() {
            return Ok(known.clone());
        }
        let map = self.map;
        let unknown = map.people.get("requester").and_then(|person| person.unknown.as_deref());
        let actor = || map.actor.as_ref().and_then(|person| row.get(map, &person.column));
        let somebody = unknown.or_else(actor).and_then(|name| self.cast.person(name));
        Ok(json!(somebody.ok_or("nobody is named as requester or actor; name an account for them: people, requester, unknown")?))
    }
}

/// The instant of the newest row, and how many rows have it.
fn mark_of(group: &Group) -> Imported {
    let at = group.rows.iter().map(|row| row.at).max().unwrap_or_default();
    Imported { at, rows: group.rows.iter().filter(|row| row.at == at).count() as u64, ..Imported::default() }
}

fn finish(group: &Group, told: Result<Walk, (u64, String)>) -> Result<(WriteSet, u64), Vec<Reject>> {
    told.map(|walk| (walk.set, walk.entries)).map_err(|(line, reason)| {
        let other = format!("another row of this record (line {line}) was rejected");
        group.rows.iter().map(|row| row.reject(if row.line == line { reason.clone() } else { other.clone() })).collect()
    })
}

fn field_value(map: &Map, row: &Row, name: &str, field: &Field, phase: &str) -> Result<Value, String> {
    if !field.when.is_empty() && !field.when.iter().any(|when| when == phase) {
        return Ok(Value::Null);
    }
    let text = match (&field.template, &field.column) {
        (Some(template), _) => row.fill(map, template, false),
        (None, Some(column)) => row.get(map, column).map(str::to_owned),
        (None, None) => None,
    };
    let Some(text) = text else { return Ok(field.other.clone().map_or(Value::Null, Value::from)) };
    if field.number {
        let number: i64 = text.parse().map_err(|_| format!("{name}: '{text}' is no whole number"))?;
        return Ok(json!(number));
    }
    if !field.values.is_empty() {
        let value = field.values.get(&text).or(field.other.as_ref());
        return value.map(|v| json!(v)).ok_or_else(|| format!("{name}: '{text}' is not in the map"));
    }
    Ok(json!(if field.key { Map::key_of(&text) } else { text }))
}

/// The value as its field holds it; a row with one that it cannot hold is rejected.
fn fitting(map: &Map, pack: &pack::Pack, name: &str, value: Value) -> Result<Value, String> {
    let Some(text) = value.as_str() else { return Ok(value) };
    let choices = pack.choices(name);
    if !choices.is_empty() && !choices.contains(&text) {
        return Err(format!("'{name}' cannot be '{text}': write into the map which text means one of {}", choices.join(", ")));
    }
    match pack.field_type(name) {
        Some(FieldType::Number) => text.parse::<i64>().map(Value::from).map_err(|_| format!("{name}: '{text}' is no whole number")),
        Some(FieldType::Instant) => map.instant(text).map(Value::from).map_err(|why| format!("{name}: {why}")),
        Some(FieldType::Bool) => text.parse::<bool>().map(Value::from).map_err(|_| format!("{name}: '{text}' is neither true nor false")),
        _ => Ok(value),
    }
}

/// What changes when a record takes these values.
fn facts(before: &pack::Record, (values, state): (Json<String, Value>, Option<String>)) -> pack::Facts {
    let changed = values.into_iter().filter_map(|(field, new)| {
        let old = before.value(&field).clone();
        (old != new).then_some(pack::Edit { field, old, new })
    });
    let mut edits: Vec<pack::Edit> = changed.collect();
    edits.sort_by(|a, b| a.field.cmp(&b.field));
    let moved = state.filter(|new| *new != before.state).map(|new| pack::StateMove { old: before.state.clone(), new });
    pack::Facts { edits, state: moved, ..pack::Facts::default() }
}
