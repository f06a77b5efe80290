//! The types that a script names.

use rowan::ast::AstNode;
use usql_syntax::ast::TypeRef;

use super::members::without_namespace;
use crate::{
    checker::Checker,
    csharp::CSharpError,
    diagnostics::{Location, sink::Reported},
    functions::unimplemented::is_unimplemented_class,
    types::{Element, Scalar, Type},
};

/// The namespaces whose names every script may leave out.
const NAMESPACES: [&str; 3] = [
    "System.Collections.Generic.",
    "Microsoft.Analytics.Types.Sql.",
    "System.",
];

/// The type that is named, which has to be a built-in one.
pub(crate) fn type_of(
    checker: &mut Checker<'_>,
    ty: Option<TypeRef>,
    around: Location,
) -> Result<Type, Reported> {
    let Some(ty) = ty else {
        return Err(checker.missing(around));
    };
    let location = checker.location(ty.syntax());
    let mut ranks = ty.array_ranks();
    let mut named = if ranks > 0 && is_byte(&ty) {
        ranks -= 1;
        Type::of(Scalar::Bytes)
    } else {
        without_ranks(checker, &ty, location)?
    };
    for _ in 0..ranks {
        let element = element(checker, named, location)?;
        named = Type::of(Scalar::Sequence(element));
    }
    Ok(named)
}

/// The element of a collection of this type.
pub(crate) fn element(
    checker: &mut Checker<'_>,
    ty: Type,
    location: Location,
) -> Result<Element, Reported> {
    Element::of(ty).ok_or_else(|| {
        let what = format!("a collection of {ty}, which is nested as deep as this,");
        checker.unsupported(location, &what)
    })
}

/// Whether an array of it is the simple type `byte[]`.
fn is_byte(ty: &TypeRef) -> bool {
    !ty.is_nullable() && Scalar::named(&ty.name()) == Some(Scalar::Byte)
}

fn without_ranks(
    checker: &mut Checker<'_>,
    ty: &TypeRef,
    location: Location,
) -> Result<Type, Reported> {
    let name = checker.unaliased(&ty.name()).into_owned();
    let scalar = match Scalar::named(without_namespace(&name)) {
        Some(scalar) => Some(scalar),
        None => collection(checker, ty, &name, location)?,
    };
    match scalar {
        Some(scalar) if ty.is_nullable() && scalar.is_reference() => {
            let error = CSharpError::new(
                453,
                format!(
                    "The type '{scalar}' must be a non-nullable value type in order to use it as \
                     parameter 'T' in the generic type or method 'System.Nullable<T>'"
                ),
            );
            Err(checker.sink.csharp(location, &error))
        }
        Some(scalar) => Ok(Type::of(scalar).or_nullable(ty.is_nullable())),
        None if ty.arguments().next().is_some()
            || name.contains('.')
            || name == "object"
            || is_unimplemented_class(&name) =>
        {
            Err(checker.unsupported(location, &format!("the type {}", ty.text())))
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

/// A type with type arguments; none where there is no such type.
fn collection(
    checker: &mut Checker<'_>,
    ty: &TypeRef,
    name: &str,
    location: Location,
) -> Result<Option<Scalar>, Reported> {
    let short = NAMESPACES
        .iter()
        .find_map(|namespace| name.strip_prefix(namespace))
        .unwrap_or(name);
    let arguments: Vec<TypeRef> = ty.arguments().collect();
    let named = match (short, arguments.len()) {
        ("SQL.ARRAY" | "SqlArray", 1) => Named::One(Scalar::Array),
        ("IEnumerable" | "ICollection" | "IList" | "List", 1) => Named::One(Scalar::Sequence),
        ("SQL.MAP" | "SqlMap" | "Dictionary" | "IDictionary", 2) => Named::Two(Scalar::Map),
        ("KeyValuePair", 2) => Named::Two(Scalar::Pair),
        _ => return Ok(None),
    };
    let elements: Vec<_> = arguments
        .into_iter()
        .map(|argument| {
            let ty = type_of(checker, Some(argument), location)?;
            element(checker, ty, location)
        })
        .collect();
    let elements = elements.into_iter().collect::<Result<Vec<_>, _>>()?;
    Ok(match (named, elements.as_slice()) {
        (Named::One(make), [element]) => Some(make(*element)),
        (Named::Two(make), [key, value]) => Some(make(*key, *value)),
        _ => None,
    })
}

/// How many type arguments a type takes, and what it is with them.
enum Named {
    One(fn(Element) -> Scalar),
    Two(fn(Element, Element) -> Scalar),
}
