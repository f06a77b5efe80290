//! How a person writes times.

use std::str::FromStr;
use std::time::Duration;

use adls_fs::Expiry;
use clap::Args;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::arguments::time_span;

/// A time, such as `2017-05-26T20:35:27Z`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Moment(pub(crate) OffsetDateTime);

impl FromStr for Moment {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let read = OffsetDateTime::parse(text, &Rfc3339);
        read.map(Self)
            .map_err(|_| "a time is written as 2017-05-26T20:35:27Z or with +02:00".to_owned())
    }
}

/// When a file vanishes.
#[derive(Args, Debug)]
#[group(required = true, multiple = false)]
pub(crate) struct ExpiryChoice {
    /// At this time, such as 2030-01-01T00:00:00Z.
    #[arg(long, value_name = "TIME")]
    at: Option<Moment>,
    /// So long from now, such as 90s, 15m, 36h or 30d.
    #[arg(long = "in", value_name = "SPAN", value_parser = time_span)]
    after_now: Option<Duration>,
    /// So long after the file was made.
    #[arg(long, value_name = "SPAN", value_parser = time_span)]
    after_creation: Option<Duration>,
    /// Never.
    #[arg(long)]
    never: bool,
}

impl ExpiryChoice {
    pub(crate) fn expiry(&self) -> Expiry {
        match self {
            Self { at: Some(at), .. } => Expiry::At(at.0),
            Self {
                after_now: Some(span),
                ..
            } => Expiry::AfterNow(*span),
            Self {
                after_creation: Some(span),
                ..
            } => Expiry::AfterCreation(*span),
            Self { .. } => Expiry::Never,
        }
    }
}
