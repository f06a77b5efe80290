//! Checking a whole script.

mod catalog;
mod comparable;
mod frame;
mod functions;
mod inside;

use std::{
    collections::{HashMap, HashSet},
    rc::Rc,
};

use usql_syntax::{Parse, SyntaxNode, TextRange};

use frame::{Frame, Source};
pub(crate) use inside::{Body, Inside};

use crate::{
    catalog::{Changes, Item, ObjectName, SchemaName},
    diagnostics::{
        Diagnostic, Location, codes,
        sink::{Reported, Sink},
    },
    environment::{CompileEnvironment, Settings},
    expression::Expression,
    extractors::Extractor,
    file_set::{
        FileSet,
        demand::demands,
        resolve::{Inputs, resolve},
    },
    path::LakePath,
    plan::{Output, Plan, Rowset, RowsetId, RowsetKind},
    routines::Routines,
    statements::{self, Progress},
    types::Schema,
};

/// Checks a parsed script: gives its plan, or everything that is wrong with it, in the order of the script.
///
/// A statement with a syntax error is not looked at further, and nothing is said about the variables that it would have
/// set; the others are checked all the same.
///
/// # Errors
/// Every diagnostic of a script that has at least one error, warnings included.
pub fn check(parse: &Parse, environment: &dyn CompileEnvironment) -> Result<Plan, Vec<Diagnostic>> {
    let mut checker = Checker {
        environment,
        settings: environment.settings(),
        packs_outputs: false,
        frame: Frame::new(Rc::new(Source::new(parse)), SchemaName::default()),
        sink: Sink::default(),
        plan: Plan::default(),
        extracts: Vec::new(),
        written: HashSet::new(),
        inlined: 0,
        function_calls: 0,
        changes: Changes::default(),
        given_up: HashMap::new(),
        views: HashMap::new(),
        routines: Routines::default(),
        progress: Progress::default(),
    };
    checker.frame.is_script = true;
    for error in parse.diagnostics() {
        let location = checker.locate(error.range());
        checker
            .sink
            .error(&codes::SYNTAX_ERROR, location, error.to_string());
    }
    statements::check_all(&mut checker, &parse.script());
    checker.finish()
}

/// What is known at some point of a script.
pub(crate) struct Checker<'a> {
    /// What may be asked of the world.
    pub(crate) environment: &'a dyn CompileEnvironment,
    /// The choices between documented behaviours.
    pub(crate) settings: Settings,
    /// Whether outputs whose names end in `.gz` are packed, which was a preview of the service.
    pub(crate) packs_outputs: bool,
    /// Where diagnostics go.
    pub(crate) sink: Sink,
    /// What the statements see that are being checked.
    frame: Frame,
    plan: Plan,
    extracts: Vec<Extract>,
    /// The files that are written.
    written: HashSet<LakePath>,
    /// The size of all copies.
    inlined: usize,
    /// How many calls of functions there were that variables name: each binds a body once more.
    function_calls: usize,
    /// What the script has changed in the catalog so far.
    changes: Changes,
    /// What of the catalog is not as it would be if there were no errors.
    given_up: HashMap<Item, Reported>,
    /// The rowsets of the views that were used since the last change: each is there once.
    views: HashMap<ObjectName, Result<RowsetId, Reported>>,
    /// The functions and procedures of the script, and what calls have come to.
    pub(crate) routines: Routines,
    /// How far the statements are.
    pub(crate) progress: Progress,
}

/// An EXTRACT whose files are yet to be found.
struct Extract {
    rowset: RowsetId,
    inputs: Inputs,
    /// The stored objects that it is in, innermost first.
    inside: Vec<Inside>,
}

/// The most that a plan may have of what a script says once, in operations: each use of a variable is a copy, so is each
/// comparison of an IN, and copies of copies double.
const MAX_INLINED: usize = 200_000;

