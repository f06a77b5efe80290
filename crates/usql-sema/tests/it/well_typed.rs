//! What the plan promises to an engine, checked: for every plan of these tests, and for random expressions.

use usql_sema::{
    Class, Enumeration, Expression, ExpressionKind, Plan, Rowset, RowsetKind, Scalar, Schema,
    Settings, Type, Value,
    expression::{BinaryOperation, Collection, CollectionOperation as Operation, UnaryOperation},
    functions::{self, Function},
    plan::{JoinKind, WindowFunction},
};

use super::Lake;

/// Fails unless a plan keeps its promises.
#[track_caller]
pub(crate) fn assert_well_typed(plan: &Plan) {
    for (id, rowset) in plan.rowsets() {
        let inputs = inputs(rowset);
        assert!(
            inputs.iter().all(|input| *input < id),
            "{id} refers to a later rowset: {rowset}"
        );
        rowset_is_well_typed(plan, rowset);
    }
    for output in plan.outputs() {
        let schema = &plan[output.input].schema;
        output
            .order_by
            .iter()
            .for_each(|key| well_typed(&key.expression, schema));
        let mut names: Vec<_> = schema.columns().iter().map(|column| &column.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(
            names.len(),
            schema.columns().len(),
            "an output has a name twice: {schema}"
        );
    }
}

fn inputs(rowset: &Rowset) -> Vec<usql_sema::RowsetId> {
    match &rowset.kind {
        RowsetKind::Extract { .. } | RowsetKind::Values { .. } => vec![],
        RowsetKind::Join { left, right, .. } | RowsetKind::SetOperation { left, right, .. } => {
            vec![*left, *right]
        }
        RowsetKind::Filter { input, .. }
        | RowsetKind::Project { input, .. }
        | RowsetKind::Explode { input, .. }
        | RowsetKind::Aggregate { input, .. }
        | RowsetKind::Sort { input, .. }
        | RowsetKind::Window { input, .. }
        | RowsetKind::Distinct { input } => vec![*input],
    }
}

fn rowset_is_well_typed(plan: &Plan, rowset: &Rowset) {
    let nothing = Schema::default();
    let types = |expressions: &[Expression], schema: &Schema| {
        expressions
            .iter()
            .for_each(|expression| well_typed(expression, schema));
        expressions
            .iter()
            .map(|expression| expression.ty)
            .collect::<Vec<_>>()
    };
    let own: Vec<Type> = rowset
        .schema
        .columns()
        .iter()
        .map(|column| column.ty)
        .collect();
    match &rowset.kind {
        RowsetKind::Extract { .. } => {}
        RowsetKind::Values { rows } => {
            rows.iter()
                .for_each(|row| assert_eq!(types(row, &nothing), own));
        }
        RowsetKind::Filter { input, predicate } => {
            well_typed(predicate, &plan[*input].schema);
            assert_eq!(predicate.ty, Type::BOOL);
            assert_eq!(rowset.schema, plan[*input].schema);
        }
        RowsetKind::Project { input, expressions } => {
            assert_eq!(types(expressions, &plan[*input].schema), own);
        }
        RowsetKind::Aggregate {
            input,
            keys,
            aggregates,
        } => {
            let schema = &plan[*input].schema;
            assert_eq!(types(keys, schema), own[..keys.len()]);
            assert_eq!(own.len(), keys.len() + aggregates.len());
            let arguments = aggregates
                .iter()
                .filter_map(|aggregate| aggregate.argument.as_ref());
            arguments.for_each(|argument| well_typed(argument, schema));
        }
        RowsetKind::Explode {
            input,
            collection,
            keeps_empty,
        } => {
            let before = plan[*input].schema.columns();
            well_typed(collection, &plan[*input].schema);
            let element = collection.ty.scalar().element().expect("a collection");
            let made = match element.scalar() {
                Scalar::Pair(key, value) => vec![key.ty(), value.ty()],
                _ => vec![element],
            };
            let before = before.iter().map(|column| column.ty);
            let made = made.into_iter().map(|ty| ty.or_nullable(*keeps_empty));
            assert_eq!(own, before.chain(made).collect::<Vec<_>>());
        }
        RowsetKind::Join {
            kind,
            left,
            right,
            keys,
        } => {
            let (left, right) = (&plan[*left].schema, &plan[*right].schema);
            let width = match kind {
                JoinKind::Semi | JoinKind::AntiSemi => left.columns().len(),
                _ => left.columns().len() + right.columns().len(),
            };
            assert_eq!(own.len(), width);
            for key in keys {
                well_typed(&key.left, left);
                well_typed(&key.right, right);
                assert_eq!(key.left.ty.scalar(), key.right.ty.scalar());
            }
        }
        RowsetKind::Sort { input, keys, .. } => {
            keys.iter()
                .for_each(|key| well_typed(&key.expression, &plan[*input].schema));
            assert_eq!(rowset.schema, plan[*input].schema);
        }
        RowsetKind::Distinct { input } => assert_eq!(rowset.schema, plan[*input].schema),
        RowsetKind::Window { input, windows } => {
            let schema = &plan[*input].schema;
            let width = schema.columns().len();
            assert_eq!(own.len(), width + windows.len());
            assert_eq!(rowset.schema.columns()[..width], *schema.columns());
            for window in windows {
                types(&window.partition_by, schema);
                let keys = window.order_by.iter();
                keys.for_each(|key| well_typed(&key.expression, schema));
                let argument = match &window.function {
                    WindowFunction::Aggregate(aggregate) => aggregate.argument.as_ref(),
                    WindowFunction::FirstValue(argument)
                    | WindowFunction::LastValue(argument)
                    | WindowFunction::Shift { argument, .. } => Some(argument),
                    _ => None,
                };
                argument
                    .iter()
                    .for_each(|argument| well_typed(argument, schema));
            }
        }
        RowsetKind::SetOperation { left, right, .. } => {
            for input in [left, right] {
                let columns = plan[*input].schema.columns();
                assert_eq!(columns.len(), own.len());
                for (column, own) in columns.iter().zip(&own) {
                    assert_eq!(column.ty.scalar(), own.scalar());
                }
            }
        }
    }
}

fn well_typed(expression: &Expression, schema: &Schema) {
    well_typed_within(expression, schema, &[]);
}

/// The same inside lambdas whose parameters have these types.
fn well_typed_within(expression: &Expression, schema: &Schema, parameters: &[Type]) {
    let own = match &expression.kind {
        ExpressionKind::Collection(collection) => {
            for operand in &collection.operands {
                well_typed_within(operand, schema, parameters);
            }
            for lambda in &collection.lambdas {
                let types = parameter_types(collection, expression.ty);
                let mut inner = parameters[..lambda.first].to_vec();
                inner.extend(&types[..lambda.arity]);
                well_typed_within(&lambda.body, schema, &inner);
            }
            collection_is_well_typed(collection, expression.ty)
        }
        ExpressionKind::Parameter(number) => widens(parameters[*number], expression.ty),
        _ => {
            for child in expression.children() {
                well_typed_within(child, schema, parameters);
            }
            is_well_typed(expression, schema)
        }
    };
    assert!(own, "{expression} is no {}", expression.ty);
}

/// What the parameters of an operation's lambdas are.
fn parameter_types(collection: &Collection, ty: Type) -> Vec<Type> {
    let operands = collection.operands.iter().map(|operand| operand.ty);
    let element = |operand: usize| {
        let scalar = collection.operands[operand].ty.scalar();
        scalar.element().expect("the operand is a collection")
    };
    match collection.operation {
        Operation::Let => operands.collect(),
        Operation::Zip => vec![element(0), element(1)],
        Operation::Aggregate => vec![ty, element(0)],
        _ => vec![element(0), Type::of(Scalar::Int)],
    }
}

fn collection_is_well_typed(collection: &Collection, ty: Type) -> bool {
    let element = |ty: Type| ty.scalar().element();
    let operands: Vec<Type> = collection.operands.iter().map(|each| each.ty).collect();
    let bodies: Vec<Type> = collection.lambdas.iter().map(|each| each.body.ty).collect();
    let source = operands.first().copied().and_then(element);
    let keeps = source.is_some() && element(ty) == source;
    match &collection.operation {
        Operation::List => operands.iter().all(|operand| {
            let element = element(ty).expect("a list is a collection");
            operand.scalar() == element.scalar()
        }),
        Operation::Pair => match ty.scalar() {
            Scalar::Pair(key, value) => operands == [key.ty(), value.ty()],
            _ => false,
        },
        Operation::Record => match ty.scalar() {
            Scalar::Record(record) => {
                let fields = record.fields().iter().map(|(_, ty)| *ty);
                operands == fields.collect::<Vec<_>>()
            }
            _ => false,
        },
        Operation::Field(position) => match operands[0].scalar() {
            Scalar::Record(record) => record.fields()[*position].1 == ty,
            _ => false,
        },
        Operation::Where | Operation::SkipWhile | Operation::TakeWhile => {
            keeps && bodies == [Type::BOOL]
        }
        Operation::Select | Operation::Zip => source.is_some() && element(ty) == Some(bodies[0]),
        Operation::SelectMany => source.is_some() && element(ty) == element(bodies[0]),
        Operation::OrderBy(directions) => keeps && directions.len() == bodies.len(),
        Operation::Aggregate => source.is_some() && bodies == [ty],
        Operation::Let => bodies == [ty],
        Operation::First(_) | Operation::Last(_) | Operation::Single(_) => source == Some(ty),
        Operation::Concat | Operation::Except | Operation::Intersect => {
            keeps && element(operands[1]) == source
        }
        Operation::Distinct | Operation::Reverse | Operation::Present | Operation::ToMap(_) => {
            keeps
        }
        Operation::Skip | Operation::Take => keeps && operands[1] == Type::of(Scalar::Int),
        Operation::Count => source.is_some() && ty == Type::of(Scalar::Int),
        Operation::Contains | Operation::ContainsKey | Operation::SequenceEqual => {
            source.is_some() && ty == Type::BOOL
        }
        Operation::Join => source == Some(Type::STRING) && ty == Type::STRING,
        // The others are shown by their results.
        _ => true,
    }
}

fn is_well_typed(expression: &Expression, schema: &Schema) -> bool {
    let ty = expression.ty;
    let same = |operand: &Expression| operand.ty.scalar() == ty.scalar();
    let holds = |operand: &Expression| ty.is_nullable() || !operand.ty.is_nullable();
    let is = |natural: Type| widens(natural, ty);
    match &expression.kind {
        ExpressionKind::Column(position) => {
            let column = schema.columns()[*position].ty;
            is(column)
        }
        ExpressionKind::Constant(Value::Null) => ty.is_nullable(),
        ExpressionKind::Constant(value) => value.scalar() == Some(ty.scalar()),
        ExpressionKind::Convert { operand, .. } => {
            let takes_null_away = operand.ty.is_nullable() && !ty.is_nullable();
            let has_number =
                |ty: Type| ty.scalar().is_numeric() || matches!(ty.scalar(), Scalar::Enum(_));
            let numbers = has_number(operand.ty) && has_number(ty);
            if same(operand) {
                takes_null_away
            } else {
                numbers || ty == Type::STRING
            }
        }
        ExpressionKind::Unary { operation, operand } => {
            let is_bool = *operation == UnaryOperation::Not;
            is(operand.ty) && is_bool == (ty.scalar() == Scalar::Bool)
        }
        ExpressionKind::Binary {
            operation,
            scalar,
            left,
            right,
        } => binary_is_well_typed(*operation, *scalar, (left, right), ty),
        ExpressionKind::Conditional {
            condition,
            then,
            otherwise,
        } => {
            let branches = [then, otherwise];
            condition.ty == Type::BOOL
                && branches.iter().all(|branch| same(branch) && holds(branch))
        }
        ExpressionKind::Coalesce { left, right } => {
            left.ty.is_nullable() && same(left) && is(right.ty)
        }
        ExpressionKind::IsNull(operand) => operand.ty.is_nullable() && is(Type::BOOL),
        ExpressionKind::In { operand, list } => {
            let same = |item: &Expression| item.ty.scalar() == operand.ty.scalar();
            is(Type::BOOL) && !list.is_empty() && list.iter().all(same)
        }
        ExpressionKind::Like {
            operand, pattern, ..
        } => ty == Type::BOOL && operand.ty == Type::STRING && pattern.ty == Type::STRING,
        ExpressionKind::Collection(_) | ExpressionKind::Parameter(_) => {
            unreachable!("what needs the types of parameters has been looked at")
        }
        ExpressionKind::Call {
            function,
            arguments,
        } => {
            let mut signatures = functions::all().flat_map(Function::overloads);
            let signature = signatures
                .find(|signature| signature.id() == *function)
                .expect("a call is of a registered function");
            let parameters = signature.parameters();
            let mut pairs = arguments.iter().zip(parameters);
            arguments.len() == parameters.len()
                && pairs.all(|(argument, parameter)| argument.ty == *parameter)
                && is(signature.result())
        }
    }
}

/// Whether a node whose operation yields `natural` may have the type `ty`: null may be among its values in addition.
fn widens(natural: Type, ty: Type) -> bool {
    natural.scalar() == ty.scalar() && (ty.is_nullable() || !natural.is_nullable())
}

fn binary_is_well_typed(
    operation: BinaryOperation,
    scalar: Scalar,
    (left, right): (&Expression, &Expression),
    ty: Type,
) -> bool {
    use BinaryOperation::{
        Add, After, And, AndAlso, Before, Between, BitAnd, BitOr, BitXor, Concat, Divide, Equal,
        Greater, GreaterOrEqual, Less, LessOrEqual, Multiply, NotEqual, Or, OrElse, Remainder,
        ShiftLeft, ShiftRight, Subtract,
    };
    let both = left.ty.scalar() == scalar && right.ty.scalar() == scalar;
    let nullable = left.ty.is_nullable() || right.ty.is_nullable();
    let lifted = widens(Type::of(scalar).or_nullable(nullable), ty);
    let is_bool = widens(Type::BOOL, ty);
    let promoted = scalar.is_numeric()
        && !matches!(
            scalar,
            Scalar::SByte | Scalar::Byte | Scalar::Short | Scalar::UShort | Scalar::Char
        );
    match operation {
        Add(_) | Subtract(_) if scalar == Scalar::TimeSpan => both && lifted,
        After | Before => {
            left.ty.scalar() == scalar
                && right.ty.scalar() == Scalar::TimeSpan
                && scalar == Scalar::DateTime
                && lifted
        }
        Between => {
            both && scalar == Scalar::DateTime
                && widens(Type::of(Scalar::TimeSpan).or_nullable(nullable), ty)
        }
        Add(_) | Subtract(_) | Multiply(_) | Divide | Remainder => both && promoted && lifted,
        ShiftLeft | ShiftRight => {
            left.ty.scalar() == scalar
                && right.ty.scalar() == Scalar::Int
                && scalar.is_integer()
                && promoted
                && lifted
        }
        BitAnd | BitOr | BitXor => {
            both && lifted
                && (matches!(scalar, Scalar::Bool | Scalar::Enum(_))
                    || promoted && scalar.is_integer())
        }
        Concat => both && scalar == Scalar::String && ty == Type::STRING,
        Equal | NotEqual => both && is_bool && (promoted || !scalar.is_numeric()),
        Less | LessOrEqual | Greater | GreaterOrEqual => {
            both && is_bool
                && (promoted
                    || matches!(
                        scalar,
                        Scalar::DateTime | Scalar::TimeSpan | Scalar::Enum(_)
                    ))
        }
        And | Or | AndAlso | OrElse => left.ty == Type::BOOL && right.ty == Type::BOOL && is_bool,
    }
}

/// A small generator of pseudo-random numbers; the seed is the test's.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % sides as u64).expect("less than the number of sides")
    }

    fn pick<'a>(&mut self, choices: &[&'a str]) -> &'a str {
        choices[self.roll(choices.len())]
    }
}

