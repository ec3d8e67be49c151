//! What intrinsics need of a function being lowered.

use rgo_hir::body::Mutability;
use rgo_hir::{Db, DefId};
use rgo_typeck::ty::{Args, Ty, TyKind};

use super::*;
use crate::mono::adt::LayoutKind;
use crate::mono::forms::OptionForm;

impl<'db> Lower<'_, 'db> {
    /// What all bodies share.
    pub fn context(&mut self) -> &mut Cx<'db> {
        self.cx
    }

    /// A name of the runtime package.
    pub fn runtime(&self, name: &str) -> Expr {
        self.cx.runtime(name)
    }

    /// Whether nobody looks at the result of the call that is being lowered.
    pub fn result_is_unused(&self) -> bool {
        self.result_is_unused
    }

    /// A new variable, called `name` where that is free.
    pub fn variable(&mut self, name: &str) -> VarId {
        self.locals.temporary(name)
    }

    /// The value as something that may be mentioned twice.
    pub fn repeatable_value(&mut self, value: Expr, name: &str) -> Expr {
        self.stable_place(value, name)
    }

    /// The same for a map; one behind a pointer stays behind it.
    pub fn repeatable_map(&mut self, map: Expr) -> Expr {
        match map {
            Expr::Unary(UnaryOp::Deref, pointer) => self.stable_place(*pointer, "m").deref(),
            map => self.stable_place(map, "m"),
        }
    }

    /// `name, ok := value`.
    pub fn define_ok(&mut self, name: Option<&str>, value: Expr) -> (Option<VarId>, VarId) {
        let var = name.map(|name| self.locals.temporary(name));
        let ok = self.locals.temporary("ok");
        self.emit(StmtKind::Define(vec![var, Some(ok)], vec![value]));
        (var, ok)
    }

    /// A variable that a reference may name instead of pointing to it.
    pub fn note_copy(&mut self, value: &Expr) {
        if let Expr::Var(var) = value {
            self.map_copies.insert(*var);
        }
    }

    /// A variable that is nil where the option whose payload it is has none.
    pub fn note_nil_if_missing(&mut self, value: &Expr) {
        if let Expr::Var(var) = value {
            self.nil_if_missing.insert(*var);
        }
    }

    /// Whether a shared reference to the type is a Go pointer.
    pub fn is_pointer_ref(&mut self, ty: Ty) -> bool {
        self.cx.ref_form(ty, Mutability::Not) == crate::mono::forms::RefForm::Pointer
    }

    /// A tuple of type `ty`.
    pub fn tuple_of(&mut self, parts: Vec<Expr>, ty: Ty) -> Expr {
        self.make_tuple(parts, ty)
    }

    /// Emits `place = value`.
    pub fn assign_to(&mut self, place: Expr, value: Expr) {
        self.emit(StmtKind::assign(place, fitted(value)));
    }

    /// Emits `for key, value := range expr { body }`.
    pub fn range_over(&mut self, key: Option<VarId>, value: Option<VarId>, expr: Expr, body: Block) {
        self.emit(StmtKind::Range(Box::new(Range { key, value, expr, body })));
    }

    /// The statements that `f` emits, as a block.
    pub fn statements(&mut self, f: impl FnOnce(&mut Self)) -> Block {
        self.block(f)
    }

    /// What `Clone` makes of the value in a place.
    pub fn clone_of(&mut self, place: Expr, ty: Ty, span: Span) -> Expr {
        self.clone_value(place, ty, span)
    }

    /// A field of a struct in a place, by its number.
    pub fn field_place(&mut self, base: Expr, ty: Ty, index: usize) -> Expr {
        self.field(base, ty, 0, index)
    }

    /// What a slice or vector is a sequence of.
    pub fn element_type(&self, ty: Ty) -> Ty {
        let ty = match ty.kind() {
            TyKind::Ref(_, inner, _) => *inner,
            _ => ty,
        };
        self.cx.vec_payload(ty).or_else(|| ty.sequence_element()).unwrap_or(ty)
    }

    /// The database.
    pub fn db(&self) -> &'db dyn Db {
        self.cx.db
    }

    /// The signature of an instance of a function.
    pub fn signature(&mut self, def: DefId, args: Args) -> rgo_typeck::ty::FnSig {
        self.cx.sig_of(def, args)
    }

    /// The Go type in which a value is stored.
    pub fn go_form(&mut self, ty: Ty) -> Type {
        self.go_ty(ty)
    }

    /// `Ord::cmp` of a type as a function.
    pub fn order_of(&mut self, ty: Ty, span: Span) -> Option<Expr> {
        let ord = rgo_hir::lang_item(self.cx.db, "ord")?;
        let cmp = rgo_hir::child(self.cx.db, ord, rgo_syntax::Name::new("cmp"))?;
        Some(self.fn_value(cmp, Args::of_types(&[ty]), span))
    }

    /// A function of two items that hands them on to another.
    pub fn forwarding(&mut self, function: Expr, input: Ty, output: Ty) -> FuncLit {
        let form = self.go_ty(input);
        let vars = [self.locals.temporary("a"), self.locals.temporary("b")];
        let params = vars.map(|var| Param { var: Some(var), ty: form.clone(), variadic: Variadic::No }).to_vec();
        let call = Expr::call(function, vars.map(Expr::Var).to_vec());
        let results = vec![Result { var: None, ty: self.go_ty(output) }];
        FuncLit { params, results, body: vec![StmtKind::Return(vec![call]).into()] }
    }

    /// Reports that something cannot be emitted (RGO0001).
    pub fn report(&mut self, span: Span, what: &str) {
        self.unsupported(span, what);
    }

    /// Emits a call whose results nobody wants.
    pub fn discard(&mut self, value: Expr) {
        self.emit(StmtKind::Expr(value));
    }

    /// A variable that holds the value from now on.
    pub fn pinned(&mut self, value: Expr) -> Expr {
        self.temp("v", value)
    }

    /// A reference to a place of type `ty`, in the form that references to it have.
    pub fn reference_to(&mut self, place: Expr, ty: Ty, mutability: Mutability) -> Expr {
        self.reference(place, ty, mutability)
    }

    /// Whether values of a type have no size of their own.
    pub fn is_unsized(&self, ty: Ty) -> bool {
        self.cx.is_unsized(ty)
    }

    /// What a shared reference to a `ty` refers to.
    pub fn place_of_ref(&mut self, value: Expr, ty: Ty) -> Expr {
        let reference = Ty::new(TyKind::Ref(rgo_typeck::ty::Region::erased(), ty, Mutability::Not));
        self.follow(value, reference)
    }

    /// A struct of one field.
    pub fn of_only_field(&mut self, field: Expr, ty: Ty) -> Expr {
        let value = self.make_adt(ty, 0, vec![(0, field)]);
        self.stored(value, ty)
    }

    /// A value moved to the heap.
    pub fn boxed(&mut self, value: Expr, ty: Ty) -> Expr {
        match value {
            Expr::Composite(_) => Expr::unary(UnaryOp::Addr, value),
            value => {
                let form = self.go_ty(ty);
                let var = self.locals.temporary("boxed");
                self.define(var, value, Some(form));
                Expr::Var(var).addr()
            }
        }
    }

    /// The number of the variant of a value behind a reference.
    pub fn discriminant(&mut self, reference: Expr, ty: Ty) -> Expr {
        let int = Type::name("int");
        let place = self.place_of_ref(reference, ty);
        if let Some(payload) = self.cx.option_payload(ty) {
            let some = match self.cx.option_form(payload) {
                OptionForm::Nil => Expr::binary(BinaryOp::Ne, place, Expr::nil()),
                OptionForm::Tagged => self.tag_select(place, "Some"),
            };
            return Expr::call(Expr::Instance(Box::new(self.cx.runtime("BoolTo")), vec![int]), vec![some]);
        }
        if self.cx.result_payload(ty).is_some() {
            let failed = self.tag_select(place, "OK").negate();
            return Expr::call(Expr::Instance(Box::new(self.cx.runtime("BoolTo")), vec![int]), vec![failed]);
        }
        match self.cx.layout(ty) {
            Some(layout) if layout.kind == LayoutKind::Plain => Expr::convert(int, place),
            Some(layout) if layout.kind == LayoutKind::Tagged => {
                self.cx.meet_member(&layout.name, &layout.tag);
                Expr::convert(int, self.tag_select(place, &layout.tag))
            }
            _ => Expr::Typed(int, Lit::Int(0)),
        }
    }

    fn tag_select(&mut self, place: Expr, name: &str) -> Expr {
        match place {
            Expr::Unary(UnaryOp::Deref, pointer) => pointer.select(name),
            other => other.select(name),
        }
    }

    /// An expression that says whether two references to a `ty` are to the same place.
    pub fn same_pointer(&mut self, a: Expr, b: Expr, ty: Ty) -> Expr {
        match ty.kind() {
            _ if a == b && super::expr::is_repeatable(&a) => Expr::bool(true),
            TyKind::Slice(_) => Expr::call(self.cx.runtime("SameSlice"), vec![a, b]),
            _ => Expr::binary(BinaryOp::Eq, a, b),
        }
    }

    /// A panic whose payload is not text.
    pub fn panic_with(&mut self, payload: Expr) {
        let panic = Expr::keyed(self.cx.runtime_ty("Panic", Vec::new()), vec![("Payload".into(), payload)]);
        self.emit(StmtKind::Expr(Expr::builtin("panic", vec![Expr::unary(UnaryOp::Addr, panic)])));
    }

    /// The address of a variable made for the value.
    pub fn address_of_temp(&mut self, value: Expr, name: &str) -> Expr {
        self.temp(name, value).addr()
    }

    /// The parts of a tuple that is at hand.
    pub fn tuple_parts(&mut self, value: Expr, ty: Ty) -> Vec<Expr> {
        let count = ty.as_tuple().map_or(0, |items| items.len());
        if let Expr::Composite(composite) = &value
            && composite.elements.len() == count
        {
            return composite.elements.iter().map(|e| e.value.clone()).collect();
        }
        let place = self.stable_place(value, "args");
        (0..count).map(|i| place.clone().select(&format!("F{i}"))).collect()
    }
}
