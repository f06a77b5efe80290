//! What a call gives to the parameters.

use rowan::ast::AstNode;
use usql_syntax::ast::{Argument, ArgumentList, Expr};

use super::signature::{Parameter, ParameterType, Signature};
use crate::{
    checker::Checker,
    diagnostics::{Location, codes, sink::Reported},
    expression::Expression,
    plan::RowsetId,
    statements,
    types::Schema,
};

/// What a parameter stands for in the body.
pub(super) enum Given {
    Scalar(Expression),
    Table(RowsetId),
}

/// The arguments of a call, one for each parameter, as they are where the call stands.
pub(super) fn bind(
    checker: &mut Checker<'_>,
    signature: &Signature,
    list: Option<ArgumentList>,
    location: Location,
) -> Result<Vec<Given>, Reported> {
    let arguments: Vec<Argument> = list.into_iter().flat_map(|list| list.arguments()).collect();
    let (found, expected) = (arguments.len(), signature.parameters.len());
    if found != expected {
        let problem = format!("The number of arguments is {found} instead of {expected}.");
        return Err(wrong(checker, location, problem));
    }
    let parameters = signature.parameters.iter().zip(&arguments);
    let given: Vec<_> = parameters
        .map(|(parameter, argument)| one(checker, parameter, argument))
        .collect();
    given.into_iter().collect()
}

fn one(
    checker: &mut Checker<'_>,
    parameter: &Parameter,
    argument: &Argument,
) -> Result<Given, Reported> {
    let location = checker.location(argument.syntax());
    let name = &parameter.name;
    if argument.name().is_some() {
        let problem = "Arguments go to parameters by their order and have no names.".to_owned();
        return Err(wrong(checker, location, problem));
    }
    match (&parameter.ty, argument.expr()) {
        (ParameterType::Scalar(_, Some(default)), None) if argument.is_default() => {
            Ok(Given::Scalar(default.clone()))
        }
        (ParameterType::Scalar(ty, _), Some(expression)) => {
            statements::value_of(checker, &expression, *ty).map(Given::Scalar)
        }
        (ParameterType::Table(schema), Some(Expr::Variable(variable))) if !variable.is_system() => {
            let variable = variable.name().unwrap_or_default();
            let rowset = checker.rowset(&variable, location)?;
            require(checker, &variable, rowset, schema, location)?;
            Ok(Given::Table(rowset))
        }
        (ParameterType::Table(_), Some(_)) => {
            let problem = format!("The parameter {name} takes a rowset variable.");
            Err(wrong(checker, location, problem))
        }
        (_, None) => {
            let problem = format!("The parameter {name} has no default value.");
            Err(wrong(checker, location, problem))
        }
    }
}

/// A rowset where columns are declared has these columns: the same names and types in the same order.
pub(super) fn require(
    checker: &mut Checker<'_>,
    name: &str,
    rowset: RowsetId,
    expected: &Schema,
    location: Location,
) -> Result<(), Reported> {
    let found = checker.schema(rowset);
    if found == expected {
        return Ok(());
    }
    let message =
        format!("The rowset {name} has the columns {found} where {expected} are declared.");
    Err(checker
        .sink
        .error(&codes::TABLE_TYPE_MISMATCH, location, message))
}

fn wrong(checker: &mut Checker<'_>, location: Location, problem: String) -> Reported {
    checker
        .sink
        .error(&codes::CALL_ARGUMENTS, location, problem)
}
