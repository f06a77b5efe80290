//! The examples of .NET's documentation of regular expressions, with the results that it prints.

use super::*;

const IGNORE_CASE: i32 = 1;

fn regex(pattern: &str, options: i32) -> Regex {
    Regex::new(pattern, options).unwrap_or_else(|problem| panic!("{pattern}: {problem:?}"))
}

fn units(text: &str) -> Vec<u16> {
    text.encode_utf16().collect()
}

/// What groups captured in each match.
fn groups(pattern: &str, options: i32, text: &str) -> Vec<Vec<Option<String>>> {
    let units = units(text);
    let mut all = Vec::new();
    let each = regex(pattern, options).each(&units, &mut Machine::default(), |captures| {
        let part = |(from, to): (usize, usize)| String::from_utf16_lossy(&units[from..to]);
        all.push(captures.iter().map(|captured| captured.map(part)).collect());
        More::Yes
    });
    each.expect("few steps");
    all
}

#[track_caller]
fn check(pattern: &str, options: i32, text: &str, expected: &[&str]) {
    let found = groups(pattern, options, text);
    let found: Vec<String> = found
        .into_iter()
        .map(|groups| groups[0].clone().unwrap())
        .collect();
    assert_eq!(found, expected, "{pattern} in {text:?}");
}

#[track_caller]
fn check_replaced(pattern: &str, options: i32, by: &str, text: &str, expected: &str) {
    let regex = regex(pattern, options);
    let replacement = Replacement::new(by, &regex);
    let units = units(text);
    let (mut out, mut at) = (Vec::new(), 0);
    let each = regex.each(&units, &mut Machine::default(), |captures| {
        let (start, end) = whole(captures);
        out.extend(&units[at..start]);
        replacement.write(&units, captures, &mut out);
        at = end;
        More::Yes
    });
    each.expect("few steps");
    out.extend(&units[at..]);
    assert_eq!(
        String::from_utf16_lossy(&out),
        expected,
        "{pattern} by {by}"
    );
}

#[test]
fn lookarounds_see_what_is_beside_a_match() {
    check(r"\b\w+(?=\sis\b)", 0, "The dog is a Malamute.", &["dog"]);
    check(
        r"\b\w+(?=\sis\b)",
        0,
        "Sunday is a weekend day.",
        &["Sunday"],
    );
    check(
        r"\b\w+(?=\sis\b)",
        0,
        "The island has beautiful birds.",
        &[],
    );
    let words = "unite one unethical ethics use untie ultimate";
    check(
        r"\b(?!un)\w+\b",
        IGNORE_CASE,
        words,
        &["one", "ethics", "use", "ultimate"],
    );
    check(
        r"(?<=\b20)\d{2}\b",
        0,
        "2010 1999 1861 2140 2009",
        &["10", "09"],
    );
    let weekday = r"(?<!(Saturday|Sunday) )\b\w+ \d{1,2}, \d{4}\b";
    check(weekday, 0, "Monday February 1, 2010", &["February 1, 2010"]);
    check(weekday, 0, "Saturday February 6, 2010", &[]);
}

#[test]
fn a_lookbehind_is_gone_through_from_its_end() {
    // From the end, the second group takes as much as it can.
    let captured = groups(r"(?<=([ab]+)([bc]+))$", 0, "abc");
    assert_eq!(
        captured[0][1..],
        [Some("a".to_owned()), Some("bc".to_owned())]
    );
}

#[test]
fn an_atomic_group_does_not_give_back() {
    check(r"(\w)\1+.\b", 0, "aaaa", &["aaaa"]);
    check(r"(?>(\w)\1+).\b", 0, "aaaa", &[]);
    check(r"(?>(\w)\1+).\b", 0, "cccd.", &["cccd"]);
}

#[test]
fn named_groups_are_numbered_behind_the_others() {
    let captured = groups(r"(?<first>a)(b)(?<last>c)(d)", 0, "abcd");
    let all = ["abcd", "b", "d", "a", "c"].map(|text| Some(text.to_owned()));
    assert_eq!(captured, [all]);
    check(
        r"(?<char>\w)\k<char>",
        0,
        "trellis llama webbing dresser swagger",
        &["ll", "ll", "bb", "ss", "gg"],
    );
}

