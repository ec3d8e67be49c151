//! Uses of what is uninitialised or moved out of, and moves that cannot be.

use rgo_hir::body::Mutability;
use rgo_mir::move_paths::{IllegalMove, IllegalMoveCause, InitKind, MoveOut, MovePathId};
use rgo_mir::{
    AggregateKind, CastKind, LocalKind, Location, Operand, Place, Projection, Rvalue, StatementKind, TerminatorKind,
    project_ty,
};
use rgo_syntax::Span;
use rgo_typeck::error::TypeError;
use rgo_typeck::thir::CallSource;
use rgo_typeck::ty::fold::for_each_free_region;
use rgo_typeck::ty::{ClosureKind, TyKind};
use rustc_hash::FxHashSet;
use smallvec::{SmallVec, smallvec};

use crate::check::{Checker, Needs};

/// The state of a search for moves.
struct MoveSearch {
    path: MovePathId,
    /// The path and what contains it.
    related: FxHashSet<MovePathId>,
    visited: FxHashSet<Location>,
    /// Indexes of moves, each with whether it was found behind a back edge.
    found: Vec<(u32, bool)>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Walk {
    On,
    Stop,
}

/// rustc's places spell the types of their fields, with regions that differ at every mention: no two mentions of a field whose type has
/// regions are the same to it, and the later error takes the place of the earlier.
fn names_region(elem: &Projection) -> bool {
    let Projection::Field { ty, .. } = elem else { return false };
    let mut any = false;
    for_each_free_region(ty, |_| any = true);
    any
}

impl Checker<'_, '_> {
    pub fn report_uninit(&mut self, location: Location, needs: Needs, place: &Place, path: MovePathId, span: Span) {
        let moves = self.moves_reaching(location, path);
        if moves.is_empty() {
            if self.uninit_reported.insert(place.local) {
                let error = self.uninitialized(place, path, needs, span);
                self.push_error(error);
            }
            return;
        }
        let key: Vec<u32> = moves.iter().map(|(index, _)| *index).collect();
        if let Some((reported, _, _)) = self.move_errors.get(&key)
            && reported.local == place.local
            && reported.projection.starts_with(&place.projection)
            && !place.projection.iter().any(names_region)
        {
            return;
        }
        let error = self.moved(location, place, path, needs, span, &moves);
        self.move_errors.insert(key, (place.clone(), span, error));
    }

    fn uninitialized(&self, place: &Place, path: MovePathId, needs: Needs, span: Span) -> TypeError {
        let def = self.regions.owner;
        let data = &self.body.data;
        let moved = &data.paths[path.index()].place;
        let name = self.describe(moved).or_else(|| self.describe(place)).unwrap_or_else(|| "value".to_owned());
        let root = self.local_name(place.local).unwrap_or_else(|| name.clone());
        let has_inits = !data.inits_of_path[data.local(place.local).index()].is_empty();
        let isnt = if has_inits { "is possibly-uninitialized" } else { "isn't initialized" };
        let message = match needs {
            Needs::PartialAssignment => format!("partially assigned binding `{name}` isn't fully initialized"),
            Needs::Assignment => format!("partially assigned binding `{name}` isn't fully initialized"),
            Needs::Use | Needs::Borrow | Needs::MatchOn => format!("used binding `{name}` {isnt}"),
        };
        let verb = match needs {
            Needs::Borrow => "borrowed",
            Needs::Use | Needs::MatchOn => "used",
            Needs::Assignment | Needs::PartialAssignment => "partially assigned",
        };
        let label = if has_inits && matches!(needs, Needs::Use | Needs::Borrow | Needs::MatchOn) {
            format!("`{name}` {verb} here but it is possibly-uninitialized")
        } else {
            format!("`{name}` {verb} here but it isn't initialized")
        };
        TypeError::new(def, span, "E0381", message)
            .label(label)
            .secondary(
                def,
                self.body.mir.locals[place.local].span,
                "binding declared here but left uninitialized".to_owned(),
            )
            .help(format!("consider assigning a value to `{root}` first"))
    }

