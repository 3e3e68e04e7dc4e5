//! One scope as tokens see it: five sorts of vertices instead of all the kinds of elements.

use std::collections::HashMap;

use super::thrown;
use crate::{Definition, Kind, Trigger};

/// What a vertex does with tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sort {
    /// Takes one token, gives one token to one of its ways out: tasks, events, exclusive gateways.
    Choice,
    /// Takes a token from every way in, gives one to every way out: parallel gateways.
    Both,
    /// Takes a token from every way in that has one, when none can come by the others any more; gives one to some of its
    /// ways out, at least one: inclusive gateways.
    Any,
    /// Swallows tokens: end events.
    Sink,
    /// Swallows everything: terminate ends, and what throws to somebody who takes the scope away.
    Kill,
}

#[derive(Clone, Debug)]
pub(super) struct Vertex {
    /// The element it stands for.
    pub(super) element: usize,
    pub(super) sort: Sort,
    /// A token may stay here for a while; otherwise the engine passes it in the same run.
    pub(super) rests: bool,
    /// Edges.
    pub(super) ins: Vec<usize>,
    /// Edges.
    pub(super) outs: Vec<usize>,
    /// The way out that is taken only alone: the default of an inclusive gateway.
    pub(super) otherwise: Option<usize>,
    /// Events that can set off a second token while one is here.
    pub(super) spawns: Vec<Spawn>,
    pub(super) alive: bool,
}

/// A boundary event that does not interrupt.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spawn {
    /// Its vertex.
    pub(super) vertex: usize,
    /// Messages and the like can come again and again, a timer fires once a visit.
    pub(super) repeats: bool,
}

#[derive(Clone, Debug)]
pub(super) struct Graph {
    pub(super) vertices: Vec<Vertex>,
    /// From and to, as vertices.
    pub(super) edges: Vec<(usize, usize)>,
    pub(super) start: usize,
}

impl Graph {
    pub(super) fn new(def: &Definition, scope: Option<usize>) -> Self {
        let inside: Vec<usize> = (0..def.elements.len()).filter(|at| def.net.scope[*at] == scope).collect();
        let vertex_of: HashMap<usize, usize> = inside.iter().enumerate().map(|(v, at)| (*at, v)).collect();
        let start = scope.map_or(Some(def.net.start), |scope| def.net.inner_start[scope]);
        let start = start.and_then(|at| vertex_of.get(&at).copied()).unwrap_or(0);
        let vertices = inside.iter().map(|at| vertex(def, *at)).collect();
        let mut graph = Self { vertices, edges: Vec::new(), start };
        for (v, &at) in inside.iter().enumerate() {
            for edge in &def.net.outgoing[at] {
                if let Some(to) = vertex_of.get(&def.net.target[*edge]) {
                    if graph.vertices[v].sort == Sort::Any && def.net.default[at] == Some(*edge) {
                        graph.vertices[v].otherwise = Some(graph.edges.len());
                    }
                    graph.connect(v, *to);
                }
            }
            for event in &def.net.attached[at] {
                let Some(&to) = vertex_of.get(event) else { continue };
                let Kind::Boundary { on, interrupting } = def.kind(*event) else { continue };
                if interrupting {
                    // Being interrupted is one more way to leave.
                    graph.connect(v, to);
                } else {
                    let once = on == Trigger::Timer || (on == Trigger::Escalation && thrown::at_most_once(def, *event));
                    graph.vertices[v].spawns.push(Spawn { vertex: to, repeats: !once });
                }
            }
        }
        graph.forget_harmless_spawns();
        graph.forget_harmless_branches();
        graph.forget_unreachable();
        graph
    }

    pub(super) fn connect(&mut self, from: usize, to: usize) {
        let edge = self.edges.len();
        self.edges.push((from, to));
        self.vertices[from].outs.push(edge);
        self.vertices[to].ins.push(edge);
    }

    pub(super) fn target(&self, edge: usize) -> usize {
        self.edges[edge].1
    }

    /// Reduction does not know events that set off a second token.
    pub(super) fn can_reduce(&self) -> bool {
        self.alive().all(|(_, vertex)| vertex.spawns.is_empty())
    }

