//! What the printer writes is what gofmt would write: trees made at random, and shapes with rules of their own.

use std::process::Command;

use rgo_codegen::go::ast::*;
use rgo_codegen::go::print::print_file;

/// A small generator with a fixed seed: the same trees in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, n: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % n
    }
}

struct Trees {
    random: Random,
    vars: Vec<VarId>,
}

const OPS: &[BinaryOp] = &[
    BinaryOp::Add,
    BinaryOp::Sub,
    BinaryOp::Mul,
    BinaryOp::Div,
    BinaryOp::Rem,
    BinaryOp::And,
    BinaryOp::Or,
    BinaryOp::Xor,
    BinaryOp::AndNot,
    BinaryOp::Shl,
    BinaryOp::Shr,
    BinaryOp::LogicalAnd,
    BinaryOp::LogicalOr,
    BinaryOp::Eq,
    BinaryOp::Lt,
    BinaryOp::Ge,
];

impl Trees {
    fn expr(&mut self, depth: u32) -> Expr {
        if depth == 0 {
            return match self.random.below(6) {
                0 => Expr::int(i128::from(self.random.below(100)) - 20),
                1 => Expr::str("a\n\"b\"\u{200b}"),
                2 => Expr::Typed(Type::name("int8"), Lit::Int(-3)),
                _ => Expr::Var(self.vars[self.random.below(self.vars.len() as u64) as usize]),
            };
        }
        let d = depth - 1;
        match self.random.below(16) {
            0..=5 => {
                let op = OPS[self.random.below(OPS.len() as u64) as usize];
                Expr::binary(op, self.expr(d), self.expr(d))
            }
            6 => Expr::unary(UnaryOp::Neg, self.expr(d)),
            7 => Expr::unary(UnaryOp::Deref, self.expr(d)),
            8 => Expr::unary(
                [UnaryOp::Not, UnaryOp::Complement, UnaryOp::Addr][self.random.below(3) as usize],
                self.expr(d),
            ),
            9 => {
                let args = (0..self.random.below(4)).map(|_| self.expr(d)).collect();
                Expr::call(Expr::name("f"), args)
            }
            10 => self.expr(d).select("field"),
            11 => self.expr(d).index(self.expr(d)),
            12 => {
                let (low, high) = (self.random.below(3), self.random.below(3));
                let low = (low > 0).then(|| self.expr(d));
                let high = (high > 0).then(|| self.expr(d));
                self.expr(d).slice(low, high)
            }
            13 => {
                let fields = (0..self.random.below(5))
                    .map(|i| (["A", "Long", "EvenLonger", "X", "Y"][i as usize].into(), self.expr(d)))
                    .collect();
                Expr::keyed(Type::name("T"), fields)
            }
            14 => Expr::Func(Box::new(FuncLit { params: Vec::new(), results: Vec::new(), body: self.block(d) })),
            _ => Expr::convert(Type::name("int").pointer(), self.expr(d)),
        }
    }

    fn block(&mut self, depth: u32) -> Block {
        let mut out = Vec::new();
        for _ in 0..self.random.below(4) {
            if self.random.below(6) == 0 {
                out.push(comment(&["Above.", "go:noinline", "\tand more"], false));
            }
            out.push(self.stmt(depth));
            if self.random.below(3) == 0 {
                out.push(comment(&["behind"], true));
            }
        }
        out
    }

    fn stmt(&mut self, depth: u32) -> Stmt {
        let d = depth.saturating_sub(1);
        match self.random.below(if depth == 0 { 5 } else { 9 }) {
            0 => StmtKind::Expr(Expr::call(Expr::name("f"), vec![self.expr(depth)])),
            1 => StmtKind::Assign(vec![Some(self.expr(0))], vec![self.expr(depth)]),
            2 => StmtKind::Return(vec![self.expr(depth), self.expr(d)]),
            3 => StmtKind::Inc(self.expr(d).select("x")),
            4 => StmtKind::OpAssign(BinaryOp::Add, self.expr(0), self.expr(depth)),
            5 => StmtKind::If(Box::new(If {
                init: None,
                cond: self.expr(depth),
                then: self.block(d),
                els: self.block(d),
            })),
            6 => StmtKind::For(Box::new(For {
                init: None,
                cond: Some(self.expr(depth)),
                post: None,
                body: self.block(d),
            })),
            7 => StmtKind::Switch(Box::new(Switch {
                init: None,
                tag: Some(self.expr(d)),
                cases: vec![
                    Case { pos: None, exprs: vec![self.expr(d), self.expr(d)], body: self.block(d) },
                    Case { pos: None, exprs: Vec::new(), body: self.block(d) },
                ],
            })),
            _ => StmtKind::Range(Box::new(Range { key: None, value: None, expr: self.expr(d), body: self.block(d) })),
        }
        .into()
    }
}

fn comment(lines: &[&str], is_behind: bool) -> Stmt {
    StmtKind::Comment(Comment { lines: lines.iter().map(|line| (*line).into()).collect(), is_behind }).into()
}

