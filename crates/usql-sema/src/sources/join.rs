//! `left JOIN right ON left.a == right.b AND ..`

use usql_syntax::ast::{self, AstNode, BinaryOperator, Expr, JoinClause};

use super::{Bound, one};
use crate::{
    binding::{Aggregation, Binder, scope::Scope},
    checker::Checker,
    csharp,
    diagnostics::{
        Location, codes,
        sink::{Reported, Sink},
    },
    expression::{Expression, ExpressionKind},
    plan::{JoinKey, JoinKind, RowsetKind},
    types::{Column, Schema},
};

/// Joins a source to what is left of it.
pub(super) fn bind(
    checker: &mut Checker<'_>,
    left: Result<Bound, Reported>,
    clause: &JoinClause,
) -> Result<Bound, Reported> {
    let location = checker.location(clause.syntax());
    let right = one(checker, clause.source(), location);
    let (left, right) = (left?, right?);
    // A right semijoin is the left one of the sides exchanged.
    let (kind, left, right) = match clause.kind() {
        ast::JoinKind::Inner => (JoinKind::Inner, left, right),
        ast::JoinKind::Left => (JoinKind::LeftOuter, left, right),
        ast::JoinKind::Right => (JoinKind::RightOuter, left, right),
        ast::JoinKind::Full => (JoinKind::FullOuter, left, right),
        ast::JoinKind::Cross => (JoinKind::Cross, left, right),
        ast::JoinKind::LeftSemi => (JoinKind::Semi, left, right),
        ast::JoinKind::RightSemi => (JoinKind::Semi, right, left),
        ast::JoinKind::LeftAnti => (JoinKind::AntiSemi, left, right),
        ast::JoinKind::RightAnti => (JoinKind::AntiSemi, right, left),
    };
    different_aliases(&mut checker.sink, &left.scope, &right.scope, location)?;
    let left_width = left.scope.width();
    let both = left.scope.clone().joined(right.scope.clone());
    let mut keys = Vec::new();
    if let Some(on) = clause.on() {
        let mut condition = Condition {
            checker,
            scope: &both,
            left_width,
            keys: &mut keys,
        };
        condition.conjunction(&on)?;
    }
    let is_semi = matches!(kind, JoinKind::Semi | JoinKind::AntiSemi);
    let keeps_right = matches!(kind, JoinKind::RightOuter | JoinKind::FullOuter);
    let keeps_left = matches!(kind, JoinKind::LeftOuter | JoinKind::FullOuter);
    let left_columns = nullable_if(checker.schema(left.rowset), keeps_right);
    let right_columns = nullable_if(checker.schema(right.rowset), keeps_left);
    let (schema, scope): (Schema, Scope) = if is_semi {
        (left_columns.into_iter().collect(), left.scope)
    } else {
        let schema = left_columns.into_iter().chain(right_columns).collect();
        let scope = both.with_types(&schema);
        (schema, scope)
    };
    let kind = RowsetKind::Join {
        kind,
        left: left.rowset,
        right: right.rowset,
        keys,
    };
    Ok(Bound {
        rowset: checker.add(kind, schema, location),
        scope,
    })
}

/// Rows without a partner have null in the columns of the other side.
fn nullable_if(schema: &Schema, is_nullable: bool) -> Vec<Column> {
    schema
        .columns()
        .iter()
        .map(|column| Column::new(column.name.clone(), column.ty.or_nullable(is_nullable)))
        .collect()
}

fn different_aliases(
    sink: &mut Sink,
    left: &Scope,
    right: &Scope,
    location: Location,
) -> Result<(), Reported> {
    let owners = right
        .columns()
        .filter_map(|(_, column)| column.owner.as_deref());
    match owners.into_iter().find(|owner| left.has_owner(owner)) {
        None => Ok(()),
        Some(owner) => {
            let message = format!("The rowset alias '{owner}' is used twice in one FROM clause.");
            Err(sink.error(&codes::DUPLICATE_ALIAS, location, message))
        }
    }
}

/// An ON condition on its way to keys.
struct Condition<'c, 'a> {
    checker: &'c mut Checker<'a>,
    scope: &'c Scope,
    left_width: usize,
    keys: &'c mut Vec<JoinKey>,
}

impl Condition<'_, '_> {
    /// `a AND b`, `a && b`, `(a)`, `a == b`
    fn conjunction(&mut self, condition: &Expr) -> Result<(), Reported> {
        let location = self.checker.location(condition.syntax());
        match condition {
            Expr::Paren(paren) => match paren.inner() {
                Some(inner) => self.conjunction(&inner),
                None => Err(self.checker.missing(location)),
            },
            Expr::Binary(binary) => {
                let (Some(left), Some(right)) = (binary.left(), binary.right()) else {
                    return Err(self.checker.missing(location));
                };
                match binary.operator() {
                    Some(BinaryOperator::And | BinaryOperator::AndAlso) => {
                        let first = self.conjunction(&left);
                        self.conjunction(&right).and(first)
                    }
                    Some(BinaryOperator::Equal) => self.equality(&left, &right, location),
                    _ => Err(self.refuse(location, "this is another comparison")),
                }
            }
            _ => Err(self.refuse(location, "this is no comparison")),
        }
    }

    /// `left.a == right.b`, in either order; the columns are converted to the type in which they meet.
    fn equality(&mut self, left: &Expr, right: &Expr, location: Location) -> Result<(), Reported> {
        let left = self.column(left);
        let right = self.column(right);
        let ((left, left_position), (right, right_position)) = (left?, right?);
        let (left, right) = match (
            left_position < self.left_width,
            right_position < self.left_width,
        ) {
            (true, false) => (left, right),
            (false, true) => (right, left),
            _ => return Err(self.refuse(location, "both columns are of the same side")),
        };
        let equal = csharp::binary(
            BinaryOperator::Equal,
            left.into(),
            right.into(),
            None,
            location,
        )
        .map_err(|error| self.checker.sink.csharp(location, &error))?;
        let ExpressionKind::Binary {
            left, mut right, ..
        } = equal.kind
        else {
            return Err(self.refuse(location, "this is no comparison of columns"));
        };
        let left_width = self.left_width;
        right.replace(&mut |part| match part.kind {
            ExpressionKind::Column(position) => Some(Expression {
                kind: ExpressionKind::Column(position - left_width),
                ..part.clone()
            }),
            _ => None,
        });
        self.keys.push(JoinKey {
            left: *left,
            right: *right,
        });
        Ok(())
    }

    fn column(&mut self, expression: &Expr) -> Result<(Expression, usize), Reported> {
        let location = self.checker.location(expression.syntax());
        let forbid = Aggregation::Forbid("in ON");
        let bound = Binder::new(self.checker, self.scope, forbid).typed(expression, "ON")?;
        match bound.kind {
            ExpressionKind::Column(position) => Ok((bound, position)),
            _ => Err(self.refuse(location, "this is no column")),
        }
    }

    fn refuse(&mut self, location: Location, problem: &str) -> Reported {
        let message =
            format!("A join condition compares columns of its two sides for equality: {problem}.");
        self.checker
            .sink
            .error(&codes::JOIN_CONDITION, location, message)
    }
}
