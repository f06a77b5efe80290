//! The statements of a routine, in the place of a call.

use rowan::ast::AstNode;
use usql_syntax::{SyntaxNode, ast::RoutineStatement};

use super::{
    arguments::{Given, require},
    signature::{Returned, Signature},
};
use crate::{
    checker::Checker,
    diagnostics::{Location, codes, sink::Reported},
    plan::RowsetId,
    statements,
};

/// Checks the statements, in whose frame the checker is. Gives what the routine returns, in order.
pub(super) fn bind(
    checker: &mut Checker<'_>,
    statement: &SyntaxNode,
    signature: &Signature,
    given: Vec<Given>,
) -> Result<Vec<RowsetId>, Reported> {
    for (parameter, given) in signature.parameters.iter().zip(given) {
        let (name, location) = (&parameter.name, parameter.location);
        match given {
            Given::Scalar(value) => checker.declare(name, Ok(value), false, location),
            Given::Table(rowset) => checker.assign(name, Ok(rowset), location),
        }
    }
    let body = RoutineStatement::cast(statement.clone()).and_then(|statement| statement.body());
    let Some(body) = body else {
        return Err(checker.missing(Location::default()));
    };
    let said = checker.sink.len();
    statements::check_list(checker, body.syntax());
    if let Some(reported) = checker.sink.reported_since(said) {
        return Err(reported);
    }
    let results = signature.results.iter();
    results.map(|result| returned(checker, result)).collect()
}

/// The last rowset that was assigned to the variable of a result.
fn returned(checker: &mut Checker<'_>, result: &Returned) -> Result<RowsetId, Reported> {
    let Returned {
        name,
        schema,
        location,
    } = result;
    if !checker.is_rowset(name) {
        let message = format!("The function returns {name} and never assigns it.");
        return Err(checker
            .sink
            .error(&codes::RESULT_NOT_ASSIGNED, *location, message));
    }
    let rowset = checker.rowset(name, *location)?;
    if let Some(schema) = schema {
        require(checker, name, rowset, schema, *location)?;
    }
    Ok(rowset)
}
