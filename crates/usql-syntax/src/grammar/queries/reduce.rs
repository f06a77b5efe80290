//! `REDUCE rowset [PRESORT columns] ALL|ON columns PRODUCE columns .. USING reducer`.

use crate::SyntaxKind::{self, *};
use crate::TokenSet;
use crate::grammar::Rule;
use crate::grammar::clauses::using_clause;
use crate::grammar::clauses::{
    at_rowset_name, column_dependencies, columns_clause, optional_alias, produce_clause,
};
use crate::grammar::sources::input_rowset;
use crate::parser::Parser;

pub(super) const RULE: Rule = Rule {
    first: TokenSet::new(&[REDUCE_KW]),
    parse: reduce,
};

fn reduce(p: &mut Parser<'_>) -> SyntaxKind {
    p.bump();
    // The service lets the rowset be left out, as its list here shows:
    // "EXTERNAL identifier quoted-identifier variable '(' ALL ON PRESORT" (MicrosoftDocs/azure-docs#12077).
    if p.at(EXTERNAL_KW) || at_rowset_name(p) || p.at(L_PAREN) {
        input_rowset(p);
        optional_alias(p);
    }
    if p.at(PRESORT_KW) {
        columns_clause(p, PRESORT_KW);
    }
    if !p.eat(ALL_KW) {
        columns_clause(p, ON_KW);
    }
    produce_clause(p);
    column_dependencies(p, &[SORTED_KW, READONLY_KW, REQUIRED_KW]);
    using_clause(p);
    REDUCE_QUERY
}

#[cfg(test)]
mod tests {
    use crate::grammar::testing::check;
    use expect_test::expect;

    #[test]
    fn the_rowset_may_be_left_out() {
        check(
            "@x = REDUCE ALL PRODUCE a int USING new R();",
            &expect![[r#"
                ASSIGNMENT_STATEMENT @x =
                  REDUCE_QUERY REDUCE ALL
                    PRODUCE_CLAUSE PRODUCE
                      COLUMN_DEFINITION_LIST
                        COLUMN_DEFINITION
                          NAME a
                          TYPE_REF
                            TYPE_SEGMENT int
                    USING_CLAUSE USING
                      NEW_EXPR new
                        TYPE_REF
                          TYPE_SEGMENT R
                        ARGUMENT_LIST ( )
                  ;"#]],
        );
    }
}
