//! What is in a catalog, and what it is called.

use std::fmt;

/// The database that is always there, and in whose context a script begins.
const MASTER: &str = "master";

/// The schema that every database has, and that stands for a schema that is left out.
const DBO: &str = "dbo";

/// The schema that every database has for views of the catalog itself.
const USQL: &str = "usql";

/// What something in a catalog is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum ItemKind {
    /// A database.
    Database,
    /// A schema of a database.
    Schema,
    /// A query that is looked up by its name.
    View,
    /// Columns that are looked up by the name of their list.
    TableType,
    /// A table-valued function.
    Function,
    /// A procedure.
    Procedure,
}

impl ItemKind {
    /// Every kind.
    pub const ALL: [Self; 6] = [
        Self::Database,
        Self::Schema,
        Self::View,
        Self::TableType,
        Self::Function,
        Self::Procedure,
    ];

    /// What messages call it: `table-valued function`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Database => "database",
            Self::Schema => "schema",
            Self::View => "view",
            Self::TableType => "table type",
            Self::Function => "table-valued function",
            Self::Procedure => "procedure",
        }
    }
}

/// [`ItemKind::name`]
impl fmt::Display for ItemKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Something in a catalog, by its name. Names are case-sensitive, as all of U-SQL.
///
/// A schema is one name space: a view and a procedure in it cannot have the same name.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Item {
    /// A database.
    Database(String),
    /// A schema.
    Schema(SchemaName),
    /// What is in a schema.
    Object(ObjectName),
}

impl Item {
    /// What the item is in.
    #[must_use]
    pub fn container(&self) -> Option<Self> {
        match self {
            Self::Database(_) => None,
            Self::Schema(schema) => Some(Self::Database(schema.database.clone())),
            Self::Object(object) => Some(Self::Schema(object.schema())),
        }
    }

    /// Whether it is another item, or in it.
    #[must_use]
    pub fn is_in(&self, other: &Self) -> bool {
        std::iter::successors(Some(self.clone()), Self::container).any(|item| item == *other)
    }

    /// Whether it is there without having been made.
    #[must_use]
    pub fn is_built_in(&self) -> bool {
        match self {
            Self::Database(name) => name == MASTER,
            Self::Schema(schema) => schema.name == DBO || schema.is_system(),
            Self::Object(_) => false,
        }
    }

    /// The last part of its name.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Database(name) => name,
            Self::Schema(schema) => &schema.name,
            Self::Object(object) => &object.name,
        }
    }
}

/// `database`, `database.schema` or `database.schema.object`
impl fmt::Display for Item {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Database(name) => f.write_str(name),
            Self::Schema(schema) => schema.fmt(f),
            Self::Object(object) => object.fmt(f),
        }
    }
}

/// The name of a schema, complete.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SchemaName {
    /// The database.
    pub database: String,
    /// The schema in it.
    pub name: String,
}

impl SchemaName {
    /// The schema that stands for one that is left out.
    pub fn default_of(database: impl Into<String>) -> Self {
        Self {
            database: database.into(),
            name: DBO.to_owned(),
        }
    }

    /// Whether it is the schema of the views of the catalog itself.
    #[must_use]
    pub fn is_system(&self) -> bool {
        self.name == USQL
    }
}

/// `master.dbo`, where a script begins.
impl Default for SchemaName {
    fn default() -> Self {
        Self::default_of(MASTER)
    }
}

impl fmt::Display for SchemaName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.database, self.name)
    }
}

/// The name of an object in a schema, complete.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ObjectName {
    /// The database.
    pub database: String,
    /// The schema in it.
    pub schema: String,
    /// The object in the schema.
    pub name: String,
}

impl ObjectName {
    /// What the parts of a name, one to three, mean in a context. An empty part is one that is left out.
    ///
    /// None if there are no parts, too many, or none for the object.
    #[must_use]
    pub fn resolve(parts: &[String], context: &SchemaName) -> Option<Self> {
        let (database, schema, name) = match parts {
            [name] => (&context.database, &context.name, name),
            [schema, name] => (&context.database, schema, name),
            [database, schema, name] => (database, schema, name),
            _ => return None,
        };
        if name.is_empty() || database.is_empty() {
            return None;
        }
        let default = SchemaName::default_of(database);
        Some(Self {
            schema: match schema.is_empty() {
                true => default.name,
                false => schema.clone(),
            },
            database: default.database,
            name: name.clone(),
        })
    }

    /// The schema that the object is in.
    #[must_use]
    pub fn schema(&self) -> SchemaName {
        SchemaName {
            database: self.database.clone(),
            name: self.schema.clone(),
        }
    }
}

impl fmt::Display for ObjectName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.database, self.schema, self.name)
    }
}
