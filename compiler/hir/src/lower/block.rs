//! Blocks, statements, and the scopes they make.

use rgo_syntax::Span;
use rgo_syntax::ast::{self, AttrKind, Lifetime, StmtKind};

use super::label::Jump;
use super::{Ctx, Rib, pat};
use crate::attribute_names::is_known_attribute;
use crate::body::*;

impl Ctx<'_> {
    pub fn block_expr(&mut self, block: &ast::Block, label: Option<&Lifetime>) -> ExprId {
        let label_id = label.map(|label| {
            let id = self.new_label(Some(label));
            self.jumps.push(Jump::Block { name: label.name, id });
            id
        });
        let scope = self.tree.blocks.get(&block.span).copied();
        let depth = self.ribs.len();
        let outer = self.scope;
        if let Some(scope) = scope {
            self.ribs.push(Rib::Block(scope));
            self.scope = scope;
        }
        self.ribs.push(Rib::Locals(Vec::new()));
        self.note_attrs(&block.attrs, block.span);
        // Behind what did not parse, the names of a block and its value are a guess. rustc's parser, too, skips to the end of the block.
        let broken = block.stmts.iter().position(|stmt| matches!(stmt.kind, StmtKind::Error));
        let known = &block.stmts[..broken.unwrap_or(block.stmts.len())];
        let stmts = known.iter().filter_map(|stmt| self.stmt(stmt)).collect();
        let tail = match broken {
            Some(at) => Some(self.missing(block.stmts[at].span)),
            None => block.tail.as_ref().map(|tail| {
                self.note_attrs(&block.tail_attrs, tail.span);
                self.expr(tail)
            }),
        };
        self.ribs.truncate(depth);
        self.scope = outer;
        if label_id.is_some() {
            self.jumps.pop();
        }
        let id = self.alloc(Expr::Block(Block { stmts, tail, label: label_id, scope }), block.span);
        let end = rgo_syntax::Span::new(block.span.end.saturating_sub(1).max(block.span.start), block.span.end);
        self.map.block_ends.insert(id, end);
        id
    }

    fn stmt(&mut self, stmt: &ast::Stmt) -> Option<Stmt> {
        if !crate::cfg::enabled(&stmt.attrs) {
            return None;
        }
        self.note_attrs(&stmt.attrs, stmt.span);
        Some(match &stmt.kind {
            StmtKind::Let(stmt) => {
                let ty = stmt.ty.as_ref().map(|ty| self.ty(ty));
                let init = stmt.init.as_ref().map(|init| self.expr(init));
                let otherwise = stmt.else_.as_ref().map(|block| self.block_expr(block, None));
                let mut binds = pat::Binds::new();
                let pat = self.pat(&stmt.pat, &mut binds);
                self.bind(binds);
                Stmt::Let { pat, ty, init, otherwise }
            }
            StmtKind::Item(item) => {
                self.note_visible(item.span.start);
                return self.item_stmt(item);
            }
            StmtKind::Expr(expr) => Stmt::Expr { expr: self.expr(expr), semi: Semi::No },
            StmtKind::Semi(expr) => Stmt::Expr { expr: self.expr(expr), semi: Semi::Yes },
            StmtKind::Empty | StmtKind::Error => return None,
        })
    }

    /// Attributes of what is no item: they must be there, and may lower lints.
    pub(super) fn note_attrs(&mut self, attrs: &[ast::Attr], of: Span) {
        for attr in attrs {
            if let AttrKind::Normal { path, .. } = &attr.kind
                && let Some(name) = path.as_name()
                && !is_known_attribute(name.as_str())
            {
                self.plain_error(path.span, format!("cannot find attribute `{name}` in this scope"));
            }
        }
        if !attrs.is_empty() {
            self.map.attrs.push((of, attrs.to_vec()));
        }
    }

    fn item_stmt(&mut self, item: &ast::Item) -> Option<Stmt> {
        let children = crate::children(self.db, self.scope);
        let def = children.iter().copied().find(
            |def| matches!(crate::def_syntax(self.db, *def), crate::DefSyntax::Item(known) if known.span == item.span),
        )?;
        Some(Stmt::Item(def))
    }
}
