//! Which `HashMap`s are Go maps, and what their values are in Go.
//!
//! Computed from the key's equality and the value's form, and from what lowering meets: an instance begins in the plainest form that its
//! types allow; where a body needs more of it (an address of a value, a field of std's own table), the need is noted here and the package is
//! lowered anew with that known. Invariant: a form only ever grows, so this ends after a few rounds, and it depends on the sources alone.

use rgo_hir::DefId;
use rgo_hir::body::Mutability;
use rgo_typeck::ty::{Args, GenericArg, Region, Ty, TyKind};
use rustc_hash::FxHashMap;

use super::Cx;
use super::forms::RefForm;
use super::generic;
use crate::attrs::{self, GoForm};
use crate::go::ast::*;
use crate::intrinsics::size_of;
use crate::queries;

/// The Go form of a `HashMap<K, V>`, from what asks least to what asks most.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum MapForm {
    /// `map[K]V`.
    Values,
    /// `map[K]*V`: something holds the address of a value.
    Pointers,
    /// std's own table.
    Table,
}

/// What earlier rounds found out, and the maps of this one.
#[derive(Clone, Debug, Default)]
pub struct Maps {
    needed: FxHashMap<(Ty, Ty), MapForm>,
    known: FxHashMap<(Ty, Ty), MapForm>,
    /// The key and value types by [`MapId`].
    ids: Vec<(Ty, Ty)>,
    has_grown: bool,
}

impl Maps {
    /// What the next round has to know.
    pub fn next_round(self) -> NextRound {
        NextRound { has_grown: self.has_grown, maps: Maps { needed: self.needed, ..Maps::default() } }
    }
}

/// What a round leaves to the next one.
pub struct NextRound {
    pub maps: Maps,
    /// Whether this round met something new.
    pub has_grown: bool,
}

/// A value of more bytes than this is not copied out of a map at every look.
const LARGEST_COPY: i128 = 64;

