//! Records of any type.

mod actions;
mod attachments;
mod body;
mod bulk;
mod checklists;
mod children;
mod claim;
mod comments;
mod decisions;
mod dispatch;
mod export;
mod flow;
mod followed;
mod get;
mod legal_hold;
mod links;
mod list;
mod macros;
mod merge;
mod names;
mod open;
mod presence;
mod readers;
mod reminders;
mod split;
mod templates;
mod timeline;
mod update;

pub use body::{RecordBody, priority_label};
pub use bulk::JobBegun;
pub use reminders::ReminderBody;

use desk::journal::Cause;
use desk::record::read::Target;
use desk::{Actor, Proof};
use serde::Deserialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::App;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list::list_records, open::open_record))
        .routes(routes!(followed::list_followed))
        .routes(routes!(bulk::run_bulk))
        .routes(routes!(claim::claim_record))
        .routes(routes!(export::export_records))
        .routes(routes!(get::get_record, update::update_record))
        .routes(routes!(timeline::get_timeline))
        .routes(routes!(comments::create_comment))
        .routes(routes!(actions::list_actions))
        .routes(routes!(actions::run_action))
        .routes(routes!(actions::preview_action))
        .routes(routes!(presence::look_at_record, presence::leave_record))
        .merge(
            OpenApiRouter::new().routes(routes!(attachments::list_attachments, attachments::create_attachment)).layer(attachments::limit()),
        )
        .routes(routes!(attachments::get_attachment))
        .routes(routes!(legal_hold::set_legal_hold, legal_hold::lift_legal_hold))
        .routes(routes!(reminders::finish_reminder))
        .routes(routes!(templates::list_fitting_templates))
        .routes(routes!(macros::list_fitting_macros))
        .routes(routes!(macros::run_macro))
        .routes(routes!(macros::preview_macro))
        .routes(routes!(checklists::list_fitting_checklists))
        .routes(routes!(links::list_links))
        .routes(routes!(children::list_children, children::order_children))
        .routes(routes!(merge::preview_merge, merge::merge_record))
        .routes(routes!(split::split_record))
        .routes(routes!(flow::get_flow))
        .routes(routes!(dispatch::get_dispatch))
        .routes(routes!(readers::list_readers))
}

/// Type and number in the address.
#[derive(Deserialize)]
pub struct Address {
    #[serde(rename = "type")]
    pub(super) type_key: String,
    pub(super) number: String,
}

impl Address {
    /// The record that is meant.
    pub fn target(&self) -> Target {
        Target::Number { type_key: self.type_key.clone(), number: self.number.clone() }
    }

    /// Its address in the API.
    pub fn path(&self, rest: &str) -> String {
        format!("/api/v1/records/{}/{}{rest}", self.type_key, self.number)
    }
}

/// The cause that a signed-in actor's request is.
pub fn cause(app: &App, actor: &Actor) -> Cause {
    let channel = match actor.proof {
        Proof::Session { .. } => "web",
        Proof::Token { .. } => "api",
    };
    Cause { request: super::problem::request_id(), ..Cause::of(app.desk.world(), actor.user.id, channel) }
}
