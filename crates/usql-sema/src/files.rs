//! The paths in a script: constants that name files of the lake.

use rowan::ast::AstNode;
use usql_syntax::ast::Expr;

use crate::{
    binding::{Aggregation, Binder, scope::Scope},
    checker::Checker,
    diagnostics::{Location, codes, sink::Reported},
    path::{LakePath, PathError},
    types::Type,
    value::Value,
};

/// The file that a constant expression names, and where the script says so.
pub(crate) fn path(
    checker: &mut Checker<'_>,
    expression: Option<Expr>,
    around: Location,
) -> Result<(LakePath, Location), Reported> {
    let Some(expression) = expression else {
        return Err(checker.missing(around));
    };
    let location = checker.location(expression.syntax());
    let scope = Scope::default();
    let text = Binder::new(checker, &scope, Aggregation::Forbid("in a path"))
        .constant(&expression, Type::STRING)?;
    let text = match text {
        Value::String(text) => text,
        _ => String::new(),
    };
    LakePath::parse(&text)
        .map(|path| (path, location))
        .map_err(|error| match error {
            PathError::Empty => {
                checker
                    .sink
                    .error(&codes::EMPTY_FILE_PATH, location, "The file path is empty.")
            }
            PathError::Invalid(reason) => {
                let message = format!("The file path '{text}' is invalid: {reason}.");
                checker
                    .sink
                    .error(&codes::INVALID_FILE_NAME, location, message)
            }
            PathError::Unsupported(what) => checker.unsupported(location, what),
        })
}

/// As [`path`], of a file that has to be there.
pub(crate) fn existing(
    checker: &mut Checker<'_>,
    expression: Option<Expr>,
    around: Location,
) -> Result<LakePath, Reported> {
    let (path, location) = path(checker, expression, around)?;
    if checker.environment.file_exists(&path) {
        return Ok(path);
    }
    let message = format!("The input file '{path}' does not exist.");
    Err(checker
        .sink
        .error(&codes::FILE_NOT_FOUND, location, message))
}