impl Cx<'_> {
    /// The form of a `HashMap<K, V, RandomState>`.
    pub fn map_form(&mut self, key: Ty, value: Ty) -> MapForm {
        if generic::is_open(key) && !self.is_native_eq(key) {
            self.refuse_generic();
        }
        let types = alike(key, value);
        if let Some(known) = self.maps.known.get(&types) {
            return *known;
        }
        // A type that holds a map of itself meets itself through its fields; only the form of the values can then be in question.
        self.maps.known.insert(types, MapForm::Pointers);
        let needed = self.maps.needed.get(&types).copied().unwrap_or(MapForm::Values);
        let form = needed.max(self.plainest_form(key, value));
        // A map to `()` is a set, whose values have no address that anything could tell.
        let form = if value.is_unit() && form == MapForm::Pointers { MapForm::Table } else { form };
        self.maps.known.insert(types, form);
        form
    }

    fn plainest_form(&mut self, key: Ty, value: Ty) -> MapForm {
        let has_drop = self.needs_drop(key) || self.needs_drop(value);
        if has_drop || !self.is_native_eq(key) {
            return MapForm::Table;
        }
        if self.ref_form(value, Mutability::Not) == RefForm::Value {
            return MapForm::Values;
        }
        let is_small = size_of(self, value).0 <= LARGEST_COPY;
        if is_small && self.is_plain(value) { MapForm::Values } else { MapForm::Pointers }
    }

    /// Whether a copy of a value is as good as the value to who only reads: no cell lies in it, nor anything of Go's that must not be copied.
    fn is_plain(&mut self, ty: Ty) -> bool {
        match ty.kind() {
            TyKind::Array(elem, _) => self.is_plain(*elem),
            TyKind::Tuple(items) => items.iter().all(|item| self.is_plain(*item)),
            TyKind::Adt(def, args) => match self.lang_of(*def) {
                Some("unsafe_cell") => false,
                Some("box" | "vec" | "rc" | "arc" | "string" | "hash_map" | "hash_set") => true,
                _ => {
                    if def.is_std() && matches!(self.template_ty(*def, *args), Some(Type::Imported(..))) {
                        return false;
                    }
                    let Some(adt) = queries::adt(self.db, *def) else { return false };
                    adt.variants.iter().flat_map(|variant| &variant.fields).all(|field| {
                        let field = self.concrete(field.ty, *args);
                        self.is_plain(field)
                    })
                }
            },
            // Go code may give any type for it.
            TyKind::Param(_) => self.is_copy_param(ty),
            _ => true,
        }
    }

    /// The key and value of a type that is a `HashMap` with std's hasher; any other hasher makes all maps of these types tables, since
    /// they share the types of their iterators.
    pub fn map_types(&mut self, types: &[Ty]) -> Option<(Ty, Ty)> {
        let (key, value) = (*types.first()?, *types.get(1)?);
        if let Some(hasher) = types.get(2)
            && self.adt_lang(*hasher) != Some("random_state")
        {
            self.need_map(key, value, MapForm::Table);
            return None;
        }
        Some((key, value))
    }

    /// The form of a map by the generic arguments of the type or of one of its functions: key, value, and the hasher if there is one.
    pub fn map_form_of(&mut self, args: Args) -> MapForm {
        let types: Vec<Ty> = args.types().take(3).collect();
        match self.map_types(&types) {
            Some((key, value)) => self.map_form(key, value),
            None => MapForm::Table,
        }
    }

    /// The conditions of `#[go(if = "…")]` that are about maps.
    pub fn map_condition(&mut self, condition: &str, args: Args) -> bool {
        match condition {
            "native_set" => {
                let types: Vec<Ty> = args.types().take(2).collect();
                let Some((item, hasher)) = types.split_first() else { return false };
                let types: Vec<Ty> = [*item, Ty::unit()].into_iter().chain(hasher.iter().copied()).collect();
                self.map_types(&types).is_some_and(|(key, value)| self.map_form(key, value) != MapForm::Table)
            }
            // `maps.Equal` compares the values by Go's `==`.
            "map_equality" => {
                let value = args.types().nth(1);
                self.map_form_of(args) == MapForm::Values
                    && value.is_some_and(|value| value.is_float() || self.is_native_eq(value))
            }
            _ => self.map_form_of(args) != MapForm::Table,
        }
    }

    /// The item of std that stands for another one where a condition holds.
    pub fn twin(&mut self, def: DefId, args: Args) -> Option<DefId> {
        if !def.is_std() {
            return None;
        }
        attrs::go_attrs(self.db, def).into_iter().find_map(|attr| {
            let Some(GoForm::Twin(name)) = &attr.form else { return None };
            let holds = attr.condition.as_ref().is_none_or(|condition| self.condition(condition, args));
            holds.then(|| rgo_hir::lang_item(self.db, name)).flatten()
        })
    }

    /// The type that stands for another one in Go.
    pub fn twin_ty(&mut self, ty: Ty) -> Ty {
        let TyKind::Adt(def, args) = ty.kind() else { return ty };
        match self.twin(*def, *args) {
            Some(twin) => Ty::adt(twin, self.twin_args(twin, *args)),
            None => ty,
        }
    }

    /// The Go map that a `HashMap` or `HashSet` is.
    pub fn native_map_ty(&mut self, def: DefId, args: Args) -> Option<Type> {
        let (key, value, form) = self.map_form_of_ty(Ty::adt(def, args))?;
        let key_form = self.go_ty(key);
        let value_form = self.go_ty(value);
        match form {
            MapForm::Values => Some(Type::Map(Box::new(key_form), Box::new(value_form))),
            MapForm::Pointers => Some(Type::Map(Box::new(key_form), Box::new(value_form.pointer()))),
            MapForm::Table => None,
        }
    }

    /// The arguments of an item for its twin, which has the same types and constants in the same order, but lifetimes of its own.
    pub fn twin_args(&self, twin: DefId, args: Args) -> Args {
        let mut rest = args.iter().filter(|arg| !matches!(arg, GenericArg::Region(_)));
        queries::are_lifetimes(self.db, twin)
            .into_iter()
            .map(|is_lifetime| match is_lifetime {
                true => GenericArg::Region(Region::erased()),
                false => rest.next().copied().unwrap_or(GenericArg::Ty(Ty::error())),
            })
            .collect()
    }

    /// The form of the type, if it is a `HashMap`.
    pub fn map_form_of_ty(&mut self, ty: Ty) -> Option<(Ty, Ty, MapForm)> {
        let TyKind::Adt(def, args) = ty.kind() else { return None };
        match self.lang_of(*def) {
            Some("hash_map") => Some((args.ty(0), args.ty(1), self.map_form_of(*args))),
            Some("hash_set") => {
                let types = [args.ty(0), Ty::unit(), args.ty(1)];
                let (key, value) = self.map_types(&types)?;
                Some((key, value, self.map_form(key, value)))
            }
            _ => None,
        }
    }

    /// Notes that a map must be at least this; the package is then lowered once more.
    pub fn need_map(&mut self, key: Ty, value: Ty, form: MapForm) {
        let types = alike(key, value);
        let needed = self.maps.needed.entry(types).or_insert(MapForm::Values);
        if *needed < form {
            *needed = form;
            self.maps.has_grown |= self.maps.known.get(&types).is_none_or(|known| *known < form);
        }
    }

    /// The number by which rounds know the maps of these types.
    pub fn map_id(&mut self, key: Ty, value: Ty) -> MapId {
        let at = self.maps.ids.iter().position(|known| *known == (key, value)).unwrap_or_else(|| {
            self.maps.ids.push((key, value));
            self.maps.ids.len() - 1
        });
        MapId(at as u32)
    }

    /// Finds what a finished function does with entries of Go maps that Go does not allow: they need addresses.
    pub fn check_entries(&mut self, body: &[Stmt]) {
        if self.maps.ids.is_empty() {
            return;
        }
        let mut found = Vec::new();
        crate::go::visit::walk_exprs(body, &mut |expr| match expr {
            Expr::Unary(UnaryOp::Addr, place) => found.extend(entry_below(place)),
            Expr::Slice(slice) => {
                found.extend(entry_below(&slice.base).map(|(id, depth)| (id, depth.max(Depth::Element))))
            }
            _ => {}
        });
        crate::go::visit::walk_stmts(body, crate::go::visit::Literals::Possible, &mut |stmt| {
            let mut written = |place: &Expr| {
                found.extend(entry_below(place).filter(|(_, depth)| *depth != Depth::Whole));
            };
            match &stmt.kind {
                StmtKind::Assign(places, _) => places.iter().flatten().for_each(&mut written),
                StmtKind::OpAssign(_, place, _) | StmtKind::Inc(place) | StmtKind::Dec(place) => written(place),
                _ => {}
            }
        });
        for (id, depth) in found {
            self.need_address(id, depth);
        }
    }

    /// A method with a pointer receiver is called on the place: printed, the call does not show the address that Go takes.
    pub fn take_receiver(&mut self, place: &Expr) {
        if let Some((id, depth)) = entry_below(place) {
            self.need_address(id, depth);
        }
    }

    fn need_address(&mut self, id: MapId, depth: Depth) {
        let (key, value) = self.maps.ids[id.0 as usize];
        let has_address = match (depth, self.go_ty(value)) {
            (Depth::Whole, _) => false,
            (Depth::Element, Type::Slice(_) | Type::Map(..) | Type::Name(_)) | (_, Type::Pointer(_)) => true,
            _ => false,
        };
        if !has_address {
            self.need_map(key, value, MapForm::Pointers);
        }
    }
}

/// How far below an entry a place lies.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Depth {
    Whole,
    /// An element by index, or a part: of a slice it has an address of its own.
    Element,
    /// A field.
    Field,
}

/// The entry that a place lies in.
fn entry_below(place: &Expr) -> Option<(MapId, Depth)> {
    match place {
        Expr::Entry(entry) => Some((entry.of, Depth::Whole)),
        Expr::Index(base, _) => entry_below(base).map(|(id, depth)| match depth {
            Depth::Whole => (id, Depth::Element),
            other => (id, other),
        }),
        Expr::Select(base, _) => entry_below(base).map(|(id, _)| (id, Depth::Field)),
        _ => None,
    }
}

/// The key and value by which a form is known: Go's type has one form, whatever its parameters are called.
fn alike(key: Ty, value: Ty) -> (Ty, Ty) {
    let both = generic::with_numbered_params(Args::of_types(&[key, value]));
    (both.ty(0), both.ty(1))
}
