//! Comments among the statements of a Go function, found by the positions that these carry.
//!
//! Statements are numbered as they stand in the text, blocks too: a comment is put into a list at an index once all have found their place.

use std::collections::BTreeMap;

use rgo_syntax::Span;

use super::notes::{Note, Step};
use crate::go::ast::*;
use crate::go::visit;

/// A list of statements, numbered as it begins in the text.
type ListId = usize;

/// A longer comment does not go behind a brace.
const SHORT: usize = 80;

/// Something with a position, and the statement before which a comment on it goes.
struct Entry {
    pos: Option<Pos>,
    list: ListId,
    index: usize,
    form: Form,
    /// The lists inside.
    inner: std::ops::Range<ListId>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Simple,
    /// Ends in a brace.
    Braced,
    /// A case, or a statement in a header: no statement of a list.
    Part,
}

#[derive(Default)]
struct List {
    len: usize,
    /// Whether it follows an `else`, which is not written where nothing does.
    is_else: bool,
    /// Whether it is what follows `else` in an `else if`.
    is_lone_if: bool,
    /// What its last `if` does where its condition holds.
    then: Option<ListId>,
}

#[derive(Default)]
struct Map {
    entries: Vec<Entry>,
    lists: Vec<List>,
}

/// How two comments at one index follow each other.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Behind,
    After,
    Above,
}

type Insertions = BTreeMap<ListId, Vec<(usize, Rank, u32, Comment)>>;

pub fn place(body: &mut Block, file: u32, is_whole: bool, notes: Vec<Note>) {
    let mut map = Map::default();
    map.list(body);
    let mut insertions = Insertions::new();
    for note in notes {
        let steps = note.steps.iter();
        let found = steps
            .filter(|step| is_whole || !matches!(step, Step::Bottom))
            .find_map(|step| map.find(step, file, &note.lines, &insertions));
        let Some((list, index, rank)) = found else { continue };
        let (list, index) = map.stand_in(list).map_or((list, index), |then| (then, 0));
        let comment = Comment { lines: note.lines, is_behind: rank == Rank::Behind };
        insertions.entry(list).or_default().push((index, rank, note.offset, comment));
    }
    insertions.values_mut().for_each(|list| list.sort_by_key(|(index, rank, offset, _)| (*index, *rank, *offset)));
    insert(body, &mut 0, &mut insertions);
}

fn insert(block: &mut Block, next: &mut ListId, insertions: &mut Insertions) {
    let id = *next;
    *next += 1;
    for stmt in block.iter_mut() {
        inner_lists(stmt, &mut |list, _| insert(list, next, insertions));
    }
    for (index, rank, _, comment) in insertions.remove(&id).unwrap_or_default().into_iter().rev() {
        let parted = rank == Rank::After && index < block.len();
        if parted {
            block.insert(index, StmtKind::Comment(Comment::default()).into());
        }
        block.insert(index.min(block.len()), StmtKind::Comment(comment).into());
    }
}

/// What a list is to the statement it stands in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    Case(Option<Pos>),
    Then,
    Else,
    Other,
}

/// Calls `f` on the lists of a statement, in the order of the text, function literals' included.
fn inner_lists(stmt: &mut Stmt, f: &mut dyn FnMut(&mut Block, Role)) {
    if let Some(init) = init(stmt) {
        visit::each_expr_mut(init, &mut |e| literals(e, f));
    }
    match &mut stmt.kind {
        // The literals of a case stand between the bodies: none is written there.
        StmtKind::Switch(s) => {
            s.tag.iter_mut().for_each(|e| literals(e, f));
            s.cases.iter_mut().for_each(|case| f(&mut case.body, Role::Case(case.pos)));
        }
        StmtKind::Labeled(_, inner) => inner_lists(inner, f),
        StmtKind::If(s) => {
            literals(&mut s.cond, f);
            f(&mut s.then, Role::Then);
            f(&mut s.els, Role::Else);
        }
        _ => {
            visit::each_expr_mut(stmt, &mut |e| literals(e, f));
            visit::each_block_mut(stmt, &mut |_| {}, &mut |block| f(block, Role::Other));
        }
    }
}

fn init(stmt: &mut Stmt) -> Option<&mut Stmt> {
    match &mut stmt.kind {
        StmtKind::If(s) => s.init.as_mut(),
        StmtKind::For(s) => s.init.as_mut(),
        StmtKind::Switch(s) => s.init.as_mut(),
        _ => None,
    }
}

fn literals(expr: &mut Expr, f: &mut dyn FnMut(&mut Block, Role)) {
    match expr {
        Expr::Func(lit) => f(&mut lit.body, Role::Other),
        other => visit::each_operand_mut(other, &mut |e| literals(e, f)),
    }
}

