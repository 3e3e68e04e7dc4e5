//! For whom a job works: as the person who ordered it, with the rights they have at each step and not more than they came with.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use store::Sql;
use uuid::Uuid;

use crate::journal::Cause;
use crate::{Actor, DeskError, Env, Proof};

/// Who ordered a job.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Who {
    user: Uuid,
    /// The scopes of the token they came with; none for a session, which carries all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    scopes: Option<Vec<String>>,
    /// The language they read.
    pub lang: String,
}

impl Who {
    /// Somebody who orders a job and reads a language.
    pub fn of(actor: &Actor, lang: &str) -> Self {
        let scopes = match &actor.proof {
            Proof::Session { .. } => None,
            Proof::Token { scopes, .. } => Some(scopes.clone()),
        };
        Self { user: actor.user.id, scopes, lang: lang.to_owned() }
    }

    /// The person.
    pub fn user(&self) -> Uuid {
        self.user
    }

    /// The person as they are now; none when their account has ended meanwhile.
    pub fn actor(&self, env: &Env, sql: &mut dyn Sql) -> Result<Option<Arc<Actor>>, DeskError> {
        let user = store::user::find(sql, self.user)?.filter(|user| user.is_alive(env.world.now()));
        let proof = match &self.scopes {
            None => Proof::Session { id: Uuid::nil(), csrf: Vec::new() },
            Some(scopes) => Proof::Token { id: Uuid::nil(), scopes: scopes.clone() },
        };
        Ok(user.map(|user| Actor::new(user, &env.directory, proof, env.world.now())))
    }

    /// The cause of what a job does on one record; all of them belong together.
    pub fn cause(&self, env: &Env, job: Uuid) -> Cause {
        self.cause_by(env, job, super::bulk::CHANNEL)
    }

    /// The same through another door.
    pub fn cause_by(&self, env: &Env, job: Uuid, channel: &str) -> Cause {
        Cause { correlation: job, causation: Some(job), ..Cause::of(&env.world, self.user, channel) }
    }
}

/// What is told of every record when the account has ended.
pub(super) const ENDED: &str = "the account of who ordered this has ended";
