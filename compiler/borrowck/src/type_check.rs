//! Relating the types of a MIR body at every assignment, call and ascription, which yields the outlives constraints.
//!
//! rustc dev guide, "MIR type check". Types of places follow from the renumbered types of locals.

use rgo_hir::DefId;
use rgo_hir::body::Mutability;
use rgo_mir::{
    AggregateKind, CastKind, ConstOperand, ConstOperandKind, LocalKind, Location, Operand, Place, Projection, Rvalue,
    StatementKind, TerminatorKind, Variance as MirVariance,
};
use rgo_syntax::Span;
use rgo_typeck::collect;
use rgo_typeck::infer_ctxt::Variance;
use rgo_typeck::thir::{BorrowKind, CallSource, Coercion, ExprId, ExprKind, UserArgs, UserTy};
use rgo_typeck::ty::{
    Args, Clause, Clauses, ClosureArgs, FnSig, GenericArg, List, Predicate, Region, RegionKind, Subst, TraitRef, Ty,
    TyKind, TypeFlags, dyn_self,
};
use rgo_typeck::unsizing::{PointerKind, pointer_kind, unsizing_params};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::context::{At, BodyCx, Loan, Regions, may_have_regions};
use crate::regions::constraint::{Category, RegionVid};
use crate::setup::return_category;
use rgo_typeck::implied::Implied;

/// What typing a body leaves besides constraints.
#[derive(Default)]
pub struct Typed {
    pub loans: Vec<Loan>,
}

pub struct TypeChecker<'a, 'db> {
    pub regions: &'a mut Regions<'db>,
    pub body: &'a BodyCx<'db>,
    pub implied: &'a mut Implied,
    /// The one type of each closure and inline constant in this owner.
    pub inner_tys: &'a FxHashMap<rgo_hir::DefId, Ty>,
    /// Types that are known to be `Copy`, and what that asks of their regions.
    pub proved_copy: FxHashSet<Ty>,
    pub typed: Typed,
}

