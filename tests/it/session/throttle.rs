//! Guessing passwords gets slower and slower.

use serde_json::json;

use crate::harness::{Answer, Call, House, PASSWORD, s, unique, until};

on_both!(
    a_name_is_throttled_after_five_failures,
    an_address_is_throttled_whatever_names_it_tries,
    a_burst_of_people_all_sign_in,
    a_burst_of_guesses_does_not_pass_the_throttle,
);

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

/// A morning at nine: many at once, of whom everybody gets in and a session of their own.
fn a_burst_of_people_all_sign_in(house: &House) {
    let user = house.user("morning", &["requester"]);
    let name = user["username"].as_str().unwrap();
    let answers: Vec<Answer> = std::thread::scope(|scope| {
        let all: Vec<_> = (0..24).map(|n| scope.spawn(move || try_in(house, name, PASSWORD, &format!("10.4.0.{n}")))).collect();
        all.into_iter().map(|one| one.join().unwrap()).collect()
    });
    let mut cookies: Vec<&str> = answers.iter().map(|answer| answer.header("set-cookie").expect("everybody gets in")).collect();
    cookies.sort_unstable();
    cookies.dedup();
    assert_eq!(cookies.len(), answers.len());
}

fn a_burst_of_guesses_does_not_pass_the_throttle(house: &House) {
    let user = house.user("besieged", &["requester"]);
    let name = user["username"].as_str().unwrap();
    let answers: Vec<u16> = std::thread::scope(|scope| {
        let all: Vec<_> = (0..40).map(|n| scope.spawn(move || try_in(house, name, "guess", &format!("10.5.0.{n}")).status)).collect();
        all.into_iter().map(|one| one.join().unwrap()).collect()
    });
    assert!(answers.iter().all(|status| matches!(status, 401 | 429)), "{answers:?}");
    // Five are free, those whose turn it was at the same moment may be more, and the wait of a second may end meanwhile.
    let tried = answers.iter().filter(|status| **status == 401).count();
    assert!((5..=20).contains(&tried), "{tried} of 40 guesses at once were tried: {answers:?}");
}
