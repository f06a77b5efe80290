//! What a routine takes and returns.

use std::collections::HashSet;

use rowan::ast::AstNode;
use usql_syntax::{
    SyntaxNode, SyntaxToken,
    ast::{self, Expr, RoutineStatement, TableType, TypeRef},
};

use crate::{
    binding::types::type_of,
    catalog::Item,
    checker::Checker,
    diagnostics::{Location, codes, sink::Reported},
    expression::Expression,
    statements, table_types,
    types::{Scalar, Schema, Type},
};

/// The parameters of a routine, and the rowsets that it returns.
pub(crate) struct Signature {
    pub(super) parameters: Vec<Parameter>,
    pub(super) results: Vec<Returned>,
}

/// A parameter.
pub(super) struct Parameter {
    /// Its variable, with its `@`.
    pub(super) name: String,
    pub(super) ty: ParameterType,
    pub(super) location: Location,
}

/// What a parameter takes.
pub(super) enum ParameterType {
    /// A value of a type, and what DEFAULT stands for.
    Scalar(Type, Option<Expression>),
    /// A rowset with these columns.
    Table(Schema),
}

/// A rowset that is returned.
pub(super) struct Returned {
    /// Its variable, with its `@`.
    pub(super) name: String,
    /// The columns that it has to have; those that it happens to have, without.
    pub(super) schema: Option<Schema>,
    pub(super) location: Location,
}

impl Signature {
    /// The signature of the statement that makes a routine, in whose frame the checker is.
    pub(crate) fn of(checker: &mut Checker<'_>, statement: &SyntaxNode) -> Result<Self, Reported> {
        let Some(statement) = RoutineStatement::cast(statement.clone()) else {
            return Err(checker.missing(Location::default()));
        };
        let mut names = Names::default();
        let parameters: Vec<_> = statement
            .parameters()
            .map(|parameter| self::parameter(checker, &parameter, &mut names))
            .collect();
        let results: Vec<_> = statement
            .returns()
            .map(|returned| self::returned(checker, &returned, &mut names))
            .collect();
        Ok(Self {
            parameters: parameters.into_iter().collect::<Result<_, _>>()?,
            results: results.into_iter().collect::<Result<_, _>>()?,
        })
    }
}

/// The names so far.
#[derive(Default)]
struct Names {
    parameters: HashSet<String>,
    results: HashSet<String>,
}

fn parameter(
    checker: &mut Checker<'_>,
    parameter: &ast::Parameter,
    names: &mut Names,
) -> Result<Parameter, Reported> {
    let (name, location) = variable(checker, parameter.variable(), parameter.syntax())?;
    if !names.parameters.insert(name.clone()) {
        return Err(checker.name_taken(&name, location));
    }
    let ty = match table(checker, parameter.table(), parameter.ty())? {
        Some(schema) => ParameterType::Table(schema),
        None => scalar(checker, parameter.ty(), parameter.default(), location)?,
    };
    Ok(Parameter { name, ty, location })
}

fn scalar(
    checker: &mut Checker<'_>,
    ty: Option<TypeRef>,
    default: Option<Expr>,
    location: Location,
) -> Result<ParameterType, Reported> {
    let ty = type_of(checker, ty, location)?;
    let default = default.map(|default| statements::value_of(checker, &default, ty));
    Ok(ParameterType::Scalar(ty, default.transpose()?))
}

fn returned(
    checker: &mut Checker<'_>,
    returned: &ast::ReturnedRowset,
    names: &mut Names,
) -> Result<Returned, Reported> {
    let (name, location) = variable(checker, returned.variable(), returned.syntax())?;
    if names.parameters.contains(&name) {
        // The release notes of spring 2018 have this sentence for it, whatever the parameter is.
        let message = format!("Rowset variable {name} is already declared as a scalar variable.");
        return Err(checker
            .sink
            .error(&codes::ROWSET_NAME_TAKEN, location, message));
    }
    if !names.results.insert(name.clone()) {
        return Err(checker.name_taken(&name, location));
    }
    let schema = match (
        table(checker, returned.table(), returned.ty())?,
        returned.ty(),
    ) {
        (None, Some(ty)) => {
            // Nothing but a table is returned: this says why the name is none.
            let ty = type_of(checker, Some(ty), location)?;
            return Err(checker.unsupported(location, &format!("a function that returns a {ty}")));
        }
        (schema, _) => schema,
    };
    Ok(Returned {
        name,
        schema,
        location,
    })
}

/// The columns, if the type is one of tables: written out, or in the catalog by its name.
fn table(
    checker: &mut Checker<'_>,
    table: Option<TableType>,
    ty: Option<TypeRef>,
) -> Result<Option<Schema>, Reported> {
    if let Some(table) = table {
        return table_types::columns(checker, &table).map(Some);
    }
    let Some(ty) = ty.filter(|ty| may_be_table(checker, ty)) else {
        return Ok(None);
    };
    let location = checker.location(ty.syntax());
    let parts: Vec<String> = ty.segments().filter_map(|part| part.name()).collect();
    let name = checker.resolve(&parts, location)?;
    match checker.find(&Item::Object(name.clone()), location)? {
        Some(_) => table_types::named(checker, &name, ty.syntax()).map(Some),
        None => Ok(None),
    }
}

/// Whether a type is a mere name and no type of C# has it.
fn may_be_table(checker: &Checker<'_>, ty: &TypeRef) -> bool {
    Scalar::named(&checker.unaliased(&ty.name())).is_none()
        && ty.arguments().next().is_none()
        && !ty.is_nullable()
        && ty.array_ranks() == 0
        && (1..=3).contains(&ty.segments().count())
}

fn variable(
    checker: &mut Checker<'_>,
    variable: Option<SyntaxToken>,
    around: &SyntaxNode,
) -> Result<(String, Location), Reported> {
    match variable {
        Some(variable) => Ok((
            variable.text().to_owned(),
            checker.locate(variable.text_range()),
        )),
        None => {
            let location = checker.location(around);
            Err(checker.missing(location))
        }
    }
}
