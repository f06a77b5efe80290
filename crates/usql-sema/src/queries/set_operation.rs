//! `query UNION|INTERSECT|EXCEPT [ALL|DISTINCT] [BY NAME [ON (..)]] query`

use usql_syntax::{
    SyntaxKind, SyntaxNode,
    ast::{AstNode, ColumnList, SetOperationKind, SetOperationQuery, SetOperator},
};

use super::{QueryRule, bind_part, project};
use crate::{
    checker::Checker,
    csharp::constant,
    diagnostics::{Location, codes, sink::Reported},
    expression::{Expression, ExpressionKind},
    plan::{Repetitions, RowsetId, RowsetKind, SetOperation},
    types::{Column, Schema, Type},
    value::Value,
};

pub(super) const RULE: QueryRule = QueryRule {
    kind: SyntaxKind::SET_OPERATION_QUERY,
    bind,
};

/// A column of the result: where it comes from in each input. Only OUTER UNION has columns that an input lacks.
struct Match {
    left: Option<usize>,
    right: Option<usize>,
}

fn bind(checker: &mut Checker<'_>, node: &SyntaxNode) -> Result<RowsetId, Reported> {
    let location = checker.location(node);
    let Some(query) = SetOperationQuery::cast(node.clone()) else {
        return Err(checker.missing(location));
    };
    let left = bind_part(checker, query.left(), location);
    let right = bind_part(checker, query.right(), location);
    let (left, right) = (left?, right?);
    let Some(operator) = query.operator() else {
        return Err(checker.missing(location));
    };
    let sides = Sides {
        name: name_of(operator.kind()),
        left: checker.schema(left).clone(),
        right: checker.schema(right).clone(),
        location: checker.location(operator.syntax()),
    };
    sides.disjoint(checker, &operator)?;
    let matches = sides.matches(checker, &operator)?;
    let schema = sides.schema(checker, operator.kind(), &matches)?;
    let left = sides.aligned(checker, left, &schema, matches.iter().map(|each| each.left));
    let right = sides.aligned(
        checker,
        right,
        &schema,
        matches.iter().map(|each| each.right),
    );
    let is_outer = operator.kind() == SetOperationKind::OuterUnion;
    let kind = RowsetKind::SetOperation {
        operation: match operator.kind() {
            SetOperationKind::Union | SetOperationKind::OuterUnion => SetOperation::Union,
            SetOperationKind::Intersect => SetOperation::Intersect,
            SetOperationKind::Except => SetOperation::Except,
        },
        repetitions: if is_outer || operator.is_all() {
            Repetitions::Keep
        } else {
            Repetitions::Remove
        },
        left,
        right,
    };
    Ok(checker.add(kind, schema, location))
}

const fn name_of(kind: SetOperationKind) -> &'static str {
    match kind {
        SetOperationKind::Union => "UNION",
        SetOperationKind::OuterUnion => "OUTER UNION",
        SetOperationKind::Except => "EXCEPT",
        SetOperationKind::Intersect => "INTERSECT",
    }
}

/// The two inputs, while their columns are matched.
struct Sides {
    name: &'static str,
    left: Schema,
    right: Schema,
    /// The operator's place.
    location: Location,
}

impl Sides {
    fn matches(
        &self,
        checker: &mut Checker<'_>,
        operator: &SetOperator,
    ) -> Result<Vec<Match>, Reported> {
        let is_outer = operator.kind() == SetOperationKind::OuterUnion;
        if is_outer && operator.is_distinct() {
            return Err(checker.unsupported(self.location, "OUTER UNION DISTINCT"));
        }
        match operator.matched_columns() {
            Some(on) if is_outer => {
                let mut matches = self.by_list(checker, &on)?;
                self.add_unmatched(&mut matches);
                Ok(matches)
            }
            Some(on) => self.by_list(checker, &on),
            None if is_outer => {
                Err(self.refuse(checker, self.location, "it needs BY NAME with an ON list"))
            }
            None if operator.is_by_name() => self.by_name(checker),
            None => self.by_position(checker),
        }
    }

    fn by_position(&self, checker: &mut Checker<'_>) -> Result<Vec<Match>, Reported> {
        self.same_count(checker)?;
        let positions = 0..self.left.columns().len();
        Ok(positions
            .map(|position| Match {
                left: Some(position),
                right: Some(position),
            })
            .collect())
    }

    /// Without an ON list, every column of the left has its namesake on the right.
    fn by_name(&self, checker: &mut Checker<'_>) -> Result<Vec<Match>, Reported> {
        self.same_count(checker)?;
        let matches = self.namesakes();
        if matches.len() == self.left.columns().len() {
            return Ok(matches);
        }
        let columns = self.left.columns().iter();
        let lonely = columns.filter(|column| find(&self.right, &column.name).is_none());
        let names = lonely.map(|column| format!("'{}'", column.name));
        let names = names.collect::<Vec<_>>().join(", ");
        Err(self.refuse(
            checker,
            self.location,
            &format!("the right rowset has no column {names}"),
        ))
    }

    /// An ON list names every match; with `*` among them, there may be more.
    fn by_list(&self, checker: &mut Checker<'_>, on: &ColumnList) -> Result<Vec<Match>, Reported> {
        let mut listed: Vec<String> = Vec::new();
        for name in on.names() {
            let location = checker.location(name.syntax());
            let name = name.text();
            let lacking = [("left", &self.left), ("right", &self.right)]
                .into_iter()
                .find(|(_, schema)| find(schema, &name).is_none());
            if let Some((side, _)) = lacking {
                let problem = format!("the {side} rowset has no column '{name}'");
                return Err(self.refuse(checker, location, &problem));
            }
            if listed.contains(&name) {
                let problem = format!("the column '{name}' is listed twice");
                return Err(self.refuse(checker, location, &problem));
            }
            listed.push(name);
        }
        let matches = self.namesakes();
        let mut names = matches
            .iter()
            .filter_map(|each| each.left)
            .map(|left| &self.left.columns()[left].name);
        if let Some(extra) = names.find(|name| !on.has_star() && !listed.contains(name)) {
            let problem =
                format!("both rowsets have a column '{extra}', which the ON list does not name");
            let location = checker.location(on.syntax());
            return Err(self.refuse(checker, location, &problem));
        }
        if matches.is_empty() {
            let problem = "the rowsets have no column of the same name";
            return Err(self.refuse(checker, self.location, problem));
        }
        Ok(matches)
    }