    fn moved(
        &self,
        location: Location,
        place: &Place,
        path: MovePathId,
        needs: Needs,
        span: Span,
        moves: &[(u32, bool)],
    ) -> TypeError {
        let def = self.regions.owner;
        let data = &self.body.data;
        let moved_place = &data.paths[path.index()].place;
        let partially = moved_place.projection.len() > place.projection.len();
        let shown = self.describe(place).or_else(|| self.describe(moved_place));
        let verb = match needs {
            Needs::Borrow => "borrow",
            Needs::Use | Needs::MatchOn => "use",
            Needs::Assignment | Needs::PartialAssignment => "assign",
        };
        let preposition = if needs == Needs::PartialAssignment { "assign to part of" } else { verb };
        let name = shown.as_ref().map_or_else(|| "value".to_owned(), |name| format!("`{name}`"));
        let what = if partially { "partially moved" } else { "moved" };
        let message = match (needs, &shown) {
            (Needs::PartialAssignment, _) => format!("{preposition} {what} value: {name}"),
            (_, Some(_)) => format!("{verb} of {what} value: {name}"),
            (_, None) => format!("{verb} of {what} value"),
        };
        let mut in_loop = false;
        let mut error = TypeError::new(def, span, "E0382", message);
        let mut note = None;
        for (index, back) in moves {
            let MoveOut { location: at, path } = data.moves[*index as usize];
            let move_span = self.move_span(at, path);
            if move_span == span || at == location {
                in_loop |= *back || at == location;
                continue;
            }
            let (label, more) = self.move_label(at, *back, partially);
            error = error.secondary(def, move_span, label);
            if let Some(used) = self.use_in_closure(at, path).filter(|used| *used != move_span) {
                error = error.secondary(def, used, "variable moved due to use in closure");
            }
            note = note.or(more);
        }
        let label = if in_loop && error.secondary.is_empty() {
            format!("value {what} here, in previous iteration of loop")
        } else {
            match needs {
                Needs::Borrow => format!("value borrowed here after {}move", if partially { "partial " } else { "" }),
                Needs::Use | Needs::MatchOn => {
                    format!("value used here after {}move", if partially { "partial " } else { "" })
                }
                Needs::Assignment | Needs::PartialAssignment => format!("value {verb}ed here after move"),
            }
        };
        error = error.label(label);
        let ty = self.body.mir.ty_of_place(moved_place);
        let owner = self.describe(moved_place);
        if let (Some(owner), Some(name)) = (&owner, self.local_name(place.local)) {
            let declared = self.body.mir.locals[place.local].span;
            if moved_place.projection.is_empty() {
                let text = format!(
                    "move occurs because `{name}` has type `{}`, which does not implement the `Copy` trait",
                    self.display_ty(ty)
                );
                error = error.secondary(def, declared, text);
            } else {
                let is_payload = moved_place.projection.iter().any(|step| matches!(step, Projection::Downcast(_)));
                let owner = if is_payload { "value".to_owned() } else { format!("`{owner}`") };
                error = error.note(format!(
                    "move occurs because {owner} has type `{}`, which does not implement the `Copy` trait",
                    self.display_ty(ty)
                ));
            }
        }
        match note {
            Some(note) => error.help(note),
            None if in_loop => error.help(format!(
                "borrow it, move a clone (`{}.clone()`) in each turn of the loop, or move it after the loop",
                shown.as_deref().unwrap_or("value")
            )),
            None => error,
        }
    }

    /// Where a move is shown: a variable captured by a closure at its use inside.
    fn move_span(&self, at: Location, path: MovePathId) -> Span {
        let span = self.body.mir.span_at(at);
        let block = &self.body.mir.blocks[at.block];
        match block.statements.get(at.statement as usize).map(|statement| &statement.kind) {
            Some(StatementKind::Assign(_, Rvalue::Aggregate(AggregateKind::Closure(closure, _), _))) => {
                rgo_hir::def_span(self.regions.db, *closure)
            }
            Some(_) => span,
            None => match &self.body.mir.terminator(at.block).kind {
                TerminatorKind::Call { args, .. } => {
                    let place = &self.body.data.paths[path.index()].place;
                    args.iter()
                        .find(|(arg, _)| matches!(arg, Operand::Move(moved) if moved == place))
                        .map_or(span, |(_, span)| *span)
                }
                _ => span,
            },
        }
    }

    /// Where a closure that is made at a location uses what it takes by moving it.
    fn use_in_closure(&self, at: Location, path: MovePathId) -> Option<Span> {
        let statement = self.body.mir.blocks[at.block].statements.get(at.statement as usize)?;
        let StatementKind::Assign(_, Rvalue::Aggregate(AggregateKind::Closure(closure, _), operands)) = &statement.kind
        else {
            return None;
        };
        let place = &self.body.data.paths[path.index()].place;
        let index = operands.iter().position(|operand| operand.place() == Some(place))?;
        rgo_mir::closure_info(self.regions.db, *closure)?.captures.get(index).map(|capture| capture.span)
    }

