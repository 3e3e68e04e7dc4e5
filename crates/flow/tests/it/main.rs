//! Everything the crate promises, from outside.

mod bytes;
mod defects;
mod fixtures;
mod hold;
mod properties;
mod reading;
mod refusals;
mod soundness;
mod support;
