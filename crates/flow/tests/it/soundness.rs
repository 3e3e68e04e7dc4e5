//! What may be published.

use std::fmt::Write as _;

use flow::Definition;

use crate::support::draw;

/// Codes and elements of the faults of a drawing.
fn faults(lines: &str) -> Vec<(&'static str, String)> {
    let def = Definition::parse(&draw(lines)).unwrap_or_else(|defects| panic!("{defects:#?}"));
    let found = def.check();
    assert!(found.iter().all(|defect| defect.line.is_some() && !defect.mend.is_empty()));
    found.into_iter().map(|defect| (defect.code, defect.element.unwrap_or_default())).collect()
}

fn one(code: &'static str, element: &str) -> Vec<(&'static str, String)> {
    vec![(code, element.to_owned())]
}

#[test]
fn a_join_of_alternatives_deadlocks() {
    let drawing = "start s\nxor x x-a\nuser a\nuser b\nand j\nend e\nedge s x\nedge x a\ncond x b\nedge a j\nedge b j\nedge j e";
    assert_eq!(faults(drawing), one("deadlock", "j"));
}

#[test]
fn branches_that_are_merged_without_a_join_meet() {
    let drawing =
        "start s\nand f\nuser a\nuser b\nxor m\nuser c\nend e\nedge s f\nedge f a\nedge f b\nedge a m\nedge b m\nedge m c\nedge c e";
    let found = faults(drawing);
    assert_eq!(found[0], ("lack_of_synchronisation", "m".to_owned()));
    assert!(found.iter().all(|(code, _)| *code == "lack_of_synchronisation"), "{found:?}");
}

#[test]
fn a_branch_that_may_end_starves_the_join() {
    let drawing = "start s\nand f\nuser a\nxor x x-j\nend gone\nuser b\nand j\nend e\n\
                   edge s f\nedge f a\nedge f b\nedge a x\nedge x j\ncond x gone\nedge b j\nedge j e";
    assert_eq!(faults(drawing), one("deadlock", "j"));
    // With a terminate end it is the author's intention.
    assert_eq!(faults(&drawing.replace("end gone", "kill gone")), []);
}

#[test]
fn a_loop_back_into_a_parallel_branch_is_found() {
    let drawing = "start s\nxor m\nand f\nuser a\nuser b\nxor x x-j\nand j\nend e\n\
                   edge s m\nedge m f\nedge f a\nedge f b\nedge a j\nedge b x\nedge x j\ncond x m\nedge j e";
    let codes: Vec<&str> = faults(drawing).into_iter().map(|(code, _)| code).collect();
    assert!(codes.contains(&"lack_of_synchronisation"), "{codes:?}");
}

#[test]
fn a_join_that_nothing_completes_never_runs() {
    let drawing = "start s\nxor x x-a\nuser a\nuser b\nand f\nuser c\nkill k\nand j\nend e\nedge s x\nedge x a\ncond x f\nedge f b\nedge f c\n\
                   edge a e\nedge b k\nedge c j\nuser d\nxor y y-k2\nkill k2\nedge j e\nedge d y\nedge y k2\ncond y j\nxor z z-z2\nkill z2\nedge z z2\ncond z d\nand g\nuser h\nedge g h\nedge g z\nedge h k\ncond x g";
    assert_eq!(faults(drawing), one("never_runs", "j"));
}

#[test]
fn a_loop_that_only_its_side_branches_leave_never_ends() {
    let drawing = "start s\nxor m\nuser a\nand f\nend e\nedge s m\nedge m a\nedge a f\nedge f m\nedge f e";
    assert_eq!(faults(drawing), one("livelock", "f"));
}

#[test]
fn what_a_fork_in_a_loop_sets_off_may_not_linger() {
    let drawing = |beside: &str| {
        format!(
            "start s\nxor m\nand f\nuser a\n{beside} tell\nend told\nxor x x-e\nend e\n\
             edge s m\nedge m f\nedge f a\nedge f tell\nedge tell told\nedge a x\nedge x e\ncond x m"
        )
    };
    assert_eq!(faults(&drawing("send")), []);
    assert_eq!(faults(&drawing("user")), one("lack_of_synchronisation", "tell"));
}

