//! `Regex`, and what it finds. A match is the list of its groups; the first of them is the match itself.

mod cache;
mod found;
mod members;

use std::sync::Arc;

use datafusion::arrow::{
    array::{Array, AsArray, Int32Array, ListArray, StringArray, StructArray},
    buffer::{OffsetBuffer, ScalarBuffer},
    datatypes::{DataType, Int32Type},
};
use usql_sema::{Class, Element, Scalar, Type};

use super::{Answer, Arguments, ArrayRef, Implementation};
use crate::{
    dotnet::regex::{Captures, Machine, More, Regex, Replacement, TooLong, escape, whole},
    error::RuntimeError,
    eval::{Exception, Failure, Result},
    storage,
};
use found::Found;
use members::{MatchPart, count, item, lengths, part};

pub(super) const FUNCTIONS: &[(&str, Implementation)] = &[
    ("new Regex(string)", |call| object(call, None)),
    ("new Regex(string,RegexOptions)", |call| {
        object(call, Some(1))
    }),
    ("Regex.IsMatch(string,string)", |call| {
        is_match(call, &mut Subject::texts(call, None))
    }),
    ("Regex.IsMatch(string,string,RegexOptions)", |call| {
        is_match(call, &mut Subject::texts(call, Some(2)))
    }),
    ("regex.IsMatch(string)", |call| {
        is_match(call, &mut Subject::object(call))
    }),
    ("Regex.Match(string,string)", |call| {
        first(call, &mut Subject::texts(call, None))
    }),
    ("Regex.Match(string,string,RegexOptions)", |call| {
        first(call, &mut Subject::texts(call, Some(2)))
    }),
    ("regex.Match(string)", |call| {
        first(call, &mut Subject::object(call))
    }),
    ("Regex.Matches(string,string)", |call| {
        matches(call, &mut Subject::texts(call, None))
    }),
    ("Regex.Matches(string,string,RegexOptions)", |call| {
        matches(call, &mut Subject::texts(call, Some(2)))
    }),
    ("regex.Matches(string)", |call| {
        matches(call, &mut Subject::object(call))
    }),
    ("Regex.Replace(string,string,string)", |call| {
        replace(call, &mut Subject::texts(call, None), None)
    }),
    ("Regex.Replace(string,string,string,RegexOptions)", |call| {
        replace(call, &mut Subject::texts(call, Some(3)), None)
    }),
    ("regex.Replace(string,string)", |call| {
        replace(call, &mut Subject::object(call), None)
    }),
    ("regex.Replace(string,string,int)", |call| {
        replace(call, &mut Subject::object(call), Some(3))
    }),
    ("Regex.Split(string,string)", |call| {
        split(call, &mut Subject::texts(call, None), None)
    }),
    ("Regex.Split(string,string,RegexOptions)", |call| {
        split(call, &mut Subject::texts(call, Some(2)), None)
    }),
    ("regex.Split(string)", |call| {
        split(call, &mut Subject::object(call), None)
    }),
    ("regex.Split(string,int)", |call| {
        split(call, &mut Subject::object(call), Some(2))
    }),
    ("Regex.Escape(string)", |call| {
        call.strings(|row, out| {
            escape(call.required(0, row)?, out);
            Ok(())
        })
    }),
    ("regex.ToString()", |call| {
        let mut subject = Subject::object(call);
        call.strings(|row, out| {
            out.push_str(subject.regex(row)?.text());
            Ok(())
        })
    }),
    ("Match.Empty", |call| {
        let mut found = Found::new();
        for _ in 0..call.count {
            found.nothing();
        }
        lists(Class::Match, found)
    }),
    ("Match.Success", |call| {
        part(call, MatchPart::of_match, "success")
    }),
    ("Match.Value", |call| {
        part(call, MatchPart::of_match, "value")
    }),
    ("Match.Index", |call| {
        part(call, MatchPart::of_match, "index")
    }),
    ("Match.Length", |call| {
        lengths(&part(call, MatchPart::of_match, "value")?)
    }),
    ("Match.Groups", |call| part(call, MatchPart::itself, "")),
    ("Group.Success", |call| {
        part(call, MatchPart::itself, "success")
    }),
    ("Group.Value", |call| part(call, MatchPart::itself, "value")),
    ("Group.Index", |call| part(call, MatchPart::itself, "index")),
    ("Group.Length", |call| {
        lengths(&part(call, MatchPart::itself, "value")?)
    }),
    ("MatchCollection.Count", count),
    ("GroupCollection.Count", count),
    ("MatchCollection.Item(int)", |call| {
        item(call, |_, row, length| {
            let index = call.int(1, row)?;
            let place = usize::try_from(index).ok().filter(|place| *place < length);
            place.map(Some).ok_or_else(|| {
                let message =
                    "Specified argument was out of the range of valid values.\nParameter name: i";
                Exception::new("ArgumentOutOfRangeException", message)
            })
        })
    }),
    ("GroupCollection.Item(int)", |call| {
        item(call, |_, row, length| {
            let number = usize::try_from(call.int(1, row)?).ok();
            Ok(number.filter(|number| *number < length))
        })
    }),
    ("GroupCollection.Item(string)", |call| {
        item(call, |groups, row, _| {
            let name = call.required(1, row)?;
            let names = groups.as_struct().column(0).as_string::<i32>();
            Ok((0..names.len()).find(|group| names.value(*group) == name))
        })
    }),
];

