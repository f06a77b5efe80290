//! The names that lambdas give to their parameters, and what `let` names.

use crate::{
    diagnostics::Location,
    expression::{Expression, ExpressionKind},
    types::Type,
};

use super::Binder;

/// The names in sight, the innermost last. They come before columns.
#[derive(Debug, Default)]
pub(super) struct Locals {
    names: Vec<(String, Expression)>,
    /// How many parameters lambdas around have.
    parameters: usize,
    /// Names that have a type and no value yet.
    unassigned: Vec<(String, Type)>,
}

impl Locals {
    /// What a name stands for, if it is one of these.
    pub(super) fn find(&self, name: &str) -> Option<&Expression> {
        let mut inner = self.names.iter().rev();
        inner
            .find(|(known, _)| known == name)
            .map(|(_, value)| value)
    }

    /// The type of a name that has no value yet.
    pub(super) fn unassigned(&self, name: &str) -> Option<Type> {
        let mut inner = self.unassigned.iter().rev();
        inner.find(|(known, _)| known == name).map(|(_, ty)| *ty)
    }

    /// Gives such a name its value.
    pub(super) fn assign(&mut self, name: &str, value: Expression) {
        self.names.push((name.to_owned(), value));
    }

    /// The number that the next parameter gets.
    pub(super) const fn next(&self) -> usize {
        self.parameters
    }
}

/// No names, behind so many parameters of lambdas around.
impl From<usize> for Locals {
    fn from(parameters: usize) -> Self {
        Self {
            names: Vec::new(),
            parameters,
            unassigned: Vec::new(),
        }
    }
}

/// A parameter of a lambda.
pub(super) struct Parameter {
    pub(super) name: String,
    pub(super) ty: Type,
    pub(super) location: Location,
}

impl Binder<'_, '_> {
    /// Binds what stands inside a lambda with these parameters.
    pub(super) fn within<T>(
        &mut self,
        parameters: Vec<Parameter>,
        inner: impl FnOnce(&mut Self) -> T,
    ) -> T {
        let (names, first) = (self.locals.names.len(), self.locals.parameters);
        for Parameter { name, ty, location } in parameters {
            let kind = ExpressionKind::Parameter(self.locals.parameters);
            let value = Expression { kind, ty, location };
            self.locals.names.push((name, value));
            self.locals.parameters += 1;
        }
        let result = inner(self);
        self.locals.names.truncate(names);
        self.locals.parameters = first;
        result
    }

    /// Binds what may name values that stand for themselves.
    pub(super) fn with_locals<T>(
        &mut self,
        values: Vec<(String, Expression)>,
        inner: impl FnOnce(&mut Self) -> T,
    ) -> T {
        let names = self.locals.names.len();
        self.locals.names.extend(values);
        let result = inner(self);
        self.locals.names.truncate(names);
        result
    }

    /// Binds what may give a name of this type a value, and then name it.
    pub(super) fn with_unassigned<T>(
        &mut self,
        name: String,
        ty: Type,
        inner: impl FnOnce(&mut Self) -> T,
    ) -> T {
        let (names, unassigned) = (self.locals.names.len(), self.locals.unassigned.len());
        self.locals.unassigned.push((name, ty));
        let result = inner(self);
        self.locals.unassigned.truncate(unassigned);
        self.locals.names.truncate(names);
        result
    }
}
