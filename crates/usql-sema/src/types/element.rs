//! The types of what is in a collection.

use std::{
    collections::HashSet,
    sync::{Mutex, PoisonError},
};

use super::{Scalar, Type};

/// The type of the elements of a collection, of the keys or of the values of a map.
///
/// ```
/// use usql_sema::{Element, Scalar, Type};
///
/// let ints = Scalar::Array(Element::of(Type::nullable(Scalar::Int)).expect("arrays of int? are not deep"));
/// assert_eq!(Type::of(ints).to_string(), "SQL.ARRAY<int?>");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Element(&'static Type);

/// How deep types may be nested: `SQL.MAP<string, SQL.ARRAY<int>>` is 2 deep, and its pairs are 3.
const MAX_DEPTH: usize = 8;

/// How many types may ever be elements. A script has some; a service that compiles hostile ones for years ends here.
const MAX_TYPES: usize = 20_000;

/// Every type that is an element of some other. [`Type`] stays `Copy` because they are kept for good.
static TYPES: Mutex<Option<HashSet<&'static Type>>> = Mutex::new(None);

impl Element {
    /// The element of a type; none where types would be nested too deep.
    #[must_use]
    pub fn of(ty: Type) -> Option<Self> {
        if depth(ty) >= MAX_DEPTH {
            return None;
        }
        // A set is whole after every insertion, whoever panicked beside it.
        let mut types = TYPES.lock().unwrap_or_else(PoisonError::into_inner);
        let types = types.get_or_insert_default();
        if let Some(known) = types.get(&ty) {
            return Some(Self(known));
        }
        if types.len() >= MAX_TYPES {
            return None;
        }
        let kept: &'static Type = Box::leak(Box::new(ty));
        types.insert(kept);
        Some(Self(kept))
    }

    /// The element of a type that is known when this is compiled.
    pub(crate) const fn known(ty: &'static Type) -> Self {
        Self(ty)
    }

    /// The type.
    #[must_use]
    pub const fn ty(self) -> Type {
        *self.0
    }
}

fn depth(ty: Type) -> usize {
    match ty.scalar() {
        Scalar::Array(element) | Scalar::Sequence(element) => 1 + depth(element.ty()),
        Scalar::Map(key, value) | Scalar::Pair(key, value) => {
            1 + depth(key.ty()).max(depth(value.ty()))
        }
        Scalar::Record(record) => {
            let fields = record.fields().iter();
            1 + fields.map(|(_, ty)| depth(*ty)).max().unwrap_or(0)
        }
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_is_kept_once() {
        let element = || Element::of(Type::of(Scalar::Guid)).unwrap();
        assert!(std::ptr::eq(element().0, element().0));
    }

    #[test]
    fn types_are_not_nested_without_end() {
        let mut ty = Type::of(Scalar::Int);
        for _ in 0..MAX_DEPTH {
            ty = Type::of(Scalar::Array(Element::of(ty).unwrap()));
        }
        assert_eq!(Element::of(ty), None);
    }
}
