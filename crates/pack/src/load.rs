//! Reads a folder into a pack, or into everything that is wrong with it.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use decide::{Condition, Expression, FieldType, Names, Table};
use indexmap::IndexMap;
use serde::de::DeserializeOwned;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::approvals::{self, Approvals};
use crate::cases::{self, Case};
use crate::form::{Form, OwnField};
use crate::manifest::{Manifest, Right};
use crate::message::Messages;
use crate::schema::{self, Kind};
use crate::source::{Source, join};
use crate::standard_field::{Place, STANDARD_FIELDS, standard_field};
use crate::text::{self, DRAWN_IN, LANGUAGES, Texts};
use crate::wording::Wording;
use crate::{Defect, Pack, check};

/// Largest pack, all files together.
pub const MOST_BYTES_PACK: usize = 5 * 1024 * 1024;
/// Largest single file.
pub const MOST_BYTES_FILE: usize = 2 * 1024 * 1024;
/// Most files: a folder of a hundred thousand empty ones is no pack.
const MOST_FILES: usize = 2_000;

/// The files of a pack as read, kept beside the pack while it is checked, so that every defect has its line.
pub(crate) struct Sources {
    pub manifest: Source,
    pub form: Source,
    pub form_ui: Source,
    pub categories: Option<Source>,
    pub approvals: Option<Source>,
    /// By key.
    pub decisions: IndexMap<String, Source>,
    /// By language.
    pub texts: BTreeMap<String, Source>,
    pub cases: Vec<Source>,
    /// Text of each file, by key and language.
    pub messages: BTreeMap<(String, String), String>,
}

impl Pack {
    /// Reads a pack from its files (path inside the folder, bytes). Every defect found is returned, sorted by file and line.
    pub fn load(files: &BTreeMap<String, Vec<u8>>) -> Result<Pack, Vec<Defect>> {
        Self::load_worded(files, &Wording::default())
    }

    /// The same, saying things as they are said here.
    pub fn load_worded(files: &BTreeMap<String, Vec<u8>>, wording: &Wording) -> Result<Pack, Vec<Defect>> {
        let mut loader = Loader { files, wording, defects: Vec::new() };
        let pack = loader.load();
        let mut defects = loader.defects;
        match pack {
            Some(pack) if defects.is_empty() => Ok(pack),
            _ => {
                defects.sort();
                defects.dedup();
                Err(defects)
            }
        }
    }
}

/// The names of a pack's values, as expressions and tables see them.
pub(crate) struct FieldNames<'a> {
    pub(crate) own: &'a IndexMap<String, OwnField>,
}

impl FieldNames<'_> {
    fn kind(&self, name: &str) -> Option<FieldType> {
        let standard = standard_field(name).map(|field| field.kind);
        standard.or_else(|| self.own.get(name).map(|field| field.kind))
    }
}

impl Names for FieldNames<'_> {
    fn knows(&self, path: &str) -> bool {
        self.kind(path).is_some()
    }

    fn is_text(&self, path: &str) -> bool {
        matches!(self.kind(path), Some(FieldType::Text | FieldType::Ref))
    }
}

/// Hash over names and contents, lengths included, so that no two folders read alike.
fn hash(files: &BTreeMap<String, Vec<u8>>) -> String {
    let mut hasher = Sha256::new();
    for (name, bytes) in files {
        for part in [name.as_bytes(), bytes] {
            hasher.update((part.len() as u64).to_be_bytes());
            hasher.update(part);
        }
    }
    hex::encode(hasher.finalize())
}

struct Loader<'a> {
    files: &'a BTreeMap<String, Vec<u8>>,
    wording: &'a Wording,
    defects: Vec<Defect>,
}

