//! Who holds memory, in the words of a script's author.

/// DataFusion's names begin like this.
const NAMES: &[(&str, &str)] = &[
    ("CrossJoinExec", "one side of a CROSS JOIN"),
    ("ExternalSorter", "a sort"),
    ("HashJoinInput", "the hash table of a join"),
    (
        "NestedLoopJoin",
        "one side of a join without an equality of columns",
    ),
    ("RepartitionExec", "rows on their way between threads"),
    ("SMJStream", "rows with equal keys in a join"),
    ("SortPreservingMerge", "a merge of sorted rows"),
    ("TopK", "the first rows in an order"),
];

/// What a memory consumer is for. Ours have names that a person understands.
pub(super) fn in_words(consumer: &str) -> &str {
    if consumer.contains("Aggregate") {
        return "a GROUP BY, DISTINCT or aggregate";
    }
    let known = NAMES.iter().find(|(name, _)| consumer.starts_with(name));
    known.map_or(consumer, |(_, words)| words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_consumer_is_named_by_what_the_script_asked_for() {
        for (consumer, words) in [
            (
                "FinalHashAggregateStream[0]",
                "a GROUP BY, DISTINCT or aggregate",
            ),
            ("ExternalSorterMerge[3]", "a sort"),
            ("one partition of a window", "one partition of a window"),
        ] {
            assert_eq!(in_words(consumer), words);
        }
    }
}
