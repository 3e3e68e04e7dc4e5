//! The desk: one way in for every command, one way out for every query.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use store::idempotency::Kept;
use store::{Db, Sql, Statement, StoreError, Tx, WriteSet};
use tokio::sync::{Mutex, Notify, broadcast};
use uuid::Uuid;

use crate::counters::Counters;
use crate::directory::Directory;
use crate::dispatch::Offers;
use crate::env::Shelf;
use crate::files::Files;
use crate::mode::Gate;
use crate::numbers::Numbers;
use crate::worker::Rounds;
use crate::{Actor, DeskError, Env, Keyring, World, journal, session, settings};

/// How often a command is prepared anew when somebody else was faster: often enough that a few dozen who say something of one record
/// at once all come through.
pub(crate) const TRIES: usize = 12;
/// So often at once; whoever is still behind then lets others go first.
const AT_ONCE: usize = 2;

/// Waits before a command is prepared anew: by chance between nothing and 8 ms, doubled up to 256 ms.
pub(crate) async fn pause(world: &World, attempt: usize) {
    if attempt > AT_ONCE {
        let most = 8u64 << (attempt - AT_ONCE - 1).min(5);
        let dice = u64::from(world.id().as_bytes()[15]);
        tokio::time::sleep(Duration::from_millis(most * dice / 255)).await;
    }
}

/// What live views are told: that something is now at a version. Never its content.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct LiveEvent {
    /// Kind of aggregate.
    pub topic: String,
    /// Its identity.
    pub id: Uuid,
    /// Its version.
    pub version: i64,
    /// Whether only those who see internal entries may know that something happened.
    #[serde(skip)]
    pub internal: bool,
}

impl LiveEvent {
    /// Tells listeners that events may have been missed.
    pub(crate) fn reset() -> Self {
        Self { topic: "reset".to_owned(), id: Uuid::nil(), version: 0, internal: false }
    }
}

struct Inner {
    db: Db,
    world: World,
    keyring: RwLock<Arc<Keyring>>,
    rotating: Mutex<()>,
    /// Held for reading by whatever was prepared with the keys and is not applied yet.
    keys_at_work: tokio::sync::RwLock<()>,
    snapshot: RwLock<(Arc<Directory>, Arc<Shelf>)>,
    refreshing: Mutex<()>,
    numbers: Numbers,
    files: Files,
    gate: Gate,
    counters: Counters,
    live: broadcast::Sender<LiveEvent>,
    written: Notify,
    node: Uuid,
    public_url: Arc<str>,
    offers: Arc<Offers>,
    rounds: Rounds,
    started_at: i64,
}

/// A handle to the desk; cheap to clone.
#[derive(Clone)]
pub struct Desk(Arc<Inner>);

/// What a repeatable request carries, so that a repeat gives the first answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Idempotency {
    /// Whose key it is.
    pub user: Uuid,
    /// Method and path.
    pub route: String,
    /// The key.
    pub key: String,
    /// Digest of the body.
    pub body_hash: [u8; 32],
}

/// The answer of a command as its door gives it.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Body.
    pub body: serde_json::Value,
    /// Version for `ETag`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<i64>,
    /// Address of what was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
    /// Whether this is the kept answer of an earlier request.
    #[serde(skip)]
    pub replayed: bool,
}

impl Desk {
    /// Opens the desk over a database.
    pub async fn open(db: Db, world: World, keyring: Keyring, files: Files, public_url: &str) -> Result<Self, DeskError> {
        let node = world.id();
        let (live, _) = broadcast::channel(1024);
        let started_at = world.now();
        let desk = Self(Arc::new(Inner {
            db,
            world,
            keyring: RwLock::new(Arc::new(keyring)),
            rotating: Mutex::new(()),
            keys_at_work: tokio::sync::RwLock::new(()),
            snapshot: RwLock::new((Arc::new(Directory::unread()), Arc::new(Shelf::default()))),
            refreshing: Mutex::new(()),
            numbers: Numbers::default(),
            files,
            gate: Gate::default(),
            counters: Counters::default(),
            live,
            written: Notify::new(),
            node,
            public_url: public_url.trim_end_matches('/').into(),
            offers: Arc::default(),
            rounds: Rounds::default(),
            started_at,
        }));
        desk.require_its_key().await?;
        desk.refresh().await?;
        Ok(desk)
    }

