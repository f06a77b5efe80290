//! The order of names in a directory of HDFS.

use std::cmp::Ordering;

/// By bytes with a sign, as Java has them: names in ASCII are in their usual order, and whatever
/// begins otherwise comes before them.
pub(super) fn compare(one: &str, other: &str) -> Ordering {
    let signed = |name: &str| name.bytes().map(u8::cast_signed).collect::<Vec<_>>();
    signed(one).cmp(&signed(other))
}

pub(super) fn is_before(one: &str, other: &str) -> bool {
    compare(one, other) == Ordering::Less
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_in_the_order_in_which_a_name_node_lists_them() {
        // As Hadoop 3.4.1 listed them.
        let listed = [
            "💾", "#", "$x", "%2F", "@!", "Größe", "[a]", "a b", "a+b", "~",
        ];
        let mut sorted = listed;
        sorted.sort();
        assert_ne!(sorted, listed);
        sorted.sort_by(|one, other| compare(one, other));
        assert_eq!(sorted, listed);
    }
}
