//! Tests of the crate from outside: over the real packs, over mutated ones, over bad ones.

mod cases;
mod support;
