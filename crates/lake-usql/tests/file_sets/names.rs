//! Names that mean something elsewhere.

use crate::lake::{Lake, admin, rows};

#[test]
fn names_with_braces_percents_and_any_letter_are_values_and_are_spelt_out_escaped() {
    let long = "l".repeat(251);
    let wide = "é".repeat(125) + "x";
    // Each name, and how a script spells it.
    let names = [
        ("a b", "a%20b"),
        ("a%20b", "a%2520b"),
        ("100%", "100%"),
        ("{n}", "%7Bn%7D"),
        ("}{", "%7D%7B"),
        ("é😀", "é😀"),
        ("e\u{301}", "e\u{301}"),
        ("\u{202e}txt", "\u{202e}txt"),
        ("[a]'", "[a]'"),
        ("-rf *?", "-rf *?"),
        (long.as_str(), long.as_str()),
        (wide.as_str(), wide.as_str()),
    ];
    let lake = Lake::new();
    for (n, (name, _)) in names.iter().enumerate() {
        lake.put(&format!("/set/{name}.csv"), &format!("{n}\n"));
    }
    let all = lake
        .run(
            admin(),
            &rows("v int, name string", "/set/{name}.csv", "true"),
        )
        .unwrap();
    let expected: Vec<String> = (names.iter().enumerate())
        .map(|(n, (name, _))| format!("{n},{name}"))
        .collect();
    assert_eq!(all.lines().collect::<Vec<_>>(), expected);
    for (n, (name, spelt)) in names.iter().enumerate() {
        let one = lake.run(
            admin(),
            &rows("v int", &format!("/set/{spelt}.csv"), "true"),
        );
        assert_eq!(one, Ok(format!("{n}\n")), "{spelt}");
        let part = lake.run(
            admin(),
            &rows("v int", &format!("/set/{spelt}{{*}}"), "true"),
        );
        assert_eq!(part, Ok(format!("{n}\n")), "{spelt}{{*}}");
        let condition = format!("name == \"{name}\"");
        let one = lake.run(
            admin(),
            &rows("v int, name string", "/set/{name}.csv", &condition),
        );
        assert_eq!(one, Ok(format!("{n},{name}\n")), "{condition}");
    }
}

#[test]
fn a_condition_with_a_path_in_it_leads_nowhere_else() {
    let lake = Lake::new();
    lake.put("/set/a/x.csv", "1\n");
    lake.put("/other/x.csv", "2\n");
    for folder in ["..", ".", "../other", "a/../../other", "", "a/", "/a"] {
        let condition = format!("folder == \"{folder}\"");
        let script = rows("v int, folder string", "/set/{folder}/x.csv", &condition);
        assert_eq!(lake.run(admin(), &script), Ok(String::new()), "{folder}");
    }
}
