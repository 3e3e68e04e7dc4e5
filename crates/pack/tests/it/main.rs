//! Tests of the crate from outside: over the real packs, over mutated ones, over bad ones.
#![expect(clippy::unwrap_used, reason = "helpers of tests may unwrap like tests")]

mod approvals;
mod bad;
mod cases;
mod drawing;
mod facts;
mod mutation;
mod performing;
mod replay;
mod support;
