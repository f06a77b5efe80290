//! Files in memory, and the way from a script to its outputs.

use std::{
    collections::BTreeMap,
    io,
    ops::ControlFlow,
    sync::{Arc, Mutex},
    time::{Duration, SystemTime},
};

use expect_test::Expect;
use tokio_util::sync::CancellationToken;
use usql_engine::{Engine, EngineOptions, FileError, Files, Input, RunReport, RuntimeError};
use usql_sema::{CompileEnvironment, Entry, FileInfo, LakePath, ListError, Plan, Settings};

/// Files in memory. What is published is among them.
#[derive(Default)]
pub(crate) struct Lake {
    files: Mutex<BTreeMap<String, Arc<Vec<u8>>>>,
    /// Inputs that are not just bytes.
    special: BTreeMap<String, Arc<dyn Input>>,
    pub(crate) settings: Settings,
    /// How many outputs were begun and neither published nor dropped.
    staged: Arc<Mutex<usize>>,
}

struct Open(Arc<Vec<u8>>);

impl Input for Open {
    fn len(&self) -> u64 {
        self.0.len() as u64
    }

    /// Never more than seven bytes less than asked for, so that short reads are seen.
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let rest = self.0.get(offset as usize..).unwrap_or_default();
        let wanted = if buffer.len() > 7 {
            buffer.len() - 7
        } else {
            buffer.len()
        };
        let length = rest.len().min(wanted);
        buffer[..length].copy_from_slice(&rest[..length]);
        Ok(length)
    }
}

/// An output in memory.
pub(crate) struct Staged {
    path: String,
    bytes: Vec<u8>,
    count: Arc<Mutex<usize>>,
}

impl io::Write for Staged {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for Staged {
    fn drop(&mut self) {
        *self.count.lock().unwrap() -= 1;
    }
}

impl Files for Lake {
    type Staged = Staged;

    fn open(&self, path: &LakePath) -> Result<Arc<dyn Input>, FileError> {
        if let Some(input) = self.special.get(path.path()) {
            return Ok(Arc::clone(input));
        }
        match self.files.lock().unwrap().get(path.path()) {
            Some(bytes) => Ok(Arc::new(Open(Arc::clone(bytes)))),
            None => Err(FileError::new("no such file")),
        }
    }

    fn stage(&self, path: &LakePath) -> Result<Staged, FileError> {
        *self.staged.lock().unwrap() += 1;
        let count = Arc::clone(&self.staged);
        Ok(Staged {
            path: path.path().to_owned(),
            bytes: Vec::new(),
            count,
        })
    }

    fn publish(&self, staged: Vec<Staged>) -> Result<(), FileError> {
        for mut output in staged {
            let bytes = std::mem::take(&mut output.bytes);
            self.files
                .lock()
                .unwrap()
                .insert(output.path.clone(), Arc::new(bytes));
        }
        Ok(())
    }
}

impl CompileEnvironment for Lake {
    fn file(&self, path: &LakePath) -> Option<FileInfo> {
        let file = self.open(path).ok()?;
        Some(FileInfo::of_length(file.len()))
    }

