//! `System.IO.Path`, as .NET Framework has it on Windows: `\`, `/` and `:` part names, and `\` joins them.

use std::sync::Arc;

use datafusion::arrow::array::StringBuilder;

use super::{Answer, Arguments, ArrayRef, Implementation};
use crate::eval::{Exception, Result};

pub(super) const FUNCTIONS: &[(&str, Implementation)] = &[
    ("Path.ChangeExtension(string,string)", |call| {
        texts(call, |path, row, out| {
            out.push_str(&path[..extension(path).unwrap_or(path.len())]);
            match call.text(1, row) {
                Some(new) if !path.is_empty() => {
                    if !new.starts_with('.') {
                        out.push('.');
                    }
                    out.push_str(new);
                }
                _ => {}
            }
        })
    }),
    ("Path.Combine(string,string)", combined::<2>),
    ("Path.Combine(string,string,string)", combined::<3>),
    ("Path.Combine(string,string,string,string)", combined::<4>),
    ("Path.GetExtension(string)", |call| {
        texts(call, |path, _, out| {
            let found = extension(path).map_or("", |dot| &path[dot..]);
            out.push_str(if found == "." { "" } else { found });
        })
    }),
    ("Path.GetFileName(string)", |call| {
        texts(call, |path, _, out| out.push_str(name(path)))
    }),
    ("Path.GetFileNameWithoutExtension(string)", |call| {
        texts(call, |path, _, out| {
            let name = name(path);
            out.push_str(&name[..name.rfind('.').unwrap_or(name.len())]);
        })
    }),
    ("Path.HasExtension(string)", |call| {
        call.bools(|row| {
            let path = call.text(0, row).map(valid).transpose()?;
            Ok(path.is_some_and(|path| extension(path).is_some_and(|dot| dot + 1 < path.len())))
        })
    }),
    ("Path.IsPathRooted(string)", |call| {
        call.bools(|row| {
            let path = call.text(0, row).map(valid).transpose()?;
            Ok(path.is_some_and(is_rooted))
        })
    }),
];

const SEPARATORS: [char; 3] = ['\\', '/', ':'];

/// A path without what no path has.
fn valid(path: &str) -> Answer<&str> {
    let is_illegal = |sign: char| matches!(sign, '"' | '<' | '>' | '|' | '\0'..='\u{1f}');
    if path.contains(is_illegal) {
        return Err(Exception::new(
            "ArgumentException",
            "Illegal characters in path.",
        ));
    }
    Ok(path)
}

/// What is behind the last separator.
fn name(path: &str) -> &str {
    path.rfind(SEPARATORS)
        .map_or(path, |last| &path[last + 1..])
}

/// Where the last point of the name is.
fn extension(path: &str) -> Option<usize> {
    let name = name(path);
    name.rfind('.').map(|dot| path.len() - name.len() + dot)
}

fn is_rooted(path: &str) -> bool {
    path.starts_with(['\\', '/']) || path.chars().nth(1) == Some(':')
}

/// What is made of each path; of null it is null.
fn texts(call: &Arguments<'_>, write: impl Fn(&str, usize, &mut String)) -> Result<ArrayRef> {
    let mut builder = StringBuilder::new();
    let mut text = String::new();
    for row in 0..call.count {
        match call.text(0, row).map(valid).transpose()? {
            Some(path) => {
                text.clear();
                write(path, row, &mut text);
                builder.append_value(&text);
            }
            None => builder.append_null(),
        }
    }
    Ok(Arc::new(builder.finish()))
}

/// The paths one behind the other; a rooted one begins anew.
fn combined<const N: usize>(call: &Arguments<'_>) -> Result<ArrayRef> {
    call.strings(|row, out| {
        for argument in 0..N {
            let path = valid(call.required(argument, row)?)?;
            if path.is_empty() {
                continue;
            }
            if is_rooted(path) {
                out.clear();
            } else if !out.is_empty() && !out.ends_with(SEPARATORS) {
                out.push('\\');
            }
            out.push_str(path);
        }
        Ok(())
    })
}
