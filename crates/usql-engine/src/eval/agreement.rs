//! The evaluation by batches agrees with a second evaluator that takes one row at a time.

mod calls;
mod decimal;
mod generator;
mod numbers;
mod row;
mod text;

use std::fmt::Write as _;

use usql_sema::{CompileEnvironment, FileInfo, LakePath, Plan, RowsetKind};

use super::*;
use generator::{COLUMNS, Dice};
use row::Stop;

struct NoFiles;

impl CompileEnvironment for NoFiles {
    fn file(&self, _: &LakePath) -> Option<FileInfo> {
        Some(FileInfo::of_length(0))
    }
}

fn plan(item: &str) -> Option<Plan> {
    let columns = COLUMNS.map(|(name, scalar, nullable)| {
        let name = generator::in_script(name);
        format!("{name} {}", generator::column_type(scalar, nullable))
    });
    let script = format!(
        "@in = EXTRACT {} FROM \"/in.csv\" USING Extractors.Csv();\n\
         @r = SELECT {item} AS x FROM @in;\n\
         OUTPUT @r TO \"/out.csv\" USING Outputters.Csv();",
        columns.join(", ")
    );
    let parse = usql_syntax::parse(&script);
    assert!(
        parse.diagnostics().is_empty(),
        "{item}: {:?}",
        parse.diagnostics()
    );
    usql_sema::check(&parse, &NoFiles).ok()
}

/// The checked form of an expression, if it has one.
fn checked(item: &str) -> Option<Expression> {
    let plan = plan(item)?;
    match &plan[plan.outputs()[0].input].kind {
        RowsetKind::Project { expressions, .. } => Some(expressions[0].clone()),
        other => panic!("{item}: a SELECT is a projection, and not {other:?}"),
    }
}

/// Rows as the engine takes them.
fn batch(rows: &[Vec<Value>]) -> Rows {
    let columns = COLUMNS
        .iter()
        .enumerate()
        .map(|(position, (_, scalar, _))| {
            let values = rows
                .iter()
                .map(|row| storage::scalar_value(&row[position], *scalar));
            if rows.is_empty() {
                return new_empty_array(&storage::data_type(*scalar));
            }
            ScalarValue::iter_to_array(values).unwrap()
        });
    Rows::new(
        columns.collect(),
        (0..COLUMNS.len()).collect(),
        rows.len(),
        0,
    )
}

/// A value so that two are equal if nothing tells them apart: -0 is not 0, 1.0 not 1.00, and NaN is NaN.
fn shown(value: &ScalarValue) -> String {
    match value {
        ScalarValue::Float64(Some(x)) if !x.is_nan() => format!("{:016x} ({x:?})", x.to_bits()),
        ScalarValue::Float32(Some(x)) if !x.is_nan() => format!("{:08x} ({x:?})", x.to_bits()),
        other => format!("{other:?}"),
    }
}

/// What the engine says of these rows: a text for each value, or the error.
fn evaluated(
    expression: &Expression,
    rows: &[Vec<Value>],
) -> std::result::Result<Vec<String>, String> {
    let array = evaluate(expression, &batch(rows)).map_err(|error| error.to_string())?;
    assert_eq!(array.len(), rows.len(), "{expression}: a value a row");
    let ty = expression.ty;
    assert_eq!(
        array.data_type(),
        &storage::data_type(ty.scalar()),
        "{expression}"
    );
    assert!(
        ty.is_nullable() || array.null_count() == 0,
        "{expression} has null"
    );
    let values = (0..array.len()).map(|row| ScalarValue::try_from_array(&array, row).unwrap());
    Ok(values.map(|value| shown(&value)).collect())
}

