//! What the analysis asks of types: which integers a value may hold, and whether it leads to something that it can change.

use rgo_hir::DefId;
use rgo_hir::body::Mutability;
use rgo_typeck::ty::{Ty, TyKind, UintTy};
use rustc_hash::FxHashMap;

use super::is_of_program;
use super::value::Kinds;

#[derive(Default)]
pub struct TypeFacts {
    kinds: FxHashMap<Ty, Kinds>,
    aliases: FxHashMap<Ty, bool>,
}

impl TypeFacts {
    /// The integers in a value of the type. The fields of the program's own types are slots of their own and do not count.
    pub fn kinds(&mut self, ty: Ty) -> Kinds {
        // What is said at once needs no memory.
        match ty.kind() {
            TyKind::Uint(UintTy::Usize) => return Kinds { usize: true, ..Kinds::default() },
            TyKind::Uint(UintTy::U64) => return Kinds { wide: true, ..Kinds::default() },
            TyKind::Int(_) => return Kinds { signed: true, ..Kinds::default() },
            TyKind::Bool | TyKind::Char | TyKind::Uint(_) | TyKind::Float(_) | TyKind::Str | TyKind::Never => {
                return Kinds::default();
            }
            TyKind::Adt(def, _) if is_of_program(*def) => return Kinds::default(),
            _ => {}
        }
        if let Some(&known) = self.kinds.get(&ty) {
            return known;
        }
        let found = match ty.kind() {
            // The only ones of std that hold integers without showing them in their arguments, and hand them out again as they got them.
            TyKind::Adt(def, _) if def.name().as_str().starts_with("Atomic") => Kinds::ALL,
            TyKind::Adt(_, args) => args.types().fold(Kinds::default(), |found, arg| found.or(self.kinds(arg))),
            TyKind::Array(elem, _) | TyKind::Slice(elem) | TyKind::Ref(_, elem, _) => self.kinds(*elem),
            TyKind::Tuple(parts) => {
                parts.as_slice().iter().fold(Kinds::default(), |found, part| found.or(self.kinds(*part)))
            }
            _ => Kinds::ALL,
        };
        self.kinds.insert(ty, found);
        found
    }

    /// Whether a copy of the value may change what others see: it holds a `&mut`, or something with interior mutability.
    pub fn is_alias(&mut self, ty: Ty) -> bool {
        if let Some(&known) = self.aliases.get(&ty) {
            return known;
        }
        let found = match ty.kind() {
            TyKind::Ref(_, _, Mutability::Mut) => true,
            TyKind::Ref(_, inner, _) | TyKind::Array(inner, _) | TyKind::Slice(inner) => self.is_alias(*inner),
            TyKind::Adt(def, _) if is_of_program(*def) => false,
            TyKind::Adt(def, args) => {
                is_shared_state(*def)
                    || args.as_slice().iter().any(|arg| arg.as_ty().is_none())
                    || args.types().any(|arg| self.is_alias(arg))
            }
            TyKind::Tuple(parts) => parts.as_slice().iter().any(|part| self.is_alias(*part)),
            TyKind::Param(_)
            | TyKind::Projection(..)
            | TyKind::Opaque(..)
            | TyKind::Dynamic(..)
            | TyKind::Closure(..) => true,
            _ => false,
        };
        self.aliases.insert(ty, found);
        found
    }
}

/// Whether the type is `usize`, here or in an instance of the generic body that it stands in.
pub fn may_be_usize(ty: Ty) -> bool {
    matches!(ty.kind(), TyKind::Uint(UintTy::Usize) | TyKind::Param(_) | TyKind::Projection(..) | TyKind::Opaque(..))
}

/// Std's types through whose shared references one can write.
fn is_shared_state(def: DefId) -> bool {
    let name = def.name();
    let name = name.as_str();
    name.starts_with("Atomic")
        || matches!(
            name,
            "Cell"
                | "RefCell"
                | "OnceCell"
                | "LazyCell"
                | "Rc"
                | "Arc"
                | "Weak"
                | "Mutex"
                | "RwLock"
                | "OnceLock"
                | "LazyLock"
                | "Sender"
                | "SyncSender"
                | "Receiver"
        )
}