impl Loader<'_> {
    fn load(&mut self) -> Option<Pack> {
        self.check_sizes();
        if !self.defects.is_empty() {
            return None;
        }
        let sources = self.sources();
        let flow = self.flow();
        // What follows reads these files by their schemas; with a broken shape it would only tell the same fault again.
        let sources = sources.filter(|_| self.defects.is_empty())?;
        let (flow, flow_xml) = flow?;
        let manifest: Manifest = self.typed(&sources.manifest)?;
        let form = Form::build(&sources.form).map_err(|defect| self.defects.push(defect)).ok()?;
        let names = FieldNames { own: &form.fields };
        let tables = self.tables(&sources, &names);
        let expressions = self.expressions(&flow, &names);
        let mut sources = sources;
        let (messages, help) = (self.messages(&mut sources), self.help());
        let pack = Pack {
            rights: self.rights(&manifest, &sources.manifest),
            categories: sources.categories.as_ref().and_then(|source| self.typed(source)).unwrap_or_default(),
            cases: self.cases(&sources),
            approvals: self.approvals(&sources, &names),
            texts: texts(&sources, &flow, self.wording),
            help_sections: help.iter().map(|(lang, text)| (lang.clone(), text::sections(text))).collect(),
            form_ui: sources.form_ui.value.clone(),
            hash: hash(self.files),
            derived: tables.values().flat_map(Table::outputs).map(str::to_owned).collect(),
            manifest,
            form,
            flow,
            flow_xml,
            tables,
            expressions,
            help,
            messages,
        };
        check::run(&pack, &sources, &mut self.defects);
        Some(dressed(pack, self.wording))
    }

    fn check_sizes(&mut self) {
        let mend = "keep pictures and data out of the pack";
        let total: usize = self.files.values().map(Vec::len).sum();
        if total > MOST_BYTES_PACK || self.files.len() > MOST_FILES {
            let message = format!("the pack has {} files and {total} bytes", self.files.len());
            self.defects.push(Defect::new("", "too_large", message, mend));
        }
        for (name, bytes) in self.files {
            if bytes.len() > MOST_BYTES_FILE {
                self.defects.push(Defect::new(name, "too_large", format!("{} bytes", bytes.len()), mend));
            }
            if !is_known(name) {
                let mend = "take it out or put it where packs keep it; see packs/_schema/README.md";
                self.defects.push(Defect::new(name, "unknown_file", "no kind of pack file has this name", mend));
            }
        }
    }

    fn text(&mut self, name: &str) -> Option<String> {
        let Some(bytes) = self.files.get(name) else {
            self.defects.push(Defect::new(name, "missing_file", "the file is missing", "add it"));
            return None;
        };
        match std::str::from_utf8(bytes) {
            Ok(text) => Some(text.strip_prefix('\u{feff}').unwrap_or(text).to_owned()),
            Err(error) => {
                let before = bytes.get(..error.valid_up_to()).unwrap_or_default();
                let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
                let defect = Defect::new(name, "not_utf8", "the file is not UTF-8", "save it as UTF-8");
                self.defects.push(defect.at(u32::try_from(line).ok()));
                None
            }
        }
    }

    fn source(&mut self, name: &str, kind: Kind) -> Option<Source> {
        let text = self.text(name)?;
        match Source::read(name, &text) {
            Ok(source) => {
                self.defects.extend(schema::defects(kind, &source));
                Some(source)
            }
            Err(defect) => {
                self.defects.push(defect);
                None
            }
        }
    }

    fn sources(&mut self) -> Option<Sources> {
        let manifest = self.source("pack.yaml", Kind::Manifest);
        let form = self.source("form.json", Kind::Form);
        let form_ui = self.source("form.ui.json", Kind::FormUi);
        let has_categories = self.files.contains_key("categories.yaml");
        let categories = has_categories.then(|| self.source("categories.yaml", Kind::Categories)).flatten();
        let has_approvals = self.files.contains_key("approvals.yaml");
        let approvals = has_approvals.then(|| self.source("approvals.yaml", Kind::Approvals)).flatten();
        let decisions = self.named("decisions/", ".json");
        let decisions = decisions.into_iter().filter_map(|(key, file)| Some((key, self.source(&file, Kind::Decision)?)));
        let decisions = decisions.collect();
        let mut texts = BTreeMap::new();
        for lang in LANGUAGES {
            if let Some(source) = self.source(&format!("i18n/{lang}.yaml"), Kind::Texts) {
                texts.insert(lang.to_owned(), source);
            }
        }
        let cases = self.named("cases/", ".yaml");
        let cases = cases.into_iter().filter_map(|(_, file)| self.source(&file, Kind::Cases)).collect();
        let messages = BTreeMap::new();
        Some(Sources { manifest: manifest?, form: form?, form_ui: form_ui?, categories, approvals, decisions, texts, cases, messages })
    }

    /// Files of a folder with an ending, by the key between.
    fn named(&self, folder: &str, ending: &str) -> Vec<(String, String)> {
        let key = |name: &String| Some(name.strip_prefix(folder)?.strip_suffix(ending)?.to_owned());
        self.files.keys().filter_map(|name| Some((key(name)?, name.clone()))).collect()
    }

    fn flow(&mut self) -> Option<(flow::Definition, String)> {
        let xml = self.text("flow.bpmn")?;
        match flow::Definition::parse(&xml) {
            Ok(flow) => Some((flow, xml)),
            Err(defects) => {
                self.defects.extend(defects.iter().map(check::of_flow));
                None
            }
        }
    }

    fn typed<T: DeserializeOwned>(&mut self, source: &Source) -> Option<T> {
        let read = serde_json::from_value(source.value.clone());
        read.map_err(|error| {
            let mend = "write it as packs/_schema says";
            self.defects.push(Defect::new(&source.file, "wrong_shape", error.to_string(), mend));
        })
        .ok()
    }

    fn tables(&mut self, sources: &Sources, names: &FieldNames<'_>) -> IndexMap<String, Table> {
        let mut tables = IndexMap::new();
        for (key, source) in &sources.decisions {
            match Table::parse(&source.value, names) {
                Ok(table) => {
                    tables.insert(key.clone(), table);
                }
                Err(errors) => self.defects.extend(errors.iter().map(|error| table_defect(source, error))),
            }
        }
        tables
    }

    /// Conditions of edges, and timers that are no ISO 8601 literal, compiled once.
    fn expressions(&mut self, flow: &flow::Definition, names: &FieldNames<'_>) -> HashMap<String, Expression> {
        let conditions = flow.edges().filter_map(|edge| Some((edge.condition.as_deref()?, edge.id.as_str(), edge.line)));
        let literal = |source: &&str| flow::duration_ms(source).is_none();
        let timers =
            flow.elements().filter_map(|element| Some((element.timer.as_deref().filter(literal)?, element.id.as_str(), element.line)));
        let mut found = HashMap::new();
        for (source, id, line) in conditions.chain(timers) {
            match Expression::compile(source, names) {
                Ok(expression) => {
                    found.insert(source.to_owned(), expression);
                }
                Err(error) => {
                    let message = format!("{id}: '{source}': {}", error.message);
                    self.defects.push(Defect::new("flow.bpmn", "expression", message, error.mend).at(Some(line)));
                }
            }
        }
        found
    }

    /// Scopes name standard fields only: every door, lists and counters too, must answer them without the own fields.
    fn rights(&mut self, manifest: &Manifest, source: &Source) -> IndexMap<String, Vec<Right>> {
        let stored = STANDARD_FIELDS.iter().filter(|field| field.place == Place::Listed);
        let known: BTreeMap<String, FieldType> = stored.map(|field| (field.name.to_owned(), field.kind)).collect();
        let mut rights: IndexMap<String, Vec<Right>> = IndexMap::new();
        for (role, rules) in &manifest.rights {
            let compiled = rights.entry(role.clone()).or_default();
            for (index, rule) in rules.iter().enumerate() {
                let at = format!("{}/{index}/scope", join("/rights", role));
                let scope = match rule.scope.as_ref().map(|scope| Condition::parse(scope, &known)) {
                    None => Condition::always(),
                    Some(Ok(scope)) => scope,
                    Some(Err(error)) => {
                        let pointer = format!("{at}{}", error.pointer);
                        self.defects.push(source.defect(&pointer, "condition", error.message, error.mend));
                        // What cannot be read gives nobody anything.
                        Condition::never()
                    }
                };
                compiled.push(Right { action: rule.action.clone(), scope });
            }
        }
        rights
    }

    fn approvals(&mut self, sources: &Sources, names: &FieldNames<'_>) -> Approvals {
        sources.approvals.as_ref().map(|source| approvals::read(source, names, &mut self.defects)).unwrap_or_default()
    }

    fn cases(&mut self, sources: &Sources) -> Vec<Case> {
        let mut found = Vec::new();
        for source in &sources.cases {
            found.extend(cases::read(source, &mut self.defects));
        }
        found
    }

    fn messages(&mut self, sources: &mut Sources) -> Messages {
        let mut messages = Messages::new();
        for (name, file) in self.named("messages/", ".md") {
            // `check_sizes` has let only `<key>.<language>.md` pass.
            let Some((key, lang)) = name.rsplit_once('.') else { continue };
            let Some(text) = self.text(&file) else { continue };
            let Some((front, body, first)) = split_front(&text) else {
                let mend = "begin with ---, subject: …, ---";
                self.defects.push(Defect::new(&file, "front_matter", "the head is missing", mend).at(Some(1)));
                continue;
            };
            let subject = match Source::read_front(&file, front, 2) {
                Ok(source) => {
                    self.defects.extend(schema::defects(Kind::Message, &source));
                    source.value.get("subject").and_then(Value::as_str).unwrap_or_default().to_owned()
                }
                Err(defect) => {
                    self.defects.push(defect);
                    continue;
                }
            };
            let said = |text: &str| self.wording.say(lang, text).into_owned();
            if let Err(error) = messages.add(key, lang, said(&subject), said(body)) {
                let line = error.line().and_then(|line| u32::try_from(line).ok()).map(|line| line + first - 1);
                let mend = "write it as minijinja has it, e.g. {{ record.title }}";
                self.defects.push(Defect::new(&file, "template", error.to_string(), mend).at(line));
            }
            sources.messages.insert((key.to_owned(), lang.to_owned()), text.clone());
        }
        messages
    }

    fn help(&mut self) -> BTreeMap<String, String> {
        let wording = self.wording;
        let help = |lang: &&str| Some(((*lang).to_owned(), wording.say(lang, &self.text(&format!("help/{lang}.md"))?).into_owned()));
        LANGUAGES.iter().filter_map(help).collect()
    }
}

