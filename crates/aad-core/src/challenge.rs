//! What a 401 asks for: the `WWW-Authenticate` header.

use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use http::HeaderMap;
use http::header::WWW_AUTHENTICATE;

use crate::{Error, ErrorKind, Result};

/// One challenge: a scheme and its parameters.
///
/// ```
/// use aad_core::challenge::Challenge;
///
/// let header = r#"Bearer authorization_uri="https://login.microsoftonline.com/contoso", resource="https://datalake.azure.net/""#;
/// let challenges = Challenge::parse_all(header)?;
/// assert_eq!(challenges[0].parameter("resource"), Some("https://datalake.azure.net/"));
/// # Ok::<_, aad_core::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Challenge {
    scheme: String,
    token68: Option<String>,
    parameters: Vec<(String, String)>,
}

impl Challenge {
    /// Parses one header value, which may hold several challenges (RFC 9110, section 11.6.1).
    ///
    /// More is accepted than the grammar has in one place: a value without quotes may hold any
    /// character but space, comma and quote, because Azure Arc sends a path so.
    ///
    /// # Errors
    /// The value is not a list of challenges; nothing is guessed from half of one.
    pub fn parse_all(value: &str) -> Result<Vec<Self>> {
        Parser { rest: value }.challenges().ok_or_else(|| {
            Error::new(
                ErrorKind::Protocol,
                "the www-authenticate header is not well formed",
            )
        })
    }

    /// The scheme, such as `Bearer`.
    pub fn scheme(&self) -> &str {
        &self.scheme
    }

    /// The credentials that some schemes, such as `Negotiate`, have instead of parameters.
    pub fn token68(&self) -> Option<&str> {
        self.token68.as_deref()
    }

    /// The value of a parameter, its name in any case.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }
}

/// The claims that a Continuous Access Evaluation challenge asks a new token to have, as JSON.
///
/// They arrive in base64, of either alphabet and with or without padding.
pub fn claims_challenge(headers: &HeaderMap) -> Option<String> {
    headers
        .get_all(WWW_AUTHENTICATE)
        .iter()
        .filter_map(|value| Challenge::parse_all(value.to_str().ok()?).ok())
        .flatten()
        .filter(|challenge| challenge.scheme.eq_ignore_ascii_case("bearer"))
        .find_map(|challenge| decode_claims(challenge.parameter("claims")?))
}

fn decode_claims(text: &str) -> Option<String> {
    const CONFIG: GeneralPurposeConfig =
        GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    const URL_SAFE: GeneralPurpose = GeneralPurpose::new(&alphabet::URL_SAFE, CONFIG);
    let text = text.replace('+', "-").replace('/', "_");
    let bytes = URL_SAFE.decode(text).ok()?;
    String::from_utf8(bytes).ok()
}

struct Parser<'a> {
    rest: &'a str,
}

impl<'a> Parser<'a> {
    fn challenges(&mut self) -> Option<Vec<Challenge>> {
        let mut challenges: Vec<Challenge> = Vec::new();
        loop {
            self.skip(|c| c == ' ' || c == '\t' || c == ',');
            if self.rest.is_empty() {
                return (!challenges.is_empty()).then_some(challenges);
            }
            let word = self.take(is_token)?;
            if let Some(value) = self.value_after_equals()? {
                let current = challenges
                    .last_mut()
                    .filter(|last| last.token68.is_none())?;
                current.parameters.push((word.to_owned(), value));
            } else {
                challenges.push(Challenge {
                    scheme: word.to_owned(),
                    token68: None,
                    parameters: Vec::new(),
                });
                if self.space() {
                    // The first parameter, or credentials; both follow the scheme without a comma.
                    self.first_of(challenges.last_mut()?)?;
                }
            }
            self.space();
            if !(self.rest.is_empty() || self.rest.starts_with(',')) {
                return None;
            }
        }
    }

    fn first_of(&mut self, challenge: &mut Challenge) -> Option<()> {
        if self.rest.is_empty() || self.rest.starts_with(',') {
            return Some(());
        }
        let start = self.rest;
        if let Some(name) = self.take(is_token)
            && let Some(value) = self.value_after_equals().flatten()
        {
            challenge.parameters.push((name.to_owned(), value));
            return Some(());
        }
        self.rest = start;
        let credentials = self.take(|c| is_token(c) || c == '/' || c == '=')?;
        challenge.token68 = Some(credentials.to_owned());
        Some(())
    }

    /// The value after an equals sign; `Some(None)` if there is no such sign.
    fn value_after_equals(&mut self) -> Option<Option<String>> {
        let start = self.rest;
        self.space();
        let Some(rest) = self.rest.strip_prefix('=') else {
            self.rest = start;
            return Some(None);
        };
        self.rest = rest;
        self.space();
        if let Some(rest) = self.rest.strip_prefix('"') {
            self.rest = rest;
            return self.quoted().map(Some);
        }
        let value = self.take(|c| !matches!(c, ' ' | '\t' | ',' | '"'))?;
        (!value.starts_with('=')).then(|| Some(value.to_owned()))
    }

