//! `HEAD`: the head of what `GET` answers, and no body.

use crate::harness::{Answer, Call, Caller, House, Stage};

on_both!(a_head_is_that_of_the_whole_answer, a_head_is_refused_as_the_whole_would_be, a_head_writes_nothing,);

fn head(by: &Caller, path: &str) -> Answer {
    by.send(&Call::new("HEAD", path))
}

fn a_head_is_that_of_the_whole_answer(house: &House) {
    let number = house.stand(Stage::L1);
    let (record, timeline) = (format!("/records/incident/{number}"), format!("/records/incident/{number}/timeline"));
    let paths = ["//", "//healthz", "//readyz", "//api/openapi.json", "/me", "/records/incident", &record, &timeline, "/tasks", "/teams"];
    for path in paths {
        let (whole, only) = (house.cast.agent.get(path), head(&house.cast.agent, path));
        assert_eq!((whole.status, only.status), (200, 200), "{path}: {}", whole.text());
        assert!(only.body.is_empty(), "{path}");
        for name in ["content-type", "etag", "cache-control", "content-security-policy"] {
            assert_eq!(only.header(name), whole.header(name), "{path}: {name}");
        }
    }
    // A stream that never ends has a head that does.
    let live = head(&house.cast.agent, "/live");
    assert_eq!((live.status, live.body.len()), (200, 0));
    assert_eq!(live.header("content-type"), Some("text/event-stream"));
}

fn a_head_is_refused_as_the_whole_would_be(house: &House) {
    let cases = [
        (house.nobody(), "/me".to_owned(), 401),
        ((*house.cast.owner).clone(), "/users".to_owned(), 403),
        ((*house.cast.agent).clone(), "/records/incident/INC-1999-000001".to_owned(), 404),
        ((*house.cast.agent).clone(), "/records/incident?colour=red".to_owned(), 400),
    ];
    for (by, path, status) in cases {
        let answer = head(&by, &path);
        assert_eq!((answer.status, answer.body.len()), (status, 0), "{path}");
        assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{path}");
    }
}

fn a_head_writes_nothing(house: &House) {
    let person = house.person("looker", &["requester"]);
    for path in ["/session", "/records/incident/INC-1999-000001/comments"] {
        assert_eq!(head(&person, path).status, 405, "{path}");
    }
    person.get("/me").ok(200);
}
