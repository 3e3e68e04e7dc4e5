//! How fast a step is. Not a test of right or wrong; run it with
//! `cargo test -p flow --config 'profile.dev.package.flow.opt-level=3' -- --ignored --nocapture speed`.

use std::time::Instant;

use flow::{Definition, Event, Instance, Stimulus, advance};

use crate::support::{Told, draw};

#[test]
#[ignore = "a measurement"]
fn speed_of_a_twelve_element_flow() {
    let lines = "start s\nuser triage\nxor x x-f\nand f\nuser a\nuser b\nand j\nsend t\nuser confirm\nlimit l confirm\nxor m\nend e\n\
                 edge s triage\nedge triage x\nedge x f\ncond x triage\nedge f a\nedge f b\nedge a j\nedge b j\nedge j t\nedge t confirm\n\
                 edge confirm m\nedge l m\nedge m e";
    let def = Definition::parse(&draw(lines)).unwrap();
    assert_eq!((def.elements().count(), def.check().len()), (12, 0));
    let (mut steps, mut elements) = (0u32, 0usize);
    let began = Instant::now();
    for _ in 0..30_000 {
        let (mut instance, mut told) = (Instance::default(), Told::default());
        let mut stimulus = Stimulus::Start;
        loop {
            let out = advance(&def, &instance, &stimulus, 0, &mut told).unwrap();
            out.events.iter().for_each(|event| instance.apply(event));
            steps += 1;
            elements += out.events.iter().filter(|event| matches!(event, Event::Entered { .. })).count();
            let Some(open) = instance.activities.first() else { break };
            stimulus = Stimulus::Complete { activity: open.id, outcome: None };
        }
    }
    let seconds = began.elapsed().as_secs_f64();
    println!("{:.0} stimuli/s, {:.0} elements/s", f64::from(steps) / seconds, elements as f64 / seconds);
}
