//! Table-valued functions and procedures: their statements take the place of each call.
//!
//! A routine is a part of the script (`DECLARE FUNCTION @f ..`) or of the catalog (`CREATE FUNCTION f ..`). Either way
//! its body sees its parameters and what it declares itself, and the script sees of it what it returns.

mod allowed;
mod arguments;
mod body;
mod signature;

use std::{collections::HashMap, rc::Rc};

use usql_syntax::{
    SyntaxNode,
    ast::{ArgumentList, ObjectName},
};

pub(crate) use allowed::check_statements;
pub(crate) use signature::Signature;

use crate::{
    catalog::ItemKind,
    checker::{Body, Checker},
    diagnostics::{Location, codes, sink::Reported},
    plan::RowsetId,
};

/// How many calls may be open inside of another one: the service's own bound.
const MAX_NESTED: usize = 50;

/// How much text all calls together may put in their places, in bytes. A function that calls two others, which call two
/// others each, doubles with every level.
const MAX_EXPANDED: usize = 1 << 20;

/// The routines of a script, and what its calls have come to so far.
#[derive(Default)]
pub(crate) struct Routines {
    declared: HashMap<String, Result<Declared, Reported>>,
    /// How many bodies are being checked, one inside the other.
    open: usize,
    /// How much text the calls have put in their places.
    expanded: usize,
    /// The last error in a body. After it no call in a body or a view is looked at: there may be very many.
    failed: Option<Reported>,
}

impl Routines {
    /// Whether a routine of the script has this name.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.declared.contains_key(name)
    }

    /// Whether the statements that are being checked are those of a routine.
    pub(crate) const fn is_open(&self) -> bool {
        self.open > 0
    }
}

/// A routine of the script.
#[derive(Clone)]
struct Declared {
    kind: ItemKind,
    body: Rc<Body>,
}

/// What is called.
pub(crate) enum Callee {
    /// A routine of the script, by its variable.
    Variable(String),
    /// A routine of the catalog.
    Object(ObjectName),
}

impl Callee {
    /// What stands before the arguments.
    pub(crate) fn of(variable: Option<String>, name: Option<ObjectName>) -> Option<Self> {
        let variable = variable.map(Self::Variable);
        variable.or_else(|| name.map(Self::Object))
    }
}

/// A call: what is called, with what, and the node that says so.
pub(crate) struct Call<'n> {
    pub(crate) kind: ItemKind,
    pub(crate) callee: Option<Callee>,
    pub(crate) arguments: Option<ArgumentList>,
    pub(crate) node: &'n SyntaxNode,
}

impl Call<'_> {
    /// Puts the statements of the routine in the place of the call. Gives what the routine returns, in order.
    pub(crate) fn expand(self, checker: &mut Checker<'_>) -> Result<Vec<RowsetId>, Reported> {
        let location = checker.location(self.node);
        if checker.is_inside()
            && let Some(reported) = checker.routines.failed
        {
            return Err(reported);
        }
        let Some(callee) = self.callee else {
            return Err(checker.missing(location));
        };
        let body = find(checker, &callee, self.kind, location)?;
        if let Err(reported) = checker.count_call(&body, location) {
            checker.routines.failed = Some(reported);
            return Err(reported);
        }
        let signature = checker.inside(&body, self.node, Signature::of)?;
        let given = arguments::bind(checker, &signature, self.arguments, location)?;
        let said = checker.sink.len();
        checker.routines.open += 1;
        let results = checker.inside(&body, self.node, |checker, statement| {
            body::bind(checker, statement, &signature, given)
        });
        checker.routines.open -= 1;
        match checker.sink.reported_since(said) {
            None => results,
            Some(reported) => {
                checker.routines.failed = Some(reported);
                Err(reported)
            }
        }
    }

    /// As [`expand`](Self::expand), where one rowset is asked for.
    pub(crate) fn expand_to_one(self, checker: &mut Checker<'_>) -> Result<RowsetId, Reported> {
        let location = checker.location(self.node);
        match self.expand(checker)?.as_slice() {
            [rowset] => Ok(*rowset),
            rowsets => Err(wrong_count(checker, rowsets.len(), 1, location)),
        }
    }
}

/// Says that a function returns fewer or more rowsets than are asked for.
pub(crate) fn wrong_count(
    checker: &mut Checker<'_>,
    returned: usize,
    asked: usize,
    location: Location,
) -> Reported {
    let message = format!("The number of returned rowsets is {returned} instead of {asked}.");
    checker.sink.error(&codes::RESULT_COUNT, location, message)
}

/// The routine that is called, which has to be of a kind.
fn find(
    checker: &mut Checker<'_>,
    callee: &Callee,
    kind: ItemKind,
    location: Location,
) -> Result<Rc<Body>, Reported> {
    match callee {
        Callee::Variable(name) => {
            let declared = checker.declared_routine(name);
            let Some(declared) = declared else {
                return Err(checker.not_declared(name, location));
            };
            let declared = declared?;
            if declared.kind == kind {
                return Ok(declared.body);
            }
            let message = format!("'{name}' is a {} and not a {kind}.", declared.kind);
            Err(checker.sink.error(&codes::ENTITY_KIND, location, message))
        }
        Callee::Object(name) => {
            let name = checker.object_name(name)?;
            let definition = checker.object(&name, kind, location)?;
            Ok(Rc::new(Body::new(&name, &definition)))
        }
    }
}

impl Checker<'_> {
    /// Makes a routine of the script known.
    pub(crate) fn declare_routine(
        &mut self,
        name: &str,
        kind: ItemKind,
        body: Result<Body, Reported>,
        location: Location,
    ) {
        if self.is_declared(name) {
            self.name_taken(name, location);
            return;
        }
        let declared = body.map(|body| Declared {
            kind,
            body: Rc::new(body),
        });
        self.routines.declared.insert(name.to_owned(), declared);
    }

    /// Takes a routine for one whose declaration is wrong: nothing more is said about it.
    pub(crate) fn give_up_routine(&mut self, name: &str, reported: Reported) {
        let declared = &mut self.routines.declared;
        declared.entry(name.to_owned()).or_insert(Err(reported));
    }

    /// The routine of the script that a variable names. What is stored sees none of them.
    fn declared_routine(&self, name: &str) -> Option<Result<Declared, Reported>> {
        let known = self.routines.declared.get(name);
        known.filter(|_| self.is_in_script()).cloned()
    }

    /// Counts a call, of which there may be so many, one inside the other and altogether.
    fn count_call(&mut self, body: &Body, location: Location) -> Result<(), Reported> {
        if self.routines.open > MAX_NESTED {
            let message = format!("More than {MAX_NESTED} calls are nested.");
            return Err(self.sink.error(&codes::NESTED_CALLS, location, message));
        }
        self.routines.expanded += body.length();
        if self.routines.expanded > MAX_EXPANDED {
            return Err(match self.routines.failed {
                Some(reported) => reported,
                None => self.unsupported(location, "so much work in functions and procedures"),
            });
        }
        Ok(())
    }
}