impl<'db> TypeChecker<'_, 'db> {
    pub fn run(mut self) -> Typed {
        let body = self.body;
        for &block in &body.order {
            let basic = &body.mir.blocks[block];
            for (index, statement) in basic.statements.iter().enumerate() {
                let location = Location { block, statement: index as u32 };
                self.statement(&statement.kind, statement.span, location);
            }
            let location = Location { block, statement: basic.statements.len() as u32 };
            let terminator = body.mir.terminator(block);
            self.terminator(&terminator.kind, terminator.span, location);
        }
        self.unreachable_annotations();
        self.typed
    }

    /// What the user wrote of types must be well-formed wherever it stands, behind a `loop {}` too.
    fn unreachable_annotations(&mut self) {
        let body = self.body;
        if body.order.len() == body.mir.blocks.len() {
            return;
        }
        for (block, basic) in body.mir.blocks.iter().filter(|(block, _)| !body.order.contains(block)) {
            for (index, statement) in basic.statements.iter().enumerate() {
                if let StatementKind::AscribeUserType(_, user_ty, _) = &statement.kind
                    && may_have_regions(user_ty.ty)
                {
                    let location = Location { block, statement: index as u32 };
                    self.at(Category::TypeAnnotation, user_ty.span, location);
                    let written = self.regions.renumber(user_ty.ty);
                    self.well_formed(written);
                }
            }
            if let Some(TerminatorKind::Call { callee: Operand::Const(callee), .. }) =
                basic.terminator.as_ref().map(|terminator| &terminator.kind)
                && callee.user_args.is_some()
            {
                self.constant(callee, Location { block, statement: basic.statements.len() as u32 });
            }
        }
    }

    fn at(&mut self, category: Category, span: Span, location: Location) {
        self.regions.at = At { category, span, location: Some(location) };
    }

    fn category_of(&self, dest: &Place) -> Category {
        match (&self.body.mir.locals[dest.local].kind, dest.as_local()) {
            (LocalKind::Return, _) => return_category(self.body.owner, &self.body.thir.kind),
            (LocalKind::User { .. } | LocalKind::Param { name: Some(_), .. } | LocalKind::ClosureEnv, _) => {
                Category::Assignment
            }
            (_, None) => Category::Assignment,
            (_, Some(_)) => Category::Boring,
        }
    }

    fn statement(&mut self, kind: &StatementKind, span: Span, location: Location) {
        match kind {
            StatementKind::Assign(place, value) => {
                let category = self.category_of(place);
                self.at(category, span, location);
                let dest = self.regions.place_ty(self.body, place);
                self.sized(dest);
                self.rvalue(place, dest, value, span, location, category);
            }
            StatementKind::AscribeUserType(place, user_ty, variance) => {
                self.at(Category::TypeAnnotation, user_ty.span, location);
                let ty = self.regions.place_ty(self.body, place);
                self.ascribe(ty, user_ty, *variance);
            }
            StatementKind::AscribeConst(place, constant) => {
                let written = self.constant(constant, location);
                self.at(Category::TypeAnnotation, constant.span, location);
                let ty = self.regions.place_ty(self.body, place);
                self.regions.relate(Variance::Contravariant, ty, written);
            }
            StatementKind::FakeRead(..)
            | StatementKind::StorageLive(_)
            | StatementKind::StorageDead(_)
            | StatementKind::Nop => {}
        }
    }

    fn ascribe(&mut self, ty: Ty, user_ty: &UserTy, variance: MirVariance) {
        if !may_have_regions(user_ty.ty) {
            return;
        }
        let written = self.regions.renumber(user_ty.ty);
        self.well_formed(written);
        let written = self.regions.normalize(written);
        let variance = match variance {
            MirVariance::Covariant => Variance::Covariant,
            MirVariance::Invariant => Variance::Invariant,
            MirVariance::Contravariant => Variance::Contravariant,
            MirVariance::Bivariant => Variance::Bivariant,
        };
        self.regions.relate(variance, ty, written);
    }

    /// What is assigned is sized, which a where clause may say of an associated type with some regions only.
    fn sized(&mut self, ty: Ty) {
        if ty.has(TypeFlags::HAS_PROJECTION) && may_have_regions(ty) {
            self.implements("sized", ty);
        }
    }

    /// What is copied is `Copy`, which `impl Copy for S<'static>` says of some regions only.
    fn copied(&mut self, ty: Ty) {
        if may_have_regions(ty)
            && !matches!(ty.kind(), TyKind::Ref(..) | TyKind::FnPtr(_))
            && self.proved_copy.insert(ty)
        {
            self.implements("copy", ty);
        }
    }

    fn implements(&mut self, trait_: &str, ty: Ty) {
        if let Some(trait_) = rgo_hir::lang_item(self.regions.db, trait_) {
            self.regions.predicate(Clause::Trait(TraitRef::with_self(trait_, ty, &[])));
        }
    }

    /// Requires what a type needs to be well-formed as far as regions go.
    fn well_formed(&mut self, ty: Ty) {
        if !may_have_regions(ty) {
            return;
        }
        let mut facts = Vec::new();
        self.implied.facts(self.regions.db, ty, &mut facts);
        for (arg, region) in facts {
            match arg {
                GenericArg::Region(longer) => self.regions.region_outlives(longer, region),
                GenericArg::Ty(ty) => self.regions.type_outlives(ty, region),
                GenericArg::Const(_) => {}
            }
        }
    }

    // ----- operands -----

    fn operand(&mut self, operand: &Operand, location: Location) -> Ty {
        match operand {
            Operand::Copy(place) => {
                let ty = self.regions.place_ty(self.body, place);
                self.copied(ty);
                ty
            }
            Operand::Move(place) => self.regions.place_ty(self.body, place),
            Operand::Const(constant) => self.constant(constant, location),
        }
    }

    fn constant(&mut self, constant: &ConstOperand, location: Location) -> Ty {
        let outer = self.regions.at;
        self.at(Category::Boring, constant.span, location);
        let ty = match &constant.kind {
            ConstOperandKind::Value(_) => self.all_static(constant.ty),
            ConstOperandKind::Fn(def, args) => {
                let args = self.regions.renumber(*args);
                if let Some(user) = &constant.user_args {
                    self.user_args(args, user);
                    self.at(Category::Boring, constant.span, location);
                }
                self.regions.prove_predicates(*def, args);
                args.types().for_each(|ty| self.well_formed(ty));
                self.live_here(args, location);
                Ty::new(TyKind::FnDef(*def, args))
            }
            ConstOperandKind::Item(def, _) if self.inner_tys.contains_key(def) => self.inner_tys[def],
            ConstOperandKind::Item(def, args) => {
                let args = self.regions.renumber(*args);
                if let Some(user) = &constant.user_args {
                    self.user_args(args, user);
                    self.at(Category::Boring, constant.span, location);
                }
                self.regions.prove_predicates(*def, args);
                let ty = collect::type_of(self.regions.db, *def).subst(args);
                let ty = self.regions.renumber(ty);
                self.regions.normalize(ty)
            }
            ConstOperandKind::Static(def) => {
                let ty = collect::type_of(self.regions.db, *def);
                let ty = self.all_static(ty);
                Ty::new(TyKind::Ref(Region::static_(), ty, Mutability::Not))
            }
            ConstOperandKind::Promoted(id) => match constant.ty.kind() {
                TyKind::Ref(_, inner, mutability) => {
                    let inner = match &self.body.thir.exprs[*id].kind {
                        _ if !may_have_regions(*inner) => *inner,
                        ExprKind::Borrow { place, .. } => self.promoted(*place, location),
                        _ => self.promoted(*id, location),
                    };
                    Ty::new(TyKind::Ref(Region::static_(), inner, *mutability))
                }
                _ => self.regions.renumber_ty(constant.ty),
            },
            ConstOperandKind::Param(_) | ConstOperandKind::Error => self.regions.renumber_ty(constant.ty),
        };
        self.regions.at = outer;
        ty
    }

    /// The regions of a constant's type are needed where it is.
    fn live_here(&mut self, args: Args, location: Location) {
        let point = self.body.point(location);
        for arg in &args {
            rgo_typeck::ty::fold::for_each_free_region(arg, |region| {
                if let RegionKind::Var(vid) = region.kind()
                    && !self.regions.defs[*vid as usize].is_universal
                {
                    self.regions.live[*vid as usize].get_or_insert_default().insert(point);
                }
            });
        }
    }

    /// The type of a constant expression that lives for ever. There are no statements for its parts, but what they are is related all the same:
    /// the functions and closures in it have regions of their own.
    fn promoted(&mut self, id: ExprId, location: Location) -> Ty {
        let thir = self.body.thir;
        let expr = &thir.exprs[id];
        let constant = |kind, user_args: &Option<Box<UserArgs>>| ConstOperand {
            kind,
            ty: expr.ty,
            span: expr.span,
            user_args: user_args.clone(),
        };
        match &expr.kind {
            ExprKind::FnItem { def, args, user_args } => {
                self.constant(&constant(ConstOperandKind::Fn(*def, *args), user_args), location)
            }
            ExprKind::Const { def, args, user_args } => {
                self.constant(&constant(ConstOperandKind::Item(*def, *args), user_args), location)
            }
            ExprKind::Closure { def } if self.inner_tys.contains_key(def) => self.inner_tys[def],
            ExprKind::Borrow { kind, place, .. } => {
                let mutability = if *kind == BorrowKind::Shared { Mutability::Not } else { Mutability::Mut };
                let inner = self.promoted(*place, location);
                Ty::new(TyKind::Ref(Region::static_(), inner, mutability))
            }
            ExprKind::Tuple(items) => {
                let items: Vec<Ty> = items.iter().map(|item| self.promoted(*item, location)).collect();
                Ty::new(TyKind::Tuple(items.into_iter().collect()))
            }
            ExprKind::Array(items) => {
                let ty = self.regions.renumber_ty(expr.ty);
                for item in items {
                    self.promoted_part(element(ty), *item, location);
                }
                ty
            }
            ExprKind::Repeat { value, .. } => {
                let ty = self.regions.renumber_ty(expr.ty);
                self.promoted_part(element(ty), *value, location);
                ty
            }
            ExprKind::Adt(adt) => {
                let ty = self.regions.renumber_ty(expr.ty);
                if let TyKind::Adt(def, args) = ty.kind() {
                    if let Some(user) = &adt.user_args {
                        self.user_args(*args, user);
                    }
                    self.regions.prove_predicates(*def, *args);
                }
                for (index, value) in &adt.fields {
                    let field = self.regions.field_ty(ty, adt.variant, *index, thir.exprs[*value].ty);
                    self.promoted_part(Some(field), *value, location);
                }
                ty
            }
            ExprKind::Call { callee, args, .. } => {
                let TyKind::FnDef(def, generic) = self.promoted(*callee, location).kind() else {
                    return self.regions.renumber_ty(expr.ty);
                };
                let cause = self.regions.cause();
                let sig = collect::fn_sig(self.regions.db, *def).subst(*generic);
                let sig = self.regions.infcx.instantiate_fresh(sig, &cause);
                self.regions.drain();
                let sig = self.regions.renumber_sig(sig);
                for (input, arg) in sig.inputs().iter().zip(args) {
                    let input = self.regions.normalize(*input);
                    self.promoted_part(Some(input), *arg, location);
                }
                self.regions.normalize(sig.output())
            }
            ExprKind::Coerce { kind, expr: inner } => {
                let source = self.promoted(*inner, location);
                let dest = self.regions.renumber_ty(expr.ty);
                self.coercion(kind, source, dest);
                dest
            }
            ExprKind::Field { base, variant, index } => {
                let base = self.promoted(*base, location);
                self.regions.field_ty(base, *variant, *index, expr.ty)
            }
            ExprKind::Block(block) => match thir.blocks[*block].tail {
                Some(tail) => self.promoted(tail, location),
                None => self.regions.renumber_ty(expr.ty),
            },
            ExprKind::Match { arms, .. } => match arms.as_slice() {
                [arm] => self.promoted(thir.arms[*arm].body, location),
                _ => self.regions.renumber_ty(expr.ty),
            },
            _ => self.regions.renumber_ty(expr.ty),
        }
    }

    fn promoted_part(&mut self, expected: Option<Ty>, id: ExprId, location: Location) {
        let ty = self.promoted(id, location);
        if let Some(expected) = expected {
            self.regions.sub(ty, expected);
        }
    }

    fn all_static(&mut self, ty: Ty) -> Ty {
        if !may_have_regions(ty) {
            return ty;
        }
        rgo_typeck::ty::fold::fold_free_regions(ty, |region| match region.kind() {
            RegionKind::Erased | RegionKind::Shared(_) => Region::static_(),
            _ => region,
        })
    }

    /// Generic arguments as the user wrote them are what the variables are.
    fn user_args(&mut self, args: List<GenericArg>, written: &UserArgs) {
        self.regions.at.category = Category::GenericArg;
        self.regions.at.span = written.span;
        if let Some((impl_, user)) = written.self_ty {
            let ty = rgo_typeck::collect::type_of(self.regions.db, impl_).subst(args);
            let ty = self.regions.normalize(ty);
            let user = self.regions.renumber(user);
            self.well_formed(user);
            let user = self.regions.normalize(user);
            self.regions.eq(ty, user);
        }
        for (arg, user) in args.iter().zip(written.args.iter()) {
            let user = self.regions.renumber(*user);
            match (*arg, user) {
                (GenericArg::Ty(a), GenericArg::Ty(b)) if may_have_regions(b) => {
                    self.well_formed(b);
                    let b = self.regions.normalize(b);
                    self.regions.eq(a, b);
                }
                (GenericArg::Region(a), GenericArg::Region(b)) => {
                    self.regions.region_outlives(a, b);
                    self.regions.region_outlives(b, a);
                }
                _ => {}
            }
        }
    }

    // ----- rvalues -----

    fn rvalue(&mut self, place: &Place, dest: Ty, value: &Rvalue, span: Span, location: Location, category: Category) {
        match value {
            Rvalue::Use(operand) => {
                let ty = self.operand(operand, location);
                self.regions.sub(ty, dest);
            }
            Rvalue::Repeat(operand, _) => {
                let ty = self.operand(operand, location);
                if let TyKind::Array(elem, _) = dest.kind() {
                    self.regions.sub(ty, *elem);
                }
            }
            Rvalue::Ref(kind, borrowed) => {
                let ty = self.borrow(place, *kind, borrowed, span, location);
                self.at(category, span, location);
                self.regions.sub(ty, dest);
            }
            Rvalue::Cast(kind, operand, _) => {
                let source = self.operand(operand, location);
                match kind {
                    CastKind::Numeric | CastKind::EnumToInt | CastKind::Address => {}
                    CastKind::Identity => {
                        self.at(Category::Cast, span, location);
                        self.regions.sub(source, dest);
                    }
                    CastKind::Coerce(coercion) => {
                        if category == Category::Boring || category == Category::Assignment {
                            self.at(Category::Cast, span, location);
                        }
                        self.coercion(coercion, source, dest);
                    }
                }
                self.at(category, span, location);
            }
            Rvalue::Aggregate(kind, operands) => self.aggregate(kind, operands, dest, location),
            Rvalue::FormatArgs(operands) => {
                let TyKind::Adt(_, args) = dest.kind() else { return };
                let region = args.iter().find_map(|arg| arg.as_region());
                for operand in operands {
                    let ty = self.operand(operand, location);
                    if let Some(region) = region {
                        self.regions.type_outlives(ty, region);
                    }
                }
            }
            Rvalue::Unary(_, operand) => {
                self.operand(operand, location);
            }
            Rvalue::Binary(_, lhs, rhs) => {
                self.operand(lhs, location);
                self.operand(rhs, location);
            }
            Rvalue::Discriminant(_) | Rvalue::Len(_) => {}
        }
    }

    /// The type of a new reference; records the loan and what its region needs of those it goes through.
    fn borrow(&mut self, assigned: &Place, kind: BorrowKind, place: &Place, span: Span, location: Location) -> Ty {
        self.at(Category::Boring, span, location);
        let region = self.regions.fresh();
        let mut inner = self.regions.place_ty(self.body, place);
        let mutability = match kind {
            BorrowKind::Shared | BorrowKind::Fake => Mutability::Not,
            BorrowKind::Mut { .. } | BorrowKind::Unique => Mutability::Mut,
        };
        if mutability == Mutability::Mut
            && place.is_indirect()
            && let TyKind::Dynamic(clauses, bound) = inner.kind()
        {
            // Reborrowing an object is a coercion site: its bound may be shortened as by unsizing.
            let shorter = self.regions.fresh_region();
            self.regions.region_outlives(*bound, shorter);
            inner = Ty::new(TyKind::Dynamic(*clauses, shorter));
        }
        self.reborrow_constraints(place, region);
        self.typed.loans.push(Loan { location, region, kind, place: place.clone(), span, assigned: assigned.clone() });
        // `&mut` captures are declared with the kind of the variable's reference.
        let dest_mutability = match self.regions.place_ty(self.body, assigned).kind() {
            TyKind::Ref(_, _, declared) => *declared,
            _ => mutability,
        };
        Ty::new(TyKind::Ref(Region::var(region.0), inner, dest_mutability))
    }

    fn reborrow_constraints(&mut self, place: &Place, region: RegionVid) {
        self.regions.at.category = Category::Reborrow;
        for (index, elem) in place.projection.iter().enumerate().rev() {
            if *elem != Projection::Deref {
                continue;
            }
            let base = self.regions.projected_ty(self.body, place, index);
            if let TyKind::Ref(outer, _, mutability) = base.kind() {
                let outer = self.regions.vid(*outer);
                self.regions.outlives(outer, region);
                if *mutability == Mutability::Not {
                    break;
                }
            }
        }
    }

    fn aggregate(&mut self, kind: &AggregateKind, operands: &[Operand], dest: Ty, location: Location) {
        let mut expected: Vec<Ty> = Vec::with_capacity(operands.len());
        match (kind, dest.kind()) {
            (AggregateKind::Tuple, TyKind::Tuple(items)) => expected.extend(items.iter().copied()),
            (AggregateKind::Array, TyKind::Array(elem, _)) => expected.resize(operands.len(), *elem),
            (AggregateKind::Vec | AggregateKind::VecRepeat | AggregateKind::Range, TyKind::Adt(_, args)) => {
                let elem = args.ty(0);
                expected.resize(operands.len(), elem);
                if *kind == AggregateKind::VecRepeat {
                    expected.truncate(1);
                }
            }
            (AggregateKind::Adt { adt, variant, written, .. }, TyKind::Adt(_, args)) => {
                let (value_ty, args) = match written {
                    Some(written) => self.written_adt(*adt, *args, &written.path, dest),
                    None => (dest, *args),
                };
                self.regions.prove_predicates(*adt, args);
                let def = collect::adt_def(self.regions.db, *adt);
                if let Some(variant_def) = def.variants.get(*variant as usize) {
                    for (index, field) in variant_def.fields.iter().enumerate() {
                        expected.push(self.regions.field_ty(value_ty, *variant, index as u32, field.ty));
                    }
                }
            }
            (AggregateKind::Closure(def, _), TyKind::Closure(..)) => {
                if let Some(closure_ty) = self.inner_tys.get(def) {
                    self.regions.eq(*closure_ty, dest);
                    if let TyKind::Closure(_, args) = closure_ty.kind() {
                        expected.extend(ClosureArgs::new(*args).upvars().iter().copied());
                    }
                }
            }
            _ => {}
        }
        let outer = self.regions.at;
        for (index, operand) in operands.iter().enumerate() {
            let ty = self.operand(operand, location);
            if let Some(expected) = expected.get(index) {
                match kind {
                    AggregateKind::Closure(..) => self.regions.at.category = Category::Boring,
                    AggregateKind::Adt { written: Some(written), .. } => {
                        self.regions.at.category = Category::Usage;
                        self.regions.at.span = written.fields.get(index).copied().unwrap_or(outer.span);
                    }
                    _ => {}
                }
                self.regions.sub(ty, *expected);
                self.regions.at = outer;
            }
        }
    }

    /// The type of a struct literal as the user wrote it, and its arguments: it is what goes into the place, not the place's own type
    /// (rustc's `rvalue_user_ty`), so that an error can be blamed on a field or on where the value goes.
    fn written_adt(&mut self, adt: DefId, args: List<GenericArg>, user: &UserArgs, dest: Ty) -> (Ty, List<GenericArg>) {
        let outer = self.regions.at;
        let args = self.regions.renumber(args.erase_regions());
        self.user_args(args, user);
        self.regions.at = outer;
        let value_ty = Ty::adt(adt, args);
        self.regions.sub(value_ty, dest);
        (value_ty, args)
    }

    fn coercion(&mut self, coercion: &Coercion, source: Ty, dest: Ty) {
        match coercion {
            Coercion::NeverToAny => {}
            Coercion::MutToConst => self.regions.sub(source, dest),
            Coercion::ReifyFn => {
                let TyKind::FnDef(def, args) = source.kind() else { return };
                let sig = collect::fn_sig(self.regions.db, *def).subst(*args);
                let pointer = Ty::new(TyKind::FnPtr(self.regions.normalize(sig)));
                self.regions.sub(pointer, dest);
            }
            Coercion::ClosureFnPtr => {
                let TyKind::Closure(_, args) = source.kind() else { return };
                if let Some(sig) = ClosureArgs::new(*args).untupled_sig() {
                    self.regions.sub(Ty::new(TyKind::FnPtr(sig)), dest);
                }
            }
            Coercion::UnsizeArray | Coercion::UnsizeDyn | Coercion::DynUpcast => self.unsize(source, dest),
        }
    }

    /// A coercion that changes what a pointer points to: it makes a type with regions of its own, of which `dest` is a supertype.
    fn unsize(&mut self, source: Ty, dest: Ty) {
        let target = self.regions.renumber_ty(dest.erase_regions());
        self.unsize_pointer(source, target);
        self.regions.sub(target, dest);
    }

    /// `source: CoerceUnsized<target>`.
    fn unsize_pointer(&mut self, source: Ty, target: Ty) {
        match (source.kind(), target.kind()) {
            (TyKind::Ref(from, a, _), TyKind::Ref(to, b, _)) => {
                self.regions.region_outlives(*from, *to);
                self.unsize_pointee(*a, *b);
            }
            (TyKind::Adt(x, a_args), TyKind::Adt(y, b_args)) if x == y => {
                let holds_pointer = pointer_kind(self.regions.db, *x) == Some(PointerKind::Holds);
                let mut is_first = true;
                for (a, b) in a_args.iter().zip(b_args.iter()) {
                    match (a, b) {
                        (GenericArg::Ty(a), GenericArg::Ty(b)) if std::mem::take(&mut is_first) => {
                            if holds_pointer {
                                self.unsize_pointer(*a, *b)
                            } else {
                                self.unsize_pointee(*a, *b)
                            }
                        }
                        _ => self.eq_args(*a, *b),
                    }
                }
            }
            _ => self.regions.eq(source, target),
        }
    }

    /// `source: Unsize<target>`.
    fn unsize_pointee(&mut self, source: Ty, target: Ty) {
        match (source.kind(), target.kind()) {
            (TyKind::Array(a, _), TyKind::Slice(b)) => self.regions.eq(*a, *b),
            (TyKind::Dynamic(from, a), TyKind::Dynamic(to, b)) => {
                self.regions.region_outlives(*a, *b);
                for wanted in to {
                    if let Some(own) = self.clause_of_object(*from, wanted) {
                        let alone = |clause| Ty::new(TyKind::Dynamic(Clauses::new(&[clause]), *b));
                        self.regions.sub(alone(own), alone(*wanted));
                    }
                }
            }
            (_, TyKind::Dynamic(_, bound)) => {
                self.regions.type_outlives(source, *bound);
                self.object_clauses(source, target);
            }
            (TyKind::Adt(x, a_args), TyKind::Adt(y, b_args)) if x == y => self.unsize_struct(*x, *a_args, *b_args),
            _ => self.regions.eq(source, target),
        }
    }

    /// A struct unsizes by its last field; its other arguments stay what they are.
    fn unsize_struct(&mut self, def: DefId, from: Args, to: Args) {
        let adt = collect::adt_def(self.regions.db, def);
        let last = adt.variants.first().and_then(|variant| variant.fields.last());
        let (Some(by), Some(last)) = (unsizing_params(adt, from.len()), last) else { return };
        for ((a, b), _) in from.iter().zip(to.iter()).zip(&by).filter(|(_, by)| !**by) {
            self.eq_args(*a, *b);
        }
        let (a, b) = (self.regions.normalize(last.ty.subst(from)), self.regions.normalize(last.ty.subst(to)));
        self.unsize_pointee(a, b);
    }

    fn eq_args(&mut self, a: GenericArg, b: GenericArg) {
        match (a, b) {
            (GenericArg::Ty(a), GenericArg::Ty(b)) => self.regions.eq(a, b),
            (GenericArg::Region(a), GenericArg::Region(b)) => {
                self.regions.region_outlives(a, b);
                self.regions.region_outlives(b, a);
            }
            _ => {}
        }
    }

    /// What an object type says of itself, of its supertraits too, where another says `wanted`. Auto traits have no arguments to agree on.
    fn clause_of_object(&self, clauses: Clauses, wanted: &Predicate) -> Option<Predicate> {
        let all = rgo_typeck::solve::elaborate(self.regions.db, clauses.iter().copied());
        let fits = |own: &&Predicate| match (own.value, wanted.value) {
            (Clause::Trait(own), Clause::Trait(wanted)) => own.trait_ == wanted.trait_ && own.self_ty() == dyn_self(),
            (Clause::Projection(own, _), Clause::Projection(wanted, _)) => own.item == wanted.item,
            _ => false,
        };
        let erased =
            |own: &&Predicate| own.instantiate_erased().erase_regions() == wanted.instantiate_erased().erase_regions();
        let fitting: Vec<&Predicate> = all.iter().filter(fits).collect();
        fitting.iter().copied().find(|own| erased(own)).or(fitting.first().copied()).copied()
    }

    /// The source type implements what the object type says.
    fn object_clauses(&mut self, source: Ty, dest: Ty) {
        let TyKind::Dynamic(clauses, _) = dest.kind() else { return };
        for clause in clauses {
            let clause = clause.with_self_ty(source);
            let concerns = clause.has_region() || !clause.vars.is_empty();
            if !concerns {
                continue;
            }
            if clause.vars.is_empty() {
                self.regions.predicate(clause.value);
            } else {
                let cause = self.regions.cause();
                let env = self.regions.infcx.param_env;
                self.regions.prove(vec![rgo_typeck::solve::Obligation::new(cause, env, clause)]);
            }
        }
    }

    // ----- terminators -----

    fn terminator(&mut self, kind: &TerminatorKind, span: Span, location: Location) {
        match kind {
            TerminatorKind::Call { callee, args, destination, source, fn_span, .. } => {
                self.at(Category::Boring, *fn_span, location);
                let callee_ty = self.operand(callee, location);
                self.call(callee_ty, args, destination, *source, span, location);
            }
            TerminatorKind::Drop { place, why: rgo_mir::DropReason::Assign(_), .. } => {
                let _ = place;
            }
            _ => {}
        }
    }

    fn call(
        &mut self,
        callee: Ty,
        args: &[(Operand, Span)],
        destination: &Place,
        source: CallSource,
        span: Span,
        location: Location,
    ) {
        self.at(Category::Boring, span, location);
        let (sig, def) = match callee.kind() {
            TyKind::FnDef(def, generic) => {
                let sig = collect::fn_sig(self.regions.db, *def).subst(*generic);
                let cause = self.regions.cause();
                (self.regions.infcx.instantiate_fresh(sig, &cause), Some(*def))
            }
            TyKind::FnPtr(sig) => {
                let cause = self.regions.cause();
                (self.regions.infcx.instantiate_fresh(*sig, &cause), None)
            }
            _ => return,
        };
        self.regions.drain();
        let sig = self.regions.renumber_sig(sig);
        for ty in sig.inputs_and_output.iter() {
            self.well_formed(*ty);
        }
        let inputs: Vec<Ty> = sig.inputs().iter().map(|ty| self.regions.normalize(*ty)).collect();
        let output = self.regions.normalize(sig.output());
        let inputs = match (source, &inputs[..]) {
            (CallSource::Overloaded, [receiver, tuple]) => match tuple.kind() {
                TyKind::Tuple(items) => std::iter::once(*receiver).chain(items.iter().copied()).collect(),
                _ => inputs,
            },
            _ => inputs,
        };
        for ((operand, span), expected) in args.iter().zip(&inputs) {
            let ty = self.operand(operand, location);
            self.at(Category::CallArgument(def), *span, location);
            self.regions.sub(ty, *expected);
        }
        let category = self.category_of(destination);
        self.at(category, span, location);
        let dest = self.regions.place_ty(self.body, destination);
        self.regions.sub(output, dest);
    }
}

fn element(ty: Ty) -> Option<Ty> {
    match ty.kind() {
        TyKind::Array(element, _) => Some(*element),
        _ => None,
    }
}

impl Regions<'_> {
    /// Signatures of std written with elided or erased regions get variables for them.
    fn renumber_sig(&mut self, sig: FnSig) -> FnSig {
        FnSig { inputs_and_output: sig.inputs_and_output.iter().map(|ty| self.renumber_ty(*ty)).collect() }
    }
}

trait HasRegion {
    fn has_region(&self) -> bool;
}

impl HasRegion for rgo_typeck::ty::Predicate {
    fn has_region(&self) -> bool {
        match self.value {
            Clause::Trait(TraitRef { args, .. }) => args.iter().any(|arg| match arg {
                GenericArg::Region(_) => true,
                GenericArg::Ty(ty) => may_have_regions(*ty),
                GenericArg::Const(_) => false,
            }),
            Clause::Projection(..) | Clause::TypeOutlives(..) | Clause::RegionOutlives(..) => true,
        }
    }
}
