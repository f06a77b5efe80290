//! From what an EXTRACT names to its files. This happens when the whole script is known, and with it the conditions
//! under which rows are needed.

use super::{
    Census, FileInfo, FileSet, InputFile, Origin,
    boxes::{Bounds, boxes},
    demand::{Conjunction, Demand},
    expand::{MAX_FILES, Misfits, Taken, Walk},
    virtual_columns::Shape,
};
use crate::{
    checker::Checker,
    csharp,
    diagnostics::{Location, codes, sink::Reported},
    environment::CompileEnvironment,
    path::LakePath,
    types::{Scalar, Type},
    value::Value,
};

/// The inputs of an EXTRACT, as they are written.
#[derive(Clone, Debug)]
pub(crate) struct Inputs {
    pub(crate) paths: Vec<Named>,
    /// What fills the columns that come from a file as a whole, in the order of [`InputFile::values`].
    pub(crate) slots: Vec<Slot>,
    /// Where each column of the rowset comes from.
    pub(crate) origins: Vec<Origin>,
}

impl Inputs {
    /// Whether which files are read depends on which rows are needed.
    pub(crate) fn is_choice(&self) -> bool {
        let mut paths = self.paths.iter();
        !self.slots.is_empty() || paths.any(|named| matches!(named.input, Input::Pattern(_)))
    }
}

/// One path of an EXTRACT.
#[derive(Clone, Debug)]
pub(crate) struct Named {
    pub(crate) text: String,
    pub(crate) location: Location,
    pub(crate) input: Input,
}

/// What a path names.
#[derive(Clone, Debug)]
pub(crate) enum Input {
    /// A file, which was there.
    File(LakePath, FileInfo),
    /// All files that fit a pattern.
    Pattern(Shape),
}

/// What fills a column that comes from a file as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Slot {
    /// The position of the column in the rowset.
    pub(crate) column: usize,
    /// A property of the file; otherwise a part of its path.
    pub(crate) property: Option<FileProperty>,
}

/// What `FILE.URI()` and its like give.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FileProperty {
    Uri,
    Modified,
    Created,
    Length,
}

impl FileProperty {
    pub(crate) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "URI" => Self::Uri,
            "MODIFIED" => Self::Modified,
            "CREATED" => Self::Created,
            "LENGTH" => Self::Length,
            _ => return None,
        })
    }

    /// The type that the service documents.
    pub(crate) const fn ty(self) -> Type {
        match self {
            Self::Uri => Type::STRING,
            Self::Modified | Self::Created => Type::nullable(Scalar::DateTime),
            Self::Length => Type::nullable(Scalar::Long),
        }
    }

    pub(crate) fn of(
        self,
        path: &LakePath,
        info: FileInfo,
        environment: &dyn CompileEnvironment,
    ) -> Value {
        match self {
            Self::Uri => Value::String(environment.uri(path)),
            Self::Modified => Value::DateTime(info.modified),
            Self::Created => Value::DateTime(info.created),
            Self::Length => Value::Long(i64::try_from(info.length).unwrap_or(i64::MAX)),
        }
    }
}

/// Collects the needed files of an EXTRACT.
struct Collector<'a> {
    inputs: &'a Inputs,
    demand: &'a Demand,
    environment: &'a dyn CompileEnvironment,
    files: Vec<InputFile>,
}

/// The files of an EXTRACT that a demand needs rows from.
pub(crate) fn resolve(
    checker: &mut Checker<'_>,
    inputs: &Inputs,
    demand: &Demand,
) -> Result<FileSet, Reported> {
    let environment = checker.environment;
    let demand = folded(demand, environment);
    let boxes = boxes(&demand, environment);
    let mut collector = Collector {
        inputs,
        demand: &demand,
        environment,
        files: Vec::new(),
    };
    let mut census = Census::default();
    for named in &inputs.paths {
        match &named.input {
            Input::File(path, info) => {
                collector.take(path.clone(), *info, None);
            }
            Input::Pattern(shape) => {
                let walked = collector.walk(checker, named, shape, &boxes)?;
                census.patterns += 1;
                census.directories += walked.directories;
                census.names += walked.names;
                census.matched += walked.matched;
                census.pruned += walked.pruned;
            }
        }
    }
    packed_sizes(checker, inputs, &collector.files)?;
    Ok(FileSet {
        paths: inputs
            .paths
            .iter()
            .map(|named| named.text.clone())
            .collect(),
        files: collector.files.into(),
        origins: inputs.origins.clone(),
        census,
    })
}

/// The largest file that is unpacked, in bytes: 4 GB, as the documentation has it.
const MAX_PACKED: u64 = 4 << 30;

fn packed_sizes(
    checker: &mut Checker<'_>,
    inputs: &Inputs,
    files: &[InputFile],
) -> Result<(), Reported> {
    let is_large = |file: &&InputFile| file.path.is_gzip() && file.info.length > MAX_PACKED;
    match (files.iter().find(is_large), inputs.paths.first()) {
        (Some(InputFile { path, .. }), Some(named)) => {
            let message = format!("The compressed input file '{path}' is larger than 4 GB.");
            let code = &codes::COMPRESSED_FILE_SIZE;
            Err(checker.sink.error(code, named.location, message))
        }
        _ => Ok(()),
    }
}

