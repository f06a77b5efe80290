//! Random conditions over random trees: files that conditions take away change no row, and all files go that can.

use std::{collections::BTreeSet, fmt::Write as _, sync::Arc};

use usql_sema::{Plan, RowsetKind};

use super::{
    lake::{Lake, options, run_with},
    large::Seeded,
};

const PATH: &str = "/d/{day:yyyy}/{day:MM}/{day:dd}/{s}_{i}.csv";
const COLUMNS: &str = "text string, n int, day DateTime, s string, i int?";

const NAMES: [&str; 6] = ["a", "b", "ab", "A", "é", "x y"];
const DATES: [(u16, u16, u16); 6] = [
    (2013, 12, 31),
    (2014, 1, 1),
    (2014, 2, 28),
    (2014, 9, 15),
    (2014, 9, 16),
    (2016, 2, 29),
];
const COMPARISONS: [&str; 6] = ["==", "!=", "<", "<=", ">", ">="];

/// What stands between an EXTRACT and a WHERE: `FROM` is the rowset, and what follows the columns is one more.
const SHAPES: &[(&str, Kept)] = &[
    ("SELECT text, n, day, s, i, 0 AS z FROM FROM", Kept::Exactly),
    (
        "SELECT DISTINCT text, n, day, s, i, 0 AS z FROM FROM",
        Kept::Exactly,
    ),
    (
        "SELECT text, n, day, s, i, COUNT(*) AS z FROM FROM GROUP BY text, n, day, s, i",
        Kept::Exactly,
    ),
    (
        "SELECT text, n, day, s, i, 1 AS z FROM FROM UNION ALL SELECT text, n, day, s, i, 2 AS z FROM FROM",
        Kept::Exactly,
    ),
    (
        "SELECT text, n, day, s, i, z FROM FROM CROSS APPLY EXPLODE(text.Split('/')) AS T(z)",
        Kept::Exactly,
    ),
    (
        "SELECT text, n, day, s, i, z FROM FROM OUTER APPLY EXPLODE(text.Split('_')) AS T(z)",
        Kept::Exactly,
    ),
    (
        "SELECT text, n, day, s, i, COUNT(*) OVER (PARTITION BY day, s, i) AS z FROM FROM",
        Kept::Exactly,
    ),
    (
        "SELECT text, n, day, s, i, SUM(n) OVER (PARTITION BY s ORDER BY text, n ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS z FROM FROM",
        Kept::AtLeast,
    ),
    (
        "SELECT text, n, day, s, i, 0 AS z FROM FROM EXCEPT SELECT text, n, day, s, i, 0 AS z FROM FROM WHERE n == 1",
        Kept::AtLeast,
    ),
    (
        "SELECT text, n, day, s, i, 0 AS z FROM FROM INTERSECT ALL SELECT text, n, day, s, i, 0 AS z FROM FROM WHERE n < 3",
        Kept::AtLeast,
    ),
    (
        "SELECT l.text, l.n, l.day, l.s, l.i, r.n AS z FROM FROM AS l LEFT OUTER JOIN FROM AS r ON l.s == r.s",
        Kept::AtLeast,
    ),
    (
        "SELECT l.text, l.n, l.day, l.s, l.i, 0 AS z FROM FROM AS l LEFT ANTISEMIJOIN (SELECT s FROM FROM WHERE i > 2) AS r ON l.s == r.s",
        Kept::AtLeast,
    ),
];

/// Which files a condition on the path alone leaves.
#[derive(Clone, Copy, PartialEq)]
enum Kept {
    /// Those that some row of the result is from.
    Exactly,
    /// Others too.
    AtLeast,
}

fn tree(random: &mut Seeded) -> (Lake, usize) {
    let lake = Lake::default();
    let mut files = 0;
    for (year, month, day) in DATES {
        for name in NAMES {
            if random.below(3) == 0 {
                continue;
            }
            let i = random.below(7) as i64 - 3;
            let path = format!("/d/{year}/{month:02}/{day:02}/{name}_{i}.csv");
            let rows = 1 + random.below(3);
            let text: String = (1..=rows).map(|n| format!("{path},{n}\n")).collect();
            lake.put(&path, text);
            files += 1;
        }
    }
    (lake, files)
}

/// A condition, and whether the path alone decides it.
struct Condition {
    text: String,
    is_of_path: bool,
}

fn of_path(text: String) -> Condition {
    Condition {
        text,
        is_of_path: true,
    }
}

fn one<T: Copy>(random: &mut Seeded, of: &[T]) -> T {
    of[random.below(of.len() as u64) as usize]
}

fn date(random: &mut Seeded) -> String {
    let (year, month, day) = one(random, &DATES);
    match random.below(3) {
        0 => format!("DateTime.Parse(\"{year}-{month:02}-{day:02}\")"),
        1 => format!("new DateTime({year}, {month}, {day}, 12, 0, 0)"),
        _ => format!("new DateTime({year}, {month}, {day})"),
    }
}

