//! Reduction must not change the verdict: what it calls sound, playing everything through calls sound as well.

use proptest::prelude::*;

use super::explore::{Fault, Limit, explore};
use super::graph::{Graph, Sort, Vertex};
use super::{reduce, verdict};

/// Numbers from a list, for ever.
struct Tape<'a> {
    numbers: &'a [u32],
    at: usize,
}

impl Tape<'_> {
    fn below(&mut self, bound: usize) -> usize {
        let number = self.numbers[self.at % self.numbers.len()].rotate_left(u32::try_from(self.at / self.numbers.len()).unwrap());
        self.at += 1;
        number as usize % bound
    }
}

fn add(graph: &mut Graph, sort: Sort) -> usize {
    let element = graph.vertices.len();
    graph.vertices.push(Vertex { element, sort, rests: true, ins: vec![], outs: vec![], otherwise: None, spawns: vec![], alive: true });
    element
}

/// A block from `from` to `to`; the sorts of its gateways match, unless joins may be `mixed`.
fn block(graph: &mut Graph, tape: &mut Tape<'_>, from: usize, to: usize, depth: usize, mixed: bool) {
    let shape = if depth == 0 { 0 } else { tape.below(6) };
    match shape {
        0 => {
            let step = add(graph, Sort::Choice);
            graph.connect(from, step);
            graph.connect(step, to);
        }
        1 => {
            let middle = add(graph, Sort::Choice);
            block(graph, tape, from, middle, depth - 1, mixed);
            block(graph, tape, middle, to, depth - 1, mixed);
        }
        2..=4 => {
            let sort = [Sort::Choice, Sort::Both, Sort::Any][shape - 2];
            // An inclusive join may join whatever was split.
            let (split, join) = (add(graph, sort), add(graph, if mixed && tape.below(4) == 0 { Sort::Any } else { sort }));
            graph.connect(from, split);
            for _ in 0..2 + tape.below(2) {
                block(graph, tape, split, join, depth - 1, mixed);
            }
            graph.connect(join, to);
        }
        _ => {
            let (head, tail) = (add(graph, Sort::Choice), add(graph, Sort::Choice));
            graph.connect(from, head);
            block(graph, tape, head, tail, depth - 1, mixed);
            graph.connect(tail, head);
            graph.connect(tail, to);
        }
    }
}

/// Nested blocks, then spoiled: gateways change their sort, edges are added, ends appear.
fn random(numbers: &[u32], spoil: usize) -> Graph {
    let mut tape = Tape { numbers, at: 0 };
    let tape = &mut tape;
    let mut graph = Graph { vertices: vec![], edges: vec![], start: 0 };
    let (start, end) = (add(&mut graph, Sort::Choice), add(&mut graph, Sort::Sink));
    block(&mut graph, tape, start, end, 3, spoil > 0);
    for _ in 0..tape.below(spoil + 1) {
        let (v, w) = (2 + tape.below(graph.vertices.len() - 2), 1 + tape.below(graph.vertices.len() - 1));
        if graph.vertices[v].sort == Sort::Kill {
            continue;
        }
        match tape.below(7) {
            5 => graph.vertices[v].sort = Sort::Any,
            0 => graph.vertices[v].sort = Sort::Both,
            1 => graph.vertices[v].sort = Sort::Choice,
            2 => {
                let gone = add(&mut graph, Sort::Kill);
                graph.connect(v, gone);
            }
            3 => graph.connect(v, end),
            _ => graph.connect(v, w),
        }
    }
    for v in 0..graph.vertices.len() {
        let default = graph.vertices[v].outs.first().copied().filter(|_| spoil > 0 && tape.below(2) == 0);
        graph.vertices[v].otherwise = default.filter(|_| graph.vertices[v].sort == Sort::Any);
    }
    graph
}

/// What `shape` guarantees: a way from the start to everything and from everything to an end.
fn is_connected(graph: &Graph) -> bool {
    let n = graph.vertices.len();
    let closure = |from: Vec<usize>, forward: bool| {
        let (mut seen, mut open) = (vec![false; n], from);
        while let Some(v) = open.pop() {
            if !std::mem::replace(&mut seen[v], true) {
                let next = graph.edges.iter().map(|(from, to)| if forward { (*from, *to) } else { (*to, *from) });
                open.extend(next.filter(|(from, _)| *from == v).map(|(_, to)| to));
            }
        }
        seen.into_iter().all(|seen| seen)
    };
    let ends = (0..n).filter(|v| matches!(graph.vertices[*v].sort, Sort::Sink | Sort::Kill)).collect();
    closure(vec![graph.start], true) && closure(ends, false)
}

fn sound(graph: &Graph) -> Option<bool> {
    let faults = explore(graph, &mut Limit { states: 3_000, moves: 30_000 });
    (!faults.iter().any(Fault::is_open)).then_some(faults.is_empty())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 250, max_global_rejects: 200_000, ..ProptestConfig::default() })]

    #[test]
    fn nested_blocks_vanish(numbers in proptest::collection::vec(any::<u32>(), 8..40)) {
        let mut graph = random(&numbers, 0);
        reduce::reduce(&mut graph);
        prop_assert!(graph.is_proved(), "{graph:?}");
    }

    #[test]
    fn reduction_keeps_the_verdict(numbers in proptest::collection::vec(any::<u32>(), 8..40)) {
        let graph = random(&numbers, 4);
        prop_assume!(is_connected(&graph));
        let Some(played) = sound(&graph) else { return Ok(()) };
        let judged = verdict(&graph, &mut Limit::default(), &mut Limit::default());
        prop_assert_eq!(judged.is_empty(), played, "{:?} {:?}", judged, graph);
    }
}

#[test]
fn the_random_graphs_are_worth_playing() {
    let (mut good, mut bad, mut reduced) = (0, 0, 0);
    for seed in 0u32..3000 {
        let numbers: Vec<u32> =
            (0..23u32).map(|n| seed.wrapping_mul(2_654_435_761).wrapping_add(n.wrapping_mul(40_503_973)).rotate_left(n)).collect();
        let graph = random(&numbers, 4);
        if !is_connected(&graph) {
            continue;
        }
        match sound(&graph) {
            Some(true) => good += 1,
            Some(false) => bad += 1,
            None => {}
        }
        let mut rest = graph.clone();
        reduce::reduce(&mut rest);
        reduced += usize::from(rest.is_proved() && graph.vertices.iter().any(|vertex| vertex.sort == Sort::Both));
    }
    assert!(good > 300 && bad > 200 && reduced > 200, "{good} sound, {bad} not, {reduced} reduced");
}
