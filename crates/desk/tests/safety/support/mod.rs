//! What the tests share: places to keep data, a small organisation, and its work.

mod clock;
mod log;
mod place;
#[path = "../../../../store/tests/support/postgres.rs"]
mod postgres;
mod story;

pub use clock::Clock;
pub use log::log;
pub use place::{Place, keyring, on_both, said};
pub use story::House;
