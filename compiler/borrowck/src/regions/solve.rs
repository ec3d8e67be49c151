//! The solution: strongly connected components of the constraint graph, values, and how a value came about.

use std::collections::VecDeque;

use rgo_mir::bitset::BitSet;

use super::constraint::{Constraint, RegionVid};
use super::universal::{UniversalKind, Universals};

/// What is known of a region variable when it is made.
#[derive(Clone, Copy, Debug)]
pub struct RegionDef {
    pub universe: u32,
    /// Body that made it.
    pub body: u32,
    /// The region of a placeholder, universal region, or an ordinary variable.
    pub is_universal: bool,
}

pub struct Solution {
    /// Component of each region.
    component: Vec<u32>,
    /// Value of each component; the universal ends come after the points.
    values: Vec<BitSet>,
    points: usize,
    /// Constraints sorted by `sup`, and where each region's begin.
    pub constraints: Vec<Constraint>,
    starts: Vec<u32>,
}

/// Solves the constraints. `bodies` are the points of each body, the closures inside included. `live` gives the points at which each region must be valid by liveness alone.
pub fn solve(
    regions: &[RegionDef],
    mut constraints: Vec<Constraint>,
    live: &[Option<BitSet>],
    bodies: &[std::ops::Range<usize>],
    universals: &Universals,
) -> Solution {
    let points = bodies.first().map_or(0, |body| body.end);
    let count = regions.len();
    constraints.sort_by_key(|constraint| constraint.sup);
    let starts = starts(count, &constraints);
    let (component, order) = components(count, &constraints, &starts);
    let mut values: Vec<BitSet> = Vec::with_capacity(order.ends.len());
    // Components come out callees first: all that a component reaches is complete before it.
    for (id, members) in order.components().enumerate() {
        // It grows as far as it must: most components of a body without loans stay empty.
        let mut value = BitSet::default();
        for member in members {
            if let Some(live) = &live[*member as usize] {
                value.union(live);
            }
            if let Some(element) = universals.element(RegionVid(*member)) {
                value.insert(points + element);
                if !matches!(universals.all[element].kind, UniversalKind::Placeholder { .. } | UniversalKind::Outside) {
                    value.insert_range(bodies[universals.all[element].body as usize].clone());
                }
            }
            for constraint in &constraints[starts[*member as usize] as usize..starts[*member as usize + 1] as usize] {
                let below = component[constraint.sub.index()] as usize;
                if below != id {
                    value.union(&values[below]);
                }
            }
        }
        values.push(value);
    }
    Solution { component, values, points, constraints, starts }
}

fn starts(count: usize, constraints: &[Constraint]) -> Vec<u32> {
    let mut starts = vec![0; count + 1];
    for constraint in constraints {
        starts[constraint.sup.index() + 1] += 1;
    }
    for index in 0..count {
        starts[index + 1] += starts[index];
    }
    starts
}

/// The regions, component by component.
#[derive(Default)]
struct Order {
    members: Vec<u32>,
    /// Where the members of each component end.
    ends: Vec<u32>,
}

impl Order {
    fn components(&self) -> impl Iterator<Item = &[u32]> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, end)| &self.members[start as usize..*end as usize])
    }
}

/// Tarjan's algorithm without recursion: the component of each region, and the members of each component in order of completion.
fn components(count: usize, constraints: &[Constraint], starts: &[u32]) -> (Vec<u32>, Order) {
    const UNSEEN: u32 = u32::MAX;
    let mut number = vec![UNSEEN; count];
    let mut low = vec![0; count];
    let mut component = vec![UNSEEN; count];
    let mut order = Order::default();
    let mut open = Vec::new();
    let mut next = 0;
    let mut work: Vec<(u32, u32)> = Vec::new();
    for root in 0..count as u32 {
        if number[root as usize] != UNSEEN {
            continue;
        }
        work.push((root, starts[root as usize]));
        number[root as usize] = next;
        low[root as usize] = next;
        next += 1;
        open.push(root);
        while let Some((node, edge)) = work.last_mut() {
            let current = *node as usize;
            if *edge < starts[current + 1] {
                let target = constraints[*edge as usize].sub.index();
                *edge += 1;
                if number[target] == UNSEEN {
                    number[target] = next;
                    low[target] = next;
                    next += 1;
                    open.push(target as u32);
                    work.push((target as u32, starts[target]));
                } else if component[target] == UNSEEN {
                    low[current] = low[current].min(number[target]);
                }
                continue;
            }
            work.pop();
            if let Some((parent, _)) = work.last() {
                let parent = *parent as usize;
                low[parent] = low[parent].min(low[current]);
            }
            if low[current] == number[current] {
                let id = order.ends.len() as u32;
                while let Some(member) = open.pop() {
                    component[member as usize] = id;
                    order.members.push(member);
                    if member as usize == current {
                        break;
                    }
                }
                order.ends.push(order.members.len() as u32);
            }
        }
    }
    (component, order)
}

