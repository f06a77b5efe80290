//! Many ranges of a file at once.

use std::ops::Range;

use bytes::Bytes;
use futures::stream::{self, StreamExt, TryStreamExt};

use crate::options::RangesOptions;
use crate::{Error, ErrorKind, FileSystem, LakePath, Result};

/// Vectored reading.
impl FileSystem {
    /// The bytes of several ranges of a file, in the order asked for; fewer bytes of a range that
    /// the file ends in, none of one behind it.
    ///
    /// Ranges that overlap or are near each other are read by one request, and several requests
    /// are on their way at once. They may come in any order, such as that of a Parquet footer's
    /// column chunks. The parts of one request share its memory, gaps included, until the last
    /// of them is dropped.
    ///
    /// Dropping the future leaves nothing behind.
    ///
    /// ```
    /// # async fn example(files: &adls_fs::FileSystem) -> adls_fs::Result<()> {
    /// let parts = files.read_ranges(&"/table".parse()?, &[0..4, 9_000_000..9_000_512]).await?;
    /// assert_eq!(parts[0], "PAR1");
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] where there is no such file; [`ErrorKind::Request`] for a range that
    /// ends before it begins.
    pub async fn read_ranges(&self, path: &LakePath, ranges: &[Range<u64>]) -> Result<Vec<Bytes>> {
        self.read_ranges_opts(path, ranges, RangesOptions::default())
            .await
    }

    /// As [`FileSystem::read_ranges`], with options.
    ///
    /// # Errors
    /// As [`FileSystem::read_ranges`].
    pub async fn read_ranges_opts(
        &self,
        path: &LakePath,
        ranges: &[Range<u64>],
        options: RangesOptions,
    ) -> Result<Vec<Bytes>> {
        if let Some(range) = ranges.iter().find(|range| range.end < range.start) {
            let message = format!("a range of {path} ends before it begins: {range:?}");
            return Err(Error::new(ErrorKind::Request, message));
        }
        let spans = coalesce(ranges, &options);
        let reads = spans.into_iter().map(|span| async move {
            let Range { start, end } = span.range;
            let bytes = self.read_range(path, start, end - start).await?;
            Ok::<_, Error>((span, bytes))
        });
        let mut reads = stream::iter(reads).buffer_unordered(options.concurrency.max(1));
        let mut parts = vec![Bytes::new(); ranges.len()];
        while let Some((span, bytes)) = reads.try_next().await? {
            for index in span.members {
                let at = |offset: u64| {
                    let offset = usize::try_from(offset - span.range.start);
                    offset.unwrap_or(usize::MAX).min(bytes.len())
                };
                let range = &ranges[index];
                parts[index] = bytes.slice(at(range.start)..at(range.end));
            }
        }
        Ok(parts)
    }
}

/// What one request reads.
#[derive(Debug, PartialEq, Eq)]
struct Span {
    range: Range<u64>,
    /// The ranges in it, by their place in the list.
    members: Vec<usize>,
}

/// Few requests for many ranges.
fn coalesce(ranges: &[Range<u64>], options: &RangesOptions) -> Vec<Span> {
    let mut order: Vec<usize> = (0..ranges.len())
        .filter(|index| !ranges[*index].is_empty())
        .collect();
    order.sort_by_key(|index| ranges[*index].start);
    let mut spans: Vec<Span> = Vec::new();
    for index in order {
        let range = ranges[index].clone();
        if let Some(span) = spans.last_mut() {
            let joined = span.range.start..range.end.max(span.range.end);
            let inside = range.end <= span.range.end;
            let near = range.start <= span.range.end.saturating_add(options.gap)
                && joined.end - joined.start <= options.longest;
            if inside || near {
                span.range = joined;
                span.members.push(index);
                continue;
            }
        }
        let members = vec![index];
        spans.push(Span { range, members });
    }
    spans
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(ranges: &[Range<u64>], expected: &[(Range<u64>, &[usize])]) {
        let options = RangesOptions::default().with_gap(2).with_longest(10);
        let spans = coalesce(ranges, &options);
        let spans: Vec<_> = spans
            .iter()
            .map(|span| (span.range.clone(), &span.members[..]))
            .collect();
        assert_eq!(spans, expected);
    }

    #[test]
    fn near_ranges_share_a_request_and_far_ones_do_not() {
        check(&[], &[]);
        check(&[3..3, 5..5], &[]);
        check(&[0..2, 4..6, 9..10], &[(0..6, &[0, 1]), (9..10, &[2])]);
        check(&[9..10, 0..2, 4..6], &[(0..6, &[1, 2]), (9..10, &[0])]);
        check(&[0..5, 3..8, 1..2], &[(0..8, &[0, 2, 1])]);
        // Joined they would be too long.
        check(&[0..6, 6..12], &[(0..6, &[0]), (6..12, &[1])]);
        // One is long by itself, and what is inside of it costs nothing.
        check(
            &[0..50, 20..30, 50..51],
            &[(0..50, &[0, 1]), (50..51, &[2])],
        );
        check(
            &[u64::MAX - 1..u64::MAX, 0..1],
            &[(0..1, &[1]), (u64::MAX - 1..u64::MAX, &[0])],
        );
    }
}
