//! What an expression is when some of its columns are known.

use super::constant::{convert_constant, fold_binary, fold_unary, is_exact_zero};
use crate::{
    environment::CompileEnvironment,
    expression::{BinaryOperation, Expression, ExpressionKind, Overflow},
    functions,
    value::Value,
};

/// Computes expressions for given values of some columns.
pub(crate) struct Known<'a> {
    /// Computes what cannot be computed here.
    pub(crate) environment: &'a dyn CompileEnvironment,
    /// The value of a column, if it is known.
    pub(crate) column: &'a dyn Fn(usize) -> Option<Value>,
}

impl Known<'_> {
    /// The value, if the known columns decide it; none also where computing it would raise.
    ///
    /// `AND`, `OR`, `&&` and `||` are decided by one side as soon as it decides: what is unknown on the other side may
    /// raise in a run, but need not.
    pub(crate) fn value(&self, expression: &Expression) -> Option<Value> {
        match &expression.kind {
            ExpressionKind::Column(position) => (self.column)(*position),
            ExpressionKind::Constant(value) => Some(value.clone()),
            ExpressionKind::Convert { operand, overflow } => match self.value(operand)? {
                Value::Null => expression.ty.is_nullable().then_some(Value::Null),
                value => convert_constant(&value, expression.ty.scalar(), *overflow)
                    .or_else(|| self.asked(expression)),
            },
            ExpressionKind::Unary { operation, operand } => {
                fold_unary(*operation, &self.value(operand)?, Overflow::Raise)
            }
            ExpressionKind::Binary {
                operation,
                left,
                right,
                ..
            } => self.binary(expression, *operation, left, right),
            ExpressionKind::Conditional {
                condition,
                then,
                otherwise,
            } => match self.value(condition)? {
                Value::Bool(true) => self.value(then),
                _ => self.value(otherwise),
            },
            ExpressionKind::Coalesce { left, right } => match self.value(left)? {
                Value::Null => self.value(right),
                value => Some(value),
            },
            ExpressionKind::IsNull(operand) => {
                Some(Value::Bool(self.value(operand)? == Value::Null))
            }
            ExpressionKind::In { operand, list } => {
                let operand = self.value(operand)?;
                let mut is_known = true;
                for item in list {
                    match self.value(item) {
                        Some(item) if item == operand => return Some(Value::Bool(true)),
                        Some(_) => {}
                        None => is_known = false,
                    }
                }
                is_known.then_some(Value::Bool(false))
            }
            ExpressionKind::Call {
                function,
                arguments,
            } => {
                let values = arguments.iter().map(|argument| self.value(argument));
                let values: Vec<Value> = values.collect::<Option<_>>()?;
                let mut signatures = functions::all().flat_map(|function| function.overloads());
                let signature = signatures.find(|signature| signature.id() == *function)?;
                signature.fold(&values).or_else(|| self.asked(expression))
            }
            _ => self.asked(expression),
        }
    }

    fn binary(
        &self,
        whole: &Expression,
        operation: BinaryOperation,
        left: &Expression,
        right: &Expression,
    ) -> Option<Value> {
        use BinaryOperation::{And, AndAlso, Divide, Or, OrElse, Remainder};
        let decisive = match operation {
            And | AndAlso => Some(Value::Bool(false)),
            Or | OrElse => Some(Value::Bool(true)),
            _ => None,
        };
        let left = self.value(left);
        if left.is_some() && left == decisive {
            return left;
        }
        let right = self.value(right);
        if right.is_some() && right == decisive {
            return right;
        }
        let (left, right) = (left?, right?);
        if matches!(operation, Divide | Remainder) && is_exact_zero(&right) {
            return None;
        }
        let folded = fold_binary(operation, &left, &right, Overflow::Raise);
        folded.ok()?.or_else(|| self.asked(whole))
    }

    /// Asks the environment, with the known values in the place of the columns.
    fn asked(&self, expression: &Expression) -> Option<Value> {
        let mut expression = expression.clone();
        let mut is_known = true;
        expression.replace(&mut |part| match part.kind {
            ExpressionKind::Column(position) => {
                let value = (self.column)(position);
                is_known &= value.is_some();
                value.map(|value| Expression {
                    kind: ExpressionKind::Constant(value),
                    ..part.clone()
                })
            }
            _ => None,
        });
        if is_known {
            self.environment.evaluate(&expression)
        } else {
            None
        }
    }
}
