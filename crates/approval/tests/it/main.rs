//! Everything the crate promises, from outside: WF-05, ORG-06, CHG-03 to CHG-06 and the four eyes of SEC-03, as far as votes go.

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
