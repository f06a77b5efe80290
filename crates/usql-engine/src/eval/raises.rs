//! Which expressions can fail.

use usql_sema::{
    Expression, ExpressionKind, Scalar, Type, Value,
    expression::{BinaryOperation, Overflow, UnaryOperation},
};

/// Whether evaluating an expression can fail for some row.
///
/// What cannot fail may be evaluated for rows that C# would not evaluate it for, which is faster, and may be
/// moved by the optimizer.
pub(super) fn can_raise(expression: &Expression) -> bool {
    let own = match &expression.kind {
        ExpressionKind::Column(_)
        | ExpressionKind::Constant(_)
        | ExpressionKind::Parameter(_)
        | ExpressionKind::Conditional { .. }
        | ExpressionKind::Coalesce { .. }
        | ExpressionKind::IsNull(_)
        | ExpressionKind::In { .. }
        | ExpressionKind::Like { .. } => false,
        ExpressionKind::Convert { operand, overflow } => {
            let (from, to) = (operand.ty, expression.ty);
            (from.is_nullable() && !to.is_nullable())
                || (*overflow == Overflow::Raise && from.scalar() != to.scalar())
                || is_decimal(from) != is_decimal(to)
        }
        ExpressionKind::Unary { operation, .. } => {
            matches!(operation, UnaryOperation::Negate(Overflow::Raise))
        }
        ExpressionKind::Binary {
            operation,
            scalar,
            right,
            ..
        } => binary_can_raise(*operation, *scalar, right),
        ExpressionKind::Call { .. } | ExpressionKind::Collection(_) => true,
    };
    own || expression.children().any(can_raise)
}

fn is_decimal(ty: Type) -> bool {
    ty.scalar() == Scalar::Decimal
}

fn binary_can_raise(operation: BinaryOperation, scalar: Scalar, right: &Expression) -> bool {
    use BinaryOperation as Op;
    match operation {
        Op::Divide | Op::Remainder => match (&right.kind, scalar) {
            (_, Scalar::Float | Scalar::Double) => false,
            // The least integer divided by -1 overflows.
            (ExpressionKind::Constant(Value::Int(divisor)), _) => matches!(divisor, 0 | -1),
            (ExpressionKind::Constant(Value::Long(divisor)), _) => matches!(divisor, 0 | -1),
            _ => true,
        },
        Op::After | Op::Before => true,
        Op::Add(overflow) | Op::Subtract(overflow) | Op::Multiply(overflow) => {
            scalar == Scalar::Decimal || overflow == Overflow::Raise
        }
        _ => false,
    }
}