    fn list(
        &self,
        directory: &LakePath,
        prefix: &str,
        each: &mut dyn FnMut(Entry<'_>) -> ControlFlow<()>,
    ) -> Result<(), ListError> {
        let above = format!("{}/", directory.path().trim_end_matches('/'));
        let files: Vec<(String, u64)> = {
            let files = self.files.lock().unwrap();
            let below = files.iter().filter_map(|(path, bytes)| {
                let rest = path.strip_prefix(&above)?;
                Some((rest.to_owned(), bytes.len() as u64))
            });
            below.filter(|(rest, _)| rest.starts_with(prefix)).collect()
        };
        let mut names: Vec<(&str, Option<u64>)> = files
            .iter()
            .map(|(rest, length)| match rest.split_once('/') {
                Some((directory, _)) => (directory, None),
                None => (rest.as_str(), Some(*length)),
            })
            .collect();
        names.sort_unstable();
        names.dedup();
        for (name, length) in names {
            let entry = match length {
                Some(length) => Entry::File(name, FileInfo::of_length(length)),
                None => Entry::Directory(name),
            };
            if each(entry).is_break() {
                break;
            }
        }
        Ok(())
    }

    fn evaluate(&self, expression: &usql_sema::Expression) -> Option<usql_sema::Value> {
        usql_engine::constant(expression)
    }

    fn settings(&self) -> Settings {
        self.settings
    }
}

impl Lake {
    /// A lake with one file, `/in.csv`.
    pub(crate) fn with_input(text: impl AsRef<[u8]>) -> Self {
        let lake = Self::default();
        lake.put("/in.csv", text);
        lake
    }

    pub(crate) fn with_open(mut self, path: &str, input: Arc<dyn Input>) -> Self {
        self.special.insert(path.to_owned(), input);
        self
    }

    pub(crate) fn put(&self, path: &str, text: impl AsRef<[u8]>) {
        self.files
            .lock()
            .unwrap()
            .insert(path.to_owned(), Arc::new(text.as_ref().to_vec()));
    }

    pub(crate) fn bytes(&self, path: &str) -> Option<Arc<Vec<u8>>> {
        self.files.lock().unwrap().get(path).cloned()
    }

    pub(crate) fn text(&self, path: &str) -> String {
        String::from_utf8(self.bytes(path).expect("the output was published").to_vec()).unwrap()
    }

    pub(crate) fn paths(&self) -> Vec<String> {
        self.files.lock().unwrap().keys().cloned().collect()
    }

    pub(crate) fn still_staged(&self) -> usize {
        *self.staged.lock().unwrap()
    }

    pub(crate) fn plan(&self, script: &str) -> Plan {
        usql_sema::check(&usql_syntax::parse(script), self).unwrap_or_else(|diagnostics| {
            let lines: Vec<String> = diagnostics.iter().map(ToString::to_string).collect();
            panic!(
                "the script does not compile:\n{script}\n{}",
                lines.join("\n")
            )
        })
    }
}

/// A clock that stands still in 2016.
pub(crate) fn options() -> EngineOptions {
    let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_467_331_200);
    EngineOptions::new(Arc::new(move || now)).with_parallelism(2)
}

pub(crate) fn run_with(
    options: EngineOptions,
    lake: &Arc<Lake>,
    script: &str,
) -> Result<RunReport, RuntimeError> {
    let engine = Engine::new(options).unwrap();
    let plan = Arc::new(lake.plan(script));
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    runtime.block_on(engine.run(plan, Arc::clone(lake), CancellationToken::new()))
}

/// Runs a script over one input, and gives what it wrote to `/out.csv`.
pub(crate) fn run(input: &str, script: &str) -> Result<String, RuntimeError> {
    let lake = Arc::new(Lake::with_input(input));
    run_with(options(), &lake, script)?;
    Ok(lake.text("/out.csv"))
}

/// Compares what a script writes to `/out.csv`. Line ends are CR LF; the CR is not shown.
#[expect(clippy::needless_pass_by_value, reason = "`expect!` makes a value")]
pub(crate) fn check(input: &str, script: &str, expected: Expect) {
    let found = run(input, script).unwrap();
    expected.assert_eq(&found.replace("\r\n", "\n"));
}

/// The values of expressions, comma-separated, as the outputter writes them.
pub(crate) fn values(expressions: &str) -> Result<String, RuntimeError> {
    let script = format!(
        "@one = SELECT * FROM (VALUES (1)) AS T(x);\n\
         @r = SELECT {expressions} FROM @one;\n\
         OUTPUT @r TO \"/out.csv\" USING Outputters.Csv();"
    );
    run("", &script).map(|text| text.trim_end_matches("\r\n").to_owned())
}