    /// How a move is described, and what could be done about it.
    fn move_label(&self, at: Location, back: bool, partially: bool) -> (String, Option<String>) {
        let here = if back { ", in previous iteration of loop" } else { "" };
        let what = if partially { "value partially moved" } else { "value moved" };
        let block = &self.body.mir.blocks[at.block];
        match block.statements.get(at.statement as usize).map(|statement| &statement.kind) {
            Some(StatementKind::Assign(_, Rvalue::Aggregate(AggregateKind::Closure(..), _))) => {
                (format!("value moved into closure here{here}"), None)
            }
            Some(StatementKind::Assign(dest, Rvalue::Use(Operand::Move(_)))) => {
                // The temporary that a call takes: say that it is a call.
                match dest.as_local().and_then(|temp| self.call_taking(at, temp)) {
                    Some((CallSource::Method, name)) => {
                        let text = format!(
                            "`{name}` takes ownership of its receiver; consider cloning the value, or borrowing it, if it is used later"
                        );
                        (format!("value moved due to this method call{here}"), Some(text))
                    }
                    Some((CallSource::Operator, _)) => (format!("value moved due to usage in operator{here}"), None),
                    Some(_) => (
                        format!("{what} here{here}"),
                        Some(
                            "consider cloning the value if the performance cost is acceptable, or passing a reference"
                                .to_owned(),
                        ),
                    ),
                    None => (format!("{what} here{here}"), Some(self.instead_of_taking(at, dest))),
                }
            }
            Some(StatementKind::Assign(_, Rvalue::Cast(CastKind::Coerce(_), ..))) => {
                (format!("{what} here{here}"), None)
            }
            _ => (format!("{what} here{here}"), None),
        }
    }

    /// What to do instead of moving a value into a variable.
    fn instead_of_taking(&self, at: Location, dest: &Place) -> String {
        let statement = &self.body.mir.blocks[at.block].statements[at.statement as usize];
        let source = match &statement.kind {
            StatementKind::Assign(_, Rvalue::Use(Operand::Move(source))) => source,
            _ => dest,
        };
        let is_bound = source.projection.iter().any(|step| matches!(step, Projection::Downcast(_)));
        match (is_bound, self.local_name(dest.local), self.local_name(source.local)) {
            (true, Some(variable), Some(matched)) => format!(
                "match on a reference (`&{matched}`), or borrow the binding in the pattern (`ref {variable}`), to leave the value where it is"
            ),
            _ => match self.describe(source) {
                Some(name) => {
                    format!("borrow it (`&{name}`), or clone it (`{name}.clone()`), to leave the value where it is")
                }
                None => "consider cloning the value if the performance cost is acceptable: `.clone()`".to_owned(),
            },
        }
    }

    /// The call that takes `temp` as its first argument, right behind `at`.
    fn call_taking(&self, at: Location, temp: rgo_mir::LocalId) -> Option<(CallSource, String)> {
        match &self.body.mir.terminator(at.block).kind {
            TerminatorKind::Call { callee: Operand::Const(callee), args, source, .. } => {
                let position =
                    args.iter().position(|(arg, _)| arg.place().is_some_and(|place| place.as_local() == Some(temp)))?;
                let name = match &callee.kind {
                    rgo_mir::ConstOperandKind::Fn(def, _) => def.name().to_string(),
                    _ => String::new(),
                };
                let source = if position == 0 { *source } else { CallSource::Plain };
                Some((source, name))
            }
            _ => None,
        }
    }

    /// Moves of the path and of what contains it that reach the location, in the order of a depth-first search against the flow; each with
    /// whether a loop was gone round. Moves of an earlier iteration count only where no other was found and where the path is initialised
    /// whenever the loop is entered: else it is said to be uninitialised.
    fn moves_reaching(&self, location: Location, path: MovePathId) -> Vec<(u32, bool)> {
        let mut search =
            MoveSearch { related: self.path_and_parents(path), path, visited: FxHashSet::default(), found: Vec::new() };
        let is_argument =
            self.body.mir.params.iter().any(|param| search.related.contains(&self.body.data.local(*param)));
        let mut stack: Vec<Location> = Vec::new();
        let mut behind_back_edges: Vec<Location> = Vec::new();
        let mut reached_entry = false;
        self.push_before(location, &mut stack, &mut behind_back_edges);
        while let Some(at) = stack.pop() {
            if self.search_at(at, false, &mut search) == Walk::On {
                let any = self.push_before(at, &mut stack, &mut behind_back_edges);
                reached_entry |= !any;
            }
        }
        if search.found.is_empty() && (is_argument || !reached_entry) {
            while let Some(at) = behind_back_edges.pop() {
                if self.search_at(at, true, &mut search) == Walk::On {
                    behind_back_edges.extend(self.before(at));
                }
            }
        }
        search.found
    }