#[test]
fn unstructured_but_sound_flows_are_explored() {
    // Two branches that wait for one another crosswise: not nested blocks, and sound.
    let drawing = "start s\nand f\nuser a\nuser b\nand a2\nand b2\nuser c\nuser d\nand j1\nand j2\nand j\nend e\n\
                   edge s f\nedge f a\nedge f b\nedge a a2\nedge b b2\nedge a2 j1\nedge a2 d\nedge b2 j1\nedge b2 c\n\
                   edge c j2\nedge d j2\nedge j1 j\nedge j2 j\nedge j e";
    assert_eq!(faults(drawing), []);
}

#[test]
fn implicit_ends_of_branches_are_sound() {
    let drawing = "start s\nand f\nuser a\nuser b\nend ea\nend eb\nedge s f\nedge f a\nedge f b\nedge a ea\nedge b eb";
    assert_eq!(faults(drawing), []);
    assert_eq!(faults(&drawing.replace("edge b eb", "edge b ea").replace("end eb\n", "")), []);
}

#[test]
fn a_reminder_beside_a_step_in_a_loop_is_sound_unless_it_lingers() {
    let drawing = |beside: &str, event: &str| {
        format!(
            "start s\nxor m\nuser work\n{event} r work\n{beside} tell\nend told\nxor x x-e\nend e\n\
             edge s m\nedge m work\nedge work x\nedge x e\ncond x m\nedge r tell\nedge tell told"
        )
    };
    assert_eq!(faults(&drawing("send", "aside")), []);
    assert_eq!(faults(&drawing("send", "hear")), []);
    // A second reminder would come while the first is still open.
    assert_eq!(faults(&drawing("user", "aside")), one("lack_of_synchronisation", "tell"));
    assert_eq!(faults(&drawing("user", "hear")), one("lack_of_synchronisation", "tell"));
}

#[test]
fn a_step_beside_another_is_sound_when_it_comes_once() {
    let drawing = |event: &str| {
        format!("start s\nuser work\n{event} r work\nuser chase\nend told\nend e\nedge s work\nedge work e\nedge r chase\nedge chase told")
    };
    assert_eq!(faults(&drawing("aside")), []);
    assert_eq!(faults(&drawing("hear")), one("lack_of_synchronisation", "chase"));
    // Coming back into the main line makes two of it.
    let back = drawing("aside")
        .replace("edge chase told", "edge chase x")
        .replace("edge work e", "edge work x\nxor x\nuser last\nedge x last\nedge last e");
    let found = faults(&back.replace("end told\n", ""));
    assert!(found.contains(&("lack_of_synchronisation", "x".to_owned())), "{found:?}");
}

#[test]
fn sub_processes_are_looked_at_on_their_own() {
    let inside =
        "start s2\nxor x2 x2-a2\nuser a2\nuser b2\nand j2\nend e2\nedge s2 x2\nedge x2 a2\ncond x2 b2\nedge a2 j2\nedge b2 j2\nedge j2 e2";
    let drawing = format!("start s\nsub box\n{inside}\nbus\nend e\nedge s box\nedge box e");
    assert_eq!(faults(&drawing), one("deadlock", "j2"));
    let sound = drawing.replace("and j2", "xor j2");
    assert_eq!(faults(&sound), []);
    let killing = drawing.replace("and j2", "xor j2").replace("end e2", "kill e2");
    assert_eq!(faults(&killing), []);
}

#[test]
fn wide_blocks_are_proved_by_reduction() {
    // 40 branches of 20 steps each: far beyond what could be played through.
    let mut drawing = String::from("start s\nand f\nand j\nend e\nedge s f\nedge j e\n");
    for branch in 0..40 {
        for step in 0..20 {
            writeln!(drawing, "user u{branch}_{step}").unwrap();
            if step > 0 {
                writeln!(drawing, "edge u{branch}_{} u{branch}_{step}", step - 1).unwrap();
            }
        }
        writeln!(drawing, "edge f u{branch}_0\nedge u{branch}_19 j").unwrap();
    }
    assert_eq!(faults(&drawing), []);
}

