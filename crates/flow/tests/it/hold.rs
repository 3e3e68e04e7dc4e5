//! Time while an instance is on hold.

use flow::{FlowError, Status, Stimulus};
use proptest::prelude::*;

use crate::support::Play;

const HOUR: i64 = 3_600_000;

#[test]
fn a_timer_keeps_what_was_left_through_any_number_of_holds() {
    let mut play = Play::started("hold");
    for (suspend, resume, remaining, due) in [(HOUR, 5 * HOUR, 3 * HOUR, 8 * HOUR), (6 * HOUR, 26 * HOUR, 2 * HOUR, 28 * HOUR)] {
        play.now = suspend;
        play.act(&Stimulus::Suspend).unwrap();
        assert_eq!(play.instance.suspended_at, Some(suspend));
        let held = play.instance.timers.iter().find(|timer| timer.element == "respond").unwrap();
        assert_eq!((held.remaining, held.fires_at()), (Some(remaining), None));
        play.now = resume;
        play.act(&Stimulus::Resume).unwrap();
        assert_eq!(play.instance.suspended_at, None);
        let armed = play.instance.timers.iter().find(|timer| timer.element == "respond").unwrap();
        assert_eq!((armed.remaining, armed.fires_at()), (None, Some(due)));
    }
    // The other timer never stopped.
    assert_eq!(play.instance.timers.iter().find(|timer| timer.element == "vendor_limit").unwrap().due, 48 * HOUR);
    assert_eq!(play.instance.next_due(), Some(28 * HOUR));
}

#[test]
fn a_timer_that_keeps_running_fires_on_hold_and_what_it_starts_is_on_hold() {
    let xml = crate::support::fixture("hold").replace("targetRef=\"given_up\"", "targetRef=\"escalated\"");
    let xml = xml.replace("<bpmn:endEvent id=\"given_up\" />", &boundary_on_escalated());
    let mut play = Play::new(&xml);
    play.act(&Stimulus::Start).unwrap();
    play.now = HOUR;
    play.act(&Stimulus::Suspend).unwrap();
    assert_eq!(play.instance.next_due(), Some(48 * HOUR));
    play.now = 48 * HOUR;
    play.fire("vendor_limit").unwrap();
    assert_eq!((play.instance.status, play.open()), (Status::Suspended, vec!["escalated"]));
    // The timer of the step that opened on hold waits for the end of the hold with its whole length.
    assert_eq!(play.instance.timers[0].remaining, Some(HOUR));
    assert_eq!(play.complete("escalated", None), Err(FlowError::Suspended));
    play.now = 50 * HOUR;
    play.act(&Stimulus::Resume).unwrap();
    assert_eq!(play.instance.next_due(), Some(51 * HOUR));
    play.complete("escalated", None).unwrap();
    assert_eq!((play.instance.status, play.instance.timers.len()), (Status::Completed, 0));
}

fn boundary_on_escalated() -> String {
    "<bpmn:endEvent id=\"given_up\" /><bpmn:boundaryEvent id=\"late\" attachedToRef=\"escalated\"><bpmn:timerEventDefinition>\
     <bpmn:timeDuration>PT1H</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:boundaryEvent>\
     <bpmn:sequenceFlow id=\"late_out\" sourceRef=\"late\" targetRef=\"given_up\" />"
        .to_owned()
}

#[test]
fn an_overdue_timer_is_due_at_once_after_the_hold() {
    let mut play = Play::started("hold");
    play.now = 9 * HOUR;
    play.act(&Stimulus::Suspend).unwrap();
    assert_eq!(play.instance.timers[0].remaining, Some(0));
    play.now = 20 * HOUR;
    play.act(&Stimulus::Resume).unwrap();
    assert_eq!(play.instance.timers[0].due, 20 * HOUR);
    play.fire("respond").unwrap();
}

#[test]
fn messages_are_heard_and_cancel_works_on_hold() {
    let mut play = Play::started("boundary_message");
    play.act(&Stimulus::Suspend).unwrap();
    play.act(&Stimulus::Message { name: "question".to_owned(), key: None }).unwrap();
    assert_eq!(play.instance.status, Status::Suspended);
    play.act(&Stimulus::Message { name: "withdrawn".to_owned(), key: None }).unwrap();
    assert_eq!((play.instance.status, play.instance.suspended_at), (Status::Completed, None));
    let mut play = Play::started("hold");
    play.act(&Stimulus::Suspend).unwrap();
    play.act(&Stimulus::Cancel { reason: "moot".to_owned() }).unwrap();
    assert_eq!((play.instance.status, play.instance.suspended_at), (Status::Cancelled, None));
}

proptest! {
    /// However often it is held, a timer waits for its length of running time, no more and no less.
    #[test]
    fn running_time_is_what_counts(spans in proptest::collection::vec((0i64..HOUR, 0i64..100 * HOUR), 0..6)) {
        let mut play = Play::started("hold");
        let (mut running, mut held) = (0, 0);
        for (run, hold) in spans {
            if running + run > 4 * HOUR || running + held + run + hold > 48 * HOUR {
                break;
            }
            play.now += run;
            running += run;
            play.act(&Stimulus::Suspend).unwrap();
            play.now += hold;
            held += hold;
            play.act(&Stimulus::Resume).unwrap();
        }
        let due = play.instance.timers.iter().find(|timer| timer.element == "respond").unwrap().due;
        prop_assert_eq!(due, 4 * HOUR + held);
        play.now = due - 1;
        let timer = play.timer("respond");
        prop_assert_eq!(play.fire("respond"), Err(FlowError::NotDue { timer, due }));
        play.now = due;
        play.fire("respond").unwrap();
        prop_assert_eq!(play.open(), vec!["escalated"]);
    }
}
