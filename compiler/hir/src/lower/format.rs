//! Format strings: the whole mini-language of `std::fmt`, with arguments by position, by name and captured.
//!
//! The grammar is the one in the documentation of `std::fmt` ("Syntax").

use rgo_syntax::ast::{self, Ident};
use rgo_syntax::{MacroArg, Name, Span};
use rustc_hash::FxHashMap;

use super::Ctx;
use super::macros::Empty;
use super::panics::join_texts;
use crate::body::*;
use crate::path::PathSource;

/// Which argument a placeholder or count names.
#[derive(Clone, Debug, PartialEq, Eq)]
enum ArgRef {
    Next,
    Position(usize),
    Name(String),
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum CountRef {
    Literal(u32),
    Arg(ArgRef),
    /// `.*`: the next argument before the value.
    Star,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Spec {
    arg: ArgRef,
    fill: Option<char>,
    align: Option<Align>,
    sign: Option<Sign>,
    alternate: bool,
    zero_pad: bool,
    debug_hex: Option<FormatTrait>,
    width: Option<CountRef>,
    precision: Option<CountRef>,
    format: FormatTrait,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Text(String),
    Spec(Spec),
}

impl Ctx<'_> {
    /// The `format_args!` of a macro's arguments, with text appended.
    pub fn format_call(&mut self, args: &[MacroArg], after: &str, empty: Empty, span: Span) -> ExprId {
        let mut value = self.format_parts(args, empty, span);
        if !after.is_empty() {
            value.pieces.push(FormatPiece::Text(Name::new(after)));
        }
        value.pieces = join_texts(value.pieces);
        self.alloc(Expr::FormatArgs(value), span)
    }

    /// The format string and its arguments.
    pub fn format_parts(&mut self, args: &[MacroArg], empty: Empty, span: Span) -> FormatArgs {
        let nothing = FormatArgs { pieces: Vec::new(), args: Vec::new() };
        let Some((template, rest)) = args.split_first() else {
            if empty == Empty::Refused {
                self.plain_error(span, "requires at least a format string argument");
            }
            return nothing;
        };
        let text = match (&template.name, self.constant_text_of_template(&template.value)) {
            (None, Some(text)) => text,
            _ => {
                let error = crate::HirError::plain(
                    self.owner,
                    template.value.span,
                    "format argument must be a string literal".to_string(),
                )
                .help("put a string literal with `{}` before it");
                self.error(error);
                for arg in rest {
                    self.expr(&arg.value);
                }
                return nothing;
            }
        };
        let parts = match parse(&text) {
            Ok(parts) => parts,
            Err(message) => {
                self.plain_error(template.value.span, format!("invalid format string: {message}"));
                for arg in rest {
                    self.expr(&arg.value);
                }
                return nothing;
            }
        };
        self.resolve_parts(parts, rest, template.value.span)
    }

    fn constant_text_of_template(&mut self, expr: &ast::Expr) -> Option<String> {
        match &expr.without_parens().kind {
            ast::ExprKind::Lit(ast::Lit::Str(text)) => Some(text.to_string()),
            ast::ExprKind::Macro(_) => self.constant_text(expr),
            _ => None,
        }
    }

    fn resolve_parts(&mut self, parts: Vec<Part>, rest: &[MacroArg], template: Span) -> FormatArgs {
        let mut resolver = Resolver {
            args: Vec::new(),
            names: Vec::new(),
            used: vec![false; rest.len()],
            positional: rest.iter().filter(|arg| arg.name.is_none()).count(),
            explicit: rest.len(),
            next: 0,
            template,
            places: None,
            missing: None,
            needed: 0,
        };
        for (index, arg) in rest.iter().enumerate() {
            let value = self.expr(&arg.value);
            resolver.args.push(value);
            match arg.name {
                Some(name) => {
                    if resolver.names.iter().any(|(known, _)| *known == name.name) {
                        self.plain_error(name.span, format!("duplicate argument named `{}`", name.name));
                    }
                    resolver.names.push((name.name, index));
                }
                None if !resolver.names.is_empty() => {
                    self.plain_error(arg.value.span, "positional arguments cannot follow named arguments");
                }
                None => {}
            }
        }
        let mut pieces = Vec::new();
        for part in parts {
            match part {
                Part::Text(text) => pieces.push(FormatPiece::Text(Name::new(&text))),
                Part::Spec(spec) => {
                    if let Some(placeholder) = self.placeholder(spec, &mut resolver) {
                        pieces.push(FormatPiece::Arg(placeholder));
                    }
                }
            }
        }
        self.report_arguments(&resolver, rest);
        FormatArgs { pieces: join_texts(pieces), args: resolver.args }
    }

    fn report_arguments(&mut self, resolver: &Resolver, rest: &[MacroArg]) {
        if let Some(position) = resolver.missing {
            let given = resolver.positional;
            let there = match given {
                0 => "no arguments were given".to_string(),
                1 => "there is 1 argument".to_string(),
                _ => format!("there are {given} arguments"),
            };
            let message = if resolver.needed > given {
                let plural = if resolver.needed == 1 { "argument" } else { "arguments" };
                format!("{} positional {plural} in format string, but {there}", resolver.needed)
            } else {
                format!("invalid reference to positional argument {position} ({there})")
            };
            self.plain_error(resolver.template, message);
            return;
        }
        let unused: Vec<&MacroArg> =
            rest.iter().zip(&resolver.used).filter(|(_, used)| !**used).map(|(arg, _)| arg).collect();
        match unused[..] {
            [] => {}
            [arg] => {
                let what = if arg.name.is_some() { "named argument never used" } else { "argument never used" };
                self.plain_error(arg.value.span, what);
            }
            _ => self.plain_error(resolver.template, "multiple unused formatting arguments"),
        }
    }

    fn placeholder(&mut self, spec: Spec, resolver: &mut Resolver) -> Option<Placeholder> {
        let precision = match spec.precision {
            Some(CountRef::Star) => Some(Count::Arg(self.argument(ArgRef::Next, resolver)?)),
            Some(count) => Some(self.count(count, resolver)?),
            None => None,
        };
        let arg = self.argument(spec.arg, resolver)?;
        let width = match spec.width {
            Some(count) => Some(self.count(count, resolver)?),
            None => None,
        };
        Some(Placeholder {
            arg,
            format: spec.format,
            fill: spec.fill,
            align: spec.align,
            sign: spec.sign,
            alternate: spec.alternate,
            zero_pad: spec.zero_pad,
            debug_hex: spec.debug_hex,
            width,
            precision,
        })
    }

    fn count(&mut self, count: CountRef, resolver: &mut Resolver) -> Option<Count> {
        Some(match count {
            CountRef::Literal(value) => Count::Literal(value),
            CountRef::Arg(arg) => Count::Arg(self.argument(arg, resolver)?),
            CountRef::Star => Count::Arg(self.argument(ArgRef::Next, resolver)?),
        })
    }

    fn argument(&mut self, arg: ArgRef, resolver: &mut Resolver) -> Option<usize> {
        let index = match arg {
            ArgRef::Next => {
                let index = resolver.next;
                resolver.next += 1;
                resolver.needed = resolver.needed.max(resolver.next);
                // What has a name may be counted too, but not what was captured.
                index
            }
            ArgRef::Position(index) => index,
            ArgRef::Name(name) => return Some(self.named_argument(&name, resolver)),
        };
        if index >= resolver.explicit {
            resolver.missing.get_or_insert(index);
            return None;
        }
        resolver.used[index] = true;
        Some(index)
    }

    /// The span of a captured name within a format string; the whole string where it cannot be found in the source (`concat!`).
    fn span_in_template(&self, name: Name, resolver: &mut Resolver) -> Span {
        let template = resolver.template;
        let places = resolver.places.get_or_insert_with(|| {
            let text = crate::slices::item_text(self.db, crate::item_of(self.owner).key(self.db));
            let source = text.as_ref().and_then(|text| text.get(template.start as usize..template.end as usize));
            source.map(names_in_braces).unwrap_or_default()
        });
        match places.get(name.as_str()) {
            Some(at) => {
                let start = template.start + *at as u32;
                Span::new(start, start + name.as_str().len() as u32)
            }
            None => template,
        }
    }

    fn named_argument(&mut self, name: &str, resolver: &mut Resolver) -> usize {
        let name = Name::new(name);
        if let Some((_, index)) = resolver.names.iter().find(|(known, _)| *known == name) {
            let index = *index;
            if index < resolver.explicit {
                resolver.used[index] = true;
            }
            return index;
        }
        let span = self.span_in_template(name, resolver);
        let qpath = ast::QPath { qself: None, path: ast::Path::from_ident(Ident { name, span }), span };
        let value = self.path_expr(&qpath, PathSource::Value, span);
        resolver.args.push(value);
        resolver.names.push((name, resolver.args.len() - 1));
        resolver.args.len() - 1
    }
}

/// Where each name is first asked for between the braces of a format string, in bytes; its text is taken as it stands in the source.
fn names_in_braces(source: &str) -> FxHashMap<String, usize> {
    let is_of_name = |c: char| c == '_' || c.is_alphanumeric();
    let mut found = FxHashMap::default();
    let mut depth = 0_usize;
    let mut at = 0;
    while let Some(c) = source[at..].chars().next() {
        let rest = &source[at..];
        match c {
            '{' if rest.starts_with("{{") && depth == 0 => at += 1,
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            // `\u{e9}`, up to its brace.
            '\\' if rest.starts_with("\\u{") => at += rest.find('}').unwrap_or(0),
            '\\' => at += 1,
            _ if is_of_name(c) => {
                let word = &rest[..rest.find(|c| !is_of_name(c)).unwrap_or(rest.len())];
                // `{name`, or a width or precision `name$`; the `x` of `{:x}` is neither.
                let is_name = source[..at].trim_end().ends_with('{') || rest[word.len()..].starts_with('$');
                if depth > 0 && is_name {
                    found.entry(word.to_string()).or_insert(at);
                }
                at += word.len();
                continue;
            }
            _ => {}
        }
        at += source[at..].chars().next().map_or(1, char::len_utf8);
    }
    found
}

struct Resolver {
    args: Vec<ExprId>,
    names: Vec<(Name, usize)>,
    /// Per argument as written.
    used: Vec<bool>,
    positional: usize,
    explicit: usize,
    next: usize,
    template: Span,
    /// Where names stand in the template, once that is asked.
    places: Option<FxHashMap<String, usize>>,
    /// The first position that no argument has.
    missing: Option<usize>,
    /// How many arguments the `{}` without a position take.
    needed: usize,
}

struct Parser<'a> {
    rest: std::iter::Peekable<std::str::Chars<'a>>,
}

