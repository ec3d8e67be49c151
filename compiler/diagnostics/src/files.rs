//! The texts that labels point into.

use std::sync::Arc;

/// A file of a [`Files`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileId(pub u32);

/// Paths (as printed) and texts, with line tables.
#[derive(Clone, Debug, Default)]
pub struct Files {
    files: Vec<File>,
}

#[derive(Clone, Debug)]
struct File {
    path: String,
    text: Arc<str>,
    line_starts: Vec<usize>,
}

/// A place as people count: both from one; the column counts characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    pub line: usize,
    pub column: usize,
}

impl Files {
    pub fn add(&mut self, path: impl Into<String>, text: Arc<str>) -> FileId {
        let line_starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        self.files.push(File { path: path.into(), text, line_starts });
        FileId(u32::try_from(self.files.len() - 1).expect("fewer than 2^32 files"))
    }

    pub fn path(&self, id: FileId) -> &str {
        &self.file(id).path
    }

    pub fn text(&self, id: FileId) -> &str {
        &self.file(id).text
    }

    /// The position of a byte offset; one past the end is allowed, what lies beyond is clamped.
    pub fn position(&self, id: FileId, offset: usize) -> Position {
        let file = self.file(id);
        let offset = floor_boundary(&file.text, offset);
        let line = file.line_starts.partition_point(|&start| start <= offset) - 1;
        let column = file.text[file.line_starts[line]..offset].chars().count() + 1;
        Position { line: line + 1, column }
    }

    /// The text of a line (from one), without its line break.
    pub fn line(&self, id: FileId, line: usize) -> &str {
        let file = self.file(id);
        let Some(&start) = file.line_starts.get(line - 1) else { return "" };
        let end = file.line_starts.get(line).copied().unwrap_or(file.text.len());
        file.text[start..end].trim_end_matches(['\n', '\r'])
    }

    /// The bytes of a line (from zero), its line break included.
    pub(crate) fn line_range(&self, id: FileId, line: usize) -> Option<std::ops::Range<usize>> {
        let file = self.file(id);
        let start = *file.line_starts.get(line)?;
        Some(start..file.line_starts.get(line + 1).copied().unwrap_or(file.text.len()))
    }

    pub fn ids(&self) -> impl Iterator<Item = FileId> + use<> {
        (0..self.files.len()).map(|index| FileId(u32::try_from(index).expect("fewer than 2^32 files")))
    }

    fn file(&self, id: FileId) -> &File {
        &self.files[id.0 as usize]
    }
}

/// The last character boundary at or before `offset`, within the text.
pub(crate) fn floor_boundary(text: &str, offset: usize) -> usize {
    let mut at = offset.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}
