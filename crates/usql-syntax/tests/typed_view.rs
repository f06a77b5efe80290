//! The typed view over whole statements, as a checker walks it.

use usql_syntax::ast::{
    AstNode, BinaryOperator, Continuation, DeclareStatement, Expr, FrameBound, JoinKind,
    LiteralValue, Query, SelectQuery, SetOperationKind, Source, Statement, UnaryOperator,
};
use usql_syntax::parse;

fn statement(text: &str) -> Statement {
    let parse = parse(text);
    assert_eq!(parse.diagnostics(), &[], "{text}");
    parse.script().statements().next().expect("one statement")
}

fn query(text: &str) -> Query {
    match statement(&format!("@x = {text};")) {
        Statement::Assignment(assignment) => assignment.query().expect("a query"),
        other => panic!("{other:?}"),
    }
}

fn select(text: &str) -> SelectQuery {
    match query(text) {
        Query::Select(select) => select,
        other => panic!("{other:?}"),
    }
}

fn expression(text: &str) -> Expr {
    match statement(&format!("DECLARE @x = {text};")) {
        Statement::Declare(declare) => declare.value().expect("a value"),
        other => panic!("{other:?}"),
    }
}

fn text(node: Option<impl AstNode<Language = usql_syntax::Usql>>) -> Option<String> {
    node.map(|node| node.syntax().to_string())
}

#[test]
fn a_declare_has_a_variable_a_type_and_a_value() {
    let Statement::Declare(declare) =
        statement("DECLARE EXTERNAL @in SQL.MAP<string, int?>? = @y;")
    else {
        panic!()
    };
    assert!(declare.is_external() && !declare.is_const());
    assert_eq!(declare.variable_name().as_deref(), Some("@in"));
    let ty = declare.ty().unwrap();
    assert_eq!(
        (ty.name().as_str(), ty.is_nullable(), ty.array_ranks()),
        ("SQL.MAP", true, 0)
    );
    assert_eq!(
        ty.arguments().map(|ty| ty.text()).collect::<Vec<_>>(),
        ["string", "int?"]
    );
    assert_eq!(ty.text(), "SQL.MAP<string,int?>?");
    assert!(matches!(declare.value(), Some(Expr::Variable(_))));
    assert!(DeclareStatement::can_cast(
        usql_syntax::SyntaxKind::DECLARE_STATEMENT
    ));
}

#[test]
fn an_extract_has_columns_paths_and_an_extractor() {
    let Query::Extract(extract) = query(
        r#"EXTRACT [User ]] Id] int, uri = FILE.URI() FROM "/a", @b USING Extractors.Csv(skipFirstNRows: 1)"#,
    ) else {
        panic!()
    };
    let columns: Vec<_> = extract.columns().collect();
    assert_eq!(columns[0].name().unwrap().text(), "User ] Id");
    assert_eq!(columns[0].ty().unwrap().text(), "int");
    assert_eq!(
        text(columns[1].file_property()).as_deref(),
        Some("FILE.URI()")
    );
    assert_eq!(extract.paths().count(), 2);
    let Some(Expr::Call(call)) = extract.using().unwrap().expr() else {
        panic!()
    };
    let Some(Expr::Member(callee)) = call.callee() else {
        panic!()
    };
    assert_eq!(
        (text(callee.receiver()).as_deref(), callee.name().as_deref()),
        (Some("Extractors"), Some("Csv"))
    );
    let argument = call.arguments().next().unwrap();
    assert_eq!(argument.name().unwrap().text(), "skipFirstNRows");
    let Some(Expr::Literal(value)) = argument.expr() else {
        panic!()
    };
    assert_eq!(value.value(), Ok(LiteralValue::Int(1)));
}

#[test]
fn a_select_has_all_its_clauses() {
    let select = select(
        "SELECT DISTINCT t.*, @r.*, *, a AS b FROM @r AS t WHERE w GROUP BY g, h HAVING i ORDER BY j DESC OFFSET 3 ROWS FETCH 4 ROWS",
    );
    assert!(select.is_distinct());
    let items: Vec<_> = select.items().collect();
    let stars: Vec<_> = items
        .iter()
        .map(|item| (item.is_star(), item.qualifier()))
        .collect();
    assert_eq!(
        stars,
        [
            (true, Some("t".into())),
            (true, Some("@r".into())),
            (true, None),
            (false, None)
        ]
    );
    assert_eq!(text(items[3].expr()).as_deref(), Some("a"));
    assert_eq!(items[3].alias().unwrap().text(), "b");
    let Some(Source::Variable(source)) = select.from_clause().unwrap().source() else {
        panic!()
    };
    assert_eq!(source.variable_name().as_deref(), Some("@r"));
    assert_eq!(
        text(select.where_clause().unwrap().condition()).as_deref(),
        Some("w")
    );
    assert_eq!(select.group_by().unwrap().expressions().count(), 2);
    assert_eq!(
        text(select.having().unwrap().condition()).as_deref(),
        Some("i")
    );
    assert!(
        select
            .order_by()
            .unwrap()
            .items()
            .next()
            .unwrap()
            .is_descending()
    );
    assert_eq!(select.offset().unwrap().count().unwrap().text(), "3");
    assert_eq!(select.fetch().unwrap().count().unwrap().text(), "4");
}

