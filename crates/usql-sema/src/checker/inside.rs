//! The bodies of stored objects: they see nothing of the script that uses them, and what is said of them is said of the
//! place of their use.

use std::{mem, rc::Rc};

use usql_syntax::{Parse, SyntaxNode};

use super::{
    Checker,
    frame::{Frame, Source},
};
use crate::{
    catalog::{Definition, ObjectName, SchemaName},
    diagnostics::{Location, codes, sink::Reported},
    plan::RowsetId,
};

/// How deep the nodes may be nested in which stored objects use each other, all of them together: as deep as the parser
/// lets those of one text be. An object that uses itself comes to an end here, too.
const MAX_DEPTH: usize = 400;

/// The CREATE statement of a stored object.
pub(crate) struct Body {
    name: String,
    parse: Parse,
    context: SchemaName,
}

impl Body {
    /// Parses the definition of an object.
    pub(crate) fn new(name: &ObjectName, definition: &Definition) -> Self {
        Self {
            name: format!("{} '{name}'", definition.kind),
            parse: usql_syntax::parse(&definition.text),
            context: definition.context.clone(),
        }
    }
}

/// The use of a stored object: what is said inside of it is said of this place.
#[derive(Clone, Debug)]
pub(crate) struct Inside {
    /// What the object is called: `view 'master.dbo.v'`.
    pub(crate) name: String,
    /// Where it is used.
    pub(crate) place: Location,
}

impl Checker<'_> {
    /// Binds something of the CREATE statement of a stored object, which is used at a node.
    ///
    /// Nothing that the script declares means anything there, and nothing that is declared there means anything behind
    /// it. What is said inside, and what is added to the plan, is moved to the place of the use.
    pub(crate) fn inside<T>(
        &mut self,
        body: &Body,
        used: &SyntaxNode,
        bind: impl FnOnce(&mut Self, &SyntaxNode) -> Result<T, Reported>,
    ) -> Result<T, Reported> {
        let place = self.location(used);
        let depth = self.frame.depth + used.ancestors().count();
        if depth > MAX_DEPTH {
            let what = format!("the use of the {} so deep inside of others", body.name);
            return Err(self.unsupported(place, &what));
        }
        let inside = Inside {
            name: body.name.clone(),
            place,
        };
        let said = self.sink.len();
        let added = self.mark();
        let source = Rc::new(Source::new(&body.parse));
        let mut frame = Frame::new(source, body.context.clone());
        frame.depth = depth;
        let result = self.in_frame(frame, |checker| {
            for error in body.parse.diagnostics() {
                let location = checker.locate(error.range());
                let message = error.to_string();
                checker.sink.error(&codes::SYNTAX_ERROR, location, message);
            }
            match (body.parse.syntax().first_child(), body.parse.diagnostics()) {
                (Some(statement), []) => bind(checker, &statement),
                _ => Err(checker.missing(Location::default())),
            }
        });
        self.sink.move_out(said, &inside);
        self.plan.relocate(added.rowsets, added.outputs, place);
        for extract in &mut self.extracts[added.extracts..] {
            extract.inside.push(inside.clone());
        }
        result
    }

    /// Binds something of this text apart from all that is declared in it: the body of an object that it makes.
    pub(crate) fn apart<T>(&mut self, bind: impl FnOnce(&mut Self) -> T) -> T {
        let source = Rc::clone(&self.frame.source);
        let mut frame = Frame::new(source, self.frame.context.clone());
        frame.depth = self.frame.depth;
        self.in_frame(frame, bind)
    }

    /// Checks something and takes back what it added to the plan; what it said stays said.
    pub(crate) fn only_checked<T>(&mut self, bind: impl FnOnce(&mut Self) -> T) -> T {
        let added = self.mark();
        let result = bind(self);
        self.plan.truncate(added.rowsets, added.outputs);
        self.extracts.truncate(added.extracts);
        let first = added.rowsets;
        self.views
            .retain(|_, rowset| !rowset.is_ok_and(|rowset| rowset >= first));
        result
    }

    fn in_frame<T>(&mut self, frame: Frame, bind: impl FnOnce(&mut Self) -> T) -> T {
        let outer = mem::replace(&mut self.frame, frame);
        let result = bind(self);
        self.frame = outer;
        result
    }

    fn mark(&self) -> Mark {
        Mark {
            rowsets: self.plan.next(),
            outputs: self.plan.outputs().len(),
            extracts: self.extracts.len(),
        }
    }
}

/// How far a plan is.
struct Mark {
    rowsets: RowsetId,
    outputs: usize,
    extracts: usize,
}
