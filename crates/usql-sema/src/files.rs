//! The paths in a script: constants that name files of the lake.

use rowan::ast::AstNode;
use usql_syntax::ast::Expr;

use crate::{
    binding::{Aggregation, Binder, scope::Scope},
    checker::Checker,
    diagnostics::{Location, codes, sink::Reported},
    file_set::FileInfo,
    path::{LakePath, PathError},
    types::Type,
    value::Value,
};

/// The text of a constant expression that is a path, and where the script says so.
pub(crate) fn text(
    checker: &mut Checker<'_>,
    expression: Option<Expr>,
    around: Location,
) -> Result<(String, Location), Reported> {
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
    Ok((text, location))
}

/// The file that a constant expression names, and where the script says so.
pub(crate) fn path(
    checker: &mut Checker<'_>,
    expression: Option<Expr>,
    around: Location,
) -> Result<(LakePath, Location), Reported> {
    let (text, location) = text(checker, expression, around)?;
    let path = LakePath::parse(&text);
    path.map(|path| (path, location))
        .map_err(|error| refused(checker, &text, location, &error))
}

/// Says why a text is no path.
pub(crate) fn refused(
    checker: &mut Checker<'_>,
    text: &str,
    location: Location,
    error: &PathError,
) -> Reported {
    match error {
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
    }
}

/// What is known of an input, which has to be there.
pub(crate) fn existing(
    checker: &mut Checker<'_>,
    path: &LakePath,
    location: Location,
) -> Result<FileInfo, Reported> {
    checker.environment.file(path).ok_or_else(|| {
        let message = format!("The input file '{path}' does not exist.");
        checker
            .sink
            .error(&codes::FILE_NOT_FOUND, location, message)
    })
}
