//! `f(..) [WITHIN GROUP (ORDER BY ..)] OVER ([PARTITION BY ..] [ORDER BY ..] [ROWS ..])`

mod frame;
mod functions;

use rowan::ast::AstNode;
use usql_syntax::ast::{CallExpr, Expr, OverClause};

use super::aggregate;
use crate::{
    aggregates::{self, AggregateFunction},
    binding::{Aggregation, Binder},
    csharp::Operand,
    diagnostics::{Location, codes, sink::Reported},
    expression::{Expression, ExpressionKind},
    plan::{Frame, SortKey, Window, WindowFunction},
    queries::ordering,
    types::Type,
};
use functions::{Order, Rule};

/// Binds a window function: a column behind those of the scope.
pub(super) fn bind(
    binder: &mut Binder<'_, '_>,
    call: &CallExpr,
    over: &OverClause,
    location: Location,
) -> Result<Operand, Reported> {
    let name = name_of(call);
    if binder.windows.is_none() {
        let message = format!("The window function {name} is not allowed here.");
        return Err(binder
            .checker
            .sink
            .error(&codes::MISPLACED_WINDOW, location, message));
    }
    // Inside, there are neither aggregates nor other windows.
    let forbid = Aggregation::Forbid("inside a window function");
    let mut inner = Binder::new(binder.checker, binder.scope, forbid);
    let mut call = WindowCall {
        binder: &mut inner,
        name,
        call,
        location,
    };
    let partition_by = call.partition_by(over);
    let bound = call.function(over);
    let (window, ty) = bound?;
    let window = Window {
        partition_by: partition_by?,
        ..window
    };
    let width = binder.scope.width();
    let windows = binder
        .windows
        .as_mut()
        .expect("whether windows are allowed has been asked");
    let kind = ExpressionKind::Column(width + windows.add(window, ty));
    Ok(Expression { kind, ty, location }.into())
}

/// Whether there is a function of this name that exists only over windows.
pub(super) fn exists(name: &str) -> bool {
    functions::named(name).is_some()
}

/// Reports what means nothing without a window.
pub(super) fn needs_over(binder: &mut Binder<'_, '_>, name: &str, location: Location) -> Reported {
    let message = format!("{name}: it needs an OVER clause.");
    let sink = &mut binder.checker.sink;
    sink.error(&codes::INVALID_WINDOW, location, message)
}

fn name_of(call: &CallExpr) -> String {
    match call.callee() {
        Some(Expr::Name(name)) => name.name().unwrap_or_default(),
        Some(other) => other.syntax().text().to_string(),
        None => String::new(),
    }
}

/// A window function while it is bound.
struct WindowCall<'w, 'b, 'a> {
    binder: &'w mut Binder<'b, 'a>,
    name: String,
    call: &'w CallExpr,
    location: Location,
}

impl WindowCall<'_, '_, '_> {
    /// The function with its order and frame; the partition is still to come.
    fn function(&mut self, over: &OverClause) -> Result<(Window, Type), Reported> {
        let (function, ty, order_by, frame) = match functions::named(&self.name) {
            Some(rule) => {
                let mut order_by = self.order(rule, over)?;
                let frame = self.frame(rule, over)?;
                let (function, ty) = (rule.bind)(self, &mut order_by)?;
                (function, ty, order_by, frame)
            }
            None => match aggregates::named(&self.name) {
                Some(aggregate) => self.aggregate(aggregate, over)?,
                None => {
                    let problem = "it is no window function";
                    return Err(self.refuse(self.location, problem));
                }
            },
        };
        let window = Window {
            function,
            partition_by: Vec::new(),
            order_by,
            frame,
            location: self.location,
        };
        Ok((window, ty))
    }

    /// An aggregate has ORDER BY and ROWS or none of the two.
    fn aggregate(
        &mut self,
        function: &'static AggregateFunction,
        over: &OverClause,
    ) -> Result<(WindowFunction, Type, Vec<SortKey>, Option<Frame>), Reported> {
        if !function.in_windows() {
            return Err(self.refuse(self.location, "it cannot be used with OVER"));
        }
        self.refuse_within_group()?;
        let order_by = ordering::keys(self.binder, over.order_by().as_ref())?;
        let frame = match (over.rows(), over.order_by()) {
            (Some(rows), Some(_)) => Some(frame::bind(self, &rows)?),
            (None, None) => None,
            (Some(rows), None) => {
                let location = self.binder.checker.location(rows.syntax());
                return Err(self.refuse(location, "ROWS needs an ORDER BY"));
            }
            (None, Some(order)) => {
                let location = self.binder.checker.location(order.syntax());
                return Err(self.refuse(location, "an aggregate with ORDER BY needs ROWS"));
            }
        };
        if self.call.is_distinct() {
            return Err(self.refuse(self.location, "DISTINCT cannot be used with OVER"));
        }
        let (aggregate, ty) = aggregate::typed(self.binder, function, self.call, self.location)?;
        Ok((WindowFunction::Aggregate(aggregate), ty, order_by, frame))
    }

    fn partition_by(&mut self, over: &OverClause) -> Result<Vec<Expression>, Reported> {
        let keys: Vec<_> = over
            .partition_by()
            .map(|key| self.binder.typed(&key, "PARTITION BY"))
            .collect();
        keys.into_iter().collect()
    }

    fn order(&mut self, rule: &Rule, over: &OverClause) -> Result<Vec<SortKey>, Reported> {
        if rule.order == Order::WithinGroup {
            if let Some(order) = over.order_by() {
                let location = self.binder.checker.location(order.syntax());
                return Err(self.refuse(location, "its order stands in WITHIN GROUP"));
            }
            let within = self.call.within_group();
            return match ordering::keys(self.binder, within.as_ref())? {
                one if one.len() == 1 => Ok(one),
                _ => Err(self.refuse(
                    self.location,
                    "it needs WITHIN GROUP (ORDER BY ..) of one expression",
                )),
            };
        }
        self.refuse_within_group()?;
        if rule.order == Order::Required && over.order_by().is_none() {
            let location = self.binder.checker.location(over.syntax());
            return Err(self.refuse(location, "it needs an ORDER BY in OVER"));
        }
        ordering::keys(self.binder, over.order_by().as_ref())
    }

    fn frame(&mut self, rule: &Rule, over: &OverClause) -> Result<Option<Frame>, Reported> {
        match over.rows() {
            Some(rows) if rule.has_frame => frame::bind(self, &rows).map(Some),
            Some(rows) => {
                let location = self.binder.checker.location(rows.syntax());
                Err(self.refuse(location, "ROWS is not allowed"))
            }
            None if rule.has_frame => Ok(Some(frame::DEFAULT)),
            None => Ok(None),
        }
    }

    fn refuse_within_group(&mut self) -> Result<(), Reported> {
        match self.call.within_group() {
            None => Ok(()),
            Some(order) => {
                let location = self.binder.checker.location(order.syntax());
                Err(self.refuse(location, "it has no WITHIN GROUP"))
            }
        }
    }

    fn refuse(&mut self, location: Location, problem: &str) -> Reported {
        let message = format!("{}: {problem}.", self.name);
        self.binder
            .checker
            .sink
            .error(&codes::INVALID_WINDOW, location, message)
    }
}
