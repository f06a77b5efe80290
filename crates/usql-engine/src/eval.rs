//! Evaluating checked expressions over Arrow arrays, with C#'s semantics.
//!
//! DataFusion's own expressions follow SQL: null in comparisons, no order of evaluation, another string and
//! number library. So an expression of the plan becomes *one* function that DataFusion calls with the columns
//! it needs ([`formula`]); inside, this module walks the expression with a whole batch at a time.
//!
//! A branch that may raise (the right of `&&`, a branch of `?:`) sees only the rows that C# would evaluate it for.

#[cfg(test)]
mod agreement;
mod arithmetic;
mod branch;
mod clock;
mod collections;
mod compare;
mod convert;
pub(crate) mod decimals;
mod formula;
mod functions;
mod like;
mod raises;
mod strings;

pub(crate) use clock::RunClock;
pub(crate) use formula::{DecimalKey, Formula};

use std::sync::Arc;

use datafusion::{
    arrow::{
        array::{
            Array, ArrayRef, AsArray, BooleanArray, Datum, Scalar as ScalarDatum, UInt32Array,
            new_empty_array, new_null_array,
        },
        compute,
        datatypes::DataType,
        error::ArrowError,
    },
    common::ScalarValue,
};
use usql_sema::{Expression, ExpressionKind, Location, Scalar, Value, expression::BinaryOperation};

use crate::{error::RuntimeError, storage};

/// What .NET would have thrown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Exception {
    class: &'static str,
    message: String,
}

impl Exception {
    fn new(class: &'static str, message: impl Into<String>) -> Self {
        Self {
            class,
            message: message.into(),
        }
    }

    fn overflow() -> Self {
        Self::new(
            "OverflowException",
            "Arithmetic operation resulted in an overflow.",
        )
    }

    fn divide_by_zero() -> Self {
        Self::new("DivideByZeroException", "Attempted to divide by zero.")
    }

    fn null_reference() -> Self {
        Self::new(
            "NullReferenceException",
            "Object reference not set to an instance of an object.",
        )
    }

    fn argument_null() -> Self {
        Self::new("ArgumentNullException", "Value cannot be null.")
    }

    fn no_value() -> Self {
        Self::new(
            "InvalidOperationException",
            "Nullable object must have a value.",
        )
    }
}

/// Why an expression has no value. Exceptions get their place in the script when they leave the expression.
#[derive(Debug)]
pub(crate) enum Failure {
    Exception(Exception),
    Error(RuntimeError),
}

impl From<Exception> for Failure {
    fn from(exception: Exception) -> Self {
        Self::Exception(exception)
    }
}

impl From<RuntimeError> for Failure {
    fn from(error: RuntimeError) -> Self {
        Self::Error(error)
    }
}

impl From<ArrowError> for Failure {
    fn from(error: ArrowError) -> Self {
        match error {
            ArrowError::DivideByZero => Exception::divide_by_zero().into(),
            ArrowError::ArithmeticOverflow(_) => Exception::overflow().into(),
            other => Self::Error(RuntimeError::bug(other)),
        }
    }
}

type Result<T> = std::result::Result<T, Failure>;

/// The rows that an expression is evaluated over, with the columns that it needs.
#[derive(Debug, Clone)]
pub(crate) struct Rows {
    columns: Vec<ArrayRef>,
    /// The position of each column in its rowset, ascending.
    positions: Arc<[usize]>,
    count: usize,
    /// The time at which the run began, in ticks of UTC.
    now: i64,
    /// What the parameters of the lambdas around the expression are in each row.
    parameters: Vec<ArrayRef>,
}

impl Rows {
    /// `count` rows of the columns at these ascending positions of a rowset.
    fn new(columns: Vec<ArrayRef>, positions: Arc<[usize]>, count: usize, now: i64) -> Self {
        Self {
            columns,
            positions,
            count,
            now,
            parameters: Vec::new(),
        }
    }

    /// One row without columns, for constants.
    pub(crate) fn single(now: i64) -> Self {
        Self::new(Vec::new(), Arc::new([]), 1, now)
    }

    fn column(&self, position: usize) -> ArrayRef {
        let place = self.positions.binary_search(&position);
        let place = place.expect("an expression is given every column that it names");
        Arc::clone(&self.columns[place])
    }

