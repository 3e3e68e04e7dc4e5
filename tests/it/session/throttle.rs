//! Guessing passwords gets slower and slower.

use serde_json::json;

use crate::harness::{Answer, Call, House, PASSWORD, s, unique, until};

on_both!(a_name_is_throttled_after_five_failures, an_address_is_throttled_whatever_names_it_tries);

fn try_in(house: &House, name: &str, password: &str, address: &str) -> Answer {
    let call = Call::post("/session", &json!({ "username": name, "password": password }));
    house.nobody().send(&call.header("x-forwarded-for", address))
}

fn retry_after(answer: &Answer) -> u64 {
    answer.problem(429, "throttled");
    let seconds = answer.header("retry-after").expect("429 says when to come again").parse().unwrap();
    assert!((1..=300).contains(&seconds), "{seconds}");
    seconds
}

fn a_name_is_throttled_after_five_failures(house: &House) {
    let user = house.user("guessed", &["requester"]);
    let (name, other) = (user["username"].as_str().unwrap(), house.user("unharmed", &["requester"]));
    for n in 0..5 {
        // From five addresses and in two spellings: neither helps.
        let spelling = if n % 2 == 0 { name.to_owned() } else { name.to_uppercase() };
        try_in(house, &spelling, "guess", &format!("10.2.0.{n}")).problem(401, "unauthenticated");
    }
    retry_after(&try_in(house, name, "guess", "10.2.0.9"));
    retry_after(&try_in(house, name, PASSWORD, "10.2.0.9"));
    try_in(house, other["username"].as_str().unwrap(), PASSWORD, "10.2.0.9").ok(200);
    // The wait ends; one more failure and it is longer.
    let next = until(s(20), "the wait ends", || Some(try_in(house, name, "guess", "10.2.0.9")).filter(|a| a.status != 429));
    next.problem(401, "unauthenticated");
    assert!(retry_after(&try_in(house, name, "guess", "10.2.0.9")) >= 2, "the wait doubles");
    // The right password, in time, forgets the failures.
    until(s(20), "the right password is taken again", || (try_in(house, name, PASSWORD, "10.2.0.9").status == 200).then_some(()));
    try_in(house, name, "guess", "10.2.0.9").problem(401, "unauthenticated");
    try_in(house, name, PASSWORD, "10.2.0.9").ok(200);
}

fn an_address_is_throttled_whatever_names_it_tries(house: &House) {
    let user = house.user("unharmed", &["requester"]);
    let name = user["username"].as_str().unwrap();
    let refused = (0..200).find(|_| try_in(house, &unique("guess"), "guess", "10.3.0.1").status == 429);
    let tries = refused.expect("200 names from one address were all tried");
    assert!(tries >= 20, "{tries} failures: an office behind one gateway would be locked out");
    retry_after(&try_in(house, name, PASSWORD, "10.3.0.1"));
    try_in(house, name, PASSWORD, "10.3.0.2").ok(200);
}
