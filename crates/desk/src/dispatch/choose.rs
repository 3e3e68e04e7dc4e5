//! The choice among the people of a team, with what spoke for and against each: pure, so that a rehearsal says what would happen.

use std::cmp::Reverse;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Most people that a choice tells of; the rest is counted.
const TOLD: usize = 20;

/// Somebody who could be given the work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Who.
    pub person: Uuid,
    /// What decides when nothing else does: it never changes.
    pub key: String,
    /// Whether the account may act, and has a role that works on records.
    pub alive: bool,
    /// Whether somebody stands in for them now.
    pub absent: bool,
    /// Where they sit.
    pub site: Option<Uuid>,
    /// Keys of the skills that they have.
    pub skills: Vec<String>,
    /// Most open records of their own, in place of what is wished.
    pub capacity: Option<i64>,
    /// Records that are theirs to work on now.
    pub open: i64,
    /// When the newest record of theirs was opened.
    pub last_at: Option<i64>,
}

/// What the work asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wish {
    /// Keys of skills; all of them are needed.
    pub skills: Vec<String>,
    /// Where it is: who sits there comes first.
    pub site: Option<Uuid>,
    /// Most open records of one person who has no number of their own; none is no limit.
    pub capacity: Option<i64>,
}

/// What decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// The least load.
    Load,
    /// It is outside working hours: the person on duty answers for it.
    OffHours,
    /// Nobody is there who can take it: the person on duty answers for it.
    NobodyFree,
    /// The team takes from its queue.
    Queue,
}

/// Why somebody was chosen, or was not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "why")]
pub enum Why {
    /// Has the least to do of those who could.
    Chosen,
    /// Could, but sits elsewhere.
    Elsewhere,
    /// Could, but has more to do.
    MoreOpen,
    /// Could and has as much to do, but got something more recently.
    MoreRecent,
    /// Has as many records as one may have.
    Full,
    /// Has not these skills.
    Lacks {
        /// Their keys.
        skills: Vec<String>,
    },
    /// Is away; somebody stands in.
    Absent,
    /// The account has ended.
    Ended,
}

/// Somebody who was considered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Considered {
    /// Who.
    pub person: Uuid,
    /// Records that were theirs.
    pub open: i64,
    /// Whether they sit where the work is.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub here: bool,
    /// Most open records of their own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capacity: Option<i64>,
    /// What came of it.
    #[serde(flatten)]
    pub why: Why,
}

/// Who is offered the work, and why. Entries of the journal keep it as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// Key of the team.
    pub team: String,
    /// What decided.
    pub rule: Rule,
    /// Who; none leaves it in the team's queue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<Uuid>,
    /// Most open records of one person, as the team says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capacity: Option<i64>,
    /// Skills that were asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub skills: Vec<String>,
    /// Who was considered: the chosen one first, then those who could, then those who could not.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub considered: Vec<Considered>,
    /// How many more were considered.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub more: usize,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_zero(n: &usize) -> bool {
    *n == 0
}

impl Choice {
    /// Nobody is offered it, for this reason.
    pub fn nobody(team: &str, rule: Rule) -> Self {
        Self { team: team.to_owned(), rule, person: None, capacity: None, skills: Vec::new(), considered: Vec::new(), more: 0 }
    }
}

