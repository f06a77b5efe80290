//! `x + y`, `x == y`, `x && y` and the others.

use usql_syntax::ast::{BinaryOperator, UnaryOperator};

use super::{
    CSharpError, Operand, coalesce, constant,
    constant::{Overflows, fold_binary, is_exact_zero, overflows},
    implicit,
    promotion::{NoPromotion, promoted_alone, promoted_operands, with_types},
    time, to_display_string, type_name, widened,
};
use crate::{
    diagnostics::Location,
    expression::{BinaryOperation, Expression, ExpressionKind, Overflow},
    types::{Scalar, Type},
    value::Value,
};

/// The operation of an operator on numbers or booleans.
const fn operation(operator: BinaryOperator, overflow: Overflow) -> Option<BinaryOperation> {
    Some(match operator {
        BinaryOperator::Add => BinaryOperation::Add(overflow),
        BinaryOperator::Subtract => BinaryOperation::Subtract(overflow),
        BinaryOperator::Multiply => BinaryOperation::Multiply(overflow),
        BinaryOperator::Divide => BinaryOperation::Divide,
        BinaryOperator::Modulo => BinaryOperation::Remainder,
        BinaryOperator::ShiftLeft => BinaryOperation::ShiftLeft,
        BinaryOperator::ShiftRight => BinaryOperation::ShiftRight,
        BinaryOperator::BitAnd => BinaryOperation::BitAnd,
        BinaryOperator::BitOr => BinaryOperation::BitOr,
        BinaryOperator::BitXor => BinaryOperation::BitXor,
        BinaryOperator::Equal => BinaryOperation::Equal,
        BinaryOperator::NotEqual => BinaryOperation::NotEqual,
        BinaryOperator::Less => BinaryOperation::Less,
        BinaryOperator::LessOrEqual => BinaryOperation::LessOrEqual,
        BinaryOperator::Greater => BinaryOperation::Greater,
        BinaryOperator::GreaterOrEqual => BinaryOperation::GreaterOrEqual,
        BinaryOperator::And => BinaryOperation::And,
        BinaryOperator::Or => BinaryOperation::Or,
        BinaryOperator::AndAlso => BinaryOperation::AndAlso,
        BinaryOperator::OrElse => BinaryOperation::OrElse,
        BinaryOperator::Coalesce | BinaryOperator::Assign => return None,
    })
}

/// Types an operator on two operands; constants are computed at once.
///
/// `overflow` is what `checked(..)` or `unchecked(..)` around it says; without either, constants are checked
/// and everything else wraps.
pub(crate) fn binary(
    operator: BinaryOperator,
    left: Operand,
    right: Operand,
    overflow: Option<Overflow>,
    location: Location,
) -> Result<Expression, CSharpError> {
    if operator == BinaryOperator::Coalesce {
        return coalesce(left, right, location);
    }
    let is_string =
        |operand: &Operand| operand.ty().is_some_and(|ty| ty.scalar() == Scalar::String);
    if operator == BinaryOperator::Add && (is_string(&left) || is_string(&right)) {
        return concatenation(left, right, location);
    }
    let types = (left.ty(), right.ty());
    let inapplicable = || inapplicable(operator, types, NoPromotion::Inapplicable);
    let wrap = overflow.unwrap_or(Overflow::Wrap);
    let operation = operation(operator, wrap).ok_or_else(inapplicable)?;
    let pair = with_types(left, right).ok_or_else(inapplicable)?;
    let constants = overflow.unwrap_or(Overflow::Raise);
    Application {
        operator,
        operation,
        types,
        constants,
        location,
    }
    .apply(pair)
}

/// Two operands.
type Pair = (Expression, Expression);

/// An operator at a place, other than `??` and the `+` of strings.
struct Application {
    operator: BinaryOperator,
    operation: BinaryOperation,
    /// The types that the operands came with, for errors.
    types: (Option<Type>, Option<Type>),
    /// What a constant result does that does not fit.
    constants: Overflow,
    location: Location,
}

impl Application {
    fn apply(&self, pair: Pair) -> Result<Expression, CSharpError> {
        match self.operator {
            BinaryOperator::Equal | BinaryOperator::NotEqual => self.equality(pair),
            BinaryOperator::Less
            | BinaryOperator::LessOrEqual
            | BinaryOperator::Greater
            | BinaryOperator::GreaterOrEqual => self.relation(pair),
            BinaryOperator::And
            | BinaryOperator::Or
            | BinaryOperator::AndAlso
            | BinaryOperator::OrElse => self.logic(pair),
            BinaryOperator::ShiftLeft | BinaryOperator::ShiftRight => self.shift(pair),
            BinaryOperator::BitAnd | BinaryOperator::BitOr | BinaryOperator::BitXor => {
                self.bits(pair)
            }
            _ => self.arithmetic(pair),
        }
    }

