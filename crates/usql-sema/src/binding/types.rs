//! The types that a script names.

use rowan::ast::AstNode;
use usql_syntax::ast::TypeRef;

use crate::{
    checker::Checker,
    csharp::CSharpError,
    diagnostics::{Location, sink::Reported},
    functions::unimplemented::is_unimplemented_class,
    types::{Scalar, Type},
};

/// The type that is named, which has to be one of the built-in scalar types.
pub(crate) fn type_of(
    checker: &mut Checker<'_>,
    ty: Option<TypeRef>,
    around: Location,
) -> Result<Type, Reported> {
    let Some(ty) = ty else {
        return Err(checker.missing(around));
    };
    let location = checker.location(ty.syntax());
    let text = ty.text();
    let (name, is_nullable) = match text.strip_suffix('?') {
        Some(name) => (name, true),
        None => (text.as_str(), false),
    };
    match Scalar::named(name) {
        Some(scalar) if is_nullable && scalar.is_reference() => {
            let error = CSharpError::new(
                453,
                format!(
                    "The type '{scalar}' must be a non-nullable value type in order to use it as \
                     parameter 'T' in the generic type or method 'System.Nullable<T>'"
                ),
            );
            Err(checker.sink.csharp(location, &error))
        }
        Some(scalar) => Ok(Type::of(scalar).or_nullable(is_nullable)),
        None if name.contains(['<', '[', '.'])
            || name == "object"
            || is_unimplemented_class(name) =>
        {
            Err(checker.unsupported(location, &format!("the type {text}")))
        }
        None => {
            let error = CSharpError::new(
                246,
                format!(
                    "The type or namespace name '{name}' could not be found \
                     (are you missing a using directive or an assembly reference?)"
                ),
            );
            Err(checker.sink.csharp(location, &error))
        }
    }
}
