//! The columns that an expression can name.

use crate::{
    diagnostics::{
        Location, codes,
        sink::{Reported, Sink},
    },
    expression::{Expression, ExpressionKind},
    types::{Schema, Type},
};

/// The columns in sight: those of the rowsets of a FROM clause, by position.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scope {
    columns: Vec<ScopeColumn>,
    /// Names that stand for whole expressions: in ORDER BY, those that the SELECT gave.
    aliases: Vec<(String, Expression)>,
}

/// A column in sight.
#[derive(Clone, Debug)]
pub(crate) struct ScopeColumn {
    /// The alias of its rowset, if there is one.
    pub(crate) owner: Option<String>,
    /// Its name.
    pub(crate) name: String,
    /// Its type.
    pub(crate) ty: Type,
}

impl Scope {
    /// The columns of one rowset, under its alias.
    pub(crate) fn of(owner: Option<&str>, schema: &Schema) -> Self {
        let columns = schema
            .columns()
            .iter()
            .map(|column| ScopeColumn {
                owner: owner.map(str::to_owned),
                name: column.name.clone(),
                ty: column.ty,
            })
            .collect();
        Self {
            columns,
            aliases: Vec::new(),
        }
    }

    /// The columns of two rowsets, the left ones first.
    pub(crate) fn joined(mut self, right: Self) -> Self {
        self.columns.extend(right.columns);
        self
    }

    /// The same columns with the types of a rowset made of them.
    pub(crate) fn with_types(mut self, schema: &Schema) -> Self {
        for (known, column) in self.columns.iter_mut().zip(schema.columns()) {
            known.ty = column.ty;
        }
        self
    }

    /// Lets names stand for expressions over these columns; they come before the columns.
    pub(crate) fn with_aliases(mut self, aliases: Vec<(String, Expression)>) -> Self {
        self.aliases = aliases;
        self
    }

    /// How many columns there are.
    pub(crate) fn width(&self) -> usize {
        self.columns.len()
    }

    /// Every column with its position.
    pub(crate) fn columns(&self) -> impl Iterator<Item = (usize, &ScopeColumn)> {
        self.columns.iter().enumerate()
    }

    /// Whether some rowset has this alias.
    pub(crate) fn has_owner(&self, owner: &str) -> bool {
        self.columns
            .iter()
            .any(|column| column.owner.as_deref() == Some(owner))
    }

    /// Whether a name without an owner means something.
    pub(crate) fn has_column(&self, name: &str) -> bool {
        self.aliases.iter().any(|(alias, _)| alias == name)
            || self.columns.iter().any(|column| column.name == name)
    }

    /// Finds `name` or `owner.name`.
    pub(crate) fn find(
        &self,
        owner: Option<&str>,
        name: &str,
        location: Location,
        sink: &mut Sink,
    ) -> Result<Expression, Reported> {
        if let (None, Some((_, expression))) =
            (owner, self.aliases.iter().find(|(alias, _)| alias == name))
        {
            return Ok(Expression {
                location,
                ..expression.clone()
            });
        }
        let matches: Vec<(usize, &ScopeColumn)> = self
            .columns()
            .filter(|(_, column)| column.name == name)
            .filter(|(_, column)| owner.is_none() || column.owner.as_deref() == owner)
            .collect();
        match matches.as_slice() {
            [(position, column)] => Ok(Expression {
                kind: ExpressionKind::Column(*position),
                ty: column.ty,
                location,
            }),
            [] => Err(self.not_found(owner, name, location, sink)),
            _ => {
                let owners: Vec<&str> = matches
                    .iter()
                    .filter_map(|(_, column)| column.owner.as_deref())
                    .collect();
                let owners = owners.join(" and ");
                let message = format!("The column '{name}' is ambiguous: {owners} have one.");
                Err(sink.error(&codes::AMBIGUOUS_COLUMN, location, message))
            }
        }
    }

    fn not_found(
        &self,
        owner: Option<&str>,
        name: &str,
        location: Location,
        sink: &mut Sink,
    ) -> Reported {
        let here: Vec<&str> = self
            .columns
            .iter()
            .filter(|column| owner.is_none() || column.owner.as_deref() == owner)
            .map(|column| column.name.as_str())
            .collect();
        let here = if here.is_empty() {
            "none".to_owned()
        } else {
            here.join(", ")
        };
        let dotted = owner.map_or_else(|| name.to_owned(), |owner| format!("{owner}.{name}"));
        let message = format!("The column '{dotted}' is not found. Columns here: {here}.");
        sink.error(&codes::UNKNOWN_COLUMN, location, message)
    }
}