const LEAVES: [&str; 42] = [
    "b",
    "bn",
    "i8",
    "u8",
    "i16",
    "u16",
    "i",
    "n",
    "u",
    "l",
    "ln",
    "ul",
    "c",
    "f",
    "d",
    "dn",
    "m",
    "mn",
    "s",
    "s2",
    "t",
    "tn",
    "g",
    "null",
    "1",
    "0",
    "-7",
    "2L",
    "3u",
    "4UL",
    "1.5",
    "2.5f",
    "1.10m",
    "\"x\"",
    "'y'",
    "true",
    "false",
    "2147483647",
    "(int?) null",
    "DateTime.MinValue",
    "TimeSpan.Zero",
    "DayOfWeek.Monday",
];
const OPERATORS: [&str; 24] = [
    "+", "-", "*", "/", "%", "<<", ">>", "&", "|", "^", "==", "!=", "<", "<=", ">", ">=", "&&",
    "||", "AND", "OR", "??", "+", "==", "*",
];
const TYPES: [&str; 15] = [
    "int",
    "int?",
    "long",
    "byte",
    "char",
    "double?",
    "decimal",
    "float",
    "bool",
    "bool?",
    "string",
    "ulong",
    "DateTime?",
    "sbyte?",
    "DayOfWeek",
];

