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
use usql_sema::{Expression, ExpressionKind, Location};

use super::{Failure, Rows, clock::RunClock, decimals, evaluate, raises::can_raise};
use crate::{
    error::RuntimeError,
    limits::{MAX_STRING, too_long_string},
    storage,
};

/// An expression, given the columns that it needs.
#[derive(Debug)]
pub(crate) struct Formula {
    expression: Expression,
    /// The position of each argument in the rowset of the expression, ascending.
    positions: Arc<[usize]>,
    signature: Signature,
    /// What tells formulas apart. It has the place in the script, so a formula is never taken for another one.
    key: String,
}

impl Formula {
    /// A column that is computed where the script computes it, once for each row.
    ///
    /// DataFusion would put it in the place of its name wherever that is used, and compute it again there.
    pub(crate) fn column(expression: Expression) -> Self {
        Self::new(expression, Volatility::Volatile)
    }

    /// A condition. DataFusion moves it towards the inputs, unless it may raise: there it would see other rows.
    pub(crate) fn condition(expression: Expression) -> Self {
        let volatility = if can_raise(&expression) {
            Volatility::Volatile
        } else {
            Volatility::Immutable
        };
        Self::new(expression, volatility)
    }

    fn new(expression: Expression, volatility: Volatility) -> Self {
        let mut positions = Vec::new();
        collect(&expression, &mut positions);
        positions.sort_unstable();
        positions.dedup();
        let signature = if positions.is_empty() {
            Signature::nullary(volatility)
        } else {
            Signature::any(positions.len(), volatility)
        };
        let key = format!("{expression:?}");
        Self {
            expression,
            positions: positions.into(),
            signature,
            key,
        }
    }

    /// Where the script has it.
    pub(crate) fn location(&self) -> Location {
        self.expression.location
    }

    /// The columns that it must be called with, in order.
    pub(crate) fn positions(&self) -> &[usize] {
        &self.positions
    }
}

/// Adds the positions of the columns that an expression names.
pub(super) fn collect(expression: &Expression, positions: &mut Vec<usize>) {
    if let ExpressionKind::Column(position) = &expression.kind {
        positions.push(*position);
    }
    for child in expression.children() {
        collect(child, positions);
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
        let rows = Rows::new(
            columns.collect::<Result<_>>()?,
            Arc::clone(&self.positions),
            count,
            RunClock::of(&arguments.config_options)?,
        );
        let values = evaluate(&self.expression, &rows)?;
        match too_long_string(&values) {
            Some(size) => Err(self.too_long(size).into()),
            None => Ok(ColumnarValue::Array(values)),
        }
    }
}

impl Formula {
    /// The service's words for it: <https://github.com/Azure/usql/issues/46>.
    fn too_long(&self, size: usize) -> RuntimeError {
        let message =
            format!("String size {size} exceeds the maximum allowed size of {MAX_STRING}");
        RuntimeError::exception("InvalidOperationException", &message, Some(self.location()))
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