/// Texts by language; names in the drawing are texts of the language it is drawn in.
fn texts(sources: &Sources, flow: &flow::Definition, wording: &Wording) -> BTreeMap<String, Texts> {
    let mut texts: BTreeMap<String, Texts> =
        sources.texts.iter().map(|(lang, source)| (lang.clone(), text::flatten(&source.value))).collect();
    if let Some(drawn) = texts.get_mut(DRAWN_IN) {
        let elements = flow.elements().map(|element| ("activity", &element.id, &element.name));
        let edges = flow.edges().map(|edge| ("edge", &edge.id, &edge.name));
        for (kind, id, name) in elements.chain(edges).filter(|(_, _, name)| !name.is_empty()) {
            drawn.entry(format!("{kind}.{id}")).or_insert_with(|| name.clone());
        }
    }
    for (lang, texts) in &mut texts {
        for text in texts.values_mut() {
            if let Cow::Owned(said) = wording.say(lang, text) {
                *text = said;
            }
        }
    }
    texts
}

/// The pack with the names of priorities and the categories of here. What a field calls a level is told wherever a field takes
/// the same values as the priority.
fn dressed(mut pack: Pack, wording: &Wording) -> Pack {
    let levels: Vec<String> = pack.choices("priority").into_iter().map(str::to_owned).collect();
    let own = pack.own_fields().iter().filter(|(_, field)| field.values == levels).map(|(name, _)| name.clone());
    let fields: Vec<String> = own.chain(["priority".to_owned()]).collect();
    for (lang, names) in &wording.levels {
        let Some(texts) = pack.texts.get_mut(lang) else { continue };
        for (field, level) in fields.iter().flat_map(|field| levels.iter().map(move |level| (field, level))) {
            if let Some(name) = names.get(level) {
                texts.insert(format!("value.{field}.{level}"), name.clone());
            }
        }
    }
    if let Some(categories) = wording.categories.get(pack.key()) {
        pack.categories.clone_from(categories);
    }
    pack
}

