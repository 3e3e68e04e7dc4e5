//! The drawing as numbers: who follows whom, worked out once so that a step needs no search.

use indexmap::IndexMap;

use crate::duration::duration_ms;
use crate::{Edge, Element, Kind};

/// Indices follow the order of `Definition::elements` and `Definition::edges`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Net {
    /// Edges that leave an element, in the order of the XML.
    pub(crate) outgoing: Vec<Vec<usize>>,
    /// Edges that enter an element.
    pub(crate) incoming: Vec<Vec<usize>>,
    /// The default edge of an element.
    pub(crate) default: Vec<Option<usize>>,
    /// Boundary events attached to an element.
    pub(crate) attached: Vec<Vec<usize>>,
    /// The enclosing sub-process.
    pub(crate) scope: Vec<Option<usize>>,
    /// The start event inside a sub-process or event sub-process.
    pub(crate) inner_start: Vec<Option<usize>>,
    /// Length of a timer that needs no evaluation.
    pub(crate) fixed: Vec<Option<i64>>,
    /// The element a boundary event is attached to.
    pub(crate) host: Vec<Option<usize>>,
    /// The element an edge leaves.
    pub(crate) source: Vec<usize>,
    /// The element an edge enters.
    pub(crate) target: Vec<usize>,
    /// The start event of the process.
    pub(crate) start: usize,
    /// Start events of the event sub-processes directly inside an element.
    handlers: Vec<Vec<usize>>,
    /// The same for the process.
    outermost_handlers: Vec<usize>,
    /// Whether any gateway has to look around before it goes on.
    pub(crate) has_inclusive_join: bool,
}

impl Net {
    /// Indexes a drawing whose references are known to be good; one that is not is left out.
    pub(crate) fn new(elements: &IndexMap<String, Element>, edges: &IndexMap<String, Edge>) -> Self {
        let n = elements.len();
        let mut net = Self {
            outgoing: vec![Vec::new(); n],
            incoming: vec![Vec::new(); n],
            default: vec![None; n],
            attached: vec![Vec::new(); n],
            scope: vec![None; n],
            inner_start: vec![None; n],
            fixed: vec![None; n],
            host: vec![None; n],
            source: vec![0; edges.len()],
            target: vec![0; edges.len()],
            handlers: vec![Vec::new(); n],
            ..Self::default()
        };
        for (index, edge) in edges.values().enumerate() {
            let ends = (elements.get_index_of(&edge.from), elements.get_index_of(&edge.to));
            let (Some(from), Some(to)) = ends else { continue };
            net.source[index] = from;
            net.target[index] = to;
            net.outgoing[from].push(index);
            net.incoming[to].push(index);
            if edge.is_default {
                net.default[from] = Some(index);
            }
        }
        for (index, element) in elements.values().enumerate() {
            let scope = element.scope.as_ref().and_then(|id| elements.get_index_of(id));
            net.scope[index] = scope;
            net.fixed[index] = element.timer.as_deref().and_then(duration_ms);
            if let Some(host) = element.host.as_ref().and_then(|id| elements.get_index_of(id)) {
                net.attached[host].push(index);
                net.host[index] = Some(host);
            }
            match (element.kind, scope) {
                (Kind::Start | Kind::EventStart { .. }, Some(scope)) => net.inner_start[scope] = Some(index),
                (Kind::Start, None) => net.start = index,
                (Kind::Inclusive, _) => net.has_inclusive_join |= net.incoming[index].len() > 1,
                _ => {}
            }
        }
        for index in 0..n {
            let handled = net.scope[index].filter(|holder| elements[*holder].kind == Kind::EventSubProcess);
            if let (Kind::EventStart { .. }, Some(holder)) = (elements[index].kind, handled) {
                match net.scope[holder] {
                    Some(outer) => net.handlers[outer].push(index),
                    None => net.outermost_handlers.push(index),
                }
            }
        }
        net
    }

    /// Start events of the event sub-processes directly inside a scope.
    pub(crate) fn handlers(&self, scope: Option<usize>) -> &[usize] {
        scope.map_or(self.outermost_handlers.as_slice(), |scope| &self.handlers[scope])
    }
}
