//! What the statements of one place see: those of a script, or those of the body of a routine.

use std::{borrow::Cow, collections::HashMap, rc::Rc};

use usql_syntax::{LineIndex, Parse};

use super::{Checker, functions::Functions};
use crate::{
    catalog::SchemaName,
    diagnostics::{Location, codes, sink::Reported},
    expression::Expression,
    plan::RowsetId,
    statements::Malformed,
    text_format::Encoding,
};

/// The names that statements give and use, and the text that they stand in.
pub(crate) struct Frame {
    /// Where the statements stand.
    pub(super) source: Rc<Source>,
    scalars: HashMap<String, ScalarVariable>,
    /// The variables that stand for encodings, which are no values of the language.
    encodings: HashMap<String, Encoding>,
    pub(super) functions: Functions,
    pub(super) rowsets: Vec<RowsetVariable>,
    /// The last binding of each rowset variable.
    latest: HashMap<String, usize>,
    /// What `USING name = ..` made names stand for.
    aliases: HashMap<String, String>,
    /// The current database and schema.
    pub(super) context: SchemaName,
    /// How deep the uses of stored objects are nested that lead here, in nodes.
    pub(super) depth: usize,
    /// Whether the statements are those of the script, its own routines included.
    pub(super) is_script: bool,
}

/// A text with statements.
pub(crate) struct Source {
    pub(super) lines: LineIndex,
    /// Where its syntax errors are.
    pub(super) malformed: Malformed,
}

impl Source {
    pub(super) fn new(parse: &Parse) -> Self {
        Self {
            lines: LineIndex::new(&parse.syntax().to_string()),
            malformed: Malformed::new(parse.diagnostics()),
        }
    }
}

impl Frame {
    /// A place where nothing is known yet.
    pub(super) fn new(source: Rc<Source>, context: SchemaName) -> Self {
        Self {
            source,
            context,
            depth: 0,
            is_script: false,
            scalars: HashMap::new(),
            encodings: HashMap::new(),
            functions: Functions::default(),
            rowsets: Vec::new(),
            latest: HashMap::new(),
            aliases: HashMap::new(),
        }
    }
}

/// A declared scalar variable.
struct ScalarVariable {
    value: Result<Expression, Reported>,
    /// Whether it is only a default, declared EXTERNAL.
    is_external: bool,
}

/// One binding of a rowset variable; assigning again makes another.
pub(super) struct RowsetVariable {
    pub(super) name: String,
    rowset: Result<RowsetId, Reported>,
    pub(super) location: Location,
    pub(super) is_used: bool,
}