    fn filter(&self, mask: &BooleanArray) -> Result<Self> {
        let filter = |array: &ArrayRef| compute::filter(array, mask);
        let columns = self.columns.iter().map(filter);
        let parameters = self.parameters.iter().map(filter);
        Ok(Self {
            columns: columns.collect::<std::result::Result<_, _>>()?,
            positions: Arc::clone(&self.positions),
            count: mask.true_count(),
            now: self.now,
            parameters: parameters.collect::<std::result::Result<_, _>>()?,
        })
    }

    /// The same rows with parameters from `first` on.
    fn with_parameters(&self, first: usize, parameters: Vec<ArrayRef>) -> Self {
        let mut rows = self.clone();
        rows.parameters.truncate(first);
        rows.parameters.extend(parameters);
        rows
    }

    /// Rows by their numbers, with parameters from `first` on, as far as `body` asks for them.
    fn repeated(
        &self,
        body: &Expression,
        first: usize,
        numbers: &UInt32Array,
        parameters: Vec<ArrayRef>,
    ) -> Result<Self> {
        let mut needed = Vec::new();
        formula::collect(body, &mut needed);
        needed.sort_unstable();
        needed.dedup();
        let repeat = |array: &ArrayRef| compute::take(array, numbers, None);
        let columns = needed
            .iter()
            .map(|position| repeat(&self.column(*position)));
        let mut named = Vec::new();
        collections::parameters(body, &mut named);
        let around = self.parameters.iter().take(first).enumerate();
        let around = around.map(|(number, array)| {
            if named.contains(&number) {
                repeat(array)
            } else {
                // Nobody looks; it only keeps its number.
                Ok(new_null_array(&DataType::Null, numbers.len()))
            }
        });
        let parameters = around.chain(parameters.into_iter().map(Ok));
        Ok(Self {
            columns: columns.collect::<std::result::Result<_, _>>()?,
            positions: needed.into(),
            count: numbers.len(),
            now: self.now,
            parameters: parameters.collect::<std::result::Result<_, _>>()?,
        })
    }
}

/// The values of an expression: one a row, or one for all rows.
#[derive(Debug, Clone)]
enum Values {
    Each(ArrayRef),
    /// An array of one value.
    Same(ArrayRef),
}

impl Values {
    /// One value a row.
    fn into_array(self, count: usize) -> Result<ArrayRef> {
        match self {
            Self::Each(array) => Ok(array),
            Self::Same(array) if count == 1 => Ok(array),
            Self::Same(array) => {
                let zeros = UInt32Array::from_value(0, count);
                Ok(compute::take(&array, &zeros, None)?)
            }
        }
    }

    const fn array(&self) -> &ArrayRef {
        match self {
            Self::Each(array) | Self::Same(array) => array,
        }
    }

    /// The operand as Arrow's kernels take it: they know the difference.
    fn datum(&self) -> Box<dyn Datum + '_> {
        match self {
            Self::Each(array) => Box::new(array),
            Self::Same(array) => Box::new(ScalarDatum::new(array)),
        }
    }

    /// Whether the result of an operation on these operands is one value for all rows.
    const fn is_same(&self) -> bool {
        matches!(self, Self::Same(_))
    }

    fn like(array: ArrayRef, operands: &[&Self]) -> Self {
        if operands.iter().all(|operand| operand.is_same()) {
            Self::Same(array)
        } else {
            Self::Each(array)
        }
    }
}

/// Computes an expression for every row.
pub(crate) fn evaluate(
    expression: &Expression,
    rows: &Rows,
) -> std::result::Result<ArrayRef, RuntimeError> {
    values(expression, rows)
        .and_then(|values| values.into_array(rows.count))
        .map_err(|failure| locate(failure, expression.location))
}

fn locate(failure: Failure, location: Location) -> RuntimeError {
    match failure {
        Failure::Exception(Exception { class, message }) => {
            RuntimeError::exception(class, &message, Some(location))
        }
        Failure::Error(error) => error,
    }
}

fn values(expression: &Expression, rows: &Rows) -> Result<Values> {
    if rows.count == 0 {
        // A constant that raises does so for a row, and there is none.
        let nothing = new_empty_array(&storage::data_type(expression.ty.scalar()));
        return Ok(Values::Each(nothing));
    }
    // The innermost expression that raises is the one that the error names.
    node(expression, rows).map_err(|failure| Failure::Error(locate(failure, expression.location)))
}

