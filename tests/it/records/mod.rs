//! Records of any type, tried on the built-in one.

mod get;
mod once;
mod open;