fn leaf(random: &mut Seeded) -> Condition {
    let comparison = one(random, &COMPARISONS);
    let name = one(random, &NAMES);
    let other = one(random, &NAMES);
    let number = random.below(9) as i64 - 4;
    of_path(match random.below(24) {
        0 | 1 => format!("day {comparison} {}", date(random)),
        2 => format!("{} {comparison} day", date(random)),
        3 => format!("day BETWEEN {} AND {}", date(random), date(random)),
        4 => format!("day IN ({}, {})", date(random), date(random)),
        5 => format!("day.Month {comparison} {}", 1 + random.below(12)),
        6 => format!("day.AddDays({number}).Year {comparison} 2014"),
        7 => format!("day.DayOfYear % 2 {comparison} 1"),
        8 | 9 => format!("s == \"{name}\""),
        10 => format!("s != \"{name}\""),
        11 => format!("s IN (\"{name}\", \"{other}\", \"none\")"),
        12 => format!("s.Contains(\"{name}\")"),
        13 => format!("s.StartsWith(\"{}\")", name.to_lowercase()),
        14 => format!("s.ToUpper() == \"{name}\""),
        15 => format!("s.Length {comparison} 2"),
        16 => format!("s {} null", one(random, &["==", "!="])),
        17 => format!("i {} null", one(random, &["==", "!="])),
        18 => format!("i {comparison} {number}"),
        19 => format!("{number} {comparison} i"),
        20 => format!("i IN ({number}, {}, null)", number + 2),
        21 => format!("(i ?? 0) % 2 {comparison} 0"),
        22 => format!("(s == \"{name}\" ? i + 1 : {number}) {comparison} 1"),
        _ => {
            let cells = [
                format!("n {comparison} 2"),
                format!("text.EndsWith(\"{name}_1.csv\")"),
            ];
            return Condition {
                text: cells[random.below(2) as usize].clone(),
                is_of_path: false,
            };
        }
    })
}

fn condition(random: &mut Seeded, depth: u64) -> Condition {
    if depth == 0 || random.below(4) == 0 {
        return leaf(random);
    }
    if random.below(5) == 0 {
        let inner = condition(random, depth - 1);
        let not = one(random, &["NOT ", "!"]);
        return Condition {
            text: format!("{not}({})", inner.text),
            ..inner
        };
    }
    let (left, right) = (condition(random, depth - 1), condition(random, depth - 1));
    let operator = one(random, &["AND", "OR", "&&", "||"]);
    Condition {
        text: format!("({}) {operator} ({})", left.text, right.text),
        is_of_path: left.is_of_path && right.is_of_path,
    }
}

/// The files of each EXTRACT, in the order of the script.
fn files(plan: &Plan) -> Vec<BTreeSet<String>> {
    let kinds = plan.rowsets().map(|(_, rowset)| &rowset.kind);
    let sets = kinds.filter_map(|kind| match kind {
        RowsetKind::Extract { files, .. } => Some(files),
        _ => None,
    });
    sets.map(|set| set.files.iter().map(|file| file.path.to_string()).collect())
        .collect()
}

/// Each condition behind each shape, once with all that is known of its files and once behind a FETCH, which needs
/// all rows.
fn check(seed: u64) -> (usize, usize) {
    let mut random = Seeded(seed);
    let (lake, count) = tree(&mut random);
    let extract = format!("EXTRACT {COLUMNS} FROM \"{PATH}\" USING Extractors.Csv();\n");
    let mut script =
        format!("@e = {extract}@all = SELECT * FROM @e ORDER BY text FETCH 10000 ROWS;\n");
    let mut conditions = Vec::new();
    for (k, (shape, _)) in SHAPES.iter().enumerate() {
        let condition = condition(&mut random, 3);
        let _ = write!(script, "@p{k} = {extract}");
        for (which, from) in [("q", format!("@p{k}")), ("u", "@all".to_owned())] {
            let shaped = shape.replace("FROM FROM", &format!("FROM {from}"));
            let shaped = shaped.replace("JOIN FROM", &format!("JOIN {from}"));
            let text = &condition.text;
            let _ = write!(
                script,
                "@{which}{k} = {shaped};\n@{which}w{k} = SELECT * FROM @{which}{k} WHERE {text};\n\
                 OUTPUT @{which}w{k} TO \"/{which}{k}.csv\" ORDER BY text, n, z USING Outputters.Csv(quoting: false);\n"
            );
        }
        conditions.push(condition);
    }
    let lake = Arc::new(lake);
    let kept = files(&lake.plan(&script));
    run_with(options(), &lake, &script).unwrap();
    let mut opened = 0;
    for (k, ((shape, expected), condition)) in SHAPES.iter().zip(&conditions).enumerate() {
        let place = format!("seed {seed}: {shape} WHERE {}", condition.text);
        let pruned = lake.text(&format!("/q{k}.csv"));
        assert_eq!(pruned, lake.text(&format!("/u{k}.csv")), "{place}");
        let rows = pruned.lines();
        let seen = rows.filter_map(|row| row.split(',').next().map(str::to_owned));
        let seen: BTreeSet<String> = seen.collect();
        let read = &kept[k + 1];
        assert!(seen.is_subset(read), "{place}");
        if condition.is_of_path && *expected == Kept::Exactly {
            assert_eq!(&seen, read, "{place}");
        }
        opened += read.len();
    }
    (opened, count * SHAPES.len())
}

#[test]
fn pruning_changes_no_row_and_leaves_no_file_that_the_path_decides() {
    let (mut opened, mut all) = (0, 0);
    for seed in 1..=8 {
        let (read, there) = check(seed);
        opened += read;
        all += there;
    }
    assert!(opened * 3 < all * 2, "{opened} of {all} files are read");
}