#[test]
fn values_have_rows_and_column_names() {
    let select = select(r#"SELECT * FROM (VALUES (1, "a"), (2, "b")) AS T(n, s)"#);
    let Some(source) = select.from_clause().unwrap().source() else {
        panic!()
    };
    let alias = source.alias().unwrap();
    assert_eq!(alias.name().unwrap().text(), "T");
    assert_eq!(
        alias.columns().map(|name| name.text()).collect::<Vec<_>>(),
        ["n", "s"]
    );
    let Source::Values(values) = source else {
        panic!()
    };
    let rows = values.values().unwrap().rows();
    assert_eq!(
        rows.map(|row| row.values().count()).collect::<Vec<_>>(),
        [2, 2]
    );
}

#[test]
fn joins_know_their_kind() {
    let kind = |join: &str| {
        let select = select(&format!("SELECT * FROM @a {join} @b ON a.x == b.x"));
        let join = select.from_clause().unwrap().joins().next().unwrap();
        assert_eq!(text(join.on()).as_deref(), Some("a.x == b.x"));
        assert_eq!(text(join.source()).as_deref(), Some("@b"));
        join.kind()
    };
    assert_eq!(kind("JOIN"), JoinKind::Inner);
    assert_eq!(kind("INNER BROADCASTLEFT JOIN"), JoinKind::Inner);
    assert_eq!(kind("LEFT OUTER JOIN"), JoinKind::Left);
    assert_eq!(kind("OUTER JOIN"), JoinKind::Left);
    assert_eq!(kind("RIGHT OUTER JOIN"), JoinKind::Right);
    assert_eq!(kind("FULL OUTER JOIN"), JoinKind::Full);
    assert_eq!(kind("SEMIJOIN"), JoinKind::LeftSemi);
    assert_eq!(kind("RIGHT SEMIJOIN"), JoinKind::RightSemi);
    assert_eq!(kind("LEFT ANTISEMIJOIN"), JoinKind::LeftAnti);
    assert_eq!(kind("RIGHT ANTISEMIJOIN"), JoinKind::RightAnti);
    let cross = select("SELECT * FROM @a CROSS JOIN @b OUTER APPLY f(x) AS y");
    let continuations: Vec<_> = cross.from_clause().unwrap().continuations().collect();
    let [Continuation::Join(join), Continuation::Apply(apply)] = continuations.as_slice() else {
        panic!()
    };
    assert_eq!(
        (join.kind(), join.on().is_none(), apply.is_outer()),
        (JoinKind::Cross, true, true)
    );
}

#[test]
fn an_output_has_source_path_order_and_outputter() {
    let Statement::Output(output) = statement(
        r#"OUTPUT @r TO "/a" + @d EXPIRATION "1" ORDER BY b FETCH 2 USING Outputters.Tsv();"#,
    ) else {
        panic!()
    };
    let Some(Query::Rowset(source)) = output.source() else {
        panic!()
    };
    assert_eq!(source.variable_name().as_deref(), Some("@r"));
    assert_eq!(text(output.path()).as_deref(), Some(r#""/a" + @d"#));
    assert_eq!(text(output.expiration()).as_deref(), Some(r#""1""#));
    assert_eq!(output.order_by().unwrap().items().count(), 1);
    assert_eq!(output.fetch().unwrap().count().unwrap().text(), "2");
    assert_eq!(
        text(output.using().unwrap().expr()).as_deref(),
        Some("Outputters.Tsv()")
    );
}

#[test]
fn set_operations_know_their_operator() {
    let Query::SetOperation(union) =
        query("(SELECT a FROM @a) OUTER UNION ALL BY NAME ON (a, *) (SELECT a FROM @b)")
    else {
        panic!()
    };
    let operator = union.operator().unwrap();
    assert_eq!(operator.kind(), SetOperationKind::OuterUnion);
    assert!(operator.is_all() && operator.is_by_name() && !operator.is_distinct());
    let columns = operator.matched_columns().unwrap();
    assert!(columns.names().map(|name| name.text()).eq(["a"]) && columns.has_star());
    assert_eq!(text(union.left()).as_deref(), Some("(SELECT a FROM @a)"));
    assert_eq!(text(union.right()).as_deref(), Some("(SELECT a FROM @b)"));
}

#[test]
fn a_window_knows_the_ends_of_its_frame() {
    let ends = |frame: &str| {
        let Expr::Call(call) = expression(&format!("SUM(a) OVER(ORDER BY b {frame})")) else {
            panic!()
        };
        let bounds = call.over().unwrap().rows().unwrap().bounds();
        let bounds = bounds.into_iter().map(|bound| match bound {
            FrameBound::Preceding(rows) => format!("-{}", rows.text()),
            FrameBound::Following(rows) => format!("+{}", rows.text()),
            other => format!("{other:?}"),
        });
        bounds.collect::<Vec<_>>().join(" ")
    };
    assert_eq!(ends("ROWS UNBOUNDED PRECEDING"), "UnboundedPreceding");
    assert_eq!(ends("ROWS BETWEEN 2 PRECEDING AND 1 FOLLOWING"), "-2 +1");
    assert_eq!(
        ends("ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING"),
        "CurrentRow UnboundedFollowing"
    );
}

#[test]
fn every_binary_operator_reads_back() {
    for operator in [
        BinaryOperator::Add,
        BinaryOperator::Subtract,
        BinaryOperator::Multiply,
        BinaryOperator::Divide,
        BinaryOperator::Modulo,
        BinaryOperator::ShiftLeft,
        BinaryOperator::ShiftRight,
        BinaryOperator::Less,
        BinaryOperator::Greater,
        BinaryOperator::LessOrEqual,
        BinaryOperator::GreaterOrEqual,
        BinaryOperator::Equal,
        BinaryOperator::NotEqual,
        BinaryOperator::BitAnd,
        BinaryOperator::BitXor,
        BinaryOperator::BitOr,
        BinaryOperator::AndAlso,
        BinaryOperator::OrElse,
        BinaryOperator::And,
        BinaryOperator::Or,
        BinaryOperator::Coalesce,
        BinaryOperator::Assign,
    ] {
        let Expr::Binary(binary) = expression(&format!("left {} right", operator.text())) else {
            panic!()
        };
        assert_eq!(binary.operator(), Some(operator));
        assert_eq!(text(binary.left()).as_deref(), Some("left"));
        assert_eq!(text(binary.right()).as_deref(), Some("right"));
    }
}

#[test]
fn other_expressions_have_their_parts() {
    let Expr::Unary(not) = expression("NOT a") else {
        panic!()
    };
    assert_eq!(
        (not.operator(), text(not.operand()).as_deref()),
        (Some(UnaryOperator::Not), Some("a"))
    );
    let Expr::Conditional(conditional) = expression("a ? b : c") else {
        panic!()
    };
    assert_eq!(text(conditional.when_true()).as_deref(), Some("b"));
    assert_eq!(text(conditional.when_false()).as_deref(), Some("c"));
    let Expr::Cast(cast) = expression("(int?)null") else {
        panic!()
    };
    assert!(cast.ty().unwrap().is_nullable());
    let Expr::In(list) = expression("a NOT IN (1, 2)") else {
        panic!()
    };
    assert!(list.is_negated());
    assert_eq!(list.list().count(), 2);
    let Expr::Between(between) = expression("a BETWEEN b AND c") else {
        panic!()
    };
    assert_eq!(text(between.high()).as_deref(), Some("c"));
    let Expr::Case(case) = expression("CASE a WHEN b THEN c ELSE d END") else {
        panic!()
    };
    assert_eq!(text(case.operand()).as_deref(), Some("a"));
    assert_eq!(
        text(case.branches().next().unwrap().result()).as_deref(),
        Some("c")
    );
    assert_eq!(text(case.otherwise()).as_deref(), Some("d"));
    let Expr::Call(count) = expression("COUNT(DISTINCT x) OVER(PARTITION BY y)") else {
        panic!()
    };
    assert!(count.is_distinct());
    assert_eq!(count.over().unwrap().partition_by().count(), 1);
    let Expr::Index(index) = expression("a[1, 2]") else {
        panic!()
    };
    assert_eq!(index.indexes().count(), 2);
    let Expr::Lambda(lambda) = expression("(string s, t) => s") else {
        panic!()
    };
    let names: Vec<_> = lambda
        .parameters()
        .map(|parameter| parameter.name().unwrap().text())
        .collect();
    assert_eq!(names, ["s", "t"]);
}

#[test]
fn statements_without_a_grammar_say_what_they_are() {
    let title = |text| match statement(text) {
        Statement::Other(other) => other.title(),
        statement => panic!("{statement:?}"),
    };
    assert_eq!(
        title("CREATE TABLE IF NOT EXISTS t (a int);"),
        "CREATE TABLE"
    );
    assert_eq!(title("ALTER DATA SOURCE d SET x = 1;"), "ALTER DATA SOURCE");
    assert_eq!(title("DECLARE ASSEMBLY @a FROM 0x00;"), "DECLARE ASSEMBLY");
}
