//! `docs/reference/usql-support.md`: what of U-SQL works here, found out by asking the checker and the registries.
//!
//! `UPDATE_EXPECT=1 cargo test -p usql-sema support` writes the page. Nothing in it is claimed: a form is *yes* because
//! a script with it compiles, and it is refused because the same script does not.

mod forms;
mod members;
mod operators;

use std::{fmt::Write, ops::ControlFlow};

use expect_test::expect_file;

use crate::{
    CompileEnvironment, Entry, FileInfo, LakePath, ListError, Severity, aggregates, check,
    environment::Settings,
    types::{Scalar, Type},
};
use forms::{FORMS, Form, GROUPS};

#[test]
fn the_reference_page_says_what_works() {
    expect_file!["../../../docs/reference/usql-support.md"].assert_eq(&page());
}

fn page() -> String {
    let mut page = String::from(
        "# U-SQL that works here\n\n\
         What compiles and runs, and what is refused. Whatever is refused is a compile error with its position; nothing \
         is passed over in silence. [usql-diagnostics.md](usql-diagnostics.md) explains the codes.\n\n\
         A test of `usql-sema` writes this page from the code: each form below stands for a script that the checker was \
         given, and the lists of types, aggregates, members and parameters are its own tables. \
         `UPDATE_EXPECT=1 cargo test -p usql-sema support` writes it again.\n",
    );
    for (group, about) in GROUPS {
        heading(&mut page, group, about);
        page.push_str("| form | works |\n|---|---|\n");
        let forms = FORMS.iter().filter(|form| form.group == *group);
        forms.for_each(|form| row(&mut page, &[&code(form.text), &answer(form)]));
    }
    types(&mut page);
    aggregate_types(&mut page);
    operators::write(&mut page);
    members::write(&mut page);
    page
}

/// Every input is there, and in every folder what the patterns of the forms ask for.
struct Lake;

impl CompileEnvironment for Lake {
    fn file(&self, _: &LakePath) -> Option<FileInfo> {
        Some(FileInfo::of_length(1))
    }

    fn list(
        &self,
        _: &LakePath,
        _: &str,
        each: &mut dyn FnMut(Entry<'_>) -> ControlFlow<()>,
    ) -> Result<(), ListError> {
        let file = Entry::File("a.csv", FileInfo::of_length(1));
        for entry in [Entry::Directory("07"), Entry::Directory("2016"), file] {
            if each(entry).is_break() {
                break;
            }
        }
        Ok(())
    }
}

/// `yes`, or what the checker has against it.
fn answer(form: &Form) -> String {
    match check(&usql_syntax::parse(&form.script()), &Lake) {
        Ok(_) => "yes".to_owned(),
        Err(found) => {
            let error = found
                .iter()
                .find(|found| found.severity() == Severity::Error);
            error.map_or_else(String::new, |error| {
                format!("`{}`: {}", error.code.id, error.message)
            })
        }
    }
}

fn types(page: &mut String) {
    let about = "Types of columns and variables; `T?` for those that are never null. A name of .NET does as well, with \
                 or without `System.`.";
    heading(page, "Types", about);
    page.push_str("| type | .NET | null |\n|---|---|---|\n");
    for scalar in Scalar::ALL {
        let null = match scalar.is_reference() {
            true => "always possible".to_owned(),
            false => format!("`{}`", Type::nullable(scalar)),
        };
        row(
            page,
            &[&code(scalar.name()), &code(scalar.clr_name()), &null],
        );
    }
}

fn aggregate_types(page: &mut String) {
    let about =
        "The type of the result by the type of the argument; none where there is no such call.";
    heading(page, "Aggregates", about);
    let all: Vec<_> = aggregates::all().collect();
    let names: Vec<String> = all
        .iter()
        .map(|function| code(&function.id().to_string()))
        .collect();
    let mut header = vec!["argument"];
    header.extend(names.iter().map(String::as_str));
    row(page, &header);
    writeln!(page, "|{}", "---|".repeat(header.len())).expect("a string grows");
    for scalar in Scalar::ALL {
        let mut cells = vec![code(scalar.name())];
        cells.extend(all.iter().map(|function| {
            let typing = function.typing(scalar, Settings::default());
            typing.map_or_else(String::new, |typing| typing.result.to_string())
        }));
        row(page, &cells.iter().map(String::as_str).collect::<Vec<_>>());
    }
}

fn heading(page: &mut String, title: &str, about: &str) {
    write!(page, "\n## {title}\n\n{about}\n\n").expect("a string grows");
}

fn row(page: &mut String, cells: &[&str]) {
    writeln!(page, "| {} |", cells.join(" | ")).expect("a string grows");
}

/// Code in a table, where a bar would end the cell.
fn code(text: &str) -> String {
    format!("`{}`", text.replace('|', "\\|"))
}
