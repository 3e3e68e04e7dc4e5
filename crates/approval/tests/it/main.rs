//! Everything the crate promises, from outside.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod bodies;
mod deciding;
mod defects;
mod delegates;
mod enumeration;
mod oracle;
mod random;
mod refusals;
mod rules;
mod stored;
mod support;
mod time_outs;
mod voiding;
