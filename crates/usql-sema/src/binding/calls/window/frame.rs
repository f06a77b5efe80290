//! `ROWS UNBOUNDED PRECEDING`, `ROWS BETWEEN 2 PRECEDING AND 1 FOLLOWING`

use rowan::ast::AstNode;
use usql_syntax::{
    SyntaxToken,
    ast::{FrameBound, RowsClause},
};

use super::WindowCall;
use crate::{
    diagnostics::{Location, sink::Reported},
    plan::Frame,
};

/// The frame of an ordered window that does not say: from the first row to the current one.
pub(super) const DEFAULT: Frame = Frame {
    first: None,
    last: 0,
};

/// Binds a frame. One bound alone is where it begins; it ends at the current row then.
pub(super) fn bind(
    call: &mut WindowCall<'_, '_, '_>,
    rows: &RowsClause,
) -> Result<Frame, Reported> {
    let location = call.binder.checker.location(rows.syntax());
    let bounds = rows.bounds();
    let (first, last) = match bounds.as_slice() {
        [first] => (first, &FrameBound::CurrentRow),
        [first, last] => (first, last),
        _ => return Err(call.binder.checker.missing(location)),
    };
    let first = row(call, first, location)?;
    let Some(last) = row(call, last, location)? else {
        return Err(call.refuse(location, "the frame cannot end at UNBOUNDED PRECEDING"));
    };
    if first.is_some_and(|first| first > last) {
        return Err(call.refuse(location, "the frame ends before it begins"));
    }
    Ok(Frame { first, last })
}

/// The row of a bound, counted from the current one; none for UNBOUNDED PRECEDING.
fn row(
    call: &mut WindowCall<'_, '_, '_>,
    bound: &FrameBound,
    location: Location,
) -> Result<Option<i64>, Reported> {
    match bound {
        FrameBound::UnboundedPreceding => Ok(None),
        FrameBound::Preceding(rows) => count(call, rows).map(|rows| Some(-rows)),
        FrameBound::CurrentRow => Ok(Some(0)),
        FrameBound::Following(rows) => count(call, rows).map(Some),
        // The reference: order the other way round, and use UNBOUNDED PRECEDING.
        FrameBound::UnboundedFollowing => Err(call
            .binder
            .checker
            .unsupported(location, "UNBOUNDED FOLLOWING")),
    }
}

fn count(call: &mut WindowCall<'_, '_, '_>, token: &SyntaxToken) -> Result<i64, Reported> {
    let digits = token.text().trim_end_matches(['u', 'U', 'l', 'L']);
    match digits.parse::<u32>() {
        Ok(rows) => Ok(i64::from(rows)),
        Err(_) => {
            let location = call.binder.checker.locate(token.text_range());
            let problem = format!("{} is no number of rows", token.text());
            Err(call.refuse(location, &problem))
        }
    }
}
