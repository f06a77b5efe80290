//! The patterns in use: a constant is read once, and not for each batch of rows.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
};

use usql_sema::regex::Problem;

use crate::{
    dotnet::regex::Regex,
    eval::{Exception, functions::Answer},
};

/// How many are kept, those used last. .NET keeps 15.
const KEPT: usize = 64;

/// The longest pattern that is kept.
const MAX_KEPT: usize = 4096;

/// A pattern that has been read.
#[derive(Debug)]
pub(super) struct Compiled {
    pattern: String,
    options: i32,
    pub(super) regex: Regex,
}

impl Compiled {
    pub(super) fn is(&self, pattern: &str, options: i32) -> bool {
        self.options == options && self.pattern == pattern
    }
}

static LAST: Mutex<VecDeque<Arc<Compiled>>> = Mutex::new(VecDeque::new());

/// A pattern under the number of its options.
pub(super) fn compiled(pattern: &str, options: i32) -> Answer<Arc<Compiled>> {
    let lock = || LAST.lock().unwrap_or_else(PoisonError::into_inner);
    {
        let mut last = lock();
        let place = last.iter().position(|known| known.is(pattern, options));
        if let Some(known) = place.and_then(|place| last.remove(place)) {
            last.push_front(Arc::clone(&known));
            return Ok(known);
        }
    }
    let regex = Regex::new(pattern, options).map_err(|problem| match problem {
        Problem::Invalid(message) => Exception::new("ArgumentException", message),
        Problem::Unsupported(what) => {
            let message = format!("A regular expression with this is not supported: {what}.");
            Exception::new("NotSupportedException", message)
        }
    })?;
    let compiled = Arc::new(Compiled {
        pattern: pattern.to_owned(),
        options,
        regex,
    });
    if pattern.len() <= MAX_KEPT {
        let mut last = lock();
        last.push_front(Arc::clone(&compiled));
        last.truncate(KEPT);
    }
    Ok(compiled)
}
