//! Trees as text: operators in parentheses, everything else close to the source.

use crate::ast::*;

fn list<T>(items: &[T], separator: &str, show: impl std::ops::Fn(&T) -> String) -> String {
    items.iter().map(show).collect::<Vec<_>>().join(separator)
}

fn optional<T>(item: Option<&T>, prefix: &str, show: impl std::ops::Fn(&T) -> String) -> String {
    item.map(|item| format!("{prefix}{}", show(item))).unwrap_or_default()
}

pub fn lit(lit: &Lit) -> String {
    match lit {
        Lit::Bool(value) => value.to_string(),
        Lit::Int { value, suffix } => format!("{value}{}", optional(suffix.as_ref(), "", |name| name.to_string())),
        Lit::Float { text, suffix } => format!("{text}{}", optional(suffix.as_ref(), "f:", |name| name.to_string())),
        Lit::Char(c) => format!("{c:?}"),
        Lit::Byte(b) => format!("b{b}"),
        Lit::Str(text) => format!("{text:?}"),
        Lit::ByteStr(bytes) => format!("b{bytes:?}"),
        Lit::CStr(bytes) => format!("c{bytes:?}"),
    }
}

pub fn path(path: &Path) -> String {
    let segments = list(&path.segments, "::", segment);
    if path.global { format!("::{segments}") } else { segments }
}

fn segment(segment: &PathSegment) -> String {
    format!("{}{}", segment.ident.name, optional(segment.args.as_deref(), "", generic_args))
}

fn generic_args(args: &GenericArgs) -> String {
    match args {
        GenericArgs::Angle(args) => format!("<{}>", list(&args.args, ", ", generic_arg)),
        GenericArgs::Paren(args) => {
            format!("({}){}", list(&args.inputs, ", ", ty), optional(args.output.as_ref(), " -> ", ty))
        }
    }
}

fn generic_arg(arg: &GenericArg) -> String {
    match arg {
        GenericArg::Lifetime(lifetime) => format!("'{}", lifetime.name),
        GenericArg::Type(t) => ty(t),
        GenericArg::Const(value) => format!("const {}", expr(value)),
        GenericArg::Assoc(assoc) => {
            let name = format!("{}{}", assoc.ident.name, optional(assoc.args.as_deref(), "", generic_args));
            match &assoc.kind {
                AssocArgKind::Type(t) => format!("{name} = {}", ty(t)),
                AssocArgKind::Const(value) => format!("{name} = const {}", expr(value)),
                AssocArgKind::Bounds(list) => format!("{name}: {}", bounds(list)),
            }
        }
    }
}

pub fn qpath(qpath: &QPath) -> String {
    match &qpath.qself {
        None => path(&qpath.path),
        Some(qself) => {
            format!("<{}{}>::{}", ty(&qself.ty), optional(qself.as_trait.as_ref(), " as ", path), path(&qpath.path))
        }
    }
}

fn bounds(items: &[Bound]) -> String {
    list(items, " + ", bound)
}

fn bound(bound: &Bound) -> String {
    match bound {
        Bound::Lifetime(lifetime) => format!("'{}", lifetime.name),
        Bound::Use { args, .. } => format!(
            "use<{}>",
            list(args, ", ", |arg| match arg {
                UseArg::Lifetime(lifetime) => format!("'{}", lifetime.name),
                UseArg::Param(ident) => ident.name.to_string(),
            })
        ),
        Bound::Trait(bound) => {
            let modifier = match bound.modifier {
                BoundModifier::None => "",
                BoundModifier::Maybe => "?",
                BoundModifier::Const => "const ",
                BoundModifier::Async => "async ",
                BoundModifier::Negative => "!",
            };
            format!("{}{modifier}{}", binder(&bound.binder), path(&bound.path))
        }
    }
}

fn binder(params: &[GenericParam]) -> String {
    if params.is_empty() { String::new() } else { format!("for<{}> ", list(params, ", ", generic_param)) }
}

