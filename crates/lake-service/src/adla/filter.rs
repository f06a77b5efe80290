//! The part of OData that job lists are filtered with.
//!
//! Clients send comparisons joined by `and` and `or`; `az dla job list` also groups with
//! parentheses and walks one level into `related/pipelineId`. Literals are strings
//! (`'o''clock'`), numbers, `true`, `false`, `null`, `guid'..'` and `datetimeoffset'..'`.

use std::cmp::Ordering;
use std::fmt;

use time::OffsetDateTime;
use uuid::Uuid;

use crate::timestamp::parse_timestamp;

/// How deep parentheses and `not` may nest, so that a hostile filter cannot exhaust the stack.
const MAX_DEPTH: usize = 64;

/// A value on either side of a comparison.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    Null,
    Bool(bool),
    Number(i64),
    Text(String),
    Guid(Uuid),
    Time(OffsetDateTime),
}

/// What a filter or an ordering can be asked of: an object with named properties.
pub(crate) trait Record {
    /// The property at `path` (`state`, `related/runId`), or `None` if no object has it.
    fn property(&self, path: &str) -> Option<Value>;
}

/// A parsed `$filter`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Filter {
    /// `and`. A chain is flat, so that its length costs no stack.
    All(Vec<Filter>),
    /// `or`.
    Any(Vec<Filter>),
    Not(Box<Filter>),
    Compare {
        path: String,
        operator: Operator,
        value: Value,
    },
}

/// A comparison operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operator {
    Equal,
    NotEqual,
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
}

/// A filter that cannot be understood: where, and what was expected there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FilterError {
    offset: usize,
    expected: &'static str,
}

impl fmt::Display for FilterError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} expected at position {} of the filter",
            self.expected, self.offset
        )
    }
}

impl Filter {
    /// Reads a filter as it stands in the decoded query.
    pub(crate) fn parse(text: &str) -> Result<Filter, FilterError> {
        let mut parser = Parser {
            text,
            offset: 0,
            depth: 0,
        };
        let filter = parser.any_of()?;
        match parser.peek() {
            None => Ok(filter),
            Some(_) => Err(parser.error("'and', 'or' or the end")),
        }
    }

    /// Whether a record passes. A property that no object has is an error of the request.
    pub(crate) fn accepts(&self, record: &dyn Record) -> Result<bool, UnknownProperty> {
        Ok(match self {
            Filter::All(parts) => {
                for part in parts {
                    if !part.accepts(record)? {
                        return Ok(false);
                    }
                }
                true
            }
            Filter::Any(parts) => {
                for part in parts {
                    if part.accepts(record)? {
                        return Ok(true);
                    }
                }
                false
            }
            Filter::Not(inner) => !inner.accepts(record)?,
            Filter::Compare {
                path,
                operator,
                value,
            } => {
                let found = record
                    .property(path)
                    .ok_or_else(|| UnknownProperty(path.clone()))?;
                operator.holds(&found, value)
            }
        })
    }
}

/// A filter or an ordering names a property that jobs do not have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct UnknownProperty(pub(crate) String);

impl fmt::Display for UnknownProperty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "there is no property named '{}'", self.0)
    }
}

impl Operator {
    fn named(name: &str) -> Option<Operator> {
        Some(match name.to_ascii_lowercase().as_str() {
            "eq" => Operator::Equal,
            "ne" => Operator::NotEqual,
            "gt" => Operator::Greater,
            "ge" => Operator::GreaterOrEqual,
            "lt" => Operator::Less,
            "le" => Operator::LessOrEqual,
            _ => return None,
        })
    }

    /// Values of different kinds are unequal and unordered, as in OData.
    fn holds(self, left: &Value, right: &Value) -> bool {
        let order = compare(left, right);
        match self {
            Operator::Equal => order == Some(Ordering::Equal),
            Operator::NotEqual => order != Some(Ordering::Equal),
            Operator::Greater => order == Some(Ordering::Greater),
            Operator::GreaterOrEqual => order.is_some_and(Ordering::is_ge),
            Operator::Less => order == Some(Ordering::Less),
            Operator::LessOrEqual => order.is_some_and(Ordering::is_le),
        }
    }
}