fn node(expression: &Expression, rows: &Rows) -> Result<Values> {
    let ty = expression.ty;
    match &expression.kind {
        ExpressionKind::Column(index) => Ok(Values::Each(rows.column(*index))),
        ExpressionKind::Constant(value) => constant(value, ty.scalar()),
        ExpressionKind::Convert { operand, overflow } => {
            let values = values(operand, rows)?;
            let array = convert::convert(values.array(), operand.ty, ty, *overflow)?;
            Ok(Values::like(array, &[&values]))
        }
        ExpressionKind::Unary { operation, operand } => {
            let values = values(operand, rows)?;
            let array = arithmetic::unary(*operation, ty.scalar(), values.array())?;
            Ok(Values::like(array, &[&values]))
        }
        ExpressionKind::Binary {
            operation,
            scalar,
            left,
            right,
        } => match operation {
            BinaryOperation::AndAlso => branch::and_also(left, right, rows),
            BinaryOperation::OrElse => branch::or_else(left, right, rows),
            BinaryOperation::Concat => strings::concat(left, right, rows),
            operation => {
                let (left, right) = (values(left, rows)?, values(right, rows)?);
                binary(*operation, *scalar, &left, &right, rows)
            }
        },
        ExpressionKind::Conditional {
            condition,
            then,
            otherwise,
        } => branch::conditional(condition, then, otherwise, rows),
        ExpressionKind::Coalesce { left, right } => branch::coalesce(left, right, rows),
        ExpressionKind::IsNull(operand) => {
            let values = values(operand, rows)?;
            let array: ArrayRef = Arc::new(compute::is_null(values.array())?);
            Ok(Values::like(array, &[&values]))
        }
        ExpressionKind::In { operand, list } => {
            let scalar = operand.ty.scalar();
            let operand = values(operand, rows)?;
            compare::is_in(scalar, &operand, list, rows)
        }
        ExpressionKind::Like {
            operand,
            pattern,
            escape,
        } => {
            let (operand, pattern) = (values(operand, rows)?, values(pattern, rows)?);
            like::like(&operand, &pattern, *escape, rows)
        }
        ExpressionKind::Call {
            function,
            arguments,
        } => {
            let arguments = arguments
                .iter()
                .map(|argument| values(argument, rows))
                .collect::<Result<Vec<_>>>()?;
            functions::call(function.as_str(), &arguments, rows)
        }
        ExpressionKind::Collection(collection) => collections::evaluate(collection, ty, rows),
        ExpressionKind::Parameter(number) => {
            Ok(Values::Each(Arc::clone(&rows.parameters[*number])))
        }
    }
}

fn constant(value: &Value, scalar: Scalar) -> Result<Values> {
    let value: ScalarValue = storage::scalar_value(value, scalar);
    let array = value
        .to_array()
        .map_err(|error| Failure::Error(error.into()))?;
    Ok(Values::Same(array))
}

fn binary(
    operation: BinaryOperation,
    scalar: Scalar,
    left: &Values,
    right: &Values,
    rows: &Rows,
) -> Result<Values> {
    use BinaryOperation as Op;
    let array = match operation {
        Op::Equal
        | Op::NotEqual
        | Op::Less
        | Op::LessOrEqual
        | Op::Greater
        | Op::GreaterOrEqual => Arc::new(compare::compare(
            operation, scalar, left, right, rows.count,
        )?),
        Op::And | Op::Or | Op::AndAlso | Op::OrElse => branch::both(operation, left, right, rows)?,
        arithmetic => arithmetic::binary(arithmetic, scalar, left, right, rows)?,
    };
    // Some of these spread their operands over all rows, some do not.
    if array.len() == 1 && rows.count != 1 {
        Ok(Values::Same(array))
    } else {
        Ok(Values::Each(array))
    }
}

/// A condition's values with null, which C# does not have there, as false.
fn definite(array: &BooleanArray) -> BooleanArray {
    if array.null_count() == 0 {
        array.clone()
    } else {
        compute::prep_null_mask_filter(array)
    }
}

/// The booleans of an array that is known to hold them.
fn booleans(array: &ArrayRef) -> BooleanArray {
    array.as_boolean().clone()
}
