//! The value of an expression without columns, for a compiler that folds constants.

use datafusion::{arrow::array::ArrayRef, common::ScalarValue};
use rust_decimal::Decimal;
use usql_sema::{Expression, Scalar, Value};

use crate::eval::{Rows, evaluate};

/// The value that a run would compute for an expression without columns.
///
/// None if it raises, which a run then says with its place, if it depends on the time of the run, or if no constant of
/// U-SQL has the type.
#[must_use]
pub fn constant(expression: &Expression) -> Option<Value> {
    let [one, other] = TIMES.map(|now| {
        let array = evaluate(expression, &Rows::single(now)).ok()?;
        value(&array, expression.ty.scalar())
    });
    one.filter(|one| other.is_some_and(|other| other == *one))
}

/// Two times, in ticks, that have no part in common: what differs between them depends on the time of the run.
const TIMES: [i64; 2] = [630_822_816_000_000_000, 662_413_229_456_789_012];

fn value(array: &ArrayRef, scalar: Scalar) -> Option<Value> {
    let value = ScalarValue::try_from_array(array, 0).ok()?;
    if value.is_null() {
        return Some(Value::Null);
    }
    Some(match (scalar, value) {
        (Scalar::Bool, ScalarValue::Boolean(Some(value))) => Value::Bool(value),
        (Scalar::SByte, ScalarValue::Int8(Some(value))) => Value::SByte(value),
        (Scalar::Byte, ScalarValue::UInt8(Some(value))) => Value::Byte(value),
        (Scalar::Short, ScalarValue::Int16(Some(value))) => Value::Short(value),
        (Scalar::UShort, ScalarValue::UInt16(Some(value))) => Value::UShort(value),
        (Scalar::Char, ScalarValue::UInt16(Some(value))) => Value::Char(value),
        (Scalar::Int, ScalarValue::Int32(Some(value))) => Value::Int(value),
        (Scalar::UInt, ScalarValue::UInt32(Some(value))) => Value::UInt(value),
        (Scalar::Long, ScalarValue::Int64(Some(value))) => Value::Long(value),
        (Scalar::ULong, ScalarValue::UInt64(Some(value))) => Value::ULong(value),
        (Scalar::Float, ScalarValue::Float32(Some(value))) => Value::Float(value),
        (Scalar::Double, ScalarValue::Float64(Some(value))) => Value::Double(value),
        (Scalar::Decimal, ScalarValue::FixedSizeBinary(16, Some(bytes))) => {
            Value::Decimal(Decimal::deserialize(<[u8; 16]>::try_from(bytes).ok()?))
        }
        (Scalar::String, ScalarValue::Utf8(Some(value))) => Value::String(value),
        (Scalar::Bytes, ScalarValue::Binary(Some(value))) => Value::Bytes(value),
        (Scalar::Guid, ScalarValue::FixedSizeBinary(16, Some(bytes))) => {
            Value::Guid(<[u8; 16]>::try_from(bytes).ok()?)
        }
        (Scalar::DateTime, ScalarValue::Int64(Some(value))) => Value::DateTime(value),
        (Scalar::TimeSpan, ScalarValue::Int64(Some(value))) => Value::TimeSpan(value),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use usql_sema::{CompileEnvironment, ExpressionKind, FileInfo, LakePath, RowsetKind};

    use super::*;

    /// Folds by the engine.
    struct Folding;

    impl CompileEnvironment for Folding {
        fn file(&self, _: &LakePath) -> Option<FileInfo> {
            None
        }

        fn evaluate(&self, expression: &Expression) -> Option<Value> {
            constant(expression)
        }
    }

    /// What a script has in its only row.
    fn row(values: &str) -> Vec<ExpressionKind> {
        let script = format!(
            "@a = SELECT * FROM (VALUES ({values})) AS v(a, b, c);\nOUTPUT @a TO \"/a\" USING Outputters.Csv();"
        );
        let plan = usql_sema::check(&usql_syntax::parse(&script), &Folding).expect("a script");
        let (_, rowset) = plan.rowsets().next().expect("a rowset");
        let RowsetKind::Values { rows } = &rowset.kind else {
            panic!("{plan}")
        };
        rows[0].iter().map(|value| value.kind.clone()).collect()
    }

    #[test]
    fn calls_on_constants_have_their_values_when_the_script_is_compiled() {
        let constants = [
            Value::DateTime(634_649_472_000_000_000),
            Value::String("B-2".to_owned()),
            Value::Decimal("1.50".parse().expect("a number")),
        ];
        assert_eq!(
            row(
                r#"DateTime.Parse("2012-02-16"), "abc".Substring(1, 1).ToUpper() + "-" + (1 + 1), Math.Abs(-1.50m)"#
            ),
            constants.map(ExpressionKind::Constant)
        );
    }

    #[test]
    fn what_depends_on_the_time_of_the_run_is_left_to_it() {
        let row = row(
            r#"DateTime.Now.Year, DateTime.Parse("10:30"), DateTime.Parse("2012-02-16 10:30")"#,
        );
        assert!(!matches!(row[0], ExpressionKind::Constant(_)), "{row:?}");
        assert!(!matches!(row[1], ExpressionKind::Constant(_)), "{row:?}");
        assert!(matches!(row[2], ExpressionKind::Constant(_)), "{row:?}");
    }

    #[test]
    fn a_call_that_raises_is_left_to_the_run() {
        let row = row(r#""abc".Substring(7), DateTime.Parse("soon"), "abc".Length"#);
        assert!(matches!(row[0], ExpressionKind::Call { .. }), "{row:?}");
        assert!(matches!(row[1], ExpressionKind::Call { .. }), "{row:?}");
        assert_eq!(row[2], ExpressionKind::Constant(Value::Int(3)));
    }
}
