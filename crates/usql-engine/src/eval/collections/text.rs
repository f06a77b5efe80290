//! Strings taken apart and put together.

use std::sync::Arc;

use datafusion::arrow::{
    array::{Array, ArrayRef, AsArray, StringArray, StringBuilder, UInt16Array},
    datatypes::Int32Type,
};
use usql_sema::expression::EmptyParts;

use super::{Call, Lists};
use crate::eval::{Exception, Result};

/// `string.Join(separator, elements)`: null is empty, as an element and as a separator.
pub(super) fn join(call: &Call<'_>) -> Result<ArrayRef> {
    let lists = call.lists(0)?;
    let (elements, separators): (&StringArray, &StringArray) =
        (lists.elements.as_string(), call.operands[1].as_string());
    let mut builder = StringBuilder::with_capacity(lists.count(), elements.value_data().len());
    let mut text = String::new();
    for (row, range) in lists.ranges().enumerate() {
        text.clear();
        let first = range.start;
        for index in range {
            if index > first && separators.is_valid(row) {
                text.push_str(separators.value(row));
            }
            if elements.is_valid(index) {
                text.push_str(elements.value(index));
            }
        }
        builder.append_value(&text);
    }
    Ok(Arc::new(builder.finish()))
}

fn receiver(texts: &StringArray, row: usize) -> Result<&str> {
    if texts.is_null(row) {
        return Err(Exception::null_reference().into());
    }
    Ok(texts.value(row))
}

/// `text.ToCharArray()`
pub(super) fn characters(call: &Call<'_>) -> Result<ArrayRef> {
    let texts = call.operands[0].as_string::<i32>();
    let mut units: Vec<u16> = Vec::with_capacity(texts.value_data().len());
    let mut offsets = vec![0];
    for row in 0..call.rows.count {
        units.extend(receiver(texts, row)?.encode_utf16());
        offsets.push(units.len());
    }
    let elements = Arc::new(UInt16Array::from(units));
    Lists { offsets, elements }.into_array(call.ty)
}

/// `text.Split(separators, count, options)`
pub(super) fn split(call: &Call<'_>, empty: EmptyParts) -> Result<ArrayRef> {
    let texts = call.operands[0].as_string::<i32>();
    let separators = &call.operands[1];
    let counts = call.operands[2].as_primitive::<Int32Type>();
    let mut parts = StringBuilder::with_capacity(call.rows.count * 4, texts.value_data().len());
    let mut offsets = Vec::with_capacity(call.rows.count + 1);
    let (mut total, mut cuts) = (0, Vec::new());
    offsets.push(0);
    for row in 0..call.rows.count {
        let text = receiver(texts, row)?;
        let most = usize::try_from(counts.value(row)).map_err(|_| {
            let message = "Count cannot be less than zero.\nParameter name: count";
            Exception::new("ArgumentOutOfRangeException", message)
        })?;
        // A null array of separators is one of none.
        let of_row = separators
            .is_valid(row)
            .then(|| separators.as_list::<i32>().value(row));
        let of_row = of_row.as_ref().map(|array| array.as_string::<i32>());
        let of_row: Vec<&str> = of_row
            .into_iter()
            .flat_map(|array| array.iter().flatten())
            .filter(|separator| !separator.is_empty())
            .collect();
        cuts.clear();
        find_cuts(text, &of_row, &mut cuts);
        split_at(text, &cuts, most, empty, |part| {
            parts.append_value(part);
            total += 1;
        });
        offsets.push(total);
    }
    let elements = Arc::new(parts.finish());
    Lists { offsets, elements }.into_array(call.ty)
}

/// The places of separators; without any, white space separates.
fn find_cuts(text: &str, separators: &[&str], cuts: &mut Vec<(usize, usize)>) {
    match separators {
        [] => {
            let spaces = text.char_indices().filter(|(_, c)| c.is_whitespace());
            cuts.extend(spaces.map(|(at, c)| (at, at + c.len_utf8())));
        }
        [only] => cuts.extend(
            text.match_indices(only)
                .map(|(at, found)| (at, at + found.len())),
        ),
        several => {
            let mut at = 0;
            while at < text.len() {
                let rest = &text[at..];
                let length = several
                    .iter()
                    .find(|separator| rest.starts_with(**separator))
                    .map(|separator| separator.len());
                match length {
                    Some(length) => {
                        cuts.push((at, at + length));
                        at += length;
                    }
                    None => at += rest.chars().next().map_or(1, char::len_utf8),
                }
            }
        }
    }
}

/// At most so many parts; the last has what is left, separators included.
fn split_at(
    text: &str,
    cuts: &[(usize, usize)],
    most: usize,
    empty: EmptyParts,
    mut part: impl FnMut(&str),
) {
    let keeps = |text: &str| empty == EmptyParts::Keep || !text.is_empty();
    let (mut start, mut count) = (0, 0);
    if most == 0 {
        return;
    }
    for &(at, behind) in cuts {
        if count + 1 == most {
            // .NET leaves out the empty parts before the last part, not those in it.
            if empty == EmptyParts::Remove && at == start {
                start = behind;
                continue;
            }
            break;
        }
        if keeps(&text[start..at]) {
            part(&text[start..at]);
            count += 1;
        }
        start = behind;
    }
    if keeps(&text[start..]) {
        part(&text[start..]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str, separators: &[&str], most: usize, empty: EmptyParts) -> Vec<String> {
        let (mut cuts, mut parts) = (Vec::new(), Vec::new());
        find_cuts(text, separators, &mut cuts);
        split_at(text, &cuts, most, empty, |part| parts.push(part.to_owned()));
        parts
    }

    #[test]
    fn parts_are_counted_as_dotnet_counts_them() {
        let all = usize::MAX;
        assert_eq!(
            parts("a,b,,c", &[","], all, EmptyParts::Keep),
            ["a", "b", "", "c"]
        );
        assert_eq!(
            parts("a,b,,c", &[","], all, EmptyParts::Remove),
            ["a", "b", "c"]
        );
        assert_eq!(parts("", &[","], all, EmptyParts::Keep), [""]);
        assert!(parts("", &[","], all, EmptyParts::Remove).is_empty());
        assert_eq!(parts("a b\tc", &[], all, EmptyParts::Keep), ["a", "b", "c"]);
        assert_eq!(parts("a,b,c", &[","], 2, EmptyParts::Keep), ["a", "b,c"]);
        assert_eq!(
            parts(",,a,,b,c", &[","], 2, EmptyParts::Remove),
            ["a", "b,c"]
        );
        assert_eq!(
            parts("a--b-c", &["--", "-"], all, EmptyParts::Keep),
            ["a", "b", "c"]
        );
        assert_eq!(parts("é,ß", &[","], all, EmptyParts::Keep), ["é", "ß"]);
    }
}