    fn quoted(&mut self) -> Option<String> {
        let mut value = String::new();
        let mut characters = self.rest.char_indices();
        while let Some((at, c)) = characters.next() {
            match c {
                '"' => {
                    self.rest = &self.rest[at + 1..];
                    return Some(value);
                }
                '\\' => value.push(characters.next()?.1),
                _ => value.push(c),
            }
        }
        None
    }

    fn take(&mut self, accept: impl Fn(char) -> bool) -> Option<&'a str> {
        let end = self.rest.find(|c| !accept(c)).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        (!word.is_empty()).then_some(word)
    }

    fn skip(&mut self, what: impl Fn(char) -> bool) {
        self.rest = self.rest.trim_start_matches(what);
    }

    /// Skips spaces and says whether there were some.
    fn space(&mut self) -> bool {
        let before = self.rest.len();
        self.skip(|c| c == ' ' || c == '\t');
        self.rest.len() < before
    }
}

fn is_token(c: char) -> bool {
    c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c)
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn parse(header: &str) -> Option<Vec<String>> {
        let challenges = Challenge::parse_all(header).ok()?;
        let show = |challenge: &Challenge| {
            let mut text = challenge.scheme.clone();
            if let Some(credentials) = &challenge.token68 {
                text += &format!(" {credentials}");
            }
            for (name, value) in &challenge.parameters {
                text += &format!(" [{name}:{value}]");
            }
            text
        };
        Some(challenges.iter().map(show).collect())
    }

    #[test]
    fn challenges_are_read_as_services_send_them() {
        let cases: &[(&str, &[&str])] = &[
            (
                r#"Bearer authorization_uri="foobar,lkfj,;l,", fruitcake="f",resource="clark, &^()- q32,shark" , f="foo""#,
                &[
                    "Bearer [authorization_uri:foobar,lkfj,;l,] [fruitcake:f] [resource:clark, &^()- q32,shark] [f:foo]",
                ],
            ),
            (
                r#"Bearer  resource="clark, &^()- q32,shark", authorization_uri="foobar,lkfj,;l,""#,
                &["Bearer [resource:clark, &^()- q32,shark] [authorization_uri:foobar,lkfj,;l,]"],
            ),
            (
                r#"Bearer authorization_uri="foobar,lkfj,;l,""#,
                &["Bearer [authorization_uri:foobar,lkfj,;l,]"],
            ),
            (
                r#"Bearer realm="", error="insufficient_claims", claims="e30=""#,
                &["Bearer [realm:] [error:insufficient_claims] [claims:e30=]"],
            ),
            (
                "Basic realm=/var/opt/azcmagent/tokens/a.key",
                &["Basic [realm:/var/opt/azcmagent/tokens/a.key]"],
            ),
            ("Negotiate", &["Negotiate"]),
            ("Negotiate YWJj==", &["Negotiate YWJj=="]),
            (
                r#"Negotiate, Basic realm="a \"b\"", Bearer authorization = x , , y=z,"#,
                &[
                    "Negotiate",
                    r#"Basic [realm:a "b"]"#,
                    "Bearer [authorization:x] [y:z]",
                ],
            ),
        ];
        for (header, expected) in cases {
            assert_eq!(parse(header).unwrap_or_default(), *expected, "{header}");
        }
    }

    #[test]
    fn nothing_is_guessed_from_a_malformed_header() {
        for header in [
            "",
            " , ",
            "Bearer x=\"open",
            "Bearer x=\"open\\",
            "x=1",
            "Negotiate YWJj==, x=1",
        ] {
            assert_eq!(parse(header), None, "{header}");
        }
    }

    /// The table of ADAL's tests (`test_authentication_parameters.py`), row by row: where to sign in, and for what.
    #[test]
    fn the_challenges_of_adals_tests_are_read_as_adal_reads_them() {
        const URI: &str = "foobar,lkfj,;l,";
        const RESOURCE: &str = "clark, &^()- q32,shark";
        let tail = format!(r#"resource="{RESOURCE}",fruitcake="f" , f="foo""#);
        // ADAL left a quotation mark out here and changed more behind it, so each of these is wrong twice.
        let open = format!(r#"Bearer authorization_uri={URI}""#);
        let known = "https://login.windows.net/rrandallaad1.onmicrosoft.com";
        let page = format!("{known}/oauth2/authorize");
        let (neither, both) = (None, Some((Some(URI), Some(RESOURCE))));
        for (row, header, expected) in [
            (
                "four parameters",
                format!(
                    r#"Bearer authorization_uri="{URI}", fruitcake="f",resource="{RESOURCE}" , f="foo""#
                ),
                both,
            ),
            (
                "the other way round",
                format!(r#"Bearer  resource="{RESOURCE}", authorization_uri="{URI}""#),
                both,
            ),
            (
                "an authority",
                format!(
                    r#"Bearer authorization_uri="{known}", resource="00000002-0000-0000-c000-000000000000""#
                ),
                Some((Some(known), Some("00000002-0000-0000-c000-000000000000"))),
            ),
            (
                "a page",
                format!(r#"Bearer authorization_uri="{page}", resource="x""#),
                Some((Some(&page), Some("x"))),
            ),
            (
                "two equals signs in the first",
                format!(r#"Bearer authorization_uri=="{URI}", {tail}"#),
                neither,
            ),
            (
                "in the second",
                format!(
                    r#"Bearer authorization_uri="{URI}", resource=="{RESOURCE}",fruitcake="f" , f="foo""#
                ),
                neither,
            ),
            (
                "two quotation marks in the first",
                format!(r#"Bearer authorization_uri=""{URI}", {tail}"#),
                neither,
            ),
            (
                "in the second",
                format!(r#"{open}, resource="{RESOURCE}"",fruitcake="f" , f="foo""#),
                neither,
            ),
            ("at the end", format!(r#"{open}, {tail}""#), neither),
            ("a comma at the end", format!("{open}, {tail},"), neither),
            (
                "two commas",
                format!(r#"{open}, resource="{RESOURCE}",fruitcake="f" ,, f="foo""#),
                neither,
            ),
            (
                "two commas with a space",
                format!("{open}, , {tail}"),
                neither,
            ),
            (
                "a letter before the first",
                format!(r#"Bearer  f authorization_uri={URI}", {tail}"#),
                neither,
            ),
            ("before the second", format!("{open}, a {tail}"), neither),
            (
                "after the third",
                format!(r#"{open}, resource="{RESOURCE}",fruitcake="f" a, f="foo""#),
                neither,
            ),
            (
                "another scheme",
                format!(r#"Berer authorization_uri={URI}", {tail}"#),
                neither,
            ),
            (
                "no resource",
                format!(r#"Bearer authorization_uri="{URI}""#),
                Some((Some(URI), None)),
            ),
            // ADAL refuses it; here whoever needs an address sees that there is none.
            (
                "no address",
                format!("Bearer {tail}"),
                Some((None, Some(RESOURCE))),
            ),
            (
                "words between",
                r#"Bearer foo="bar" ANYTHING HERE, ANYTHING PRESENT HERE, foo1="bar1""#.to_owned(),
                neither,
            ),
            (
                "no space",
                r#"Bearerauthorization_uri="authuri", resource="resourceHere""#.to_owned(),
                neither,
            ),
        ] {
            let challenges = Challenge::parse_all(&header).ok();
            let read = challenges.as_ref().map(|all| {
                let bearer = &all[0];
                assert_eq!((all.len(), bearer.scheme()), (1, "Bearer"), "{row}");
                let parameter = |name| bearer.parameter(name);
                (parameter("authorization_uri"), parameter("resource"))
            });
            assert_eq!(read, expected, "{row}");
        }
        // What ADAL meant to show, without the other mistake: these are well formed (RFC 9110, 5.6.1 and 11.6.1).
        for (row, header, challenges) in [
            ("a comma at the end", format!("Bearer {tail},"), 1),
            ("two commas", format!("Bearer x=y ,, {tail}"), 1),
            ("another scheme", format!("Berer {tail}"), 1),
            (
                "a letter before the second",
                format!("Bearer x=y, a {tail}"),
                2,
            ),
        ] {
            let read = Challenge::parse_all(&header).map(|all| all.len()).ok();
            assert_eq!(read, Some(challenges), "{row}");
        }
    }

    #[test]
    fn no_header_is_too_strange() {
        // A linear congruential generator (Knuth's MMIX): the same strings on every machine.
        let mut state = 42_u64;
        let mut next = |n: usize| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as usize % n
        };
        let pieces = [
            "Bearer",
            " ",
            ",",
            "=",
            "\"",
            "\\",
            "a",
            "\u{e4}",
            "x=1",
            "claims=\"e30\"",
            "\t",
        ];
        let mut parsed = 0;
        for _ in 0..20_000 {
            let header: String = (0..next(9)).map(|_| pieces[next(pieces.len())]).collect();
            parsed += usize::from(parse(&header).is_some());
        }
        assert!(parsed > 1000, "{parsed}");
    }

    #[test]
    fn claims_are_decoded_from_either_base64() {
        let json = r#"{"access_token":{"nbf":{"essential":true,"value":"1604106651"}}}"#;
        let encoded = base64::engine::general_purpose::STANDARD.encode(json);
        for claims in [&encoded, encoded.trim_end_matches('=')] {
            let mut headers = HeaderMap::new();
            headers.append(WWW_AUTHENTICATE, HeaderValue::from_static("Basic realm=x"));
            let value =
                format!(r#"Bearer realm="", error="insufficient_claims", claims="{claims}""#);
            headers.append(WWW_AUTHENTICATE, HeaderValue::try_from(value).unwrap());
            assert_eq!(claims_challenge(&headers).as_deref(), Some(json));
        }
    }
}