fn parse(text: &str) -> Result<Vec<Part>, String> {
    let mut parser = Parser { rest: text.chars().peekable() };
    let mut parts = Vec::new();
    let mut plain = String::new();
    while let Some(c) = parser.rest.next() {
        match c {
            '{' if parser.eat('{') => plain.push('{'),
            '}' if parser.eat('}') => plain.push('}'),
            '}' => return Err("unmatched `}` found".to_string()),
            '{' => {
                if !plain.is_empty() {
                    parts.push(Part::Text(std::mem::take(&mut plain)));
                }
                parts.push(Part::Spec(parser.spec()?));
            }
            _ => plain.push(c),
        }
    }
    if !plain.is_empty() {
        parts.push(Part::Text(plain));
    }
    Ok(parts)
}

impl Parser<'_> {
    fn eat(&mut self, c: char) -> bool {
        self.rest.next_if_eq(&c).is_some()
    }

    fn spaces(&mut self) {
        while self.rest.next_if(|c| c.is_whitespace()).is_some() {}
    }

    fn nth(&self, n: usize) -> Option<char> {
        self.rest.clone().nth(n)
    }

    fn integer(&mut self) -> Result<Option<usize>, String> {
        let mut digits = String::new();
        while let Some(digit) = self.rest.next_if(char::is_ascii_digit) {
            digits.push(digit);
        }
        if digits.is_empty() {
            return Ok(None);
        }
        digits.parse().map(Some).map_err(|_| format!("integer `{digits}` is too large"))
    }

    fn identifier(&mut self) -> Option<String> {
        let first = *self.rest.peek()?;
        if !(first == '_' || first.is_alphabetic()) {
            return None;
        }
        let mut name = String::new();
        while let Some(c) = self.rest.next_if(|c| *c == '_' || c.is_alphanumeric()) {
            name.push(c);
        }
        Some(name)
    }

    /// Behind `{`, up to and with `}`.
    fn spec(&mut self) -> Result<Spec, String> {
        self.spaces();
        let arg = match self.integer()? {
            Some(position) => ArgRef::Position(position),
            None => match self.identifier() {
                Some(name) => ArgRef::Name(name),
                None => ArgRef::Next,
            },
        };
        self.spaces();
        let mut spec = Spec {
            arg,
            fill: None,
            align: None,
            sign: None,
            alternate: false,
            zero_pad: false,
            debug_hex: None,
            width: None,
            precision: None,
            format: FormatTrait::Display,
        };
        if self.eat(':') {
            self.format_spec(&mut spec)?;
        }
        self.spaces();
        match self.rest.next() {
            Some('}') => Ok(spec),
            Some(c) => Err(format!("expected `}}`, found `{c}`")),
            None => Err("expected `}` but string was terminated".to_string()),
        }
    }

    fn format_spec(&mut self, spec: &mut Spec) -> Result<(), String> {
        if let Some(align) = self.nth(1).and_then(align_of) {
            spec.fill = self.rest.next();
            self.rest.next();
            spec.align = Some(align);
        } else if let Some(align) = self.nth(0).and_then(align_of) {
            self.rest.next();
            spec.align = Some(align);
        }
        if self.eat('+') {
            spec.sign = Some(Sign::Plus);
        } else if self.eat('-') {
            spec.sign = Some(Sign::Minus);
        }
        spec.alternate = self.eat('#');
        // `0$` is a width by position, `0` alone the flag.
        if self.nth(0) == Some('0') && self.nth(1) != Some('$') {
            self.rest.next();
            spec.zero_pad = true;
        }
        spec.width = self.count_ref()?;
        if self.eat('.') {
            spec.precision = if self.eat('*') { Some(CountRef::Star) } else { self.count_ref()? };
        }
        self.format_type(spec)
    }

    /// `12`, `1$`, `name$`; nothing is consumed if there is none.
    fn count_ref(&mut self) -> Result<Option<CountRef>, String> {
        let start = self.rest.clone();
        if let Some(value) = self.integer()? {
            if self.eat('$') {
                return Ok(Some(CountRef::Arg(ArgRef::Position(value))));
            }
            return u32::try_from(value)
                .ok()
                .filter(|value| *value <= u32::from(u16::MAX))
                .map(|value| Some(CountRef::Literal(value)))
                .ok_or_else(|| {
                    format!("integer `{value}` does not fit into the type `u16` whose range is `0..=65535`")
                });
        }
        if let Some(name) = self.identifier() {
            if self.eat('$') {
                return Ok(Some(CountRef::Arg(ArgRef::Name(name))));
            }
            self.rest = start;
        }
        Ok(None)
    }

    fn format_type(&mut self, spec: &mut Spec) -> Result<(), String> {
        let mut name = String::new();
        while let Some(c) = self.rest.next_if(|c| c.is_alphanumeric() || *c == '_' || *c == '?') {
            name.push(c);
        }
        spec.format = match name.as_str() {
            "" => FormatTrait::Display,
            "?" => FormatTrait::Debug,
            "x?" => {
                spec.debug_hex = Some(FormatTrait::LowerHex);
                FormatTrait::Debug
            }
            "X?" => {
                spec.debug_hex = Some(FormatTrait::UpperHex);
                FormatTrait::Debug
            }
            "x" => FormatTrait::LowerHex,
            "X" => FormatTrait::UpperHex,
            "o" => FormatTrait::Octal,
            "b" => FormatTrait::Binary,
            "e" => FormatTrait::LowerExp,
            "E" => FormatTrait::UpperExp,
            "p" => FormatTrait::Pointer,
            _ => return Err(format!("unknown format trait `{name}`")),
        };
        Ok(())
    }
}

fn align_of(c: char) -> Option<Align> {
    match c {
        '<' => Some(Align::Left),
        '^' => Some(Align::Center),
        '>' => Some(Align::Right),
        _ => None,
    }
}
