//! Finding the files of a pattern: from the root down, listing only directories that can hold a needed file.

use std::{collections::BTreeSet, ops::ControlFlow};

use super::{
    Census, FileInfo,
    boxes::{Bounds, Range},
    pattern::{Part, Segment},
    virtual_columns::{Known, Misfit, Shape, State, common_part},
};
use crate::{
    environment::{CompileEnvironment, Entry, ListError},
    path::LakePath,
    value::Value,
};

/// The most files of one EXTRACT; a job on the service had hardly more than 150,000.
pub(crate) const MAX_FILES: usize = 500_000;

/// A walk through the directories of a pattern.
pub(crate) struct Walk<'a> {
    shape: &'a Shape,
    environment: &'a dyn CompileEnvironment,
    /// Where needed files are.
    boxes: &'a [Bounds],
    /// Takes a file that fits the pattern, with the values of the pattern's columns, and says whether it is needed.
    take: &'a mut dyn FnMut(LakePath, FileInfo, Vec<Value>) -> Taken,
    pub(crate) census: Census,
    pub(crate) misfits: Misfits,
    error: Option<ListError>,
}

/// What becomes of a file that fits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Taken {
    /// It is read.
    Needed,
    /// It is not.
    Pruned,
    /// No more files are wanted.
    Stop,
}

/// Names that fit the pattern but not the types of its columns.
#[derive(Clone, Debug, Default)]
pub(crate) struct Misfits {
    pub(crate) count: u64,
    pub(crate) first: Option<LakePath>,
}

impl<'a> Walk<'a> {
    pub(crate) fn new(
        shape: &'a Shape,
        environment: &'a dyn CompileEnvironment,
        boxes: &'a [Bounds],
        take: &'a mut dyn FnMut(LakePath, FileInfo, Vec<Value>) -> Taken,
    ) -> Self {
        Self {
            shape,
            environment,
            boxes,
            take,
            census: Census::default(),
            misfits: Misfits::default(),
            error: None,
        }
    }

    /// Finds the files.
    pub(crate) fn run(&mut self) -> Result<(), ListError> {
        let root = LakePath::root(self.shape.pattern.account.clone());
        let state = self.shape.start();
        // A stop is what the caller asked for, or comes with an error.
        let _ = self.directory(&root, 0, &state);
        self.error.take().map_or(Ok(()), Err)
    }

    /// Goes through a directory whose names stand for the segment at `depth`.
    fn directory(&mut self, directory: &LakePath, depth: usize, state: &State) -> ControlFlow<()> {
        let shape = self.shape;
        let segment = &shape.pattern.segments[depth];
        let is_last = depth + 1 == shape.pattern.segments.len();
        if let Some(name) = segment.literal() {
            let path = directory.join(name);
            let file = is_last.then(|| self.environment.file(&path));
            return match file {
                Some(None) => ControlFlow::Continue(()),
                file => self.name(&path, name, depth, state, file.flatten()),
            };
        }
        if let Some(names) = self.names(segment, state) {
            for name in names {
                let file = match self.environment.entry(directory, &name) {
                    Ok(Some(Entry::File(_, info))) => Some(info),
                    Ok(Some(Entry::Directory(_))) => None,
                    Ok(None) => continue,
                    Err(error) => return self.fail(error),
                };
                if file.is_some() == is_last {
                    self.name(&directory.join(&name), &name, depth, state, file)?;
                }
            }
            return ControlFlow::Continue(());
        }
        let prefix = match segment.0.first() {
            Some(Part::Literal(text)) => text.as_str(),
            _ => "",
        };
        self.census.directories += 1;
        let environment = self.environment;
        let mut flow = ControlFlow::Continue(());
        let listed = environment.list(directory, prefix, &mut |entry| {
            self.census.names += 1;
            let (name, info) = match entry {
                Entry::File(name, info) => (name, Some(info)),
                Entry::Directory(name) => (name, None),
            };
            if info.is_some() == is_last {
                flow = self.name(&directory.join(name), name, depth, state, info);
            }
            flow
        });
        listed.map_or_else(|error| self.fail(error), |()| flow)
    }