    /// Refuses keys that did not make the journal, or have been rotated away: what they wrote on would never hold again. The oldest entry
    /// and the last seal tell.
    async fn require_its_key(&self) -> Result<(), DeskError> {
        let keyring = self.env().keyring;
        match self.0.db.read(store::journal::first).await? {
            Some(entry) if !journal::holds(&keyring, &[], &entry) => Err(DeskError::outside(
                "go on with this data",
                "its journal was made with another key: put back the key file of this data folder, or the value of YUHENG_KEY that it \
                 was made with",
            )),
            _ => {
                let last = self.0.db.read(store::journal::last_seal).await?;
                keyring.must_reach(last.as_ref().map_or(&[], |seal| &seal.mac))
            }
        }
    }

    /// The database, for what reads past the desk: backup, checks, metrics.
    pub fn db(&self) -> &Db {
        &self.0.db
    }

    /// Clock and dice.
    pub fn world(&self) -> &World {
        &self.0.world
    }

    /// Stored files.
    pub fn files(&self) -> &Files {
        &self.0.files
    }

    /// The gate before commands.
    pub fn gate(&self) -> &Gate {
        &self.0.gate
    }

    /// The identity of this node, for leases.
    pub fn node(&self) -> Uuid {
        self.0.node
    }

    /// When it started, in UTC milliseconds.
    pub fn started_at(&self) -> i64 {
        self.0.started_at
    }

    /// What the workers of this node do.
    pub fn rounds(&self) -> &Rounds {
        &self.0.rounds
    }

    /// Follows live events from now on.
    pub fn live(&self) -> broadcast::Receiver<LiveEvent> {
        self.0.live.subscribe()
    }

    /// How many open records there are, by what counters ask.
    pub fn counters(&self) -> &Counters {
        &self.0.counters
    }

    /// Tells live views of this node.
    pub(crate) fn announce(&self, event: LiveEvent) {
        self.0.counters.hear(&event);
        // Nobody listening is fine.
        let _ = self.0.live.send(event);
    }

    /// Tells live views of a user that a session, a right or the account has ended: they look again whether they may go on.
    pub fn announce_ended(&self, user: Uuid) {
        self.announce(LiveEvent { topic: "session".to_owned(), id: user, version: 0, internal: false });
    }

    /// Tells live views of a user that something concerns them.
    pub(crate) fn announce_notice(&self, user: Uuid) {
        self.announce(LiveEvent { topic: "notice".to_owned(), id: user, version: 0, internal: false });
    }

    /// Wakes what follows this node's writes.
    pub(crate) fn tell_written(&self) {
        self.0.written.notify_waiters();
    }

    /// Waits until this node has written something.
    pub(crate) async fn written(&self) {
        self.0.written.notified().await;
    }

    /// The directory and packs as this node has them.
    pub fn env(&self) -> Env {
        let snapshot = self.0.snapshot.read().unwrap_or_else(PoisonError::into_inner);
        Env {
            world: self.0.world.clone(),
            keyring: Arc::clone(&self.0.keyring.read().unwrap_or_else(PoisonError::into_inner)),
            directory: Arc::clone(&snapshot.0),
            packs: Arc::clone(&snapshot.1),
            public_url: Arc::clone(&self.0.public_url),
            offers: Arc::clone(&self.0.offers),
            binding: true,
        }
    }

