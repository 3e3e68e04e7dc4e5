//! Who acts: the signed-in person with what policy needs to know of them.

use std::sync::Arc;

use decide::Binding;
use serde_json::Value;
use store::user::UserRow;
use uuid::Uuid;

use crate::DeskError;
use crate::directory::{Deputation, Directory};

/// How somebody proved who they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Proof {
    /// A browser's session; its identity and the hash of its CSRF token.
    Session {
        /// Identity of the session.
        id: Uuid,
        /// Hash of the CSRF token that writes must carry.
        csrf: Vec<u8>,
    },
    /// A program's token with its scopes.
    Token {
        /// Identity of the token.
        id: Uuid,
        /// Scope words: `read`, `write`, `admin`.
        scopes: Vec<String>,
    },
}

/// A person or service account that acts.
#[derive(Clone, Debug)]
pub struct Actor {
    /// The user.
    pub user: UserRow,
    /// Role keys.
    pub roles: Vec<String>,
    /// Teams the person is a member of.
    pub teams: Vec<Uuid>,
    /// Actions apart from records, of all roles.
    pub actions: Vec<String>,
    /// How the person proved it.
    pub proof: Proof,
    /// For whom the person stands in today.
    pub stands_in_for: Vec<Absent>,
}

/// Somebody who is away and for whom another acts.
#[derive(Clone, Debug)]
pub struct Absent {
    /// Who.
    pub person: Uuid,
    /// Their role keys.
    pub roles: Vec<String>,
    /// Whether they administer everything.
    pub admin: bool,
    /// Teams whose named person on duty they are.
    pub duties: Vec<Uuid>,
    /// What `me`, `my_teams` and the like mean for them.
    binding: Binding,
}

impl Absent {
    fn of(directory: &Directory, away: &Deputation, now: i64) -> Self {
        let texts = |ids: &[Uuid]| ids.iter().map(Uuid::to_string).collect();
        let binding = Binding {
            me: Some(away.person.to_string()),
            my_teams: texts(directory.teams_of(away.person)),
            my_sites: away.site.iter().map(Uuid::to_string).collect(),
            my_customer: Some(away.customer.to_string()),
            now,
        };
        let actions = actions_of(directory, &away.roles);
        let duties = directory.duties_of(away.person).to_vec();
        Self { person: away.person, roles: away.roles.clone(), admin: actions.iter().any(|a| a == "*"), duties, binding }
    }

    /// What `me`, `my_teams` and the like mean for them.
    pub fn binding(&self) -> &Binding {
        &self.binding
    }
}

fn actions_of(directory: &Directory, roles: &[String]) -> Vec<String> {
    roles.iter().filter_map(|key| directory.role(key)).flat_map(|role| role.actions).collect()
}

impl Actor {
    /// Puts together what is known of a user at `now`.
    pub fn new(user: UserRow, directory: &Directory, proof: Proof, now: i64) -> Arc<Self> {
        let roles: Vec<String> = serde_json::from_str::<Vec<String>>(&user.roles).unwrap_or_default();
        let actions = actions_of(directory, &roles);
        let teams = directory.teams_of(user.id).to_vec();
        let stands_in_for = directory.stands_in_for(user.id, now).map(|away| Absent::of(directory, away, now)).collect();
        Arc::new(Self { user, roles, teams, actions, proof, stands_in_for })
    }

    /// Somebody as they are once they have signed in: for finding out what they may read.
    pub fn of_user(user: UserRow, directory: &Directory, now: i64) -> Arc<Self> {
        let proof = Proof::Session { id: Uuid::nil(), csrf: Vec::new() };
        Self::new(user, directory, proof, now)
    }

    /// Whether a role allows an action apart from records, and the token's scopes do not take it away.
    pub fn may(&self, action: &str) -> bool {
        let granted = self.actions.iter().any(|a| a == "*" || a == action);
        let write = !action.ends_with(".read") && action != "workspace";
        granted && (!write || self.has_scope("admin"))
    }

    /// Refuses what [`Actor::may`] does not allow.
    pub fn require(&self, action: &str) -> Result<(), DeskError> {
        if self.may(action) { Ok(()) } else { Err(DeskError::Forbidden(format!("you may not {action}"))) }
    }

    /// Whether the actor administers everything.
    pub fn is_admin(&self) -> bool {
        self.actions.iter().any(|a| a == "*")
    }

    /// Whether the proof carries a scope; a session carries all.
    pub fn has_scope(&self, scope: &str) -> bool {
        match &self.proof {
            Proof::Session { .. } => true,
            Proof::Token { scopes, .. } => scopes.iter().any(|s| s == scope),
        }
    }

    /// What `me`, `my_teams` and the like mean for this actor at `now`.
    pub fn binding(&self, now: i64) -> Binding {
        Binding {
            me: Some(self.user.id.to_string()),
            my_teams: self.teams.iter().map(Uuid::to_string).collect(),
            my_sites: self.user.site.iter().map(Uuid::to_string).collect(),
            my_customer: Some(self.user.customer.to_string()),
            now,
        }
    }

    /// The actor's language, `zh` or `en`.
    pub fn lang(&self) -> &str {
        &self.user.locale
    }

    /// The role keys as JSON, for explanations.
    pub fn roles_json(&self) -> Value {
        Value::from(self.roles.clone())
    }
}