/// The regular expression of each row, and the text that it is matched to.
struct Subject<'a> {
    call: &'a Arguments<'a>,
    /// Where the pattern and the options are; without one, the first argument is a `Regex`.
    pattern: Option<(usize, Option<usize>)>,
    input: usize,
    machine: Machine,
    units: Vec<u16>,
    last: Option<Arc<cache::Compiled>>,
}

impl<'a> Subject<'a> {
    fn new(call: &'a Arguments<'a>, pattern: Option<(usize, Option<usize>)>, input: usize) -> Self {
        Self {
            call,
            pattern,
            input,
            machine: Machine::default(),
            units: Vec::new(),
            last: None,
        }
    }

    /// Of a static method.
    fn texts(call: &'a Arguments<'a>, options: Option<usize>) -> Self {
        Self::new(call, Some((1, options)), 0)
    }

    /// Of a method of a `Regex`.
    fn object(call: &'a Arguments<'a>) -> Self {
        Self::new(call, None, 1)
    }

    fn regex(&mut self, row: usize) -> Answer<&Regex> {
        let (pattern, options) = match self.pattern {
            Some((pattern, options)) => {
                let options = options.map_or(Ok(0), |options| self.call.int(options, row))?;
                (self.call.required(pattern, row)?, options)
            }
            None => {
                let (objects, row) = self.call.cell(0, row);
                if objects.is_null(row) {
                    return Err(Exception::null_reference());
                }
                let object = objects.as_struct();
                let options = object.column(1).as_primitive::<Int32Type>();
                (
                    object.column(0).as_string::<i32>().value(row),
                    options.value(row),
                )
            }
        };
        let known = self.last.take_if(|last| last.is(pattern, options));
        let known = match known {
            Some(known) => known,
            None => cache::compiled(pattern, options)?,
        };
        Ok(&self.last.insert(known).regex)
    }

    /// The regular expression, the text and the machine of a row.
    fn at(&mut self, row: usize) -> Answer<(&Regex, &[u16], &mut Machine)> {
        let text = self.call.required(self.input, row)?;
        self.regex(row)?;
        self.units.clear();
        self.units.extend(text.encode_utf16());
        let regex = &self.last.as_ref().expect("it was just put there").regex;
        Ok((regex, &self.units, &mut self.machine))
    }
}

fn too_long(regex: &Regex) -> impl FnOnce(TooLong) -> Exception {
    let message = format!(
        "The pattern \"{}\" goes back too often over a text: it took more steps than a search is given.",
        regex.text()
    );
    |TooLong| Exception::new("RegexMatchTimeoutException", message)
}

/// `new Regex(..)`: a pattern that cannot be read raises here.
fn object(call: &Arguments<'_>, options: Option<usize>) -> Result<ArrayRef> {
    let mut subject = Subject::new(call, Some((0, options)), 0);
    let (mut patterns, mut numbers) = (Vec::new(), Vec::new());
    for row in 0..call.count {
        patterns.push(subject.regex(row)?.text().to_owned());
        numbers.push(options.map_or(Ok(0), |options| call.int(options, row))?);
    }
    let DataType::Struct(fields) = storage::data_type(Scalar::Class(Class::Regex)) else {
        return Err(bug());
    };
    let columns: Vec<ArrayRef> = vec![
        Arc::new(StringArray::from(patterns)),
        Arc::new(Int32Array::from(numbers)),
    ];
    Ok(Arc::new(StructArray::try_new(fields, columns, None)?))
}

fn bug() -> Failure {
    Failure::Error(RuntimeError::bug("a class is stored otherwise"))
}

fn is_match(call: &Arguments<'_>, subject: &mut Subject<'_>) -> Result<ArrayRef> {
    call.bools(|row| {
        let (regex, text, machine) = subject.at(row)?;
        let found = regex.find(text, 0, machine).map_err(too_long(regex))?;
        Ok(found.is_some())
    })
}

fn first(call: &Arguments<'_>, subject: &mut Subject<'_>) -> Result<ArrayRef> {
    let mut found = Found::new();
    for row in 0..call.count {
        let (regex, text, machine) = subject.at(row)?;
        match regex.find(text, 0, machine).map_err(too_long(regex))? {
            Some(captures) => found.matched(regex.names(), text, captures),
            None => found.nothing(),
        }
    }
    lists(Class::Match, found)
}

