//! Everything the crate promises, from outside.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod bytes;
mod conformance;
mod defects;
mod fixtures;
mod hold;
mod inventory;
mod properties;
mod reading;
mod refusals;
mod soundness;
mod speed;
mod support;
