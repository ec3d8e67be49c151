//! Which strings of a program are built in a `strings.Builder`: an analysis of the typed bodies of a package and
//! of those that it uses, std excepted.
//!
//! A local `String` is, where all that happens to it is that text is pushed, that it is emptied, and that it is read: the builder's text is
//! its value at any time, and costs nothing. A `&mut String` parameter is a `*strings.Builder` where the same holds for it and every caller
//! hands over such a string. Locals and parameters that are handed to each other form a group, which becomes builders as a whole or not at
//! all.
//!
//! Only worth it where pushes are repeated: in a loop, or by another function. What Go code could call (`pub`) keeps its `*string`.

use rgo_hir::{Db, DefId, DefKind};
use rgo_typeck::thir::{self, BorrowKind, ExprId, ExprKind, LocalId, PatKind, StmtKind};
use rgo_typeck::ty::{Args, Ty, TyKind};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::queries::{self, Callee};

/// A local of a body.
type Node = (DefId, LocalId);

/// What a call does to the string that it is given first.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Edit {
    PushStr,
    Push,
    Clear,
    /// `write!`.
    Format,
    /// `mem::take`.
    Take,
}

/// What a called function does to a string behind its first argument, if it is one of those that a builder can do.
pub fn edit_of(db: &dyn Db, def: DefId, args: Args) -> Option<Edit> {
    let lang = rgo_hir::lang_name(db, def);
    let is_of_string = || args.types().next().is_some_and(|ty| is_string(db, ty));
    match lang {
        Some("string_push_str") => Some(Edit::PushStr),
        Some("string_push") => Some(Edit::Push),
        Some("string_clear") => Some(Edit::Clear),
        Some("fmt_write_fmt") if is_of_string() => Some(Edit::Format),
        Some("mem_take") if is_of_string() => Some(Edit::Take),
        _ if def.name().as_str() == "add_assign" && is_of_string() => match queries::resolve(db, def, args) {
            Callee::Item(target, _) if rgo_hir::lang_name(db, target) == Some("string_add_assign") => {
                Some(Edit::PushStr)
            }
            _ => None,
        },
        _ => None,
    }
}

fn is_string(db: &dyn Db, ty: Ty) -> bool {
    matches!(ty.kind(), TyKind::Adt(def, _) if rgo_hir::lang_name(db, *def) == Some("string"))
}

/// The locals and parameters that are builders, among the bodies that a package reaches; `can_fail` where some `fmt` of it may.
pub fn builders(db: &dyn Db, bodies: &[&thir::Body], can_fail: bool) -> FxHashSet<Node> {
    let mut search = Search { db, can_fail, groups: Groups::default(), params: FxHashMap::default() };
    bodies.iter().for_each(|body| search.candidates(body));
    bodies.iter().for_each(|body| search.uses(body));
    search.groups.accepted()
}

struct Search<'db> {
    db: &'db dyn Db,
    /// Whether `write!` may fail for another reason than that of the string.
    can_fail: bool,
    groups: Groups,
    /// Candidates among the parameters of functions, by position.
    params: FxHashMap<(DefId, usize), LocalId>,
}