impl Map {
    fn list(&mut self, block: &mut Block) {
        let list = self.lists.len();
        let is_lone_if = matches!(&block[..], [Stmt { kind: StmtKind::If(_), .. }]);
        self.lists.push(List { len: block.len(), is_else: false, is_lone_if, then: None });
        for (index, stmt) in block.iter_mut().enumerate() {
            let first = self.entries.len();
            let form = if stmt.kind.is_braced() { Form::Braced } else { Form::Simple };
            self.entry(stmt.pos, list, index, form);
            if let StmtKind::Labeled(_, inner) = &stmt.kind {
                self.entry(inner.pos, list, index, form);
            }
            if let Some(init) = init(stmt) {
                self.entry(init.pos, list, index, Form::Part);
            }
            let (own, lists) = (self.entries.len(), self.lists.len());
            inner_lists(stmt, &mut |inner, role| {
                let id = self.lists.len();
                match role {
                    Role::Case(pos) => self.entry(pos, id, 0, Form::Part),
                    Role::Then => self.lists[list].then = Some(id),
                    Role::Else | Role::Other => {}
                }
                self.list(inner);
                self.lists[id].is_else = role == Role::Else;
                self.lists[id].is_lone_if &= role == Role::Else;
            });
            let inner = lists..self.lists.len();
            self.entries[first..own].iter_mut().for_each(|entry| entry.inner = inner.clone());
        }
    }

    fn entry(&mut self, pos: Option<Pos>, list: ListId, index: usize, form: Form) {
        self.entries.push(Entry { pos, list, index, form, inner: 0..0 });
    }

    /// The first thing made of a part of the source.
    fn first(&self, file: u32, span: Span) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.is_of(file, span))
    }

    /// The statement of its list, from one on, that is the last made of a part of the source.
    fn last(&self, from: &Entry, file: u32, span: Span) -> usize {
        let of = |index: usize| {
            let mut own = self.entries.iter().filter(|entry| entry.list == from.list && entry.index == index);
            own.any(|entry| entry.is_of(file, span))
        };
        let mut last = from.index;
        while last + 1 < self.lists[from.list].len && of(last + 1) {
            last += 1;
        }
        last
    }

    fn form_of(&self, list: ListId, index: usize) -> Form {
        let own =
            self.entries.iter().find(|entry| entry.list == list && entry.index == index && entry.form != Form::Part);
        own.map_or(Form::Part, |entry| entry.form)
    }

    /// Where a step leads in this function; nowhere if nothing is left of what it speaks of.
    fn find(&self, step: &Step, file: u32, lines: &[Str], taken: &Insertions) -> Option<(ListId, usize, Rank)> {
        match step {
            Step::Above(span) => {
                let entry = self.first(file, *span)?;
                Some((entry.list, entry.index, Rank::Above))
            }
            Step::Behind { at, whole, closes } => {
                let entry = self.first(file, Span::new(*at, at + 1))?;
                let index =
                    if *closes && entry.form == Form::Braced { self.last(entry, file, *whole) } else { entry.index };
                let wanted = if *closes { [Form::Braced, Form::Simple] } else { [Form::Simple; 2] };
                let is_free = is_free(taken, entry.list, index + 1);
                let fits = lines.len() == 1
                    && entry.form != Form::Part
                    && wanted.contains(&self.form_of(entry.list, index))
                    && !self.is_else_if(entry.list);
                (fits && is_free).then_some((entry.list, index + 1, Rank::Behind))
            }
            Step::After(span) => {
                let entry = self.first(file, *span)?;
                let index = self.last(entry, file, *span);
                match entry.form {
                    Form::Part if self.lists[entry.list].len == 0 => Some((entry.list, 0, Rank::Above)),
                    _ => Some((entry.list, index + 1, Rank::After)),
                }
            }
            Step::Inside(span) => {
                let entry = self.first(file, *span)?;
                let mut empty =
                    entry.inner.clone().filter(|list| self.lists[*list].len == 0 && !self.lists[*list].is_else);
                let only = empty.next().filter(|_| empty.next().is_none())?;
                Some((only, 0, Rank::Above))
            }
            Step::Closing(span) => {
                let entry = self.first(file, *span)?;
                let index = self.last(entry, file, *span);
                if self.form_of(entry.list, index) != Form::Braced || self.is_else_if(entry.list) {
                    return Some((entry.list, entry.index, Rank::Above));
                }
                let is_short = lines.len() == 1 && lines[0].chars().count() <= SHORT;
                let rank = if is_short && is_free(taken, entry.list, index + 1) { Rank::Behind } else { Rank::After };
                Some((entry.list, index + 1, rank))
            }
            Step::Bottom => Some((0, self.lists[0].len, Rank::Above)),
        }
    }

    fn is_else_if(&self, list: ListId) -> bool {
        self.lists[list].is_lone_if
    }

    /// The list that stands for one: Go has no place between `else` and `if`.
    fn stand_in(&self, list: ListId) -> Option<ListId> {
        let list = &self.lists[list];
        list.then.filter(|_| list.is_lone_if)
    }
}

/// Whether no comment stands behind the statement before an index yet.
fn is_free(taken: &Insertions, list: ListId, index: usize) -> bool {
    let mut own = taken.get(&list).into_iter().flatten();
    !own.any(|(at, rank, ..)| *at == index && *rank == Rank::Behind)
}

impl Entry {
    fn is_of(&self, file: u32, span: Span) -> bool {
        self.pos.is_some_and(|pos| pos.file == file && span.start <= pos.offset && pos.offset < span.end)
    }
}