    /// Lets nobody else change keys meanwhile.
    pub(crate) async fn rotating(&self) -> tokio::sync::MutexGuard<'_, ()> {
        self.0.rotating.lock().await
    }

    /// Uses other keys from now on, once everything that was prepared with those before is applied.
    pub(crate) async fn use_keys(&self, keyring: Keyring) {
        let _nothing_under_way = self.0.keys_at_work.write().await;
        *self.0.keyring.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(keyring);
    }

    /// Keeps the keys of now in use until what is prepared with them is applied. Whoever takes [`Desk::env`] and applies what
    /// came of it holds this meanwhile, as [`Desk::execute`] does.
    pub(crate) async fn keys_at_work(&self) -> tokio::sync::RwLockReadGuard<'_, ()> {
        self.0.keys_at_work.read().await
    }

    /// Whether a change of keys waits until what is prepared with those of now is applied.
    pub fn keys_are_waited_for(&self) -> bool {
        // Whoever waits to write lets no more readers in.
        self.0.keys_at_work.try_read().is_err()
    }

    /// Reads directory and packs anew.
    pub async fn refresh(&self) -> Result<(), DeskError> {
        let _one_at_a_time = self.0.refreshing.lock().await;
        let (directory, packs) = self.query(|_, sql| Ok((Directory::read(sql)?, store::pack_version::newest(sql)?))).await?;
        if self.env().directory.epoch == directory.epoch {
            return Ok(());
        }
        let (before, wording) = (self.env().packs, settings::words::wording(&directory));
        let built = tokio::task::spawn_blocking(move || Shelf::build(&packs, wording, &before));
        let (shelf, errors) = built.await.map_err(|error| DeskError::outside("load packs", error))?;
        for error in errors {
            tracing::error!(%error, "a pack is left out");
        }
        *self.0.snapshot.write().unwrap_or_else(PoisonError::into_inner) = (Arc::new(directory), Arc::new(shelf));
        Ok(())
    }

    /// Makes sure that this node knows the directory as it is now: for whatever happens without a request.
    pub(crate) async fn keep_up(&self) -> Result<(), DeskError> {
        let epoch = self.0.db.read(store::directory::epoch).await?;
        self.catch_up(epoch).await
    }

    /// Makes sure that this node knows the directory at an epoch that a query has seen.
    async fn catch_up(&self, epoch: i64) -> Result<(), DeskError> {
        if self.env().directory.epoch < epoch { self.refresh().await } else { Ok(()) }
    }

    /// Finds out who a session cookie belongs to.
    pub async fn actor_by_session(&self, cookie: String) -> Result<Arc<Actor>, DeskError> {
        let now = self.0.world.now();
        let found = self.0.db.read(move |sql| Ok(session::authenticate_session(sql, &cookie, now))).await??;
        self.actor(found).await
    }

    /// Finds out who a bearer token belongs to.
    pub async fn actor_by_token(&self, token: String) -> Result<Arc<Actor>, DeskError> {
        let now = self.0.world.now();
        let found = self.0.db.read(move |sql| Ok(session::authenticate_token(sql, &token, now))).await??;
        self.actor(found).await
    }

    /// Makes sure that an actor of a long connection still is who they were, and may what they might.
    pub async fn actor_again(&self, actor: &Actor) -> Result<Arc<Actor>, DeskError> {
        let (now, user, proof) = (self.0.world.now(), actor.user.id, actor.proof.clone());
        let found = self.0.db.read(move |sql| Ok(session::authenticate_again(sql, user, &proof, now))).await??;
        self.actor(found).await
    }

    async fn actor(&self, found: session::Authenticated) -> Result<Arc<Actor>, DeskError> {
        self.catch_up(found.epoch).await?;
        if let Some(touch) = found.touch
            && self.0.gate.pass().is_ok()
        {
            // Only a note of use: when it fails, the request goes on.
            let _ = self.write(move |tx| tx.apply(&WriteSet { statements: vec![touch] })).await;
        }
        Ok(Actor::new(found.user, &self.env().directory, found.proof, self.0.world.now()))
    }

    /// Runs a query.
    pub async fn query<T, F>(&self, body: F) -> Result<T, DeskError>
    where
        F: FnOnce(&Env, &mut dyn Sql) -> Result<T, DeskError> + Send + 'static,
        T: Send + 'static,
    {
        let env = Env { binding: false, ..self.env() };
        self.0.db.read(move |sql| Ok(body(&env, sql))).await?
    }

    /// Prepares a command on a reader and applies what it writes; prepares it anew when somebody else was faster.
    pub async fn execute<T, F>(&self, prepare: F) -> Result<T, DeskError>
    where
        F: Fn(&Env, &mut dyn Sql) -> Result<(WriteSet, T), DeskError> + Clone + Send + 'static,
        T: Send + 'static,
    {
        self.0.gate.pass()?;
        let mut last = DeskError::Conflict("others keep changing this: try again".to_owned());
        for attempt in 0..TRIES {
            pause(&self.0.world, attempt).await;
            let _keys = self.keys_at_work().await;
            let (env, prepare) = (self.env(), prepare.clone());
            let (set, answer) = self.0.db.read(move |sql| Ok(prepare(&env, sql))).await??;
            if set.statements.is_empty() {
                return Ok(answer);
            }
            match self.apply(set).await {
                Ok(()) => return Ok(answer),
                Err(DeskError::Store(error)) if error.is_retryable() || matches!(error, StoreError::Duplicate(_)) => {
                    last = match error {
                        // A name that is taken stays taken.
                        StoreError::Duplicate(what) if attempt > AT_ONCE => {
                            return Err(DeskError::Conflict(format!("it exists already ({what})")));
                        }
                        StoreError::Duplicate(what) => DeskError::Conflict(format!("it exists already ({what})")),
                        StoreError::Busy(_) => DeskError::Store(error),
                        _ => last,
                    };
                }
                Err(error) => return Err(error),
            }
        }
        Err(last)
    }

    /// As [`Desk::execute`], keeping the answer under an idempotency key in the same transaction.
    pub async fn execute_once<F>(&self, once: Option<Idempotency>, prepare: F) -> Result<Answer, DeskError>
    where
        F: Fn(&Env, &mut dyn Sql) -> Result<(WriteSet, Answer), DeskError> + Clone + Send + 'static,
    {
        self.execute(move |env, sql| {
            let Some(once) = &once else { return prepare(env, sql) };
            if let Some(answer) = kept(env, sql, once)? {
                return Ok((WriteSet::default(), answer));
            }
            let (mut set, answer) = prepare(env, sql)?;
            set.push(keep(env, once, &answer)?);
            Ok((set, answer))
        })
        .await
    }

    /// Applies a write set.
    pub async fn apply(&self, set: WriteSet) -> Result<(), DeskError> {
        let bumps = set.statements.iter().any(|statement| statement.sql.contains("key = 'epoch'"));
        self.write(move |tx| tx.apply(&set)).await?;
        self.0.written.notify_waiters();
        if bumps {
            self.refresh().await?;
        }
        Ok(())
    }

    /// Writes in one transaction. A full disk turns the system read-only instead of failing one by one.
    pub(crate) async fn write<T, F>(&self, body: F) -> Result<T, DeskError>
    where
        F: FnOnce(&mut dyn Tx) -> Result<T, StoreError> + Send + 'static,
        T: Send + 'static,
    {
        self.0.gate.pass()?;
        self.write_past_gate(body).await
    }

    /// As [`Desk::write`], also while the node stops: for notes of what has happened already and cannot be undone.
    pub(crate) async fn write_past_gate<T, F>(&self, body: F) -> Result<T, DeskError>
    where
        F: FnOnce(&mut dyn Tx) -> Result<T, StoreError> + Send + 'static,
        T: Send + 'static,
    {
        let answer = self.0.db.write(body).await;
        if let Err(StoreError::Full(why)) = &answer {
            self.0.gate.disk_is_full(why);
            self.0.gate.pass()?;
        }
        Ok(answer?)
    }

    /// The next number for a record of a type.
    pub async fn next_number(&self, type_key: &str) -> Result<String, DeskError> {
        self.0.gate.pass()?;
        let env = self.env();
        let numbering = env.packs.newest(type_key)?.pack.manifest().number.clone();
        let year = chrono::DateTime::from_timestamp_millis(self.0.world.now()).map_or(1970, |at| chrono::Datelike::year(&at));
        self.0.numbers.next(self, &numbering.prefix, usize::from(numbering.digits), year).await
    }
}