#[test]
fn a_group_keeps_what_it_captured_last() {
    let captured = groups(r"(?:(a)|b)*", 0, "ab");
    assert_eq!(captured[0], [Some("ab".to_owned()), Some("a".to_owned())]);
    let captured = groups(r"^(\w+\s?)+$", 0, "A Tale of Two Cities");
    assert_eq!(captured[0][1].as_deref(), Some("Cities"));
}

#[test]
fn a_set_may_be_without_another() {
    let odd = "^[0-9-[2468]]+$";
    for (text, is_odd) in [
        ("123", false),
        ("13579753", true),
        ("3557798", false),
        ("335599901", true),
    ] {
        assert_eq!(!groups(odd, 0, text).is_empty(), is_odd, "{text}");
    }
    check("[a-z-[aeiou]]+", 0, "the rain", &["th", "r", "n"]);
    check(r"[\w-]+ []^]", 0, "a-b ]", &["a-b ]"]);
}

#[test]
fn replacements_name_what_was_matched() {
    let prices = "$16.32 12.19 £16.29 €18.29  €18,29";
    let plain = "16.32 12.19 16.29 18.29  18,29";
    check_replaced(r"\p{Sc}*(\s?\d+[.,]?\d*)\p{Sc}*", 0, "$1", prices, plain);
    let named = r"\p{Sc}*(?<amount>\s?\d+[.,]?\d*)\p{Sc}*";
    check_replaced(named, 0, "${amount}", prices, plain);
    check_replaced(r"\b(\w+)\s(\w+)\b", 0, "$2 $1", "one two", "two one");
    check_replaced(
        r"^(\w+\s?)+$",
        0,
        "\"$&\"",
        "The Hound of the Baskervilles",
        "\"The Hound of the Baskervilles\"",
    );
    let numbers = "aa1bb2cc3dd4ee5";
    check_replaced(
        r"\d+",
        0,
        "$`",
        numbers,
        "aaaabbaa1bbccaa1bb2ccddaa1bb2cc3ddeeaa1bb2cc3dd4ee",
    );
    check_replaced(
        r"\d+",
        0,
        "$'",
        numbers,
        "aabb2cc3dd4ee5bbcc3dd4ee5ccdd4ee5ddee5ee",
    );
    check_replaced(
        r"\d+",
        0,
        "$_",
        "ABC123DEF456",
        "ABCABC123DEF456DEFABC123DEF456",
    );
    let twice = "The the dog jumped over the fence fence.";
    check_replaced(
        r"\b(\w+)\s\1\b",
        IGNORE_CASE,
        "$+",
        twice,
        "The dog jumped over the fence.",
    );
    // What names no group stands for itself.
    check_replaced("(a)", 0, "$$1 $9 ${b} $", "a", "$1 $9 ${b} $");
}

#[test]
fn an_empty_match_goes_one_further() {
    check("a*", 0, "ab", &["a", "", ""]);
    check("", 0, "ab", &["", "", ""]);
    check_replaced("", 0, "-", "ab", "-a-b-");
}

#[test]
fn a_repetition_of_nothing_ends() {
    check("(a*)*b", 0, "aab", &["aab"]);
    check("(a|b*)+?c", 0, "abbc", &["abbc"]);
    check("(?:){3}x", 0, "x", &["x"]);
    check(r"(\b)*a", 0, "a", &["a"]);
}

#[test]
fn positions_are_those_of_dotnet() {
    check("a$", 0, "a\n", &["a"]);
    check(r"a\z", 0, "a\n", &[]);
    check("^b$", 0, "a\nb\nc", &[]);
    check("^b$", 2, "a\nb\nc", &["b"]);
    check("(?m)^.", 0, "a\r\nb", &["a", "b"]);
    check("a.b", 0, "a\nb", &[]);
    check("a.b", 16, "a\nb", &["a\nb"]);
}