    fn path_and_parents(&self, path: MovePathId) -> FxHashSet<MovePathId> {
        std::iter::successors(Some(path), |at| self.body.data.paths[at.index()].parent).collect()
    }

    fn search_at(&self, at: Location, back: bool, search: &mut MoveSearch) -> Walk {
        if !search.visited.insert(at) {
            return Walk::Stop;
        }
        let data = &self.body.data;
        let statement = self.body.mir.blocks[at.block].statements.get(at.statement as usize);
        // Storage that ends and drops move nothing that a person wrote.
        let is_storage = match statement {
            Some(statement) => matches!(statement.kind, StatementKind::StorageDead(_)),
            None => matches!(self.body.mir.terminator(at.block).kind, TerminatorKind::Drop { .. }),
        };
        if !is_storage && let Some(index) = self.move_index(at, &search.related) {
            search.found.push((index, back));
            return Walk::Stop;
        }
        let initialises = data.inits_at(at).map(|init| &data.inits[init]).any(|init| match init.kind {
            InitKind::Deep | InitKind::OnReturn => search.related.contains(&init.path),
            InitKind::Shallow => init.path == search.path,
        });
        if initialises { Walk::Stop } else { Walk::On }
    }

    fn move_index(&self, at: Location, related: &FxHashSet<MovePathId>) -> Option<u32> {
        let data = &self.body.data;
        let moves = data.moves_at(at);
        let first = moves.first()?;
        let start = (std::ptr::from_ref(first) as usize - data.moves.as_ptr() as usize) / size_of::<MoveOut>();
        moves.iter().position(|out| related.contains(&out.path)).map(|position| (start + position) as u32)
    }

    /// Puts what comes before the location on the stacks; whether there is anything.
    fn push_before(&self, at: Location, stack: &mut Vec<Location>, behind_back_edges: &mut Vec<Location>) -> bool {
        let mut any = false;
        for before in self.before(at) {
            let is_back = self.dominators().dominates(at, before);
            if is_back {
                behind_back_edges.push(before)
            } else {
                stack.push(before)
            }
            any = true;
        }
        any
    }

    fn before(&self, at: Location) -> SmallVec<[Location; 2]> {
        if let Some(statement) = at.statement.checked_sub(1) {
            return smallvec![Location { block: at.block, statement }];
        }
        let predecessors = &self.body.graph.predecessors[rgo_mir::dataflow::index(at.block)];
        let last = |block| Location { block, statement: self.body.mir.blocks[block].statements.len() as u32 };
        predecessors.iter().map(|block| last(*block)).collect()
    }

    // ----- moves that no place allows -----

    pub fn illegal_moves(&mut self) {
        let body = self.body;
        let mut reported: FxHashSet<Span> = FxHashSet::default();
        for illegal in &body.data.illegal {
            if !body.order.contains(&illegal.location.block) {
                continue;
            }
            let (span, binding) = self.illegal_span(illegal);
            let error = self.illegal_move(illegal, span, binding);
            match (reported.insert(span), binding) {
                (true, _) => self.push_error(error),
                (false, Some(binding)) => {
                    let def = self.regions.owner;
                    if let Some((_, first)) =
                        self.errors.iter_mut().find(|(at, error)| *at == span && error.code == Some("E0507"))
                    {
                        first.secondary.push((def, binding, "...and here".to_owned()));
                    }
                }
                (false, None) => {}
            }
        }
    }

    /// Where an illegal move is reported, and the pattern's variable that makes it.
    fn illegal_span(&self, illegal: &IllegalMove) -> (Span, Option<Span>) {
        let span = self.body.mir.span_at(illegal.location);
        let block = &self.body.mir.blocks[illegal.location.block];
        let Some(statement) = block.statements.get(illegal.location.statement as usize) else { return (span, None) };
        let StatementKind::Assign(dest, _) = &statement.kind else { return (span, None) };
        match self.body.mir.locals[dest.local].kind {
            LocalKind::User { matched: Some(matched), .. } if dest.projection.is_empty() => (matched, Some(span)),
            _ => (span, None),
        }
    }