fn generic_param(param: &GenericParam) -> String {
    let name = param.ident.name;
    let colon = |items: &[Bound]| if items.is_empty() { String::new() } else { format!(": {}", bounds(items)) };
    match &param.kind {
        GenericParamKind::Lifetime { bounds } => format!("'{name}{}", colon(bounds)),
        GenericParamKind::Type { bounds, default } => {
            format!("{name}{}{}", colon(bounds), optional(default.as_ref(), " = ", ty))
        }
        GenericParamKind::Const { ty: t, default } => {
            format!("const {name}: {}{}", ty(t), optional(default.as_ref(), " = ", expr))
        }
    }
}

fn generics(generics: &Generics) -> String {
    if generics.params.is_empty() {
        String::new()
    } else {
        format!("<{}>", list(&generics.params, ", ", generic_param))
    }
}

fn where_clause(generics: &Generics) -> String {
    if generics.where_clause.is_empty() {
        return String::new();
    }
    format!(
        " where {}",
        list(&generics.where_clause, ", ", |predicate| match &predicate.kind {
            WherePredicateKind::Type { binder: b, ty: t, bounds: items } =>
                format!("{}{}: {}", binder(b), ty(t), bounds(items)),
            WherePredicateKind::Lifetime { lifetime, bounds: items } =>
                format!("'{}: {}", lifetime.name, bounds(items)),
        })
    )
}

pub fn ty(t: &Type) -> String {
    match &t.kind {
        TypeKind::Path(path) => qpath(path),
        TypeKind::Ref { lifetime, mutable, inner } => {
            let lifetime = optional(lifetime.as_ref(), "'", |lifetime| format!("{} ", lifetime.name));
            format!("&{lifetime}{}{}", if *mutable { "mut " } else { "" }, ty(inner))
        }
        TypeKind::RawPtr { mutable, inner } => format!("*{} {}", if *mutable { "mut" } else { "const" }, ty(inner)),
        TypeKind::Slice(elem) => format!("[{}]", ty(elem)),
        TypeKind::Array { elem, len } => format!("[{}; {}]", ty(elem), expr(len)),
        TypeKind::Tuple(elems) => format!("tuple({})", list(elems, ", ", ty)),
        TypeKind::Never => "!".to_string(),
        TypeKind::Infer => "_".to_string(),
        TypeKind::FnPtr(f) => {
            let words =
                format!("{}{}", f.unsafe_.map_or("", |_| "unsafe "), f.extern_.as_ref().map_or("", |_| "extern "));
            let params = list(&f.params, ", ", |param| {
                format!("{}{}", optional(param.name.as_ref(), "", |name| format!("{}: ", name.name)), ty(&param.ty))
            });
            format!("{}{words}fn({params}){}", binder(&f.binder), optional(f.ret.as_ref(), " -> ", ty))
        }
        TypeKind::Dyn(items) => format!("(dyn {})", bounds(items)),
        TypeKind::BareDyn(items) => format!("(bare {})", bounds(items)),
        TypeKind::ImplTrait(items) => format!("(impl {})", bounds(items)),
        TypeKind::Paren(inner) => format!("({})", ty(inner)),
        TypeKind::Macro(call) => macro_call(call),
        TypeKind::Error => "error".to_string(),
    }
}