impl Checker<'_> {
    /// The place of a piece of the script.
    pub(crate) fn locate(&self, range: TextRange) -> Location {
        let span = self.frame.source.lines.span(range);
        Location {
            line: span.line,
            column: span.column,
            start: span.start,
            end: span.end,
        }
    }

    /// Whether a statement itself has a syntax error, and not only a statement in one of its blocks.
    pub(crate) fn is_malformed(&self, statement: &SyntaxNode) -> bool {
        self.frame.source.malformed.is(statement)
    }

    /// The place of a node.
    pub(crate) fn location(&self, node: &SyntaxNode) -> Location {
        self.locate(node.text_range())
    }

    /// Says that a part of U-SQL is not implemented.
    pub(crate) fn unsupported(&mut self, location: Location, what: &str) -> Reported {
        let mut letters = what.chars();
        let first = letters.next().map(|letter| letter.to_ascii_uppercase());
        let what = first.into_iter().chain(letters).collect::<String>();
        self.sink.error(
            &codes::NOT_SUPPORTED,
            location,
            format!("{what} is not supported."),
        )
    }

    /// Only a script with syntax errors lacks parts that its grammar asks for, and those errors say so.
    pub(crate) fn missing(&mut self, around: Location) -> Reported {
        match self.sink.reported() {
            Some(reported) => reported,
            None => self.unsupported(around, "a missing part"),
        }
    }

    /// Says that a value has to be known now and is not.
    pub(crate) fn not_constant(&mut self, location: Location) -> Reported {
        let message = "Expression cannot be constant folded.";
        self.sink.error(&codes::NOT_CONSTANT, location, message)
    }

    /// Adds a rowset to the plan.
    pub(crate) fn add(&mut self, kind: RowsetKind, schema: Schema, location: Location) -> RowsetId {
        comparable::require(&kind, &self.plan, location, &mut self.sink);
        self.plan.add(Rowset {
            kind,
            schema,
            location,
        })
    }

    /// The columns of a rowset.
    pub(crate) fn schema(&self, rowset: RowsetId) -> &Schema {
        &self.plan[rowset].schema
    }

    /// Counts that the plan has so many copies of an expression, which is bounded for a script. A column and a constant
    /// are no work.
    pub(crate) fn copied(
        &mut self,
        expression: &Expression,
        times: usize,
        location: Location,
    ) -> Result<(), Reported> {
        let size = expression.size();
        if size > 1 {
            self.inlined = self.inlined.saturating_add(size.saturating_mul(times));
        }
        if self.inlined > MAX_INLINED {
            return Err(self.unsupported(location, "so much repeated work"));
        }
        Ok(())
    }

    /// Adds an output to the plan, unless its file is already written.
    pub(crate) fn output(&mut self, output: Output, path_location: Location) {
        if !self.written.insert(output.path.clone()) {
            let path: &LakePath = &output.path;
            let message = format!("The file '{path}' is written by two OUTPUT statements.");
            self.sink
                .error(&codes::DUPLICATE_OUTPUT, path_location, message);
            return;
        }
        self.plan.add_output(output);
    }

    /// Adds an EXTRACT, whose files are found when all of the script is known.
    pub(crate) fn add_extract(
        &mut self,
        inputs: Inputs,
        extractor: Extractor,
        schema: Schema,
        location: Location,
    ) -> RowsetId {
        let files = FileSet::default();
        let rowset = self.add(RowsetKind::Extract { files, extractor }, schema, location);
        self.extracts.push(Extract {
            rowset,
            inputs,
            inside: Vec::new(),
        });
        rowset
    }

    /// Finds the files of all EXTRACTs. A script that has errors will not read any.
    fn resolve_files(&mut self) {
        if self.sink.has_errors() {
            return;
        }
        let extracts = std::mem::take(&mut self.extracts);
        let is_choice = extracts.iter().any(|extract| extract.inputs.is_choice());
        let mut demands = is_choice.then(|| demands(&self.plan));
        for extract in extracts {
            let demand = match &mut demands {
                Some(demands) => demands.remove(&extract.rowset).unwrap_or_default(),
                None => vec![Vec::new()],
            };
            let said = self.sink.len();
            if let Ok(files) = resolve(self, &extract.inputs, &demand) {
                self.plan.set_files(extract.rowset, files);
            }
            for inside in &extract.inside {
                self.sink.move_out(said, inside);
            }
        }
    }

    fn finish(mut self) -> Result<Plan, Vec<Diagnostic>> {
        self.resolve_files();
        let has_errors = self.sink.has_errors();
        let unused = self.frame.rowsets.iter().filter(|rowset| !rowset.is_used);
        for rowset in unused.filter(|_| !has_errors) {
            let message = format!("The rowset variable {} is not used.", rowset.name);
            self.sink
                .warn(&codes::UNUSED_ROWSET, rowset.location, message);
        }
        let warnings = self.sink.finish()?;
        self.plan.set_warnings(warnings);
        Ok(self.plan)
    }
}
