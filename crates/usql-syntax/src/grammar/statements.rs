//! Statements. One file each, one line each in [`STATEMENTS`].

mod alter;
mod assignment;
mod call;
mod create;
mod declare;
mod deploy_resource;
mod drop;
mod if_else;
mod import_package;
mod insert;
mod multiple_assignment;
mod objects;
mod output;
mod raise;
mod reference_assembly;
mod routine;
mod set;
mod truncate;
mod use_context;
mod using;

use super::clauses::option_clause;
use super::names::is_name;
use super::{Rule, TokenSet, first_of};
use crate::SyntaxKind::{self, *};
use crate::parser::Parser;

/// Every statement.
const STATEMENTS: &[Rule] = &[
    assignment::RULE,
    multiple_assignment::RULE,
    declare::RULE,
    output::RULE,
    insert::RULE,
    use_context::RULE,
    using::RULE,
    set::RULE,
    reference_assembly::RULE,
    deploy_resource::RULE,
    import_package::RULE,
    if_else::RULE,
    raise::RULE,
    create::RULE,
    alter::RULE,
    drop::RULE,
    truncate::RULE,
    call::RULE,
];

const FIRST: TokenSet = first_of(STATEMENTS);

/// Parses `{[statement] ';'}` up to one of `end`.
pub(super) fn statement_list(p: &mut Parser<'_>, end: TokenSet) {
    loop {
        p.recover();
        if p.at_any(end) || p.current() == EOF {
            return;
        }
        if p.eat(SEMICOLON) {
            continue;
        }
        let before = p.position();
        statement(p);
        if !p.progressed_since(before) {
            return;
        }
    }
}

/// Parses `statement [OPTION (..)] ';'`.
fn statement(p: &mut Parser<'_>) {
    let statement = p.start();
    p.at_any(FIRST);
    let rule = STATEMENTS
        .iter()
        .find(|rule| rule.first.contains(p.current()));
    let rule = rule.or(is_name(p.current()).then_some(&call::RULE));
    match rule {
        Some(rule) => {
            let kind = (rule.parse)(p);
            option_clause(p);
            p.expect(SEMICOLON);
            statement.complete(p, kind);
        }
        None => {
            p.error();
            p.eat(SEMICOLON);
            statement.abandon();
        }
    }
}

/// Parses by the rule that begins with the current token; anything else is an error.
fn dispatch(p: &mut Parser<'_>, rules: &[Rule]) -> SyntaxKind {
    p.at_any(first_of(rules));
    match rules.iter().find(|rule| rule.first.contains(p.current())) {
        Some(rule) => (rule.parse)(p),
        None => {
            p.error();
            OTHER_STATEMENT
        }
    }
}

/// Takes a token that begins no statement, so that the script goes on behind it.
pub(super) fn stray_token(p: &mut Parser<'_>) {
    let error = p.start();
    p.bump();
    error.complete(p, ERROR);
}

/// Takes what is left of a statement whose grammar is not written yet, blocks between BEGIN and END included.
fn rest_of_statement(p: &mut Parser<'_>) {
    let rest = p.start();
    let mut open = 0_usize;
    loop {
        match p.current() {
            EOF => break,
            SEMICOLON | OPTION_KW if open == 0 => break,
            BEGIN_KW | IF_KW | CASE_KW | L_BRACE if opens_block(p) => open += 1,
            END_KW | R_BRACE => open = open.saturating_sub(1),
            _ => {}
        }
        p.bump();
    }
    rest.complete(p, TOKEN_TREE);
}

/// `IF [NOT] EXISTS` has no END.
fn opens_block(p: &Parser<'_>) -> bool {
    p.current() != IF_KW || !matches!(p.nth(1), NOT_KW | EXISTS_KW)
}

/// Parses `[IF EXISTS]`.
fn if_exists(p: &mut Parser<'_>) {
    if p.eat(IF_KW) {
        p.expect(EXISTS_KW);
    }
}

/// Parses `[IF NOT EXISTS]`.
fn if_not_exists(p: &mut Parser<'_>) {
    if p.eat(IF_KW) {
        p.expect(NOT_KW);
        p.expect(EXISTS_KW);
    }
}
