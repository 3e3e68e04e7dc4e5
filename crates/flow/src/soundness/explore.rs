//! Playing a graph through: every marking it can get to, up to a limit.

use std::collections::{BTreeSet, HashMap};

use indexmap::IndexSet;

use super::graph::{Graph, Sort, Vertex};

/// How much may be looked at, for all scopes of a definition together.
pub(super) struct Limit {
    /// Markings.
    pub(super) states: usize,
    /// Moves between markings.
    pub(super) moves: usize,
}

impl Default for Limit {
    fn default() -> Self {
        Self { states: 100_000, moves: 2_000_000 }
    }
}

/// What is wrong with a scope, by element.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fault {
    /// A join waits for a token that does not come.
    Deadlock(usize),
    /// Two tokens in one place.
    TwoTokens(usize),
    /// A parallel or inclusive gateway that is never passed.
    NeverRuns(usize),
    /// The flow goes on for ever.
    Livelock(usize),
    /// The limit was reached; the elements in question.
    Open(Vec<usize>),
}

impl Fault {
    pub(super) fn is_open(&self) -> bool {
        matches!(self, Self::Open(_))
    }
}

/// A marking as bits: a token at a vertex, a token on an edge into a parallel or inclusive gateway, an event that may
/// still happen.
type Marking = Box<[u64]>;

/// Most ways out of an inclusive gateway of which all combinations are tried.
const MOST_WAYS: usize = 10;

/// Most work that may go into finding out what inclusive joins wait for.
const MOST_LOOKING: usize = 20_000_000;

struct Explorer<'a> {
    graph: &'a Graph,
    /// First bit of the events of each vertex.
    spawn_bits: Vec<usize>,
    words: usize,
    states: IndexSet<Marking>,
    moves: Vec<(usize, usize)>,
    /// Markings that cannot move.
    stuck: Vec<usize>,
    passed: Vec<bool>,
    faults: BTreeSet<Fault>,
    /// For each edge into an inclusive gateway, the vertices from which a token can still come by it: as a reason to wait,
    /// and as a reason not to.
    upstream: HashMap<usize, [Vec<bool>; 2]>,
    /// Some gateway has too many ways to be played through.
    too_wide: bool,
}

/// Plays the graph through and takes what it used from the limit.
pub(super) fn explore(graph: &Graph, limit: &mut Limit) -> BTreeSet<Fault> {
    let mut explorer = Explorer::new(graph);
    let finished = explorer.run(limit);
    limit.states = limit.states.saturating_sub(explorer.states.len());
    limit.moves = limit.moves.saturating_sub(explorer.moves.len());
    if finished { explorer.judge() } else { explorer.give_up() }
}

impl<'a> Explorer<'a> {
    fn new(graph: &'a Graph) -> Self {
        let mut bits = graph.vertices.len() + graph.edges.len();
        let mut spawn_bits = Vec::with_capacity(graph.vertices.len());
        for vertex in &graph.vertices {
            spawn_bits.push(bits);
            bits += vertex.spawns.len();
        }
        let (upstream, looked) = upstream(graph);
        let widest = |vertex: &Vertex| vertex.sort == Sort::Any && vertex.outs.len() > MOST_WAYS;
        let too_wide = !looked || graph.alive().any(|(_, vertex)| widest(vertex));
        Self {
            graph,
            upstream,
            too_wide,
            spawn_bits,
            words: bits.div_ceil(64),
            states: IndexSet::new(),
            moves: Vec::new(),
            stuck: Vec::new(),
            passed: vec![false; graph.vertices.len()],
            faults: BTreeSet::new(),
        }
    }

    /// Visits every marking; `false` when the limit was reached.
    fn run(&mut self, limit: &Limit) -> bool {
        if self.too_wide {
            return false;
        }
        let mut first: Marking = vec![0; self.words].into();
        self.place(&mut first, self.graph.start);
        self.states.insert(first);
        let mut at = 0;
        while let Some(marking) = self.states.get_index(at).cloned() {
            if self.states.len() > limit.states || self.moves.len() > limit.moves {
                return false;
            }
            let (mut next, tried) = self.moves_from(&marking);
            next.dedup();
            if !tried && !is_empty(&marking) {
                self.stuck.push(at);
            }
            for marking in next {
                let (to, _) = self.states.insert_full(marking);
                self.moves.push((at, to));
            }
            at += 1;
        }
        true
    }

