//! Short words for definitions, people and what they do.

use std::collections::BTreeMap;

use approval::{
    Approval, ApprovalError, Approver, Body, Definition, Delegation, Effect, Event, Order, Quorum, Resolved, Rule, Status, Step, Stimulus,
    Then, TimeOut, Verdict, Vote, approve,
};

/// One step decided by people.
pub fn step(key: &str, rule: Rule) -> Step {
    Step {
        key: key.to_owned(),
        when: None,
        approvers: vec![Approver::Role("approver".to_owned())],
        body: None,
        rule,
        time_outs: Vec::new(),
    }
}

/// One step decided by the body `board`.
pub fn board_step(key: &str, rule: Rule) -> Step {
    Step { approvers: Vec::new(), body: Some("board".to_owned()), ..step(key, rule) }
}

/// A definition of these steps.
pub fn definition(steps: Vec<Step>) -> Definition {
    Definition {
        order: Order::Sequential,
        requester_may_approve: false,
        counts_in_several_steps: false,
        void_on: Vec::new(),
        steps,
        bodies: BTreeMap::new(),
    }
}

/// The same with a body `board`.
pub fn with_board(mut def: Definition, quorum: u32, casting_vote: bool) -> Definition {
    let role = |key: &str| Approver::Role(key.to_owned());
    let body = Body { members: vec![role("member")], chair: Some(role("chair")), quorum: Some(Quorum::Members(quorum)), casting_vote };
    def.bodies.insert("board".to_owned(), body);
    def
}

pub fn time_out(after: i64, then: Then) -> TimeOut {
    TimeOut { after, then }
}

/// Somebody to escalate to.
pub fn boss() -> Then {
    Then::Escalate(vec![Approver::Person("boss".to_owned())])
}

pub fn names(list: &[&str]) -> Vec<String> {
    list.iter().map(|name| (*name).to_owned()).collect()
}

pub fn resolved(step: &str, people: &[&str]) -> Resolved {
    Resolved { step: step.to_owned(), skipped: false, people: names(people), chair: None }
}

pub fn delegation(person: &str, delegate: &str, from: i64, until: i64) -> Delegation {
    Delegation { person: person.to_owned(), delegate: delegate.to_owned(), from, until }
}

/// Digests of the fields of a definition, `word` being what each of them says.
pub fn said(def: &Definition, word: &str) -> BTreeMap<String, String> {
    def.void_on.iter().map(|field| (field.clone(), word.to_owned())).collect()
}

/// An approval, its definition and everything that has happened to it.
#[derive(Clone)]
pub struct Case {
    pub def: Definition,
    pub state: Approval,
    pub log: Vec<Event>,
    pub effects: Vec<Effect>,
    pub now: i64,
}

impl Case {
    pub fn new(def: Definition) -> Case {
        let defects = def.check();
        assert!(defects.is_empty(), "{defects:?}");
        Case { def, state: Approval::default(), log: Vec::new(), effects: Vec::new(), now: 0 }
    }

    /// Requested by `requester` with these people.
    pub fn requested(def: Definition, steps: &[Resolved]) -> Case {
        let mut case = Case::new(def);
        case.request(steps, &[]).unwrap();
        case
    }

    pub fn request(&mut self, steps: &[Resolved], delegations: &[Delegation]) -> Result<(), ApprovalError> {
        let digests = said(&self.def, "first");
        self.act(&Stimulus::Request {
            requesters: names(&["requester"]),
            steps: steps.to_vec(),
            delegations: delegations.to_vec(),
            digests,
        })
    }

    pub fn act(&mut self, stimulus: &Stimulus) -> Result<(), ApprovalError> {
        let done = approve(&self.def, &self.state, stimulus, self.now)?;
        for event in &done.events {
            self.state.apply(event);
        }
        self.log.extend(done.events);
        self.effects = done.effects;
        Ok(())
    }

    pub fn vote(&mut self, seat: u32, by: &str, vote: Vote) -> Result<(), ApprovalError> {
        let reason = Some("because".to_owned());
        self.act(&Stimulus::Vote { seat, by: by.to_owned(), vote, reason })
    }

    pub fn yes(&mut self, seat: u32, by: &str) {
        self.vote(seat, by, Vote::Yes).unwrap();
    }

    pub fn no(&mut self, seat: u32, by: &str) {
        self.vote(seat, by, Vote::No).unwrap();
    }

    pub fn time_out(&mut self, step: &str, index: u32, people: &[&str]) -> Result<(), ApprovalError> {
        self.act(&Stimulus::TimeOut { step: step.to_owned(), index, people: names(people) })
    }

    pub fn depart(&mut self, person: &str) {
        self.act(&Stimulus::Depart { person: person.to_owned() }).unwrap();
    }

    pub fn status(&self) -> Status {
        self.state.status
    }

    pub fn verdicts(&self) -> Vec<Verdict> {
        let verdict = |event: &Event| if let Event::Decided { verdict, .. } = event { Some(*verdict) } else { None };
        self.log.iter().filter_map(verdict).collect()
    }
}
