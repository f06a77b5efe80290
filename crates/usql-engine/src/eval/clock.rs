//! The time of a run, the same for all its rows: a run that is repeated with it gives the same bytes.

use std::any::Any;

use crate::error::RuntimeError;

use datafusion::{
    common::{
        DataFusionError,
        config::{ConfigEntry, ConfigExtension, ConfigOptions, ExtensionOptions},
    },
    error::Result,
};

/// The time at which a run began, in ticks of UTC, as the session of the run carries it to its formulas.
#[derive(Debug, Clone)]
pub(crate) struct RunClock(i64);

impl RunClock {
    pub(crate) const fn new(ticks: i64) -> Self {
        Self(ticks)
    }

    /// The time of the run that has these options.
    pub(crate) fn of(options: &ConfigOptions) -> std::result::Result<i64, RuntimeError> {
        let clock: Option<&Self> = options.extensions.get();
        clock
            .map(|clock| clock.0)
            .ok_or_else(|| RuntimeError::bug("a session has no clock"))
    }
}

impl ConfigExtension for RunClock {
    const PREFIX: &'static str = "usql_clock";
}

impl ExtensionOptions for RunClock {
    fn as_any(&self) -> &dyn Any {
        self
    }

    fn as_any_mut(&mut self) -> &mut dyn Any {
        self
    }

    fn cloned(&self) -> Box<dyn ExtensionOptions> {
        Box::new(self.clone())
    }

    fn set(&mut self, key: &str, _: &str) -> Result<()> {
        let message = format!("the clock has no option '{key}'");
        Err(DataFusionError::Configuration(message))
    }

    fn entries(&self) -> Vec<ConfigEntry> {
        Vec::new()
    }
}
