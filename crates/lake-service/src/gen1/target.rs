//! What a request is about: the prefix of its url and the path after it.

use percent_encoding::percent_decode_str;

use crate::gen1::Refusal;

/// Which of the two prefixes a request came under.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Prefix {
    /// `/webhdfs/v1`
    Core,
    /// `/WebHdfsExt`: operations that Hadoop does not have. Answers lack the version header.
    Extension,
}

/// Cuts a url's path into prefix and decoded rest. `None` when it has neither prefix.
pub(crate) fn split(url_path: &str) -> Option<(Prefix, &str)> {
    [
        ("/webhdfs/v1", Prefix::Core),
        ("/webhdfsext", Prefix::Extension),
    ]
    .into_iter()
    .find_map(|(prefix, kind)| {
        let (head, rest) = url_path.split_at_checked(prefix.len())?;
        let ends = rest.is_empty()
            || rest.starts_with('/')
            || rest
                .get(..3)
                .is_some_and(|three| three.eq_ignore_ascii_case("%2f"));
        (head.eq_ignore_ascii_case(prefix) && ends).then_some((kind, rest))
    })
}

/// The path of a file: percent-decoded once, `+` literal, `%2F` a separator.
///
/// Empty and `.` segments vanish (clients send `//tmp/a`, `/webhdfs/v1/.` and trailing slashes); `..` is refused
/// because no client means it and it would only serve to escape.
pub(crate) fn decode_path(encoded: &str) -> Result<String, Refusal> {
    let decoded = percent_decode_str(encoded)
        .decode_utf8()
        .map_err(|_| Refusal::argument("The path is not valid UTF-8"))?;
    clean_path(&decoded)
}

/// A path that is decoded already, with or without its leading slash, as in `destination=` and `sources=`.
pub(crate) fn clean_path(decoded: &str) -> Result<String, Refusal> {
    let mut path = String::with_capacity(decoded.len() + 1);
    for segment in decoded
        .split('/')
        .filter(|segment| !matches!(*segment, "" | "."))
    {
        if segment == ".." || segment.contains('\0') {
            return Err(Refusal::argument(format!("Invalid path: {decoded}")));
        }
        path.push('/');
        path.push_str(segment);
    }
    if path.is_empty() {
        path.push('/');
    }
    Ok(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_prefixes_are_known_in_any_case() {
        assert_eq!(split("/webhdfs/v1/a"), Some((Prefix::Core, "/a")));
        assert_eq!(split("/WebHDFS/V1%2Fa"), Some((Prefix::Core, "%2Fa")));
        assert_eq!(split("/WebHdfsExt/a"), Some((Prefix::Extension, "/a")));
        assert_eq!(split("/webhdfsext"), Some((Prefix::Extension, "")));
        for other in [
            "/webhdfs",
            "/webhdfs/v2/a",
            "/webhdfs/v11/a",
            "/webhdfsextra",
            "/",
            "",
        ] {
            assert_eq!(split(other), None, "{other}");
        }
    }

    #[test]
    fn a_path_is_decoded_once_and_cleaned() {
        for (encoded, path) in [
            ("", "/"),
            ("/", "/"),
            ("%2F", "/"),
            ("/.", "/"),
            ("//tmp/test/./a/", "/tmp/test/a"),
            ("/dir%2Ffile", "/dir/file"),
            ("/12%2C%2B3%23456%3F.txt", "/12,+3#456?.txt"),
            ("/d/a%20b+%23%3F%C3%A9", "/d/a b+#?é"),
            ("/100%2525", "/100%25"),
        ] {
            assert_eq!(decode_path(encoded).unwrap(), path, "{encoded}");
        }
    }

    #[test]
    fn a_path_that_escapes_or_is_no_text_is_refused() {
        for encoded in ["/a/../b", "/%2e%2e/b", "/a%2F..%2Fb", "/%ff", "/a%00b"] {
            assert!(decode_path(encoded).is_err(), "{encoded}");
        }
    }
}