    /// `+ - * / %` on numbers, and what of it there is for times.
    fn arithmetic(&self, pair: Pair) -> Result<Expression, CSharpError> {
        let (left, right) = (pair.0.ty.scalar(), pair.1.ty.scalar());
        let Some(times) = time::operation(self.operator, left, right) else {
            let scalar = self.numeric(&pair)?;
            return self.lifted(scalar, pair);
        };
        let nullable = pair.0.ty.is_nullable() || pair.1.ty.is_nullable();
        let ty = Type::of(times.result).or_nullable(nullable);
        let application = Self {
            operation: times.operation,
            ..*self
        };
        application.computed(times.scalar, pair, ty)
    }

    /// `==` and `!=`: numbers after promotion, everything else with its like. With `null` it asks for null.
    fn equality(&self, pair: Pair) -> Result<Expression, CSharpError> {
        let (left, right) = (pair.0.ty.scalar(), pair.1.ty.scalar());
        let is_alike = left == right && !left.is_numeric();
        let scalar = if is_alike { left } else { self.numeric(&pair)? };
        let is_null = |side: &Expression| side.kind == ExpressionKind::Constant(Value::Null);
        let asked = match pair {
            (left, right) if !is_null(&left) && is_null(&right) => left,
            (left, right) if is_null(&left) && !is_null(&right) => right,
            // C# would compare references, which values that pass through files and sorts do not have.
            (one, _) if left.is_composite() && !is_null(&one) => {
                return Err(self.inapplicable(NoPromotion::Inapplicable));
            }
            pair => return self.converted(scalar, pair, Type::BOOL),
        };
        let test = null_test(asked, self.location);
        match self.operator {
            BinaryOperator::Equal => Ok(test),
            _ => super::unary(UnaryOperator::Not, test.into(), None, self.location),
        }
    }

    /// `<` and its like: numbers, times with times, and spans with spans.
    fn relation(&self, pair: Pair) -> Result<Expression, CSharpError> {
        let (left, right) = (pair.0.ty.scalar(), pair.1.ty.scalar());
        let has_order = matches!(left, Scalar::DateTime | Scalar::TimeSpan | Scalar::Enum(_));
        let scalar = if has_order && left == right {
            left
        } else {
            self.numeric(&pair)?
        };
        self.converted(scalar, pair, Type::BOOL)
    }

    /// `&&` and its like: `bool`, and never `bool?`.
    fn logic(&self, pair: Pair) -> Result<Expression, CSharpError> {
        if pair.0.ty == Type::BOOL && pair.1.ty == Type::BOOL {
            self.computed(Scalar::Bool, pair, Type::BOOL)
        } else {
            Err(self.inapplicable(NoPromotion::Inapplicable))
        }
    }

    /// `&`, `|`, `^` on integers, on `bool?` or on sets of an enumeration.
    fn bits(&self, pair: Pair) -> Result<Expression, CSharpError> {
        let (left, right) = (pair.0.ty.scalar(), pair.1.ty.scalar());
        if left == right && matches!(left, Scalar::Bool | Scalar::Enum(_)) {
            return self.lifted(left, pair);
        }
        let scalar = self.numeric(&pair)?;
        if !scalar.is_integer() {
            return Err(self.inapplicable(NoPromotion::Inapplicable));
        }
        self.lifted(scalar, pair)
    }

    /// `x << n`: the left side is promoted alone, the right side has to be an `int`.
    fn shift(&self, (left, right): Pair) -> Result<Expression, CSharpError> {
        let inapplicable = || self.inapplicable(NoPromotion::Inapplicable);
        let scalar = promoted_alone(left.ty.scalar()).filter(|scalar| scalar.is_integer());
        let scalar = scalar.ok_or_else(inapplicable)?;
        let value = Type::of(scalar).or_nullable(left.ty.is_nullable());
        let count = Type::of(Scalar::Int).or_nullable(right.ty.is_nullable());
        let right = implicit(right.into(), count).map_err(|_| inapplicable())?;
        let left = widened(left, value);
        let result = value.or_nullable(count.is_nullable());
        self.computed(scalar, (left, right), result)
    }

    /// The type in which two numbers meet, or why they do not.
    fn numeric(&self, pair: &Pair) -> Result<Scalar, CSharpError> {
        promoted_operands(&pair.0, &pair.1).map_err(|reason| self.inapplicable(reason))
    }

