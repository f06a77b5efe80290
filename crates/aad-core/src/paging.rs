//! Lists that arrive page by page.

use std::future::Future;

use futures::stream::{self, Stream};

use crate::{Error, ErrorKind, Result};

/// The pages of a list, fetched one at a time as the stream is read.
///
/// `fetch` gets a link (a `nextLink`, a continuation token, a name to list after), starting with
/// `first`, and returns the page and the next page's link, if there is one. The stream ends after
/// the last page or the first error. A service that answers with the link it was just given would
/// be read for ever; that is an error of kind [`ErrorKind::Protocol`].
///
/// Dropping the stream between two pages leaves nothing behind.
///
/// ```
/// use aad_core::paging::pages;
/// use futures::TryStreamExt;
///
/// # futures::executor::block_on(async {
/// let pages = pages(0, |start| async move {
///     let page = vec![start, start + 1];
///     Ok((page, (start < 4).then_some(start + 2)))
/// });
/// let items: Vec<i32> = pages.try_concat().await?;
/// assert_eq!(items, [0, 1, 2, 3, 4, 5]);
/// # Ok::<_, aad_core::Error>(()) }).unwrap();
/// ```
pub fn pages<Link, Page, Fetch, Fetched>(
    first: Link,
    fetch: Fetch,
) -> impl Stream<Item = Result<Page>>
where
    Link: Clone + PartialEq,
    Fetch: FnMut(Link) -> Fetched,
    Fetched: Future<Output = Result<(Page, Option<Link>)>>,
{
    stream::try_unfold((Some(first), fetch), async |(link, mut fetch)| {
        let Some(link) = link else { return Ok(None) };
        let (page, next) = fetch(link.clone()).await?;
        if next.as_ref() == Some(&link) {
            return Err(Error::new(
                ErrorKind::Protocol,
                "the service names the same page as the next one",
            ));
        }
        Ok(Some((page, (next, fetch))))
    })
}
