//! `VALUES (expression, ..), ..`: a part of a FROM, an APPLY or an INSERT.

use crate::SyntaxKind::*;
use crate::grammar::comma_separated;
use crate::grammar::expressions::expression;
use crate::parser::Parser;

/// Parses `VALUES (expression, ..), ..`.
pub(in crate::grammar) fn values(p: &mut Parser<'_>) {
    let values = p.start();
    p.expect(VALUES_KW);
    comma_separated(p, |p| {
        let row = p.start();
        p.expect(L_PAREN);
        comma_separated(p, expression);
        p.expect(R_PAREN);
        row.complete(p, ROW_VALUES);
    });
    values.complete(p, VALUES_QUERY);
}