/// An expression of some depth; most are errors, many are not.
fn expression(dice: &mut Dice, depth: usize) -> String {
    if depth == 0 {
        return dice.pick(&LEAVES).to_owned();
    }
    let mut part = || expression(dice, depth - 1);
    let (a, b, c) = (part(), part(), part());
    match dice.roll(14) {
        0..=5 => format!("({a} {} {b})", dice.pick(&OPERATORS)),
        6 => format!("({} {a})", dice.pick(&["-", "!", "~", "+", "NOT"])),
        7 => format!("(({}) {a})", dice.pick(&TYPES)),
        8 => format!("({a} ? {b} : {c})"),
        9 => format!("({a} IN ({b}, {c}))"),
        10 => format!("({a} BETWEEN {b} AND {c})"),
        11 => format!("({a} IS NOT NULL)"),
        12 => format!(
            "({a}).{}",
            dice.pick(&["ToString()", "Value", "HasValue", "Length", "Year"])
        ),
        _ => format!(
            "{}({a})",
            dice.pick(&[
                "checked",
                "Math.Abs",
                "Convert.ToInt32",
                "string.IsNullOrEmpty"
            ])
        ),
    }
}

#[test]
fn random_expressions_are_refused_or_well_typed() {
    let mut dice = Dice(0x5eed);
    let mut accepted = 0;
    for round in 0..2_500 {
        let expression = expression(&mut dice, 1 + round % 3);
        let script = super::select_script(&format!("{expression} AS x"));
        let parse = usql_syntax::parse(&script);
        assert!(parse.diagnostics().is_empty(), "{expression}");
        if let Ok(plan) = usql_sema::check(&parse, &Lake(Settings::default())) {
            accepted += 1;
            assert_well_typed(&plan);
        }
    }
    assert!(accepted > 300, "only {accepted} expressions were accepted");
}

