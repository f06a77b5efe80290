//! The functions that exist only over windows. To add one, add a line here.

use usql_syntax::ast::Expr;

use super::WindowCall;
use crate::{
    csharp::widened,
    diagnostics::sink::Reported,
    expression::Expression,
    plan::{Percentile, SortKey, WindowFunction},
    types::{Scalar, Type},
    value::Value,
};

/// What a window function asks of its window, and what it computes.
pub(super) struct Rule {
    name: &'static str,
    pub(super) order: Order,
    /// Whether ROWS is allowed.
    pub(super) has_frame: bool,
    pub(super) bind: Bind,
}

/// The order is there to be converted, where the function wants other values than those that are ordered by.
type Bind =
    fn(&mut WindowCall<'_, '_, '_>, &mut [SortKey]) -> Result<(WindowFunction, Type), Reported>;

/// Where the order stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    /// In OVER.
    Required,
    /// In OVER or nowhere. The pages of the reference ask for it; their examples have no use for it.
    Optional,
    /// In WITHIN GROUP.
    WithinGroup,
}

const LONG: Type = Type::nullable(Scalar::Long);
const DOUBLE: Type = Type::nullable(Scalar::Double);

#[rustfmt::skip]
const REGISTRY: &[Rule] = &[
    Rule { name: "ROW_NUMBER", order: Order::Optional, has_frame: false, bind: |call, _| call.bare(WindowFunction::RowNumber, LONG) },
    Rule { name: "RANK", order: Order::Required, has_frame: false, bind: |call, _| call.bare(WindowFunction::Rank, LONG) },
    Rule { name: "DENSE_RANK", order: Order::Required, has_frame: false, bind: |call, _| call.bare(WindowFunction::DenseRank, LONG) },
    Rule { name: "NTILE", order: Order::Optional, has_frame: false, bind: |call, _| call.tile() },
    Rule { name: "CUME_DIST", order: Order::Optional, has_frame: false, bind: |call, _| call.bare(WindowFunction::CumulativeDistribution, DOUBLE) },
    Rule { name: "PERCENT_RANK", order: Order::Optional, has_frame: false, bind: |call, _| call.bare(WindowFunction::PercentRank, DOUBLE) },
    Rule { name: "PERCENTILE_CONT", order: Order::WithinGroup, has_frame: false, bind: |call, order| call.percentile(Percentile::Continuous, order) },
    Rule { name: "PERCENTILE_DISC", order: Order::WithinGroup, has_frame: false, bind: |call, order| call.percentile(Percentile::Discrete, order) },
    Rule { name: "FIRST_VALUE", order: Order::Required, has_frame: true, bind: |call, _| call.value(WindowFunction::FirstValue) },
    Rule { name: "LAST_VALUE", order: Order::Required, has_frame: true, bind: |call, _| call.value(WindowFunction::LastValue) },
    Rule { name: "LAG", order: Order::Required, has_frame: false, bind: |call, _| call.shift(1) },
    Rule { name: "LEAD", order: Order::Required, has_frame: false, bind: |call, _| call.shift(-1) },
];

/// Finds a function by its name.
pub(super) fn named(name: &str) -> Option<&'static Rule> {
    REGISTRY.iter().find(|rule| rule.name == name)
}

type Bound = Result<(WindowFunction, Type), Reported>;

impl WindowCall<'_, '_, '_> {
    fn bare(&mut self, function: WindowFunction, ty: Type) -> Bound {
        self.arguments(0..=0, "it takes no arguments")?;
        Ok((function, ty))
    }

    fn tile(&mut self) -> Bound {
        let problem = "it takes a number of groups";
        let arguments = self.arguments(1..=1, problem)?;
        match self
            .binder
            .constant(&arguments[0], Type::of(Scalar::Long))?
        {
            Value::Long(groups @ 1..) => Ok((WindowFunction::Tile(groups.unsigned_abs()), LONG)),
            _ => Err(self.refuse(self.location, "the number of groups is positive")),
        }
    }

    /// A continuous percentile is found between doubles, so that these are what is ordered by.
    fn percentile(&mut self, kind: Percentile, order: &mut [SortKey]) -> Bound {
        let arguments = self.arguments(1..=1, "it takes a number from 0.0 to 1.0")?;
        let part = self
            .binder
            .constant(&arguments[0], Type::of(Scalar::Double))?;
        let part = match part {
            Value::Double(part) if (0.0..=1.0).contains(&part) => part,
            _ => return Err(self.refuse(self.location, "the percentile is not from 0.0 to 1.0")),
        };
        let function = WindowFunction::Percentile(kind, part);
        let [SortKey { expression, .. }] = order else {
            return Err(self.binder.checker.missing(self.location));
        };
        if kind == Percentile::Discrete {
            return Ok((function, expression.ty));
        }
        if !is_number(expression.ty.scalar()) {
            let problem = format!("it is not defined for {}", expression.ty);
            return Err(self.refuse(expression.location, &problem));
        }
        let key = Type::of(Scalar::Double).or_nullable(expression.ty.is_nullable());
        *expression = widened(expression.clone(), key);
        Ok((function, DOUBLE))
    }

    fn value(&mut self, function: fn(Expression) -> WindowFunction) -> Bound {
        let arguments = self.arguments(1..=1, "it takes one expression")?;
        let argument = self.binder.typed(&arguments[0], &self.name)?;
        let ty = argument.ty.or_nullable(true);
        Ok((function(argument), ty))
    }

    /// `LAG(expression [, offset [, default]])`, and LEAD, which looks the other way.
    ///
    /// The page has the default for what is null there. Its words are those that Transact-SQL's documentation had for
    /// years, where a default stands in only for a row that does not exist; so it does here.
    fn shift(&mut self, direction: i64) -> Bound {
        let arguments = self.arguments(1..=3, "it takes an expression, an offset and a default")?;
        let argument = self.binder.typed(&arguments[0], &self.name)?;
        let ty = argument.ty.or_nullable(true);
        let rows = match arguments.get(1) {
            None => 1,
            Some(offset) => match self.binder.constant(offset, Type::of(Scalar::Long))? {
                Value::Long(rows @ 1..) => rows,
                _ => return Err(self.refuse(self.location, "the offset is positive")),
            },
        };
        let otherwise = match arguments.get(2) {
            None => Value::Null,
            Some(default) => self.binder.constant(default, ty)?,
        };
        let function = WindowFunction::Shift {
            argument,
            rows: rows * direction,
            otherwise,
        };
        Ok((function, ty))
    }

    /// The expressions between the parentheses.
    fn arguments(
        &mut self,
        count: std::ops::RangeInclusive<usize>,
        problem: &str,
    ) -> Result<Vec<Expr>, Reported> {
        let list: Vec<_> = self.call.arguments().collect();
        let expressions: Vec<Expr> = list
            .iter()
            .filter(|argument| argument.name().is_none())
            .filter_map(usql_syntax::ast::Argument::expr)
            .collect();
        if expressions.len() == list.len()
            && count.contains(&list.len())
            && !self.call.is_distinct()
        {
            return Ok(expressions);
        }
        Err(self.refuse(self.location, problem))
    }
}

fn is_number(scalar: Scalar) -> bool {
    scalar.is_numeric() && scalar != Scalar::Char
}