fn table_defect(source: &Source, error: &decide::TableError) -> Defect {
    let index = |list: &str, key: &str, id: &str| {
        let items = source.value.get(list)?.as_array()?;
        items.iter().position(|item| item.get(key).and_then(Value::as_str) == Some(id))
    };
    let pointer = match (&error.rule, &error.column) {
        (Some(rule), column) => index("rules", "_id", rule).map(|row| {
            let row = format!("/rules/{row}");
            column.as_ref().map_or(row.clone(), |column| join(&row, column))
        }),
        (None, Some(column)) => {
            let list = |list: &str| index(list, "id", column).map(|at| format!("/{list}/{at}"));
            list("inputs").or_else(|| list("outputs"))
        }
        (None, None) => None,
    };
    source.defect(&pointer.unwrap_or_default(), "table", error.message.clone(), error.mend.clone())
}

/// Head and body of a message, and the body's first line.
fn split_front(text: &str) -> Option<(&str, &str, u32)> {
    let rest = text.strip_prefix("---\n").or_else(|| text.strip_prefix("---\r\n"))?;
    let end = rest.find("\n---")?;
    let front = rest.get(..end)?;
    let body = rest.get(end + 4..)?;
    let body = body.split_once('\n').map_or("", |(_, body)| body);
    let lines = front.matches('\n').count() + 4;
    Some((front, body, u32::try_from(lines).ok()?))
}

/// Whether a pack may have a file of this name.
fn is_known(name: &str) -> bool {
    const FIXED: [&str; 7] = ["pack.yaml", "form.json", "form.ui.json", "flow.bpmn", "categories.yaml", "approvals.yaml", "README.md"];
    let is_key = |key: &str| {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        key.starts_with(|c: char| c.is_ascii_lowercase()) && key.chars().all(plain)
    };
    let between = |folder: &str, ending: &str| name.strip_prefix(folder).and_then(|rest| rest.strip_suffix(ending));
    let in_language = |folder: &str, ending: &str| between(folder, ending).is_some_and(|lang| LANGUAGES.contains(&lang));
    let message = between("messages/", ".md").and_then(|name| name.rsplit_once('.'));
    FIXED.contains(&name)
        || between("decisions/", ".json").is_some_and(is_key)
        || between("cases/", ".yaml").is_some_and(is_key)
        || in_language("i18n/", ".yaml")
        || in_language("help/", ".md")
        || message.is_some_and(|(key, lang)| is_key(key) && LANGUAGES.contains(&lang))
}