    /// One token at most, ever, and from everywhere a way to an end: sound. The way is looked for again, because a side
    /// branch that ends may have been the only one.
    pub(super) fn is_proved(&self) -> bool {
        let splits = |vertex: &Vertex| vertex.sort == Sort::Both || (vertex.sort == Sort::Any && vertex.outs.len() > 1);
        let sequential = self.alive().all(|(_, vertex)| !splits(vertex) && vertex.spawns.is_empty());
        sequential && self.always_ends()
    }

    fn always_ends(&self) -> bool {
        let is_end = |vertex: &Vertex| matches!(vertex.sort, Sort::Sink | Sort::Kill);
        let mut ending = vec![false; self.vertices.len()];
        let mut open: Vec<usize> = self.alive().filter(|(_, vertex)| is_end(vertex)).map(|(v, _)| v).collect();
        while let Some(v) = open.pop() {
            if !std::mem::replace(&mut ending[v], true) {
                open.extend(self.vertices[v].ins.iter().map(|edge| self.edges[*edge].0));
            }
        }
        self.alive().all(|(v, _)| ending[v])
    }

    pub(super) fn alive(&self) -> impl Iterator<Item = (usize, &Vertex)> {
        self.vertices.iter().enumerate().filter(|(_, vertex)| vertex.alive)
    }

    /// A second token that runs to an end without ever resting cannot meet anything.
    fn forget_harmless_spawns(&mut self) {
        for v in 0..self.vertices.len() {
            let spawns = std::mem::take(&mut self.vertices[v].spawns);
            let kept = spawns.into_iter().filter(|spawn| !self.runs_out(spawn.vertex)).collect();
            self.vertices[v].spawns = kept;
        }
    }

    /// The same for a branch of a parallel gateway, as long as another branch goes on.
    fn forget_harmless_branches(&mut self) {
        for v in 0..self.vertices.len() {
            if self.vertices[v].sort != Sort::Both {
                continue;
            }
            for edge in self.vertices[v].outs.clone() {
                let to = self.target(edge);
                if self.vertices[v].outs.len() > 1 && self.runs_out(to) {
                    self.vertices[v].outs.retain(|other| *other != edge);
                    self.vertices[to].ins.retain(|other| *other != edge);
                }
            }
        }
    }

    fn runs_out(&self, from: usize) -> bool {
        let mut seen = vec![false; self.vertices.len()];
        let mut open = vec![from];
        while let Some(v) = open.pop() {
            let vertex = &self.vertices[v];
            if vertex.rests || matches!(vertex.sort, Sort::Both | Sort::Any | Sort::Kill) {
                return false;
            }
            if !std::mem::replace(&mut seen[v], true) {
                open.extend(vertex.outs.iter().map(|edge| self.target(*edge)));
            }
        }
        true
    }

    fn forget_unreachable(&mut self) {
        let mut reached = vec![false; self.vertices.len()];
        let mut open = vec![self.start];
        while let Some(v) = open.pop() {
            if !std::mem::replace(&mut reached[v], true) {
                open.extend(self.vertices[v].outs.iter().map(|edge| self.target(*edge)));
                open.extend(self.vertices[v].spawns.iter().map(|spawn| spawn.vertex));
            }
        }
        let edges = &self.edges;
        for (v, vertex) in self.vertices.iter_mut().enumerate() {
            vertex.alive = reached[v];
            vertex.ins.retain(|edge| reached[edges[*edge].0]);
        }
    }
}

fn vertex(def: &Definition, element: usize) -> Vertex {
    let kind = def.kind(element);
    let sort = match kind {
        Kind::TerminateEnd => Sort::Kill,
        _ if thrown::takes_away(def, element) => Sort::Kill,
        Kind::End | Kind::ThrowEnd(_) => Sort::Sink,
        Kind::Parallel => Sort::Both,
        Kind::Inclusive => Sort::Any,
        _ => Sort::Choice,
    };
    let rests = kind.waits() || kind.is_scope();
    Vertex { element, sort, rests, ins: Vec::new(), outs: Vec::new(), otherwise: None, spawns: Vec::new(), alive: true }
}
