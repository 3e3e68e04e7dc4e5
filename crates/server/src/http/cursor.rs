//! Cursors of lists: where the next page begins, bound to the list and the filter they came from.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::extract::Query;
use super::problem::Problem;

/// A list as asked for: its name and its filter.
pub struct Cursor(String);

impl Cursor {
    /// The cursor of a list whose pages differ only in `limit` and `cursor`.
    pub fn of(list: &str, query: &Query) -> Self {
        let filter: Vec<_> = query.0.iter().filter(|(name, _)| !matches!(name.as_str(), "limit" | "cursor")).collect();
        let digest = desk::keyring::sha256(format!("{list}\n{filter:?}").as_bytes());
        Self(hex::encode(&digest[..8]))
    }

    /// The cursor after an item at `place`.
    pub fn after(&self, place: &impl Serialize) -> String {
        URL_SAFE_NO_PAD.encode(serde_json::json!([self.0, place]).to_string())
    }

    /// The place that the query's cursor names; `None` for the first page.
    pub fn place<T: DeserializeOwned>(&self, query: &Query) -> Result<Option<T>, Problem> {
        let Some(text) = query.get("cursor") else { return Ok(None) };
        // A zero byte in a text is nothing that a list ever gave.
        let bytes = URL_SAFE_NO_PAD.decode(text).ok().filter(|bytes| !bytes.windows(6).any(|six| six == br"\u0000"));
        let read: Option<(String, T)> = bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok());
        match read {
            Some((of, place)) if of == self.0 => Ok(Some(place)),
            _ => Err(Problem::malformed("this cursor is of another list: begin again without it")),
        }
    }
}
