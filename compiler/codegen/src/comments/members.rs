//! Comments among the fields of a struct and the variants of an enum.

use rgo_syntax::ast::{Fields, ItemKind};
use rgo_syntax::{CommentKind, Span};

use rgo_hir::{DefId, DefKind};

use super::source::{Source, lines};
use crate::go::ast::Str;
use crate::mono::Cx;

/// What stands at each member, by position, and below the last.
#[derive(Default)]
pub struct Members {
    pub members: Vec<Member>,
    pub end: Vec<Str>,
}

#[derive(Default, Clone)]
pub struct Member {
    /// Plain comments above it, and those within.
    pub above: Vec<Str>,
    /// On its line.
    pub behind: Option<Str>,
}

impl Members {
    /// The comments in a type of the package's own.
    pub fn of(cx: &Cx<'_>, def: DefId) -> Members {
        if cx.options.line_directives || !matches!(def.kind(), DefKind::Struct | DefKind::Enum) || def.is_std() {
            return Members::default();
        }
        let Some((file, base)) = cx.item_base(def) else { return Members::default() };
        let Some(source) = cx.source(file) else { return Members::default() };
        let item = rgo_hir::item_ast(cx.db, def);
        let attributed =
            |span: Span, attrs: &[rgo_syntax::ast::Attr]| attrs.iter().fold(span, |span, attr| attr.span.to(span));
        let spans: Vec<Span> = match &item.kind {
            ItemKind::Struct(item) => match &item.fields {
                Fields::Named(fields) => fields.iter().map(|field| attributed(field.span, &field.attrs)).collect(),
                Fields::Tuple(fields) => fields.iter().map(|field| attributed(field.span, &field.attrs)).collect(),
                Fields::Unit => Vec::new(),
            },
            ItemKind::Enum(item) => {
                item.variants.iter().map(|variant| attributed(variant.span, &variant.attrs)).collect()
            }
            _ => Vec::new(),
        };
        let spans: Vec<Span> = spans.into_iter().map(|span| span.shifted(base)).collect();
        Members::among(&source, item.span.shifted(base), &spans)
    }

    fn among(source: &Source, item: Span, spans: &[Span]) -> Members {
        let mut found = Members { members: vec![Member::default(); spans.len()], end: Vec::new() };
        let (Some(first), Some(_)) = (spans.first(), spans.last()) else { return found };
        // The head of the item has comments of its own.
        let head = source.text[item.start as usize..first.start as usize].rfind(['{', '(']).unwrap_or(0) as u32;
        for comment in source.among(item) {
            if comment.span.start < item.start + head || !matches!(comment.kind, CommentKind::Line | CommentKind::Block)
            {
                continue;
            }
            let next = spans.iter().position(|span| span.end > comment.span.start);
            let before = next.unwrap_or(spans.len()).checked_sub(1);
            let trails = before.filter(|before| {
                !comment.own_line && source.lines_between(spans[*before].end, comment.span.start) == 0
            });
            match (trails, next) {
                (Some(before), _) => found.members[before].trail(lines(comment)),
                (None, Some(next)) => found.members[next].above.extend(lines(comment)),
                (None, None) => found.end.extend(lines(comment)),
            }
        }
        found
    }

    /// The documentation of a member, with what stands above it.
    pub fn doc(&self, index: usize, doc: Vec<Str>) -> Vec<Str> {
        match self.members.get(index) {
            Some(member) => member.above.iter().cloned().chain(doc).collect(),
            None => doc,
        }
    }

    pub fn behind(&self, index: usize) -> Option<Str> {
        self.members.get(index)?.behind.clone()
    }
}

impl Member {
    fn trail(&mut self, lines: Vec<Str>) {
        match (&self.behind, &lines[..]) {
            (None, [only]) => self.behind = Some(only.clone()),
            _ => self.above.extend(lines),
        }
    }
}
