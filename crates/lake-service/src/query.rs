//! The query of a request to a data surface.

use std::borrow::Cow;
use std::fmt;

use percent_encoding::percent_decode_str;

/// A parameter is missing, or its value makes no sense.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct QueryError(String);

impl fmt::Display for QueryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Decoded parameters. Names match in any case: clients send `op`, `OP`, `aclspec`, `aclSpec`.
pub(crate) struct Query<'a> {
    pairs: Vec<(Cow<'a, str>, Cow<'a, str>)>,
}

impl<'a> Query<'a> {
    /// Splits and decodes the text after `?`; a `+` there is a blank. Bytes that are no UTF-8 are refused.
    pub(crate) fn parse(raw: &'a str) -> Result<Self, QueryError> {
        let pairs = raw
            .split('&')
            .filter(|pair| !pair.is_empty())
            .map(|pair| {
                let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
                Ok((decode(name)?, decode(value)?))
            })
            .collect::<Result<_, QueryError>>()?;
        Ok(Self { pairs })
    }

    /// The first value of a parameter.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        let found = self
            .pairs
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_ref())
    }

    /// A parameter that the operation cannot do without.
    pub(crate) fn required(&self, name: &'static str) -> Result<&str, QueryError> {
        self.text(name)
            .filter(|value| !value.is_empty())
            .ok_or_else(|| QueryError(format!("Missing parameter: {name}")))
    }

    /// A switch; .NET clients send `True`.
    pub(crate) fn switch(&self, name: &'static str) -> Result<Option<bool>, QueryError> {
        match self.text(name) {
            None | Some("") => Ok(None),
            Some(value) if value.eq_ignore_ascii_case("true") => Ok(Some(true)),
            Some(value) if value.eq_ignore_ascii_case("false") => Ok(Some(false)),
            Some(value) => Err(invalid(name, value)),
        }
    }

    /// A number in decimal digits.
    pub(crate) fn number<T: std::str::FromStr>(
        &self,
        name: &'static str,
    ) -> Result<Option<T>, QueryError> {
        match self.text(name) {
            None | Some("") => Ok(None),
            // Rust reads `+1` too.
            Some(value) if value.starts_with('+') => Err(invalid(name, value)),
            Some(value) => value.parse().map(Some).map_err(|_| invalid(name, value)),
        }
    }

    /// A permission in octal digits, with or without a leading zero.
    pub(crate) fn permission(&self) -> Result<Option<u16>, QueryError> {
        match self.text("permission") {
            None | Some("") => Ok(None),
            Some(value) => u16::from_str_radix(value, 8)
                .ok()
                .filter(|bits| *bits <= 0o1777 && !value.starts_with('+'))
                .map(Some)
                .ok_or_else(|| invalid("permission", value)),
        }
    }

    /// One word of a closed set, in any case.
    pub(crate) fn word<T: Copy>(
        &self,
        name: &'static str,
        words: &[(&str, T)],
    ) -> Result<Option<T>, QueryError> {
        match self.text(name) {
            None | Some("") => Ok(None),
            Some(value) => words
                .iter()
                .find(|(word, _)| word.eq_ignore_ascii_case(value))
                .map(|(_, meaning)| Some(*meaning))
                .ok_or_else(|| invalid(name, value)),
        }
    }
}

fn invalid(name: &str, value: &str) -> QueryError {
    QueryError(format!("Invalid value for parameter {name}: \"{value}\""))
}

fn decode(text: &str) -> Result<Cow<'_, str>, QueryError> {
    if !text.contains(['%', '+']) {
        return Ok(Cow::Borrowed(text));
    }
    let spaced = text.replace('+', " ");
    let decoded = percent_decode_str(&spaced)
        .decode_utf8()
        .map_err(|_| QueryError("The query is not valid UTF-8".to_owned()))?;
    Ok(Cow::Owned(decoded.into_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_match_in_any_case_and_values_are_decoded_once() {
        let query = Query::parse("OP=LISTSTATUS&listafter=a+b%2Bc%2525&Recursive=True&x").unwrap();
        assert_eq!(query.text("op"), Some("LISTSTATUS"));
        assert_eq!(query.text("listAfter"), Some("a b+c%25"));
        assert_eq!(query.switch("recursive").unwrap(), Some(true));
        assert_eq!(query.text("X"), Some(""));
        assert_eq!(query.text("y"), None);
    }

    #[test]
    fn values_that_make_no_sense_are_refused() {
        let query = Query::parse(
            "overwrite=yes&offset=-1&length=%2B1&permission=999&syncFlag=NOW&listsize=9e9",
        )
        .unwrap();
        assert!(query.switch("overwrite").is_err());
        assert!(query.number::<u64>("offset").is_err());
        assert!(query.number::<u64>("length").is_err());
        assert!(query.number::<usize>("listSize").is_err());
        assert!(query.permission().is_err());
        assert!(query.word("syncflag", &[("CLOSE", ())]).is_err());
        assert!(query.required("destination").is_err());
        assert!(Query::parse("a=%ff").is_err());
    }

    #[test]
    fn a_permission_is_octal_with_or_without_a_leading_zero() {
        for (text, bits) in [("0555", 0o555), ("555", 0o555), ("1777", 0o1777), ("0", 0)] {
            let raw = format!("permission={text}");
            assert_eq!(
                Query::parse(&raw).unwrap().permission().unwrap(),
                Some(bits)
            );
        }
    }
}
