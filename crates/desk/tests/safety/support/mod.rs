//! What the tests share: places to keep data, a small organisation, and its work.

mod place;
mod postgres;
mod story;

pub use place::{Place, keyring, on_both, said};
pub use story::House;
