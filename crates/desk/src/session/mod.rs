//! Sign-in, sessions and tokens.

mod authenticate;
mod password;
mod sign_in;
mod sign_out;
mod token;

pub use authenticate::{Authenticated, authenticate_again, authenticate_session, authenticate_token};
pub use password::change_own_password;
pub use sign_in::{SignedIn, sign_in};
pub use sign_out::{end_session, sign_out};
pub(crate) use token::is_secret_of;
pub use token::{NewToken, create_token, revoke_all, revoke_token, token_statements};

use crate::World;

/// A session ends at the latest after this long, in milliseconds.
pub const SESSION_LIFE: i64 = 12 * 3_600_000;
/// A session that is not used for this long ends, in milliseconds.
pub const SESSION_IDLE: i64 = 2 * 3_600_000;
/// Failures to sign in count together when they are closer than this, in milliseconds.
pub const FAILURE_WINDOW: i64 = 15 * 60_000;
/// How exact `last_seen_at` is, in milliseconds: writing it on every request would cost a commit each.
pub const TOUCH_EVERY: i64 = 60_000;

/// A new secret: 256 random bits as text for its holder, and the hash that is stored.
pub(crate) fn secret(world: &World, prefix: &str) -> (String, [u8; 32]) {
    use base64::Engine;
    let text = format!("{prefix}{}", base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(world.bytes::<32>()));
    let hash = crate::keyring::sha256(text.as_bytes());
    (text, hash)
}
