//! `EXTRACT columns FROM path, .. [SORTED BY] [REQUIRED] USING extractor`.

use crate::SyntaxKind::{self, *};
use crate::TokenSet;
use crate::grammar::clauses::{column_dependencies, using_clause};
use crate::grammar::expressions::expression;
use crate::grammar::names::{at_name, name};
use crate::grammar::types::type_ref;
use crate::grammar::{Rule, comma_separated};
use crate::parser::Parser;

pub(super) const RULE: Rule = Rule {
    first: TokenSet::new(&[EXTRACT_KW]),
    parse: extract,
};

fn extract(p: &mut Parser<'_>) -> SyntaxKind {
    p.bump();
    let columns = p.start();
    comma_separated(p, column);
    columns.complete(p, COLUMN_DEFINITION_LIST);
    let paths = p.start();
    p.expect(FROM_KW);
    comma_separated(p, expression);
    paths.complete(p, EXTRACT_PATHS);
    column_dependencies(p, &[SORTED_KW, REQUIRED_KW]);
    using_clause(p);
    EXTRACT_QUERY
}

/// Parses `name type`, `name = file property` or `table type '.*'`.
fn column(p: &mut Parser<'_>) {
    let column = p.start();
    name(p);
    if p.eat(EQ) {
        expression(p);
    } else if p.eat(DOT) {
        while at_name(p) {
            name(p);
            p.expect(DOT);
        }
        p.expect(STAR);
    } else {
        type_ref(p);
    }
    column.complete(p, COLUMN_DEFINITION);
}

#[cfg(test)]
mod tests {
    use crate::grammar::testing::check;
    use expect_test::expect;

    #[test]
    fn columns_paths_and_extractor() {
        check(
            r#"@x = EXTRACT a int, u = FILE.URI(), T.* FROM "/a", @b REQUIRED a USING Extractors.Csv();"#,
            &expect![[r#"
                ASSIGNMENT_STATEMENT @x =
                  EXTRACT_QUERY EXTRACT
                    COLUMN_DEFINITION_LIST
                      COLUMN_DEFINITION
                        NAME a
                        TYPE_REF
                          TYPE_SEGMENT int
                      ,
                      COLUMN_DEFINITION
                        NAME u
                        =
                        CALL_EXPR
                          MEMBER_EXPR
                            NAME_EXPR FILE
                            . URI
                          ARGUMENT_LIST ( )
                      ,
                      COLUMN_DEFINITION
                        NAME T
                        . *
                    EXTRACT_PATHS FROM
                      LITERAL_EXPR "/a"
                      ,
                      VARIABLE_EXPR @b
                    COLUMNS_CLAUSE REQUIRED
                      NAME a
                    USING_CLAUSE USING
                      CALL_EXPR
                        MEMBER_EXPR
                          NAME_EXPR Extractors
                          . Csv
                        ARGUMENT_LIST ( )
                  ;"#]],
        );
    }
}