#[test]
fn what_is_too_big_to_play_through_is_not_provable_and_named() {
    // Steps set off beside others cannot be reduced, and ten of them at once have too many combinations.
    let mut drawing = String::from("start s\nand f\nand j\nend e\nedge s f\nedge j e\n");
    for branch in 0..10 {
        writeln!(drawing, "user work{branch}\naside r{branch} work{branch}\nuser chase{branch}\nend told{branch}").unwrap();
        writeln!(drawing, "edge f work{branch}\nedge work{branch} j\nedge r{branch} chase{branch}\nedge chase{branch} told{branch}")
            .unwrap();
    }
    let found = faults(&drawing);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].0, "not_provable");
    let def = Definition::parse(&draw(&drawing)).unwrap();
    assert!(def.check()[0].message.contains("work0"), "{:?}", def.check());
}

#[test]
fn inclusive_gateways_join_what_was_split() {
    let drawing = |split: &str, join: &str| {
        format!(
            "start s\n{split} x x-a\nuser a\nuser b\n{join} j\nuser c\nend e\nedge s x\nedge x a\ncond x b\nedge a j\nedge b j\nedge j c\nedge c e"
        )
    };
    assert_eq!(faults(&drawing("or", "or")), []);
    assert_eq!(faults(&drawing("xor", "or")), []);
    assert_eq!(faults(&drawing("and", "or").replace("and x x-a", "and x").replace("cond x b", "edge x b")), []);
    assert_eq!(faults(&drawing("or", "and")), one("deadlock", "j"));
    // The default is taken alone, so that one other way cannot meet it.
    assert_eq!(faults(&drawing("or", "xor")), []);
    let three = drawing("or", "xor") + "\nuser d\ncond x d\nedge d j";
    let found = faults(&three);
    assert!(found.contains(&("lack_of_synchronisation", "j".to_owned())), "{found:?}");
}

#[test]
fn inclusive_joins_that_wait_for_each_other_deadlock() {
    let drawing = "start s\nand f\nor a\nor b\nuser ua\nuser ub\nxor xa xa-e\nxor xb xb-e\nend e\nedge s f\nedge f a\nedge f b\nedge a ua\nedge b ub\n\
                   edge ua xa\nedge ub xb\nedge xa e\nedge xb e\ncond xa b\ncond xb a";
    let codes: Vec<&str> = faults(drawing).into_iter().map(|(code, _)| code).collect();
    assert!(codes.contains(&"deadlock"), "{codes:?}");
}

#[test]
fn an_inclusive_block_in_a_loop_is_proved_with_all_of_it() {
    let mut drawing = String::from("start s\nxor m\nor f f-u0\nor j\nxor x x-e\nend e\nedge s m\nedge m f\nedge j x\nedge x e\ncond x m\n");
    for branch in 0..30 {
        let line = if branch == 0 { "edge" } else { "cond" };
        writeln!(drawing, "user u{branch}\n{line} f u{branch}\nedge u{branch} j").unwrap();
    }
    assert_eq!(faults(&drawing), []);
    // A way out of the middle of it: the block is none any more, and has too many combinations.
    let open = drawing.replace("edge u3 j", "xor y y-j\nedge u3 y\nedge y j\nkill k\ncond y k");
    assert_eq!(faults(&open)[0].0, "not_provable");
}