impl Collector<'_> {
    /// Goes through the directories of a pattern.
    fn walk(
        &mut self,
        checker: &mut Checker<'_>,
        named: &Named,
        shape: &Shape,
        boxes: &[Bounds],
    ) -> Result<Census, Reported> {
        let environment = self.environment;
        let mut take = |path, info, values: Vec<Value>| {
            if self.files.len() >= MAX_FILES {
                return Taken::Stop;
            }
            self.take(path, info, Some((shape, &values)))
        };
        let mut walk = Walk::new(shape, environment, boxes, &mut take);
        let walked = walk.run();
        let (census, misfits) = (walk.census, std::mem::take(&mut walk.misfits));
        walked.map_err(|error| not_listed(checker, named, &error))?;
        if self.files.len() >= MAX_FILES {
            let message = format!(
                "The file set '{}' has more than {MAX_FILES} files.",
                named.text
            );
            return Err(checker
                .sink
                .error(&codes::FILE_SET_TOO_LARGE, named.location, message));
        }
        if census.matched == 0 {
            some_file(checker, named, shape)?;
        }
        warn(checker, named, misfits);
        Ok(census)
    }

    /// Takes a file if it is needed. The values are those of a pattern's columns.
    fn take(
        &mut self,
        path: LakePath,
        info: FileInfo,
        pattern: Option<(&Shape, &[Value])>,
    ) -> Taken {
        let value = |slot: &Slot| match (slot.property, pattern) {
            (Some(property), _) => property.of(&path, info, self.environment),
            (None, Some((shape, values))) => {
                let mut columns = shape.columns.iter();
                let at = columns.position(|(_, position)| *position == slot.column);
                at.map_or(Value::Null, |at| values[at].clone())
            }
            (None, None) => Value::Null,
        };
        let values: Vec<Value> = self.inputs.slots.iter().map(value).collect();
        if !self.is_needed(&values) {
            return Taken::Pruned;
        }
        self.files.push(InputFile { path, info, values });
        Taken::Needed
    }

    /// Whether some user needs rows of a file with these values. Conditions that they do not decide do not count.
    fn is_needed(&self, values: &[Value]) -> bool {
        let column = |position: usize| match self.inputs.origins.get(position)? {
            Origin::Cells => None,
            Origin::File(slot) => values.get(*slot).cloned(),
        };
        let known = csharp::Known {
            environment: self.environment,
            column: &column,
        };
        let is_met = |all: &Conjunction| {
            let mut all = all.iter();
            all.all(|condition| known.value(condition) != Some(Value::Bool(false)))
        };
        self.demand.iter().any(is_met)
    }
}

/// Fails unless some file fits the pattern, needed or not: a set without files is most likely a wrong path.
fn some_file(checker: &mut Checker<'_>, named: &Named, shape: &Shape) -> Result<(), Reported> {
    let environment = checker.environment;
    let everywhere = [Bounds::new()];
    let mut take = |_, _, _| Taken::Stop;
    let mut walk = Walk::new(shape, environment, &everywhere, &mut take);
    let walked = walk.run();
    let (census, misfits) = (walk.census, std::mem::take(&mut walk.misfits));
    walked.map_err(|error| not_listed(checker, named, &error))?;
    if census.matched > 0 {
        return Ok(());
    }
    let mut message = format!("No input file fits the file set '{}'.", named.text);
    if let Some(first) = misfits.first {
        message.push_str(&format!(
            " {} names fit but for the types of their columns, the first of them '{first}'.",
            misfits.count
        ));
    }
    Err(checker
        .sink
        .error(&codes::FILE_NOT_FOUND, named.location, message))
}

fn not_listed(
    checker: &mut Checker<'_>,
    named: &Named,
    error: &crate::environment::ListError,
) -> Reported {
    let message = format!("The file set '{}' cannot be listed: {error}.", named.text);
    checker
        .sink
        .error(&codes::FILE_SET_NOT_LISTED, named.location, message)
}

fn warn(checker: &mut Checker<'_>, named: &Named, misfits: Misfits) {
    let Some(first) = misfits.first else {
        return;
    };
    let message = format!(
        "{} names fit the file set '{}' but not the types of its columns, the first of them '{first}'; they are left out.",
        misfits.count, named.text
    );
    checker
        .sink
        .warn(&codes::FILE_SET_VALUES, named.location, message);
}

/// The demand with constants in the place of what needs no column, so that it is computed once and not for each file.
fn folded(demand: &Demand, environment: &dyn CompileEnvironment) -> Demand {
    let known = csharp::Known {
        environment,
        column: &|_| None,
    };
    let mut demand = demand.clone();
    for condition in demand.iter_mut().flatten() {
        condition.replace(&mut |part| {
            if part.mentions_a_column() {
                return None;
            }
            let value = known.value(part)?;
            Some(csharp::constant(value, part.ty, part.location))
        });
    }
    demand
}