pub fn pat(p: &Pat) -> String {
    match &p.kind {
        PatKind::Wild => "_".to_string(),
        PatKind::Ident { by_ref, mutable, ident, sub } => {
            format!(
                "{}{}{}{}",
                if *by_ref { "ref " } else { "" },
                if *mutable { "mut " } else { "" },
                ident.name,
                optional(sub.as_deref(), " @ ", pat)
            )
        }
        PatKind::Lit(literal) => pat_lit(literal),
        PatKind::Range { lo, hi, limits } => {
            let op = if *limits == RangeLimits::Closed { "..=" } else { ".." };
            format!("({}{op}{})", optional(lo.as_deref(), "", range_end), optional(hi.as_deref(), "", range_end))
        }
        PatKind::Ref { mutable, inner } => format!("&{}{}", if *mutable { "mut " } else { "" }, pat(inner)),
        PatKind::Tuple(elems) => format!("tuple({})", list(elems, ", ", pat)),
        PatKind::TupleStruct { path, elems } => format!("{}({})", qpath(path), list(elems, ", ", pat)),
        PatKind::Struct { path, fields, rest } => {
            let mut fields: Vec<String> = fields
                .iter()
                .map(|field| {
                    if field.shorthand { pat(&field.pat) } else { format!("{}: {}", field.ident.name, pat(&field.pat)) }
                })
                .collect();
            fields.extend(rest.map(|_| "..".to_string()));
            format!("{} {{{}}}", qpath(path), fields.join(", "))
        }
        PatKind::Path(path) => format!("path {}", qpath(path)),
        PatKind::Slice(elems) => format!("[{}]", list(elems, ", ", pat)),
        PatKind::Rest => "..".to_string(),
        PatKind::Or(list_) => format!("({})", list(list_, " | ", pat)),
        PatKind::Paren(inner) => format!("({})", pat(inner)),
        PatKind::ConstBlock(block_) => format!("const {}", block(block_)),
        PatKind::Macro(call) => macro_call(call),
        PatKind::Error => "error".to_string(),
    }
}

fn pat_lit(literal: &PatLit) -> String {
    format!("{}{}", if literal.negative { "-" } else { "" }, lit(&literal.lit))
}

fn range_end(end: &RangeEnd) -> String {
    match end {
        RangeEnd::Lit(literal) => pat_lit(literal),
        RangeEnd::Path(path) => qpath(path),
    }
}

fn macro_call(call: &MacroCall) -> String {
    let (open, close) = match call.delim {
        Delim::Paren => ("(", ")"),
        Delim::Bracket => ("[", "]"),
        Delim::Brace => ("{", "}"),
    };
    format!("{}!{open}{}{close}", path(&call.path), call.tokens.len())
}

pub fn block(block: &Block) -> String {
    let mut parts: Vec<String> = block.stmts.iter().map(stmt).collect();
    parts.extend(block.tail.as_deref().map(expr));
    format!("{{{}}}", parts.join(" "))
}

fn stmt(stmt: &Stmt) -> String {
    match &stmt.kind {
        StmtKind::Let(stmt) => format!(
            "let {}{}{}{};",
            pat(&stmt.pat),
            optional(stmt.ty.as_ref(), ": ", ty),
            optional(stmt.init.as_ref(), " = ", expr),
            optional(stmt.else_.as_ref(), " else ", block)
        ),
        StmtKind::Item(i) => item(i),
        StmtKind::Expr(e) => format!("{}#", expr(e)),
        StmtKind::Semi(e) => format!("{};", expr(e)),
        StmtKind::Empty => ";".to_string(),
        StmtKind::Error => "error".to_string(),
    }
}

fn label(label: Option<&Label>) -> String {
    optional(label, "'", |label| format!("{}: ", label.name))
}