/// What the HMACs of repeated requests are about.
const BODY: &[u8] = b"idempotency";

/// The answer that was kept for this key; refused when the key came with another body.
pub(crate) fn kept(env: &Env, sql: &mut dyn Sql, once: &Idempotency) -> Result<Option<Answer>, DeskError> {
    let Some(kept) = store::idempotency::find(sql, once.user, &once.route, &once.key)? else { return Ok(None) };
    if !env.keyring.verify(&kept.body_hash, &[BODY, &once.body_hash]) {
        return Err(DeskError::KeyReused);
    }
    let mut answer: Answer = serde_json::from_str(&kept.answer).map_err(|error| DeskError::outside("read a kept answer", error))?;
    answer.replayed = true;
    Ok(Some(answer))
}

/// Keeps an answer under its key.
pub(crate) fn keep(env: &Env, once: &Idempotency, answer: &Answer) -> Result<Statement, DeskError> {
    let text = serde_json::to_string(answer).map_err(|error| DeskError::outside("keep an answer", error))?;
    // Bodies may hold a password: without the key outside the database nobody can try out which one it was.
    let body_hash = env.keyring.mac(&[BODY, &once.body_hash]);
    let kept = Kept { body_hash, status: i64::from(answer.status), answer: text };
    Ok(store::idempotency::insert(once.user, &once.route, &once.key, &kept, env.world.now()))
}
