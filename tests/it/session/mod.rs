//! Signing in and out, and what ends it.

mod account;
mod csrf;
mod list;
mod preferences;
mod sign_in;
mod throttle;