    /// The markings one move further, and whether any move was tried (one that makes two tokens meet leads nowhere).
    fn moves_from(&mut self, marking: &Marking) -> (Vec<Marking>, bool) {
        let graph = self.graph;
        let (mut next, mut tried) = (Vec::new(), false);
        let rests = self.rests(marking);
        for (v, vertex) in graph.alive() {
            match vertex.sort {
                Sort::Choice if has(marking, v) => {
                    tried = true;
                    let left = self.without(marking, v);
                    next.extend(vertex.outs.iter().filter_map(|edge| self.along(left.clone(), &[*edge])));
                    for number in 0..vertex.spawns.len() {
                        self.spawn(marking, v, number, &mut next);
                    }
                }
                Sort::Kill if has(marking, v) => {
                    tried = true;
                    next.push(vec![0; self.words].into());
                }
                Sort::Any if rests && self.is_ready(marking, v) => {
                    tried = true;
                    self.passed[v] = true;
                    let mut left = marking.clone();
                    vertex.ins.iter().for_each(|edge| clear(&mut left, self.edge_bit(*edge)));
                    for ways in combinations(vertex) {
                        next.extend(self.along(left.clone(), &ways));
                    }
                }
                Sort::Both if self.is_ready(marking, v) => {
                    tried = true;
                    self.passed[v] = true;
                    let mut left = marking.clone();
                    vertex.ins.iter().for_each(|edge| clear(&mut left, self.edge_bit(*edge)));
                    next.extend(self.along(left, &vertex.outs));
                }
                _ => {}
            }
        }
        (next, tried)
    }

    /// Whether nothing goes on at once; inclusive joins are looked at only then.
    fn rests(&self, marking: &Marking) -> bool {
        self.graph.alive().all(|(v, vertex)| match vertex.sort {
            Sort::Choice | Sort::Kill => vertex.rests || !has(marking, v),
            Sort::Both => vertex.rests || !self.is_ready(marking, v),
            Sort::Any | Sort::Sink => true,
        })
    }

    fn is_ready(&self, marking: &Marking, v: usize) -> bool {
        let vertex = &self.graph.vertices[v];
        if vertex.sort == Sort::Any {
            return self.has_waited(marking, v);
        }
        !vertex.ins.is_empty() && vertex.ins.iter().all(|edge| has(marking, self.edge_bit(*edge)))
    }

    /// Whether an inclusive join has a token and none can come by its empty ways; see `element::inclusive`.
    fn has_waited(&self, marking: &Marking, v: usize) -> bool {
        let ins = &self.graph.vertices[v].ins;
        let (full, empty): (Vec<usize>, Vec<usize>) = ins.iter().partition(|edge| has(marking, self.edge_bit(**edge)));
        if full.is_empty() {
            return false;
        }
        let reaches = |edges: &[usize], which: usize, from: usize| {
            edges.iter().any(|edge| self.upstream.get(edge).is_some_and(|upstream| upstream[which][from]))
        };
        let stands = |w: usize, vertex: &Vertex| has(marking, w) || vertex.ins.iter().any(|edge| has(marking, self.edge_bit(*edge)));
        let mut others = self.graph.alive().filter(|(w, vertex)| *w != v && stands(*w, vertex));
        empty.is_empty() || !others.any(|(w, _)| reaches(&empty, 0, w) && !reaches(&full, 1, w))
    }

    /// Tokens go along edges; `None` when two meet.
    fn along(&mut self, mut marking: Marking, edges: &[usize]) -> Option<Marking> {
        for &edge in edges {
            let to = self.graph.target(edge);
            let fits = match self.graph.vertices[to].sort {
                Sort::Sink => true,
                Sort::Both | Sort::Any => set(&mut marking, self.edge_bit(edge)),
                Sort::Choice | Sort::Kill => self.place(&mut marking, to),
            };
            if !fits {
                self.faults.insert(Fault::TwoTokens(self.graph.vertices[to].element));
                return None;
            }
        }
        Some(marking)
    }

    /// Puts a token at a vertex, whose events may then happen.
    fn place(&self, marking: &mut Marking, v: usize) -> bool {
        for number in 0..self.graph.vertices[v].spawns.len() {
            set(marking, self.spawn_bits[v] + number);
        }
        set(marking, v)
    }

    /// The marking without the token at a vertex.
    fn without(&self, marking: &Marking, v: usize) -> Marking {
        let mut left = marking.clone();
        clear(&mut left, v);
        for number in 0..self.graph.vertices[v].spawns.len() {
            clear(&mut left, self.spawn_bits[v] + number);
        }
        left
    }

    /// An event that does not interrupt happens. Its token runs on at once to where it can rest, as in the engine, so
    /// it meets other tokens only there.
    fn spawn(&mut self, marking: &Marking, v: usize, number: usize, next: &mut Vec<Marking>) {
        let bit = self.spawn_bits[v] + number;
        if !has(marking, bit) {
            return;
        }
        let spawn = self.graph.vertices[v].spawns[number];
        let mut base = marking.clone();
        if !spawn.repeats {
            clear(&mut base, bit);
        }
        let mut seen = vec![false; self.graph.vertices.len()];
        let mut open = vec![spawn.vertex];
        while let Some(at) = open.pop() {
            if std::mem::replace(&mut seen[at], true) {
                continue;
            }
            for &edge in &self.graph.vertices[at].outs {
                let to = self.graph.target(edge);
                let vertex = &self.graph.vertices[to];
                if vertex.sort == Sort::Choice && !vertex.rests {
                    open.push(to);
                } else {
                    next.extend(self.along(base.clone(), &[edge]));
                }
            }
        }
    }

