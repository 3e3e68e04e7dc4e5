//! What is refused changes nothing; what an operator may do.

use flow::{Effect, Event, FlowError, How, SEMANTICS, Status, Stimulus};

use crate::support::{Play, draw};

fn refused(play: &mut Play, stimulus: &Stimulus, error: &FlowError) {
    let before = play.instance.clone();
    assert_eq!(play.act(stimulus).as_ref(), Err(error));
    assert_eq!(play.instance, before);
}

#[test]
fn life_has_an_order() {
    let mut play = Play::fixture("user_task");
    refused(&mut play, &Stimulus::Suspend, &FlowError::NotStarted);
    refused(&mut play, &Stimulus::Cancel { reason: String::new() }, &FlowError::NotStarted);
    play.act(&Stimulus::Start).unwrap();
    refused(&mut play, &Stimulus::Start, &FlowError::AlreadyStarted);
    refused(&mut play, &Stimulus::Resume, &FlowError::NotSuspended);
    refused(&mut play, &Stimulus::Complete { activity: 77, outcome: None }, &FlowError::NotOpen { activity: 77 });
    refused(&mut play, &Stimulus::FireTimer { timer: 2 }, &FlowError::NoTimer { timer: 2 });
    play.complete("work", Some("done")).unwrap();
    refused(&mut play, &Stimulus::Start, &FlowError::Ended);
    refused(&mut play, &Stimulus::Cancel { reason: String::new() }, &FlowError::Ended);
}

#[test]
fn a_closed_activity_is_not_open() {
    let mut play = Play::started("parallel");
    let desk = play.activity("desk");
    play.complete("desk", None).unwrap();
    refused(&mut play, &Stimulus::Complete { activity: desk, outcome: None }, &FlowError::NotOpen { activity: desk });
    let network = play.activity("network");
    let undeclared = Stimulus::Complete { activity: network, outcome: Some("fine".to_owned()) };
    let error = FlowError::UnknownOutcome { element: "network".to_owned(), outcome: "fine".to_owned(), known: vec![] };
    refused(&mut play, &undeclared, &error);
}

#[test]
fn what_the_caller_cannot_answer_refuses_the_whole_stimulus() {
    let mut play = Play::fixture("at_once");
    play.def = flow::Definition::parse(&crate::support::fixture("at_once").replace("\"rating\"", "\"broken\"")).unwrap();
    let message = "the table is broken".to_owned();
    let error = FlowError::Decision { element: "rate".to_owned(), decision: "broken".to_owned(), message };
    refused(&mut play, &Stimulus::Start, &error);
    // Without its default, which `check` demands, a gateway can find no way.
    let xml = draw("start s\nxor g\nuser a\nuser b\nend e\nedge s g\ncond g a\ncond g b\nedge a e\nedge b e");
    let mut play = Play::new(&xml);
    refused(&mut play, &Stimulus::Start, &FlowError::NoWay { element: "g".to_owned() });
    play.told.holds.push("g_b".to_owned());
    play.act(&Stimulus::Start).unwrap();
    assert_eq!(play.open(), ["b"]);
}

#[test]
fn an_automatic_circle_is_stopped() {
    let xml = draw("start s\nxor g\nsend t\nxor h h-g\nend e\nedge s g\nedge g t\nedge t h\nedge h g\ncond h e");
    let mut play = Play::new(&xml);
    // What the check refuses, the engine stops all the same.
    assert_eq!(play.def.check()[0].code, "endless");
    let error = play.act(&Stimulus::Start).unwrap_err();
    assert!(matches!(error, FlowError::Endless { limit: 10_000, .. }), "{error}");
    play.told.holds.push("h_e".to_owned());
    let out = play.act(&Stimulus::Start).unwrap();
    assert_eq!(out.effects, [Effect::Send { element: "t".to_owned(), topic: "x".to_owned() }]);
}

#[test]
fn instances_of_another_version_or_engine_are_refused() {
    let mut play = Play::started("user_task");
    play.instance.activities[0].element = "gone".to_owned();
    let activity = play.instance.activities[0].id;
    let error = FlowError::UnknownElement { element: "gone".to_owned() };
    refused(&mut play, &Stimulus::Complete { activity, outcome: None }, &error);
    play.instance.semantics = SEMANTICS + 1;
    refused(&mut play, &Stimulus::Suspend, &FlowError::Semantics { needed: SEMANTICS + 1, has: SEMANTICS });
    let mut play = Play::started("user_task");
    play.instance.next_id = u32::MAX;
    let activity = play.activity("work");
    refused(&mut play, &Stimulus::Complete { activity, outcome: Some("done".to_owned()) }, &FlowError::NoIds);
}

