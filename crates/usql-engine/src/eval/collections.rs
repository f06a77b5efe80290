//! Operations on collections, a whole batch of them at a time (docs/adr/0021).
//!
//! The elements of all collections of a batch lie side by side in one array; offsets say which are whose. A lambda is
//! evaluated once over that array, with the columns that it names repeated for each element.

mod elements;
mod keys;
mod lambda;
mod lists;
mod make;
mod numbers;
mod order;
mod sets;
mod text;

use datafusion::arrow::{
    array::{ArrayRef, new_null_array},
    datatypes::DataType,
};
use usql_sema::{
    Expression, ExpressionKind, Type,
    expression::{Absent, Collection, CollectionOperation as Operation},
};

use super::{Result, Rows, Values, functions::differs_by_row, values};
use lists::Lists;

/// A collection operation over some rows, with its operands evaluated.
struct Call<'a> {
    collection: &'a Collection,
    /// The type of the result.
    ty: Type,
    operands: Vec<ArrayRef>,
    rows: &'a Rows,
}

/// Computes an operation for every row; once, if it is the same for all of them.
pub(super) fn evaluate(collection: &Collection, ty: Type, rows: &Rows) -> Result<Values> {
    if rows.count > 1 && is_closed(collection, usize::MAX) {
        let mut single = Rows::single(rows.now);
        // Nobody looks at the parameters around; they only keep the numbers of those inside.
        let around = rows.parameters.iter();
        single.parameters = around.map(|_| new_null_array(&DataType::Null, 1)).collect();
        return operation(collection, ty, &single).map(Values::Same);
    }
    operation(collection, ty, rows).map(Values::Each)
}

/// Whether nothing in it depends on the row: no column, and no parameter but those of its own lambdas.
fn is_closed(collection: &Collection, bound: usize) -> bool {
    fn closed(expression: &Expression, bound: usize) -> bool {
        match &expression.kind {
            ExpressionKind::Column(_) => false,
            ExpressionKind::Parameter(number) => *number >= bound,
            ExpressionKind::Collection(inner) => is_closed(inner, bound),
            ExpressionKind::Call { function, .. } if differs_by_row(function.as_str()) => false,
            _ => expression.children().all(|child| closed(child, bound)),
        }
    }
    let own = |first: usize| bound.min(first);
    collection.operands.iter().all(|each| closed(each, bound))
        && collection
            .lambdas
            .iter()
            .all(|lambda| closed(&lambda.body, own(lambda.first)))
}

/// Adds the numbers of the parameters that an expression names.
pub(super) fn parameters(expression: &Expression, numbers: &mut Vec<usize>) {
    if let ExpressionKind::Parameter(number) = &expression.kind {
        numbers.push(*number);
    }
    for child in expression.children() {
        parameters(child, numbers);
    }
}

fn operation(collection: &Collection, ty: Type, rows: &Rows) -> Result<ArrayRef> {
    let operands = collection.operands.iter();
    let operands = operands.map(|operand| values(operand, rows)?.into_array(rows.count));
    let call = Call {
        collection,
        ty,
        operands: operands.collect::<Result<_>>()?,
        rows,
    };
    match &collection.operation {
        Operation::List => make::list(&call),
        Operation::Pair | Operation::Record => make::object(&call),
        Operation::Field(position) => make::field(&call.operands[0], *position),
        Operation::Key => make::part(&call.operands[0], 0),
        Operation::Value => make::part(&call.operands[0], 1),
        Operation::Keys => make::parts(&call, 0),
        Operation::Values => make::parts(&call, 1),
        Operation::Range => make::range(&call),
        Operation::Repeat => make::repeat(&call),
        Operation::Present => make::present(&call),
        Operation::Let => lambda::bind(&call),
        Operation::Where => lambda::filter(&call),
        Operation::Select => lambda::select(&call),
        Operation::SelectMany => lambda::select_many(&call),
        Operation::SkipWhile => lambda::prefix(&call, elements::Side::Behind),
        Operation::TakeWhile => lambda::prefix(&call, elements::Side::Before),
        Operation::Zip => lambda::zip(&call),
        Operation::Aggregate => lambda::aggregate(&call),
        Operation::Count => elements::count(&call),
        Operation::First(absent) => elements::at_end(&call, elements::End::First, *absent),
        Operation::Last(absent) => elements::at_end(&call, elements::End::Last, *absent),
        Operation::Single(absent) => elements::single(&call, *absent),
        Operation::ElementAt(absent) => elements::at(&call, *absent),
        Operation::Skip => elements::cut(&call, elements::Side::Behind),
        Operation::Take => elements::cut(&call, elements::Side::Before),
        Operation::Reverse => elements::reverse(&call),
        Operation::Concat => elements::concat(&call),
        Operation::DefaultIfEmpty => elements::default_if_empty(&call),
        Operation::Lookup => sets::lookup(&call),
        Operation::Contains => sets::contains(&call),
        Operation::ContainsKey => sets::contains_key(&call),
        Operation::ToMap(duplicates) => sets::to_map(&call, *duplicates),
        Operation::Distinct => sets::distinct(&call),
        Operation::Except => sets::with_other(&call, sets::Membership::Absent),
        Operation::Intersect => sets::with_other(&call, sets::Membership::Present),
        Operation::SequenceEqual => sets::sequence_equal(&call),
        Operation::GroupBy => sets::group(&call),
        Operation::OrderBy(directions) => order::by(&call, directions),
        Operation::Min => numbers::extreme(&call, numbers::Extreme::Least),
        Operation::Max => numbers::extreme(&call, numbers::Extreme::Greatest),
        Operation::Sum => numbers::sum(&call),
        Operation::Average => numbers::average(&call),
        Operation::Join => text::join(&call),
        Operation::Split(empty) => text::split(&call, *empty),
        Operation::Characters => text::characters(&call),
    }
}

impl Call<'_> {
    /// An operand that is a collection.
    fn lists(&self, operand: usize) -> Result<Lists> {
        Lists::of(&self.operands[operand])
    }

    /// The type of an operand's elements.
    fn element(&self, operand: usize) -> Type {
        let of = self.collection.operands[operand].ty.scalar();
        of.element()
            .expect("the checker gives a collection where elements are asked for")
    }
}
