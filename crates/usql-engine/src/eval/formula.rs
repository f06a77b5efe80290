//! An expression of the plan as a function of DataFusion.

use std::{
    hash::{Hash, Hasher},
    sync::Arc,
};

use datafusion::{
    arrow::datatypes::{DataType, Field, FieldRef},
    error::Result,
    logical_expr::{
        ColumnarValue, ReturnFieldArgs, ScalarFunctionArgs, ScalarUDFImpl, Signature, Volatility,
    },
};
use usql_sema::{Expression, ExpressionKind};

use super::{Failure, Rows, can_raise, children, children_mut, decimals, evaluate};
use crate::{error::RuntimeError, storage};

/// An expression over the columns that it is given, renumbered from 0.
#[derive(Debug)]
pub(crate) struct Formula {
    expression: Expression,
    signature: Signature,
    /// What tells formulas apart. It has the place in the script, so a formula is never taken for another one.
    key: String,
}

impl Formula {
    /// The formula and the columns of the input that it takes, in order.
    pub(crate) fn new(mut expression: Expression) -> (Self, Vec<usize>) {
        let mut columns = Vec::new();
        collect(&expression, &mut columns);
        columns.sort_unstable();
        columns.dedup();
        renumber(&mut expression, &columns);
        // What may raise must not be moved to where it sees other rows, nor be evaluated twice.
        let volatility = if can_raise(&expression) {
            Volatility::Volatile
        } else {
            Volatility::Immutable
        };
        let signature = if columns.is_empty() {
            Signature::nullary(volatility)
        } else {
            Signature::any(columns.len(), volatility)
        };
        let key = format!("{expression:?}");
        (
            Self {
                expression,
                signature,
                key,
            },
            columns,
        )
    }
}

fn collect(expression: &Expression, columns: &mut Vec<usize>) {
    if let ExpressionKind::Column(index) = &expression.kind {
        columns.push(*index);
    }
    for child in children(expression) {
        collect(child, columns);
    }
}

fn renumber(expression: &mut Expression, columns: &[usize]) {
    if let ExpressionKind::Column(index) = &mut expression.kind {
        *index = columns
            .binary_search(index)
            .expect("every column was collected");
    }
    for child in children_mut(expression) {
        renumber(child, columns);
    }
}

impl PartialEq for Formula {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key
    }
}

impl Eq for Formula {}

impl Hash for Formula {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.key.hash(state);
    }
}

impl ScalarUDFImpl for Formula {
    fn name(&self) -> &str {
        "usql"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(storage::data_type(self.expression.ty.scalar()))
    }

    fn return_field_from_args(&self, _: ReturnFieldArgs<'_>) -> Result<FieldRef> {
        Ok(Arc::new(storage::field(self.name(), self.expression.ty)))
    }

    fn invoke_with_args(&self, arguments: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let count = arguments.number_rows;
        let columns = arguments
            .args
            .into_iter()
            .map(|argument| argument.into_array(count));
        let rows = Rows {
            columns: columns.collect::<Result<_>>()?,
            count,
        };
        Ok(ColumnarValue::Array(evaluate(&self.expression, &rows)?))
    }
}

/// The form of a decimal that DataFusion may compare, hash and order by its bytes.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(crate) struct DecimalKey(Signature);

impl DecimalKey {
    pub(crate) fn new() -> Self {
        Self(Signature::any(1, Volatility::Immutable))
    }
}

impl ScalarUDFImpl for DecimalKey {
    fn name(&self) -> &str {
        "decimal_key"
    }

    fn signature(&self) -> &Signature {
        &self.0
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::Decimal256(
            decimals::KEY_PRECISION,
            decimals::KEY_SCALE,
        ))
    }

    fn return_field_from_args(&self, arguments: ReturnFieldArgs<'_>) -> Result<FieldRef> {
        let nullable = arguments.arg_fields.iter().any(|field| field.is_nullable());
        Ok(Arc::new(Field::new(
            self.name(),
            self.return_type(&[])?,
            nullable,
        )))
    }

    fn invoke_with_args(&self, arguments: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let count = arguments.number_rows;
        let [argument] = <[ColumnarValue; 1]>::try_from(arguments.args)
            .map_err(|_| RuntimeError::bug("decimal_key takes one argument"))?;
        let array = argument.into_array(count)?;
        match decimals::key(&array) {
            Ok(array) => Ok(ColumnarValue::Array(array)),
            Err(Failure::Error(error)) => Err(error.into()),
            Err(Failure::Exception(exception)) => {
                Err(RuntimeError::bug(format!("{exception:?}")).into())
            }
        }
    }
}
