//! A body has members, a quorum that they can meet, and a chair where one is needed.

use crate::definition::part;
use crate::{Body, Defect, Definition, Quorum};

pub(super) fn check(def: &Definition, defects: &mut Vec<Defect>) {
    for (key, body) in &def.bodies {
        let base = format!("/bodies/{key}");
        if body.members.is_empty() {
            defects.push(Defect::new(&base, "no_members", format!("body '{key}' has no members"), "name them"));
        }
        for index in super::repeated(&body.members) {
            let message = format!("body '{key}' names the same members twice");
            defects.push(Defect::new(format!("{base}/members/{index}"), "twice", message, "take one out"));
        }
        quorum(&base, key, body, defects);
        if body.casting_vote && body.chair.is_none() {
            let message = format!("body '{key}' has a casting vote and no chair to cast it");
            let mend = "name a chair, or take the casting vote out";
            defects.push(Defect::new(format!("{base}/casting_vote"), "no_chair", message, mend));
        }
    }
}

fn quorum(base: &str, key: &str, body: &Body, defects: &mut Vec<Defect>) {
    let at = format!("{base}/quorum");
    let seats = super::most_members(body);
    match body.quorum {
        None => {
            let message = format!("body '{key}' has no quorum, so one member could decide for all");
            defects.push(Defect::new(base, "no_quorum", message, "say how many must vote: quorum: { members: 3 } or { percent: 50 }"));
        }
        Some(Quorum::Percent(share)) if part(share, 100) == 0 || share > 100 => {
            let message = format!("{share} is no share in percent");
            defects.push(Defect::new(at, "wrong_share", message, "write 1 to 100"));
        }
        Some(Quorum::Members(0)) => {
            let message = format!("the quorum of body '{key}' is nobody");
            defects.push(Defect::new(at, "no_quorum", message, "write 1 or more"));
        }
        Some(Quorum::Members(number)) if seats.is_some_and(|seats| seats < number) => {
            let message = format!("body '{key}' has fewer members than its quorum of {number}");
            defects.push(Defect::new(at, "unreachable_quorum", message, "ask for fewer, or name more members"));
        }
        Some(_) => {}
    }
}
