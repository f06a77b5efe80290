//! The catalog as the script sees it: as it was, with what the script has changed.

use usql_syntax::{SyntaxNode, ast};

use super::Checker;
use crate::{
    catalog::{
        Action, ApplyError, CatalogError, Change, Conflict, Definition, Item, ItemKind, ObjectName,
        SchemaName,
    },
    diagnostics::{Location, codes, sink::Reported},
    plan::RowsetId,
};

/// The most characters that a name may have.
const MAX_NAME: usize = 128;

impl Checker<'_> {
    /// The current database and schema.
    pub(crate) const fn context(&self) -> &SchemaName {
        &self.frame.context
    }

    /// Changes the current database and schema.
    pub(crate) fn set_context(&mut self, context: SchemaName) {
        self.frame.context = context;
    }

    /// The complete name of an object.
    pub(crate) fn object_name(&mut self, name: &ast::ObjectName) -> Result<ObjectName, Reported> {
        let parts = name.segments().map(|part| part.text());
        self.resolve(
            &parts.collect::<Vec<_>>(),
            self.location(ast::AstNode::syntax(name)),
        )
    }

    /// The complete name of an object of which the script gives some parts.
    pub(crate) fn resolve(
        &mut self,
        parts: &[String],
        location: Location,
    ) -> Result<ObjectName, Reported> {
        ObjectName::resolve(parts, self.context()).ok_or_else(|| {
            let message = format!("'{}' is not the name of an object.", parts.join("."));
            self.sink
                .error(&codes::INVALID_OBJECT_NAME, location, message)
        })
    }

    /// What an item of the catalog is here.
    pub(crate) fn find(
        &mut self,
        item: &Item,
        location: Location,
    ) -> Result<Option<Definition>, Reported> {
        self.not_given_up(item)?;
        let found = self.changes.find(self.environment.catalog(), item);
        found.map_err(|error| self.unreadable(&error, location))
    }

    /// Takes an item for one that is wrong: nothing more is said about it, nor about what is in it.
    pub(crate) fn give_up_item(&mut self, item: Item, reported: Reported) {
        self.given_up.insert(item, reported);
    }

    fn not_given_up(&self, item: &Item) -> Result<(), Reported> {
        let mut around = std::iter::successors(Some(item.clone()), Item::container);
        match around.find_map(|item| self.given_up.get(&item)) {
            Some(reported) => Err(*reported),
            None => Ok(()),
        }
    }

    /// The definition of an item that has to be there and of a kind.
    pub(crate) fn existing(
        &mut self,
        item: &Item,
        kind: ItemKind,
        location: Location,
    ) -> Result<Definition, Reported> {
        let conflict = match self.find(item, location)? {
            Some(definition) if definition.kind == kind => return Ok(definition),
            Some(definition) => Conflict::Other {
                item: item.clone(),
                expected: kind,
                found: definition.kind,
            },
            None => Conflict::Missing(kind, item.clone()),
        };
        Err(self.conflict(&conflict, location))
    }

    /// As [`existing`](Self::existing), of an object.
    pub(crate) fn object(
        &mut self,
        name: &ObjectName,
        kind: ItemKind,
        location: Location,
    ) -> Result<Definition, Reported> {
        self.existing(&Item::Object(name.clone()), kind, location)
    }

    /// Makes an item by the CREATE statement that is a node, here and when the script is run.
    pub(crate) fn create(
        &mut self,
        item: Item,
        kind: ItemKind,
        statement: &SyntaxNode,
        if_not_exists: bool,
        location: Location,
    ) {
        let definition = Definition {
            kind,
            text: statement.text().to_string(),
            context: self.context().clone(),
        };
        self.change(Change {
            item,
            action: Action::Create {
                definition,
                if_not_exists,
            },
            location,
        });
    }

    /// The rowset of a view that was used before and is still the same.
    pub(crate) fn known_view(&self, name: &ObjectName) -> Option<Result<RowsetId, Reported>> {
        self.views.get(name).copied()
    }

    /// Keeps the rowset of a view for its next use.
    pub(crate) fn know_view(&mut self, name: &ObjectName, rowset: Result<RowsetId, Reported>) {
        self.views.insert(name.clone(), rowset);
    }

    /// Changes the catalog, for the rest of the script and when it is run.
    pub(crate) fn change(&mut self, change: Change) {
        let item = change.item.clone();
        let is_create = matches!(change.action, Action::Create { .. });
        match self.try_change(change) {
            Err(reported) if is_create => self.give_up_item(item, reported),
            _ => {}
        }
    }

    fn try_change(&mut self, change: Change) -> Result<(), Reported> {
        let location = change.location;
        let name = change.item.name();
        if matches!(change.action, Action::Create { .. }) && name.chars().count() > MAX_NAME {
            let message = format!("The name '{name}' has more than {MAX_NAME} characters.");
            return Err(self.sink.error(&codes::NAME_TOO_LONG, location, message));
        }
        self.not_given_up(&change.item)?;
        self.views.clear();
        match self.changes.apply(self.environment.catalog(), &change) {
            Ok(()) => {
                self.plan.add_change(change);
                Ok(())
            }
            Err(ApplyError::Conflict(conflict)) => Err(self.conflict(&conflict, location)),
            Err(ApplyError::Catalog(error)) => Err(self.unreadable(&error, location)),
        }
    }

    /// Says why an item is not as it has to be.
    pub(crate) fn conflict(&mut self, conflict: &Conflict, location: Location) -> Reported {
        self.sink
            .error(conflict.code(), location, conflict.to_string())
    }

    fn unreadable(&mut self, error: &CatalogError, location: Location) -> Reported {
        let message = format!("The catalog cannot be read: {error}.");
        self.sink
            .error(&codes::CATALOG_UNREADABLE, location, message)
    }
}
