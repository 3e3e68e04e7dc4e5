//! Making journal entries: digest of the content, link of the hash chain.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use store::journal::{Entry, Payload, Sight};
use store::{Sql, Statement, StoreError};
use uuid::Uuid;

use crate::error::Meanwhile;
use crate::upcast::{STEPS, upcast};
use crate::{DeskError, Keyring, World, keyring};

/// Who does something, through which door, and because of what: the same for all entries of one command.
#[derive(Clone, Debug)]
pub struct Cause {
    /// The person or service account; none for the system itself.
    pub actor: Option<Uuid>,
    /// On whose behalf.
    pub on_behalf_of: Option<Uuid>,
    /// `web`, `portal`, `api`, `import`, `timer`, `message`, `setup` …
    pub channel: String,
    /// Identity of the command.
    pub command: Uuid,
    /// The first command of the chain of effects.
    pub correlation: Uuid,
    /// The command that caused this one.
    pub causation: Option<Uuid>,
    /// Request id, for the logs.
    pub request: Option<String>,
    /// When it happened outside, if that is not now.
    pub occurred_at: Option<i64>,
}

impl Cause {
    /// The system's own doing, through a door such as `timer`.
    pub fn system(world: &World, channel: &str) -> Self {
        let command = world.id();
        Self {
            actor: None,
            on_behalf_of: None,
            channel: channel.to_owned(),
            command,
            correlation: command,
            causation: None,
            request: None,
            occurred_at: None,
        }
    }

    /// A person's doing.
    pub fn of(world: &World, actor: Uuid, channel: &str) -> Self {
        Self { actor: Some(actor), ..Self::system(world, channel) }
    }
}

/// What an entry says, before it is chained.
pub struct Fact<'a> {
    /// Kind of aggregate.
    pub kind: &'static str,
    /// The aggregate.
    pub aggregate: Uuid,
    /// Its version before.
    pub version: i64,
    /// Head of its chain before; empty for a new one.
    pub chain: &'a [u8],
    /// What happened.
    pub event: &'static str,
    /// Pinned definition that decided it.
    pub definition: Option<Uuid>,
    /// `public` or `internal`.
    pub visibility: &'static str,
}

/// The schema version of entry contents written by this program.
pub const SCHEMA_VERSION: i64 = 1;

/// Builds the next entry of an aggregate's journal.
pub fn entry(keyring: &Keyring, world: &World, cause: &Cause, fact: &Fact<'_>, content: &impl Serialize) -> Result<Entry, DeskError> {
    keyring.must_reach(fact.chain)?;
    let body = serde_json::to_string(content).map_err(|error| DeskError::outside("write a journal entry", error))?;
    let recorded_at = world.now();
    let salt = world.bytes::<16>().to_vec();
    let digest = digest(&salt, &body);
    let mut entry = Entry {
        kind: fact.kind.to_owned(),
        aggregate: fact.aggregate,
        seq: fact.version + 1,
        event: fact.event.to_owned(),
        schema_version: SCHEMA_VERSION,
        occurred_at: cause.occurred_at.unwrap_or(recorded_at),
        recorded_at,
        actor: cause.actor,
        on_behalf_of: cause.on_behalf_of,
        channel: cause.channel.clone(),
        command: cause.command,
        correlation: cause.correlation,
        causation: cause.causation,
        definition: fact.definition,
        request: cause.request.clone(),
        visibility: fact.visibility.to_owned(),
        digest: digest.to_vec(),
        chain: Vec::new(),
        payload: Some(Payload { salt, body }),
    };
    entry.chain = link(keyring, fact.chain, &entry);
    Ok(entry)
}

/// The salted digest of an entry's content, over its bytes as written.
pub fn digest(salt: &[u8], body: &str) -> [u8; 32] {
    let mut bytes = Vec::with_capacity(salt.len() + body.len());
    bytes.extend_from_slice(salt);
    bytes.extend_from_slice(body.as_bytes());
    keyring::sha256(&bytes)
}

/// The link that an entry adds to its aggregate's chain: an HMAC over the head before and all of the entry but its
/// content, which stands for itself by its digest.
pub fn link(keyring: &Keyring, before: &[u8], entry: &Entry) -> Vec<u8> {
    linked(before, entry, |parts| keyring.mac(parts))
}