#[test]
fn case_is_ignored_letter_by_letter() {
    check("straße", IGNORE_CASE, "STRASSE Straße", &["Straße"]);
    check("[^a-c]", IGNORE_CASE, "aBCd", &["d"]);
    // The sign for kelvin is a k in lower case; the long s is none of s, as .NET has no folding of case.
    check("k", IGNORE_CASE, "K\u{212a}", &["K", "\u{212a}"]);
    check("s", IGNORE_CASE, "s\u{17f}S", &["s", "S"]);
    check("a(?i)b|c", 0, "aB C", &["aB", "C"]);
}

#[test]
fn text_is_code_units() {
    check("^..$", 0, "😀", &["😀"]);
    check("[😀]{2}", 0, "😀", &["😀"]);
    assert_eq!(groups(r"^\p{Cs}{2}$", 0, "😀").len(), 1);
    check(r"\w+", 0, "Ⅷ a\u{30a}ж_9", &["a\u{30a}ж_9"]);
}

#[test]
fn escapes_are_those_of_dotnet() {
    check(r"\055", 0, "tic tac-toes", &["-"]);
    check(r"\x41\u0042\cC\e", 0, "AB\u{3}\u{1b}", &["AB\u{3}\u{1b}"]);
    check("(?x) a b # c", 0, "ab", &["ab"]);
    let mut escaped = String::new();
    escape("C# (a|b)\t{2}\u{a0}", &mut escaped);
    assert_eq!(escaped, "C\\#\\ \\(a\\|b\\)\\t\\{2}\u{a0}");
}

#[test]
fn what_goes_back_for_ever_is_ended() {
    let text = units(&"a".repeat(40));
    let found = regex("^(a+)+$|b", 0)
        .find(
            &units(&format!("{}!", "a".repeat(40))),
            0,
            &mut Machine::default(),
        )
        .map(|_| ());
    assert_eq!(found, Err(TooLong));
    assert!(
        regex("^(a+)+$", 0)
            .find(&text, 0, &mut Machine::default())
            .unwrap()
            .is_some()
    );
}

#[test]
fn a_long_text_needs_little() {
    let text = units(&"ab\n".repeat(40_000));
    for pattern in ["(.|\n)*", "(?s).*", "(ab\n)*", "(?:a|b|\n)*?$(?!\n)"] {
        let captures = regex(pattern, 0)
            .find(&text, 0, &mut Machine::default())
            .map(|found| found.map(whole));
        assert_eq!(captures, Ok(Some((0, text.len()))), "{pattern}");
    }
}

#[test]
fn what_is_no_pattern_is_said_in_the_words_of_dotnet() {
    let message = |pattern: &str| match Regex::new(pattern, 0) {
        Err(Problem::Invalid(message)) => message,
        other => panic!("{pattern}: {other:?}"),
    };
    assert_eq!(message("("), "parsing \"(\" - Not enough )'s.");
    assert_eq!(message(")"), "parsing \")\" - Too many )'s.");
    assert_eq!(
        message("*"),
        "parsing \"*\" - Quantifier {x,y} following nothing."
    );
    assert_eq!(message("[a"), "parsing \"[a\" - Unterminated [] set.");
    assert_eq!(
        message("[b-a]"),
        "parsing \"[b-a]\" - [x-y] range in reverse order."
    );
    assert_eq!(
        message("\\"),
        "parsing \"\\\" - Illegal \\ at end of pattern."
    );
    assert_eq!(
        message(r"\1"),
        "parsing \"\\1\" - Reference to undefined group number 1."
    );
    assert_eq!(
        message("a{2,1}"),
        "parsing \"a{2,1}\" - Illegal {x,y} with x > y."
    );
    for pattern in ["(?<a-b>c)", "(?(a)b|c)", r"\p{IsGreek}", r"\G", "(?<1>a)"] {
        assert!(
            matches!(Regex::new(pattern, 0), Err(Problem::Unsupported(_))),
            "{pattern}"
        );
    }
    assert!(matches!(Regex::new("a", 64), Err(Problem::Unsupported(_))));
    let deep = format!("{}a{}", "(".repeat(10_000), ")".repeat(10_000));
    assert!(matches!(Regex::new(&deep, 0), Err(Problem::Unsupported(_))));
}
