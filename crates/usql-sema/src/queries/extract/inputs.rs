//! `FROM "a.csv", "b/{date:yyyy}/{*}.csv"`: the files and patterns of an EXTRACT, and the columns that they fill.

use usql_syntax::ast::{AstNode, Expr, ExtractQuery};

use crate::{
    checker::Checker,
    diagnostics::{Location, codes, sink::Reported},
    file_set::{
        Origin,
        pattern::{Part, Pattern, PatternError},
        resolve::{FileProperty, Input, Inputs, Named, Slot},
        virtual_columns::{Shape, is_readable},
    },
    files,
    path::LakePath,
    types::{Scalar, Schema},
};

/// The inputs of an EXTRACT with these columns, of which some are properties of the files.
pub(super) fn inputs(
    checker: &mut Checker<'_>,
    query: &ExtractQuery,
    schema: &Schema,
    properties: &[Option<FileProperty>],
) -> Result<Inputs, Reported> {
    let around = checker.location(query.syntax());
    let paths: Vec<_> = query
        .paths()
        .map(|expression| named(checker, expression, schema, properties, around))
        .collect();
    let paths = paths.into_iter().collect::<Result<Vec<_>, _>>()?;
    let mut virtuals: Vec<usize> = paths.iter().flat_map(virtual_columns).collect();
    virtuals.sort_unstable();
    virtuals.dedup();
    for named in &paths {
        if let Some(column) = virtuals
            .iter()
            .find(|column| !virtual_columns(named).contains(column))
        {
            let name = &schema.columns()[*column].name;
            let problem = format!(
                "is filled by other paths of the list but not by '{}'",
                named.text
            );
            return Err(invalid(checker, named.location, name, &problem));
        }
    }
    let slots: Vec<Slot> = (0..properties.len())
        .filter(|column| virtuals.contains(column) || properties[*column].is_some())
        .map(|column| Slot {
            column,
            property: properties[column],
        })
        .collect();
    if paths.is_empty() {
        return Err(checker.missing(around));
    }
    if slots.len() == properties.len() {
        let message =
            "The EXTRACT has no column of its own: all come from the files' paths and properties.";
        return Err(checker
            .sink
            .error(&codes::NO_EXTRACTED_COLUMN, around, message));
    }
    let origin = |column| {
        let slot = slots.iter().position(|slot| slot.column == column);
        slot.map_or(Origin::Cells, Origin::File)
    };
    Ok(Inputs {
        paths,
        origins: (0..properties.len()).map(origin).collect(),
        slots,
    })
}

/// Reports files that are not there, of an EXTRACT that is wrong anyway.
pub(super) fn look_for_files(checker: &mut Checker<'_>, query: &ExtractQuery) {
    let around = checker.location(query.syntax());
    for expression in query.paths() {
        if let Ok((text, location)) = files::text(checker, Some(expression), around)
            && let Ok(path) = LakePath::parse(&text)
        {
            // What is found is of no use any more.
            let _ = files::existing(checker, &path, location);
        }
    }
}

/// The positions of the columns that a path fills.
fn virtual_columns(named: &Named) -> Vec<usize> {
    match &named.input {
        Input::File(..) => Vec::new(),
        Input::Pattern(shape) => shape
            .columns
            .iter()
            .map(|(_, position)| *position)
            .collect(),
    }
}

fn named(
    checker: &mut Checker<'_>,
    expression: Expr,
    schema: &Schema,
    properties: &[Option<FileProperty>],
    around: Location,
) -> Result<Named, Reported> {
    let (text, location) = files::text(checker, Some(expression), around)?;
    if Pattern::is_pattern(&text) {
        let pattern =
            Pattern::parse(&text).map_err(|error| refused(checker, &text, location, &error))?;
        let shape = shape(checker, pattern, schema, properties, location)?;
        let input = Input::Pattern(shape);
        return Ok(Named {
            text,
            location,
            input,
        });
    }
    let path = LakePath::parse(&text);
    let path = path.map_err(|error| files::refused(checker, &text, location, &error))?;
    let info = files::existing(checker, &path, location)?;
    Ok(Named {
        text: path.to_string(),
        location,
        input: Input::File(path, info),
    })
}

/// A pattern with the types of its columns.
fn shape(
    checker: &mut Checker<'_>,
    pattern: Pattern,
    schema: &Schema,
    properties: &[Option<FileProperty>],
    location: Location,
) -> Result<Shape, Reported> {
    let mut columns = Vec::with_capacity(pattern.columns.len());
    for (index, name) in pattern.columns.iter().enumerate() {
        let mut declared = schema.columns().iter();
        let position = declared.position(|column| column.name == *name);
        let Some(position) = position.filter(|position| properties[*position].is_none()) else {
            return Err(invalid(
                checker,
                location,
                name,
                "is not declared with a type",
            ));
        };
        let ty = schema.columns()[position].ty;
        let parts = || pattern.segments.iter().flat_map(|segment| &segment.0);
        let is_date = parts().any(|part| matches!(part, Part::Date(of, _) if *of == index));
        let is_whole = parts().any(|part| *part == Part::Column(index));
        if is_date && is_whole {
            let problem = "is a part of a date in one place and a whole in another";
            return Err(invalid(checker, location, name, problem));
        }
        if is_date && ty.scalar() != Scalar::DateTime {
            let problem = format!("is a part of a date, so it has to be a DateTime and not a {ty}");
            return Err(invalid(checker, location, name, &problem));
        }
        if !is_readable(ty.scalar()) {
            let problem = format!("is a {ty}, which no part of a path is");
            return Err(invalid(checker, location, name, &problem));
        }
        columns.push((ty, position));
    }
    Ok(Shape { pattern, columns })
}

fn invalid(checker: &mut Checker<'_>, location: Location, name: &str, problem: &str) -> Reported {
    let message = format!("The virtual column '{name}' {problem}.");
    checker
        .sink
        .error(&codes::VIRTUAL_COLUMN, location, message)
}

/// Says why a text is no pattern.
fn refused(
    checker: &mut Checker<'_>,
    text: &str,
    location: Location,
    error: &PatternError,
) -> Reported {
    let code = match error {
        PatternError::Path(error) => return files::refused(checker, text, location, error),
        PatternError::Placeholder(reason) => {
            let message = format!("The file path '{text}' is invalid: {reason}.");
            return checker
                .sink
                .error(&codes::INVALID_FILE_NAME, location, message);
        }
        PatternError::Star => &codes::STAR_FORMAT,
        PatternError::LowercaseHour => &codes::LOWERCASE_HOUR_FORMAT,
    };
    checker.sink.error(code, location, code.message)
}
