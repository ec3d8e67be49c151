//! Whether two types are the same under their binders (`for<'a> fn(&'a u8)` and `for<'b> fn(&'b u8)`), all other regions being as good as equal.
//!
//! Inference erases regions, so that unification takes `fn(&'static u8)` and `for<'a> fn(&'a u8)` for one type. Where branches are joined rustc asks
//! for more (a leak check, rustc's `coerce_from_safe_fn`): a bound region stands for a bound region, and always for the same one.

use std::ops::ControlFlow;

use crate::ty::fold::{TypeFoldable, TypeVisitor};
use crate::ty::{Region, RegionKind, Ty};

/// For types that are equal but for their regions.
pub fn same_binders(a: Ty, b: Ty) -> bool {
    let (a, b) = (Bound::of(a), Bound::of(b));
    if a.len() != b.len() {
        return false;
    }
    let is_paired = |(index, (left, right)): (usize, (&Option<Var>, &Option<Var>))| {
        let agrees = |(other_left, other_right)| (other_left == left) == (other_right == right);
        match (left, right) {
            (None, None) => true,
            (Some(_), Some(_)) => a.iter().zip(&b).take(index).all(agrees),
            (Some(_), None) | (None, Some(_)) => false,
        }
    };
    a.iter().zip(&b).enumerate().all(is_paired)
}

/// A bound region: its binder, by the order in which binders are met, and its place in that.
type Var = (u32, u32);

/// The regions of a type in order, `None` where one is not bound in it.
#[derive(Default)]
struct Bound {
    met: u32,
    binders: Vec<u32>,
    regions: Vec<Option<Var>>,
}

impl Bound {
    fn of(ty: Ty) -> Vec<Option<Var>> {
        let mut bound = Bound::default();
        let _ = ty.visit_with(&mut bound);
        bound.regions
    }
}

impl TypeVisitor for Bound {
    fn visit_region(&mut self, region: Region) -> ControlFlow<()> {
        let var = match region.kind() {
            RegionKind::Bound { depth, var } => {
                let position = self.binders.len().checked_sub(*depth as usize + 1);
                position.map(|position| (self.binders[position], var.index))
            }
            _ => None,
        };
        self.regions.push(var);
        ControlFlow::Continue(())
    }

    fn enter_binder(&mut self) {
        self.binders.push(self.met);
        self.met += 1;
    }

    fn exit_binder(&mut self) {
        self.binders.pop();
    }
}
