//! Everything that is known of a record, read for its archive.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::{Map, Value, json};
use store::attachment::AttachmentRow;
use store::journal::{Entry, Sight};
use store::outbox::OutboxRow;
use store::record::{Link, RecordRow};
use store::user::UserLabel;
use store::{Sql, record};
use uuid::Uuid;

use crate::env::Pinned;
use crate::files::LARGEST_KEPT;
use crate::record::names::{self, is_person};
use crate::record::{Content, fold};
use crate::{DeskError, Env, journal};

/// Entries read at once.
const PAGE: i64 = 500;

/// A record with all that stands beside it.
pub struct Dossier {
    /// What names are found by.
    pub env: Env,
    /// The version that was read.
    pub version: i64,
    /// The row.
    pub row: RecordRow,
    /// The definitions it is pinned to.
    pub pinned: Arc<Pinned>,
    /// Its values by field, in the terms of the process.
    pub values: Map<String, Value>,
    /// Its journal with the content of each entry; none where that was erased before.
    pub journal: Vec<(Entry, Option<Content>)>,
    /// Names it had elsewhere, as (source, name).
    pub aliases: Vec<(String, String)>,
    /// Links to others.
    pub links: Vec<Link>,
    /// Attached files.
    pub attachments: Vec<AttachmentRow>,
    /// What was sent about it.
    pub messages: Vec<OutboxRow>,
    /// Everybody whom it mentions.
    pub people: BTreeMap<Uuid, UserLabel>,
}

/// Reads it; none when there is no such record.
pub fn read(env: &Env, sql: &mut dyn Sql, id: Uuid) -> Result<Option<Dossier>, DeskError> {
    let Some(row) = record::find(sql, id)? else { return Ok(None) };
    let attachments = store::attachment::of_owner(sql, id)?;
    let bytes: i64 = attachments.iter().map(|row| row.size).sum();
    if bytes > LARGEST_KEPT as i64 {
        return Err(DeskError::TooLarge(format!("its files come to more than the {} MiB of an archive", LARGEST_KEPT / 1024 / 1024)));
    }
    let pinned = env.packs.pinned(sql, row.pack)?;
    let values = fold::to_process(&env.directory, &row)?.values.into_iter().collect();
    let mut dossier = Dossier {
        env: env.clone(),
        version: row.version,
        journal: entries(sql, id)?,
        aliases: record::aliases(sql, id)?,
        links: record::links(sql, id)?,
        messages: store::outbox::of_thread(sql, id)?,
        people: BTreeMap::new(),
        row,
        pinned,
        values,
        attachments,
    };
    // Lists are read up to a limit: what reaches it may not be whole.
    if dossier.aliases.len() >= 100 || dossier.links.len() >= 1000 || dossier.messages.len() >= 10_000 {
        return Err(DeskError::TooLarge("it has more names, links or messages than an archive lists".to_owned()));
    }
    let ids: Vec<Uuid> = dossier.mentioned().into_iter().collect();
    for part in ids.chunks(1000) {
        dossier.people.extend(store::user::labels(sql, part)?.into_iter().map(|label| (label.id, label)));
    }
    Ok(Some(dossier))
}

fn entries(sql: &mut dyn Sql, id: Uuid) -> Result<Vec<(Entry, Option<Content>)>, DeskError> {
    let mut all: Vec<(Entry, Option<Content>)> = Vec::new();
    loop {
        let after = all.last().map_or(0, |(entry, _)| entry.seq);
        let page = store::journal::of_aggregate(sql, id, after, Sight::All, PAGE)?;
        let full = page.len() as i64 == PAGE;
        for entry in page {
            let content = journal::content(&entry)?;
            all.push((entry, content));
        }
        if !full {
            return Ok(all);
        }
    }
}

impl Dossier {
    fn mentioned(&self) -> BTreeSet<Uuid> {
        let row = &self.row;
        let mut ids: BTreeSet<Uuid> = [Some(row.requester), Some(row.reporter), row.assignee].into_iter().flatten().collect();
        ids.extend(self.attachments.iter().map(|file| file.by_user));
        ids.extend(self.messages.iter().filter_map(|message| message.recipient_user));
        ids.extend(self.journal.iter().flat_map(|(entry, _)| [entry.actor, entry.on_behalf_of]).flatten());
        let edits = self.journal.iter().filter_map(|(_, content)| content.as_ref()).flat_map(|content| &content.facts.edits);
        let values = edits.filter(|edit| is_person(&edit.field)).flat_map(|edit| [&edit.old, &edit.new]);
        ids.extend(values.filter_map(|value| value.as_str()?.parse::<Uuid>().ok()));
        ids
    }

