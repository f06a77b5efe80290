//! LINQ query expressions: `from x in xs where .. select ..`.
//!
//! Their words are no keywords, so they are told by their text; the clauses stay flat in one node.

use super::expression;
use crate::SyntaxKind::*;
use crate::grammar::comma_separated;
use crate::grammar::names::{is_name, name};
use crate::grammar::types::type_ref;
use crate::parser::{CompletedMarker, Parser};

/// Whether a query expression begins here: `from x in` or `from T x in`.
pub(super) fn at_query(p: &Parser<'_>) -> bool {
    at_word(p, "from")
        && (p.nth(2) == IN_CSHARP && is_name(p.nth(1))
            || crate::grammar::types::type_ahead(p, 1)
                .is_some_and(|ty| is_name(p.nth(ty.end)) && p.nth(ty.end + 1) == IN_CSHARP))
}

/// Parses a query expression.
pub(super) fn query(p: &mut Parser<'_>) -> CompletedMarker {
    let query = p.start();
    while clause(p) {}
    query.complete(p, LINQ_EXPR)
}

fn at_word(p: &Parser<'_>, word: &str) -> bool {
    p.current() == IDENT && p.current_text() == word
}

fn eat_word(p: &mut Parser<'_>, word: &str) -> bool {
    let here = at_word(p, word);
    if here {
        p.bump();
    }
    here
}

fn clause(p: &mut Parser<'_>) -> bool {
    if p.current() != IDENT {
        return false;
    }
    match p.current_text() {
        "from" => {
            p.bump();
            range_variable(p);
        }
        "let" => {
            p.bump();
            name(p);
            p.expect(EQ);
            expression(p);
        }
        "orderby" => {
            p.bump();
            comma_separated(p, |p| {
                expression(p);
                if !eat_word(p, "ascending") {
                    eat_word(p, "descending");
                }
            });
        }
        "join" => {
            p.bump();
            range_variable(p);
        }
        "into" => {
            p.bump();
            name(p);
        }
        "where" | "select" | "group" | "by" | "on" | "equals" => {
            p.bump();
            expression(p);
        }
        _ => return false,
    }
    true
}

/// Parses `[type] name in expression`.
fn range_variable(p: &mut Parser<'_>) {
    if p.nth(1) != IN_CSHARP {
        type_ref(p);
    }
    name(p);
    p.expect(IN_CSHARP);
    expression(p);
}

#[cfg(test)]
mod tests {
    use crate::grammar::testing::check_expression;
    use expect_test::expect;

    #[test]
    fn clauses_stay_flat() {
        check_expression(
            "from x in xs where x > 1 orderby x descending select x.y",
            &expect![
                "[linq from [name x] in [name xs] where [binary [name x] > [literal 1]] orderby [name x] descending select [member [name x] . y]]"
            ],
        );
        check_expression(
            "from int x in xs join y in ys on x equals y group x by y into g select g",
            &expect![
                "[linq from [type_ref [type_segment int]] [name x] in [name xs] join [name y] in [name ys] on [name x] equals [name y] group [name x] by [name y] into [name g] select [name g]]"
            ],
        );
    }

    #[test]
    fn from_is_a_name_elsewhere() {
        check_expression("from + 1", &expect!["[binary [name from] + [literal 1]]"]);
    }
}