/// Chooses: the living who are there, have the skills and have room; of them who sits where the work is; of them who has the least
/// open records; of them who got one longest ago; and at last the first by key, so that equal input gives equal answers.
pub fn choose(team: &str, candidates: &[Candidate], wish: &Wish) -> Choice {
    let here = |it: &Candidate| wish.site.is_some() && it.site == wish.site;
    let rank = |it: &Candidate| (Reverse(here(it)), it.open, it.last_at.unwrap_or(i64::MIN), it.key.clone());
    let (mut able, mut unable): (Vec<&Candidate>, Vec<&Candidate>) = candidates.iter().partition(|it| against(it, wish).is_none());
    able.sort_by_key(|it| rank(it));
    unable.sort_by(|a, b| a.key.cmp(&b.key));
    let first = able.first().copied();
    let considered = |it: &Candidate| Considered {
        person: it.person,
        open: it.open,
        here: here(it),
        capacity: it.capacity,
        why: against(it, wish).unwrap_or_else(|| first.map_or(Why::Chosen, |first| beside(first, it, here(first) && !here(it)))),
    };
    let told: Vec<Considered> = able.iter().chain(&unable).take(TOLD).map(|it| considered(it)).collect();
    Choice {
        team: team.to_owned(),
        rule: if first.is_some() { Rule::Load } else { Rule::NobodyFree },
        person: first.map(|it| it.person),
        capacity: wish.capacity,
        skills: wish.skills.clone(),
        more: candidates.len() - told.len(),
        considered: told,
    }
}

/// What stands against somebody.
fn against(it: &Candidate, wish: &Wish) -> Option<Why> {
    let lacks: Vec<String> = wish.skills.iter().filter(|skill| !it.skills.contains(skill)).cloned().collect();
    if !it.alive {
        Some(Why::Ended)
    } else if it.absent {
        Some(Why::Absent)
    } else if !lacks.is_empty() {
        Some(Why::Lacks { skills: lacks })
    } else if it.capacity.or(wish.capacity).is_some_and(|most| it.open >= most) {
        Some(Why::Full)
    } else {
        None
    }
}

