//! `$filter`, `$orderby`, `$top`, `$skip`, `$select` and `$count` of a list.

use std::cmp::Ordering;

use crate::adla::filter::{Filter, Record, UnknownProperty, Value, compare};
use crate::adla::wire::{JobBasic, ListItem};
use crate::query::{Query, QueryError};

/// The largest page; what is left is behind `nextLink`.
const PAGE: usize = 500;

/// How a list is asked for.
#[derive(Debug, Default)]
pub(crate) struct ListQuery {
    filter: Option<Filter>,
    order: Vec<(String, Direction)>,
    top: Option<usize>,
    skip: usize,
    select: Vec<String>,
    count: bool,
}

#[derive(Clone, Copy, Debug)]
enum Direction {
    Ascending,
    Descending,
}

/// The records of one page.
pub(crate) struct Page<T> {
    pub(crate) records: Vec<T>,
    /// How many records pass the filter, where that was asked.
    pub(crate) count: Option<usize>,
    /// The query of the next page, where there is one.
    pub(crate) next: Option<NextPage>,
}

/// The parameters that differ in the next page's query.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NextPage {
    pub(crate) skip: usize,
    pub(crate) top: Option<usize>,
}

impl ListQuery {
    /// Reads the parameters; the reason of a refusal is a sentence for the client.
    pub(crate) fn parse(query: &Query<'_>) -> Result<Self, String> {
        let text = |error: QueryError| error.to_string();
        let filter = query
            .text("$filter")
            .filter(|filter| !filter.trim().is_empty());
        let filter = filter.map(Filter::parse).transpose();
        let list = |name| {
            let items = query.text(name).unwrap_or_default().split(',');
            items
                .map(str::trim)
                .filter(|item| !item.is_empty())
                .map(str::to_owned)
        };
        Ok(Self {
            filter: filter.map_err(|error| format!("Invalid filter: {error}"))?,
            order: list("$orderby")
                .map(|item| direction(&item))
                .collect::<Result<_, _>>()?,
            top: query.number("$top").map_err(text)?,
            skip: query.number("$skip").map_err(text)?.unwrap_or(0),
            select: list("$select").collect(),
            count: query.switch("$count").map_err(text)?.unwrap_or(false),
        })
    }

    /// Picks the records of the page. Without `$orderby` they stay in the order given.
    pub(crate) fn apply<T: Record>(&self, records: Vec<T>) -> Result<Page<T>, UnknownProperty> {
        let mut found = Vec::new();
        for record in records {
            if self
                .filter
                .as_ref()
                .map_or(Ok(true), |filter| filter.accepts(&record))?
            {
                found.push(record);
            }
        }
        if let Some(record) = found.first() {
            let unknown = self
                .order
                .iter()
                .find(|(path, _)| record.property(path).is_none());
            if let Some((path, _)) = unknown {
                return Err(UnknownProperty(path.clone()));
            }
        }
        found.sort_by(|left, right| self.compare(left, right));
        let total = found.len();
        let size = self.top.unwrap_or(PAGE).min(PAGE);
        let wanted = self
            .top
            .map_or(total, |top| total.min(self.skip.saturating_add(top)));
        let end = self.skip.saturating_add(size).min(total);
        let next = (end < wanted && size > 0).then(|| NextPage {
            skip: end,
            top: self.top.map(|top| top - size),
        });
        found.truncate(end);
        let records = found.drain(self.skip.min(end)..).collect();
        Ok(Page {
            records,
            count: self.count.then_some(total),
            next,
        })
    }

    /// What `$select` leaves of a job.
    pub(crate) fn select(&self, job: JobBasic) -> ListItem {
        if self.select.is_empty() {
            return ListItem::Whole(Box::new(job));
        }
        let mut object = match serde_json::to_value(&job) {
            Ok(serde_json::Value::Object(object)) => object,
            _ => serde_json::Map::new(),
        };
        object.retain(|key, _| self.select.iter().any(|name| name == key));
        ListItem::Selected(object)
    }

