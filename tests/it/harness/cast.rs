//! The organisation that every house begins with: who is who, which teams there are, what they serve.

use std::ops::Deref;

use serde_json::{Value, json};

use super::client::{Caller, Proof};
use super::server::ADMIN_PASSWORD;

/// Password of everybody but the administrator.
pub const PASSWORD: &str = "a password for tests";

/// Somebody with an account.
#[derive(Clone)]
pub struct Person {
    /// Username.
    pub name: String,
    /// Identity.
    pub id: String,
    caller: Caller,
}

impl Person {
    /// A person who sends requests in this way.
    pub fn new(name: &str, id: &str, caller: Caller) -> Self {
        Self { name: name.to_owned(), id: id.to_owned(), caller }
    }

    /// Their mail address.
    pub fn email(&self) -> String {
        email(&self.name)
    }
}

impl Deref for Person {
    type Target = Caller;

    fn deref(&self) -> &Caller {
        &self.caller
    }
}

/// The mail address that a user of this name is given.
pub fn email(name: &str) -> String {
    format!("{name}@example.org")
}

/// Everybody: username, roles, teams. The first member of a team is on duty there.
const PEOPLE: &[(&str, &[&str], &[&str])] = &[
    ("owner", &["requester"], &[]),
    ("stranger", &["requester"], &[]),
    ("desk", &["desk"], &["service-desk"]),
    ("agent", &["agent"], &["desktop-l1", "network-l1", "application-l1"]),
    ("second", &["agent"], &["desktop-l1", "network-l1", "application-l1"]),
    ("idle", &["agent"], &[]),
    ("l2", &["agent"], &["network-l2", "system-l2", "application-l2", "database-l2", "security-l2"]),
    ("l3", &["agent"], &["vendor-l3", "rnd-l3"]),
    ("contractor", &["contractor"], &["desktop-l1"]),
    ("outsider", &["contractor"], &["elsewhere"]),
    ("manager", &["manager"], &[]),
    ("observer", &["observer"], &[]),
];

const TEAMS: &[&str] = &[
    "service-desk",
    "desktop-l1",
    "network-l1",
    "application-l1",
    "network-l2",
    "system-l2",
    "application-l2",
    "database-l2",
    "security-l2",
    "vendor-l3",
    "rnd-l3",
    "elsewhere",
];
const SERVICES: &[&str] = &["directory", "erp", "printing", "wan", "oa", "storage", "finance"];
const SITES: &[&str] = &["plant", "tower"];

/// Who everybody is, apart from where the server listens.
pub type Roster = Vec<(String, String, String)>;

/// Everybody.
#[derive(Clone)]
pub struct Cast {
    /// The administrator.
    pub admin: Person,
    /// Reports things and is asked whether they are solved.
    pub owner: Person,
    /// Reports other things.
    pub stranger: Person,
    /// Sits at the service desk.
    pub desk: Person,
    /// Works in the first line; on duty there.
    pub agent: Person,
    /// Works in the same teams.
    pub second: Person,
    /// An agent without a team.
    pub idle: Person,
    /// Works in the second line.
    pub l2: Person,
    /// Works in the third line.
    pub l3: Person,
    /// Outsourced, in the desktop team.
    pub contractor: Person,
    /// Outsourced, in a team that has nothing to do here.
    pub outsider: Person,
    /// Manages operations.
    pub manager: Person,
    /// Looks on.
    pub observer: Person,
}

impl Cast {
    /// The people of a roster at a server.
    pub fn at(base: &str, roster: &Roster) -> Self {
        let nobody = Caller::new(base);
        let find = |name: &str| {
            let (_, id, token) = roster.iter().find(|(known, _, _)| known == name).expect("the roster has everybody");
            Person::new(name, id, nobody.with(Proof::Bearer(token.clone())))
        };
        Self {
            admin: find("admin"),
            owner: find("owner"),
            stranger: find("stranger"),
            desk: find("desk"),
            agent: find("agent"),
            second: find("second"),
            idle: find("idle"),
            l2: find("l2"),
            l3: find("l3"),
            contractor: find("contractor"),
            outsider: find("outsider"),
            manager: find("manager"),
            observer: find("observer"),
        }
    }
}

/// Signs in and gives who it is.
#[track_caller]
pub fn sign_in(base: &str, name: &str, password: &str) -> Person {
    let nobody = Caller::new(base);
    let answer = nobody.post("/session", &json!({ "username": name, "password": password }));
    let begun = answer.ok(200);
    let cookie = answer.header("set-cookie").and_then(|c| c.strip_prefix("yuheng_session=")?.split(';').next().map(str::to_owned));
    let proof = Proof::Cookie { cookie: cookie.unwrap(), csrf: begun["csrf"].as_str().unwrap().to_owned() };
    Person::new(name, begun["user"]["id"].as_str().unwrap(), nobody.with(proof))
}

/// Two objects as one.
pub fn with(mut base: Value, more: Value) -> Value {
    if let (Some(base), Value::Object(more)) = (base.as_object_mut(), more) {
        base.extend(more);
    }
    base
}

fn token_of(person: &Person) -> (String, String, String) {
    let made = person.post("/tokens", &json!({ "name": "tests", "scopes": ["read", "write", "admin"] })).ok(201);
    (person.name.clone(), person.id.clone(), made["token"].as_str().unwrap().to_owned())
}

/// Fills an empty system and gives everybody's token.
pub fn furnish(base: &str) -> Roster {
    let admin = sign_in(base, "admin", ADMIN_PASSWORD);
    let label = |key: &str| json!({ "zh": key, "en": key });
    let put = |path: &str, body: Value| admin.post(path, &body).ok(201);
    for (name, roles, _) in PEOPLE {
        let user = json!({ "username": name, "name": format!("Test {name}"), "roles": roles, "password": PASSWORD, "email": email(name), "locale": "en" });
        put("/users", user);
    }
    // A new system may begin with the teams that its practices speak of.
    let present = admin.read("/teams?limit=200")["items"].as_array().cloned().unwrap_or_default();
    for team in TEAMS {
        let members: Vec<&str> = PEOPLE.iter().filter(|(_, _, teams)| teams.contains(team)).map(|(name, _, _)| *name).collect();
        let values = json!({ "label": label(team), "members": members, "duty": members[0] });
        match present.iter().find(|item| item["key"] == *team).and_then(|item| item["version"].as_i64()) {
            Some(version) => drop(admin.patch(format!("/teams/{team}"), version, &values).ok(200)),
            None => drop(put("/teams", with(values, json!({ "key": team })))),
        }
    }
    for service in SERVICES {
        put("/services", json!({ "key": service, "label": label(service) }));
    }
    for site in SITES {
        put("/sites", json!({ "key": site, "label": label(site) }));
    }
    let mut roster = vec![token_of(&admin)];
    roster.extend(PEOPLE.iter().map(|(name, _, _)| token_of(&sign_in(base, name, PASSWORD))));
    roster
}
