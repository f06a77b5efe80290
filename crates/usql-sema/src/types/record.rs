//! The anonymous types of C#: `new { Name = "a", Age = 3 }`.

use std::{
    collections::HashSet,
    sync::{Mutex, PoisonError},
};

use super::Type;

/// The names and types of what is in an object of an anonymous type, in order.
///
/// Two of the same names and types in the same order are one type, as in C#.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Record(Fields);

type Fields = &'static [(String, Type)];

/// How many fields an object may have.
const MAX_FIELDS: usize = 64;

/// How many such types there may ever be, as of [`Element`](super::Element)s.
const MAX_RECORDS: usize = 5_000;

static RECORDS: Mutex<Option<HashSet<Fields>>> = Mutex::new(None);

impl Record {
    /// The type of these fields; none where they are too many, or nested too deep.
    #[must_use]
    pub fn of(fields: Vec<(String, Type)>) -> Option<Self> {
        if fields.len() > MAX_FIELDS
            || fields
                .iter()
                .any(|(_, ty)| super::Element::of(*ty).is_none())
        {
            return None;
        }
        // A set is whole after every insertion, whoever panicked beside it.
        let mut records = RECORDS.lock().unwrap_or_else(PoisonError::into_inner);
        let records = records.get_or_insert_default();
        if let Some(known) = records.get(fields.as_slice()) {
            return Some(Self(known));
        }
        if records.len() >= MAX_RECORDS {
            return None;
        }
        let kept: Fields = fields.leak();
        records.insert(kept);
        Some(Self(kept))
    }

    /// The type of `Tuple.Create(..)` of values of these types: their names are `Item1`, `Item2` and so on.
    #[must_use]
    pub fn tuple(types: impl IntoIterator<Item = Type>) -> Option<Self> {
        let items = types.into_iter().enumerate();
        Self::of(
            items
                .map(|(number, ty)| (format!("Item{}", number + 1), ty))
                .collect(),
        )
    }

    /// Whether it is that of a tuple.
    #[must_use]
    pub fn is_tuple(self) -> bool {
        let mut names = self.0.iter().enumerate();
        names.all(|(number, (name, _))| *name == format!("Item{}", number + 1))
    }

    /// The fields.
    #[must_use]
    pub const fn fields(self) -> &'static [(String, Type)] {
        self.0
    }
}
