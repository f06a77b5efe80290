//! Changes of a catalog: what a script asks for, and what comes of it.

use std::{collections::HashMap, fmt};

use super::{Catalog, CatalogError, Definition, Item, ItemKind, SchemaName};
use crate::diagnostics::{Code, Location, codes};

/// A change that a script asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What is made or dropped.
    pub item: Item,
    /// What is done to it.
    pub action: Action,
    /// Where the script says so.
    pub location: Location,
}

/// What is done to an item of a catalog.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// It is made.
    Create {
        /// What it is.
        definition: Definition,
        /// IF NOT EXISTS: one that is there stays as it is.
        if_not_exists: bool,
    },
    /// It is dropped, with everything in it.
    Drop {
        /// What it is.
        kind: ItemKind,
        /// IF EXISTS: it is no error that there is none.
        if_exists: bool,
    },
}

/// `create view if not exists master.dbo.v`
impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (verb, kind, condition) = match &self.action {
            Action::Create {
                definition,
                if_not_exists,
            } => {
                let condition = if *if_not_exists { "if not exists " } else { "" };
                ("create", definition.kind, condition)
            }
            Action::Drop { kind, if_exists } => {
                let condition = if *if_exists { "if exists " } else { "" };
                ("drop", *kind, condition)
            }
        };
        write!(f, "{verb} {kind} {condition}{}", self.item)
    }
}

/// What a list of changes makes of a catalog, which itself stays as it is.
#[derive(Clone, Debug, Default)]
pub struct Changes {
    edits: Vec<Edit>,
    /// The last edit of each item.
    last: HashMap<Item, usize>,
}

/// What a change comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edit {
    /// An item that was not there is there.
    Put(Item, Definition),
    /// An item that was there is not, and nothing that was in it.
    Remove(Item),
}

impl Edit {
    /// What is edited.
    #[must_use]
    pub const fn item(&self) -> &Item {
        match self {
            Self::Put(item, _) | Self::Remove(item) => item,
        }
    }
}

impl Changes {
    /// What an item is after the changes.
    ///
    /// # Errors
    /// The catalog could not be read.
    pub fn find(
        &self,
        catalog: &dyn Catalog,
        item: &Item,
    ) -> Result<Option<Definition>, CatalogError> {
        let containers = std::iter::successors(Some(item.clone()), Item::container);
        // An edit of what an item is in is one of the item, too.
        let last = containers.filter_map(|item| self.last.get(&item)).max();
        if item.is_built_in() {
            return match item.container() {
                Some(database) if self.find(catalog, &database)?.is_none() => Ok(None),
                _ => Ok(Some(built_in(item))),
            };
        }
        match last.map(|last| &self.edits[*last]) {
            Some(Edit::Put(edited, definition)) if edited == item => Ok(Some(definition.clone())),
            Some(_) => Ok(None),
            None => catalog.find(item),
        }
    }

    /// Adds a change.
    ///
    /// # Errors
    /// The change cannot be made, or the catalog could not be read.
    pub fn apply(&mut self, catalog: &dyn Catalog, change: &Change) -> Result<(), ApplyError> {
        let item = &change.item;
        let found = self.find(catalog, item)?;
        match &change.action {
            Action::Create {
                definition,
                if_not_exists,
            } => {
                self.check_container(catalog, item)?;
                match found {
                    None => {
                        self.edit(Edit::Put(item.clone(), definition.clone()));
                        Ok(())
                    }
                    Some(found) if found.kind == definition.kind && *if_not_exists => Ok(()),
                    Some(found) => Err(Conflict::Exists(found.kind, item.clone()).into()),
                }
            }
            Action::Drop { kind, if_exists } => match found {
                Some(_) if item.is_built_in() => Err(Conflict::BuiltIn(*kind, item.clone()).into()),
                Some(found) if found.kind == *kind => {
                    self.edit(Edit::Remove(item.clone()));
                    Ok(())
                }
                _ if *if_exists => Ok(()),
                Some(found) => Err(Conflict::Other {
                    item: item.clone(),
                    expected: *kind,
                    found: found.kind,
                }
                .into()),
                None => Err(Conflict::Missing(*kind, item.clone()).into()),
            },
        }
    }

    /// What the changes come to, in order.
    #[must_use]
    pub fn edits(&self) -> &[Edit] {
        &self.edits
    }

    /// Fails unless there is what an item is made in.
    fn check_container(&self, catalog: &dyn Catalog, item: &Item) -> Result<(), ApplyError> {
        let Some(container) = item.container() else {
            return Ok(());
        };
        if self.find(catalog, &container)?.is_some() {
            return match &container {
                Item::Schema(schema) if schema.is_system() => {
                    Err(Conflict::BuiltIn(ItemKind::Schema, container).into())
                }
                _ => Ok(()),
            };
        }
        // Without a database it has no schemas.
        self.check_container(catalog, &container)?;
        Err(Conflict::Missing(kind_of_container(&container), container).into())
    }

    fn edit(&mut self, edit: Edit) {
        self.last.insert(edit.item().clone(), self.edits.len());
        self.edits.push(edit);
    }
}

fn built_in(item: &Item) -> Definition {
    Definition {
        kind: kind_of_container(item),
        text: String::new(),
        context: SchemaName::default(),
    }
}

const fn kind_of_container(item: &Item) -> ItemKind {
    match item {
        Item::Database(_) => ItemKind::Database,
        _ => ItemKind::Schema,
    }
}

/// Why a change cannot be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Conflict {
    /// There is already such an item, or one of another kind under its name.
    Exists(ItemKind, Item),
    /// There is no such item.
    Missing(ItemKind, Item),
    /// What has this name is something else.
    Other {
        /// What has the name.
        item: Item,
        /// What it would have to be.
        expected: ItemKind,
        /// What it is.
        found: ItemKind,
    },
    /// The item is built in: it can neither be dropped nor, if it is the system's schema, be added to.
    BuiltIn(ItemKind, Item),
}

impl Conflict {
    /// The code under which it is reported.
    #[must_use]
    pub const fn code(&self) -> &'static Code {
        match self {
            Self::Exists(..) => &codes::ENTITY_EXISTS,
            Self::Missing(..) => &codes::ENTITY_MISSING,
            Self::Other { .. } => &codes::ENTITY_KIND,
            Self::BuiltIn(..) => &codes::ENTITY_BUILT_IN,
        }
    }
}

impl fmt::Display for Conflict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exists(kind, item) => write!(f, "The {kind} '{item}' already exists."),
            Self::Missing(kind, item) => write!(f, "The {kind} '{item}' does not exist."),
            Self::Other {
                item,
                expected,
                found,
            } => write!(f, "'{item}' is a {found} and not a {expected}."),
            Self::BuiltIn(kind, item) => {
                write!(f, "The {kind} '{item}' is built in and cannot be changed.")
            }
        }
    }
}

impl std::error::Error for Conflict {}

/// A change was not made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ApplyError {
    /// It cannot be made.
    Conflict(Conflict),
    /// The catalog could not be read.
    Catalog(CatalogError),
}

impl From<Conflict> for ApplyError {
    fn from(conflict: Conflict) -> Self {
        Self::Conflict(conflict)
    }
}

impl From<CatalogError> for ApplyError {
    fn from(error: CatalogError) -> Self {
        Self::Catalog(error)
    }
}

impl fmt::Display for ApplyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Conflict(conflict) => conflict.fmt(f),
            Self::Catalog(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for ApplyError {}