pub fn expr(e: &Expr) -> String {
    match &e.kind {
        ExprKind::Lit(literal) => lit(literal),
        ExprKind::Path(path) => qpath(path),
        ExprKind::Unary { op, operand } => format!("({}{})", op.as_str(), expr(operand)),
        ExprKind::Binary { op, lhs, rhs, .. } => format!("({} {} {})", expr(lhs), op.as_str(), expr(rhs)),
        ExprKind::Assign { lhs, rhs, .. } => format!("({} = {})", expr(lhs), expr(rhs)),
        ExprKind::AssignOp { op, lhs, rhs, .. } => format!("({} {}= {})", expr(lhs), op.as_str(), expr(rhs)),
        ExprKind::Call { callee, args } => format!("call {}({})", expr(callee), list(args, ", ", expr)),
        ExprKind::MethodCall { receiver, method, args } => {
            format!("{}.{}({})", expr(receiver), segment(method), list(args, ", ", expr))
        }
        ExprKind::Field { base, field } => format!("{}.{}", expr(base), field.name),
        ExprKind::TupleField { base, index, .. } => format!("{}.#{index}", expr(base)),
        ExprKind::Index { base, index } => format!("{}[{}]", expr(base), expr(index)),
        ExprKind::Range { lo, hi, limits } => {
            let op = if *limits == RangeLimits::Closed { "..=" } else { ".." };
            format!("({}{op}{})", optional(lo.as_deref(), "", expr), optional(hi.as_deref(), "", expr))
        }
        ExprKind::Array(elems) => format!("[{}]", list(elems, ", ", expr)),
        ExprKind::Repeat { elem, len } => format!("[{}; {}]", expr(elem), expr(len)),
        ExprKind::Tuple(elems) => format!("tuple({})", list(elems, ", ", expr)),
        ExprKind::Paren(inner) => format!("paren({})", expr(inner)),
        ExprKind::Struct(s) => {
            let mut fields: Vec<String> = s
                .fields
                .iter()
                .map(|field| {
                    if field.shorthand {
                        field.ident.name.to_string()
                    } else {
                        format!("{}: {}", field.ident.name, expr(&field.value))
                    }
                })
                .collect();
            match &s.rest {
                StructRest::None => {}
                StructRest::Base(base) => fields.push(format!("..{}", expr(base))),
                StructRest::Rest(_) => fields.push("..".to_string()),
            }
            format!("{} {{{}}}", qpath(&s.path), fields.join(", "))
        }
        ExprKind::Block { label: l, block: b } => format!("{}{}", label(l.as_ref()), block(b)),
        ExprKind::ConstBlock(b) => format!("const {}", block(b)),
        ExprKind::Unsafe(b) => format!("unsafe {}", block(b)),
        ExprKind::Async { block: b, .. } => format!("async {}", block(b)),
        ExprKind::If { cond, then, else_ } => {
            format!("if {} {}{}", expr(cond), block(then), optional(else_.as_deref(), " else ", expr))
        }
        ExprKind::Let { pat: p, scrutinee } => format!("let({} = {})", pat(p), expr(scrutinee)),
        ExprKind::Match { scrutinee, arms } => format!(
            "match {} {{{}}}",
            expr(scrutinee),
            list(arms, ", ", |arm| format!(
                "{}{} => {}",
                pat(&arm.pat),
                optional(arm.guard.as_ref(), " if ", expr),
                expr(&arm.body)
            ))
        ),
        ExprKind::While { label: l, cond, body } => {
            format!("{}while {} {}", label(l.as_ref()), expr(cond), block(body))
        }
        ExprKind::Loop { label: l, body } => format!("{}loop {}", label(l.as_ref()), block(body)),
        ExprKind::For { label: l, pat: p, iter, body } => {
            format!("{}for {} in {} {}", label(l.as_ref()), pat(p), expr(iter), block(body))
        }
        ExprKind::Break { label: l, value } => {
            format!(
                "break{}{}",
                optional(l.as_ref(), " '", |label| label.name.to_string()),
                optional(value.as_deref(), " ", expr)
            )
        }
        ExprKind::Continue { label: l } => {
            format!("continue{}", optional(l.as_ref(), " '", |label| label.name.to_string()))
        }
        ExprKind::Return(value) => format!("return{}", optional(value.as_deref(), " ", expr)),
        ExprKind::Closure(c) => format!(
            "({}|{}|{} {})",
            if c.move_ { "move " } else { "" },
            list(&c.params, ", ", |param| format!("{}{}", pat(&param.pat), optional(param.ty.as_ref(), ": ", ty))),
            optional(c.ret.as_ref(), " -> ", ty),
            expr(&c.body)
        ),
        ExprKind::Try(inner) => format!("{}?", expr(inner)),
        ExprKind::Cast { operand, ty: t } => format!("({} as {})", expr(operand), ty(t)),
        ExprKind::Ref { mutable, operand } => format!("(&{}{})", if *mutable { "mut " } else { "" }, expr(operand)),
        ExprKind::RawRef { mutable, operand } => {
            format!("(&raw {} {})", if *mutable { "mut" } else { "const" }, expr(operand))
        }
        ExprKind::Macro(call) => macro_call(call),
        ExprKind::Underscore => "_".to_string(),
        ExprKind::Await(inner) => format!("{}.await", expr(inner)),
        ExprKind::Error => "error".to_string(),
    }
}

