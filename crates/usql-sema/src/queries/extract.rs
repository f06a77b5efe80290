//! `EXTRACT columns FROM path USING extractor`

use usql_syntax::{
    SyntaxKind, SyntaxNode,
    ast::{AstNode, ColumnDefinition, ExtractQuery},
};

use super::{QueryRule, schema_of};
use crate::{
    binding::{
        arguments::{no_such_operator, operator_call},
        types::type_of,
    },
    checker::Checker,
    diagnostics::{Location, codes, sink::Reported},
    extractors::{self, Extractor},
    file_set::{FileSet, InputFile, Origin},
    files,
    plan::{RowsetId, RowsetKind},
    types::{Column, Schema},
};

pub(super) const RULE: QueryRule = QueryRule {
    kind: SyntaxKind::EXTRACT_QUERY,
    bind,
};

fn bind(checker: &mut Checker<'_>, node: &SyntaxNode) -> Result<RowsetId, Reported> {
    let location = checker.location(node);
    let Some(query) = ExtractQuery::cast(node.clone()) else {
        return Err(checker.missing(location));
    };
    if let Some(clause) = query.column_clauses().next() {
        let location = checker.location(clause.syntax());
        checker.unsupported(location, "SORTED BY, READONLY or REQUIRED on an EXTRACT");
    }
    let schema = schema(checker, &query);
    let files = files(checker, &query);
    let extractor = extractor(checker, &query, location);
    let (schema, files, extractor) = (schema?, files?, extractor?);
    packed_sizes(checker, &files, location)?;
    let files = FileSet {
        origins: vec![Origin::Cells; schema.columns().len()],
        ..files
    };
    Ok(checker.add(RowsetKind::Extract { files, extractor }, schema, location))
}

/// The largest file that is unpacked, in bytes: 4 GB, as the documentation has it.
const MAX_PACKED: u64 = 4 << 30;

fn packed_sizes(
    checker: &mut Checker<'_>,
    files: &FileSet,
    location: Location,
) -> Result<(), Reported> {
    let is_large = |file: &&InputFile| file.path.is_gzip() && file.info.length > MAX_PACKED;
    match files.files.iter().find(is_large) {
        Some(InputFile { path, .. }) => {
            let message = format!("The compressed input file '{path}' is larger than 4 GB.");
            Err(checker
                .sink
                .error(&codes::COMPRESSED_FILE_SIZE, location, message))
        }
        None => Ok(()),
    }
}

fn schema(checker: &mut Checker<'_>, query: &ExtractQuery) -> Result<Schema, Reported> {
    let columns: Vec<_> = query
        .columns()
        .map(|definition| column(checker, &definition))
        .collect();
    let columns = columns.into_iter().collect::<Result<_, _>>()?;
    schema_of(checker, columns)
}

fn column(
    checker: &mut Checker<'_>,
    definition: &ColumnDefinition,
) -> Result<(Column, Location), Reported> {
    let location = checker.location(definition.syntax());
    if definition.is_star() {
        return Err(checker.unsupported(location, "a table type in an EXTRACT"));
    }
    if definition.file_property().is_some() {
        return Err(checker.unsupported(location, "a file property as a column"));
    }
    let Some(name) = definition.name() else {
        return Err(checker.missing(location));
    };
    let ty = type_of(checker, definition.ty(), location)?;
    if !ty.scalar().is_file_type() {
        return Err(checker.unsupported(location, &format!("an EXTRACT of a {ty}")));
    }
    Ok((Column::new(name.text(), ty), location))
}

/// The files of a list; each is read as often as it is in the list.
fn files(checker: &mut Checker<'_>, query: &ExtractQuery) -> Result<FileSet, Reported> {
    let (mut paths, mut found) = (Vec::new(), Vec::new());
    let location = checker.location(query.syntax());
    for expression in query.paths() {
        let (path, location) = files::path(checker, Some(expression), location)?;
        let info = files::existing(checker, &path, location)?;
        paths.push(path.to_string());
        found.push(InputFile {
            path,
            info,
            values: Vec::new(),
        });
    }
    if found.is_empty() {
        return Err(checker.missing(location));
    }
    Ok(FileSet {
        paths,
        files: found.into(),
        ..FileSet::default()
    })
}

fn extractor(
    checker: &mut Checker<'_>,
    query: &ExtractQuery,
    location: Location,
) -> Result<Extractor, Reported> {
    let call = operator_call(checker, query.using(), "Extractors", location)?;
    match extractors::named(&call.name) {
        Some(rule) => (rule.bind)(call.arguments, checker.settings, &mut checker.sink),
        None => Err(no_such_operator(checker, "extractor", &call)),
    }
}
