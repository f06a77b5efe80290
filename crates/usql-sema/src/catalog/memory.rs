//! A catalog in memory.

use std::collections::BTreeMap;

use super::{ApplyError, Catalog, CatalogError, Change, Changes, Definition, Edit, Item};

/// A catalog that is kept as it is: for a program without a lake, and for tests.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MemoryCatalog {
    items: BTreeMap<Item, Definition>,
}

impl MemoryCatalog {
    /// Makes the changes of a plan: all of them or, if one cannot be made, none.
    ///
    /// # Errors
    /// The first change that cannot be made.
    pub fn commit(&mut self, changes: &[Change]) -> Result<(), ApplyError> {
        let mut applied = Changes::default();
        for change in changes {
            applied.apply(self, change)?;
        }
        for edit in applied.edits() {
            match edit {
                Edit::Put(item, definition) => {
                    self.items.insert(item.clone(), definition.clone());
                }
                Edit::Remove(removed) => self.items.retain(|item, _| !item.is_in(removed)),
            }
        }
        Ok(())
    }

    /// Everything that is not built in, by name.
    pub fn items(&self) -> impl Iterator<Item = (&Item, &Definition)> {
        self.items.iter()
    }
}

impl Catalog for MemoryCatalog {
    fn find(&self, item: &Item) -> Result<Option<Definition>, CatalogError> {
        Ok(self.items.get(item).cloned())
    }
}

impl FromIterator<(Item, Definition)> for MemoryCatalog {
    fn from_iter<I: IntoIterator<Item = (Item, Definition)>>(items: I) -> Self {
        Self {
            items: items.into_iter().collect(),
        }
    }
}