fn vis(vis: &Vis) -> String {
    match &vis.kind {
        VisKind::Private => String::new(),
        VisKind::Public => "pub ".to_string(),
        VisKind::Crate => "pub(crate) ".to_string(),
        VisKind::Super => "pub(super) ".to_string(),
        VisKind::SelfModule => "pub(self) ".to_string(),
        VisKind::In(p) => format!("pub(in {}) ", path(p)),
    }
}

fn fields(fields: &Fields) -> String {
    match fields {
        Fields::Unit => String::new(),
        Fields::Tuple(fields) => {
            format!("({})", list(fields, ", ", |field| format!("{}{}", vis(&field.vis), ty(&field.ty))))
        }
        Fields::Named(fields) => format!(
            " {{{}}}",
            list(fields, ", ", |field| format!("{}{}: {}", vis(&field.vis), field.name.name, ty(&field.ty)))
        ),
    }
}

fn attr(attr: &Attr) -> String {
    let bang = if attr.style == AttrStyle::Inner { "!" } else { "" };
    match &attr.kind {
        AttrKind::Doc(text) => format!("doc{bang}({text:?}) "),
        AttrKind::Normal { path: p, args } => {
            let args = match args {
                AttrArgs::Empty => String::new(),
                AttrArgs::List { tokens, .. } => format!("({})", tokens.len()),
                AttrArgs::Value { tokens, .. } => format!(" = {}", tokens.len()),
            };
            format!("#{bang}[{}{args}] ", path(p))
        }
    }
}

fn use_tree(tree: &UseTree) -> String {
    let prefix = path(&tree.prefix);
    let colons = if tree.prefix.segments.is_empty() { "" } else { "::" };
    match &tree.kind {
        UseTreeKind::Simple { rename } => {
            format!("{prefix}{}", optional(rename.as_ref(), " as ", |name| name.name.to_string()))
        }
        UseTreeKind::Glob => format!("{prefix}{colons}*"),
        UseTreeKind::Nested(trees) => format!("{prefix}{colons}{{{}}}", list(trees, ", ", use_tree)),
    }
}

fn function(f: &Fn) -> String {
    let mut params: Vec<String> = Vec::new();
    params.extend(f.self_param.as_ref().map(|param| match &param.kind {
        SelfKind::Value { mutable } => format!("{}self", if *mutable { "mut " } else { "" }),
        SelfKind::Ref { lifetime, mutable } => {
            format!(
                "&{}{}self",
                optional(lifetime.as_ref(), "'", |lifetime| format!("{} ", lifetime.name)),
                if *mutable { "mut " } else { "" }
            )
        }
        SelfKind::Typed { mutable, ty: t } => format!("{}self: {}", if *mutable { "mut " } else { "" }, ty(t)),
    }));
    params.extend(f.params.iter().map(|param| format!("{}: {}", pat(&param.pat), ty(&param.ty))));
    let words = format!(
        "{}{}{}{}",
        f.qualifiers.const_.map_or("", |_| "const "),
        f.qualifiers.async_.map_or("", |_| "async "),
        f.qualifiers.unsafe_.map_or("", |_| "unsafe "),
        f.qualifiers.extern_.as_ref().map_or("", |_| "extern ")
    );
    let body = f.body.as_ref().map_or(";".to_string(), |body| format!(" {}", block(body)));
    format!(
        "{words}fn {}{}({}){}{}{body}",
        f.name.name,
        generics(&f.generics),
        params.join(", "),
        optional(f.ret.as_ref(), " -> ", ty),
        where_clause(&f.generics)
    )
}