#[test]
fn every_registered_function_can_be_called() {
    use usql_sema::functions::FunctionKind;
    for function in functions::all() {
        for signature in function.overloads() {
            let values = signature
                .parameters()
                .iter()
                .map(|parameter| value_of(*parameter));
            let mut values: Vec<&str> = values.collect();
            let (owner, name) = (function.owner(), function.name());
            let call = match function.kind() {
                FunctionKind::Static => format!("{owner}.{name}({})", values.join(", ")),
                FunctionKind::StaticProperty => format!("{owner}.{name}"),
                FunctionKind::Constructor => format!("new {owner}({})", values.join(", ")),
                FunctionKind::Property => format!("{}.{name}", values[0]),
                FunctionKind::Attempt => {
                    format!(
                        "((Func<string, {owner}?>) (q => {{ {owner} y; {owner}.{name}(q, out y); return y; }}))({})",
                        values[0]
                    )
                }
                FunctionKind::Indexer => format!("{}[{}]", values[0], values[1]),
                FunctionKind::Method => {
                    format!("{}.{name}({})", values.remove(0), values.join(", "))
                }
            };
            // What no column may be is looked at where it stands.
            let ty = match signature.result().scalar().is_column_type() {
                true => signature.result(),
                false => Type::BOOL,
            };
            let call = match ty == signature.result() {
                true => call,
                false => format!("{call} == null"),
            };
            // A query about the rows that says nothing of them: not every type may be written to a file.
            let script = super::select_script(&format!("{call} AS x"))
                .replace("OUTPUT @q", "@one = SELECT 1 AS one FROM @q;\nOUTPUT @one");
            let plan = usql_sema::check(&usql_syntax::parse(&script), &Lake(Settings::default()));
            let plan = plan.unwrap_or_else(|errors| panic!("{call}: {}", errors[0]));
            assert_well_typed(&plan);
            let RowsetKind::Project { input, .. } = plan[plan.outputs()[0].input].kind else {
                panic!("a SELECT is a projection");
            };
            let called = &plan[input];
            assert_eq!(called.schema.columns()[0].ty, ty, "{call}");
            let is_chosen = plan.to_string().contains(&format!("`{}`", signature.id()));
            assert!(
                is_chosen || signature.parameters().is_empty(),
                "{call} is another overload"
            );
        }
    }
}