    fn compare(&self, left: &dyn Record, right: &dyn Record) -> Ordering {
        let mut orders = self.order.iter().map(|(path, direction)| {
            let order = match (left.property(path), right.property(path)) {
                (Some(left), Some(right)) => total_order(&left, &right),
                _ => Ordering::Equal,
            };
            match direction {
                Direction::Ascending => order,
                Direction::Descending => order.reverse(),
            }
        });
        orders
            .find(|order| order.is_ne())
            .unwrap_or(Ordering::Equal)
    }
}

/// Null sorts first, as in OData; other values of one property are of one kind.
fn total_order(left: &Value, right: &Value) -> Ordering {
    compare(left, right).unwrap_or_else(|| (*left != Value::Null).cmp(&(*right != Value::Null)))
}

fn direction(item: &str) -> Result<(String, Direction), String> {
    let (path, word) = item
        .split_once(char::is_whitespace)
        .unwrap_or((item, "asc"));
    let direction = match word.trim().to_ascii_lowercase().as_str() {
        "asc" => Direction::Ascending,
        "desc" => Direction::Descending,
        _ => return Err(format!("Invalid ordering: {item}")),
    };
    Ok((path.to_owned(), direction))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq)]
    struct Row(i64, Option<i64>);

    impl Record for Row {
        fn property(&self, path: &str) -> Option<Value> {
            match path {
                "a" => Some(Value::Number(self.0)),
                "b" => Some(self.1.map_or(Value::Null, Value::Number)),
                _ => None,
            }
        }
    }

    fn rows(count: i64) -> Vec<Row> {
        (0..count)
            .map(|n| Row(n, (n % 3 != 0).then_some(n % 3)))
            .collect()
    }

    fn list(raw: &str) -> ListQuery {
        ListQuery::parse(&Query::parse(raw).unwrap()).unwrap()
    }

    fn firsts(page: &Page<Row>) -> Vec<i64> {
        page.records.iter().map(|row| row.0).collect()
    }

    #[test]
    fn a_list_is_filtered_then_sorted_then_cut() {
        let page = list("$filter=a+gt+1&$orderby=b+desc,a&$skip=1&$top=3&$count=true")
            .apply(rows(9))
            .unwrap();
        assert_eq!(firsts(&page), [5, 8, 4]);
        assert_eq!(page.count, Some(7));
        assert_eq!(page.next, None, "the client asked for no more");
    }

    #[test]
    fn following_the_next_pages_gives_every_record_once() {
        for (query, expected) in [
            ("x", 1203),
            ("$top=700", 700),
            ("$top=500", 500),
            ("$top=0", 0),
        ] {
            let mut all = Vec::new();
            let mut query = list(query);
            loop {
                let page = query.apply(rows(1203)).unwrap();
                assert!(page.records.len() <= PAGE);
                all.extend(firsts(&page));
                let Some(next) = page.next else { break };
                (query.skip, query.top) = (next.skip, next.top);
            }
            assert_eq!(all, (0..expected).collect::<Vec<_>>());
        }
    }

    #[test]
    fn a_page_past_the_end_is_empty() {
        let page = list("$skip=50").apply(rows(9)).unwrap();
        assert_eq!((firsts(&page), page.next), (vec![], None));
    }

    #[test]
    fn null_sorts_first() {
        let page = list("$orderby=b").apply(rows(4)).unwrap();
        assert_eq!(firsts(&page), [0, 3, 1, 2]);
    }

    #[test]
    fn mistakes_are_named() {
        for raw in ["$filter=a+is+1", "$orderby=a+up", "$top=-1", "$count=maybe"] {
            assert!(
                ListQuery::parse(&Query::parse(raw).unwrap()).is_err(),
                "{raw}"
            );
        }
        assert!(list("$orderby=c").apply(rows(1)).is_err());
        assert!(list("$filter=c+eq+1").apply(rows(1)).is_err());
    }
}