/// Why the first one comes before another who could.
fn beside(first: &Candidate, it: &Candidate, elsewhere: bool) -> Why {
    if first.person == it.person {
        Why::Chosen
    } else if elsewhere {
        Why::Elsewhere
    } else if it.open > first.open {
        Why::MoreOpen
    } else {
        Why::MoreRecent
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(n: u128) -> Uuid {
        Uuid::from_u128(n)
    }

    fn somebody(n: u128, open: i64) -> Candidate {
        let key = format!("p{n:03}");
        Candidate { person: id(n), key, alive: true, absent: false, site: None, skills: Vec::new(), capacity: None, open, last_at: None }
    }

    fn whys(choice: &Choice) -> Vec<(u128, Why)> {
        choice.considered.iter().map(|it| (it.person.as_u128(), it.why.clone())).collect()
    }

    #[test]
    fn the_least_load_wins_and_everybody_is_told_why() {
        let net = vec!["net".to_owned()];
        let people = [
            Candidate { skills: net.clone(), ..somebody(1, 4) },
            Candidate { skills: net.clone(), ..somebody(2, 2) },
            somebody(3, 0),
            Candidate { skills: net.clone(), absent: true, ..somebody(4, 0) },
            Candidate { skills: net.clone(), ..somebody(5, 6) },
            Candidate { skills: net.clone(), alive: false, ..somebody(6, 0) },
        ];
        let choice = choose("t", &people, &Wish { skills: net.clone(), site: None, capacity: Some(6) });
        assert_eq!((choice.rule, choice.person), (Rule::Load, Some(id(2))));
        let lacks = Why::Lacks { skills: net };
        let wanted = [(2, Why::Chosen), (1, Why::MoreOpen), (3, lacks), (4, Why::Absent), (5, Why::Full), (6, Why::Ended)];
        assert_eq!(whys(&choice), wanted);
    }

    #[test]
    fn who_sits_where_the_work_is_comes_first() {
        let people = [somebody(1, 0), Candidate { site: Some(id(90)), ..somebody(2, 3) }];
        let choice = choose("t", &people, &Wish { site: Some(id(90)), ..Wish::default() });
        assert_eq!(whys(&choice), [(2, Why::Chosen), (1, Why::Elsewhere)]);
        assert_eq!(choose("t", &people, &Wish::default()).person, Some(id(1)));
    }

    #[test]
    fn of_equals_who_got_one_longest_ago_then_the_first_by_key() {
        let at = |n, at| Candidate { last_at: at, ..somebody(n, 1) };
        assert_eq!(choose("t", &[at(1, Some(9)), at(2, Some(5))], &Wish::default()).person, Some(id(2)));
        assert_eq!(choose("t", &[at(1, Some(9)), at(2, None)], &Wish::default()).person, Some(id(2)));
        assert_eq!(choose("t", &[at(2, Some(5)), at(1, Some(5))], &Wish::default()).person, Some(id(1)));
    }

    #[test]
    fn nobody_free_leaves_it_in_the_queue() {
        let choice = choose("t", &[somebody(1, 2)], &Wish { capacity: Some(2), ..Wish::default() });
        assert_eq!((choice.rule, choice.person), (Rule::NobodyFree, None));
        assert_eq!(choose("t", &[], &Wish::default()).rule, Rule::NobodyFree);
    }

    #[test]
    fn a_number_of_ones_own_holds_in_place_of_the_teams() {
        let own = |n, open, capacity| Candidate { capacity, ..somebody(n, open) };
        let people = [own(1, 1, Some(1)), own(2, 5, Some(9)), own(3, 3, None), own(4, 0, Some(0))];
        let choice = choose("t", &people, &Wish { capacity: Some(3), ..Wish::default() });
        assert_eq!(whys(&choice), [(2, Why::Chosen), (1, Why::Full), (3, Why::Full), (4, Why::Full)]);
        assert_eq!(choice.considered.iter().map(|it| it.capacity).collect::<Vec<_>>(), [Some(9), Some(1), None, Some(0)]);
        assert_eq!(choose("t", &people, &Wish::default()).person, Some(id(3)), "without a number of the team only theirs hold");
    }

    /// Whoever is there: the chosen one could, nobody who could has less to do at the same place, the order in which people are
    /// named means nothing, and each is told of once.
    #[test]
    fn what_always_holds() {
        let mut dice = 7_u64;
        let mut roll = |sides: u64| {
            dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (dice >> 33) % sides
        };
        for _ in 0..3000 {
            let people: Vec<Candidate> = (0..roll(9))
                .map(|n| Candidate {
                    alive: roll(6) > 0,
                    absent: roll(5) == 0,
                    site: (roll(2) == 0).then(|| id(90 + u128::from(roll(2)))),
                    skills: if roll(3) > 0 { vec!["a".to_owned()] } else { Vec::new() },
                    last_at: (roll(2) == 0).then(|| roll(4) as i64),
                    capacity: (roll(4) == 0).then(|| roll(5) as i64),
                    ..somebody(u128::from(n), roll(5) as i64)
                })
                .collect();
            let skills = if roll(2) == 0 { vec!["a".to_owned()] } else { Vec::new() };
            let wish = Wish { skills, site: (roll(2) == 0).then(|| id(90)), capacity: (roll(2) == 0).then(|| roll(5) as i64) };
            let choice = choose("t", &people, &wish);
            let mut turned = people.clone();
            turned.reverse();
            assert_eq!(choose("t", &turned, &wish), choice);
            assert_eq!(choice.considered.len() + choice.more, people.len());
            let able: Vec<&Candidate> = people.iter().filter(|it| against(it, &wish).is_none()).collect();
            let Some(chosen) = choice.person else {
                assert!(able.is_empty());
                continue;
            };
            let chosen = able.iter().find(|it| it.person == chosen).expect("the chosen one could");
            let here = |it: &Candidate| wish.site.is_some() && it.site == wish.site;
            assert!(able.iter().all(|it| here(chosen) || !here(it)));
            assert!(able.iter().filter(|it| here(it) == here(chosen)).all(|it| it.open >= chosen.open));
            assert_eq!(choice.considered.iter().filter(|it| it.why == Why::Chosen).count(), 1);
        }
    }
}