impl Checker<'_> {
    /// Declares a scalar variable. A default gives way to what was declared before it.
    pub(crate) fn declare(
        &mut self,
        name: &str,
        value: Result<Expression, Reported>,
        is_external: bool,
        location: Location,
    ) {
        let taken = match self.frame.scalars.get(name) {
            Some(_) if is_external => return,
            Some(known) => !known.is_external,
            None => self.is_declared(name),
        };
        if taken {
            self.name_taken(name, location);
            return;
        }
        self.frame
            .scalars
            .insert(name.to_owned(), ScalarVariable { value, is_external });
    }

    /// Declares a variable that stands for an encoding.
    pub(crate) fn declare_encoding(&mut self, name: &str, encoding: Encoding, location: Location) {
        if self.is_declared(name) {
            self.name_taken(name, location);
            return;
        }
        self.frame.encodings.insert(name.to_owned(), encoding);
    }

    /// The encoding that a variable stands for, if it is one of those.
    pub(crate) fn encoding(&self, name: &str) -> Option<Encoding> {
        self.frame.encodings.get(name).copied()
    }

    /// Takes a scalar variable for one whose declaration is wrong: nothing more is said about it.
    pub(crate) fn give_up_scalar(&mut self, name: &str, reported: Reported) {
        let variable = ScalarVariable {
            value: Err(reported),
            is_external: true,
        };
        self.frame.scalars.insert(name.to_owned(), variable);
    }

    /// Takes a rowset variable for one whose assignment is wrong: nothing more is said about it.
    pub(crate) fn give_up_rowset(&mut self, name: &str, reported: Reported) {
        self.frame
            .latest
            .insert(name.to_owned(), self.frame.rowsets.len());
        self.frame.rowsets.push(RowsetVariable {
            name: name.to_owned(),
            rowset: Err(reported),
            location: Location::default(),
            is_used: true,
        });
    }

    /// Makes a name stand for a namespace or a type.
    pub(crate) fn add_alias(&mut self, alias: String, target: String) {
        self.frame.aliases.insert(alias, target);
    }

    /// The dotted path that a path stands for when its first name is an alias.
    pub(crate) fn unaliased<'p>(&self, path: &'p str) -> Cow<'p, str> {
        if self.frame.aliases.is_empty() {
            return Cow::Borrowed(path);
        }
        let (first, rest) = path.split_once('.').unwrap_or((path, ""));
        match self.frame.aliases.get(first) {
            Some(target) if rest.is_empty() => Cow::Owned(target.clone()),
            Some(target) => Cow::Owned(format!("{target}.{rest}")),
            None => Cow::Borrowed(path),
        }
    }

    /// The value of a scalar variable, where it is used.
    pub(crate) fn scalar(
        &mut self,
        name: &str,
        location: Location,
    ) -> Result<Expression, Reported> {
        if self.encoding(name).is_some() {
            return Err(self.unsupported(location, "an encoding that is no argument"));
        }
        let Some(variable) = self.frame.scalars.get(name) else {
            return Err(self.not_declared(name, location));
        };
        let value = variable.value.as_ref().map_err(|reported| *reported)?;
        let value = Expression {
            location,
            ..value.clone()
        };
        self.copied(&value, 1, location)?;
        Ok(value)
    }

    /// Says that a name is that of something else already.
    pub(crate) fn name_taken(&mut self, name: &str, location: Location) -> Reported {
        let message = format!("The variable {name} is already declared.");
        self.sink
            .error(&codes::VARIABLE_NAME_TAKEN, location, message)
    }

    /// Whether something has this name here.
    pub(crate) fn is_declared(&self, name: &str) -> bool {
        self.is_routine(name)
            || self.is_scalar(name)
            || self.is_rowset(name)
            || self.frame.encodings.contains_key(name)
            || self.frame.functions.has(name)
    }

    /// Whether a routine has this name. Inside of one, the names of the script are free.
    fn is_routine(&self, name: &str) -> bool {
        !self.routines.is_open() && self.routines.has(name)
    }

    /// Whether a rowset variable has this name.
    pub(crate) fn is_rowset(&self, name: &str) -> bool {
        self.frame.latest.contains_key(name)
    }

    /// Whether the statements are those of the script, its own routines included.
    pub(crate) const fn is_in_script(&self) -> bool {
        self.frame.is_script
    }

    /// Whether a scalar variable has this name.
    pub(crate) fn is_scalar(&self, name: &str) -> bool {
        self.frame.scalars.contains_key(name)
    }

    /// Assigns a rowset variable. Assigning again makes another binding; older uses keep the older one.
    pub(crate) fn assign(
        &mut self,
        name: &str,
        rowset: Result<RowsetId, Reported>,
        location: Location,
    ) {
        if self.is_scalar(name) || self.encoding(name).is_some() {
            let message =
                format!("Rowset variable {name} is already declared as a scalar variable.");
            self.sink
                .error(&codes::ROWSET_NAME_TAKEN, location, message);
            return;
        }
        if self.is_routine(name) {
            self.name_taken(name, location);
            return;
        }
        if let Ok(rowset) = rowset {
            self.plan.name(rowset, name);
        }
        let name = name.to_owned();
        self.frame
            .latest
            .insert(name.clone(), self.frame.rowsets.len());
        self.frame.rowsets.push(RowsetVariable {
            name,
            rowset,
            location,
            is_used: false,
        });
    }

    /// The rowset that a variable stands for here.
    pub(crate) fn rowset(&mut self, name: &str, location: Location) -> Result<RowsetId, Reported> {
        let latest = self.frame.latest.get(name);
        match latest.and_then(|latest| self.frame.rowsets.get_mut(*latest)) {
            Some(rowset) => {
                rowset.is_used = true;
                rowset.rowset
            }
            None => Err(self.not_declared(name, location)),
        }
    }

    pub(crate) fn not_declared(&mut self, name: &str, location: Location) -> Reported {
        let message = format!("The variable {name} is not declared.");
        self.sink.error(&codes::UNKNOWN_VARIABLE, location, message)
    }
}
