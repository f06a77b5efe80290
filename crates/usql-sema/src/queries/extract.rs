//! `EXTRACT columns FROM path USING extractor`

mod inputs;

use usql_syntax::{
    SyntaxKind, SyntaxNode,
    ast::{AstNode, ColumnDefinition, Expr, ExtractQuery},
};

use super::{QueryRule, schema_of};
use crate::{
    binding::{
        arguments::{no_such_operator, operator_call},
        types::type_of,
    },
    checker::Checker,
    diagnostics::{Location, sink::Reported},
    extractors::{self, ExtractorRule},
    file_set::resolve::FileProperty,
    parameters::Argument,
    plan::RowsetId,
    table_types,
    types::{Column, Schema},
};

pub(super) const RULE: QueryRule = QueryRule {
    kind: SyntaxKind::EXTRACT_QUERY,
    bind,
};

/// Where built-in extractors are named.
const FAMILY: &str = "Extractors";

fn bind(checker: &mut Checker<'_>, node: &SyntaxNode) -> Result<RowsetId, Reported> {
    let location = checker.location(node);
    let Some(query) = ExtractQuery::cast(node.clone()) else {
        return Err(checker.missing(location));
    };
    if let Some(clause) = query.column_clauses().next() {
        let location = checker.location(clause.syntax());
        checker.unsupported(location, "SORTED BY, READONLY or REQUIRED on an EXTRACT");
    }
    let columns = columns(checker, &query);
    // What the files have to be like is up to the operator: where there is none, nobody looks for them.
    let (rule, arguments) = operator(checker, &query, location)?;
    let extractor = rule.bind(arguments, checker.settings, &mut checker.sink);
    let (schema, properties) = match columns {
        Ok(columns) => columns,
        Err(reported) => {
            inputs::look_for_files(checker, &query);
            return Err(reported);
        }
    };
    let inputs = inputs::inputs(checker, &query, &schema, &properties);
    let (inputs, extractor) = (inputs?, extractor?);
    Ok(checker.add_extract(inputs, extractor, schema, location))
}

/// The columns, and which of them are properties of the files.
fn columns(
    checker: &mut Checker<'_>,
    query: &ExtractQuery,
) -> Result<(Schema, Vec<Option<FileProperty>>), Reported> {
    let mut columns = Vec::new();
    for definition in query.columns() {
        match definition.is_star() {
            true => columns.extend(table_type(checker, &definition)),
            false => columns.push(column(checker, &definition)),
        }
    }
    let columns = columns.into_iter().collect::<Result<Vec<_>, _>>()?;
    let properties = columns.iter().map(|(_, property)| *property).collect();
    let columns = columns.into_iter().map(|(column, _)| column).collect();
    Ok((schema_of(checker, columns)?, properties))
}

/// A column, and the property of the file that it is.
type Extracted = ((Column, Location), Option<FileProperty>);

/// The columns of a table type, which the files have like those that are written out.
fn table_type(
    checker: &mut Checker<'_>,
    definition: &ColumnDefinition,
) -> Vec<Result<Extracted, Reported>> {
    let node = definition.syntax();
    let location = checker.location(node);
    let parts: Vec<String> = definition.table_type().map(|part| part.text()).collect();
    let name = checker.resolve(&parts, location);
    match name.and_then(|name| table_types::named(checker, &name, node)) {
        Ok(schema) => schema
            .columns()
            .iter()
            .map(|column| extracted(checker, column.clone(), location))
            .collect(),
        Err(reported) => vec![Err(reported)],
    }
}

/// A column that the files have.
fn extracted(
    checker: &mut Checker<'_>,
    column: Column,
    location: Location,
) -> Result<Extracted, Reported> {
    if !column.ty.scalar().is_file_type() {
        return Err(checker.unsupported(location, &format!("an EXTRACT of a {}", column.ty)));
    }
    Ok(((column, location), None))
}

fn column(checker: &mut Checker<'_>, definition: &ColumnDefinition) -> Result<Extracted, Reported> {
    let location = checker.location(definition.syntax());
    let Some(name) = definition.name() else {
        return Err(checker.missing(location));
    };
    if let Some(expression) = definition.file_property() {
        let property = file_property(checker, &expression)?;
        let column = Column::new(name.text(), property.ty());
        return Ok(((column, location), Some(property)));
    }
    let ty = type_of(checker, definition.ty(), location)?;
    extracted(checker, Column::new(name.text(), ty), location)
}

/// `FILE.URI()` and its like.
fn file_property(checker: &mut Checker<'_>, expression: &Expr) -> Result<FileProperty, Reported> {
    let named = || {
        let Expr::Call(call) = expression else {
            return None;
        };
        let Some(Expr::Member(member)) = call.callee() else {
            return None;
        };
        let Some(Expr::Name(owner)) = member.receiver() else {
            return None;
        };
        let has_arguments = call
            .argument_list()
            .is_some_and(|list| list.arguments().next().is_some());
        (owner.name()? == "FILE" && !has_arguments)
            .then(|| FileProperty::named(&member.name()?))
            .flatten()
    };
    let location = checker.location(expression.syntax());
    named().ok_or_else(|| {
        checker.unsupported(
            location,
            "a computed column other than FILE.URI(), FILE.MODIFIED(), FILE.CREATED() and FILE.LENGTH()",
        )
    })
}

fn operator(
    checker: &mut Checker<'_>,
    query: &ExtractQuery,
    location: Location,
) -> Result<(&'static ExtractorRule, Vec<Argument>), Reported> {
    let call = operator_call(checker, query.using(), FAMILY, location)?;
    match extractors::named(&call.name) {
        Some(rule) => Ok((rule, call.arguments)),
        None => Err(no_such_operator(checker, FAMILY, &call)),
    }
}