    /// The columns that both have, in the order of the left.
    fn namesakes(&self) -> Vec<Match> {
        let columns = self.left.columns().iter().enumerate();
        columns
            .filter_map(|(left, column)| {
                Some(Match {
                    left: Some(left),
                    right: Some(find(&self.right, &column.name)?),
                })
            })
            .collect()
    }

    /// The columns of one side only: those of the left keep their places, those of the right follow.
    fn add_unmatched(&self, matches: &mut Vec<Match>) {
        for left in 0..self.left.columns().len() {
            if matches.get(left).is_none_or(|each| each.left != Some(left)) {
                matches.insert(
                    left,
                    Match {
                        left: Some(left),
                        right: None,
                    },
                );
            }
        }
        for right in 0..self.right.columns().len() {
            if !matches.iter().any(|each| each.right == Some(right)) {
                matches.push(Match {
                    left: None,
                    right: Some(right),
                });
            }
        }
    }

    fn same_count(&self, checker: &mut Checker<'_>) -> Result<(), Reported> {
        let (left, right) = (self.left.columns().len(), self.right.columns().len());
        if left == right {
            return Ok(());
        }
        let problem = format!("the left rowset has {left} columns and the right one {right}");
        Err(self.refuse(checker, self.location, &problem))
    }

    /// Names and types of the result; a column of both sides has one scalar, and is nullable where a value may be null.
    fn schema(
        &self,
        checker: &mut Checker<'_>,
        kind: SetOperationKind,
        matches: &[Match],
    ) -> Result<Schema, Reported> {
        let takes_both = matches!(kind, SetOperationKind::Union | SetOperationKind::OuterUnion);
        let mut columns = Vec::with_capacity(matches.len());
        let mut failed = None;
        for each in matches {
            let left = each.left.map(|left| &self.left.columns()[left]);
            let right = each.right.map(|right| &self.right.columns()[right]);
            let column = match (left, right) {
                (Some(left), Some(right)) => {
                    if let Err(reported) = self.same_type(checker, left, right) {
                        failed = Some(reported);
                    }
                    let is_nullable = takes_both && right.ty.is_nullable();
                    Column::new(left.name.clone(), left.ty.or_nullable(is_nullable))
                }
                (Some(only), None) | (None, Some(only)) => only.clone(),
                (None, None) => continue,
            };
            columns.push(column);
        }
        failed.map_or_else(|| Ok(columns.into_iter().collect()), Err)
    }

    fn same_type(
        &self,
        checker: &mut Checker<'_>,
        left: &Column,
        right: &Column,
    ) -> Result<(), Reported> {
        if left.ty.scalar() == right.ty.scalar() {
            return Ok(());
        }
        let problem = format!(
            "the types of the columns '{}' and '{}' are '{}' and '{}'",
            left.name, right.name, left.ty, right.ty
        );
        Err(self.refuse(checker, self.location, &problem))
    }

    /// The columns of the hint have to be there; otherwise it means nothing here.
    fn disjoint(&self, checker: &mut Checker<'_>, operator: &SetOperator) -> Result<(), Reported> {
        let mut names = operator.disjoint();
        match names.find(|name| find(&self.left, &name.text()).is_none()) {
            None => Ok(()),
            Some(name) => {
                let location = checker.location(name.syntax());
                let problem = format!("the left rowset has no column '{}'", name.text());
                Err(self.refuse(checker, location, &problem))
            }
        }
    }

    /// An input with the columns of the result; what it lacks is `default(T)`.
    fn aligned(
        &self,
        checker: &mut Checker<'_>,
        input: RowsetId,
        schema: &Schema,
        sources: impl Iterator<Item = Option<usize>>,
    ) -> RowsetId {
        let location = self.location;
        let own: Vec<Type> = checker
            .schema(input)
            .columns()
            .iter()
            .map(|c| c.ty)
            .collect();
        let cells = sources
            .zip(schema.columns())
            .map(|(source, column)| match source {
                Some(position) => Expression {
                    kind: ExpressionKind::Column(position),
                    ty: own[position],
                    location,
                },
                None => constant(Value::default_of(column.ty), column.ty, location),
            });
        let expressions: Vec<Expression> = cells.collect();
        let columns = expressions.iter().zip(schema.columns());
        let columns = columns.map(|(cell, column)| Column::new(column.name.clone(), cell.ty));
        let is_in_place = expressions.len() == own.len()
            && expressions.iter().enumerate().all(|(position, cell)| {
                matches!(cell.kind, ExpressionKind::Column(column) if column == position)
            });
        if is_in_place {
            return input;
        }
        let schema = columns.collect();
        project(checker, input, expressions, &schema, location)
    }

    fn refuse(&self, checker: &mut Checker<'_>, location: Location, problem: &str) -> Reported {
        let message = format!("{}: {problem}.", self.name);
        checker.sink.error(&codes::SET_OPERATION, location, message)
    }
}

fn find(schema: &Schema, name: &str) -> Option<usize> {
    schema
        .columns()
        .iter()
        .position(|column| column.name == name)
}