impl Solution {
    pub fn contains_point(&self, region: RegionVid, point: usize) -> bool {
        self.value(region).contains(point)
    }

    pub fn contains_end(&self, region: RegionVid, element: usize) -> bool {
        self.value(region).contains(self.points + element)
    }

    pub fn value(&self, region: RegionVid) -> &BitSet {
        &self.values[self.component[region.index()] as usize]
    }

    /// Whether two regions outlive each other, by the constraints alone. That `'static` outlives everything is none of these.
    pub fn are_equal(&self, a: RegionVid, b: RegionVid) -> bool {
        const STATIC: usize = RegionVid::STATIC.0 as usize;
        self.component[a.index()] == self.component[b.index()]
            || self.contains_end(a, STATIC) && self.contains_end(b, STATIC)
    }

    pub fn has_points(&self, region: RegionVid) -> bool {
        self.value(region).iter().next().is_some_and(|first| first < self.points)
    }

    /// The universal regions (by element) that the region outlives.
    pub fn ends(&self, region: RegionVid) -> impl Iterator<Item = usize> + '_ {
        let points = self.points;
        self.value(region).iter_from(points).map(move |element| element - points)
    }

    /// The universal regions that must outlive `region`.
    pub fn universals_above(&self, region: RegionVid, universals: &Universals) -> Vec<RegionVid> {
        let mut seen = vec![false; self.component.len()];
        seen[region.index()] = true;
        let mut found = Vec::new();
        let mut pending = vec![region];
        while let Some(region) = pending.pop() {
            if universals.is_universal(region) {
                found.push(region);
            }
            for constraint in self.constraints.iter().filter(|constraint| constraint.sub == region) {
                if !std::mem::replace(&mut seen[constraint.sup.index()], true) {
                    pending.push(constraint.sup);
                }
            }
        }
        found
    }

    /// Whether `sup: sub` was said directly.
    pub fn has_constraint(&self, sup: RegionVid, sub: RegionVid) -> bool {
        self.outgoing(sup).iter().any(|constraint| constraint.sub == sub)
    }

    fn outgoing(&self, region: RegionVid) -> &[Constraint] {
        &self.constraints[self.starts[region.index()] as usize..self.starts[region.index() + 1] as usize]
    }

    /// A shortest chain of constraints from `from` to a region that satisfies `target`.
    pub fn path(&self, from: RegionVid, target: impl Fn(RegionVid) -> bool) -> Option<(Vec<Constraint>, RegionVid)> {
        let mut reached: Vec<Option<Option<Constraint>>> = vec![None; self.component.len()];
        reached[from.index()] = Some(None);
        let mut queue = VecDeque::from([from]);
        while let Some(region) = queue.pop_front() {
            if target(region) {
                let mut path = Vec::new();
                let mut at = region;
                while let Some(Some(Some(constraint))) = reached.get(at.index()) {
                    path.push(*constraint);
                    at = constraint.sup;
                }
                path.reverse();
                return Some((path, region));
            }
            // 'static outlives everything: that explains nothing.
            if region == RegionVid::STATIC && region != from {
                continue;
            }
            for constraint in self.outgoing(region) {
                if reached[constraint.sub.index()].is_none() {
                    reached[constraint.sub.index()] = Some(Some(*constraint));
                    queue.push_back(constraint.sub);
                }
            }
        }
        None
    }
}

/// The constraint of a path that an error is best blamed on.
pub fn blame(path: &[Constraint]) -> Option<&Constraint> {
    let best = path.iter().map(|constraint| constraint.category.interest()).min()?;
    path.iter().rev().find(|constraint| constraint.category.interest() == best)
}
