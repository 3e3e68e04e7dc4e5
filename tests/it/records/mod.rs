//! Records of any type, tried on the built-in one.

mod actions;
mod attachments;
mod bulk;
mod children;
mod claim;
mod comments;
mod export;
mod filter;
mod flow;
mod followers;
mod get;
mod legal_hold;
mod life;
mod links;
mod list;
mod merge;
mod once;
mod open;
mod past;
mod privacy;
mod timeline;
mod update;
