//! Where instances grow without end: `fn f<T>(t: T) { f(Some(t)) }` would be emitted for `T`, `Option<T>`, `Option<Option<T>>` …
//!
//! Every endless row of instances has types that nest ever deeper or grow ever larger, for there are finitely many of a given size; so a bound on
//! both ends all of them. rustc bounds the same two (`recursion_limit`, `type_length_limit`).

use std::cell::Cell;

use rgo_hir::DefId;
use rgo_typeck::error::TypeError;
use rgo_typeck::ty::{Args, Ty, TyKind};
use rustc_hash::FxHashMap;

use super::Cx;

/// rustc's `recursion_limit`.
const DEEPEST: u32 = 128;
/// How many types a type may be made of. A type may share its parts (`(T, T)`), its name in Go may not.
const LARGEST: u32 = 1 << 12;

/// What is known of the growth of types.
#[derive(Default)]
pub struct Growth {
    /// The package's own function that is being emitted.
    pub at: Option<DefId>,
    extents: FxHashMap<Ty, Extent>,
    reported: bool,
    /// A function was met whose signature, as Go would write it, contains itself.
    endless_function: Cell<bool>,
}

impl Growth {
    /// A function type was met that has no end: what is lowered cannot be emitted.
    pub fn note_endless_function(&self) {
        self.endless_function.set(true);
    }
}

/// How deep a type nests, and of how many types it is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Extent {
    depth: u32,
    size: u32,
}

impl Extent {
    fn around(self, part: Extent) -> Extent {
        Extent { depth: self.depth.max(part.depth + 1), size: self.size.saturating_add(part.size) }
    }

    fn is_endless(self) -> bool {
        self.depth > DEEPEST || self.size > LARGEST
    }
}

impl Cx<'_> {
    /// Reports at the function that is being emitted what was noted of it.
    pub fn report_endless_function(&mut self) {
        if let (true, Some(at)) = (self.growth.endless_function.take(), self.growth.at) {
            let span = rgo_hir::def_span(self.db, at);
            self.unsupported(at, span, "a function whose type contains itself by way of `impl Trait`");
        }
    }

    /// Whether an item is asked for with arguments that have outgrown the limits; then that has been reported.
    pub(super) fn grows_without_end(&mut self, def: DefId, args: Args) -> bool {
        let endless = args.types().any(|ty| self.extent(ty).is_endless());
        if endless && !self.refuse_generic() && !self.growth.reported {
            self.growth.reported = true;
            let error = self.endless(def);
            self.errors.push(error);
        }
        endless
    }

    fn endless(&self, def: DefId) -> TypeError {
        // What std does with a growing type is begun by the program: it is named at the function that is being emitted.
        let place = if def.is_std() { self.growth.at.unwrap_or(def) } else { def };
        let message = format!("reached the recursion limit while instantiating `{}`", def.name());
        let mut error = TypeError::new(place, rgo_hir::def_span(self.db, place), "", message)
            .label("its type arguments grow with every instance")
            .help("hand the growing part on as a trait object (`&dyn Trait`, `Box<dyn Trait>`), which is one type");
        error.code = None;
        error
    }

    /// Invariant: a type is measured once, so that one that shares its parts costs no more than one that does not.
    fn extent(&mut self, ty: Ty) -> Extent {
        if let Some(known) = self.growth.extents.get(&ty) {
            return *known;
        }
        let mut extent = Extent { depth: 1, size: 1 };
        match ty.kind() {
            TyKind::Adt(_, args) | TyKind::FnDef(_, args) | TyKind::Closure(_, args) => {
                for part in args.types() {
                    extent = extent.around(self.extent(part));
                }
            }
            TyKind::Array(part, _) | TyKind::Slice(part) | TyKind::Ref(_, part, _) => {
                extent = extent.around(self.extent(*part));
            }
            TyKind::Tuple(parts) => {
                for part in parts.iter() {
                    extent = extent.around(self.extent(*part));
                }
            }
            TyKind::FnPtr(signature) => {
                for part in signature.value.inputs().iter().chain([&signature.value.output()]) {
                    extent = extent.around(self.extent(*part));
                }
            }
            _ => {}
        }
        self.growth.extents.insert(ty, extent);
        extent
    }
}