    /// Applies the operation in a scalar; the result is of that scalar, and nullable if an operand is.
    fn lifted(&self, scalar: Scalar, pair: Pair) -> Result<Expression, CSharpError> {
        let nullable = pair.0.ty.is_nullable() || pair.1.ty.is_nullable();
        self.converted(scalar, pair, Type::of(scalar).or_nullable(nullable))
    }

    /// Converts both operands to a scalar and applies the operation.
    fn converted(&self, scalar: Scalar, pair: Pair, ty: Type) -> Result<Expression, CSharpError> {
        let side = |side: Expression| {
            let ty = Type::of(scalar).or_nullable(side.ty.is_nullable());
            widened(side, ty)
        };
        self.computed(scalar, (side(pair.0), side(pair.1)), ty)
    }

    /// Applies the operation to operands of its scalar; computes it when both are constants.
    fn computed(&self, scalar: Scalar, pair: Pair, ty: Type) -> Result<Expression, CSharpError> {
        let (left, right) = pair;
        let operation = self.operation;
        if let ExpressionKind::Constant(divisor) = &right.kind
            && matches!(
                operation,
                BinaryOperation::Divide | BinaryOperation::Remainder
            )
            && is_exact_zero(divisor)
        {
            return Err(CSharpError::new(20, "Division by constant zero"));
        }
        if let (ExpressionKind::Constant(a), ExpressionKind::Constant(b)) =
            (&left.kind, &right.kind)
        {
            match fold_binary(operation, a, b, self.constants) {
                Ok(Some(value)) => return Ok(constant(value, ty, self.location)),
                Ok(None) => {}
                Err(Overflows) => return Err(overflows()),
            }
        }
        let (left, right) = (Box::new(left), Box::new(right));
        let kind = ExpressionKind::Binary {
            operation,
            scalar,
            left,
            right,
        };
        Ok(Expression {
            kind,
            ty,
            location: self.location,
        })
    }

    fn inapplicable(&self, why: NoPromotion) -> CSharpError {
        inapplicable(self.operator, self.types, why)
    }
}

/// Whether an expression is null; known at once where its type excludes it.
fn null_test(operand: Expression, location: Location) -> Expression {
    let known = match &operand.kind {
        ExpressionKind::Constant(value) => Some(*value == Value::Null),
        _ if !operand.ty.is_nullable() => Some(false),
        _ => None,
    };
    match known {
        Some(known) => constant(Value::Bool(known), Type::BOOL, location),
        None => {
            let kind = ExpressionKind::IsNull(Box::new(operand));
            Expression {
                kind,
                ty: Type::BOOL,
                location,
            }
        }
    }
}

/// The longest string of U-SQL, in bytes.
const MAX_STRING: usize = 131_072;

/// `string + anything`: both sides as text; null is empty.
fn concatenation(
    left: Operand,
    right: Operand,
    location: Location,
) -> Result<Expression, CSharpError> {
    let types = (left.ty(), right.ty());
    let has_text = |ty: Option<Type>| ty.is_none_or(|ty| !ty.scalar().is_composite());
    if !has_text(types.0) || !has_text(types.1) {
        return Err(inapplicable(
            BinaryOperator::Add,
            types,
            NoPromotion::Inapplicable,
        ));
    }
    let text = |operand| match operand {
        Operand::Typed(expression) => to_display_string(expression),
        Operand::Null(location) => constant(Value::Null, Type::STRING, location),
    };
    let pair = (text(left), text(right));
    let length = |side: &Expression| match &side.kind {
        ExpressionKind::Constant(Value::String(text)) => text.len(),
        _ => 0,
    };
    if length(&pair.0) + length(&pair.1) > MAX_STRING {
        let text = "Length of String constant exceeds current memory limit";
        return Err(CSharpError::new(8095, text));
    }
    let concatenation = Application {
        operator: BinaryOperator::Add,
        operation: BinaryOperation::Concat,
        types,
        constants: Overflow::Raise,
        location,
    };
    concatenation.computed(Scalar::String, pair, Type::STRING)
}

fn inapplicable(
    operator: BinaryOperator,
    (left, right): (Option<Type>, Option<Type>),
    why: NoPromotion,
) -> CSharpError {
    let (left, right) = (type_name(left), type_name(right));
    let symbol = operator.text();
    match why {
        NoPromotion::Inapplicable => CSharpError::new(
            19,
            format!(
                "Operator '{symbol}' cannot be applied to operands of type '{left}' and '{right}'"
            ),
        ),
        NoPromotion::Ambiguous => CSharpError::new(
            34,
            format!("Operator '{symbol}' is ambiguous on operands of type '{left}' and '{right}'"),
        ),
    }
}