pub fn item(i: &Item) -> String {
    let kind = match &i.kind {
        ItemKind::Fn(f) => function(f),
        ItemKind::Struct(s) => {
            format!("struct {}{}{}{}", s.name.name, generics(&s.generics), fields(&s.fields), where_clause(&s.generics))
        }
        ItemKind::Union(s) => format!("union {}{}{}", s.name.name, generics(&s.generics), fields(&s.fields)),
        ItemKind::Enum(e) => format!(
            "enum {}{} {{{}}}{}",
            e.name.name,
            generics(&e.generics),
            list(&e.variants, ", ", |variant| format!(
                "{}{}{}",
                variant.name.name,
                fields(&variant.fields),
                optional(variant.discriminant.as_ref(), " = ", expr)
            )),
            where_clause(&e.generics)
        ),
        ItemKind::Trait(t) => {
            let colon = if t.supertraits.is_empty() { String::new() } else { format!(": {}", bounds(&t.supertraits)) };
            format!(
                "trait {}{}{colon}{} {{{}}}",
                t.name.name,
                generics(&t.generics),
                where_clause(&t.generics),
                list(&t.items, " ", item)
            )
        }
        ItemKind::Impl(i) => format!(
            "impl{} {}{}{}{} {{{}}}",
            generics(&i.generics),
            i.negative.map_or("", |_| "!"),
            optional(i.of_trait.as_ref(), "", |of_trait| format!("{} for ", path(of_trait))),
            ty(&i.self_ty),
            where_clause(&i.generics),
            list(&i.items, " ", item)
        ),
        ItemKind::TypeAlias(alias) => {
            let colon = if alias.bounds.is_empty() { String::new() } else { format!(": {}", bounds(&alias.bounds)) };
            format!(
                "type {}{}{colon}{}{};",
                alias.name.name,
                generics(&alias.generics),
                optional(alias.ty.as_ref(), " = ", ty),
                where_clause(&alias.generics)
            )
        }
        ItemKind::Const(c) => format!(
            "const {}{}{};",
            c.name.name,
            optional(c.ty.as_ref(), ": ", ty),
            optional(c.value.as_ref(), " = ", expr)
        ),
        ItemKind::Static(s) => format!(
            "static {}{}{}{};",
            if s.mutable { "mut " } else { "" },
            s.name.name,
            optional(s.ty.as_ref(), ": ", ty),
            optional(s.value.as_ref(), " = ", expr)
        ),
        ItemKind::Use(tree) => format!("use {};", use_tree(tree)),
        ItemKind::Mod(module) => match &module.kind {
            ModKind::Inline(items) => format!("mod {} {{{}}}", module.name.name, list(items, " ", item)),
            ModKind::File => format!("mod {};", module.name.name),
        },
        ItemKind::GoImport(import) => format!(
            "import {:?}{};",
            import.path,
            optional(import.rename.as_ref(), " as ", |name| name.name.to_string())
        ),
        ItemKind::ExternCrate { name, rename } => {
            format!("extern crate {}{};", name.name, optional(rename.as_ref(), " as ", |name| name.name.to_string()))
        }
        ItemKind::ExternBlock { items, .. } => format!("extern {{{}}}", list(items, " ", item)),
        ItemKind::MacroDef { name, .. } => format!("macro {}", name.name),
        ItemKind::MacroCall(call) => macro_call(call),
        ItemKind::Error => "error".to_string(),
    };
    format!("{}{}{kind}", list(&i.attrs, "", attr), vis(&i.vis))
}