    /// The name of somebody.
    pub fn person(&self, id: Uuid) -> String {
        self.people.get(&id).map_or_else(|| id.to_string(), |label| format!("{} ({})", label.name, label.username))
    }

    /// The name of a field's value.
    pub fn value(&self, lang: &str, field: &str, value: &Value) -> String {
        names::value(&self.env, &self.pinned.pack, lang, field, value, |id| self.person(id))
    }

    /// The number of a linked record, as the journal has it.
    fn number_of(&self, other: Uuid) -> Option<&str> {
        let links = self.journal.iter().filter_map(|(_, content)| content.as_ref()?.link.as_ref());
        links.filter(|link| link.other == other).map(|link| link.number.as_str()).next_back()
    }

    /// Where a file lies in the archive.
    pub fn path_of(&self, id: Uuid) -> Option<String> {
        let at = self.attachments.iter().position(|file| file.id == id)?;
        Some(format!("files/{:03}-{}", at + 1, super::file::safe(&self.attachments[at].name)))
    }

    /// What `record.json` says. Values of secret fields stay out, as everywhere.
    pub fn record(&self) -> Value {
        let (row, pack) = (&self.row, &self.pinned.pack);
        let both = |of: &dyn Fn(&str) -> String| json!({ "zh": of("zh"), "en": of("en") });
        let shown = self.values.iter().filter(|(field, _)| self.pinned.shows(field, true));
        let fields: Map<String, Value> = shown
            .map(|(field, value)| {
                let (label, text) = (both(&|lang| names::field(pack, lang, field)), both(&|lang| self.value(lang, field, value)));
                (field.clone(), json!({ "value": value, "label": label, "text": text }))
            })
            .collect();
        let links = self.links.iter().map(|link| json!({ "kind": link.kind, "other": link.other, "number": self.number_of(link.other) }));
        let state = row.state.as_str();
        json!({
            "format": "yuheng-archive/1",
            "id": row.id,
            "type": row.type_key,
            "number": row.number,
            "aliases": self.aliases.iter().map(|(source, name)| json!({ "source": source, "name": name })).collect::<Vec<_>>(),
            "state": { "key": state, "label": both(&|lang| pack.label(lang, &format!("state.{state}"))) },
            "phase": row.phase,
            "opened_at": row.opened_at,
            "responded_at": row.responded_at,
            "resolved_at": row.resolved_at,
            "closed_at": row.closed_at,
            "updated_at": row.updated_at,
            "version": row.version,
            "chain": hex::encode(&row.chain),
            "pack": { "id": self.pinned.id, "key": pack.key(), "version": pack.version(), "hash": pack.hash() },
            "fields": fields,
            "process": serde_json::from_str::<Value>(&row.process).unwrap_or_default(),
            "links": links.collect::<Vec<_>>(),
            "attachments": self.attachments.iter().map(|file| self.attachment(file)).collect::<Vec<_>>(),
            "messages": self.messages.iter().map(message).collect::<Vec<_>>(),
            "people": self.people.values().map(|who| json!({ "id": who.id, "username": who.username, "name": who.name })).collect::<Vec<_>>(),
        })
    }

    fn attachment(&self, file: &AttachmentRow) -> Value {
        json!({
            "id": file.id,
            "path": self.path_of(file.id),
            "name": file.name,
            "size": file.size,
            "media_type": file.media_type,
            "sha256": hex::encode(&file.sha256),
            "visibility": file.visibility,
            "by": file.by_user,
            "at": file.at,
        })
    }
}

fn message(row: &OutboxRow) -> Value {
    json!({
        "id": row.id,
        "channel": row.channel,
        "recipient": row.recipient,
        "recipient_user": row.recipient_user,
        "template": row.template,
        "body": serde_json::from_str::<Value>(&row.body).unwrap_or_else(|_| Value::from(row.body.as_str())),
        "state": row.state,
        "reason": row.reason,
        "created_at": row.created_at,
        "sent_at": row.sent_at,
        "error": row.error,
    })
}
