//! Every route as every role, against a reviewed table; a route that nobody classified fails.

mod actions;
mod routes;
mod walk;

use serde_json::json;

use crate::harness::{Caller, House, Person};

/// The roles as the tables have them, left to right.
pub const ROLES: &[&str] =
    &["anonymous", "stranger", "owner", "outsider", "contractor", "idle", "agent", "desk", "manager", "observer", "admin"];

/// Somebody of each role. The record they meet is the owner's and lies with the desktop team, of which contractor and agent
/// are members; stranger, outsider and idle are requester, contractor and agent who have nothing to do with it.
pub fn caller(house: &House, role: &str) -> Caller {
    let cast = &house.cast;
    let person: &Person = match role {
        "anonymous" => return house.nobody(),
        "stranger" => &cast.stranger,
        "owner" => &cast.owner,
        "outsider" => &cast.outsider,
        "contractor" => &cast.contractor,
        "idle" => &cast.idle,
        "agent" => &cast.agent,
        "desk" => &cast.desk,
        "manager" => &cast.manager,
        "observer" => &cast.observer,
        "admin" => &cast.admin,
        other => panic!("no role {other}"),
    };
    Caller::clone(person)
}

/// The statuses of a row, by role.
pub fn statuses(text: &str) -> Vec<(&'static str, u16)> {
    let found: Vec<u16> = text.split_whitespace().map(|word| word.parse().unwrap()).collect();
    assert_eq!(found.len(), ROLES.len(), "a row has a status for each role: {text}");
    ROLES.iter().copied().zip(found).collect()
}

/// Every method and path that the API says it has.
pub fn routes_of_the_api(house: &House) -> Vec<String> {
    let document = house.nobody().read("//api/openapi.json");
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"), "{}", document["openapi"]);
    let paths = document["paths"].as_object().unwrap();
    let methods = ["get", "post", "put", "patch", "delete", "head", "options"];
    let routes = paths.iter().flat_map(|(path, item)| {
        let present = methods.iter().filter(move |method| item.get(**method).is_some_and(|operation| *operation != json!(null)));
        present.map(move |method| format!("{} {path}", method.to_uppercase()))
    });
    let mut routes: Vec<String> = routes.collect();
    routes.sort();
    routes
}