    fn illegal_move(&self, illegal: &IllegalMove, span: Span, binding: Option<Span>) -> TypeError {
        let def = self.regions.owner;
        let ty = self.display_ty(self.body.mir.ty_of_place(&illegal.place));
        let reason = format!("move occurs because value has type `{ty}`, which does not implement the `Copy` trait");
        let error = match &illegal.cause {
            IllegalMoveCause::DropType { ty } => TypeError::new(
                def,
                span,
                "E0509",
                format!("cannot move out of type `{}`, which implements the `Drop` trait", self.display_ty(*ty)),
            )
            .label("cannot move out of here"),
            IllegalMoveCause::Element { ty, .. } => {
                let kind = match ty.kind() {
                    TyKind::Slice(_) => "slice",
                    _ => "array",
                };
                TypeError::new(
                    def,
                    span,
                    "E0508",
                    format!("cannot move out of type `{}`, a non-copy {kind}", self.display_ty(*ty)),
                )
                .label("cannot move out of here")
            }
            IllegalMoveCause::Borrowed { target }
                if matches!(self.pointee(target).kind(), TyKind::Slice(_) | TyKind::Array(..)) =>
            {
                let ty = self.pointee(target);
                let kind = if matches!(ty.kind(), TyKind::Slice(_)) { "slice" } else { "array" };
                let message = format!("cannot move out of type `{}`, a non-copy {kind}", self.display_ty(ty));
                TypeError::new(def, span, "E0508", message).label("cannot move out of here")
            }
            IllegalMoveCause::Borrowed { target } => {
                let message = self.borrowed_content(illegal, target);
                TypeError::new(def, span, "E0507", message).label(reason)
            }
        };
        let error = match binding {
            Some(binding) => error.secondary(def, binding, "data moved here"),
            None => error,
        };
        match self.kind_of_environment(&illegal.place, &illegal.cause) {
            Some(kind) => self.with_moved_capture(error, &illegal.place, kind),
            None => self.with_other_than_move(error, illegal),
        }
    }

    /// The kind of the closure whose captured variable is moved out of, where the closure may be called again.
    fn kind_of_environment(&self, place: &Place, cause: &IllegalMoveCause) -> Option<ClosureKind> {
        let IllegalMoveCause::Borrowed { target } = cause else { return None };
        let is_environment = self.body.mir.locals[place.local].kind == LocalKind::ClosureEnv;
        self.env_kind().filter(|kind| is_environment && *kind != ClosureKind::FnOnce && target.projection.is_empty())
    }

    fn pointee(&self, target: &Place) -> rgo_typeck::ty::Ty {
        project_ty(self.body.mir.ty_of_place(target), &Projection::Deref)
    }

    fn borrowed_content(&self, illegal: &IllegalMove, target: &Place) -> String {
        let place = &illegal.place;
        if let LocalKind::StaticRef(static_) = self.body.mir.locals[place.local].kind {
            return format!("cannot move out of static item `{}`", static_.name());
        }
        let shown = self.describe_or_value(place);
        if let Some(kind) = self.kind_of_environment(place, &illegal.cause) {
            return format!("cannot move out of {shown}, a captured variable in an `{}` closure", kind.trait_name());
        }
        if let LocalKind::GuardRef { .. } = self.body.mir.locals[place.local].kind {
            return format!("cannot move out of {shown} in pattern guard");
        }
        let ty = target.projection.iter().fold(self.body.mir.locals[target.local].ty, project_ty);
        if self.describe(target).is_none()
            && let Some(what) = self.overloaded_source(target)
        {
            return format!("cannot move out of {what}");
        }
        let reference = match ty.kind() {
            TyKind::Ref(_, _, Mutability::Not) => "a shared reference",
            _ => "a mutable reference",
        };
        let _ = Projection::Deref;
        if self.describe(place).is_some() {
            format!("cannot move out of {shown} which is behind {reference}")
        } else {
            format!("cannot move out of {reference}")
        }
    }

    /// What an overloaded dereference or index made the reference in a temporary.
    fn overloaded_source(&self, target: &Place) -> Option<String> {
        let local = target.as_local()?;
        self.body.mir.blocks.iter().find_map(|(_, block)| match &block.terminator.as_ref()?.kind {
            TerminatorKind::Call { callee: Operand::Const(callee), args, destination, .. }
                if destination.as_local() == Some(local) =>
            {
                let rgo_mir::ConstOperandKind::Fn(function, _) = &callee.kind else { return None };
                let receiver = args.first()?.0.place()?;
                let ty = self
                    .body
                    .mir
                    .ty_of_place(receiver)
                    .as_ref()
                    .map_or_else(|| self.body.mir.ty_of_place(receiver), |(_, ty, _)| ty);
                match function.name().as_str() {
                    "index" | "index_mut" => Some(format!("index of `{}`", self.display_ty(ty))),
                    "deref" | "deref_mut" => match ty.kind() {
                        TyKind::Adt(adt, _) => Some(format!("an `{}`", adt.name())),
                        _ => None,
                    },
                    _ => None,
                }
            }
            _ => None,
        })
    }
}