impl Search<'_> {
    fn candidates(&mut self, body: &thir::Body) {
        for (_, stmt) in body.stmts.iter() {
            if let StmtKind::Let { pat, init: Some(_), otherwise: None, .. } = &stmt.kind
                && let Some(local) = simple_binding(body, *pat)
                && body.locals.get(local).is_some_and(|l| l.mutable && l.by_ref.is_none() && is_string(self.db, l.ty))
            {
                self.groups.add((body.owner, local), Kind::Local);
            }
        }
        if !self.is_private_function(body.owner) {
            return;
        }
        for (position, param) in body.params.iter().enumerate() {
            if let Some(local) = param.pat.and_then(|pat| simple_binding(body, pat))
                && let TyKind::Ref(_, target, rgo_hir::body::Mutability::Mut) = param.ty.kind()
                && is_string(self.db, *target)
                && body.locals.get(local).is_some_and(|l| !l.mutable)
            {
                self.params.insert((body.owner, position), local);
                self.groups.add((body.owner, local), Kind::Param);
            }
        }
    }

    /// Whether only calls that are in sight reach a function.
    fn is_private_function(&self, def: DefId) -> bool {
        let is_of_trait = |parent: DefId| match parent.kind() {
            DefKind::Trait => true,
            DefKind::Impl => rgo_typeck::collect::impl_trait_ref(self.db, parent).is_some(),
            _ => false,
        };
        def.kind() == DefKind::Fn && !queries::is_pub(self.db, def) && !def.parent().is_some_and(is_of_trait)
    }

    fn uses(&mut self, body: &thir::Body) {
        // `let ref mut r = s` borrows the string.
        for (_, stmt) in body.stmts.iter() {
            if let StmtKind::Let { pat, init: Some(init), .. } = &stmt.kind
                && simple_binding(body, *pat).is_none()
                && let Some(local) = handed(body, *init)
            {
                self.groups.reject((body.owner, local));
            }
        }
        let parents = parents(body);
        for (expr, node) in body.exprs.iter() {
            match &node.kind {
                ExprKind::Local(local) if self.groups.has((body.owner, *local)) => {
                    self.use_of(body, &parents, expr, (body.owner, *local))
                }
                ExprKind::FnItem { def, .. } if !is_callee(body, &parents, expr) => self.reject_params(*def),
                ExprKind::Call { callee, args, .. } => {
                    if let ExprKind::FnItem { def, .. } = &body.exprs[*callee].kind {
                        self.call(body, *def, args);
                    }
                }
                _ => {}
            }
        }
        if let thir::BodyKind::Closure(info) = &body.kind {
            // A closure's captures are locals of the body it stands in.
            for capture in &info.captures {
                let owner = outermost(self.db, info.parent);
                self.groups.reject((owner, capture.place.local));
                self.groups.reject((info.parent, capture.place.local));
            }
        }
    }

    /// A use of a candidate.
    fn use_of(&mut self, body: &thir::Body, parents: &FxHashMap<ExprId, ExprId>, expr: ExprId, node: Node) {
        match self.groups.kind(node) {
            Kind::Local => self.use_of_place(body, parents, expr, node),
            Kind::Param => match parents.get(&expr).map(|parent| (*parent, &body.exprs[*parent].kind)) {
                Some((parent, ExprKind::Deref(_))) => self.use_of_place(body, parents, parent, node),
                Some((parent, ExprKind::Call { .. })) => self.handed_over(body, parent, expr, node),
                _ => self.groups.reject(node),
            },
        }
    }

    /// A use of a place that holds the string.
    fn use_of_place(&mut self, body: &thir::Body, parents: &FxHashMap<ExprId, ExprId>, expr: ExprId, node: Node) {
        let Some(parent) = parents.get(&expr).copied() else { return };
        match &body.exprs[parent].kind {
            ExprKind::Borrow { kind: BorrowKind::Shared | BorrowKind::Fake, .. } => {}
            ExprKind::Borrow { .. } => match parents.get(&parent).map(|call| (*call, &body.exprs[*call].kind)) {
                Some((call, ExprKind::Call { .. })) => self.handed_over(body, call, parent, node),
                // `&mut *&mut s`
                Some((place, ExprKind::Deref(_))) => self.use_of_place(body, parents, place, node),
                _ => self.groups.reject(node),
            },
            // Moved into a call: read for the last time, or until it is set anew.
            ExprKind::Call { .. } => {}
            ExprKind::Assign { value, .. } => {
                if !self.is_new_string(body, *value) {
                    self.groups.reject(node);
                }
            }
            // A string behind a box, or looked at piece by piece: none of those that are known.
            _ => self.groups.reject(node),
        }
    }

    /// A mutable reference among the arguments of a call.
    fn handed_over(&mut self, body: &thir::Body, call: ExprId, arg: ExprId, node: Node) {
        let ExprKind::Call { callee, args, .. } = &body.exprs[call].kind else { return };
        let ExprKind::FnItem { def, args: generic, .. } = &body.exprs[*callee].kind else {
            return self.groups.reject(node);
        };
        let position = args.iter().position(|a| *a == arg).unwrap_or(0);
        let edit = if position == 0 { edit_of(self.db, *def, *generic) } else { None };
        match edit {
            Some(Edit::Format)
                if self.can_fail
                    || !matches!(args.get(1).map(|e| &body.exprs[*e].kind), Some(ExprKind::FormatArgs(_))) =>
            {
                self.groups.reject(node)
            }
            Some(_) => {
                if is_in_loop(body, call) {
                    self.groups.repeated(node);
                }
            }
            None if self.params.contains_key(&(*def, position)) => {}
            None => self.groups.reject(node),
        }
    }

    /// A call: what it hands to candidates among the callee's parameters must be candidates too.
    fn call(&mut self, body: &thir::Body, def: DefId, args: &[ExprId]) {
        for (position, arg) in args.iter().enumerate() {
            let Some(param) = self.params.get(&(def, position)).copied() else { continue };
            match handed(body, *arg).map(|local| (body.owner, local)).filter(|node| self.groups.has(*node)) {
                Some(node) => self.groups.join(node, (def, param)),
                None => self.groups.reject((def, param)),
            }
        }
    }

    fn reject_params(&mut self, def: DefId) {
        let params: Vec<LocalId> = self.params.iter().filter(|((f, _), _)| *f == def).map(|(_, l)| *l).collect();
        params.into_iter().for_each(|param| self.groups.reject((def, param)));
    }

    fn is_new_string(&self, body: &thir::Body, value: ExprId) -> bool {
        is_new_string(self.db, body, value)
    }
}

/// Whether an expression is `String::new()`.
pub fn is_new_string(db: &dyn Db, body: &thir::Body, value: ExprId) -> bool {
    let ExprKind::Call { callee, .. } = &body.exprs[value].kind else { return false };
    matches!(&body.exprs[*callee].kind, ExprKind::FnItem { def, .. } if rgo_hir::lang_name(db, *def) == Some("string_new"))
}

