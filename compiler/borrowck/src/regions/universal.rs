//! The regions that a body is generic over, and what is known about them.

use rgo_hir::DefId;
use rgo_mir::bitset::BitSet;
use rgo_syntax::Name;
use rgo_typeck::ty::{BoundRegion, BoundRegionKind, Region, RegionKind};
use rustc_hash::FxHashMap;

use super::constraint::{GenericKind, RegionVid};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UniversalKind {
    Static,
    Early {
        name: Name,
    },
    /// Bound by the signature of the function or closure `scope`.
    Late {
        scope: DefId,
        var: BoundRegion,
    },
    /// The extent of the body itself.
    FnBody,
    /// The callers of the closure with this body: in every region that the closure's type takes from outside.
    Outside,
    /// Stands for any region, in a proof of something higher-ranked.
    Placeholder {
        universe: u32,
        var: BoundRegion,
    },
}

#[derive(Clone, Debug)]
pub struct Universal {
    pub vid: RegionVid,
    pub kind: UniversalKind,
    /// Body whose points and variables may mention it (0: all).
    pub body: u32,
}

/// Universal regions in order of their ends' elements.
#[derive(Default)]
pub struct Universals {
    pub all: Vec<Universal>,
    pub fn_body: Option<RegionVid>,
    by_region: FxHashMap<Region, RegionVid>,
    by_vid: FxHashMap<RegionVid, usize>,
    /// `outlives[a]` holds the elements of all that `a` outlives.
    outlives: Vec<BitSet>,
    /// Types that outlive regions by where clauses and implied bounds.
    pub type_bounds: Vec<(GenericKind, RegionVid)>,
}

impl Universals {
    pub fn add(&mut self, vid: RegionVid, kind: UniversalKind, body: u32, region: Option<Region>) {
        let element = self.all.len();
        self.all.push(Universal { vid, kind, body });
        self.by_vid.insert(vid, element);
        if let Some(region) = region {
            self.by_region.insert(region, vid);
        }
        let mut own = BitSet::default();
        own.insert(element);
        self.outlives.push(own);
    }

    pub fn region(&self, region: Region) -> Option<RegionVid> {
        match region.kind() {
            RegionKind::Static => Some(RegionVid::STATIC),
            _ => self.by_region.get(&region).copied(),
        }
    }

    pub fn element(&self, vid: RegionVid) -> Option<usize> {
        self.by_vid.get(&vid).copied()
    }

    pub fn get(&self, vid: RegionVid) -> Option<&Universal> {
        self.element(vid).map(|element| &self.all[element])
    }

    pub fn is_universal(&self, vid: RegionVid) -> bool {
        self.by_vid.contains_key(&vid)
    }

    pub fn assume_outlives(&mut self, longer: RegionVid, shorter: RegionVid) {
        if let (Some(longer), Some(shorter)) = (self.element(longer), self.element(shorter)) {
            self.outlives[longer].insert(shorter);
        }
    }

    pub fn assume_type_outlives(&mut self, kind: GenericKind, region: RegionVid) {
        if !self.type_bounds.contains(&(kind, region)) {
            self.type_bounds.push((kind, region));
        }
    }

    /// Follows the assumptions to their end. `'static` outlives everything, everything outlives the body.
    pub fn close(&mut self) {
        for element in 0..self.all.len() {
            if matches!(self.all[element].kind, UniversalKind::Placeholder { .. } | UniversalKind::Outside) {
                continue;
            }
            self.outlives[0].insert(element);
            // What a closure's call binds is nothing to the body around it.
            let inside = self.all[element].body != 0;
            if let Some(fn_body) = self.fn_body.and_then(|vid| self.element(vid)).filter(|_| !inside) {
                self.outlives[element].insert(fn_body);
            }
        }
        let mut changed = true;
        while changed {
            changed = false;
            for element in 0..self.all.len() {
                let mut known = std::mem::take(&mut self.outlives[element]);
                let below: Vec<usize> = known.iter().filter(|below| *below != element).collect();
                for below in below {
                    changed |= known.union(&self.outlives[below]);
                }
                self.outlives[element] = known;
            }
        }
    }

    pub fn outlives(&self, longer: RegionVid, shorter: RegionVid) -> bool {
        longer == shorter
            || match (self.element(longer), self.element(shorter)) {
                (Some(longer), Some(shorter)) => self.outlives[longer].contains(shorter),
                _ => false,
            }
    }

    /// The regions that must hold as constraints because they are known.
    pub fn known(&self) -> impl Iterator<Item = (RegionVid, RegionVid)> + '_ {
        self.all.iter().enumerate().flat_map(move |(element, longer)| {
            self.outlives[element]
                .iter()
                .filter(move |shorter| *shorter != element)
                .map(move |shorter| (longer.vid, self.all[shorter].vid))
        })
    }

    /// As written: `'a`, `'static`; `None` for what has no name.
    pub fn name(&self, vid: RegionVid) -> Option<String> {
        match self.get(vid)?.kind {
            UniversalKind::Static => Some("'static".to_owned()),
            UniversalKind::Early { name } => Some(quoted(name)),
            UniversalKind::Late { var, .. } | UniversalKind::Placeholder { var, .. } => bound_name(var.kind),
            UniversalKind::FnBody | UniversalKind::Outside => None,
        }
    }
}

pub fn bound_name(kind: BoundRegionKind) -> Option<String> {
    match kind {
        BoundRegionKind::Named(def) => Some(quoted(def.name())).filter(|name| name != "'_" && name != "'"),
        BoundRegionKind::ForLifetime(name) => Some(quoted(name)),
        BoundRegionKind::Anon | BoundRegionKind::ClosureEnv => None,
    }
}

fn quoted(name: Name) -> String {
    let text = name.as_str();
    if text.starts_with('\'') { text.to_owned() } else { format!("'{text}") }
}