    fn fail(&mut self, error: ListError) -> ControlFlow<()> {
        self.error = Some(error);
        ControlFlow::Break(())
    }

    /// Takes a name in the place of the segment at `depth`: of a file, or else of a directory.
    fn name(
        &mut self,
        path: &LakePath,
        name: &str,
        depth: usize,
        state: &State,
        file: Option<FileInfo>,
    ) -> ControlFlow<()> {
        let segment = &self.shape.pattern.segments[depth];
        let Some(taken) = segment.fit(name) else {
            return ControlFlow::Continue(());
        };
        let state = match self.shape.learn(state, segment, &taken, self.environment) {
            Ok(state) => state,
            Err(Misfit::Conflict) => return ControlFlow::Continue(()),
            Err(Misfit::Value) => return self.misfit(path),
        };
        let Some(info) = file else {
            if self.boxes.iter().any(|bounds| self.reaches(bounds, &state)) {
                return self.directory(path, depth + 1, &state);
            }
            return ControlFlow::Continue(());
        };
        let Some(values) = self.shape.values(&state) else {
            return self.misfit(path);
        };
        self.census.matched += 1;
        match (self.take)(path.clone(), info, values) {
            Taken::Needed => ControlFlow::Continue(()),
            Taken::Pruned => {
                self.census.pruned += 1;
                ControlFlow::Continue(())
            }
            Taken::Stop => ControlFlow::Break(()),
        }
    }

    fn misfit(&mut self, path: &LakePath) -> ControlFlow<()> {
        self.misfits.count += 1;
        self.misfits.first.get_or_insert_with(|| path.clone());
        ControlFlow::Continue(())
    }

    /// Whether a file below a directory may be in a box.
    fn reaches(&self, bounds: &Bounds, state: &State) -> bool {
        let mut columns = state.iter().zip(&self.shape.columns);
        columns.all(|(known, (_, position))| {
            bounds
                .get(position)
                .is_none_or(|range| left(known, range).is_some())
        })
    }

    /// The names that a needed file can have in the place of a segment; none if that takes a look at the directory.
    fn names(&self, segment: &Segment, state: &State) -> Option<BTreeSet<String>> {
        let reached = self
            .boxes
            .iter()
            .filter(|bounds| self.reaches(bounds, state));
        let names = reached.map(|bounds| self.only_name(segment, state, bounds));
        let names: BTreeSet<String> = names.collect::<Option<_>>()?;
        let is_name = |name: &String| !name.contains('/') && !matches!(name.as_str(), "." | "..");
        Some(names.into_iter().filter(is_name).collect())
    }

    fn only_name(&self, segment: &Segment, state: &State, bounds: &Bounds) -> Option<String> {
        let parts = segment.0.iter().map(|part| match part {
            Part::Literal(text) => Some(text.clone()),
            Part::Anything => None,
            Part::Column(column) => match bounds.get(&self.shape.columns[*column].1)? {
                Range::Text(text) => Some(text.clone()),
                Range::Numbers(..) => None,
            },
            Part::Date(column, date) => {
                let known = &state[*column];
                let range = match bounds.get(&self.shape.columns[*column].1) {
                    Some(range) => left(known, range)?,
                    None => known.range().map(|(from, to)| Range::Numbers(from, to))?,
                };
                let Range::Numbers(first, last) = range else {
                    return None;
                };
                let (first, last) = (i64::try_from(first).ok()?, i64::try_from(last).ok()?);
                common_part(first, last, date.unit, date.is_padded, date.digits)
            }
        });
        parts.collect()
    }
}

/// What of a range a column can still be; none if nothing.
fn left(known: &Known, range: &Range) -> Option<Range> {
    match known {
        Known::Value(Value::String(text)) => Range::Text(text.clone()).common(range),
        known => match known.range() {
            Some((from, to)) => Range::Numbers(from, to).common(range),
            None => Some(range.clone()),
        },
    }
}