    /// What a complete exploration shows.
    fn judge(mut self) -> BTreeSet<Fault> {
        for &at in &self.stuck {
            for (v, vertex) in self.graph.alive().filter(|(_, vertex)| joins(vertex)) {
                let waits = vertex.ins.iter().any(|edge| has(&self.states[at], self.edge_bit(*edge)));
                if waits && !self.is_ready(&self.states[at], v) {
                    self.faults.insert(Fault::Deadlock(vertex.element));
                }
            }
        }
        if !self.faults.is_empty() {
            return self.faults;
        }
        if let Some(at) = self.last_without_end() {
            let marking = &self.states[at];
            let stands = |v: usize, vertex: &Vertex| has(marking, v) || vertex.ins.iter().any(|edge| has(marking, self.edge_bit(*edge)));
            let held = self.graph.alive().find(|(v, vertex)| stands(*v, vertex)).map(|(_, vertex)| vertex.element);
            self.faults.extend(held.map(Fault::Livelock));
        }
        for (v, vertex) in self.graph.alive() {
            if joins(vertex) && !self.passed[v] {
                self.faults.insert(Fault::NeverRuns(vertex.element));
            }
        }
        self.faults
    }

    /// A marking from which the empty one cannot be got to; the last one found lies deepest in the trouble.
    fn last_without_end(&self) -> Option<usize> {
        let mut before = vec![Vec::new(); self.states.len()];
        for (from, to) in &self.moves {
            before[*to].push(*from);
        }
        let mut ending = vec![false; self.states.len()];
        let mut open: Vec<usize> = self.states.iter().position(is_empty).into_iter().collect();
        while let Some(at) = open.pop() {
            if !std::mem::replace(&mut ending[at], true) {
                open.append(&mut before[at]);
            }
        }
        ending.iter().rposition(|ends| !ends)
    }

    fn give_up(mut self) -> BTreeSet<Fault> {
        let hard = |vertex: &Vertex| joins(vertex) || !vertex.spawns.is_empty();
        let region = self.graph.alive().filter(|(_, vertex)| hard(vertex));
        let region: BTreeSet<usize> = region.map(|(_, vertex)| vertex.element).collect();
        self.faults.insert(Fault::Open(region.into_iter().collect()));
        self.faults
    }

    fn edge_bit(&self, edge: usize) -> usize {
        self.graph.vertices.len() + edge
    }
}

fn joins(vertex: &Vertex) -> bool {
    matches!(vertex.sort, Sort::Both | Sort::Any)
}

/// The sets of ways that an inclusive gateway can take.
fn combinations(vertex: &Vertex) -> Vec<Vec<usize>> {
    let free: Vec<usize> = vertex.outs.iter().copied().filter(|edge| Some(*edge) != vertex.otherwise).collect();
    let mut found: Vec<Vec<usize>> = vertex.otherwise.into_iter().map(|edge| vec![edge]).collect();
    for set in 1u32..1 << free.len().min(MOST_WAYS) {
        found.push(free.iter().enumerate().filter(|(bit, _)| set & (1 << bit) != 0).map(|(_, edge)| *edge).collect());
    }
    found
}

/// For each edge into an inclusive gateway with several, from where a token can come by it without passing the gateway.
/// `false` when that would be too much work.
fn upstream(graph: &Graph) -> (HashMap<usize, [Vec<bool>; 2]>, bool) {
    let mut found = HashMap::new();
    let asked: usize = graph.alive().filter(|(_, vertex)| vertex.sort == Sort::Any).map(|(_, vertex)| vertex.ins.len()).sum();
    if asked.saturating_mul(graph.edges.len()) > MOST_LOOKING {
        return (found, false);
    }
    let mut spawned_by: Vec<Vec<usize>> = vec![Vec::new(); graph.vertices.len()];
    for (v, vertex) in graph.alive() {
        vertex.spawns.iter().for_each(|spawn| spawned_by[spawn.vertex].push(v));
    }
    for (v, vertex) in graph.alive().filter(|(_, vertex)| vertex.sort == Sort::Any) {
        for &edge in &vertex.ins {
            let look = |beside: bool| {
                let mut seen = vec![false; graph.vertices.len()];
                let mut open = vec![graph.edges[edge].0];
                while let Some(at) = open.pop() {
                    if at == v || std::mem::replace(&mut seen[at], true) {
                        continue;
                    }
                    open.extend(graph.vertices[at].ins.iter().map(|edge| graph.edges[*edge].0));
                    if beside {
                        open.extend(&spawned_by[at]);
                    }
                }
                seen
            };
            found.insert(edge, [look(true), look(false)]);
        }
    }
    (found, true)
}

fn has(marking: &Marking, bit: usize) -> bool {
    marking[bit / 64] & (1 << (bit % 64)) != 0
}

/// Sets a bit; `false` when it was set already.
fn set(marking: &mut Marking, bit: usize) -> bool {
    let fresh = !has(marking, bit);
    marking[bit / 64] |= 1 << (bit % 64);
    fresh
}

fn clear(marking: &mut Marking, bit: usize) {
    marking[bit / 64] &= !(1 << (bit % 64));
}

fn is_empty(marking: &Marking) -> bool {
    marking.iter().all(|word| *word == 0)
}
