//! Checking a whole script.

mod comparable;
mod functions;

use std::{
    borrow::Cow,
    collections::{HashMap, HashSet},
};

use usql_syntax::{LineIndex, Parse, SyntaxNode, TextRange};

use functions::Functions;

use crate::{
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
    statements::{self, Malformed, Progress},
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
    let lines = LineIndex::new(&parse.syntax().to_string());
    let mut checker = Checker {
        environment,
        settings: environment.settings(),
        packs_outputs: false,
        lines,
        sink: Sink::default(),
        plan: Plan::default(),
        extracts: Vec::new(),
        scalars: HashMap::new(),
        functions: Functions::default(),
        rowsets: Vec::new(),
        latest: HashMap::new(),
        written: HashSet::new(),
        inlined: 0,
        aliases: HashMap::new(),
        malformed: Malformed::new(parse.diagnostics()),
        progress: Progress::default(),
    };
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
    lines: LineIndex,
    plan: Plan,
    extracts: Vec<(RowsetId, Inputs)>,
    scalars: HashMap<String, ScalarVariable>,
    functions: Functions,
    rowsets: Vec<RowsetVariable>,
    /// The last binding of each rowset variable.
    latest: HashMap<String, usize>,
    /// The files that are written.
    written: HashSet<LakePath>,
    /// The size of all values that variables were replaced by.
    inlined: usize,
    /// What `USING name = ..` made names stand for.
    aliases: HashMap<String, String>,
    /// Where the syntax errors are.
    pub(crate) malformed: Malformed,
    /// How far the statements are.
    pub(crate) progress: Progress,
}

/// The most that variables may be replaced by, in operations: each use is a copy, and copies of copies double.
const MAX_INLINED: usize = 200_000;

/// A declared scalar variable.
struct ScalarVariable {
    value: Result<Expression, Reported>,
    /// Whether it is only a default, declared EXTERNAL.
    is_external: bool,
}

/// One binding of a rowset variable; assigning again makes another.
struct RowsetVariable {
    name: String,
    rowset: Result<RowsetId, Reported>,
    location: Location,
    is_used: bool,
}

impl Checker<'_> {
    /// The place of a piece of the script.
    pub(crate) fn locate(&self, range: TextRange) -> Location {
        let span = self.lines.span(range);
        Location {
            line: span.line,
            column: span.column,
            start: span.start,
            end: span.end,
        }
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

    /// Declares a scalar variable. A default gives way to what was declared before it.
    pub(crate) fn declare(
        &mut self,
        name: &str,
        value: Result<Expression, Reported>,
        is_external: bool,
        location: Location,
    ) {
        let taken = match self.scalars.get(name) {
            Some(_) if is_external => return,
            Some(known) => !known.is_external,
            None => self.functions.has(name) || self.latest.contains_key(name),
        };
        if taken {
            let message = format!("The variable {name} is already declared.");
            self.sink
                .error(&codes::VARIABLE_NAME_TAKEN, location, message);
            return;
        }
        self.scalars
            .insert(name.to_owned(), ScalarVariable { value, is_external });
    }

    /// Takes a scalar variable for one whose declaration is wrong: nothing more is said about it.
    pub(crate) fn give_up_scalar(&mut self, name: &str, reported: Reported) {
        let variable = ScalarVariable {
            value: Err(reported),
            is_external: true,
        };
        self.scalars.insert(name.to_owned(), variable);
    }

    /// Takes a rowset variable for one whose assignment is wrong: nothing more is said about it.
    pub(crate) fn give_up_rowset(&mut self, name: &str, reported: Reported) {
        self.latest.insert(name.to_owned(), self.rowsets.len());
        self.rowsets.push(RowsetVariable {
            name: name.to_owned(),
            rowset: Err(reported),
            location: Location::default(),
            is_used: true,
        });
    }

    /// Makes a name stand for a namespace or a type.
    pub(crate) fn add_alias(&mut self, alias: String, target: String) {
        self.aliases.insert(alias, target);
    }

    /// The dotted path that a path stands for when its first name is an alias.
    pub(crate) fn unaliased<'p>(&self, path: &'p str) -> Cow<'p, str> {
        if self.aliases.is_empty() {
            return Cow::Borrowed(path);
        }
        let (first, rest) = path.split_once('.').unwrap_or((path, ""));
        match self.aliases.get(first) {
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
        let Some(variable) = self.scalars.get(name) else {
            return Err(self.not_declared(name, location));
        };
        let value = variable.value.as_ref().map_err(|reported| *reported)?;
        let value = Expression {
            location,
            ..value.clone()
        };
        self.copied(value.size(), location)?;
        Ok(value)
    }

    /// Counts a copy of an expression, of which a script may have a bounded number.
    pub(crate) fn copied(&mut self, size: usize, location: Location) -> Result<(), Reported> {
        self.inlined += size;
        if self.inlined > MAX_INLINED {
            return Err(self.unsupported(location, "so much work in variables"));
        }
        Ok(())
    }

    /// Whether a scalar variable has this name.
    pub(crate) fn is_scalar(&self, name: &str) -> bool {
        self.scalars.contains_key(name)
    }

    /// Assigns a rowset variable. Assigning again makes another binding; older uses keep the older one.
    pub(crate) fn assign(
        &mut self,
        name: &str,
        rowset: Result<RowsetId, Reported>,
        location: Location,
    ) {
        if self.scalars.contains_key(name) {
            let message =
                format!("Rowset variable {name} is already declared as a scalar variable.");
            self.sink
                .error(&codes::ROWSET_NAME_TAKEN, location, message);
            return;
        }
        if let Ok(rowset) = rowset {
            self.plan.name(rowset, name);
        }
        let name = name.to_owned();
        self.latest.insert(name.clone(), self.rowsets.len());
        self.rowsets.push(RowsetVariable {
            name,
            rowset,
            location,
            is_used: false,
        });
    }

    /// The rowset that a variable stands for here.
    pub(crate) fn rowset(&mut self, name: &str, location: Location) -> Result<RowsetId, Reported> {
        let latest = self.latest.get(name);
        match latest.and_then(|latest| self.rowsets.get_mut(*latest)) {
            Some(rowset) => {
                rowset.is_used = true;
                rowset.rowset
            }
            None => Err(self.not_declared(name, location)),
        }
    }

    fn not_declared(&mut self, name: &str, location: Location) -> Reported {
        let message = format!("The variable {name} is not declared.");
        self.sink.error(&codes::UNKNOWN_VARIABLE, location, message)
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
        self.extracts.push((rowset, inputs));
        rowset
    }

    /// Finds the files of all EXTRACTs. A script that has errors will not read any.
    fn resolve_files(&mut self) {
        if self.sink.has_errors() {
            return;
        }
        let extracts = std::mem::take(&mut self.extracts);
        let is_choice = extracts.iter().any(|(_, inputs)| inputs.is_choice());
        let mut demands = is_choice.then(|| demands(&self.plan));
        for (rowset, inputs) in extracts {
            let demand = match &mut demands {
                Some(demands) => demands.remove(&rowset).unwrap_or_default(),
                None => vec![Vec::new()],
            };
            if let Ok(files) = resolve(self, &inputs, &demand) {
                self.plan.set_files(rowset, files);
            }
        }
    }

    fn finish(mut self) -> Result<Plan, Vec<Diagnostic>> {
        self.resolve_files();
        let has_errors = self.sink.has_errors();
        let unused = self.rowsets.iter().filter(|rowset| !rowset.is_used);
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