fn lists(class: Class, found: Found) -> Result<ArrayRef> {
    let DataType::List(field) = storage::data_type(Scalar::Class(class)) else {
        return Err(bug());
    };
    let (groups, offsets) = found.finish()?;
    Ok(Arc::new(list(field, groups, offsets)?))
}

fn list(
    field: datafusion::arrow::datatypes::FieldRef,
    elements: ArrayRef,
    offsets: Vec<i32>,
) -> Result<ListArray> {
    let offsets = OffsetBuffer::new(ScalarBuffer::from(offsets));
    Ok(ListArray::try_new(field, offsets, elements, None)?)
}

fn matches(call: &Arguments<'_>, subject: &mut Subject<'_>) -> Result<ArrayRef> {
    let (mut found, mut offsets) = (Found::new(), vec![0]);
    for row in 0..call.count {
        let (regex, text, machine) = subject.at(row)?;
        let names = regex.names();
        let each = regex.each(text, machine, |captures| {
            found.matched(names, text, captures);
            More::Yes
        });
        each.map_err(too_long(regex))?;
        offsets.push(found.count());
    }
    let DataType::List(field) = storage::data_type(Scalar::Class(Class::MatchCollection)) else {
        return Err(bug());
    };
    Ok(Arc::new(list(field, lists(Class::Match, found)?, offsets)?))
}

/// How many replacements or parts a row asks for; -1 and none: all.
fn most(call: &Arguments<'_>, count: Option<usize>, row: usize, all: i32) -> Answer<usize> {
    let Some(count) = count else {
        return Ok(usize::MAX);
    };
    match call.int(count, row)? {
        count if count == all => Ok(usize::MAX),
        count => usize::try_from(count).map_err(|_| {
            let message = "Count cannot be less than -1.\nParameter name: count";
            Exception::new("ArgumentOutOfRangeException", message)
        }),
    }
}

fn replace(
    call: &Arguments<'_>,
    subject: &mut Subject<'_>,
    count: Option<usize>,
) -> Result<ArrayRef> {
    let mut known: Option<(String, String, Replacement)> = None;
    let mut written = Vec::new();
    call.strings(|row, out| {
        let by = call.required(2, row)?;
        let mut left = most(call, count, row, -1)?;
        let (regex, text, machine) = subject.at(row)?;
        let is_known = |(pattern, last, _): &mut (String, String, Replacement)| {
            pattern == regex.text() && last == by
        };
        let (pattern, last, replacement) = known.take_if(is_known).unwrap_or_else(|| {
            (
                regex.text().to_owned(),
                by.to_owned(),
                Replacement::new(by, regex),
            )
        });
        written.clear();
        let mut at = 0;
        if left > 0 {
            let each = regex.each(text, machine, |captures: &Captures| {
                let (start, end) = whole(captures);
                written.extend(&text[at..start]);
                replacement.write(text, captures, &mut written);
                at = end;
                left -= 1;
                if left == 0 { More::No } else { More::Yes }
            });
            each.map_err(too_long(regex))?;
        }
        written.extend(&text[at..]);
        known = Some((pattern, last, replacement));
        found::push(&written, out);
        Ok(())
    })
}

/// What is between the matches, and what their groups captured.
fn split(
    call: &Arguments<'_>,
    subject: &mut Subject<'_>,
    count: Option<usize>,
) -> Result<ArrayRef> {
    let mut parts = datafusion::arrow::array::StringBuilder::new();
    let (mut offsets, mut total) = (vec![0], 0);
    let mut part = String::new();
    for row in 0..call.count {
        let mut left = most(call, count, row, 0)?;
        let (regex, text, machine) = subject.at(row)?;
        let mut write = |from: usize, to: usize| {
            part.clear();
            found::push(&text[from..to], &mut part);
            parts.append_value(&part);
            total += 1;
        };
        let mut at = 0;
        if left > 1 {
            let each = regex.each(text, machine, |captures: &Captures| {
                let (start, end) = whole(captures);
                write(at, start);
                at = end;
                for (from, to) in captures[1..].iter().flatten() {
                    write(*from, *to);
                }
                left -= 1;
                if left == 1 { More::No } else { More::Yes }
            });
            each.map_err(too_long(regex))?;
        }
        write(at, text.len());
        offsets.push(total);
    }
    let strings =
        Element::of(Type::STRING).map(|element| storage::data_type(Scalar::Sequence(element)));
    let Some(DataType::List(field)) = strings else {
        return Err(bug());
    };
    Ok(Arc::new(list(field, Arc::new(parts.finish()), offsets)?))
}
