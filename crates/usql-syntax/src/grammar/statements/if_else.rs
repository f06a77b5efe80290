//! `IF condition THEN .. {ELSEIF condition THEN ..} [ELSE ..] END`.

use super::statement_list;
use crate::SyntaxKind::{self, *};
use crate::TokenSet;
use crate::grammar::Rule;
use crate::grammar::expressions::expression;
use crate::parser::Parser;

pub(super) const RULE: Rule = Rule {
    first: TokenSet::new(&[IF_KW]),
    parse: if_else,
};

fn if_else(p: &mut Parser<'_>) -> SyntaxKind {
    p.nested(branches);
    IF_STATEMENT
}

fn branches(p: &mut Parser<'_>) {
    branch(p, IF_KW);
    while p.at(ELSEIF_KW) {
        branch(p, ELSEIF_KW);
    }
    if p.at(ELSE_KW) {
        let otherwise = p.start();
        p.bump();
        block(p);
        otherwise.complete(p, ELSE_BRANCH);
    }
    p.expect(END_KW);
}

fn branch(p: &mut Parser<'_>, keyword: SyntaxKind) {
    let branch = p.start();
    p.expect(keyword);
    expression(p);
    p.expect(THEN_KW);
    block(p);
    branch.complete(p, IF_BRANCH);
}

fn block(p: &mut Parser<'_>) {
    let block = p.start();
    p.in_block(|p| statement_list(p, TokenSet::new(&[ELSEIF_KW, ELSE_KW, END_KW])));
    block.complete(p, STATEMENT_BLOCK);
}

#[cfg(test)]
mod tests {
    use crate::grammar::testing::check;
    use expect_test::expect;

    #[test]
    fn branches_hold_statements() {
        check(
            "IF @a THEN USE a; USE b; ELSEIF @b THEN ELSE USE c; END;",
            &expect![[r#"
                IF_STATEMENT
                  IF_BRANCH IF
                    VARIABLE_EXPR @a
                    THEN
                    STATEMENT_BLOCK
                      USE_STATEMENT USE
                        NAME a
                        ;
                      USE_STATEMENT USE
                        NAME b
                        ;
                  IF_BRANCH ELSEIF
                    VARIABLE_EXPR @b
                    THEN
                    STATEMENT_BLOCK
                  ELSE_BRANCH ELSE
                    STATEMENT_BLOCK
                      USE_STATEMENT USE
                        NAME c
                        ;
                  END ;"#]],
        );
    }
}
