//! `ORDER BY items [OFFSET n ROWS] [FETCH n ROWS]`

use usql_syntax::{
    SyntaxToken,
    ast::{AstNode, FetchClause, OffsetClause, OrderByClause},
};

use crate::{
    binding::{Aggregation, Binder, scope::Scope},
    checker::Checker,
    diagnostics::{Location, codes, sink::Reported},
    expression::Expression,
    plan::{Direction, RowsetId, RowsetKind, SortKey},
    types::{Scalar, Schema},
};

/// The most rows that FETCH may keep.
const MAX_FETCH: u64 = 10_000;

/// The clauses as written.
pub(crate) struct Clauses {
    pub(crate) order_by: Option<OrderByClause>,
    pub(crate) offset: Option<OffsetClause>,
    pub(crate) fetch: Option<FetchClause>,
}

/// The clauses, checked.
pub(crate) struct Ordering {
    /// The order; empty without ORDER BY.
    pub(crate) keys: Vec<SortKey>,
    /// Which rows of the order to keep.
    pub(crate) slice: Slice,
}

/// Which rows of an order to keep.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Slice {
    offset: u64,
    fetch: Option<u64>,
}

impl Slice {
    /// Adds the rowset of the rows to keep. Without FETCH and OFFSET there is nothing to add.
    pub(crate) fn add(
        self,
        checker: &mut Checker<'_>,
        input: RowsetId,
        keys: Vec<SortKey>,
        schema: &Schema,
        location: Location,
    ) -> RowsetId {
        let Self { offset, fetch } = self;
        if offset == 0 && fetch.is_none() {
            return input;
        }
        let kind = RowsetKind::Sort {
            input,
            keys,
            offset,
            fetch,
        };
        checker.add(kind, schema.clone(), location)
    }
}

impl Ordering {
    /// Adds the rowset of the rows to keep.
    pub(crate) fn slice(
        &self,
        checker: &mut Checker<'_>,
        input: RowsetId,
        schema: &Schema,
        location: Location,
    ) -> RowsetId {
        self.slice
            .add(checker, input, self.keys.clone(), schema, location)
    }
}

/// Refuses an order that nobody would see: only an OUTPUT keeps one.
///
/// The reference's prose asks for a FETCH, but its grammar and two of its examples are content with an OFFSET, which
/// has its meaning too.
pub(crate) fn require_fetch(checker: &mut Checker<'_>, clauses: &Clauses) -> Result<(), Reported> {
    match (&clauses.order_by, &clauses.offset, &clauses.fetch) {
        (Some(order_by), None, None) => {
            let location = checker.location(order_by.syntax());
            let message = "ORDER BY needs a FETCH clause here.";
            Err(checker
                .sink
                .error(&codes::ORDER_WITHOUT_FETCH, location, message))
        }
        _ => Ok(()),
    }
}

/// Checks the clauses over the columns of a scope.
pub(crate) fn bind(
    checker: &mut Checker<'_>,
    scope: &Scope,
    clauses: &Clauses,
    location: Location,
) -> Result<Ordering, Reported> {
    let slice = slice(checker, clauses, location);
    let mut binder = Binder::new(checker, scope, Aggregation::Forbid("in this ORDER BY"));
    let keys = keys(&mut binder, clauses.order_by.as_ref());
    Ok(Ordering {
        keys: keys?,
        slice: slice?,
    })
}

/// Binds the items of an ORDER BY.
pub(crate) fn keys(
    binder: &mut Binder<'_, '_>,
    order_by: Option<&OrderByClause>,
) -> Result<Vec<SortKey>, Reported> {
    let items: Vec<_> = order_by
        .into_iter()
        .flat_map(|order_by| order_by.items())
        .map(|item| {
            let location = binder.checker.location(item.syntax());
            let Some(expression) = item.expr() else {
                return Err(binder.checker.missing(location));
            };
            let expression = binder.typed(&expression, "ORDER BY")?;
            orderable(binder.checker, &expression)?;
            let direction = if item.is_descending() {
                Direction::Descending
            } else {
                Direction::Ascending
            };
            Ok(SortKey {
                expression,
                direction,
            })
        })
        .collect();
    items.into_iter().collect()
}

fn orderable(checker: &mut Checker<'_>, key: &Expression) -> Result<(), Reported> {
    match key.ty.scalar() {
        Scalar::Bytes => Err(checker.unsupported(key.location, "an order by byte[]")),
        _ => Ok(()),
    }
}

/// Checks the numbers of OFFSET and FETCH.
pub(crate) fn slice(
    checker: &mut Checker<'_>,
    clauses: &Clauses,
    around: Location,
) -> Result<Slice, Reported> {
    let offset = match &clauses.offset {
        Some(clause) => count(
            checker,
            "OFFSET",
            clause.count(),
            0..=i64::MAX as u64,
            around,
        ),
        None => Ok(0),
    };
    let fetch = match &clauses.fetch {
        Some(clause) => count(checker, "FETCH", clause.count(), 1..=MAX_FETCH, around).map(Some),
        None => Ok(None),
    };
    Ok(Slice {
        offset: offset?,
        fetch: fetch?,
    })
}

fn count(
    checker: &mut Checker<'_>,
    clause: &str,
    token: Option<SyntaxToken>,
    range: std::ops::RangeInclusive<u64>,
    around: Location,
) -> Result<u64, Reported> {
    let Some(token) = token else {
        return Err(checker.missing(around));
    };
    let location = checker.locate(token.text_range());
    let digits = token.text().trim_end_matches(['u', 'U', 'l', 'L']);
    if let Ok(count) = digits.parse::<u64>()
        && range.contains(&count)
    {
        return Ok(count);
    }
    let (least, most) = (range.start(), range.end());
    let message = format!(
        "{clause} {} is out of range: {least} to {most} rows.",
        token.text()
    );
    Err(checker.sink.error(&codes::FETCH_RANGE, location, message))
}