/// The order of two values, `None` when there is none.
pub(crate) fn compare(left: &Value, right: &Value) -> Option<Ordering> {
    match (left, right) {
        (Value::Null, Value::Null) => Some(Ordering::Equal),
        (Value::Bool(a), Value::Bool(b)) => Some(a.cmp(b)),
        (Value::Number(a), Value::Number(b)) => Some(a.cmp(b)),
        (Value::Text(a), Value::Text(b)) => Some(a.cmp(b)),
        (Value::Guid(a), Value::Guid(b)) => Some(a.cmp(b)),
        (Value::Time(a), Value::Time(b)) => Some(a.cmp(b)),
        // Clients quote ids in either way.
        (Value::Guid(a), Value::Text(b)) => Some(a.cmp(&b.parse().ok()?)),
        (Value::Text(a), Value::Guid(b)) => Some(a.parse::<Uuid>().ok()?.cmp(b)),
        _ => None,
    }
}

struct Parser<'a> {
    text: &'a str,
    offset: usize,
    depth: usize,
}

impl<'a> Parser<'a> {
    fn any_of(&mut self) -> Result<Filter, FilterError> {
        let mut parts = vec![self.all_of()?];
        while self.keyword("or") {
            parts.push(self.all_of()?);
        }
        Ok(one_or(parts, Filter::Any))
    }

    fn all_of(&mut self) -> Result<Filter, FilterError> {
        let mut parts = vec![self.term()?];
        while self.keyword("and") {
            parts.push(self.term()?);
        }
        Ok(one_or(parts, Filter::All))
    }

    fn term(&mut self) -> Result<Filter, FilterError> {
        if self.depth == MAX_DEPTH {
            return Err(self.error("a less deeply nested filter"));
        }
        self.depth += 1;
        let term = if self.symbol('(') {
            let inner = self.any_of()?;
            if !self.symbol(')') {
                return Err(self.error("')'"));
            }
            inner
        } else if self.keyword("not") {
            Filter::Not(Box::new(self.term()?))
        } else {
            self.comparison()?
        };
        self.depth -= 1;
        Ok(term)
    }

    fn comparison(&mut self) -> Result<Filter, FilterError> {
        let path = self.word();
        let is_path = path
            .split('/')
            .all(|part| part.starts_with(|c: char| c.is_alphabetic()));
        if !is_path || path.split('/').count() > 2 {
            return Err(self.error("a property"));
        }
        self.advance(path);
        let name = self.word();
        let operator = Operator::named(name).ok_or_else(|| self.error("a comparison"))?;
        self.advance(name);
        let value = self.literal()?;
        Ok(Filter::Compare {
            path: path.to_owned(),
            operator,
            value,
        })
    }

    fn literal(&mut self) -> Result<Value, FilterError> {
        if self.peek() == Some('\'') {
            return self.quoted().map(Value::Text);
        }
        let word = self.word();
        let quoted = self.text[self.offset + word.len()..].starts_with('\'');
        let error = self.error("a value");
        match word.to_ascii_lowercase().as_str() {
            "guid" if quoted => {
                self.advance(word);
                self.quoted()?.parse().map(Value::Guid).map_err(|_| error)
            }
            "datetimeoffset" | "datetime" if quoted => {
                self.advance(word);
                parse_timestamp(&self.quoted()?)
                    .map(Value::Time)
                    .ok_or(error)
            }
            name => {
                let value = match name {
                    "null" => Value::Null,
                    "true" => Value::Bool(true),
                    "false" => Value::Bool(false),
                    // OData 4 writes ids and times without a prefix and without quotes.
                    _ => number(word)
                        .or_else(|| word.parse().map(Value::Guid).ok())
                        .or_else(|| parse_timestamp(word).map(Value::Time))
                        .ok_or(error)?,
                };
                self.advance(word);
                Ok(value)
            }
        }
    }

    /// A string in single quotes; a quote inside it is doubled.
    fn quoted(&mut self) -> Result<String, FilterError> {
        let unclosed = self.error("a closed string");
        let mut value = String::new();
        let mut rest = self.text[self.offset..]
            .strip_prefix('\'')
            .ok_or(unclosed.clone())?;
        loop {
            let (part, after) = rest.split_once('\'').ok_or(unclosed.clone())?;
            value.push_str(part);
            match after.strip_prefix('\'') {
                Some(more) => {
                    value.push('\'');
                    rest = more;
                }
                None => {
                    self.offset = self.text.len() - after.len();
                    return Ok(value);
                }
            }
        }
    }