fn func(body: Block, locals: Locals, params: Vec<VarId>) -> Decl {
    Decl::Func(FuncDecl {
        doc: vec![" Does things:\n * one\n * two\n\n # Panics\n ```\n let x = 1;\n```".into()],
        receiver: None,
        name: "g".into(),
        type_params: Vec::new(),
        params: params.iter().map(|v| Param { var: Some(*v), ty: Type::name("int"), variadic: Variadic::No }).collect(),
        results: Vec::new(),
        body,
        locals,
        pos: None,
    })
}

fn check(decls: Vec<Decl>) {
    let file = File {
        header: vec![vec!["Code generated by rgo from x.rgo. DO NOT EDIT.".into()], vec!["One".into(), "".into()]],
        directives: Vec::new(),
        doc: vec!["Of the package.".into()],
        package: "main".into(),
        path: None,
        taken: Default::default(),
        decls,
    };
    let text = print_file(&file).text;
    let directory =
        std::env::temp_dir().join(format!("rgo-gofmt-{}-{:?}", std::process::id(), std::thread::current().id()));
    std::fs::create_dir_all(&directory).expect("a temporary directory");
    let path = directory.join("x.go");
    std::fs::write(&path, &text).expect("a temporary file");
    let output = Command::new("gofmt")
        .arg("-d")
        .arg(&path)
        .output()
        .expect("gofmt is part of the Go toolchain that these tests need");
    let diff = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    std::fs::remove_dir_all(&directory).expect("removing the temporary directory");
    assert!(diff.is_empty() && errors.is_empty(), "{errors}\n{diff}");
}

#[test]
fn random_trees_are_stable() {
    let mut decls = Vec::new();
    for seed in 1..3000u64 {
        let mut locals = Locals::default();
        let vars: Vec<VarId> = ["a", "b", "long_name", "len"].iter().map(|n| locals.user(n)).collect();
        let mut trees = Trees { random: Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15)), vars: vars.clone() };
        let body = trees.block(3);
        decls.push(func(body, locals, vars));
    }
    check(decls);
}

#[test]
fn declarations_are_aligned() {
    let field = |name: &str, ty: Type, doc: &[&str]| Field {
        doc: doc.iter().map(|d| (*d).into()).collect(),
        name: Some(name.into()),
        ty,
        behind: None,
    };
    let behind = |field: Field, text: &str| Field { behind: Some(text.into()), ..field };
    let pair = Type::Struct(vec![field("a", Type::name("int"), &[]), field("bcd", Type::name("int"), &[])]);
    let record = Type::Struct(vec![
        field("x", Type::name("int"), &[]),
        behind(field("x2", Type::name("int"), &[]), "one"),
        behind(field("x3", Type::name("string"), &[]), "two"),
        field("x4", Type::name("complex128"), &[]),
        behind(field("longer", Type::name("int").slice(), &["documented"]), "three"),
        behind(field("y", Type::unit(), &[]), "four"),
        behind(field("nested", pair.clone(), &[]), "five"),
        behind(field("y2", Type::unit(), &[]), "six"),
        field(
            "after",
            Type::Map(Box::new(Type::name("int")), Box::new(Type::Struct(vec![field("q", Type::name("int"), &[])]))),
            &[],
        ),
        Field { doc: vec![], name: None, ty: Type::name("Embedded"), behind: None },
        field(
            "z",
            Type::Func(Box::new(FuncType {
                params: vec![Type::name("int")],
                results: vec![Type::name("int"), Type::name("bool")],
                variadic: Variadic::No,
            })),
            &[],
        ),
        field(
            "several",
            Type::Interface(vec![Method {
                doc: vec![],
                name: "M".into(),
                signature: FuncType { params: vec![], results: vec![], variadic: Variadic::No },
            }]),
            &[],
        ),
    ]);
    let spec = |name: &str, ty: Option<Type>, value: Option<Expr>, doc: &[&str]| ConstSpec {
        doc: doc.iter().map(|d| (*d).into()).collect(),
        name: name.into(),
        ty,
        value,
    };
    check(vec![
        Decl::Type(TypeDecl {
            doc: vec!["A record.".into()],
            name: "T".into(),
            params: vec![],
            ty: record,
            end: vec!["End.".into()],
        }),
        Decl::Type(TypeDecl {
            doc: vec![],
            name: "One".into(),
            params: vec![],
            ty: Type::Struct(vec![behind(field("a", Type::name("int"), &[]), "only")]),
            end: vec![],
        }),
        Decl::Const(ConstDecl {
            doc: vec!["Colors.".into()],
            specs: vec![
                spec("Red", Some(Type::name("Color")), Some(Expr::name("iota")), &[]),
                spec("Green", None, None, &[]),
                spec("Blue", None, None, &["Documented."]),
            ],
            end: vec!["End.".into()],
        }),
        Decl::Const(ConstDecl {
            doc: vec![],
            specs: vec![
                spec("Red", Some(Type::name("Color")), Some(Expr::int(1)), &[]),
                spec("LongName", Some(Type::name("C")), Some(Expr::int(100)), &["Documented."]),
                spec("B", Some(Type::name("Color")), Some(Expr::int(3)), &[]),
            ],
            end: vec![],
        }),
        Decl::Var(VarDecl {
            doc: vec![],
            name: Some("x".into()),
            ty: None,
            value: Some(Expr::call(Expr::imported("fmt", "Sprint"), vec![Expr::imported("example.com/a/b", "B")])),
            locals: Locals::default(),
        }),
    ]);
}
