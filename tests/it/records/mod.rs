//! Records of any type, tried on the built-in one.

mod open;
