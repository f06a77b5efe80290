//! `OUTPUT rowset TO path [ORDER BY .. [FETCH]] USING outputter;`

use usql_syntax::{
    SyntaxKind, SyntaxNode,
    ast::{AstNode, OutputStatement},
};

use super::StatementRule;
use crate::{
    binding::{
        arguments::{no_such_operator, operator_call},
        scope::Scope,
    },
    checker::Checker,
    diagnostics::{Location, codes, sink::Reported},
    files,
    outputters::{self, Outputter},
    plan::Output,
    queries::{self, ordering},
    text_format::Compression,
    types::{Column, Schema},
};

pub(super) const RULE: StatementRule = StatementRule {
    kind: SyntaxKind::OUTPUT_STATEMENT,
    check,
};

/// Where built-in outputters are named.
const FAMILY: &str = "Outputters";

/// Writes a rowset to a file. The only place where an order outlives its statement.
fn check(checker: &mut Checker<'_>, node: &SyntaxNode) {
    let Some(statement) = OutputStatement::cast(node.clone()) else {
        return;
    };
    let location = checker.location(node);
    let rowset = queries::bind_part(checker, statement.source(), location);
    let path = files::path(checker, statement.path(), location);
    let outputter = outputter(checker, &statement, location);
    if let Some(expiration) = statement.expiration() {
        let location = checker.location(expiration.syntax());
        checker.unsupported(location, "EXPIRATION");
    }
    let Ok(rowset) = rowset else { return };
    let schema = checker.schema(rowset).clone();
    if outputter.is_ok() {
        simple_columns(checker, &statement, &schema, location);
    }
    let scope = Scope::of(None, &schema);
    let clauses = ordering::Clauses {
        order_by: statement.order_by(),
        offset: statement.offset(),
        fetch: statement.fetch(),
    };
    let order = ordering::bind(checker, &scope, &clauses, location);
    let (Ok(order), Ok((path, path_location)), Ok(mut outputter)) = (order, path, outputter) else {
        return;
    };
    if path.is_gzip() {
        pack(checker, &mut outputter, path_location);
    }
    let input = order.slice(checker, rowset, &schema, location);
    let output = Output {
        input,
        path,
        order_by: order.keys,
        outputter,
        location,
    };
    checker.output(output, path_location);
}

/// A file of this name is packed, if the script asks for the preview that did so (release notes, winter 2017/18).
fn pack(checker: &mut Checker<'_>, outputter: &mut Outputter, location: Location) {
    if !checker.packs_outputs {
        checker.unsupported(
            location,
            "a compressed output without SET @@FeaturePreviews = \"GZipOutput:on\"",
        );
    }
    let Outputter::Text(text) = outputter;
    text.compression = Compression::Gzip;
}

/// The built-in outputters write simple types only.
fn simple_columns(
    checker: &mut Checker<'_>,
    statement: &OutputStatement,
    schema: &Schema,
    location: Location,
) {
    let unknown = |column: &&Column| !column.ty.scalar().is_file_type();
    for Column { name, ty } in schema.columns().iter().filter(unknown) {
        let name_of = statement.using().and_then(|using| using.expr());
        let operator = name_of.map_or_else(String::new, |call| {
            let text = call.syntax().text().to_string();
            text.split('(').next().unwrap_or_default().trim().to_owned()
        });
        let message = format!("{operator} was used to output column {name} of type {ty}.");
        checker
            .sink
            .error(&codes::TYPE_IN_OUTPUTTER, location, message);
    }
}

fn outputter(
    checker: &mut Checker<'_>,
    statement: &OutputStatement,
    location: Location,
) -> Result<Outputter, Reported> {
    let call = operator_call(checker, statement.using(), FAMILY, location)?;
    match outputters::named(&call.name) {
        Some(rule) => rule.bind(call.arguments, &mut checker.sink),
        None => Err(no_such_operator(checker, FAMILY, &call)),
    }
}
