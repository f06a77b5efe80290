//! Which jobs to list, in OData's words.

use std::fmt;

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use uuid::Uuid;

use crate::{JobResult, JobState};

/// A condition on jobs.
///
/// Every text is quoted here and nowhere else, so that a name with a quote in it is a name and
/// not a condition.
///
/// ```
/// use adla_jobs::{Filter, JobState};
///
/// let filter = Filter::name("O'Brien").and(
///     Filter::state(&JobState::Running).or(Filter::state(&JobState::Queued)));
/// assert_eq!(filter.to_string(), "name eq 'O''Brien' and (state eq 'Running' or state eq 'Queued')");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter {
    text: String,
    is_or: bool,
}

impl Filter {
    /// Jobs that this person or application submitted.
    pub fn submitter(name: &str) -> Self {
        Self::new(format!("submitter eq {}", quoted(name)))
    }

    /// Jobs with this name.
    pub fn name(name: &str) -> Self {
        Self::new(format!("name eq {}", quoted(name)))
    }

    /// Jobs in this state.
    pub fn state(state: &JobState) -> Self {
        Self::new(format!("state eq {}", quoted(state.as_str())))
    }

    /// Jobs with this result.
    pub fn result(result: &JobResult) -> Self {
        Self::new(format!("result eq {}", quoted(result.as_str())))
    }

    /// Jobs submitted at this moment or later.
    pub fn submitted_since(moment: OffsetDateTime) -> Self {
        Self::new(format!("submitTime ge {}", datetime(moment)))
    }

    /// Jobs submitted before this moment.
    pub fn submitted_before(moment: OffsetDateTime) -> Self {
        Self::new(format!("submitTime lt {}", datetime(moment)))
    }

    /// Jobs of this pipeline.
    pub fn pipeline(id: Uuid) -> Self {
        Self::new(format!("related/pipelineId eq guid'{id}'"))
    }

    /// Jobs of this recurrence.
    pub fn recurrence(id: Uuid) -> Self {
        Self::new(format!("related/recurrenceId eq guid'{id}'"))
    }

    /// Jobs that meet both conditions.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self::new(format!("{} and {}", self.in_and(), other.in_and()))
    }

    /// Jobs that meet at least one of both conditions.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self {
            text: [self.text, other.text].join(" or "),
            is_or: true,
        }
    }

    fn new(text: String) -> Self {
        Self { text, is_or: false }
    }

    /// `and` binds tighter than `or`.
    fn in_and(self) -> String {
        if self.is_or {
            format!("({})", self.text)
        } else {
            self.text
        }
    }
}

impl fmt::Display for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

fn datetime(moment: OffsetDateTime) -> String {
    let utc = moment.to_offset(time::UtcOffset::UTC);
    let text = utc.format(&Rfc3339).unwrap_or_default();
    format!("datetimeoffset'{text}'")
}

/// What jobs can be ordered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum JobField {
    /// The name.
    Name,
    /// Who submitted it.
    Submitter,
    /// When it was submitted.
    SubmitTime,
    /// When it began to run.
    StartTime,
    /// When it ended.
    EndTime,
    /// Where it is on its way.
    State,
    /// How it ended.
    Result,
    /// How many analytics units it may use.
    DegreeOfParallelism,
    /// Its priority.
    Priority,
}

/// Which end of an order comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// The smallest, the oldest.
    Ascending,
    /// The largest, the newest.
    Descending,
}

/// Which jobs to list, and in which order. The service's own order is none at all.
///
/// ```
/// use adla_jobs::{Direction, Filter, JobField, ListOptions};
///
/// let newest = ListOptions::default()
///     .with_filter(Filter::submitter("alice@contoso.com"))
///     .with_order(JobField::SubmitTime, Direction::Descending)
///     .with_top(10);
/// # assert_eq!(newest.top, Some(10));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ListOptions {
    /// Only jobs that meet this condition.
    pub filter: Option<Filter>,
    /// The order.
    pub order: Option<(JobField, Direction)>,
    /// At most so many.
    pub top: Option<usize>,
    /// Without the first so many.
    pub skip: Option<usize>,
}

impl ListOptions {
    /// Lists only jobs that meet this condition.
    #[must_use]
    pub fn with_filter(mut self, filter: Filter) -> Self {
        self.filter = Some(filter);
        self
    }

    /// Sets the order.
    #[must_use]
    pub fn with_order(mut self, field: JobField, direction: Direction) -> Self {
        self.order = Some((field, direction));
        self
    }

    /// Lists at most so many.
    #[must_use]
    pub fn with_top(mut self, top: usize) -> Self {
        self.top = Some(top);
        self
    }

    /// Leaves out the first so many.
    #[must_use]
    pub fn with_skip(mut self, skip: usize) -> Self {
        self.skip = Some(skip);
        self
    }

    /// The keys and values of the request's query.
    pub(crate) fn query(&self) -> Vec<(&'static str, String)> {
        let order = self.order.map(|(field, direction)| {
            let direction = match direction {
                Direction::Ascending => "asc",
                Direction::Descending => "desc",
            };
            format!("{} {direction}", field.wire_name())
        });
        let filter = self.filter.as_ref().map(Filter::to_string);
        let top = self.top.map(|top| top.to_string());
        let skip = self.skip.map(|skip| skip.to_string());
        [
            ("$filter", filter),
            ("$orderby", order),
            ("$top", top),
            ("$skip", skip),
        ]
        .into_iter()
        .filter_map(|(key, value)| Some((key, value?)))
        .collect()
    }
}

impl JobField {
    fn wire_name(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Submitter => "submitter",
            Self::SubmitTime => "submitTime",
            Self::StartTime => "startTime",
            Self::EndTime => "endTime",
            Self::State => "state",
            Self::Result => "result",
            Self::DegreeOfParallelism => "degreeOfParallelism",
            Self::Priority => "priority",
        }
    }
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn a_hostile_name_stays_a_name() {
        let name = "x' or state eq 'Running";
        assert_eq!(
            Filter::name(name).to_string(),
            "name eq 'x'' or state eq ''Running'"
        );
    }

    #[test]
    fn conditions_nest_as_they_were_joined() {
        let [a, b, c, d] = ["a", "b", "c", "d"].map(Filter::name);
        let both = a.clone().or(b.clone()).and(c.clone().or(d.clone()));
        let expected = "(name eq 'a' or name eq 'b') and (name eq 'c' or name eq 'd')";
        assert_eq!(both.to_string(), expected);
        let either = a.and(b).or(c).or(d).to_string();
        let expected = "name eq 'a' and name eq 'b' or name eq 'c' or name eq 'd'";
        assert_eq!(either, expected);
    }

    #[test]
    fn literals_have_their_types() {
        let moment = datetime!(2016-04-22 02:00 +2);
        let since = Filter::submitted_since(moment).to_string();
        assert_eq!(since, "submitTime ge datetimeoffset'2016-04-22T00:00:00Z'");
        let pipeline = Filter::pipeline(Uuid::nil()).to_string();
        let expected = "related/pipelineId eq guid'00000000-0000-0000-0000-000000000000'";
        assert_eq!(pipeline, expected);
    }
}
