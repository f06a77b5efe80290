//! The functions that variables name: `DECLARE @f Func<int, int> = x => x + 1;`

use super::Checker;
use crate::{
    binding::Function,
    diagnostics::{Location, sink::Reported},
    expression::Expression,
};

/// How many functions may call each other in a row.
const MAX_CALLS: usize = 32;

/// How many calls of functions a script may have, those in called functions included.
const MAX_TOTAL: usize = 5_000;

/// What is declared, and what of it can be called at some place.
#[derive(Default)]
pub(super) struct Functions {
    declared: Vec<(String, Function)>,
    /// The functions around the place, outermost first: each calls only those declared before it, so none itself.
    open: Vec<usize>,
}

impl Functions {
    /// Whether a function has this name.
    pub(super) fn has(&self, name: &str) -> bool {
        self.declared.iter().any(|(known, _)| known == name)
    }
}

impl Checker<'_> {
    /// Declares a function.
    pub(crate) fn declare_function(&mut self, name: &str, function: Function, location: Location) {
        if self.is_declared(name) {
            self.name_taken(name, location);
            return;
        }
        self.frame
            .functions
            .declared
            .push((name.to_owned(), function));
    }

    /// The function that a variable names, if it can be called here, and its number.
    pub(crate) fn function(&self, name: &str) -> Option<(usize, Function)> {
        let functions = &self.frame.functions;
        let visible = functions.open.last().copied();
        let visible = visible.unwrap_or(functions.declared.len());
        let mut declared = functions.declared[..visible].iter().enumerate();
        let (number, (_, function)) = declared.find(|(_, (known, _))| known == name)?;
        Some((number, function.clone()))
    }

    /// From here on the body of a function is bound.
    pub(crate) fn enter(&mut self, function: usize, location: Location) -> Result<(), Reported> {
        self.function_calls += 1;
        if self.frame.functions.open.len() >= MAX_CALLS || self.function_calls > MAX_TOTAL {
            // No call after this one is looked at: those of a failed expression would be no fewer.
            self.function_calls = MAX_TOTAL;
            return Err(self.unsupported(location, "so much work in functions"));
        }
        self.frame.functions.open.push(function);
        Ok(())
    }

    /// The body is bound; what it came to counts as the value of a variable does.
    pub(crate) fn leave(
        &mut self,
        value: Result<Expression, Reported>,
        location: Location,
    ) -> Result<Expression, Reported> {
        self.frame.functions.open.pop();
        let value = value?;
        self.copied(&value, 1, location)?;
        Ok(value)
    }
}
