//! The comments of one file, and what stands directly above an item.

use std::collections::BTreeSet;
use std::sync::Arc;

use rgo_syntax::{Comment, CommentKind, Span};

use crate::go::ast::Str;

pub struct Source {
    pub text: Arc<str>,
    pub comments: Vec<Comment>,
}

/// What stands above an item, in order.
#[derive(Default)]
pub struct Above {
    /// Groups that a blank line parts from what follows.
    pub floating: Vec<Vec<Str>>,
    pub adjacent: Vec<Str>,
    /// Which comments these are.
    pub claimed: BTreeSet<usize>,
}

impl Source {
    pub fn new(text: Arc<str>) -> Source {
        let comments = rgo_syntax::comments(&text);
        Source { text, comments }
    }

    /// The comments in a part of the file.
    pub fn among(&self, span: Span) -> &[Comment] {
        let start = self.comments.partition_point(|comment| comment.span.start < span.start);
        let end = self.comments.partition_point(|comment| comment.span.start < span.end);
        &self.comments[start..end]
    }

    /// How many lines end between two places.
    pub fn lines_between(&self, from: u32, to: u32) -> usize {
        self.between(from, to).bytes().filter(|byte| *byte == b'\n').count()
    }

    pub fn between(&self, from: u32, to: u32) -> &str {
        self.text.get(from as usize..to as usize).unwrap_or("")
    }

    /// Whether code follows a comment without a blank line, other comments aside.
    pub fn is_attached(&self, index: usize) -> bool {
        let mut end = self.comments[index].span.end;
        for next in &self.comments[index + 1..] {
            let gap = self.between(end, next.span.start);
            if !gap.trim().is_empty() || self.lines_between(end, next.span.start) > 1 {
                break;
            }
            end = next.span.end;
        }
        let rest = &self.text[end as usize..];
        let gap = &rest[..rest.len() - rest.trim_start().len()];
        gap.len() < rest.len() && gap.bytes().filter(|byte| *byte == b'\n').count() <= 1
    }

    /// The plain comments on lines of their own above a place, with nothing but blank lines between.
    pub fn above(&self, start: u32) -> Above {
        let mut found = Above::default();
        let mut groups: Vec<Vec<usize>> = Vec::new();
        let mut next = start;
        let mut index = self.comments.partition_point(|comment| comment.span.end <= start);
        let mut touches = false;
        while index > 0 {
            index -= 1;
            let comment = &self.comments[index];
            let is_plain = matches!(comment.kind, CommentKind::Line | CommentKind::Block);
            let gap = self.between(comment.span.end, next);
            if !is_plain || !comment.own_line || !gap.trim().is_empty() {
                break;
            }
            let is_near = self.lines_between(comment.span.end, next) <= 1;
            match groups.last_mut() {
                Some(group) if is_near => group.insert(0, index),
                _ => {
                    touches |= is_near;
                    groups.push(vec![index]);
                }
            }
            next = comment.span.start;
        }
        for (i, group) in groups.iter().enumerate().rev() {
            found.claimed.extend(group.iter().copied());
            let text = group.iter().flat_map(|index| lines(&self.comments[*index])).collect();
            if i == 0 && touches {
                found.adjacent = text;
            } else {
                found.floating.push(text);
            }
        }
        found
    }
}

/// The lines of a comment without markers, the blank behind the slashes and decoration.
pub fn lines(comment: &Comment) -> Vec<Str> {
    let is_block = match comment.kind {
        CommentKind::Line => false,
        CommentKind::Block => true,
        CommentKind::OuterDoc | CommentKind::InnerDoc => comment.text.contains('\n'),
    };
    if !is_block {
        let text = comment.text.trim_end();
        return vec![unspaced(text).into()];
    }
    let mut lines: Vec<&str> = comment.text.lines().map(str::trim_end).collect();
    let starred = lines.iter().skip(1).all(|line| line.is_empty() || line.trim_start().starts_with('*'));
    if starred && lines.len() > 1 {
        lines.iter_mut().skip(1).for_each(|line| *line = unspaced(line.trim_start().trim_start_matches('*')));
    } else {
        let indents = lines.iter().skip(1).filter(|line| !line.is_empty());
        let common = indents.map(|line| line.len() - line.trim_start_matches([' ', '\t']).len()).min().unwrap_or(0);
        lines.iter_mut().skip(1).for_each(|line| *line = line.get(common..).unwrap_or(""));
    }
    lines.iter_mut().take(1).for_each(|line| *line = unspaced(line));
    let mut lines: Vec<Str> = lines.into_iter().map(Str::from).collect();
    while lines.last().is_some_and(|line| line.trim().is_empty()) {
        lines.pop();
    }
    let blank = lines.iter().take_while(|line| line.trim().is_empty()).count();
    lines.split_off(blank)
}

/// Without the blank behind the marker.
fn unspaced(line: &str) -> &str {
    line.strip_prefix(' ').unwrap_or(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn above(text: &str, place: &str) -> (Vec<Vec<String>>, Vec<String>) {
        let source = Source::new(text.into());
        let above = source.above(text.find(place).unwrap_or(0) as u32);
        let strings = |lines: &Vec<Str>| lines.iter().map(|line| line.to_string()).collect::<Vec<_>>();
        (above.floating.iter().map(strings).collect(), strings(&above.adjacent))
    }

    #[test]
    fn a_blank_line_parts_comments_from_the_item() {
        let text = "a(); // of a\n// one\n\n// two\n//three\nfn f() {}\n";
        assert_eq!(above(text, "fn"), (vec![vec!["one".to_string()]], vec!["two".to_string(), "three".to_string()]));
        assert_eq!(above("// one\n\nfn f() {}", "fn"), (vec![vec!["one".to_string()]], Vec::new()));
    }

    #[test]
    fn block_comments_lose_their_decoration() {
        let text = |text: &str| lines(&rgo_syntax::comments(text)[0]).join("|");
        assert_eq!(text("/* a */"), "a");
        assert_eq!(text("/*\n * a\n *  b\n */"), "a| b");
        assert_eq!(text("/* a\n   b\n\n     c */"), "a|b||  c");
    }
}
