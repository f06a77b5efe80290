//! The bodies of stored objects and of routines: they see nothing of the script that uses them, and what is said of them
//! is said of the place of their use.

use std::{mem, rc::Rc};

use usql_syntax::{SyntaxError, SyntaxNode};

use super::{
    Checker,
    frame::{Frame, Source},
};
use crate::{
    catalog::{Definition, ItemKind, ObjectName, SchemaName},
    diagnostics::{Location, codes, sink::Reported},
    plan::RowsetId,
};

/// How deep the nodes may be nested in which objects use each other, all of them together: fifty calls in a statement of
/// an IF each, or one text as deep as the parser lets it be. It fits any thread's stack. A view that uses itself comes to
/// an end here.
const MAX_DEPTH: usize = 700;

/// The statement that makes an object: a CREATE of the catalog, or a DECLARE of the script.
pub(crate) struct Body {
    name: String,
    source: Rc<Source>,
    /// None where there is none that is well formed.
    statement: Option<SyntaxNode>,
    errors: Vec<SyntaxError>,
    context: SchemaName,
    is_in_script: bool,
}

impl Body {
    /// Parses the definition of an object.
    pub(crate) fn new(name: &ObjectName, definition: &Definition) -> Self {
        let parse = usql_syntax::parse(&definition.text);
        let is_well_formed = parse.diagnostics().is_empty();
        Self {
            name: format!("{} '{name}'", definition.kind),
            source: Rc::new(Source::new(&parse)),
            statement: parse.syntax().first_child().filter(|_| is_well_formed),
            errors: parse.diagnostics().to_vec(),
            context: definition.context.clone(),
            is_in_script: false,
        }
    }

    /// A piece of the script itself.
    pub(crate) fn of_script(
        checker: &Checker<'_>,
        kind: ItemKind,
        name: &str,
        statement: &SyntaxNode,
    ) -> Self {
        Self {
            name: format!("{kind} '{name}'"),
            source: Rc::clone(&checker.frame.source),
            statement: Some(statement.clone()),
            errors: Vec::new(),
            context: checker.context().clone(),
            is_in_script: true,
        }
    }

    /// How much text it is, in bytes.
    pub(crate) fn length(&self) -> usize {
        let length = self.statement.as_ref().map(|node| node.text_range().len());
        length.map_or(0, usize::from)
    }
}

/// The use of an object: what is said inside of it is said of this place.
#[derive(Clone, Debug)]
pub(crate) struct Inside {
    /// What the object is called: `view 'master.dbo.v'`.
    pub(crate) name: String,
    /// Where it is used.
    pub(crate) place: Location,
}

impl Checker<'_> {
    /// Binds something of the statement that makes an object, which is used at a node.
    ///
    /// Nothing that the script declares means anything there, and nothing that is declared there means anything behind
    /// it. What is said inside is moved to the place of the use, and so is what is added to the plan, unless that stands
    /// in the script.
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
        let mut frame = Frame::new(Rc::clone(&body.source), body.context.clone());
        frame.depth = depth;
        frame.is_script = body.is_in_script;
        let result = self.in_frame(frame, |checker| {
            for error in &body.errors {
                let location = checker.locate(error.range());
                let message = error.to_string();
                checker.sink.error(&codes::SYNTAX_ERROR, location, message);
            }
            match &body.statement {
                Some(statement) => bind(checker, statement),
                None => Err(checker.missing(Location::default())),
            }
        });
        self.sink.move_out(said, &inside);
        if !body.is_in_script {
            self.plan
                .relocate(added.rowsets, added.outputs, added.changes, place);
        }
        for extract in &mut self.extracts[added.extracts..] {
            extract.inside.push(inside.clone());
        }
        result
    }

    /// Whether the statements are those of an object that is used.
    pub(crate) const fn is_inside(&self) -> bool {
        self.frame.depth > 0
    }

    /// Binds something of this text apart from all that is declared in it: the body of an object that it makes.
    pub(crate) fn apart<T>(&mut self, bind: impl FnOnce(&mut Self) -> T) -> T {
        let source = Rc::clone(&self.frame.source);
        let mut frame = Frame::new(source, self.frame.context.clone());
        frame.depth = self.frame.depth;
        frame.is_script = self.frame.is_script;
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
            changes: self.plan.changes().len(),
            extracts: self.extracts.len(),
        }
    }
}

/// How far a plan is.
struct Mark {
    rowsets: RowsetId,
    outputs: usize,
    changes: usize,
    extracts: usize,
}