/// Whether an entry is linked to the head before it, by the key that was the newest then.
pub fn holds(keyring: &Keyring, before: &[u8], entry: &Entry) -> bool {
    linked(before, entry, |parts| keyring.verify(&entry.chain, parts))
}

fn linked<T>(before: &[u8], entry: &Entry, with: impl FnOnce(&[&[u8]]) -> T) -> T {
    let id = |id: Option<Uuid>| id.map_or_else(Vec::new, |id| id.as_bytes().to_vec());
    let mut numbers = Vec::with_capacity(32);
    for number in [entry.seq, entry.schema_version, entry.occurred_at, entry.recorded_at] {
        numbers.extend_from_slice(&number.to_be_bytes());
    }
    with(&[
        before,
        entry.kind.as_bytes(),
        entry.aggregate.as_bytes(),
        &numbers,
        entry.event.as_bytes(),
        &id(entry.actor),
        &id(entry.on_behalf_of),
        entry.channel.as_bytes(),
        entry.command.as_bytes(),
        entry.correlation.as_bytes(),
        &id(entry.causation),
        &id(entry.definition),
        entry.request.as_deref().unwrap_or_default().as_bytes(),
        entry.visibility.as_bytes(),
        &entry.digest,
    ])
}

/// The statements that append an entry.
pub fn statements(entry: &Entry, dialect: decide::Dialect) -> [Statement; 2] {
    store::journal::append(entry, dialect)
}

/// Reads an entry's content back; `None` after lawful erasure.
pub fn content<T: DeserializeOwned>(entry: &Entry) -> Result<Option<T>, StoreError> {
    let Some(payload) = &entry.payload else { return Ok(None) };
    let damaged = |error: serde_json::Error| StoreError::Damaged {
        what: format!("journal entry {} of {}", entry.seq, entry.aggregate),
        why: error.to_string(),
    };
    if entry.schema_version == SCHEMA_VERSION {
        return serde_json::from_str(&payload.body).map(Some).map_err(damaged);
    }
    let content = serde_json::from_str(&payload.body).map_err(damaged)?;
    let content = upcast(entry, content, SCHEMA_VERSION, STEPS)?;
    serde_json::from_value(content).map(Some).map_err(damaged)
}

/// One changed value, as contents of entries keep it.
#[derive(Clone, Debug, PartialEq, Serialize, serde::Deserialize)]
pub struct Edit {
    /// The field.
    pub field: String,
    /// Its value before.
    #[serde(default)]
    pub old: Value,
    /// Its value after.
    #[serde(default)]
    pub new: Value,
}

/// Most entries that a refused editor is told of.
const MEANWHILE_LIMIT: i64 = 100;

/// What others changed of an aggregate since the version `since`, as far as the reader may see it. `edits` takes the changed
/// values out of an entry's content.
pub fn meanwhile<T: DeserializeOwned>(
    sql: &mut dyn Sql,
    aggregate: Uuid,
    since: i64,
    sight: Sight,
    edits: impl Fn(T) -> Vec<Edit>,
) -> Result<Vec<Meanwhile>, DeskError> {
    let entries = match sight {
        Sight::All => store::journal::of_aggregate(sql, aggregate, since, sight, MEANWHILE_LIMIT)?,
        // Who sees public entries alone has counted them alone.
        Sight::Public => store::journal::public_of(sql, aggregate, since, MEANWHILE_LIMIT)?,
    };
    let actors: Vec<_> = entries.iter().filter_map(|entry| entry.actor).collect();
    let labels = store::user::labels(sql, &actors)?;
    let mut meanwhile = Vec::new();
    for entry in &entries {
        let Some(content) = content::<T>(entry)? else { continue };
        let actor = labels.iter().find(|label| Some(label.id) == entry.actor).map(|label| label.name.clone());
        let told =
            |Edit { field, old, new }: Edit| Meanwhile { field, old, new, labels: None, actor: actor.clone(), at: entry.occurred_at };
        meanwhile.extend(edits(content).into_iter().map(told));
    }
    Ok(meanwhile)
}