/// How the evaluators differ over these rows.
fn disagreements(expression: &Expression, rows: &[Vec<Value>]) -> Vec<String> {
    let scalar = expression.ty.scalar();
    let mut told = Vec::new();
    let mut good = Vec::new();
    let mut expected = Vec::new();
    for row in rows {
        match row::value(expression, row) {
            Ok(value) => {
                good.push(row.clone());
                expected.push(shown(&storage::scalar_value(&value, scalar)));
            }
            Err(Stop::Raises(class)) => {
                let error = evaluated(expression, std::slice::from_ref(row));
                if !error.as_ref().is_err_and(|error| error.contains(class)) {
                    told.push(format!(
                        "{class} is right, and not {error:?}, of {}",
                        listed(row, expression)
                    ));
                }
            }
            Err(Stop::Unjudged) => {}
        }
    }
    match evaluated(expression, &good) {
        Ok(values) => {
            for ((row, ours), right) in good.iter().zip(values).zip(expected.iter()) {
                if ours != *right {
                    told.push(format!(
                        "{right} is right, and not {ours}, of {}",
                        listed(row, expression)
                    ));
                }
            }
        }
        Err(error) => told.push(format!("no row raises, and yet: {error}")),
    }
    let single = good.first().map(std::slice::from_ref).unwrap_or_default();
    if evaluated(expression, single).ok().as_deref() != Some(&expected[..single.len()]) {
        told.push("one row alone is something else".to_owned());
    }
    if evaluated(expression, &[]).is_err() {
        told.push("no rows at all raise".to_owned());
    }
    told
}

/// The columns that an expression reads, with their values.
fn listed(row: &[Value], expression: &Expression) -> String {
    let mut text = String::new();
    let mut open = vec![expression];
    while let Some(expression) = open.pop() {
        if let ExpressionKind::Column(position) = expression.kind {
            write!(text, "{} = {:?} ", COLUMNS[position].0, row[position]).unwrap();
        }
        open.extend(expression.children());
    }
    text
}

#[test]
fn batches_agree_with_single_rows() {
    let mut dice = Dice(0x0051_ab5e_ed00_0001);
    let rows: Vec<Vec<Value>> = (0..60).map(|_| dice.row()).collect();
    let (mut accepted, mut told) = (0, Vec::new());
    for round in 0..3_000 {
        let item = dice.expression(1 + round % 3);
        let Some(expression) = checked(&item) else {
            continue;
        };
        accepted += 1;
        let found = disagreements(&expression, &rows);
        if let Some(first) = found.first() {
            told.push(format!("{item}\n    {} times; {first}", found.len()));
        }
    }
    assert!(
        told.is_empty(),
        "{} of {accepted}:\n{}",
        told.len(),
        told.join("\n")
    );
    assert!(accepted > 500, "only {accepted} expressions compile");
}

/// An expression with the values of a row in the place of its columns.
fn with_constants(item: &str, row: &[Value]) -> String {
    let mut text = item.to_owned();
    for ((name, scalar, nullable), value) in COLUMNS.iter().zip(row) {
        let literal = generator::literal(value, generator::column_type(*scalar, *nullable));
        text = text.replace(&generator::in_script(name), &literal);
    }
    text
}

#[test]
fn constants_are_folded_to_what_a_row_would_give() {
    let mut dice = Dice(0x0051_ab5e_ed00_0002);
    let (mut folded, mut computed, mut told) = (0, 0, Vec::new());
    for round in 0..3_000 {
        let item = dice.expression(1 + round % 3);
        let row = dice.row();
        let constant = with_constants(&item, &row);
        // What overflows is an error where it is constant, and other conversions are allowed there.
        let (Some(expression), Some(of_constants)) = (checked(&item), checked(&constant)) else {
            continue;
        };
        let Ok(right) = row::value(&expression, &row) else {
            continue;
        };
        if expression.ty.scalar() != of_constants.ty.scalar() {
            continue;
        }
        let scalar = expression.ty.scalar();
        let right = shown(&storage::scalar_value(&right, scalar));
        let found = match &of_constants.kind {
            ExpressionKind::Constant(value) => {
                folded += 1;
                Ok(vec![shown(&storage::scalar_value(value, scalar))])
            }
            _ => {
                computed += 1;
                evaluated(&of_constants, std::slice::from_ref(&row))
            }
        };
        if found.as_ref().ok().map(Vec::as_slice) != Some(std::slice::from_ref(&right)) {
            told.push(format!(
                "{constant}\n    {right} is right, and not {found:?}"
            ));
        }
    }
    assert!(
        told.is_empty(),
        "{} of {folded}:\n{}",
        told.len(),
        told.join("\n")
    );
    assert!(
        folded > 200,
        "only {folded} were folded, and {computed} not"
    );
}
