//! Names and fields of events are stored for ever: this text does not change, it only grows.

use approval::{Approval, Event, Status};

const STORED: &str = include_str!("../fixtures/events.json");

#[test]
fn stored_events_are_read_and_written_as_they_were() {
    let stored: serde_json::Value = serde_json::from_str(STORED).unwrap();
    let events: Vec<Event> = serde_json::from_value(stored.clone()).unwrap();
    assert_eq!(serde_json::to_value(&events).unwrap(), stored);
    let mut state = Approval::default();
    for event in &events {
        state.apply(event);
    }
    assert_eq!((state.status, state.round, state.next_seat), (Status::Withdrawn, 1, 6));
    assert_eq!(state.minutes.len(), 1);
    let kept: Approval = serde_json::from_str(&serde_json::to_string(&state).unwrap()).unwrap();
    assert_eq!(kept, state);
}

#[test]
fn every_kind_of_event_is_in_the_fixture() {
    let events: Vec<Event> = serde_json::from_str(STORED).unwrap();
    let mut seen = [false; 13];
    for event in &events {
        // A new kind does not compile here until it has a number, and a line in the fixture.
        let number = match event {
            Event::Requested { .. } => 0,
            Event::StepOpened { .. } => 1,
            Event::Voted { .. } => 2,
            Event::TimedOut { .. } => 3,
            Event::Escalated { .. } => 4,
            Event::StepClosed { .. } => 5,
            Event::Minuted { .. } => 6,
            Event::Delegated { .. } => 7,
            Event::Undelegated { .. } => 8,
            Event::Departed { .. } => 9,
            Event::Decided { .. } => 10,
            Event::Voided { .. } => 11,
            Event::Withdrawn { .. } => 12,
        };
        seen[number] = true;
    }
    assert_eq!(seen, [true; 13]);
}
