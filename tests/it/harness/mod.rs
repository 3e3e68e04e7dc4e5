//! What the tests stand on: the program, its databases, people and requests.

mod binary;
mod cast;
mod client;
#[macro_use]
mod database;
mod house;
mod live;
mod mail;
mod postgres;
mod reaper;
mod server;
mod upload;
mod wait;
mod work;

pub use binary::yuheng;
pub use cast::{Cast, PASSWORD, Person, email, with};
pub use client::{Answer, Call, Caller, Proof};
pub use database::{Database, alone, together};
pub use house::{House, unique};
pub use live::Live;
pub use mail::MailServer;
pub use postgres::Cluster;
pub use reaper::{Reaper, run_folder, signal};
pub use server::{ADMIN_PASSWORD, Server, Start};
pub use upload::{Part, parts_of, upload};
pub use wait::{instant_in, never, s, until};
pub use work::{Stage, act, action_call, at, desktop, number, pages, record, set_call, solved, timeline};
