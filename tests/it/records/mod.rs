//! Records of any type, tried on the built-in one.

mod actions;
mod attachments;
mod comments;
mod flow;
mod get;
mod life;
mod links;
mod list;
mod once;
mod open;
mod privacy;
mod timeline;
mod update;