/// A column of a type, so that nothing can be computed in advance.
fn value_of(ty: Type) -> &'static str {
    match ty.scalar() {
        Scalar::Bool => "b",
        Scalar::SByte => "i8",
        Scalar::Byte => "u8",
        Scalar::Short => "i16",
        Scalar::UShort => "u16",
        Scalar::Int => "i",
        Scalar::UInt => "u",
        Scalar::Long => "l",
        Scalar::ULong => "ul",
        Scalar::Char => "c",
        Scalar::Float => "f",
        Scalar::Double => "d",
        Scalar::Decimal => "m",
        Scalar::String => "s",
        Scalar::Bytes => "x",
        Scalar::Guid => "g",
        Scalar::DateTime => "t",
        Scalar::TimeSpan => "(t - t)",
        Scalar::Enum(Enumeration::DateTimeKind) => "(DateTimeKind) i",
        Scalar::Enum(Enumeration::DayOfWeek) => "t.DayOfWeek",
        Scalar::Enum(Enumeration::MidpointRounding) => "(MidpointRounding) i",
        Scalar::Enum(Enumeration::RegexOptions) => "(RegexOptions) i",
        Scalar::Enum(Enumeration::StringComparison) => "(StringComparison) i",
        Scalar::Class(Class::Regex) => "new Regex(s)",
        Scalar::Class(Class::Match) => "Regex.Match(s, s)",
        Scalar::Class(Class::Group) => "Regex.Match(s, s).Groups[i]",
        Scalar::Class(Class::MatchCollection) => "Regex.Matches(s, s)",
        Scalar::Class(Class::GroupCollection) => "Regex.Match(s, s).Groups",
        composite => unreachable!("no function of the registry takes a {composite}"),
    }
}
