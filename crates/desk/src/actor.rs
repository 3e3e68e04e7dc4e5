//! Who acts: the signed-in person with what policy needs to know of them.

use std::sync::Arc;

use decide::Binding;
use serde_json::Value;
use store::user::UserRow;
use uuid::Uuid;

use crate::DeskError;
use crate::directory::Directory;

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
}

impl Actor {
    /// Puts together what is known of a user.
    pub fn new(user: UserRow, directory: &Directory, proof: Proof) -> Arc<Self> {
        let roles: Vec<String> = serde_json::from_str::<Vec<String>>(&user.roles).unwrap_or_default();
        let actions = roles.iter().filter_map(|key| directory.role(key)).flat_map(|role| role.actions).collect();
        let teams = directory.teams_of(user.id).to_vec();
        Arc::new(Self { user, roles, teams, actions, proof })
    }

    /// Somebody as they are once they have signed in: for finding out what they may read.
    pub fn of_user(user: UserRow, directory: &Directory) -> Arc<Self> {
        let proof = Proof::Session { id: Uuid::nil(), csrf: Vec::new() };
        Self::new(user, directory, proof)
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