/// The local that an argument is a mutable reference to, or that is the reference; of a place, the local that leads to it.
fn handed(body: &thir::Body, arg: ExprId) -> Option<LocalId> {
    match &body.exprs[arg].kind {
        ExprKind::Local(local) => Some(*local),
        ExprKind::Deref(inner) => handed(body, *inner),
        ExprKind::Borrow { kind: BorrowKind::Mut { .. }, place, .. } => match &body.exprs[*place].kind {
            ExprKind::Local(local) => Some(*local),
            ExprKind::Deref(inner) => handed(body, *inner),
            _ => None,
        },
        _ => None,
    }
}

/// The body that is no closure around a closure.
fn outermost(db: &dyn Db, owner: DefId) -> DefId {
    match queries::thir(db, owner).map(|body| &body.kind) {
        Some(thir::BodyKind::Closure(info)) => outermost(db, info.parent),
        _ => owner,
    }
}

fn simple_binding(body: &thir::Body, pat: thir::PatId) -> Option<LocalId> {
    match &body.pats[pat].kind {
        PatKind::Bind { local, by_ref: None, sub: None, .. } => Some(*local),
        _ => None,
    }
}

fn is_callee(body: &thir::Body, parents: &FxHashMap<ExprId, ExprId>, expr: ExprId) -> bool {
    parents
        .get(&expr)
        .is_some_and(|parent| matches!(&body.exprs[*parent].kind, ExprKind::Call { callee, .. } if *callee == expr))
}

/// The expression around each that is used as a place or handed to a call. What has none here is only read.
fn parents(body: &thir::Body) -> FxHashMap<ExprId, ExprId> {
    let mut parents = FxHashMap::default();
    for (id, expr) in body.exprs.iter() {
        let mut note = |child: ExprId| {
            parents.insert(child, id);
        };
        match &expr.kind {
            ExprKind::Borrow { place, .. } | ExprKind::Assign { place, .. } | ExprKind::AssignOp { place, .. } => {
                note(*place)
            }
            ExprKind::Deref(inner)
            | ExprKind::Field { base: inner, .. }
            | ExprKind::Index { base: inner, .. }
            | ExprKind::PlaceAscription { base: inner, .. }
            | ExprKind::Match { scrutinee: inner, .. }
            | ExprKind::Let { scrutinee: inner, .. } => note(*inner),
            ExprKind::DestructureAssign { assigns, .. } => assigns.iter().for_each(|(_, place)| note(*place)),
            ExprKind::Call { callee, args, .. } => {
                note(*callee);
                args.iter().for_each(|arg| note(*arg));
            }
            _ => {}
        }
    }
    parents
}

/// Whether an expression may be evaluated more than once in one call of its function.
fn is_in_loop(body: &thir::Body, expr: ExprId) -> bool {
    let inner = body.exprs[expr].span;
    body.exprs.iter().any(|(_, e)| match &e.kind {
        ExprKind::Loop { body: inside, .. }
        | ExprKind::While { body: inside, .. }
        | ExprKind::For { body: inside, .. } => {
            let span = body.exprs[*inside].span;
            span.start <= inner.start && inner.end <= span.end
        }
        _ => false,
    })
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Local,
    Param,
}

/// Groups of candidates, by union and find.
#[derive(Default)]
struct Groups {
    index: FxHashMap<Node, usize>,
    members: Vec<Member>,
}

struct Member {
    node: Node,
    kind: Kind,
    parent: usize,
    is_rejected: bool,
    is_repeated: bool,
}

impl Groups {
    fn add(&mut self, node: Node, kind: Kind) {
        let parent = self.members.len();
        self.index.insert(node, parent);
        self.members.push(Member { node, kind, parent, is_rejected: false, is_repeated: false });
    }

    fn has(&self, node: Node) -> bool {
        self.index.contains_key(&node)
    }

    fn kind(&self, node: Node) -> Kind {
        self.members[self.index[&node]].kind
    }

    fn reject(&mut self, node: Node) {
        if let Some(index) = self.index.get(&node) {
            self.members[*index].is_rejected = true;
        }
    }

    fn repeated(&mut self, node: Node) {
        if let Some(index) = self.index.get(&node) {
            self.members[*index].is_repeated = true;
        }
    }

    fn root(&self, mut index: usize) -> usize {
        while self.members[index].parent != index {
            index = self.members[index].parent;
        }
        index
    }

    fn join(&mut self, a: Node, b: Node) {
        let (a, b) = (self.root(self.index[&a]), self.root(self.index[&b]));
        self.members[a].parent = b;
    }

    /// The members of groups in which nothing stands against it and something speaks for it.
    fn accepted(&self) -> FxHashSet<Node> {
        let mut groups: FxHashMap<usize, Vec<&Member>> = FxHashMap::default();
        for (index, member) in self.members.iter().enumerate() {
            groups.entry(self.root(index)).or_default().push(member);
        }
        groups
            .into_values()
            .filter(|group| {
                group.iter().all(|member| !member.is_rejected)
                    && group.iter().any(|member| member.kind == Kind::Local)
                    && group.iter().any(|member| member.is_repeated || member.kind == Kind::Param)
            })
            .flatten()
            .map(|member| member.node)
            .collect()
    }
}
