//! What stands behind FROM: a file for each kind of source, registered by one line.

mod apply;
mod apply_values;
mod call;
mod join;
mod joined;
mod object;
mod subquery;
mod values;
mod variable;

use usql_syntax::{
    SyntaxKind, SyntaxNode,
    ast::{AstNode, Continuation, FromClause, Source},
};

use crate::{
    binding::scope::Scope,
    checker::Checker,
    diagnostics::{Location, codes, sink::Reported},
    plan::RowsetId,
};

/// Every source that is implemented. To add one, add a file and a line here.
const REGISTRY: &[SourceRule] = &[
    call::RULE,
    joined::RULE,
    object::RULE,
    subquery::RULE,
    values::RULE,
    variable::RULE,
];

/// What the others are called.
const UNSUPPORTED: &[(SyntaxKind, &str)] = &[(SyntaxKind::EXTERNAL_SOURCE, "An external rowset")];

/// What a kind of source means.
struct SourceRule {
    kind: SyntaxKind,
    bind: fn(&mut Checker<'_>, &SyntaxNode) -> Result<Bound, Reported>,
}

/// A source, bound: its rows and what its columns are called.
pub(crate) struct Bound {
    pub(crate) rowset: RowsetId,
    pub(crate) scope: Scope,
}

/// Binds a FROM clause.
pub(crate) fn from(
    checker: &mut Checker<'_>,
    clause: Option<FromClause>,
    around: Location,
) -> Result<Bound, Reported> {
    let Some(clause) = clause else {
        return Err(checker.missing(around));
    };
    chain(checker, clause.source(), clause.continuations(), around)
}

/// How much may be joined in one FROM. Each join knows the columns of all before it, so that the engine's planner takes
/// eight times as long for twice as many: 0.5 s for 50, 10 s for 200 without optimisation.
const MAX_CONTINUATIONS: usize = 200;

/// Binds a source and what is joined to it.
fn chain(
    checker: &mut Checker<'_>,
    source: Option<Source>,
    continuations: impl Iterator<Item = Continuation>,
    around: Location,
) -> Result<Bound, Reported> {
    let mut bound = one(checker, source, around);
    for (count, continuation) in continuations.enumerate() {
        let location = checker.location(continuation.syntax());
        if count == MAX_CONTINUATIONS {
            let what = format!("a FROM of more than {MAX_CONTINUATIONS} joins");
            return Err(checker.unsupported(location, &what));
        }
        bound = match continuation {
            Continuation::Join(clause) => join::bind(checker, bound, &clause),
            Continuation::Apply(clause) => apply::bind(checker, bound, &clause),
            Continuation::Pivot(_) => Err(checker.unsupported(location, "PIVOT")),
        };
    }
    bound
}

fn one(
    checker: &mut Checker<'_>,
    source: Option<Source>,
    around: Location,
) -> Result<Bound, Reported> {
    let Some(source) = source else {
        return Err(checker.missing(around));
    };
    let node = source.syntax();
    if let Some(rule) = REGISTRY.iter().find(|rule| rule.kind == node.kind()) {
        return (rule.bind)(checker, node);
    }
    let known = UNSUPPORTED.iter().find(|(kind, _)| *kind == node.kind());
    let location = checker.location(node);
    Err(checker.unsupported(location, known.map_or("This source", |(_, what)| what)))
}

/// The alias of a source that has to have one.
fn alias_of(checker: &mut Checker<'_>, source: &Source) -> Result<String, Reported> {
    match source.alias().and_then(|alias| alias.name()) {
        Some(name) => Ok(name.text()),
        None => {
            let location = checker.location(source.syntax());
            let message = "The rowset needs a name.";
            Err(checker.sink.error(&codes::MISSING_ALIAS, location, message))
        }
    }
}