    /// The letters, digits and signs of a name, a keyword or a plain literal.
    fn word(&mut self) -> &'a str {
        self.skip_blanks();
        let rest = &self.text[self.offset..];
        let end = rest
            .find(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | '\'' | ','))
            .unwrap_or(rest.len());
        &rest[..end]
    }

    fn keyword(&mut self, keyword: &str) -> bool {
        let word = self.word();
        let found = word.eq_ignore_ascii_case(keyword);
        if found {
            self.advance(word);
        }
        found
    }

    fn symbol(&mut self, symbol: char) -> bool {
        let found = self.peek() == Some(symbol);
        if found {
            self.offset += symbol.len_utf8();
        }
        found
    }

    fn peek(&mut self) -> Option<char> {
        self.skip_blanks();
        self.text[self.offset..].chars().next()
    }

    fn skip_blanks(&mut self) {
        let rest = &self.text[self.offset..];
        self.offset += rest.len() - rest.trim_start().len();
    }

    fn advance(&mut self, word: &str) {
        self.offset += word.len();
    }

    fn error(&self, expected: &'static str) -> FilterError {
        FilterError {
            offset: self.offset,
            expected,
        }
    }
}

fn one_or(mut parts: Vec<Filter>, join: fn(Vec<Filter>) -> Filter) -> Filter {
    match parts.pop() {
        Some(only) if parts.is_empty() => only,
        last => {
            parts.extend(last);
            join(parts)
        }
    }
}

/// An integer, with or without OData's suffix for 64 bits.
fn number(word: &str) -> Option<Value> {
    word.strip_suffix(['L', 'l'])
        .unwrap_or(word)
        .parse()
        .map(Value::Number)
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Job;

    impl Record for Job {
        fn property(&self, path: &str) -> Option<Value> {
            Some(match path {
                "name" => Value::Text("o'clock (daily)".into()),
                "state" => Value::Text("Running".into()),
                "priority" => Value::Number(10),
                "submitTime" => Value::Time(parse_timestamp("2017-03-13T23:51:29.5317044+00:00")?),
                "endTime" => Value::Null,
                "related/runId" => Value::Guid(Uuid::from_u128(7)),
                _ => return None,
            })
        }
    }

    fn accepts(filter: &str) -> bool {
        let filter = Filter::parse(filter).unwrap_or_else(|error| panic!("{filter}: {error}"));
        filter.accepts(&Job).unwrap()
    }

    #[test]
    fn a_filter_that_clients_send_selects_what_it_says() {
        for (filter, expected) in [
            ("submitTime ge datetimeoffset'2016-04-22'", true),
            ("submitTime lt datetimeoffset'2016-04-21'", false),
            (
                "submitTime gt datetimeoffset'2017-03-13T16:51:29-07:00'",
                true,
            ),
            ("submitTime ge 2017-03-13T23:51:30Z", false),
            ("name eq 'o''clock (daily)'", true),
            ("name eq 'o''clock' or priority le 10", true),
            (
                "(state eq 'Running' or state eq 'Queued') and (priority ne 10L)",
                false,
            ),
            (
                "related/runId eq guid'00000000-0000-0000-0000-000000000007'",
                true,
            ),
            (
                "related/runId eq '00000000-0000-0000-0000-000000000007'",
                true,
            ),
            ("endTime eq null", true),
            ("endTime lt datetimeoffset'2030-01-01'", false),
            ("not (state eq 'Running')", false),
            // `and` binds tighter than `or`.
            ("state eq 'Running' or state eq 'x' and state eq 'y'", true),
            (
                "(state eq 'Running' or state eq 'x') and state eq 'y'",
                false,
            ),
        ] {
            assert_eq!(accepts(filter), expected, "{filter}");
        }
    }

    #[test]
    fn a_filter_that_cannot_be_read_says_where() {
        for (filter, offset) in [
            ("", 0),
            ("state", 5),
            ("state is 'x'", 6),
            ("state eq", 8),
            ("state eq 'open", 9),
            ("(state eq 'x'", 13),
            ("state eq 'x' state", 13),
            ("a/b/c eq 1", 0),
            ("id eq guid'7'", 6),
            ("name eq é\u{301}", 8),
        ] {
            let error = Filter::parse(filter).expect_err(filter);
            assert_eq!(error.offset, offset, "{filter}: {error}");
        }
    }

    #[test]
    fn deep_nesting_is_refused_and_long_chains_are_not() {
        assert!(Filter::parse(&"(".repeat(100_000)).is_err());
        assert!(Filter::parse(&"not ".repeat(100_000)).is_err());
        let chain = vec!["priority eq 10"; 100_000].join(" and ");
        assert!(accepts(&chain));
        let chain = vec!["priority eq 11"; 100_000].join(" or ");
        assert!(!accepts(&chain));
    }

    #[test]
    fn an_unknown_property_is_reported_and_not_ignored() {
        let filter = Filter::parse("colour eq 'red'").unwrap();
        assert_eq!(filter.accepts(&Job), Err(UnknownProperty("colour".into())));
    }
}
