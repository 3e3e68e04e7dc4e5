//! Shrinking a graph without changing whether it is sound.
//!
//! The rules are the known ones for free-choice nets: fuse what follows in a row, drop what is doubled, drop choices to
//! stay. Whatever was drawn as nested blocks disappears. Two tokens in one place stay visible, because ways into a
//! vertex are only dropped together with the choice between them.

use super::graph::{Graph, Sort};

/// Applies the rules until none fits.
pub(super) fn reduce(graph: &mut Graph) {
    let mut looped = looped_forks(graph);
    loop {
        let mut changed = false;
        // As long as it is there, it matters which of two parallel gateways sent what it waits for.
        let keeps_forks = leaves_looped_join(graph);
        for v in 0..graph.vertices.len() {
            changed |= graph.vertices[v].alive && reduce_at(graph, v, keeps_forks, &mut looped);
        }
        if !changed {
            return;
        }
    }
}

fn reduce_at(graph: &mut Graph, v: usize, keeps_forks: bool, looped: &mut [bool]) -> bool {
    drop_doubles(graph, v, looped) || loosen(graph, v) || fuse_forward(graph, v, looped) || fuse_backward(graph, v, keeps_forks, looped)
}

/// Parallel and inclusive gateways that a token can come back to. What they set off may still be there when they set it off again.
fn looped_forks(graph: &Graph) -> Vec<bool> {
    let forks = |v: usize| matches!(graph.vertices[v].sort, Sort::Both | Sort::Any);
    (0..graph.vertices.len()).map(|v| forks(v) && comes_back(graph, v)).collect()
}

/// Whether an inclusive join in a loop is left. What it waits for depends on where exactly tokens are, which reduction
/// forgets; only joins that have gone with all of their block are proved by it.
pub(super) fn leaves_looped_join(graph: &Graph) -> bool {
    graph.alive().any(|(v, vertex)| vertex.sort == Sort::Any && vertex.ins.len() > 1 && comes_back(graph, v))
}

fn comes_back(graph: &Graph, v: usize) -> bool {
    let mut seen = vec![false; graph.vertices.len()];
    let mut open = vec![v];
    while let Some(at) = open.pop() {
        for edge in &graph.vertices[at].outs {
            let to = graph.target(*edge);
            if to == v {
                return true;
            }
            if !std::mem::replace(&mut seen[to], true) {
                open.push(to);
            }
        }
    }
    false
}

/// Drops ways out that say the same as another one.
fn drop_doubles(graph: &mut Graph, v: usize, looped: &[bool]) -> bool {
    let outs = graph.vertices[v].outs.clone();
    let sort = graph.vertices[v].sort;
    for (position, &edge) in outs.iter().enumerate() {
        let to = graph.target(edge);
        let target = graph.vertices[to].sort;
        let again = outs[..position].iter().any(|other| graph.target(*other) == to);
        let needless = match (sort, target) {
            // Choosing between two ways to the same place. A parallel gateway counts its ways in, so there it matters.
            (Sort::Choice, Sort::Both) => false,
            // Choosing the same again, or choosing to stay.
            (Sort::Choice, _) => again || (to == v && outs.len() > 1),
            // Two tokens that are only waited for together; an inclusive join waits for the second once it has been sent.
            (Sort::Both, Sort::Both) => again && to != v,
            (Sort::Both | Sort::Any, Sort::Any) => again && to != v && (is_fed_by(graph, to, v) || !(looped[v] || looped[to])),
            // A token that ends at once.
            (Sort::Both, Sort::Sink) => outs.len() > 1,
            _ => false,
        };
        if needless {
            remove_edge(graph, edge);
            return true;
        }
    }
    false
}

/// Whether all that enters a join comes from one gateway: it is passed as soon as that gateway has been.
fn is_fed_by(graph: &Graph, join: usize, split: usize) -> bool {
    graph.vertices[join].ins.iter().all(|edge| graph.edges[*edge].0 == split)
}

/// A parallel or inclusive gateway with one way in and one way out is none.
fn loosen(graph: &mut Graph, v: usize) -> bool {
    let vertex = &mut graph.vertices[v];
    let loose = matches!(vertex.sort, Sort::Both | Sort::Any) && vertex.ins.len() == 1 && vertex.outs.len() == 1;
    if loose {
        vertex.sort = Sort::Choice;
    }
    loose
}

/// A vertex with one way out joins what follows.
fn fuse_forward(graph: &mut Graph, v: usize, looped: &mut [bool]) -> bool {
    let &[edge] = graph.vertices[v].outs.as_slice() else { return false };
    let to = graph.target(edge);
    if to == v {
        return false;
    }
    // Several ways into one must stay one way into what counts ways, and visible as a place where tokens may meet.
    let one_way = || match graph.vertices[v].ins.as_slice() {
        &[before] if v != graph.start => Some(graph.edges[before].0),
        _ => None,
    };
    let fits = match (graph.vertices[v].sort, graph.vertices[to].sort) {
        (Sort::Choice, Sort::Choice) | (Sort::Both, Sort::Both) => true,
        // In a loop, what an inclusive join waits for may be what waits for the join.
        (Sort::Any, Sort::Any) => !looped[v] && !looped[to],
        // The last place before an end is where a second token of a fork in a loop would meet the first.
        (Sort::Choice, Sort::Sink) => one_way().is_some_and(|before| !looped[before]),
        (Sort::Choice, Sort::Both | Sort::Any | Sort::Kill) => one_way().is_some(),
        _ => false,
    };
    if !fits {
        return false;
    }
    remove_edge(graph, edge);
    for edge in std::mem::take(&mut graph.vertices[v].ins) {
        graph.edges[edge].1 = to;
        graph.vertices[to].ins.push(edge);
    }
    graph.vertices[v].alive = false;
    graph.vertices[to].rests |= graph.vertices[v].rests;
    if graph.start == v {
        graph.start = to;
    }
    looped[to] |= looped[v];
    true
}

/// A vertex with one way in joins what comes before.
fn fuse_backward(graph: &mut Graph, v: usize, keeps_forks: bool, looped: &mut [bool]) -> bool {
    let &[edge] = graph.vertices[v].ins.as_slice() else { return false };
    let from = graph.edges[edge].0;
    let sort = graph.vertices[v].sort;
    let fits = matches!(sort, Sort::Choice | Sort::Both | Sort::Any) && graph.vertices[from].sort == sort;
    let may_wait_for_itself = sort == Sort::Any && (looped[v] || looped[from]);
    // What is taken only alone would be taken with others.
    let forgets_default = graph.vertices[v].otherwise.is_some() || graph.vertices[from].otherwise == Some(edge);
    let is_kept = sort == Sort::Both && keeps_forks;
    if !fits || is_kept || may_wait_for_itself || forgets_default || from == v || v == graph.start {
        return false;
    }
    remove_edge(graph, edge);
    for edge in std::mem::take(&mut graph.vertices[v].outs) {
        graph.edges[edge].0 = from;
        graph.vertices[from].outs.push(edge);
    }
    graph.vertices[v].alive = false;
    graph.vertices[from].rests |= graph.vertices[v].rests;
    looped[from] |= looped[v];
    true
}

fn remove_edge(graph: &mut Graph, edge: usize) {
    let (from, to) = graph.edges[edge];
    // What is left stands for the default and for its double, which may be taken with others.
    if graph.vertices[from].otherwise.is_some_and(|default| graph.target(default) == to) {
        graph.vertices[from].otherwise = None;
    }
    graph.vertices[from].outs.retain(|other| *other != edge);
    graph.vertices[to].ins.retain(|other| *other != edge);
}
