use super::*;

fn matches(pattern: &str, path: &str) -> bool {
    let glob: Glob = pattern.parse().unwrap();
    glob.matches(&path.parse().unwrap())
}

#[test]
fn what_matches_and_what_does_not() {
    let cases = [
        ("/a/*.txt", "/a/b.txt", "/a/b/c.txt"),
        ("/a/*", "/a/.hidden", "/a"),
        ("/a?c", "/aßc", "/ac"),
        ("/a?c", "/a🦀c", "/a🦀🦀c"),
        ("/[a-c]x", "/bx", "/dx"),
        ("/[!a-c]x", "/dx", "/bx"),
        ("/[^a-c]", "/d", "/a"),
        ("/[]]", "/]", "/["),
        ("/[a-]", "/-", "/b"),
        ("/[à-ü]", "/ö", "/o"),
        (r"/[\]-_]", "/^", "/a"),
        ("/{a,b}c", "/bc", "/c"),
        ("/{,x}c", "/c", "/yc"),
        ("/x{a*,{b,c?}d}", "/xced", "/xcd"),
        ("/a,b", "/a,b", "/a"),
        (r"/\*\[1\]", "/*[1]", "/x[1]"),
        (r"/\[1]", "/[1]", "/1"),
        ("/%2F*", "/%2Fx", "/x"),
        ("/Log", "/Log", "/log"),
        ("/[A-Z]og", "/Log", "/log"),
        ("/**/f", "/f", "/a/f/g"),
        ("/**/f", "/a/b/f", "/a/b/ff"),
        ("/a/**", "/a/b/c", "/a"),
        ("/a/**/**/b", "/a/b", "/b"),
        ("/a/**/b/**/c", "/a/b/x/b/c", "/a/c/b"),
        ("a//./b/", "/a/b", "/a"),
        ("/", "/", "/a"),
        ("/**", "/a", "/"),
    ];
    for (pattern, yes, no) in cases {
        assert!(matches(pattern, yes), "{pattern} {yes}");
        assert!(!matches(pattern, no), "{pattern} {no}");
    }
}

#[test]
fn what_is_no_pattern_is_told_where() {
    let cases = [
        ("", "it is empty; the root is \"/\""),
        ("/ä/[ab", "\"[\" at 3 has no end"),
        ("/[]", "\"[\" at 1 has no end"),
        ("/{a/b}", "\"{\" at 1 has no end"),
        ("/a}", "\"}\" at 2 ends nothing"),
        ("/a\\", "\"\\\" at 2 escapes nothing"),
        ("/x[z-a]", "the range at 3 runs backwards"),
        ("/a/b**", "\"**\" at 4 is not a whole name"),
        (
            "/a/..",
            "\"..\" at 3 could leave the directory that was meant",
        ),
        ("/a/\\.", "\".\" at 3 is no name"),
        ("/a\0", "the name at 1 contains a NUL"),
    ];
    for (pattern, why) in cases {
        let error = pattern.parse::<Glob>().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Request);
        let expected = format!("{pattern:?} is not a pattern: {why}");
        assert_eq!(error.to_string(), expected);
    }
    let deep = "{".repeat(100_000);
    assert!(deep.parse::<Glob>().is_err());
}

#[test]
fn an_escaped_text_matches_itself_alone() {
    for name in ["a[1]", "*", "{a,b}", "x\\y", "%[!a]", "Größe?", "**", "a,b"] {
        let path = LakePath::root().join(name).unwrap();
        let glob: Glob = Glob::escape(name).parse().unwrap();
        assert!(glob.matches(&path), "{name}");
        assert_eq!(glob.literals(&glob.start()).0, [name]);
    }
}

/// What a name means, said as simply as possible: by trying everything.
fn tries(pattern: &[char], name: &[char]) -> bool {
    match (pattern, name) {
        ([], []) => true,
        (['*', rest @ ..], _) => {
            tries(rest, name) || (!name.is_empty() && tries(pattern, &name[1..]))
        }
        (['?', rest @ ..], [_, name @ ..]) => tries(rest, name),
        ([p, rest @ ..], [c, name @ ..]) => p == c && tries(rest, name),
        _ => false,
    }
}

/// All texts of up to `length` characters of an alphabet.
fn texts(alphabet: &[char], length: usize) -> Vec<Vec<char>> {
    let mut all = vec![vec![]];
    let mut begin = 0;
    for _ in 0..length {
        let end = all.len();
        for at in begin..end {
            for c in alphabet {
                let mut longer = all[at].clone();
                longer.push(*c);
                all.push(longer);
            }
        }
        begin = end;
    }
    all
}

#[test]
fn every_short_pattern_matches_what_trying_everything_matches() {
    let names = texts(&['a', 'b'], 4);
    for pattern in texts(&['a', '*', '?'], 5).into_iter().skip(1) {
        let text: String = pattern.iter().collect();
        let Ok(glob) = text.parse::<Glob>() else {
            assert!(text.contains("**"));
            continue;
        };
        if text == "**" {
            continue;
        }
        for name in names.iter().skip(1) {
            let path = LakePath::root().join(&String::from_iter(name)).unwrap();
            assert_eq!(glob.matches(&path), tries(&pattern, name), "{text} {path}");
        }
    }
}

#[test]
fn hostile_patterns_take_no_longer() {
    let name = "a".repeat(255);
    let path = LakePath::root().join(&name).unwrap();
    for hostile in ["*a".repeat(100), "{a,a*}".repeat(100), "{*a,?}".repeat(100)] {
        let glob: Glob = format!("/{hostile}b").parse().unwrap();
        assert!(!glob.matches(&path));
    }
    let deep: LakePath = "/a".repeat(300).parse().unwrap();
    let glob: Glob = format!("{}/b", "/**/a".repeat(100)).parse().unwrap();
    assert!(!glob.matches(&deep));
}

#[test]
fn what_must_come_next_is_known() {
    let glob: Glob = "/a/b/*/c/d".parse().unwrap();
    let (names, rest) = glob.literals(&glob.start());
    assert_eq!(names, ["a", "b"]);
    let (names, end) = glob.literals(&glob.advance(&rest, "x"));
    assert_eq!(names, ["c", "d"]);
    assert!(glob.is_match(&end) && !glob.goes_on(&end));
    assert!(!glob.goes_on(&glob.advance(&glob.start(), "z")));
}
