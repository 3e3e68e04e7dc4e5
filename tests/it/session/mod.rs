//! Signing in and out, and what ends it.

mod account;
mod csrf;
mod list;
mod sign_in;
mod throttle;
