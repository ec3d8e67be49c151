//! Comments of the source, carried over to the Go.
//!
//! From the texts of a package's files, the places of its items and the positions of the statements that were made of them. Nothing before this knows
//! of comments: the folds see none, and an edit of a comment asks nothing of inference. Invariant: but for comments and line breaks the Go is the
//! same with them and without.
//!
//! * `source`: the comments of a file as lines for Go, and those above an item
//! * `tree`: what encloses what in a body, by spans
//! * `notes`: for each comment of a body where it may go, the best place first
//! * `place`: those places in the Go
//! * `members`: fields and variants

mod members;
mod notes;
mod place;
mod source;
mod tree;

use std::collections::{BTreeMap, BTreeSet};

use rgo_hir::{DefId, DefKind};
use rgo_syntax::{CommentKind, Span};

pub use self::members::Members;
pub use self::source::Source;

use crate::go::ast::*;
use crate::mono::Cx;

/// What stands in a file outside of its items.
#[derive(Default)]
pub struct Outside {
    /// Lines above the package clause, set apart from it.
    pub header: Vec<Vec<Str>>,
    /// The documentation of the package.
    pub doc: Vec<Str>,
    /// In front of the first declaration of an item.
    pub above: BTreeMap<DefId, Vec<Vec<Str>>>,
    /// Behind the last declaration.
    pub end: Vec<Vec<Str>>,
}

/// Puts the comments of a function's body into its Go.
pub fn carry_over(cx: &Cx<'_>, def: DefId, decl: &mut Decl) {
    let Decl::Func(decl) = decl else { return };
    // The value of another item may stand in the function that Go calls by itself.
    if decl.receiver.is_none() && &*decl.name == "init" {
        return;
    }
    let Some(body) = notes::Body::of(cx, def) else { return };
    let notes = notes::notes(&body);
    if !notes.is_empty() {
        let is_whole = decl.pos.is_some_and(|pos| pos.file == body.file && body.item.touches(pos.offset));
        place::place(&mut decl.body, body.file, is_whole, notes);
    }
}

/// The comments of a file that stand outside of items, given the items that are emitted to it.
pub fn outside(cx: &Cx<'_>, file: u32, emitted: &BTreeSet<DefId>) -> Outside {
    let Some(source) = cx.source(file) else { return Outside::default() };
    let mut starts: Vec<(u32, DefId)> =
        emitted.iter().filter_map(|def| Some((item_span(cx, *def)?.1.start, *def))).collect();
    starts.sort_by_key(|(start, _)| *start);
    let mut out = Outside::default();
    let mut claimed = BTreeSet::new();
    for (start, def) in &starts {
        let above = source.above(*start);
        claimed.extend(above.claimed);
        // Without documentation of its own the item has it as such (`Cx::docs`).
        let has_doc = !crate::attrs::docs(cx.db, *def).is_empty();
        let adjacent = Some(above.adjacent).filter(|lines| has_doc && !lines.is_empty());
        let floating: Vec<Vec<Str>> = above.floating.into_iter().chain(adjacent).collect();
        if !floating.is_empty() {
            out.above.insert(*def, floating);
        }
    }
    let items = rgo_hir::outer_spans(cx.db, cx.sources.files[file as usize]);
    let mut carried: Vec<(usize, Vec<Str>)> = Vec::new();
    let mut previous: Option<u32> = None;
    for (index, comment) in source.comments.iter().enumerate() {
        if claimed.contains(&index) || is_inside(&items, comment.span) {
            continue;
        }
        let follows = previous.is_some_and(|end| source.lines_between(end, comment.span.start) == 1);
        previous = Some(comment.span.end);
        let lines = source::lines(comment);
        match outer_place(&source, &items, index) {
            OuterPlace::Documentation => out.doc.extend(lines),
            OuterPlace::Header => match out.header.last_mut() {
                Some(group) if follows => group.extend(lines),
                _ => out.header.push(lines),
            },
            OuterPlace::Apart => {
                let next = starts.partition_point(|(start, _)| *start < comment.span.end);
                match carried.last_mut() {
                    Some((place, group)) if follows && *place == next => group.extend(lines),
                    _ => carried.push((next, lines)),
                }
            }
            OuterPlace::Nowhere => {}
        }
    }
    for (next, lines) in carried.into_iter().rev() {
        match starts.get(next) {
            Some((_, def)) => out.above.entry(*def).or_default().insert(0, lines),
            None => out.end.insert(0, lines),
        }
    }
    out
}

/// What a comment outside of items is, that no emitted item has.
enum OuterPlace {
    Documentation,
    Header,
    /// It goes with what follows, wherever that goes.
    Apart,
    /// It belongs to an item that is not emitted.
    Nowhere,
}

fn outer_place(source: &Source, items: &[Span], index: usize) -> OuterPlace {
    let comment = &source.comments[index];
    let first = items.first().map_or(u32::MAX, |span| span.start);
    let begins_with_use = items.first().is_some_and(|span| span.text(&source.text).starts_with("use"));
    let is_attached = source.is_attached(index);
    let is_first = comment.span.start < first;
    if is_first && comment.kind == CommentKind::InnerDoc {
        return OuterPlace::Documentation;
    }
    // What stands above the imports speaks of the file.
    match (is_first, is_attached) {
        (true, true) if begins_with_use => OuterPlace::Header,
        (_, true) => OuterPlace::Nowhere,
        (true, false) => OuterPlace::Header,
        (false, false) => OuterPlace::Apart,
    }
}

/// Whether a comment stands in one of these, which follow each other.
fn is_inside(items: &[Span], comment: Span) -> bool {
    let next = items.partition_point(|item| item.end < comment.end);
    items.get(next).is_some_and(|item| item.contains(comment))
}

/// The place of an item in its file, attributes and documentation included.
fn item_span(cx: &Cx<'_>, def: DefId) -> Option<(u32, Span)> {
    let (file, base) = cx.item_base(def)?;
    let has_item = matches!(
        def.kind(),
        DefKind::Fn | DefKind::Struct | DefKind::Enum | DefKind::Trait | DefKind::Const | DefKind::Static
    );
    has_item.then(|| (file, rgo_hir::item_ast(cx.db, def).span.shifted(base)))
}

impl Cx<'_> {
    /// The documentation of an item for Go: where there is none, the plain comment directly above it.
    pub fn docs(&self, def: DefId) -> Vec<Str> {
        if def.is_std() {
            return Vec::new();
        }
        let docs = crate::attrs::docs(self.db, def);
        if !docs.is_empty() || self.options.line_directives {
            return docs;
        }
        let Some((file, span)) = item_span(self, def) else { return docs };
        self.source(file).map_or(docs, |source| source.above(span.start).adjacent)
    }
}