#[test]
fn errors_and_escalations_are_caught_and_come() {
    let drawing = |end: &str, boundary: &str| {
        format!(
            "start s\nsub box\nstart s2\nuser a2\nxor x2 x2-e2\nend e2\n{end}\nedge s2 a2\nedge a2 x2\nedge x2 e2\ncond x2 w2\nbus\n{boundary}\nuser b\nxor m\nend e\n\
             edge s box\nedge box m\nedge m e"
        )
    };
    let mended = |code: &str| format!("mend l box {code}\nedge l b\nedge b m");
    let unreached = |found: Vec<(&'static str, String)>| found.into_iter().filter(|(code, _)| *code != "unreachable").collect::<Vec<_>>();
    assert_eq!(faults(&drawing("wrong w2 err", &mended("err"))), []);
    assert_eq!(faults(&drawing("wrong w2 err", &mended("any"))), []);
    assert_eq!(unreached(faults(&drawing("wrong w2 err", "mark q"))).first(), Some(&("uncaught_error", "w2".to_owned())));
    let other = faults(&drawing("wrong w2 err", &mended("err2")));
    assert_eq!(other, [("uncaught_error", "w2".to_owned()), ("never_thrown", "l".to_owned())]);
    assert_eq!(faults(&drawing("kill w2", &mended("err"))), one("never_thrown", "l"));
    let heeded = |code: &str| format!("heed l box {code}\nedge l b\nedge b m");
    assert_eq!(faults(&drawing("shoutend w2 esc", &heeded("esc"))), []);
    assert_eq!(
        faults(&drawing("shoutend w2 esc", &heeded("esc2"))),
        [("uncaught_escalation", "w2".to_owned()), ("never_thrown", "l".to_owned())]
    );
}

#[test]
fn what_only_ends_by_an_error_is_not_left() {
    let drawing = "start s\nsub box\nstart s2\nuser a2\nwrong w2 err\nedge s2 a2\nedge a2 w2\nbus\nmend l box err\nuser after\nend e\nend e1\n\
                   edge s box\nedge box after\nedge after e\nedge l e1";
    assert_eq!(faults(drawing), [("unreachable", "after".to_owned()), ("unreachable", "e".to_owned())]);
    // What the sub-process does about its own error ends it as well.
    let handled = drawing
        .replace("bus\nmend l box err", "on h error\nend he\nedge hs he\nbus\nbus\nmark l")
        .replace("edge l e1", "edge l e1\nedge e1x l");
    let handled = handled.replace("mark l", "").replace("\nedge l e1\nedge e1x l", "").replace("end e1\n", "");
    assert_eq!(faults(&handled), []);
}

#[test]
fn a_step_beside_an_escalation_is_sound_when_it_is_set_off_once() {
    let drawing = |inside: &str| {
        format!(
            "start s\nsub box\nstart s2\nend e2\n{inside}\nbus\nnote l box esc\nuser inform\nend told\nend e\nedge s box\nedge box e\nedge l inform\nedge inform told"
        )
    };
    let once = "user a2\nshout w2 esc\nuser b2\nedge s2 a2\nedge a2 w2\nedge w2 b2\nedge b2 e2";
    assert_eq!(faults(&drawing(once)), []);
    let again = "xor m2\nuser a2\nshout w2 esc\nxor x2 x2-e2\nedge s2 m2\nedge m2 a2\nedge a2 w2\nedge w2 x2\nedge x2 e2\ncond x2 m2";
    assert_eq!(faults(&drawing(again)), one("lack_of_synchronisation", "inform"));
}

#[test]
fn a_call_may_fail_with_any_error() {
    let drawing = "start s\ncall c\nmend l c err\nmend k c err2\nxor m\nend e\nedge s c\nedge c m\nedge l m\nedge k m\nedge m e";
    assert_eq!(faults(drawing), []);
    // Behind one that catches all there is nothing left to catch.
    let outside = "start s\nsub box\nstart s2\ncall c\nmend l c any\nend e2\nedge s2 c\nedge c e2\nedge l e2\nbus\nmend k box any\nxor m\nend e\n\
                   edge s box\nedge box m\nedge k m\nedge m e";
    assert_eq!(faults(outside), one("never_thrown", "k"));
}

#[test]
fn many_inclusive_blocks_that_cannot_be_reduced_take_a_bounded_time() {
    let mut drawing = String::from("start s\nand f\nand j\nend e\nedge s f\nedge j e\n");
    for branch in 0..12 {
        let id = |name: &str| format!("{name}{branch}");
        let (split, join, work, chase) = (id("o"), id("i"), id("work"), id("chase"));
        writeln!(drawing, "or {split} {split}-{work}\nor {join}\nuser {work}\naside r{branch} {work}\nuser {chase}\nend told{branch}")
            .unwrap();
        writeln!(drawing, "edge f {split}\nedge {split} {work}\nedge {work} {join}\nedge r{branch} {chase}\nedge {chase} told{branch}")
            .unwrap();
        for other in 0..4 {
            writeln!(drawing, "user u{branch}_{other}\ncond {split} u{branch}_{other}\nedge u{branch}_{other} {join}").unwrap();
        }
        writeln!(drawing, "edge {join} j").unwrap();
    }
    let began = std::time::Instant::now();
    assert_eq!(faults(&drawing)[0].0, "not_provable");
    assert!(began.elapsed().as_secs() < 60, "took {:?}", began.elapsed());
}