#[test]
fn an_operator_moves_a_token_within_its_scope() {
    let mut play = Play::started("exclusive");
    let activity = play.activity("triage");
    let out = play.act(&Stimulus::Move { activity, to: "other_team".to_owned() }).unwrap();
    assert_eq!(out.events[0], Event::Closed { activity, element: "triage".to_owned(), outcome: None, how: How::Moved, at: 0 });
    assert_eq!(play.open(), ["other_team"]);
    let activity = play.activity("other_team");
    play.act(&Stimulus::Move { activity, to: "end".to_owned() }).unwrap();
    assert_eq!(play.instance.status, Status::Completed);
}

#[test]
fn moves_that_would_break_the_flow_are_refused() {
    let mut play = Play::started("sub_process");
    let activity = play.activity("build");
    for to in ["nowhere", "end", "deep", "in", "meet", "overdue"] {
        let error = play.act(&Stimulus::Move { activity, to: to.to_owned() }).unwrap_err();
        assert!(matches!(&error, FlowError::CannotMove { to: named, .. } if named == to), "{error}");
    }
    play.act(&Stimulus::Move { activity, to: "out".to_owned() }).unwrap();
    let activity = play.activity("deep");
    refused(&mut play, &Stimulus::Move { activity: 1, to: "out".to_owned() }, &FlowError::NotOpen { activity: 1 });
    play.act(&Stimulus::Suspend).unwrap();
    refused(&mut play, &Stimulus::Move { activity, to: "deep_end".to_owned() }, &FlowError::Suspended);
}

#[test]
fn interrupting_a_sub_process_takes_away_all_inside_it() {
    let mut play = Play::started("sub_process");
    play.now = 86_400_000;
    let out = play.fire("overdue").unwrap();
    let closed = out.events.iter().filter(|event| matches!(event, Event::Closed { how: How::Interrupted, .. }));
    assert_eq!(closed.count(), 2);
    assert_eq!(play.open(), ["escalated"]);
    assert_eq!((play.instance.tokens.len(), play.instance.timers.len()), (1, 0));
}

#[test]
fn cancelling_closes_everything() {
    let mut play = Play::started("sub_process");
    play.act(&Stimulus::Cancel { reason: "no longer wanted".to_owned() }).unwrap();
    let left = &play.instance;
    assert_eq!((left.tokens.len(), left.activities.len(), left.timers.len(), left.messages.len()), (0, 0, 0, 0));
    assert_eq!(left.status, Status::Cancelled);
}

#[test]
fn a_message_reaches_the_one_that_waited_longest() {
    let xml = draw(
        "start s\nand f\nuser a\nuser b\nhear x a\nhear y b\nend ex\nend ey\nand j\nend e\n\
                    edge s f\nedge f a\nedge f b\nedge a j\nedge b j\nedge j e\nedge x ex\nedge y ey",
    );
    let mut play = Play::new(&xml);
    play.act(&Stimulus::Start).unwrap();
    let word = Stimulus::Message { name: "word".to_owned(), key: None };
    let heard = |out: flow::Advance| match &out.events[0] {
        Event::Received { element, .. } => element.clone(),
        other => panic!("{other:?}"),
    };
    assert_eq!(heard(play.act(&word).unwrap()), "x");
    assert_eq!(heard(play.act(&word).unwrap()), "y");
    assert_eq!(heard(play.act(&word).unwrap()), "x");
}

#[test]
fn events_and_instances_survive_json_and_damaged_facts_do_no_harm() {
    let mut play = Play::started("sub_process");
    let text = serde_json::to_string(&play.instance).unwrap();
    assert_eq!(serde_json::from_str::<flow::Instance>(&text).unwrap(), play.instance);
    assert_eq!(serde_json::from_str::<flow::Instance>("{}").unwrap(), flow::Instance::default());
    for fact in [
        Event::Left { element: "x".to_owned(), token: 900 },
        Event::TimerHeld { timer: 900, remaining: 1 },
        Event::TimerResumed { timer: 900, due: 1 },
        Event::Closed { activity: 900, element: "x".to_owned(), outcome: None, how: How::Moved, at: 0 },
    ] {
        let before = play.instance.clone();
        let text = serde_json::to_string(&fact).unwrap();
        play.instance.apply(&serde_json::from_str(&text).unwrap());
        assert_eq!(play.instance, before);
    }
}

