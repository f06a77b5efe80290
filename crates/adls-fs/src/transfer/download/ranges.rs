//! How far a file has come whose ranges arrive in any order.

use std::collections::BTreeMap;

/// Which ranges of a file are there. Memory: as much as there are ranges on their way.
#[derive(Debug, Default)]
pub(super) struct Ranges {
    /// Everything before is there.
    reached: u64,
    /// Ends of later ranges, by their beginnings.
    apart: BTreeMap<u64, u64>,
}

impl Ranges {
    /// A file of which everything before `reached` is there.
    pub(super) fn from(reached: u64) -> Self {
        Self {
            reached,
            apart: BTreeMap::new(),
        }
    }

    /// A range has arrived. Gives up to where the file is there without a gap.
    pub(super) fn arrived(&mut self, start: u64, end: u64) -> u64 {
        self.apart.insert(start, end);
        while let Some(end) = self.apart.remove(&self.reached) {
            self.reached = end;
        }
        self.reached
    }
}

#[cfg(test)]
mod tests {
    use super::Ranges;

    #[test]
    fn what_came_early_counts_when_the_gap_is_closed() {
        let mut ranges = Ranges::from(10);
        assert_eq!(ranges.arrived(20, 30), 10);
        assert_eq!(ranges.arrived(40, 50), 10);
        assert_eq!(ranges.arrived(10, 20), 30);
        assert_eq!(ranges.arrived(30, 40), 50);
        assert!(ranges.apart.is_empty());
    }
}
