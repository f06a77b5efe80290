//! Computing while compiling what the engine would compute for every row alike.
//!
//! The rules of C# fold what its compiler folds. U-SQL goes further: `DateTime.Parse("2012-02-16")` is a constant too.
//! The functions are the engine's, so the engine is asked, through the [`CompileEnvironment`](crate::CompileEnvironment).

use crate::{
    checker::Checker,
    csharp::constant,
    expression::{Expression, ExpressionKind},
    types::Scalar,
    value::Value,
};

/// What gives another value each time; the reference excepts them by name.
const CHANGING: [&str; 5] = [
    "DateTime.Now",
    "DateTime.UtcNow",
    "DateTime.Today",
    "Guid.NewGuid()",
    "Environment.TickCount",
];

/// The most text that goes into a result which is text, and the largest number: results grow with the product of
/// arguments, as those of `Replace` and `PadLeft` do. What is larger is left to the run.
const MAX_TEXT: usize = 4096;

impl Checker<'_> {
    /// The expression with every part that has a value already in the form of that value.
    pub(crate) fn folded(&self, mut expression: Expression) -> Expression {
        for child in expression.children_mut() {
            if !matches!(
                child.kind,
                ExpressionKind::Constant(_)
                    | ExpressionKind::Column(_)
                    | ExpressionKind::Parameter(_)
            ) {
                *child = self.folded(child.clone());
            }
        }
        self.folded_once(expression)
    }

    /// As [`folded`](Self::folded), of an expression whose operands are folded.
    pub(crate) fn folded_once(&self, expression: Expression) -> Expression {
        if !is_foldable(&expression) {
            return expression;
        }
        match self.environment.evaluate(&expression) {
            Some(value) => constant(value, expression.ty, expression.location),
            None => expression,
        }
    }
}

/// Whether it is an operation on constants that is worth asking for.
fn is_foldable(expression: &Expression) -> bool {
    match &expression.kind {
        ExpressionKind::Constant(_) | ExpressionKind::Column(_) | ExpressionKind::Parameter(_) => {
            return false;
        }
        // There is no constant of such a type.
        _ if expression.ty.scalar().is_composite() => return false,
        ExpressionKind::Call { function, .. } if CHANGING.contains(&function.as_str()) => {
            return false;
        }
        _ => {}
    }
    let makes_text = matches!(expression.ty.scalar(), Scalar::String | Scalar::Bytes);
    let mut text = 0;
    for child in expression.children() {
        let ExpressionKind::Constant(value) = &child.kind else {
            return false;
        };
        text += match value {
            Value::String(value) => value.len(),
            Value::Bytes(value) => value.len(),
            Value::Int(value) => usize::try_from(*value).unwrap_or(0),
            _ => 0,
        };
    }
    !makes_text || text <= MAX_TEXT
}