#[test]
fn turns_are_bounded_and_may_be_none() {
    let xml = draw("start s\nmany user u par\nuser v\nend e\nedge s u\nedge u v\nedge v e");
    let mut play = Play::new(&xml);
    let unknown = FlowError::Repetition { element: "u".to_owned(), message: "times is unknown".to_owned() };
    refused(&mut play, &Stimulus::Start, &unknown);
    play.told.durations.insert("times".to_owned(), 101);
    let many = FlowError::Repetition { element: "u".to_owned(), message: "101 turns are more than 100".to_owned() };
    refused(&mut play, &Stimulus::Start, &many);
    play.told.durations.insert("times".to_owned(), 0);
    play.act(&Stimulus::Start).unwrap();
    assert_eq!((play.open(), play.instance.repetitions.len()), (vec!["v"], 0));
    let mut play = Play::new(
        &xml.replace("<loopCardinality language='zen'>times</loopCardinality>", "")
            .replace("<multiInstanceLoopCharacteristics>", "<multiInstanceLoopCharacteristics camunda:collection='list'>"),
    );
    play.told.lists.insert("list".to_owned(), vec!["x".repeat(201)]);
    assert!(matches!(play.act(&Stimulus::Start), Err(FlowError::Repetition { .. })));
}

#[test]
fn a_turn_is_not_moved_and_a_call_may_be() {
    let mut play = Play::new(&draw("start s\nmany user u par\ncall c\nuser v\nend e\nedge s u\nedge u c\nedge c v\nedge v e"));
    play.told.durations.insert("times".to_owned(), 2);
    play.act(&Stimulus::Start).unwrap();
    let activity = play.activity("u");
    let reason = "it is one of several turns of a repeated activity".to_owned();
    refused(&mut play, &Stimulus::Move { activity, to: "v".to_owned() }, &FlowError::CannotMove { to: "v".to_owned(), reason });
    play.complete("u", None).unwrap();
    play.complete("u", None).unwrap();
    let activity = play.call("c");
    refused(&mut play, &Stimulus::Complete { activity, outcome: None }, &FlowError::NotOpen { activity });
    let out = play.act(&Stimulus::Move { activity, to: "v".to_owned() }).unwrap();
    assert_eq!(out.effects, [Effect::Recall { activity, element: "c".to_owned(), called: "other".to_owned() }]);
    assert_eq!((play.open(), play.instance.calls.len()), (vec!["v"], 0));
}

#[test]
fn calls_signals_and_messages_are_heard_on_hold() {
    let xml = draw(
        "start s\nand f\ncall c\nlisten l\nreceive r\nand j\nend e\nedge s f\nedge f c\nedge f l\nedge f r\nedge c j\nedge l j\nedge r j\nedge j e",
    );
    let mut play = Play::new(&xml);
    play.act(&Stimulus::Start).unwrap();
    play.act(&Stimulus::Suspend).unwrap();
    let activity = play.call("c");
    play.act(&Stimulus::CallEnded { activity, outcome: Some("done".to_owned()) }).unwrap();
    refused(&mut play, &Stimulus::CallEnded { activity, outcome: None }, &FlowError::NotCalled { activity });
    play.act(&Stimulus::Signal { name: "sig".to_owned() }).unwrap();
    refused(&mut play, &Stimulus::Signal { name: "sig".to_owned() }, &FlowError::NotHeard { name: "sig".to_owned() });
    play.act(&Stimulus::Message { name: "word".to_owned(), key: None }).unwrap();
    assert_eq!(play.instance.status, Status::Completed);
}

#[test]
fn an_instance_without_the_newer_elements_is_stored_as_before() {
    let play = Play::started("sub_process");
    let stored = serde_json::to_value(&play.instance).unwrap();
    let keys: Vec<&str> = stored.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, ["status", "tokens", "activities", "timers", "messages", "next_id", "semantics"]);
    let tokens = stored["tokens"].as_array().unwrap();
    assert!(
        tokens.iter().all(|token| token.as_object().unwrap().keys().all(|key| ["id", "element", "scope", "edge"].contains(&key.as_str())))
    );
}
